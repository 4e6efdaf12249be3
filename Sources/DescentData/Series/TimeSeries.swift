import DescentFormats

/// Numbers at equal distances in time.
public struct TimeSeries: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The column of the numbers.
    public let name: String
    /// The column of the dates, nil where there is none.
    public let dateName: String?
    /// The numbers, those that were filled in among them.
    public let values: [Double]
    /// A sentence on filled-in values and their places; nil if there are none.
    public let gapNote: String?
    /// How many numbers were filled in.
    public let filledCount: Int
    package let step: SeriesStep
    /// The place of the first number.
    package let first: Int

    /// No more than this part of a series is filled in.
    private static let filledLimit = 0.05

    /// Takes a series from a table whose rows are in the order of time.
    ///
    /// Where dates are missing between others, and few are, their numbers are put in on a straight line between the neighbours'.
    ///
    /// - Parameters:
    ///   - target: the column of the numbers.
    ///   - date: the column of the dates; nil to look for one.
    /// - Throws: `DataError` for a cell that is no number, for dates that go back, stand twice or stand at odd distances, and for more gaps than
    ///   can be filled in: it names them.
    public init(_ table: Table, target: String, date: String? = nil) throws(DataError) {
        let column = try table.column(target)
        let name = table.names[column]
        var numbers: [Double] = []
        for row in 0..<table.rowCount {
            guard let number = table.number(row: row, column: column) else {
                let text = table.text(row: row, column: column)
                let what = table.isMissing(row: row, column: column) ? "is missing" : "is \(quoted(text)), not a number"
                throw DataError(
                    file: table.file, line: table.line(ofRow: row), column: name,
                    "column \(quoted(name)) \(what); a series needs a number in every row. Fix the cell, or take the row out: a gap between dates can be filled in")
            }
            numbers.append(number)
        }
        file = table.file
        self.name = name
        guard let (dateColumn, profile) = try Self.dates(table, target: column, named: date) else {
            (dateName, values, gapNote, filledCount) = (nil, numbers, nil, 0)
            (step, first) = (SeriesStep(unit: .row, count: 1), 0)
            return
        }
        if let error = profile.error(table, column: dateColumn, invalidCells: .reject) { throw error }
        guard profile.dates.count == table.rowCount else {
            let row = (0..<table.rowCount).first { table.isMissing(row: $0, column: dateColumn) } ?? 0
            throw DataError(
                file: table.file, line: table.line(ofRow: row), column: profile.column,
                "column \(quoted(profile.column)) has no date here; a series needs one in every row. Give it one, or take the row out")
        }
        dateName = profile.column
        let (step, places) = Self.places(profile)
        self.step = step
        first = places[0]
        try Self.checkOrder(places, step, table, dateColumn)
        (values, gapNote, filledCount) = try Self.filled(numbers, places, step, file: table.file)
    }

    /// The label of an index, also beyond the end.
    public func label(_ index: Int) -> String { step.label(first + index * step.count) }

    /// The distance between rows in words: "a month".
    public var distance: String { step.words }

    // MARK: - Dates

    private static func dates(_ table: Table, target: Int, named date: String?) throws(DataError) -> (column: Int, profile: DateProfile)? {
        let rows = Array(0..<table.rowCount)
        if let date {
            let column = try table.column(date)
            guard let profile = DateProfile(table, column: column, rows: rows), profile.isDate else {
                throw DataError(
                    file: table.file, line: table.line(ofRow: 0), column: table.names[column],
                    "column \(quoted(table.names[column])) has no dates that are understood; 2024-03-31 and 31.03.2024 are")
            }
            return (column, profile)
        }
        for column in 0..<table.columnCount where column != target {
            // A column of plain numbers is none of dates.
            if let profile = DateProfile(table, column: column, rows: rows), profile.isDate { return (column, profile) }
        }
        return nil
    }

    /// Where the dates stand, counted in months if all are the same day of their months, else in days, else in seconds.
    private static func places(_ profile: DateProfile) -> (SeriesStep, [Int]) {
        let days = profile.dates.map(\.days)
        let areWhole = days.allSatisfy { $0 == $0.rounded(.down) }
        if areWhole {
            let dates = days.map { DateFormat.calendar(Int($0)) }
            let months = dates.map { $0.year * 12 + $0.month - 1 }
            if Set(dates.map(\.day)).count == 1, Set(months).count == months.count {
                let day = profile.format == .yearMonth ? 0 : dates[0].day
                return (SeriesStep(unit: .month, count: commonDistance(months), dayOfMonth: day), months)
            }
            let places = days.map { Int($0) }
            return (SeriesStep(unit: .day, count: commonDistance(places)), places)
        }
        let places = days.map { Int(($0 * 86_400).rounded()) }
        return (SeriesStep(unit: .second, count: commonDistance(places)), places)
    }

    /// The distance that is found most often; of equals the shortest. 1 where there is none.
    private static func commonDistance(_ places: [Int]) -> Int {
        var counts: [Int: Int] = [:]
        for (a, b) in zip(places, places.dropFirst()) where b > a { counts[b - a, default: 0] += 1 }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    }

    private static func checkOrder(_ places: [Int], _ step: SeriesStep, _ table: Table, _ column: Int) throws(DataError) {
        for row in places.indices.dropFirst() {
            let distance = places[row] - places[row - 1]
            if distance > 0 && distance % step.count == 0 { continue }
            let this = step.label(places[row])
            let before = step.label(places[row - 1])
            let what =
                distance == 0
                ? "\(this) stands twice; keep one of the rows"
                : distance < 0
                    ? "\(this) comes after \(before); sort the rows by date"
                    : "\(this) comes after \(before), and most rows are \(step.words) apart; a series needs equal distances"
            throw DataError(file: table.file, line: table.line(ofRow: row), column: table.names[column], what)
        }
    }

    private static func filled(
        _ numbers: [Double], _ places: [Int], _ step: SeriesStep, file: String
    ) throws(DataError) -> (values: [Double], note: String?, count: Int) {
        let steps = zip(places, places.dropFirst()).map { ($1 - $0) / step.count }
        let missing = steps.reduce(0) { $0 + $1 - 1 }
        if missing == 0 { return (numbers, nil, 0) }
        let gaps = steps.indices.filter { steps[$0] > 1 }.map { row in
            let first = step.label(places[row] + step.count)
            return steps[row] == 2 ? first : "\(first) to \(step.label(places[row + 1] - step.count))"
        }
        let shown = gaps.prefix(5).joined(separator: ", ") + (gaps.count > 5 ? " and \(gaps.count - 5) more" : "")
        let what = missing == 1 ? "1 date is missing" : "\(missing) dates are missing"
        if Double(missing) > filledLimit * Double(places.count) {
            throw DataError(file: file, "\(what) between the \(places.count) that there are (\(shown)); that is too much to fill in. Add the rows, or use the part without gaps")
        }
        var values: [Double] = [numbers[0]]
        for (row, count) in steps.enumerated() {
            for part in 1...count {
                let share = Double(part) / Double(count)
                values.append(part == count ? numbers[row + 1] : numbers[row] * (1 - share) + numbers[row + 1] * share)
            }
        }
        return (values, "\(what) (\(shown)); filled in on a straight line between the neighbours", missing)
    }
}
