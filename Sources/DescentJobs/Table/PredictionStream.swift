import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// How rows to be predicted are written.
public enum RowFormat: String, CaseIterable, Sendable {
    /// Fields with a delimiter between; which one is guessed.
    case csv
    /// Fields with a tabulator between.
    case tsv
    /// A JSON object on each line.
    case jsonl
}

/// One row and the model's answer to it, or why there is none.
public struct AnsweredRow {
    /// The line of the file on which the row begins, from 1.
    public let line: Int
    /// The answer; `nil` where the row could not be used.
    public let answer: Prediction?
    /// Why there is no answer: the whole sentence.
    public let error: String?
    /// The row's own text in one of the stream's columns; empty where the row has none, or could not be taken apart.
    public func text(column: Int) -> String { column < cells ? table!.text(row: row, column: column) : "" }

    private let table: Table?
    private let row: Int
    private var cells: Int { table?.columnCount ?? 0 }

    init(line: Int, table: Table?, row: Int, answer: Prediction?, error: String?) {
        (self.line, self.table, self.row, self.answer, self.error) = (line, table, row, answer, error)
    }
}

/// Predicts rows as they come: of a file of any size, or of a pipe whose other end still thinks, in memory that does not grow.
///
///     let stream = try PredictionStream(model, reading: InputFile(path: "new.csv"))
///     while let rows = try stream.next() {
///         for row in rows { print(row.line, row.answer ?? row.error!) }
///     }
///
/// A row that cannot be used (a wrong number of fields, a text where a number should be, broken JSON) has an error instead of an answer,
/// and the others are not touched by it. What makes all rows useless (a column that is missing, a file that is no table) is thrown.
public final class PredictionStream {
    /// What was seen so far.
    public struct Summary: Sendable {
        /// The rows, those with errors included.
        public internal(set) var rows = 0
        /// The rows without an answer.
        public internal(set) var errors = 0
        /// The columns that the model does not know, in the order in which they came.
        public internal(set) var extraColumns: [String] = []
        /// The categories whose value has no feature of its own.
        public internal(set) var unseen: UnseenCategories
    }

    /// The input's columns; known after the first rows.
    public private(set) var columns: [String] = []
    /// Whether the columns' names are the input's own.
    public private(set) var hasHeader = false
    /// How the input is written; known after the first rows.
    public private(set) var format: RowFormat?
    /// What was seen so far.
    public private(set) var summary: Summary

    private let model: any RowModel
    /// The columns of the training file, and those named as extra already.
    private lazy var known = Set(model.columnNames + [model.target.name])
    private let file: String
    private let read: (() throws -> [UInt8])?
    private var limit: Int
    private var delimiter: Delimiter?
    private var reader = RecordReader(delimiter: nil)
    private var header: [UInt8] = []
    private var isOpen = false
    /// What was read until then.
    private var seen: [UInt8] = []
    private var isEnd = false
    /// Records that were read and not yet predicted.
    private var waiting: [TextRecord] = []
    /// Instead of a file: a table, and how many of its rows were predicted.
    private var table: (table: Table, done: Int)?

    /// A column to add where the input lacks it, and the text that it holds: which file the rows are from.
    var fileColumn: (name: String, text: String)?

    /// The most rows predicted at once.
    private static let chunk = 4096

    /// Reads from a file or the standard input.
    ///
    /// - Parameters:
    ///   - format: `nil` to guess from the first byte: `{` begins JSON.
    ///   - delimiter: `nil` to guess.
    ///   - first: The most rows that are read.
    public convenience init(
        _ model: TabularModel, reading input: InputFile, format: RowFormat? = nil, delimiter: Delimiter? = nil, first: Int = .max
    ) {
        self.init(any: model, file: input.name, format: format, delimiter: delimiter, first: first) { try input.read() }
    }

    /// Reads from anything.
    ///
    /// - Parameter read: The next bytes; none at the end.
    public convenience init(
        _ model: TabularModel, file: String, format: RowFormat? = nil, delimiter: Delimiter? = nil, first: Int = .max,
        read: @escaping () throws -> [UInt8]
    ) {
        self.init(any: model, file: file, format: format, delimiter: delimiter, first: first, read: read)
    }

    /// Reads from anything, for any model of rows.
    init(any model: any RowModel, file: String, format: RowFormat?, delimiter: Delimiter?, first: Int, read: @escaping () throws -> [UInt8]) {
        (self.model, self.file, self.format, self.read, limit) = (model, file, format, read, first)
        self.delimiter = format == .tsv ? .tab : delimiter
        summary = Summary(unseen: model.unseenCategories)
    }

    /// Takes the rows of a table.
    ///
    /// - Throws: `DataError` where columns are missing.
    public convenience init(_ model: TabularModel, _ table: Table, first: Int = .max) throws(DataError) { try self.init(any: model, table, first: first) }

    /// Takes the rows of a table, for any model of rows.
    init(any model: any RowModel, _ table: Table, first: Int) throws(DataError) {
        (self.model, file, read, limit) = (model, table.file, nil, first)
        summary = Summary(unseen: model.unseenCategories)
        try take(table)
    }

