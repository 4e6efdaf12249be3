import DescentFormats

/// The prediction task.
public enum PredictionTask: String, CaseIterable, Sendable {
    /// One of two classes.
    case binary
    /// One of several classes.
    case multiclass
    /// A number.
    case regression
}

/// Turns the column to be predicted into labels or standardised numbers, and answers back.
public struct TargetEncoder: Equatable, Sendable {
    /// The column's name.
    public let name: String
    /// The column's index in the training table.
    public let column: Int
    /// The prediction task.
    public let task: PredictionTask
    /// The classes, in the order of their labels: numbers by size, texts by alphabet. Empty for regression. For a
    /// binary task, label 1 is the second.
    public let classes: [String]
    /// Of the training rows' numbers; 0 for classes.
    public private(set) var mean: Double = 0
    /// Of the training rows' numbers, never 0; 1 for classes.
    public private(set) var deviation: Double = 1
    /// The task in words: `Survived: 2 classes (0, 1), so a binary classification`.
    public let note: String

    /// More different numbers than this are a regression.
    static let classLimit = 20

    /// Looks at all rows of the target and decides the task. Two values are a binary classification; up to 20 whole
    /// numbers or, in any number that repeats, texts are classes; other numbers a regression.
    ///
    /// - Parameters:
    ///   - table: The table, training and test rows together.
    ///   - column: The target's name or number.
    ///   - task: The task, `nil` to guess.
    /// - Throws: `DataError` for an unknown column, a missing target or one that is no number (with its line), a single
    ///   class, a target whose texts are all different.
    public init(fitting table: Table, column nameOrNumber: String, task: PredictionTask? = nil) throws(DataError) {
        let column = try table.column(nameOrNumber)
        let rows = Array(0..<table.rowCount)
        let profile = ColumnProfile(table, column: column, rows: rows)
        self.column = column
        name = table.names[column]
        if let row = rows.first(where: { table.isMissing(row: $0, column: column) }) {
            throw DataError(
                file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
                "the target \(quoted(name)) is missing. Fill it in or remove the line")
        }
        let words = Self.classes(table, profile, column: column)
        if words.count == 1 {
            throw DataError(
                file: table.file, column: name,
                "the target \(quoted(name)) is \(quoted(words[0])) in every row, so there is nothing to learn")
        }
        let guessed = Self.guess(profile, distinct: words.count)
        let task = task == .multiclass && words.count == 2 ? .binary : task ?? guessed
        self.task = task
        switch task {
        case .regression:
            if let error = profile.invalidCellError(table, column: column) { throw error }
            classes = []
            note = "\(name): numbers\(table.spelling(ofColumn: column).words.map { " (\($0))" } ?? ""), so a regression"
            try fitStandard(table, rows: rows)
        case .binary, .multiclass:
            if task == .binary && words.count > 2 {
                throw DataError(
                    file: table.file, column: name,
                    "the target \(quoted(name)) has \(words.count) different values, and a binary classification has 2")
            }
            if profile.isNumeric, let error = profile.invalidCellError(table, column: column) { throw error }
            if words.count * 2 > rows.count && words.count > 2 {
                throw DataError(
                    file: table.file, column: name,
                    "the target \(quoted(name)) has \(words.count) different values in \(rows.count) rows: "
                        + "too many to be classes, and not numbers")
            }
            classes = words
            let kind = task == .binary ? "binary classification" : "classification"
            note = "\(name): \(words.count) classes (\(Self.list(words))), so a \(kind)"
        }
    }

    /// Fits mean and deviation of a regression to the training rows (all rows until then); classes stay.
    ///
    /// - Throws: `DataError` where the numbers are too large to compute with.
    public mutating func fitStandard(_ table: Table, rows: [Int]) throws(DataError) {
        if task != .regression { return }
        let moments = Moments(rows.compactMap { table.number(row: $0, column: column) })
        guard moments.mean.isFinite, moments.deviation.isFinite else {
            throw DataError(
                file: table.file, column: name, "the target \(quoted(name)) has numbers too large to compute with")
        }
        mean = moments.mean
        deviation = moments.deviation > 0 ? moments.deviation : 1
    }

    /// The rows divided into training and test part: stratified for classes, shuffled for numbers. The encoder's mean
    /// and deviation are then those of the training part.
    public mutating func split(_ table: Table, testFraction: Double = 0.2, seed: UInt64) throws(DataError) -> Split {
        let split =
            task == .regression
            ? Split.shuffled(count: table.rowCount, testFraction: testFraction, seed: seed)
            : Split.stratified(labels: try labels(table), testFraction: testFraction, seed: seed)
        try fitStandard(table, rows: split.train)
        return split
    }

