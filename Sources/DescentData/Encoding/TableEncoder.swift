import DescentFormats

/// Turns the columns of a table into features, as fitted on the training rows: nothing of other rows is known to it.
///
/// - A number is standardised; where missing it takes the median, and a feature of its own says so. Positive numbers
///   with a long tail are taken as logarithms.
/// - A category has a feature per value, one for rare and unseen values, one for missing cells.
/// - A date becomes the days since the first, the year, and its places in the cycles of year, month, week and day.
/// - Yes and no, in the usual spellings, are one feature.
/// - Free text becomes what its n-grams say of the target, where a training asks for that (`scoringTexts`), otherwise the counts of some words.
/// - Another text is searched for a part that repeats and so says what kind of thing it is (a title within a name, the letter
///   before a number); without one, sentences become the
///   counts of some words, and other texts are not used.
/// - Columns that have one value throughout, are empty, or only count the rows are not used.
///
/// "NaN", like "NA" and an empty cell, is a missing value; an infinity or a text in a column of numbers is an error
/// that names the line, or taken as missing if `invalidCells` says so.
public struct TableEncoder: Sendable {
    /// Features of rows.
    public struct Encoded: Sendable {
        /// Row-major, [rowCount, featureCount]; every value is finite.
        public let values: [Float]
        /// The number of rows.
        public let rowCount: Int
        /// The number of features of each row.
        public let featureCount: Int
    }

    /// The names of the features, such as `Age`, `Age missing`, `Embarked = S`.
    public var featureNames: [String] { columns.flatMap { $0.rule.featureNames($0.name) } }
    /// The number of features.
    public var featureCount: Int { columns.reduce(0) { $0 + $1.rule.width } }
    /// The columns that a table must have, by name.
    public var requiredColumns: [String] { columns.filter { $0.rule.width > 0 }.map(\.name) }
    /// Whether the training file named its columns; a file to predict is read the same way.
    public let hasHeader: Bool
    /// The treatment of invalid cells.
    public var invalidCells: InvalidCells
    /// How the training file's columns wrote their numbers, by name, where not plainly; the target among them.
    public let spellings: [String: NumberSpelling]
    /// The words that meant that a cell has no value.
    public let missingWords: MissingWords

    struct Column: Equatable, Sendable {
        let name: String
        let rule: ColumnRule
        /// A note on its treatment.
        let note: String
    }

    let columns: [Column]
    /// The number of columns of the training file, and which of them was the target: without a header, the columns of a
    /// file are recognised by these.
    let fileColumnCount: Int
    let target: Int?

    /// Fits an encoder to some rows of a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - rows: The training rows, from 0; `nil` for all.
    ///   - target: The index of the column that is to be predicted, which becomes no feature.
    ///   - kinds: Kinds by column name or number that are to be used instead of what is guessed.
    ///   - invalidCells: What to do with a cell that is no number in a column of numbers.
    /// - Throws: `DataError` for such a cell, an unknown column in `kinds`, and where no column is usable as an input.
    public init(
        fitting table: Table, rows: [Int]? = nil, target: Int?, kinds: [String: ColumnKind] = [:],
        invalidCells: InvalidCells = .reject
    ) throws(DataError) {
        var wanted: [Int: ColumnKind] = [:]
        for (name, kind) in kinds { wanted[try table.column(name)] = kind }
        let rows = rows ?? Array(0..<table.rowCount)
        var columns: [Column] = []
        let inputs = table.names.indices.filter { $0 != target }
        let fitters = inputs.map { ColumnFitter(table: table, column: $0, rows: rows, invalidCells: invalidCells) }
        for (index, fitter) in zip(inputs, fitters) {
            let (rule, note) = try fitter.fit(wanted[index])
            columns.append(Column(name: table.names[index], rule: rule, note: note))
        }
        // If nothing else is usable, a column of row numbers may be the time.
        if columns.allSatisfy({ $0.rule.width == 0 }) {
            for (place, fitter) in fitters.enumerated()
            where columns[place].rule == .ignored(reason: ColumnFitter.countsRows) {
                let (rule, note) = try fitter.fit(.number)
                columns[place] = Column(name: columns[place].name, rule: rule, note: note)
            }
        }
        self.columns = columns
        self.target = target
        self.invalidCells = invalidCells
        hasHeader = table.hasHeader
        missingWords = table.missingWords
        spellings = Dictionary(
            uniqueKeysWithValues: table.names.indices.map { (table.names[$0], table.spelling(ofColumn: $0)) }.filter { $0.1 != .plain })
        fileColumnCount = table.columnCount
        if featureCount == 0 {
            throw DataError(
                file: table.file, "no column is usable as an input: " + columns.map(\.note).joined(separator: "; "))
        }
    }