    /// Takes the rows of a table instead of those of a file.
    private func take(_ table: Table) throws(DataError) {
        let table = try completed(table)
        self.table = (table, 0)
        limit = Swift.min(limit, table.rowCount)
        try begin(with: table)
    }

    /// The next rows, as soon as there are any; `nil` at the end.
    ///
    /// - Throws: `FileError` where the input cannot be read, `DataError` or `FormatError` where none of it can be used.
    public func next() throws -> [AnsweredRow]? {
        if limit == 0 { return nil }
        var rows: [AnsweredRow]
        if let (table, done) = table {
            let range = done..<done + Swift.min(Self.chunk, limit)
            rows = answers(range) { part in (table, part, part.map(table.line(ofRow:))) }
            self.table = (table, range.upperBound)
        } else {
            guard let records = try nextRecords() else { return table == nil ? nil : try next() }
            rows = format == .jsonl ? try objects(records) : fields(records)
        }
        limit -= rows.count
        summary.rows += rows.count
        summary.errors += rows.count { $0.answer == nil }
        return rows
    }

    // MARK: - Records

    private func nextRecords() throws -> ArraySlice<TextRecord>? {
        while waiting.isEmpty || !isOpen {
            if isEnd {
                if !isOpen { throw DataError(file: file, summary.rows == 0 && header.isEmpty ? "the file is empty" : "the file has a header and no rows") }
                return nil
            }
            var bytes = try read!()
            isEnd = bytes.isEmpty
            if !isOpen, seen.isEmpty, Gzip.isCompressed(bytes) {
                bytes = try Gzip.decompress(whole(bytes), file: file)
                isEnd = true
            }
            if !isOpen, seen.isEmpty, format == nil, Table.isWhole(bytes) {
                if !isEnd { bytes = try whole(bytes) }
                try take(Table(parsing: bytes, file: file, options: options))
                return nil
            }
            if !isOpen, seen.isEmpty, case .utf16 = TextEncoding(of: bytes) {
                if !isEnd { bytes = try whole(bytes) }
                bytes = TextEncoding(of: bytes).utf8(bytes)
                isEnd = true
            }
            if !isOpen {
                if seen.isEmpty, let wrong = DataError.notTable(bytes, file: file) { throw wrong }
                guess(bytes)
                if delimiter == nil && format != .jsonl { seen += bytes }
            }
            waiting += reader.records(adding: bytes, isEnd: isEnd).map(\.inUTF8)
            if !isOpen { skipPreamble() }
            if !waiting.isEmpty && !isOpen { try open() }
        }
        let count = Swift.min(waiting.count, Self.chunk, limit)
        let records = waiting[..<count]
        waiting = Array(waiting[count...])
        return records
    }

    /// A compressed input or one in UTF-16, as a whole: these take memory for all their rows.
    private func whole(_ start: [UInt8]) throws -> [UInt8] {
        var all = start
        while true {
            let more = try read!()
            if more.isEmpty { return all }
            all += more
        }
    }

    /// Leaves out comments before the first row, and takes the delimiter that a spreadsheet names.
    private func skipPreamble() {
        guard format != .jsonl, header.isEmpty else { return }
        let preamble = Preamble(Self.joined([], waiting[...]))
        guard preamble.lineCount > 0, preamble.lineCount < waiting.count else { return }
        waiting.removeFirst(preamble.lineCount)
        delimiter = delimiter ?? preamble.delimiter
    }