    /// The label of each row, from 0; for classes.
    ///
    /// - Throws: `DataError` with the line of a cell that is missing or none of the classes.
    public func labels(_ table: Table, rows: [Int]? = nil) throws(DataError) -> [Int32] {
        let place = try place(in: table)
        let index = Dictionary(classes.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        var labels: [Int32] = []
        for row in rows ?? Array(0..<table.rowCount) {
            guard let label = index[Self.word(table, row: row, column: place)] else {
                throw wrongCell(table, row: row, place: place, expected: "none of the classes \(Self.list(classes))")
            }
            labels.append(label)
        }
        return labels
    }

    /// The standardised number of each row, (x - mean) / deviation; for regression.
    ///
    /// - Throws: `DataError` with the line of a cell that is missing or no number.
    public func values(_ table: Table, rows: [Int]? = nil) throws(DataError) -> [Float] {
        let place = try place(in: table)
        var values: [Float] = []
        for row in rows ?? Array(0..<table.rowCount) {
            guard let value = table.number(row: row, column: place) else {
                throw wrongCell(table, row: row, place: place, expected: "not a finite number")
            }
            values.append(Float((value - mean) / deviation))
        }
        return values
    }

    /// A standardised number in the column's own unit.
    public func inverse(_ value: Float) -> Double { Double(value) * deviation + mean }

    /// The target's index in a table that may not be the training table.
    ///
    /// - Throws: `DataError` that lists the columns.
    public func place(in table: Table) throws(DataError) -> Int { try table.column(name) }

    private static func list(_ classes: [String]) -> String {
        classes.prefix(10).joined(separator: ", ") + (classes.count > 10 ? ", ..." : "")
    }

    private func wrongCell(_ table: Table, row: Int, place: Int, expected: String) -> DataError {
        let text = table.text(row: row, column: place)
        let reason =
            table.isMissing(row: row, column: place)
            ? "the target \(quoted(name)) is missing" : "the target \(quoted(name)) is \(quoted(text)), \(expected)"
        return DataError(file: table.file(ofRow: row), line: table.line(ofRow: row), column: name, reason)
    }

    private static func guess(_ profile: ColumnProfile, distinct: Int) -> PredictionTask {
        if distinct == 2 { return .binary }
        guard profile.isNumeric else { return .multiclass }
        let areWhole = profile.numbers.allSatisfy { $0.value == $0.value.rounded() }
        return areWhole && distinct <= classLimit && distinct * 3 <= profile.rowCount ? .multiclass : .regression
    }

    /// The different values: by size if all are numbers, else by alphabet.
    private static func classes(_ table: Table, _ profile: ColumnProfile, column: Int) -> [String] {
        if profile.numbers.count == profile.rowCount {
            return Set(profile.numbers.map(\.value)).sorted().map(word)
        }
        return Set((0..<profile.rowCount).map { word(table, row: $0, column: column) }).sorted()
    }

    /// A cell's class: numbers in one spelling ("1", "1.0" and "+1" are one class), texts as they are.
    private static func word(_ table: Table, row: Int, column: Int) -> String {
        table.number(row: row, column: column).map(word) ?? table.text(row: row, column: column)
    }

    private static func word(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}

extension TargetEncoder {
    /// All that was fitted, to be stored with a model.
    public func toJSON() -> JSON {
        [
            "version": 1, "name": .string(name), "column": .integer(Int64(column)), "task": .string(task.rawValue),
            "classes": JSON(classes), "mean": .number(mean), "deviation": .number(deviation), "note": .string(note),
        ]
    }

    /// A target that was stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        let version = try json["version"].int()
        if version != 1 {
            throw json["version"].error("is \(version), and this program knows version 1: a newer one wrote the model")
        }
        name = try json["name"].string()
        column = try json["column"].int()
        let word = try json["task"].string()
        guard let task = PredictionTask(rawValue: word) else {
            throw json["task"].error("is \(quoted(word)), which is unknown")
        }
        self.task = task
        classes = try json["classes"].strings()
        mean = try json["mean"].double()
        deviation = try json["deviation"].double()
        note = try json["note"].string()
        if deviation <= 0 { throw json["deviation"].error("is not positive") }
        if task == .regression ? !classes.isEmpty : classes.count < 2 || (task == .binary && classes.count != 2) {
            throw json["classes"].error("has \(classes.count) classes, which does not fit the task \(word)")
        }
    }
}
