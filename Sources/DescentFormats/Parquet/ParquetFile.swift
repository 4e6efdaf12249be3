/// Apache Parquet: the columns of a table, in groups of rows.
///
/// Read are columns of one value a row: booleans, numbers, decimals, texts, dates and times; plain values and dictionaries, in pages of both versions, compressed by Snappy, gzip or
/// Zstandard (by the system's library). The format: https://parquet.apache.org/docs/file-format/.
public enum ParquetFile {
    /// How such a file begins and ends.
    package static let magic = Array("PAR1".utf8)

    /// The columns, in their order.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    /// - Throws: `FormatError` for a file that is damaged or encrypted, and for columns, compressions and encodings that are not read, which it names.
    package static func columns(_ bytes: [UInt8], file: String) throws(FormatError) -> [(name: String, values: ParquetValues)] {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        let end = Array(bytes.suffix(4))
        if end == Array("PARE".utf8) { throw error("the file is encrypted") }
        guard bytes.count >= 12, bytes.starts(with: magic), end == magic else { throw error("the file is no whole Parquet file: it does not begin and end with PAR1; is it cut short?") }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[bytes.count - 8 + $1]) << (8 * $1) }
        guard length <= bytes.count - 12 else { throw error("byte \(bytes.count - 8): the description of the file should have \(length) bytes, which are more than the file has") }
        var reader = ThriftReader(bytes[(bytes.count - 8 - length)..<(bytes.count - 8)], file: file)
        let footer = try reader.structure()
        guard let schema = footer[2]?.list, let groups = footer[4]?.list, let rows = footer[3]?.integer, rows >= 0, rows < 1 << 31 else {
            throw error("the description of the file lacks its columns or its rows")
        }
        let columns = try ParquetColumn.all(schema, file: file)
        let counts = groups.map { $0[3]?.integer ?? -1 }
        guard counts.allSatisfy({ (0...rows).contains($0) }), counts.reduce(0, +) == rows else {
            throw error("the file has \(rows) rows, and its groups have \(counts.prefix(10).map { "\($0)" }.joined(separator: ", "))")
        }
        var found: [(name: String, values: ParquetValues)] = []
        for (place, column) in columns.enumerated() {
            func values(keepsDigits: Bool) throws(FormatError) -> ParquetValues? {
                let decoder = ParquetDecoder(column: column, keepsDigits: keepsDigits)
                var numbers: [Double] = [], texts: [String?] = []
                for (group, count) in zip(groups, counts) where count > 0 {
                    guard let chunks = group[1]?.list, chunks.count == columns.count, let meta = chunks[place][3] else { throw error("a group of rows lacks the column \(quoted(column.name))") }
                    if chunks[place][1] != nil { throw error("the column \(quoted(column.name)) is in another file") }
                    guard meta[1]?.integer == column.storage.rawValue, meta[5]?.integer == count, let data = meta[9]?.integer else {
                        throw error("the column \(quoted(column.name)) is not described as its schema says")
                    }
                    let start = meta[11]?.integer.flatMap { $0 > 0 ? min($0, data) : nil } ?? data
                    guard start >= 4, start < bytes.count else { throw error("the column \(quoted(column.name)) begins at byte \(start), where the file has none") }
                    let pages = try ParquetPages(bytes, column, codec: meta[4]?.integer ?? -1, file: file)
                    switch try pages.values(from: start, count: count, decoder) {
                    case .numbers(let part)?: numbers += part
                    case .texts(let part)?: texts += part
                    case nil: return nil
                    }
                }
                return decoder.areNumbers ? .numbers(numbers) : .texts(texts)
            }
            // Integers that a 64-bit float does not hold are kept as their digits.
            var kept = try values(keepsDigits: false)
            if kept == nil { kept = try values(keepsDigits: true) }
            guard let read = kept else { throw error("the column \(quoted(column.name)) has numbers that cannot be read") }
            found.append((column.name, read))
        }
        return found
    }
}
