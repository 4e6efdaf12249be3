/// One pass over the bytes of a table that finds its rows and fields.
struct CSVScanner {
    let file: String
    let delimiter: Delimiter
    let quotes: Bool
    private let start: Int, firstLine: Int32

    /// The fields of all rows, one after the other.
    private(set) var fields: [CSV.Field] = []
    /// The number of fields of each row.
    private(set) var counts: [Int32] = []
    /// The line on which each row begins.
    private(set) var lines: [Int32] = []

    /// - Parameters:
    ///   - start: Where the first row's line begins.
    ///   - firstLine: The number of that line.
    init(file: String, delimiter: Delimiter, quotes: Bool, start: Int = 0, firstLine: Int32 = 1) {
        (self.start, self.firstLine) = (start, firstLine)
        self.file = file
        self.delimiter = delimiter
        self.quotes = quotes
    }

    /// Scans at most `rowLimit` rows. What was found before an error stays.
    mutating func scan(_ bytes: [UInt8], rowLimit: Int) throws(DataError) {
        fields.reserveCapacity(min(bytes.count / 5, rowLimit == .max ? .max : 1024))
        let failure = bytes.withUnsafeBufferPointer { buffer -> DataError? in
            do throws(DataError) {
                try scan(FieldScanner(buffer, delimiter: delimiter, quotes: quotes, file: file), rowLimit: rowLimit)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func scan(_ scanner: FieldScanner, rowLimit: Int) throws(DataError) {
        let bytes = scanner.bytes
        let end = bytes.count
        var position = max(scanner.start, start)
        var line = firstLine
        while position < end && lines.count < rowLimit {
            if delimiter == .whitespace { scanner.skipBlanks(&position) }
            if position == end { break }
            if scanner.isLineEnd(bytes[position]) {
                scanner.skipLineEnd(&position, &line)
                continue
            }
            let firstField = fields.count
            lines.append(line)
            rowScan: while true {
                fields.append(try scanner.field(&position, &line, number: fields.count - firstField + 1))
                if delimiter == .whitespace { scanner.skipBlanks(&position) }
                if position == end { break rowScan }
                if scanner.isLineEnd(bytes[position]) {
                    scanner.skipLineEnd(&position, &line)
                    break rowScan
                }
                if delimiter != .whitespace { position += 1 }
            }
            counts.append(Int32(truncatingIfNeeded: fields.count - firstField))
            // A line of spaces alone is blank too.
            if fields.count == firstField + 1, fields[firstField].isNothing {
                fields.removeLast()
                counts.removeLast()
                lines.removeLast()
            }
        }
    }
}
