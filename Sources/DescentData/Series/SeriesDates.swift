import DescentFormats

/// A table's column of dates: a date for each row, and how they are written.
struct SeriesDates {
    let column: Int
    let format: SeriesDateFormat
    /// One for each row.
    let dates: [SeriesDate]

    /// The word that stands for no column of dates.
    static let none = "none"

    /// The column that was named, or the first one of dates; `nil` where there is none, or "none" was named.
    ///
    /// - Parameter others: Columns that hold the numbers or the names of series.
    static func find(_ table: Table, named name: String?, except others: Set<Int>) throws(DataError) -> SeriesDates? {
        if let name {
            if name == none, !table.names.contains(none) { return nil }
            let column = try table.column(name)
            guard let found = try SeriesDates(table, column: column, isNamed: true) else {
                throw DataError(
                    file: table.file, line: table.line(ofRow: 0), column: table.names[column],
                    "column \(quoted(table.names[column])) has no dates that are understood; 2024-03-31 and 31.03.2024 are")
            }
            return found
        }
        for column in 0..<table.columnCount where !others.contains(column) {
            if let found = try SeriesDates(table, column: column, isNamed: false) { return found }
        }
        return nil
    }

    /// How many texts show which patterns may be the column's.
    private static let sampleCount = 20

    /// `nil` for a column that is none of dates.
    private init?(_ table: Table, column: Int, isNamed: Bool) throws(DataError) {
        let rows = (0..<table.rowCount).filter { !table.isMissing(row: $0, column: column) }
        func text(_ row: Int) -> String { table.text(row: row, column: column) }
        let sample = rows.prefix(Self.sampleCount).map(text)
        let likely = SeriesDateFormat.patterns.filter { pattern in sample.count { SeriesDateFormat.read($0, pattern: pattern) != nil } * 2 > sample.count }
        let candidates = likely.map { Reading(rows: rows, pattern: $0, text: text) }
        guard let most = candidates.map(\.dates.count).max() else { return nil }
        let best = candidates.filter { $0.dates.count == most }.max { $0.regularity < $1.regularity }!
        let odd = rows.count - most
        guard odd * 20 <= most || (odd == 1 && most >= 3) else { return nil }
        if best.format.isNumber, !isNamed, !best.isLikelyDate(name: table.names[column]) { return nil }
        let name = table.names[column]
        if let row = best.firstOdd {
            throw DataError(
                file: table.file, line: table.line(ofRow: row), column: name,
                "column \(quoted(name)) is \(quoted(text(row))), and the other dates are like \(quoted(text(best.rows[0]))) (\(best.format.words)). Write all in one format, or give --date none to count rows"
            )
        }
        guard rows.count == table.rowCount else {
            let row = (0..<table.rowCount).first { table.isMissing(row: $0, column: column) } ?? 0
            throw DataError(
                file: table.file, line: table.line(ofRow: row), column: name,
                "column \(quoted(name)) has no date here; a series needs one in every row. Give it one, or take the row out")
        }
        (self.column, format, dates) = (column, best.format, best.dates)
    }

    /// A column's texts by one pattern.
    private struct Reading {
        private(set) var format: SeriesDateFormat
        private(set) var rows: [Int] = []
        private(set) var dates: [SeriesDate] = []
        /// The first row that does not follow the pattern.
        private(set) var firstOdd: Int?

        init(rows all: [Int], pattern: String, text: (Int) -> String) {
            var format: SeriesDateFormat?
            for row in all {
                guard let (date, found) = SeriesDateFormat.read(text(row), pattern: pattern) else {
                    if firstOdd == nil { firstOdd = row }
                    continue
                }
                if format == nil { format = found } else { format!.merge(found) }
                rows.append(row)
                dates.append(date)
            }
            self.format = format ?? SeriesDateFormat(pattern)
        }

        /// The share of distances between dates that are the usual one: it tells day/month from month/day.
        var regularity: Double {
            let step = SeriesStep(of: [dates], format: format), places = Set(dates.map(step.place)).sorted()
            let regular = zip(places, places.dropFirst()).count { $1 - $0 == step.count }
            // Of two patterns that are regular, the one whose step is a calendar's own; of those the American one where there is AM and PM.
            let isOdd = step.unit == .day && step.count > 1 && step.count != 7, isAmerican = format.time?.hasHalves == true && format.pattern == "m/d/y"
            return Double(regular) / Double(max(1, places.count - 1)) - (isOdd ? 0.01 : 0) + (isAmerican ? 0.005 : 0)
        }

        private static let names: Set<String> = ["date", "time", "timestamp", "datetime", "year", "yr", "month", "period", "ds", "ts", "epoch", "unix", "day", "quarter"]

        /// Whether numbers that may be dates are meant as such: by the column's name, or since they follow each other as dates do.
        func isLikelyDate(name: String) -> Bool {
            let words = name.lowercased().split { !$0.isLetter }.map(String.init)
            if words.contains(where: Self.names.contains) { return true }
            return Set(dates.map(\.absolute)).count >= 4 && regularity > 0.95
        }
    }
}
