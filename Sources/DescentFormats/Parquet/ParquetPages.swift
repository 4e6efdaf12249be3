/// Reads the pages of one column of one row group.
struct ParquetPages {
    let bytes: [UInt8]
    let column: ParquetColumn
    let file: String
    private let codec: Int

    private static let codecs = ["uncompressed", "Snappy", "gzip", "LZO", "Brotli", "LZ4", "Zstandard", "LZ4"]
    private static let encodings = [
        0: "plain", 2: "dictionary", 3: "run lengths", 4: "packed bits", 5: "differences (DELTA_BINARY_PACKED)", 6: "differences of lengths (DELTA_LENGTH_BYTE_ARRAY)",
        7: "common beginnings (DELTA_BYTE_ARRAY)", 8: "dictionary", 9: "split bytes (BYTE_STREAM_SPLIT)",
    ]
    /// A page is a few megabytes; one that says to be larger than this is damaged.
    private static let pageLimit = 1 << 30

    /// - Throws: `FormatError` for a compression that is not read.
    init(_ bytes: [UInt8], _ column: ParquetColumn, codec: Int, file: String) throws(FormatError) {
        (self.bytes, self.column, self.codec, self.file) = (bytes, column, codec, file)
        guard Self.codecs.indices.contains(codec), [0, 1, 2, 6].contains(codec) else {
            let name = Self.codecs.indices.contains(codec) ? Self.codecs[codec] : "\(codec)"
            throw FormatError(
                file: file,
                reason:
                    "the column \(quoted(column.name)) is compressed by \(name), which is not read; write the file with Snappy, gzip or Zstandard: df.to_parquet(\"new.parquet\", compression=\"snappy\")"
            )
        }
        if codec == 6, !Zstandard.isAvailable {
            throw FormatError(
                file: file,
                reason:
                    "the file is compressed by Zstandard, and this system has no library for it (libzstd); install it (apt install libzstd1, brew install zstd), or write the file with Snappy: df.to_parquet(\"new.parquet\", compression=\"snappy\")"
            )
        }
    }

    private func error(_ place: Int, _ reason: String) -> FormatError { FormatError(file: file, reason: "byte \(place), the column \(quoted(column.name)): \(reason)") }

    /// The values of all pages.
    ///
    /// - Parameters:
    ///   - start: Where the first page begins.
    ///   - count: How many values there are, missing ones among them.
    /// - Returns: `nil` where an integer is beyond 2^53 and the decoder does not keep digits.
    /// - Throws: `FormatError` for damaged pages, and for encodings that are not read.
    func values(from start: Int, count: Int, _ decoder: ParquetDecoder) throws(FormatError) -> ParquetValues? {
        var numbers: [Double] = [], texts: [String?] = []
        var dictionary: ParquetValues?
        var position = start
        while numbers.count + texts.count < count {
            var reader = ThriftReader(bytes[position..<bytes.count], file: file)
            let header = try reader.structure()
            let place = reader.position
            guard let type = header[1]?.integer, let size = header[2]?.integer, let packed = header[3]?.integer, (0...Self.pageLimit).contains(size), packed >= 0, packed <= bytes.count - place else {
                throw error(position, "no page begins here, or it is longer than the file")
            }
            let body = bytes[place..<place + packed]
            position = place + packed
            switch type {
            case 2:
                guard let own = header[7]?[1]?.integer else { throw error(place, "a dictionary without a number of values") }
                let content = try unpacked(body, size)
                guard let values = try decoded({ () throws(ParquetDecoder.Failure) in try decoder.plain(content, count: own) }, place) else { return nil }
                dictionary = values
            case 0, 3:
                let page = try page(header, body, size, place)
                guard page.count > 0 || packed > 0, page.count <= count - numbers.count - texts.count else {
                    throw error(place, "a page of \(page.count) values, which are more than the column has left")
                }
                guard try append(page, dictionary, decoder, place, &numbers, &texts) else { return nil }
            // An index, which nothing here needs.
            default: continue
            }
        }
        return decoder.areNumbers ? .numbers(numbers) : .texts(texts)
    }

