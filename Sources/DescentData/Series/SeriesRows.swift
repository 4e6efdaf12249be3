import DescentFormats

/// What becomes of rows of one series that have the same date.
public enum DuplicateDates: String, CaseIterable, Sendable {
    case mean, sum, first, last

    func of(_ values: [Double]) -> Double {
        switch self {
        case .mean: values.reduce(0, +) / Double(values.count)
        case .sum: values.reduce(0, +)
        case .first: values[0]
        case .last: values[values.count - 1]
        }
    }
}

/// The rows of one series in a table, before they are sorted and filled in.
struct SeriesRows {
    let table: Table
    let rows: [Int]
    let target: Int
    let dates: SeriesDates?
    let duplicates: DuplicateDates?

    init(_ table: Table, rows: [Int], target: Int, dates: SeriesDates?, duplicates: DuplicateDates?) {
        (self.table, self.rows, self.target, self.dates, self.duplicates) = (table, rows, target, dates, duplicates)
    }

    /// The step of these rows alone.
    var step: SeriesStep { dates.map { dates in SeriesStep(of: [rows.map { dates.dates[$0] }], format: dates.format) } ?? .rows }

    /// Where each row stands in time.
    func places(step: SeriesStep) -> [Int] { dates.map { dates in rows.map { step.place(dates.dates[$0]) } } ?? Array(rows.indices) }

    /// The numbers in the order of time, `nil` for empty cells, with their places.
    func ordered(step: SeriesStep) throws(DataError) -> (places: [Int], numbers: [Double?], notes: [String]) {
        var numbers: [Double?] = []
        for row in rows {
            let number = table.number(row: row, column: target)
            if number == nil, !table.isMissing(row: row, column: target) {
                throw error(
                    row,
                    "column \(quoted(table.names[target])) is \(quoted(table.text(row: row, column: target))), not a number; a series needs a number in every row. Fix the cell, or take the row out: a gap between dates can be filled in",
                    column: target)
            }
            numbers.append(number)
        }
        guard let dates else { return (Array(rows.indices), numbers, []) }
        let places = places(step: step)
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        var result: (places: [Int], numbers: [Double?], notes: [String]) = ([], [], sortingNotes(places))
        var next = 0, merged: [String] = []
        while next < order.count {
            let same = order[next...].prefix { places[$0] == places[order[next]] }
            let place = places[order[next]]
            if same.count > 1 {
                guard let duplicates else { throw duplicateError(same.prefix(2).map { rows[$0] }) }
                let present = same.compactMap { numbers[$0] }
                result.numbers.append(present.isEmpty ? nil : duplicates.of(present))
                merged.append(step.label(place))
            } else {
                result.numbers.append(numbers[order[next]])
            }
            if let before = result.places.last, (place - before) % step.count != 0 {
                throw error(
                    rows[order[next]],
                    "\(step.label(place)) comes after \(step.label(before)), and most rows are \(step.words) apart; a series needs equal distances. Fix the date, or give --date none to count rows",
                    column: dates.column)
            }
            result.places.append(place)
            next += same.count
        }
        if let duplicates, !merged.isEmpty {
            let shown = merged.prefix(3).joined(separator: ", ") + (merged.count > 3 ? " and \(merged.count - 3) more" : "")
            result.notes.append("\(merged.count) \(merged.count == 1 ? "date has" : "dates have") several rows (\(shown)): the \(duplicates.rawValue) is taken")
        }
        return result
    }

    private func sortingNotes(_ places: [Int]) -> [String] {
        let pairs = zip(places, places.dropFirst())
        if pairs.allSatisfy({ $0 <= $1 }) { return [] }
        return [pairs.allSatisfy { $0 >= $1 } ? "the rows are newest first, and were put in the order of time" : "the rows are not in the order of time, and were sorted by date"]
    }

    private func duplicateError(_ pair: [Int]) -> DataError {
        let date = table.text(row: pair[0], column: dates!.column)
        let lines = pair.map { table.line(ofRow: $0) }.sorted()
        return error(
            pair.max { table.line(ofRow: $0) < table.line(ofRow: $1) }!,
            "\(date) stands twice, on lines \(lines[0]) and \(lines[1]). Keep one of the rows, say which value counts with --duplicates mean, sum, first or last, or name the column that tells series apart with --series",
            column: dates!.column)
    }

