import DescentFormats

/// The series of one file: one after another or interleaved, told apart by columns that name them, or one in each of several columns.
public struct SeriesCollection: Sendable {
    /// The series, in the order in which the file names them; those of one name side by side, a target each.
    public let series: [TimeSeries]
    /// The columns of the numbers.
    public let targets: [String]
    /// The columns that name the series; empty where the file has one.
    public let identityNames: [String]
    /// The columns beside the targets that forecasts read.
    public let inputColumns: [SeriesInputColumn]
    /// What was guessed of the columns that name series, in a sentence.
    public let guess: String?

    /// Reads the series of a table.
    ///
    /// - Parameters:
    ///   - target: the column of the numbers, or several with commas between.
    ///   - date: the column of the dates; nil to look for one, "none" to count rows.
    ///   - identity: the columns that name the series; nil to look for one where dates repeat, empty for none.
    ///   - duplicates: what becomes of rows of one series and date; nil to refuse them.
    ///   - inputs: the columns beside the target that are read.
    /// - Throws: `DataError`, as `TimeSeries.init`, and for an input that is missing or not of numbers or few texts.
    public init(
        _ table: Table, target: String, date: String? = nil, identity: [String]? = nil, duplicates: DuplicateDates? = nil, inputs: SeriesInputChoice = .none
    ) throws(DataError) {
        let columns = try Self.targets(table, target)
        var named: [Int] = []
        for name in identity ?? [] { named.append(try table.column(name)) }
        let dates = try SeriesDates.find(table, named: date, except: Set(columns + named))
        if identity == nil, duplicates == nil, let dates, let found = Self.guessedIdentity(table, dates: dates, except: columns + inputs.names.compactMap(table.index)) {
            named = found
            guess =
                "Dates repeat, and \(found.map { table.names[$0] }.joined(separator: " and ")) tells the rows of a date apart, so \(found.count == 1 ? "it names" : "they name") the series (--series changes it)"
        } else {
            guess = nil
        }
        inputColumns = try SeriesInputColumn.chosen(inputs, in: table, taken: Set(columns + named + (dates.map { [$0.column] } ?? [])))
        let keys = (0..<table.rowCount).map { row in named.map { table.text(row: row, column: $0) } }
        var places: [[String]: Int] = [:], groups: [(key: [String], rows: [Int])] = []
        for (row, key) in keys.enumerated() {
            if let place = places[key] {
                groups[place].rows.append(row)
            } else {
                places[key] = groups.count
                groups.append((key, [row]))
            }
        }
        let step = dates.map { dates in SeriesStep(of: groups.map { $0.rows.map { dates.dates[$0] } }, format: dates.format) } ?? .rows
        var series: [TimeSeries] = []
        for (key, rows) in groups {
            for column in columns {
                let own = SeriesRows(table, rows: rows, target: column, dates: dates, duplicates: duplicates)
                do {
                    series.append(try TimeSeries(own, step: step, identity: key, inputs: inputColumns))
                } catch let error where error.line == nil && groups.count > 1 {
                    throw DataError(file: error.file, "\(key.joined(separator: ", ")): \(error.reason)")
                }
            }
        }
        (self.series, targets, identityNames) = (series, columns.map { table.names[$0] }, named.map { table.names[$0] })
    }

    /// The columns of a target: one whose name has commas, or several with commas between.
    private static func targets(_ table: Table, _ target: String) throws(DataError) -> [Int] {
        if table.names.contains(target) || !target.contains(",") { return [try table.column(target)] }
        var columns: [Int] = []
        for name in target.split(separator: ",") {
            let column = try table.column(String(name.drop { $0 == " " }))
            if columns.contains(column) { throw DataError(file: table.file, column: table.names[column], "the column \(quoted(table.names[column])) is given twice; each target is one series") }
            columns.append(column)
        }
        return columns
    }

    /// Where dates repeat: the column, or the two columns, by whose texts the rows of a date differ.
    private static func guessedIdentity(_ table: Table, dates: SeriesDates, except others: [Int]) -> [Int]? {
        let instants = dates.dates.map(\.absolute)
        if Set(instants).count == instants.count { return nil }
        let candidates = (0..<table.columnCount).filter { column in
            guard column != dates.column, !others.contains(column) else { return false }
            let texts = (0..<table.rowCount).map { table.text(row: $0, column: column) }
            let isMeasure = (0..<table.rowCount).contains { row in table.number(row: row, column: column).map { $0 != $0.rounded() } ?? false }
            let count = Set(texts).count
            return count > 1 && count * 3 <= table.rowCount && !isMeasure
        }
        func separates(_ columns: [Int]) -> Bool {
            var seen: Set<[String]> = []
            return (0..<table.rowCount).allSatisfy { row in seen.insert(columns.map { table.text(row: row, column: $0) } + ["\(instants[row])"]).inserted }
        }
        if let one = candidates.first(where: { separates([$0]) }) { return [one] }
        for (place, first) in candidates.enumerated() {
            for second in candidates.dropFirst(place + 1) where separates([first, second]) { return [first, second] }
        }
        return nil
    }
}