    /// Looks at the first byte that is no space.
    private func guess(_ bytes: [UInt8]) {
        if format == nil {
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
            guard let first = start.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) else { return }
            format = first == UInt8(ascii: "{") ? .jsonl : .csv
        }
        // To find the first lines, the most usual delimiter will do.
        reader.delimiter = format == .jsonl ? nil : delimiter ?? .comma
    }

    /// Takes the header from the records, guesses the delimiter, and finds out whether the rows can be used at all.
    private func open() throws {
        if format == .jsonl {
            isOpen = true
            return
        }
        if delimiter == nil {
            let guessed = try guessedDelimiter()
            delimiter = guessed
            if guessed != .comma {
                // Which quotes open a field is known only now.
                reader = RecordReader(delimiter: guessed)
                waiting = reader.records(adding: seen, isEnd: isEnd)
            }
            seen = []
        }
        if model.hasHeader, header.isEmpty {
            header = Array(waiting.removeFirst().bytes) + [0x0A]
            if waiting.isEmpty { return }
        }
        // The header alone, above itself as a row, so that a first row that is broken is no matter.
        let sample = header.isEmpty ? Array(waiting[0].bytes) : header + header
        try begin(with: table(parsing: sample))
        isOpen = true
    }

    private func table(parsing bytes: [UInt8]) throws(DataError) -> Table { try completed(Table(parsing: bytes, file: file, options: options)) }

    /// A table with the column of files.
    private func completed(_ table: Table) throws(DataError) -> Table {
        guard let fileColumn, !table.names.contains(fileColumn.name) else { return table }
        return try table.adding(column: fileColumn.name, [fileColumn.text], rows: [table.rowCount])
    }

    /// As the training file was read: numbers in its spelling, its words for nothing.
    private var options: Table.Options {
        var options = model.tableOptions
        options.delimiter = delimiter
        return options
    }

    /// From the first hundred rows, or those of them that can be read.
    private func guessedDelimiter() throws(DataError) -> Delimiter {
        var count = Swift.min(100, waiting.count)
        while true {
            let bytes = Self.joined([], waiting[..<count])
            do {
                return try CSV(parsing: bytes, file: file).delimiter
            } catch {
                if count == 1 { throw error }
                count /= 2
            }
        }
    }

    private func begin(with table: Table) throws(DataError) {
        try model.check(table)
        columns = table.names
        hasHeader = table.hasHeader
        format = format ?? .csv
        if hasHeader { note(extra: table.names) }
    }

    private func note(extra names: [String]) {
        for name in names where known.insert(name).inserted { summary.extraColumns.append(name) }
    }

    private static func joined(_ header: [UInt8], _ records: ArraySlice<TextRecord>) -> [UInt8] {
        var bytes = header
        bytes.reserveCapacity(header.count + records.reduce(0) { $0 + $1.bytes.count + 1 })
        for record in records {
            bytes += record.bytes
            bytes.append(0x0A)
        }
        return bytes
    }

    // MARK: - Answers

    private func fields(_ records: ArraySlice<TextRecord>) -> [AnsweredRow] {
        answers(records.indices) { part throws(DataError) in
            let own = records[part]
            let lines = own.map(\.line)
            let table: Table
            do throws(DataError) {
                table = try self.table(parsing: Self.joined(header, own))
            } catch {
                throw part.count == 1 ? DataError(file: file, line: lines[0], column: error.column, error.reason) : error
            }
            guard table.rowCount == part.count, table.columnCount == columns.count else {
                let count = "\(table.columnCount) field\(table.columnCount == 1 ? "" : "s")"
                throw DataError(file: file, line: lines[0], "\(count), and the first line has \(columns.count)")
            }
            return (table, 0..<part.count, lines)
        }
    }

    /// The answers to some rows. Where these make no table together, each half is tried alone, down to the single row at fault.
    private func answers(
        _ part: Range<Int>, _ make: (Range<Int>) throws(DataError) -> (table: Table, rows: Range<Int>, lines: [Int])
    ) -> [AnsweredRow] {
        if part.isEmpty { return [] }
        do throws(DataError) {
            let (table, rows, lines) = try make(part)
            let answers = answers(table, rows: rows, lines: lines[...])
            summary.unseen.count(in: table, rows: rows)
            return answers
        } catch {
            if part.count == 1 { return [AnsweredRow(line: error.line ?? 0, table: nil, row: 0, answer: nil, error: error.description)] }
            let middle = part.lowerBound + part.count / 2
            return answers(part.lowerBound..<middle, make) + answers(middle..<part.upperBound, make)
        }
    }

    /// The answers to rows of a table whose lines in the input are known, found likewise.
    private func answers(_ table: Table, rows: Range<Int>, lines: ArraySlice<Int>) -> [AnsweredRow] {
        do throws(DataError) {
            let answers = try model.predict(table, rows: Array(rows))
            return zip(zip(rows, lines), answers).map { AnsweredRow(line: $0.1, table: table, row: $0.0, answer: $1, error: nil) }
        } catch {
            if rows.count == 1 {
                let line = lines[lines.startIndex]
                let sentence = DataError(file: file, line: line, column: error.column, error.reason).description
                return [AnsweredRow(line: line, table: table, row: rows.lowerBound, answer: nil, error: sentence)]
            }
            let half = rows.count / 2
            return answers(table, rows: rows.prefix(half), lines: lines.prefix(half))
                + answers(table, rows: rows.dropFirst(half), lines: lines.dropFirst(half))
        }
    }

    private func objects(_ records: ArraySlice<TextRecord>) throws -> [AnsweredRow] {
        var texts: [[String]] = []
        var places: [TextRecord] = []
        var failures: [AnsweredRow] = []
        for record in records {
            do throws(FormatError) {
                let object = try ObjectRow(record, file: file)
                if columns.isEmpty {
                    columns = object.names
                    hasHeader = true
                    columns += model.requiredColumns.filter { !columns.contains($0) && $0 != fileColumn?.name }
                }
                try object.check(has: model.requiredColumns.filter { $0 != fileColumn?.name })
                note(extra: object.names)
                texts.append(columns.map { object.text($0, model.spellings[$0] ?? .plain) })
                places.append(record)
            } catch {
                failures.append(AnsweredRow(line: record.line, table: nil, row: 0, answer: nil, error: error.sentence))
            }
        }
        let answered = answers(texts.indices) { part throws(DataError) in
            (try completed(Table(names: columns, rows: Array(texts[part]), file: file, options: options)), 0..<part.count, places[part].map(\.line))
        }
        return failures.isEmpty ? answered : (answered + failures).sorted { $0.line < $1.line }
    }
}