    private func error(_ row: Int, _ reason: String, column: Int) -> DataError {
        DataError(file: table.file, line: table.line(ofRow: row), column: table.names[column], reason)
    }
}

/// A series without gaps: missing dates and empty cells are filled in on a straight line between their neighbours.
struct SeriesFilling {
    private(set) var values: [Double] = []
    /// The place of the first value.
    let first: Int
    private(set) var count = 0
    private(set) var note: String?
    /// What was left out before the first value and after the last one.
    private(set) var endNotes: [String] = []

    /// No more than this part of a series is filled in where dates are missing: more of them say that the distance is another.
    private static let dateLimit = 0.05
    /// Holidays are more of the business days.
    private static let holidayLimit = 0.12
    /// No more than this part of a series is filled in where cells are empty.
    private static let cellLimit = 0.25

    /// - Parameters:
    ///   - places: In rising order, a multiple of the step apart.
    ///   - numbers: `nil` for an empty cell.
    init(_ places: [Int], _ numbers: [Double?], step: SeriesStep, file: String) throws(DataError) {
        guard let start = numbers.firstIndex(where: { $0 != nil }), let end = numbers.lastIndex(where: { $0 != nil }) else {
            throw DataError(file: file, "the series has no numbers: all its cells are empty")
        }
        first = places[start]
        if start > 0 { endNotes.append("\(Self.cells(start)) before the first number, and left out") }
        if end < numbers.count - 1 { endNotes.append("\(Self.cells(numbers.count - 1 - end)) after the last number; the forecast begins there") }
        var dates: [ClosedRange<Int>] = [], cells: [ClosedRange<Int>] = []
        var last = start
        for index in start...end {
            if index > start, places[index] - places[index - 1] > step.count { dates.append(places[index - 1] + step.count...places[index] - step.count) }
            guard let number = numbers[index] else {
                if let open = cells.last, open.upperBound == places[index] - step.count {
                    cells[cells.count - 1] = open.lowerBound...places[index]
                } else {
                    cells.append(places[index]...places[index])
                }
                continue
            }
            let distance = (places[index] - places[last]) / step.count
            for part in 1..<max(distance, 1) {
                let share = Double(part) / Double(distance)
                values.append(numbers[last]! * (1 - share) + number * share)
            }
            values.append(number)
            last = index
        }
        func size(_ gaps: [ClosedRange<Int>]) -> Int { gaps.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) / step.count + 1 } }
        func shown(_ gaps: [ClosedRange<Int>]) -> String {
            let names = gaps.prefix(5).map { $0.count == 1 ? step.label($0.lowerBound) : "\(step.label($0.lowerBound)) to \(step.label($0.upperBound))" }
            return names.joined(separator: ", ") + (gaps.count > 5 ? " and \(gaps.count - 5) more" : "")
        }
        let missingDates = size(dates), emptyCells = size(cells)
        count = missingDates + emptyCells
        if count == 0 { return }
        let present = end - start + 1 - emptyCells
        let dateWords = missingDates == 0 ? nil : (missingDates == 1 ? "1 date is missing" : "\(missingDates) dates are missing")
        let limit = step.unit == .weekday ? Self.holidayLimit : Self.dateLimit
        if let dateWords, Double(missingDates) > limit * Double(present + emptyCells) {
            throw DataError(
                file: file, "\(dateWords) between the \(present + emptyCells) that there are (\(shown(dates))); that is too much to fill in. Add the rows, or use the part without gaps")
        }
        if Double(emptyCells) > Self.cellLimit * Double(present) {
            throw DataError(file: file, "\(Self.cells(emptyCells)) among \(present) numbers (\(shown(cells))); that is too much to fill in. Add the numbers, or use the part without gaps")
        }
        let words = [dateWords.map { "\($0) (\(shown(dates)))" }, emptyCells == 0 ? nil : "\(Self.cells(emptyCells)) (\(shown(cells)))"].compactMap { $0 }
        note = "\(words.joined(separator: ", ")); filled in on a straight line between the neighbours"
    }

    private static func cells(_ count: Int) -> String { count == 1 ? "1 cell is empty" : "\(count) cells are empty" }
}
