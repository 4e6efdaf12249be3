import DescentFormats

/// A file of rows and named columns, as it was read: cells are text until someone asks for a number.
public struct Table: Sendable {
    /// Whether the first row names the columns.
    public enum Header: Sendable {
        /// Decide by the content: a row of distinct texts above columns of numbers, or above texts that repeat.
        case guess
        /// The first row names the columns.
        case present
        /// The first row is data; columns are named "1", "2", and so on.
        case absent
    }

    /// How to read a file.
    public struct Options: Sendable {
        /// What stands between fields; `nil` to guess.
        public var delimiter: Delimiter?
        /// Whether the first row is a header.
        public var header: Header
        /// Whether a field may stand in quotes.
        public var quotes: Bool

        /// Guesses everything unless told otherwise.
        public init(delimiter: Delimiter? = nil, header: Header = .guess, quotes: Bool = true) {
            self.delimiter = delimiter
            self.header = header
            self.quotes = quotes
        }
    }

    /// The file's name, for errors.
    public let file: String
    /// The columns' names, all different: "1", "2", ... without a header or where the header's cell is empty.
    public let names: [String]
    /// Whether the names come from the file.
    public let hasHeader: Bool
    /// The number of rows of data.
    public var rowCount: Int { csv.rowCount - firstRow }
    /// The number of columns.
    public var columnCount: Int { csv.columnCount }
    /// What stands between the file's fields.
    public var delimiter: Delimiter { csv.delimiter }

    private let csv: CSV
    /// 1 where the first row of the file is the header.
    private let firstRow: Int

    /// Reads a file.
    ///
    /// - Throws: `FileError` where it cannot be read, `DataError` where it is no table.
    public init(path: String, options: Options = Options()) throws {
        try self.init(parsing: try FileSystem.read(path), file: path, options: options)
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: `DataError` for an empty file, a header without rows, a row with too many or too few fields.
    public init(parsing bytes: [UInt8], file: String, options: Options = Options()) throws(DataError) {
        let csv = try CSV(parsing: bytes, file: file, delimiter: options.delimiter, quotes: options.quotes)
        let hasHeader =
            switch options.header {
            case .guess: Self.firstRowIsHeader(csv)
            case .present: true
            case .absent: false
            }
        if hasHeader && csv.rowCount == 1 { throw DataError(file: file, "the file has a header and no rows") }
        self.csv = csv
        self.file = file
        self.hasHeader = hasHeader
        firstRow = hasHeader ? 1 : 0
        names = Self.distinct((0..<csv.columnCount).map { hasHeader ? csv.text(row: 0, column: $0) : "" })
    }

    /// A table from values in code.
    ///
    /// - Throws: `DataError` where a row has another number of cells than there are names, or there are no rows.
    public init(names: [String], rows: [[String]], file: String = "table") throws(DataError) {
        if rows.isEmpty { throw DataError(file: file, "the table has no rows") }
        csv = try CSV(rows: rows, columnCount: names.count, file: file)
        self.file = file
        self.names = Self.distinct(names)
        hasHeader = true
        firstRow = 0
    }

    /// A cell as text, without quotes and outer spaces.
    public func text(row: Int, column: Int) -> String { csv.text(row: row + firstRow, column: column) }

    /// A cell as a finite number; `nil` where it is missing or is anything else.
    public func number(row: Int, column: Int) -> Double? {
        guard case .number(let value) = content(row: row, column: column) else { return nil }
        return value
    }

    /// Whether a cell is empty or says NA, NaN, null, None or `?`.
    public func isMissing(row: Int, column: Int) -> Bool { content(row: row, column: column) == .missing }

    /// The line of the file on which a row begins, from 1.
    public func line(ofRow row: Int) -> Int { csv.line(ofRow: row + firstRow) }

    /// The index of a column, given its name or, where no name equals it, its number from 1.
    ///
    /// - Throws: `DataError` that lists the columns and suggests the nearest name.
    public func column(_ nameOrNumber: String) throws(DataError) -> Int {
        if let index = index(of: nameOrNumber) { return index }
        let shown = names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", ..." : "")
        let nearest = nearestName(to: nameOrNumber, in: names).map { " Did you mean \(quoted($0))?" } ?? ""
        throw DataError(
            file: file, column: nameOrNumber,
            "there is no column \(quoted(nameOrNumber)).\(nearest) The columns are \(shown)")
    }

    /// The index of a column by name or number, if there is one.
    func index(of nameOrNumber: String) -> Int? {
        if let index = names.firstIndex(of: nameOrNumber) { return index }
        guard let number = Int(nameOrNumber), names.indices.contains(number - 1) else { return nil }
        return number - 1
    }

    /// What a cell says.
    func content(row: Int, column: Int) -> NumberText {
        csv.withBytes(row: row + firstRow, column: column) { NumberText($0) }
    }

    // MARK: - The header

    /// True where no cell of the first row is a number, all are different, and below them stand numbers; or, in a table
    /// without numbers, texts that repeat and that the first row does not have.
    private static func firstRowIsHeader(_ csv: CSV) -> Bool {
        let columns = 0..<csv.columnCount
        var first: Set<String> = []
        var count = 0
        for column in columns {
            let cell = csv.text(row: 0, column: column)
            let content = csv.withBytes(row: 0, column: column) { NumberText($0) }
            if case .number = content { return false }
            if cell.isEmpty { continue }
            first.insert(cell)
            count += 1
        }
        if count == 0 || first.count < count { return false }
        if csv.rowCount == 1 { return true }
        let rows = 1..<min(csv.rowCount, 201)
        var repeats = false
        for column in columns {
            var texts: Set<String> = []
            var numbers = 0
            var missing = 0
            for row in rows {
                switch csv.withBytes(row: row, column: column, { NumberText($0) }) {
                case .number: numbers += 1
                case .missing: missing += 1
                default: texts.insert(csv.text(row: row, column: column))
                }
            }
            let present = rows.count - missing
            if numbers > 0 && numbers * 2 > present { return true }
            if present >= 4 && texts.count * 2 <= present {
                if texts.contains(csv.text(row: 0, column: column)) { return false }
                repeats = true
            }
        }
        return repeats
    }

    /// Names without empty ones (the column's number instead) and without repetitions ("x", "x.2").
    private static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.enumerated().map { index, name in
            let wanted = name.isEmpty ? "\(index + 1)" : name
            var result = wanted
            var copy = 2
            while !taken.insert(result).inserted {
                result = "\(wanted).\(copy)"
                copy += 1
            }
            return result
        }
    }
}

/// The name that a person most likely meant: the least edit distance, ignoring case, if it is small.
func nearestName(to name: String, in names: [String]) -> String? {
    let wanted = Array(name.lowercased().prefix(100))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let letters = Array(candidate.lowercased().prefix(100))
        var previous = Array(0...letters.count)
        for (i, a) in wanted.enumerated() {
            var current = [i + 1]
            for (j, b) in letters.enumerated() {
                current.append(min(previous[j] + (a == b ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
            }
            previous = current
        }
        let distance = previous[letters.count]
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, name.count / 3), best.distance < name.count else { return nil }
    return best.name
}
