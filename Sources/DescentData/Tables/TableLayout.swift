import DescentFormats

/// The layout of a file, from its first rows.
struct TableLayout: Sendable {
    let file: String
    let delimiter: Delimiter
    let quotes: Bool
    let hasHeader: Bool
    /// The columns' names, all different: "1", "2", ... without a header or where the header's cell is empty.
    let names: [String]
    /// How the cells of each column are read.
    private(set) var readers: [CellReader]
    /// Whether a column is kept as numbers: at least half of the first cells that hold something are.
    private(set) var areNumbers: [Bool]
    /// What was found out about the file that a person should know.
    private(set) var notices: [String] = []
    /// Whether the spellings were given: then it is no matter what cells look like.
    private let areGiven: Bool
    private let preamble: Preamble

    /// How many rows are looked at.
    private static let sampleCount = 1000

    /// Looks at the beginning of a file's bytes.
    ///
    /// - Parameter isWhole: Whether the bytes are the whole file, or only its first rows.
    /// - Throws: `DataError` for what is no table, and for a delimiter given that is not the file's.
    init(_ bytes: [UInt8], file: String, options: Table.Options, isWhole: Bool = true) throws(DataError) {
        if let wrong = DataError.notTable(bytes, file: file) { throw wrong }
        let preamble = Preamble(bytes)
        let csv: CSV
        do throws(DataError) {
            csv = try CSV(
                parsing: bytes, file: file, delimiter: options.delimiter ?? preamble.delimiter, quotes: options.quotes, rowLimit: Self.sampleCount,
                start: preamble.start, firstLine: 1 + preamble.lineCount)
        } catch {
            if let wrong = Self.wrongDelimiter(bytes, file: file, options: options) { throw wrong }
            throw error
        }
        if csv.columnCount == 1, let wrong = Self.wrongDelimiter(bytes, file: file, options: options) { throw wrong }
        self.file = file
        delimiter = csv.delimiter
        quotes = options.quotes
        hasHeader =
            switch options.header {
            case .guess: Self.firstRowIsHeader(csv)
            case .present: true
            case .absent: false
            }
        let hasHeader = hasHeader
        if isWhole && hasHeader && csv.rowCount == 1 { throw DataError(file: file, "the file has a header and no rows") }
        let given = (0..<csv.columnCount).map { hasHeader ? csv.text(row: 0, column: $0) : "" }
        let names = Self.distinct(given)
        self.names = names
        self.preamble = preamble
        let rows = (hasHeader ? 1 : 0)..<csv.rowCount
        let spellings = options.spellings ?? [:]
        areGiven = options.spellings != nil
        let guessed = options.spellings == nil ? Self.spellings(csv, rows, options.missing) : []
        readers = names.indices.map { CellReader(spelling: guessed.isEmpty ? spellings[names[$0]] ?? .plain : guessed[$0], missing: options.missing) }
        let readers = readers
        areNumbers = (0..<csv.columnCount).map { column in
            var numbers = 0
            var others = 0
            for row in rows {
                switch csv.withBytes(row: row, column: column, { readers[column].content($0) }) {
                case .number: numbers += 1
                case .missing: break
                case .infinite, .text: others += 1
                }
            }
            return numbers >= others && !readers[column].spelling.isCode
        }
        if preamble.commentCount > 0 {
            notices.append("\(preamble.commentCount) comment line\(preamble.commentCount == 1 ? "" : "s") before the first row \(preamble.commentCount == 1 ? "is" : "are") skipped (#)")
        }
        for (name, wanted) in zip(names, given) where hasHeader && !wanted.isEmpty && name != wanted {
            notices.append("another column named \(quoted(wanted)) is called \(quoted(name))")
        }
    }

    private static func spellings(_ csv: CSV, _ rows: Range<Int>, _ missing: MissingWords) -> [NumberSpelling] {
        let columns = (0..<csv.columnCount).map { column in
            rows.compactMap { row in csv.withBytes(row: row, column: column) { $0.isEmpty || missing.contains($0) ? nil : Array($0) } }
        }
        return SpellingGuess.spellings(columns, hasSemicolons: csv.delimiter == .semicolon)
    }

    /// The layout where some columns turned out to hold codes, in rows that were not looked at; `nil` where none did.
    ///
    /// - Parameter haveCodes: Whether a number with a leading zero stands in each column.
    func marking(codes haveCodes: [Bool]) -> TableLayout? {
        var marked = self
        for (column, hasCodes) in haveCodes.enumerated() where hasCodes && !areGiven && !readers[column].spelling.isCode {
            marked.readers[column].spelling = .codes
            marked.areNumbers[column] = false
        }
        return marked.readers == readers ? nil : marked
    }

