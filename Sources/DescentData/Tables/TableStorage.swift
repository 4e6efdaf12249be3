/// The cells of a table: its text, and of each column either the numbers or the places of its fields.
struct TableStorage: Sendable {
    /// 64 bits a row.
    enum Column: Sendable {
        /// `NumberText.cell`: most cells are numbers, and another text is looked up in its line.
        case numbers([UInt64])
        /// Where each cell's text stands.
        case places([CSV.Field])
    }

    let file: String
    let delimiter: Delimiter
    let quotes: Bool
    let bytes: [UInt8]
    let columns: [Column]
    /// How the cells of each column are read.
    let readers: [CellReader]
    /// Whether a number with a leading zero was seen in each column that is kept as numbers.
    let haveCodes: [Bool]
    /// Where each row begins in `bytes`; empty where all columns are places.
    let rowStarts: [UInt32]
    /// The line on which each row begins, from 1.
    let lines: [Int32]

    /// The line after the last.
    let nextLine: Int

    var rowCount: Int { lines.count }

    /// The text of a cell.
    func content(row: Int, column: Int) -> NumberText {
        switch columns[column] {
        case .numbers(let cells): NumberText(cell: cells[row])
        case .places(let fields):
            bytes.withUnsafeBufferPointer { readers[column].content(UnsafeBufferPointer(rebasing: $0[fields[row].range])) }
        }
    }

    /// A cell as text, without quotes and outer spaces.
    func text(row: Int, column: Int) -> String { field(row: row, column: column).text(in: bytes) }

    private func field(row: Int, column: Int) -> CSV.Field {
        if case .places(let fields) = columns[column] { return fields[row] }
        return bytes.withUnsafeBufferPointer { buffer in
            let scanner = FieldScanner(buffer, delimiter: delimiter, quotes: quotes, file: file)
            var position = Int(rowStarts[row])
            var line: Int32 = 0
            do throws(DataError) {
                for number in 0..<column {
                    _ = try scanner.field(&position, &line, number: number + 1)
                    if delimiter != .whitespace { position += 1 }
                }
                return try scanner.field(&position, &line, number: column + 1)
            } catch {
                preconditionFailure("a row that was read before cannot be read again: \(error)")
            }
        }
    }

    /// Rows given in code, each of `columnCount` texts.
    ///
    /// - Parameter readers: How the cells of each column are read; `nil` to find out.
    init(rows: [[String]], lines: [Int32]? = nil, columnCount: Int, file: String, readers: [CellReader]?, missing: MissingWords) throws(DataError) {
        var bytes: [UInt8] = []
        var columns = [[CSV.Field]](repeating: [], count: columnCount)
        for (row, texts) in rows.enumerated() {
            guard texts.count == columnCount else {
                throw DataError(file: file, line: row + 1, "\(texts.count) fields, and the header has \(columnCount)")
            }
            for (column, text) in texts.enumerated() {
                let start = bytes.count
                bytes.append(contentsOf: text.utf8)
                try CSV.checkSize(bytes.count, file: file)
                columns[column].append(CSV.Field(start: start, length: bytes.count - start, hasDoubledQuote: false))
            }
        }
        let read: [CellReader]
        if let readers {
            read = readers
        } else {
            let cells = columns.map { fields in
                bytes.withUnsafeBufferPointer { buffer in
                    fields.compactMap { field -> [UInt8]? in
                        let cell = UnsafeBufferPointer(rebasing: buffer[field.range])
                        return cell.isEmpty || missing.contains(cell) ? nil : Array(cell)
                    }
                }
            }
            read = SpellingGuess.spellings(cells, hasSemicolons: false).map { CellReader(spelling: $0, missing: missing) }
        }
        self.init(
            file: file, delimiter: .comma, quotes: true, bytes: bytes, columns: columns.map(Column.places), readers: read,
            haveCodes: columns.map { _ in false }, rowStarts: [],
            lines: lines ?? rows.indices.map { Int32(truncatingIfNeeded: $0 + 1) }, nextLine: rows.count + 1)
    }

    init(
        file: String, delimiter: Delimiter, quotes: Bool, bytes: [UInt8], columns: [Column], readers: [CellReader], haveCodes: [Bool], rowStarts: [UInt32],
        lines: [Int32], nextLine: Int
    ) {
        (self.readers, self.haveCodes) = (readers, haveCodes)
        self.file = file
        self.delimiter = delimiter
        self.quotes = quotes
        self.bytes = bytes
        self.columns = columns
        self.rowStarts = rowStarts
        self.lines = lines
        self.nextLine = nextLine
    }
}
