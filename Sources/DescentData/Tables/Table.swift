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
        /// Field delimiter; `nil` to guess.
        public var delimiter: Delimiter?
        /// Whether the first row is a header.
        public var header: Header
        /// Whether a field may stand in quotes.
        public var quotes: Bool
        /// How many threads may parse; `nil` for as many as there are processors, up to 8. The result does not depend on it.
        public var threads: Int?

        /// How columns write their numbers, by name, where another file has told it; columns that are not named write them plainly. `nil` to find out.
        public var spellings: [String: NumberSpelling]?
        /// The words that mean that a cell has no value.
        public var missing: MissingWords

        /// Guesses everything unless told otherwise.
        public init(
            delimiter: Delimiter? = nil, header: Header = .guess, quotes: Bool = true, threads: Int? = nil, spellings: [String: NumberSpelling]? = nil,
            missing: MissingWords = .usual
        ) {
            (self.spellings, self.missing) = (spellings, missing)
            self.threads = threads
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
    public var rowCount: Int { storage.rowCount }
    /// The number of columns.
    public var columnCount: Int { names.count }
    /// The file's field delimiter.
    public var delimiter: Delimiter { storage.parts[0].delimiter }

    /// What was found out about the file that a person should know: comments that were skipped, another encoding, columns of one name.
    public let notices: [String]

    let storage: TableStorage

    /// Reads a file: fields with a delimiter between, JSON lines, a NumPy array or archive; each may be compressed by gzip.
    ///
    /// - Throws: `FileError` where it cannot be read or changes meanwhile, `DataError` or `FormatError` where it is no table.
    public init(path: String, options: Options = Options()) throws {
        try self.init(parsing: try FileSystem.read(path), file: path, options: options)
    }

    /// Reads a file's bytes, which may be compressed by gzip.
    ///
    /// - Throws: `DataError` for an empty or damaged file, a header without rows, a row with too many or too few fields,
    ///   and a delimiter given that is not the file's.
    public init(parsing bytes: [UInt8], file: String, options: Options = Options()) throws(DataError) {
        let raw = try Self.uncompressed(bytes, file: file)
        if let values = try Self.values(in: raw, file: file, options: options) {
            self = values
            return
        }
        if let wrong = DataError.notTable(raw, file: file) { throw wrong }
        let threads = max(options.threads ?? min(processorCount(), 8), 1)
        let encoding = CSV.isBinary(raw) ? .utf8 : TextEncoding(of: raw, threads: threads)
        let bytes = encoding.utf8(raw)
        let layout = try TableLayout(bytes, file: file, options: options).noting(encoding)
        let (start, line) = layout.firstRow(bytes)
        let storage = try TableParser(layout: layout, threads: threads).parse(bytes, start: start, firstLine: line)
        if let marked = layout.marking(codes: storage.haveCodes) {
            try self.init(marked, TableParser(layout: marked, threads: threads).parse(bytes, start: start, firstLine: line))
        } else {
            self.init(layout, storage)
        }
    }

    private static func uncompressed(_ bytes: [UInt8], file: String) throws(DataError) -> [UInt8] {
        guard Gzip.isCompressed(bytes) else { return bytes }
        do throws(FormatError) {
            return try Gzip.decompress(bytes, file: file)
        } catch {
            throw DataError(file: file, error.reason)
        }
    }

    /// Rows that were parsed.
    init(_ layout: TableLayout, _ storage: TableStorage) {
        self.init(storage, file: layout.file, names: layout.names, hasHeader: layout.hasHeader, notices: layout.notices)
    }

    /// Cells under names that are all different.
    init(_ storage: TableStorage, file: String, names: [String], hasHeader: Bool, notices: [String]) {
        (self.storage, self.file, self.names, self.hasHeader, self.notices) = (storage, file, names, hasHeader, notices)
    }

    /// A table from values in code.
    ///
    /// - Throws: `DataError` where a row has another number of cells than there are names, or there are no rows.
    ///
    /// - Parameter options: How numbers are written; the rest is for files.
    public init(names: [String], rows: [[String]], file: String = "table", options: Options = Options()) throws(DataError) {
        let names = TableLayout.distinct(names)
        let readers = options.spellings.map { given in names.map { CellReader(spelling: given[$0] ?? .plain, missing: options.missing) } }
        try self.init(names: names, rows: rows, lines: nil, hasHeader: true, file: file, readers: readers, missing: options.missing)
    }

    /// A table from values that stood on certain lines of a file.
    init(
        names: [String], rows: [[String]], lines: [Int32]?, hasHeader: Bool, file: String, readers: [CellReader]?, missing: MissingWords = .usual
    ) throws(DataError) {
        if rows.isEmpty { throw DataError(file: file, "the table has no rows") }
        storage = try TableStorage(rows: rows, lines: lines, columnCount: names.count, file: file, readers: readers, missing: missing)
        notices = []
        self.file = file
        self.names = TableLayout.distinct(names)
        self.hasHeader = hasHeader
    }

    /// A cell as text, without quotes and outer spaces.
    public func text(row: Int, column: Int) -> String { storage.text(row: row, column: column) }

    /// A cell as a finite number; `nil` where it is missing or is anything else.
    public func number(row: Int, column: Int) -> Double? {
        guard case .number(let value) = content(row: row, column: column) else { return nil }
        return value
    }

    /// Whether a cell is empty or says NA, NaN, null, None or `?`.
    public func isMissing(row: Int, column: Int) -> Bool { content(row: row, column: column) == .missing }

    /// How a column writes its numbers.
    public func spelling(ofColumn column: Int) -> NumberSpelling { storage.readers[column].spelling }

    /// The words that mean that a cell has no value.
    public var missingWords: MissingWords { storage.readers.first?.missing ?? .usual }

    /// The file that a row comes from, where the table is of several.
    public func file(ofRow row: Int) -> String { storage.part(ofRow: row).file }

    /// The line of its file on which a row begins, from 1.
    public func line(ofRow row: Int) -> Int { Int(storage.lines[row]) }

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

    /// The text of a cell.
    func content(row: Int, column: Int) -> NumberText { storage.content(row: row, column: column) }
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