    /// An encoder with other rules for the same columns.
    init(columns: [Column], like other: TableEncoder) {
        self.columns = columns
        target = other.target
        invalidCells = other.invalidCells
        hasHeader = other.hasHeader
        (spellings, missingWords) = (other.spellings, other.missingWords)
        fileColumnCount = other.fileColumnCount
    }

    /// The options with which to read a file for this encoder.
    public var tableOptions: Table.Options { Table.Options(header: hasHeader ? .present : .absent, spellings: spellings, missing: missingWords) }

    /// A line for each column of the file that says what was done with it:
    /// `Age: number, 20% missing (filled with the median, 28; a feature says where)`.
    public func describe() -> [String] { columns.map { "\($0.name): \($0.note)" } }

    /// The features of rows of a table. Columns are found by name; others are ignored.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - rows: Which rows, from 0, in this order; `nil` for all.
    /// - Throws: `DataError` that names the columns that are missing, or the line of a cell that fits its column ill.
    public func transform(_ table: Table, rows: [Int]? = nil) throws(DataError) -> Encoded {
        let places = try places(in: table)
        let rows = rows ?? Array(0..<table.rowCount)
        let width = featureCount
        var values = [Float](repeating: 0, count: rows.count * width)
        var failure: DataError?
        values.withUnsafeMutableBufferPointer { output in
            var first = 0
            for (column, place) in zip(columns, places) {
                guard let place, failure == nil else { continue }
                for (index, row) in rows.enumerated() {
                    let start = index * width + first
                    let cell = UnsafeMutableBufferPointer(rebasing: output[start..<start + column.rule.width])
                    switch column.rule {
                    case .number(let rule):
                        switch table.content(row: row, column: place) {
                        case .number(let value): rule.write(value, into: cell)
                        case .missing: rule.write(nil, into: cell)
                        case .infinite, .text:
                            rule.write(nil, into: cell)
                            guard invalidCells == .reject, failure == nil else { continue }
                            let profile = ColumnProfile(table, column: place, rows: Array(rows[index...]))
                            failure = profile.invalidCellError(table, column: place)
                        }
                    case .category(let rule):
                        let isMissing = table.isMissing(row: row, column: place)
                        rule.write(isMissing ? nil : table.text(row: row, column: place), into: cell)
                    case .words(let rule):
                        let isMissing = table.isMissing(row: row, column: place)
                        rule.write(isMissing ? nil : table.text(row: row, column: place), into: cell)
                    case .scores(let rule):
                        rule.write(table.isMissing(row: row, column: place) ? nil : table.text(row: row, column: place), into: cell)
                    case .boolean(let rule):
                        let text = table.isMissing(row: row, column: place) ? nil : table.text(row: row, column: place)
                        let value = text.flatMap(BooleanRule.value)
                        rule.write(value, into: cell)
                        guard text != nil, value == nil, invalidCells == .reject, failure == nil else { continue }
                        failure = ColumnRule.invalidCellError(table, row: row, column: place, name: column.name, expected: "not a boolean")
                    case .date(let rule):
                        let text = table.isMissing(row: row, column: place) ? nil : table.text(row: row, column: place)
                        let moment = text.flatMap(rule.format.moment)
                        rule.write(moment, into: cell)
                        guard text != nil, moment == nil, invalidCells == .reject, failure == nil else { continue }
                        failure = ColumnRule.invalidCellError(
                            table, row: row, column: place, name: column.name, expected: "not a date (\(rule.format.words))")
                    case .ignored: break
                    }
                }
                first += column.rule.width
            }
        }
        if let failure { throw failure }
        return Encoded(values: values, rowCount: rows.count, featureCount: width)
    }

    /// Where each of our columns is in a table; `nil` for those that are not used.
    private func places(in table: Table) throws(DataError) -> [Int?] {
        if !hasHeader && !table.hasHeader {
            // By position. The target may be left out of a file that is to be predicted.
            let isWithoutTarget = target != nil && table.columnCount == fileColumnCount - 1
            guard table.columnCount == fileColumnCount || isWithoutTarget else {
                throw DataError(
                    file: table.file,
                    "\(table.columnCount) column\(table.columnCount == 1 ? "" : "s"), "
                        + "and the model was trained on \(fileColumnCount), its target included")
            }
            return columns.indices.map { index in
                let isAfterTarget = target.map { index >= $0 } ?? false
                return columns[index].rule.width == 0 ? nil : index + (isAfterTarget && !isWithoutTarget ? 1 : 0)
            }
        }
        let places = columns.map { column in
            column.rule.width == 0 ? nil : table.names.firstIndex(of: column.name)
        }
        let missing = zip(columns, places).filter { $0.rule.width > 0 && $1 == nil }.map { quoted($0.0.name) }
        if !missing.isEmpty {
            let what = "the column\(missing.count == 1 ? "" : "s") \(missing.joined(separator: ", "))"
            throw DataError(
                file: table.file,
                "\(what) that the model was trained on \(missing.count == 1 ? "is" : "are") missing. "
                    + "The columns are \(table.names.prefix(30).joined(separator: ", "))")
        }
        return places
    }
}

