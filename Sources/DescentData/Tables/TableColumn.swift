/// The cells of a column that came as values, and not as the text of a file.
package enum TableColumn {
    /// Numbers; one that is not a number (NaN) is missing.
    case numbers([Double])
    /// Texts; `nil` is missing.
    case texts([String?])

    /// How many cells there are.
    var count: Int {
        switch self {
        case .numbers(let values): values.count
        case .texts(let values): values.count
        }
    }
}

extension Table {
    /// A table from columns of values. Texts are read by the rules of a file's cells: those that spell numbers are numbers.
    ///
    /// - Parameters:
    ///   - lines: The line on which each row stands; `nil` where the file has no lines: then they are the rows' numbers.
    ///   - hasHeader: Whether the names come from the file.
    ///   - notices: What a person should know about how it was read.
    /// - Throws: `DataError` where there are no rows, or more text than a table holds.
    package init(
        columns: [(name: String, cells: TableColumn)], lines: [Int32]? = nil, hasHeader: Bool = true, file: String, options: Options, notices: [String] = []
    ) throws(DataError) {
        guard let rowCount = columns.first?.cells.count, rowCount > 0 else { throw DataError(file: file, "the table has no rows") }
        precondition(columns.allSatisfy { $0.cells.count == rowCount }, "Table: the columns have different numbers of rows")
        let names = TableLayout.distinct(columns.map(\.name))
        let lines = lines ?? (0..<rowCount).map { Int32(truncatingIfNeeded: $0 + 1) }
        let storage = try TableStorage(columns.map(\.cells), names: names, lines: lines, file: file, options: options)
        self.init(storage, file: file, names: names, hasHeader: hasHeader, notices: notices)
    }
}

extension TableStorage {
    /// The storage of columns of values.
    fileprivate init(_ cells: [TableColumn], names: [String], lines: [Int32], file: String, options: Table.Options) throws(DataError) {
        var bytes: [UInt8] = []
        var columns: [Column] = []
        for (name, column) in zip(names, cells) {
            switch column {
            case .numbers(let values): columns.append(.numbers(values.map { $0.isNaN ? NumberText.missingCell : $0.bitPattern }))
            case .texts(let texts):
                let spelling = options.spellings?[name]
                var known: [String: CSV.Field] = [:]
                var fields: [CSV.Field] = []
                fields.reserveCapacity(texts.count)
                for text in texts {
                    guard let text, !text.isEmpty else {
                        fields.append(CSV.Field(start: 0, length: 0, hasDoubledQuote: false))
                        continue
                    }
                    if let field = known[text] {
                        fields.append(field)
                        continue
                    }
                    let field = CSV.Field(start: bytes.count, length: text.utf8.count, hasDoubledQuote: false)
                    bytes += text.utf8
                    // The file that a model was fitted to has decimal commas, and a number among these texts a point.
                    if spelling?.hasDecimalComma == true, Double(text) != nil, let point = bytes[field.range].firstIndex(of: UInt8(ascii: ".")) { bytes[point] = UInt8(ascii: ",") }
                    try CSV.checkSize(bytes.count, file: file)
                    if known.count < Self.knownLimit { known[text] = field }
                    fields.append(field)
                }
                columns.append(.places(fields))
            }
        }
        let readers = Self.readers(names, columns, bytes, options: options)
        self.init(
            parts: [Part(firstRow: 0, file: file, delimiter: .comma, quotes: true, places: nil)], bytes: bytes, columns: columns, readers: readers,
            haveCodes: names.map { _ in false }, rowStarts: [], lines: lines, nextLine: Int(lines.last ?? 0) + 1)
    }

    /// Texts of a column that are looked for, so that one that repeats is kept once.
    private static let knownLimit = 10_000
    /// The rows whose texts say how a column writes its numbers.
    private static let sampleCount = 1000

    private static func readers(_ names: [String], _ columns: [Column], _ bytes: [UInt8], options: Table.Options) -> [CellReader] {
        if let given = options.spellings { return names.map { CellReader(spelling: given[$0] ?? .plain, missing: options.missing) } }
        func cells(_ fields: some Sequence<CSV.Field>) -> [[UInt8]] {
            bytes.withUnsafeBufferPointer { buffer in
                fields.compactMap { field in
                    let cell = UnsafeBufferPointer(rebasing: buffer[field.range])
                    return cell.isEmpty || options.missing.contains(cell) ? nil : Array(cell)
                }
            }
        }
        let samples = columns.map { column -> [[UInt8]] in
            guard case .places(let fields) = column else { return [] }
            // Codes with leading zeros are looked for in all rows.
            let code = fields.dropFirst(sampleCount).first { field in field.range.count > 1 && bytes[field.range.lowerBound] == UInt8(ascii: "0") && SpellingGuess.isCode(Array(bytes[field.range])) }
            return cells(fields.prefix(sampleCount)) + (code.map { cells([$0]) } ?? [])
        }
        return SpellingGuess.spellings(samples, hasSemicolons: false).map { CellReader(spelling: $0, missing: options.missing) }
    }
}