    private func decoded<Result>(_ body: () throws(ParquetDecoder.Failure) -> Result, _ place: Int) throws(FormatError) -> Result {
        do throws(ParquetDecoder.Failure) { return try body() } catch { throw self.error(place, error.reason) }
    }

    /// A page of data, unpacked.
    private struct Page {
        /// The values, missing ones among them.
        let count: Int
        let encoding: Int
        /// Whether each value is there; empty where all are.
        let isPresent: [Bool]
        let values: ArraySlice<UInt8>
    }

    private func page(_ header: ThriftValue, _ body: ArraySlice<UInt8>, _ size: Int, _ place: Int) throws(FormatError) -> Page {
        if let second = header[8] {
            guard let count = second[1]?.integer, let encoding = second[4]?.integer, let levels = second[5]?.integer, let repeats = second[6]?.integer, count >= 0, levels >= 0, repeats == 0,
                levels <= body.count, levels <= size
            else { throw error(place, "a page with a damaged description") }
            let packed = body.dropFirst(levels)
            let isPacked = second[7]?.boolean ?? true
            let content = isPacked ? try unpacked(packed, size - levels) : packed
            let isPresent = column.isOptional ? try present(body.prefix(levels), count, place) : []
            return Page(count: count, encoding: encoding, isPresent: isPresent, values: content)
        }
        guard let first = header[5], let count = first[1]?.integer, let encoding = first[2]?.integer, count >= 0 else { throw error(place, "a page with a damaged description") }
        var content = try unpacked(body, size)
        var isPresent: [Bool] = []
        if column.isOptional {
            guard first[3]?.integer == 3 else { throw error(place, "missing values are marked in an old way (BIT_PACKED) that is not read; write the file anew with pandas or DuckDB") }
            guard content.count >= 4 else { throw error(place, "a page ends within its levels") }
            let length = (0..<4).reduce(0) { $0 | Int(content[content.startIndex + $1]) << (8 * $1) }
            guard length <= content.count - 4 else { throw error(place, "levels of \(length) bytes are longer than their page") }
            isPresent = try present(content.dropFirst(4).prefix(length), count, place)
            content = content.dropFirst(4 + length)
        }
        return Page(count: count, encoding: encoding, isPresent: isPresent, values: content)
    }

    private func present(_ bytes: ArraySlice<UInt8>, _ count: Int, _ place: Int) throws(FormatError) -> [Bool] {
        guard let levels = ParquetRuns.read(bytes, width: 1, count: count) else { throw error(place, "the marks of missing values end too early") }
        return levels.contains(0) ? levels.map { $0 == 1 } : []
    }

    /// Adds a page's values. False where a number needs more digits than the decoder keeps.
    private func append(_ page: Page, _ dictionary: ParquetValues?, _ decoder: ParquetDecoder, _ place: Int, _ numbers: inout [Double], _ texts: inout [String?]) throws(FormatError) -> Bool {
        let present = page.isPresent.isEmpty ? page.count : page.isPresent.count { $0 }
        let values: ParquetValues
        switch page.encoding {
        case 0:
            guard let found = try decoded({ () throws(ParquetDecoder.Failure) in try decoder.plain(page.values, count: present) }, place) else { return false }
            values = found
        case 3 where column.storage == .boolean:
            guard let runs = ParquetRuns.read(page.values.dropFirst(4), width: 1, count: present) else { throw error(place, "booleans end too early") }
            values = .texts(runs.map { $0 == 1 ? "true" : "false" })
        case 2, 8:
            guard let dictionary else { throw error(place, "its values are places in a dictionary that does not come before them") }
            let indices: [UInt32]
            if present == 0 {
                indices = []
            } else {
                guard let width = page.values.first, width <= 32, let found = ParquetRuns.read(page.values.dropFirst(), width: Int(width), count: present) else {
                    throw error(place, "the places in the dictionary end too early")
                }
                indices = found
            }
            func picked<Value>(_ all: [Value]) throws(FormatError) -> [Value] {
                guard indices.allSatisfy({ $0 < all.count }) else { throw error(place, "a place in the dictionary is beyond its \(all.count) values") }
                return indices.map { all[Int($0)] }
            }
            switch dictionary {
            case .numbers(let all): values = .numbers(try picked(all))
            case .texts(let all): values = .texts(try picked(all))
            }
        default:
            let name = Self.encodings[page.encoding] ?? "\(page.encoding)"
            throw error(place, "its values are written as \(name), which is not read; write the file with plain values or a dictionary, as df.to_parquet(\"new.parquet\") does")
        }
        func spread<Value>(_ found: [Value], missing: Value, into all: inout [Value]) {
            if page.isPresent.isEmpty {
                all += found
                return
            }
            var next = 0
            for isPresent in page.isPresent {
                all.append(isPresent ? found[next] : missing)
                if isPresent { next += 1 }
            }
        }
        switch values {
        case .numbers(let found): spread(found, missing: .nan, into: &numbers)
        case .texts(let found): spread(found, missing: nil, into: &texts)
        }
        return true
    }