    /// The layout of a file in another encoding, with a notice.
    func noting(_ encoding: TextEncoding) -> TableLayout {
        var noted = self
        if encoding != .utf8 { noted.notices.insert("the file is not UTF-8; it is read as \(encoding.words)", at: 0) }
        return noted
    }

    /// The error about a delimiter that was given, where another one divides all of the first lines alike.
    private static func wrongDelimiter(_ bytes: [UInt8], file: String, options: Table.Options) -> DataError? {
        guard let given = options.delimiter, given != .whitespace else { return nil }
        let likely = CSV.guessDelimiter(bytes, file: file, quotes: options.quotes)
        guard likely != given, likely != .whitespace else { return nil }
        var scanner = CSVScanner(file: file, delimiter: likely, quotes: options.quotes)
        guard (try? scanner.scan(bytes, rowLimit: 100)) != nil, scanner.counts.count >= 2, let count = scanner.counts.first,
            count > 1, scanner.counts.allSatisfy({ $0 == count })
        else { return nil }
        return DataError(
            file: file, line: Int(scanner.lines[0]),
            "the delimiter given is the \(given.name), and this file's seems to be the \(likely.name), which divides every "
                + "line into \(count) fields. Give that one, or none to have it guessed")
    }

    // MARK: - The header

    /// Where the first row of data begins, and on which line.
    func firstRow(_ bytes: [UInt8]) -> (start: Int, line: Int) {
        bytes.withUnsafeBufferPointer { buffer in
            let scanner = FieldScanner(buffer, delimiter: delimiter, quotes: quotes, file: file)
            var position = max(scanner.start, preamble.start)
            guard hasHeader else { return (position, 1 + preamble.lineCount) }
            // The header is the first line that is not blank, and was read before.
            var header = TableChunk(scanner, layout: self, start: position, limit: position + 1)
            var line = preamble.lineCount + Int(header.lineCount)
            while header.lines.isEmpty && header.failure == nil && position < bytes.count {
                position = max(header.end, position + 1)
                header = TableChunk(scanner, layout: self, start: position, limit: position + 1)
                line += Int(header.lineCount)
            }
            return (header.end, line + 1)
        }
    }

    /// True where no cell of the first row is a number and below them stand numbers; or, in a table without numbers, where all are different and below them stand
    /// texts that repeat and that the first row does not have.
    private static func firstRowIsHeader(_ csv: CSV) -> Bool {
        let columns = 0..<csv.columnCount
        var first: Set<String> = []
        var count = 0
        for column in columns {
            let cell = csv.text(row: 0, column: column)
            if csv.withBytes(row: 0, column: column, { NumberSpelling.looksLikeNumber($0) }) { return false }
            if cell.isEmpty { continue }
            first.insert(cell)
            count += 1
        }
        if count == 0 { return false }
        let areDifferent = first.count == count
        if csv.rowCount == 1 { return true }
        let rows = 1..<min(csv.rowCount, 201)
        var repeats = false
        for column in columns {
            var texts: Set<String> = []
            var numbers = 0
            var missing = 0
            for row in rows {
                switch csv.withBytes(row: row, column: column, { NumberSpelling.looksLikeNumber($0, withUnit: true) ? NumberText.number(0) : NumberText($0) }) {
                case .number: numbers += 1
                case .missing: missing += 1
                default: texts.insert(csv.text(row: row, column: column))
                }
            }
            let present = rows.count - missing
            if numbers > 0 && numbers * 2 > present { return true }
            if areDifferent && present >= 4 && texts.count * 2 <= present {
                if texts.contains(csv.text(row: 0, column: column)) { return false }
                repeats = true
            }
        }
        return repeats
    }

    /// Names without empty ones (the column's number instead) and without repetitions ("x", "x_2").
    static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.enumerated().map { index, name in
            let wanted = name.isEmpty ? "\(index + 1)" : name
            var result = wanted
            var copy = 2
            while !taken.insert(result).inserted {
                result = "\(wanted)_\(copy)"
                copy += 1
            }
            return result
        }
    }
}

extension DataError {
    /// The first bytes of files that are often given in place of tables.
    private static let binaryKinds: [(start: [UInt8], name: String)] = [
        ([0x89, 0x50, 0x4E, 0x47], "an image (PNG)"), ([0xFF, 0xD8, 0xFF], "an image (JPEG)"), (Array("GIF8".utf8), "an image (GIF)"),
        (Array("%PDF-".utf8), "a PDF document"), ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array"),
    ]

    /// The error about a file that is of another kind by its first bytes; nil where none is recognised.
    package static func notTable(_ bytes: [UInt8], file: String) -> DataError? {
        binaryKinds.first { bytes.starts(with: $0.start) }.map { DataError(file: file, "it is \($0.name), not a table") }
    }
}
