import DescentFormats

/// A column beside the target that forecasts read.
public struct SeriesInputColumn: Equatable, Sendable {
    /// The column's name in the file.
    public let name: String
    /// The text that counts as 1 where all others count as 0; `nil` for a column of numbers.
    public let category: String?
    /// Whether its values are known ahead, as those of promotions and prices are. Of another column only the past is read.
    public let isKnown: Bool

    /// A column as a model knows it.
    public init(name: String, category: String? = nil, isKnown: Bool) { (self.name, self.category, self.isKnown) = (name, category, isKnown) }

    /// In words: "promo", "holiday is Easter".
    public var words: String { category.map { "\(name) is \($0)" } ?? name }
}

/// Which columns beside the target are read.
public enum SeriesInputChoice: Sendable {
    /// None.
    case none
    /// Those named, by what they hold. Where `lagged` is `nil`, the other columns of numbers are read at earlier steps.
    case named(known: [String], lagged: [String]?)
    /// Those of a model.
    case columns([SeriesInputColumn])

    /// The names of the columns that were asked for.
    var names: [String] {
        switch self {
        case .none: []
        case .named(let known, let lagged): known + (lagged ?? [])
        case .columns(let columns): columns.map(\.name)
        }
    }
}

extension SeriesInputColumn {
    /// More columns of numbers than this are not read without being asked for.
    private static let mostGuessed = 8
    /// A column of more texts than this says something else at each step.
    private static let mostCategories = 20

    /// The columns that a choice means.
    ///
    /// - Parameter taken: The columns of the targets, the dates and the names of series.
    static func chosen(_ choice: SeriesInputChoice, in table: Table, taken: Set<Int>) throws(DataError) -> [SeriesInputColumn] {
        switch choice {
        case .none: return []
        case .columns(let columns):
            for column in columns { _ = try table.column(column.name) }
            return columns
        case .named(let known, let lagged):
            var columns: [SeriesInputColumn] = [], used = taken
            for (name, isKnown) in known.map({ ($0, true) }) + (lagged ?? []).map({ ($0, false) }) where !(lagged == [none] && name == none) {
                let place = try table.column(name)
                if taken.contains(place) {
                    throw DataError(file: table.file, column: name, "the column \(quoted(table.names[place])) is the target, the dates or the name of the series; it cannot be an input too")
                }
                if !used.insert(place).inserted { throw DataError(file: table.file, column: name, "the column \(quoted(table.names[place])) is named twice as an input") }
                columns += try Self.read(place, of: table, isKnown: isKnown)
            }
            if lagged == nil { columns += guessed(in: table, except: used).map { SeriesInputColumn(name: table.names[$0], isKnown: false) } }
            return columns
        }
    }

    /// The word that stands for no column.
    private static let none = "none"

    /// A column as numbers, or as what is 1 for each of its texts.
    private static func read(_ place: Int, of table: Table, isKnown: Bool) throws(DataError) -> [SeriesInputColumn] {
        let name = table.names[place], rows = 0..<table.rowCount
        let present = rows.filter { !table.isMissing(row: $0, column: place) }
        if present.allSatisfy({ table.number(row: $0, column: place) != nil }) { return [SeriesInputColumn(name: name, isKnown: isKnown)] }
        var counts: [String: Int] = [:]
        for row in present { counts[table.text(row: row, column: place), default: 0] += 1 }
        var texts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        if texts.count > mostCategories {
            throw DataError(
                file: table.file, column: name, "the column \(quoted(name)) has \(texts.count) different texts; an input is a number, or one of at most \(mostCategories) texts")
        }
        // Where no cell is empty, the most frequent text is what the others differ from.
        if present.count == table.rowCount { texts.removeFirst() }
        return texts.map { SeriesInputColumn(name: name, category: $0, isKnown: isKnown) }
    }

    /// Columns of numbers that change, and do not just count the rows.
    private static func guessed(in table: Table, except used: Set<Int>) -> [Int] {
        let found = (0..<table.columnCount).filter { column in
            guard !used.contains(column) else { return false }
            let rows = (0..<table.rowCount).filter { !table.isMissing(row: $0, column: column) }
            let numbers = rows.compactMap { table.number(row: $0, column: column) }
            guard numbers.count == rows.count, numbers.count * 2 > table.rowCount, Set(numbers).count > 1 else { return false }
            return !zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 1 }
        }
        return found.count > mostGuessed ? [] : found
    }

    /// The number in a row; `nil` where there is none.
    private func number(_ table: Table, row: Int, column: Int) throws(DataError) -> Double? {
        if let category { return table.text(row: row, column: column) == category ? 1 : (isKnown || !table.isMissing(row: row, column: column) ? 0 : nil) }
        if let number = table.number(row: row, column: column) { return number }
        if table.isMissing(row: row, column: column) { return nil }
        throw DataError(
            file: table.file, line: table.line(ofRow: row), column: name,
            "column \(quoted(name)) is \(quoted(table.text(row: row, column: column))), not a number, and it is read as numbers. Fix the cell, or leave the column out of the inputs")
    }

    /// The numbers beside a series: of a cell that is empty or a date that is missing, the last one before. Those known ahead go on after the series
    /// as far as rows give them without a hole.
    ///
    /// - Parameters:
    ///   - places: Of the rows, where they stand in time.
    ///   - first: The place of the series' first value.
    ///   - count: The number of its values.
    func numbers(_ table: Table, rows: [Int], places: [Int], first: Int, count: Int, step: SeriesStep) throws(DataError) -> [Double] {
        let column = try table.column(name)
        var found: [Int: (sum: Double, count: Double)] = [:]
        for (row, place) in zip(rows, places) where (place - first) % step.count == 0 {
            guard let number = try number(table, row: row, column: column) else { continue }
            let index = (place - first) / step.count, before = found[index] ?? (0, 0)
            found[index] = (before.sum + number, before.count + 1)
        }
        func value(_ index: Int) -> Double? { found[index].map { $0.sum / $0.count } }
        var last = (0..<count).lazy.compactMap(value).first ?? 0
        var numbers = (0..<count).map { index in
            last = value(index) ?? last
            return last
        }
        while isKnown, let next = value(numbers.count) { numbers.append(next) }
        return numbers
    }
}
