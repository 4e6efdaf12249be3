/// The cells of a table: its text, and of each column either the numbers or the places of its fields.
struct TableStorage: Sendable {
    /// 64 bits a row.
    enum Column: Sendable {
        /// `NumberText.cell`: most cells are numbers, and another text is looked up in its line.
        case numbers([UInt64])
        /// Where each cell's text stands.
        case places([CSV.Field])
    }

    /// The rows of one file.
    struct Part: Sendable {
        let firstRow: Int
        let file: String
        let delimiter: Delimiter
        let quotes: Bool
        /// Which field of its row each of the table's columns is; `nil` where the rows do not stand in the bytes, and a number has no text but its own.
        let places: [Int]?
    }

    /// The files that the rows come from, at least one, in their order.
    let parts: [Part]
    let bytes: [UInt8]
    let columns: [Column]
    /// How the cells of each column are read.
    let readers: [CellReader]
    /// Whether a number with a leading zero was seen in each column that is kept as numbers.
    let haveCodes: [Bool]
    /// Where each row begins in `bytes`; empty where no rows stand there.
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
    func text(row: Int, column: Int) -> String {
        switch columns[column] {
        case .places(let fields): fields[row].text(in: bytes)
        case .numbers(let cells):
            if let places = part(ofRow: row).places { field(row: row, place: places[column]).text(in: bytes) } else { NumberText.text(ofCell: cells[row]) }
        }
    }

    /// The file that a row comes from.
    func part(ofRow row: Int) -> Part {
        if parts.count == 1 { return parts[0] }
        var (low, high) = (0, parts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if parts[middle].firstRow <= row { low = middle } else { high = middle }
        }
        return parts[low]
    }

    /// A field of a row that stands in the bytes.
    func field(row: Int, place column: Int) -> CSV.Field {
        bytes.withUnsafeBufferPointer { buffer in
            let part = part(ofRow: row), delimiter = part.delimiter
            let scanner = FieldScanner(buffer, delimiter: delimiter, quotes: part.quotes, file: part.file)
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
            parts: [Part(firstRow: 0, file: file, delimiter: .comma, quotes: true, places: nil)], bytes: bytes, columns: columns.map(Column.places), readers: read,
            haveCodes: columns.map { _ in false }, rowStarts: [],
            lines: lines ?? rows.indices.map { Int32(truncatingIfNeeded: $0 + 1) }, nextLine: rows.count + 1)
    }

    init(
        parts: [Part], bytes: [UInt8], columns: [Column], readers: [CellReader], haveCodes: [Bool], rowStarts: [UInt32], lines: [Int32], nextLine: Int
    ) {
        (self.readers, self.haveCodes) = (readers, haveCodes)
        self.parts = parts
        self.bytes = bytes
        self.columns = columns
        self.rowStarts = rowStarts
        self.lines = lines
        self.nextLine = nextLine
    }
}
