import DescentFormats

/// The dates of a series, as places on a line: how far apart they stand, and what a place is called.
package struct SeriesStep: Equatable, Sendable {
    /// The unit of the step.
    package enum Unit: String, Sendable {
        /// No dates: rows are counted.
        case row
        /// Calendar months, which are of unequal lengths.
        case month
        /// Days.
        case day
        /// Seconds.
        case second
    }

    /// The unit.
    package let unit: Unit
    /// How many units lie between two rows that follow each other.
    package let count: Int
    /// The day of the month that all dates have, where months are counted; 0 where dates are year and month alone.
    package let dayOfMonth: Int

    package init(unit: Unit, count: Int, dayOfMonth: Int = 0) { (self.unit, self.count, self.dayOfMonth) = (unit, count, dayOfMonth) }

    /// A place in words: "1961-01", "1991-01-01", "1991-01-01 13:00", or a row's number.
    package func label(_ place: Int) -> String {
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
        switch unit {
        case .row: return "\(place + 1)"
        case .month:
            let (year, month) = (place / 12, place % 12 + 1)
            return "\(year)-\(two(month))" + (dayOfMonth == 0 ? "" : "-\(two(dayOfMonth))")
        case .day, .second:
            let day = unit == .day ? place : Int((Double(place) / 86_400).rounded(.down))
            let date = DateFormat.calendar(day)
            let text = "\(date.year)-\(two(date.month))-\(two(date.day))"
            if unit == .day { return text }
            let second = place - day * 86_400
            let time = "\(two(second / 3600)):\(two(second / 60 % 60))"
            return "\(text) \(time)" + (second % 60 == 0 ? "" : ":\(two(second % 60))")
        }
    }

    /// The time between two rows, in words: "a month", "7 days".
    package var words: String {
        switch unit {
        case .row: return "rows without dates"
        case .month: return count == 1 ? "a month" : count == 3 ? "a quarter" : count == 12 ? "a year" : "\(count) months"
        case .day: return count == 1 ? "a day" : count == 7 ? "a week" : "\(count) days"
        case .second:
            if count % 3600 == 0 { return count == 3600 ? "an hour" : "\(count / 3600) hours" }
            return count % 60 == 0 ? "\(count / 60) minutes" : "\(count) seconds"
        }
    }

    /// After how many rows a pattern is likely to come again: of a year, a week, a day.
    package var likelySeasons: [Int] {
        switch unit {
        case .row: [12, 7, 4, 24, 52]
        case .month: 12 % count == 0 && count < 12 ? [12 / count] : []
        case .day: count == 1 ? [7, 365] : count == 7 ? [52] : []
        case .second: [3600, 86_400, 604_800].filter { $0 % count == 0 && $0 > count }.map { $0 / count }
        }
    }
}