    private func unpacked(_ body: ArraySlice<UInt8>, _ size: Int) throws(FormatError) -> ArraySlice<UInt8> {
        let place = body.startIndex
        switch codec {
        case 0:
            guard body.count == size else { throw error(place, "a page should have \(size) bytes and has \(body.count)") }
            return body
        case 1:
            do throws(Snappy.Failure) { return try Snappy.decompress(body, count: size)[...] } catch { throw self.error(place, "the Snappy block is damaged: \(error.reason)") }
        case 2:
            let content = try Gzip.decompress(Array(body), file: "\(file), byte \(place)")
            guard content.count == size else { throw error(place, "a page should have \(size) bytes and has \(content.count)") }
            return content[...]
        default:
            if size == 0 { return [] }
            guard let content = Zstandard.decompress(body, count: size) else { throw error(place, "the Zstandard frame is damaged") }
            return content[...]
        }
    }
}

/// Integers of few bits: runs of one value, and groups of eight packed into their bits, in turn.
enum ParquetRuns {
    /// The first `count` integers of `width` bits each; `nil` where there are fewer.
    static func read(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) -> [UInt32]? {
        var values: [UInt32] = []
        var position = bytes.startIndex
        let byteWidth = (width + 7) / 8
        while values.count < count {
            var head: UInt64 = 0, shift: UInt64 = 0
            while true {
                guard position < bytes.endIndex, shift < 63 else { return nil }
                let byte = bytes[position]
                position += 1
                head |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            let left = count - values.count
            if head & 1 == 0 {
                guard bytes.endIndex - position >= byteWidth else { return nil }
                let value = (0..<byteWidth).reduce(UInt32(0)) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
                position += byteWidth
                let run = head >> 1
                if run == 0 { return nil }
                values += repeatElement(value, count: run > UInt64(left) ? left : Int(run))
            } else {
                // A last group may be cut where its values are not needed.
                let groups = min(head >> 1, UInt64(left + 7) / 8)
                if groups == 0 { return nil }
                let wanted = min(Int(groups) * 8, left)
                guard bytes.endIndex - position >= (wanted * width + 7) / 8 else { return nil }
                var buffer: UInt64 = 0, held = 0, from = position
                let mask: UInt64 = (1 << UInt64(width)) - 1
                for _ in 0..<wanted {
                    while held < width {
                        buffer |= UInt64(bytes[from]) << UInt64(held)
                        held += 8
                        from += 1
                    }
                    values.append(UInt32(truncatingIfNeeded: buffer & mask))
                    buffer >>= UInt64(width)
                    held -= width
                }
                let whole = (head >> 1).multipliedReportingOverflow(by: UInt64(width))
                guard !whole.overflow else { return nil }
                position += whole.partialValue > UInt64(bytes.endIndex - position) ? bytes.endIndex - position : Int(whole.partialValue)
            }
        }
        return values
    }
}