extension TableEncoder {
    /// All that was fitted, to be stored with a model. Of version 1 unless it has rules that came with version 2 (dates, booleans and words) or with version 3
    /// (spellings of numbers, words for missing values, scores of texts).
    public func toJSON() -> JSON {
        var object = JSON.Object()
        let hasScores = columns.contains { if case .scores = $0.rule { true } else { false } }
        let isPlain = spellings.isEmpty && missingWords == .usual
        object["version"] = .integer(hasScores || !isPlain ? 3 : columns.allSatisfy(\.rule.isInFirstVersion) ? 1 : 2)
        object["hasHeader"] = .bool(hasHeader)
        object["fileColumnCount"] = .integer(Int64(fileColumnCount))
        object["target"] = target.map { .integer(Int64($0)) } ?? nil
        object["oddCells"] = .string(invalidCells.rawValue)
        object["columns"] = .array(columns.map(\.json))
        if !spellings.isEmpty {
            object["spellings"] = .array(spellings.sorted { $0.key < $1.key }.map { ["column": .string($0.key), "spelling": $0.value.json ?? nil] })
        }
        if case .only(let words) = missingWords { object["missing"] = JSON(words.sorted()) }
        return .object(object)
    }

    /// An encoder that was stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        let version = try json["version"].int()
        if !(1...3).contains(version) {
            throw json["version"].error("is \(version), and this program knows versions 1 to 3: a newer one wrote the model")
        }
        hasHeader = try json["hasHeader"].bool()
        fileColumnCount = try json["fileColumnCount"].int()
        if fileColumnCount < 1 { throw json["fileColumnCount"].error("is \(fileColumnCount), which no file has") }
        target = json["target"].exists ? try json["target"].int() : nil
        if let target, !(0..<fileColumnCount).contains(target) {
            throw json["target"].error("is \(target), and the file had \(fileColumnCount) columns")
        }
        let odd = try json["oddCells"].string()
        guard let invalidCells = InvalidCells(rawValue: odd) else { throw json["oddCells"].error("is \(quoted(odd))") }
        self.invalidCells = invalidCells
        var spellings: [String: NumberSpelling] = [:]
        if json["spellings"].exists {
            for entry in try json["spellings"].elements() { spellings[try entry["column"].string()] = try NumberSpelling(json: entry["spelling"]) }
        }
        self.spellings = spellings
        missingWords = json["missing"].exists ? .only(Set(try json["missing"].strings())) : .usual
        var columns: [Column] = []
        for column in try json["columns"].elements() { columns.append(try Column(json: column)) }
        self.columns = columns
        guard columns.count == fileColumnCount - (target == nil ? 0 : 1) else {
            throw json["columns"].error("has \(columns.count) columns, and the file had \(fileColumnCount)")
        }
    }
}

extension TableEncoder.Column {
    fileprivate var json: JSON {
        var object = JSON.Object()
        object["name"] = .string(name)
        object["note"] = .string(note)
        switch rule {
        case .number(let rule): object["rule"] = rule.json
        case .category(let rule): object["rule"] = rule.json
        case .boolean(let rule): object["rule"] = rule.json
        case .date(let rule): object["rule"] = rule.json
        case .words(let rule): object["rule"] = rule.json
        case .scores(let rule): object["rule"] = rule.json
        case .ignored(let reason): object["rule"] = ["kind": "ignored", "reason": .string(reason)]
        }
        return .object(object)
    }

    fileprivate init(json: JSONReader) throws(FormatError) {
        name = try json["name"].string()
        note = try json["note"].string()
        let rule = json["rule"]
        switch try rule["kind"].string() {
        case "number": self.rule = .number(try NumberRule(json: rule))
        case "category": self.rule = .category(try CategoryRule(json: rule))
        case "boolean": self.rule = .boolean(try BooleanRule(json: rule))
        case "date": self.rule = .date(try DateRule(json: rule))
        case "words": self.rule = .words(try WordsRule(json: rule))
        case "scores": self.rule = .scores(try TextScoreRule(json: rule))
        case "ignored": self.rule = .ignored(reason: try rule["reason"].string())
        case let other: throw rule["kind"].error("is \(quoted(other)), which is unknown")
        }
    }
}
