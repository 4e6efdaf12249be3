#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the dates of a series say that its values may depend on.
package enum CalendarFeature: String, CaseIterable, Sendable {
    /// The days of the month, and how many of them are Monday to Friday.
    case monthLength
    /// Which day of the week it is.
    case weekday
    /// Which time of the year it is, as waves.
    case year

    /// How many columns of numbers it is.
    package var columnCount: Int {
        switch self {
        case .monthLength: 2
        case .weekday: 6
        case .year: 4
        }
    }

    /// In words.
    package var words: String {
        switch self {
        case .monthLength: "the days and business days of the month"
        case .weekday: "the day of the week"
        case .year: "the time of the year"
        }
    }
}

extension SeriesStep {
    /// The features that dates allow.
    ///
    /// - Parameter values: The number of values: a time of the year says something once a year has passed.
    package func calendarFeatures(values: Int) -> [CalendarFeature] {
        switch unit {
        case .row: return []
        case .month: return count == 1 ? [.monthLength] : []
        case .weekday: return [.weekday] + (values * 7 >= 366 * weekdays.count ? [.year] : [])
        case .day: return (count % 7 == 0 ? [] : [.weekday]) + (values * count >= 366 ? [.year] : [])
        case .second: return (count < 86_400 && values * count >= 14 * 86_400 ? [.weekday] : []) + (values * count >= 366 * 86_400 ? [.year] : [])
        }
    }

    /// Columns of features, a number for each place from the first one on.
    package func columns(_ features: [CalendarFeature], first: Int, count: Int) -> [[Double]] {
        let days = features.isEmpty ? [] : (0..<count).map { date(first + $0 * self.count).day }
        return features.flatMap { feature -> [[Double]] in
            switch feature {
            case .monthLength:
                let months = days.map(Self.monthLength)
                return [months.map { Double($0.days) - 30.4 }, months.map { Double($0.business) - 21.7 }]
            case .weekday:
                // Sunday is what the others differ from.
                return (0..<6).map { name in days.map { ISOWeek.weekday(ofDay: $0) == name ? 1 : 0 } }
            case .year:
                let angles = days.map { 2 * Double.pi * Double($0) / 365.2425 }
                return [1.0, 2].flatMap { wave in [angles.map { sin(wave * $0) }, angles.map { cos(wave * $0) }] }
            }
        }
    }

    private static func monthLength(_ day: Int) -> (days: Int, business: Int) {
        let calendar = DateFormat.calendar(day)
        let start = DateFormat.day(year: calendar.year, month: calendar.month, day: 1)!
        let next = calendar.month == 12 ? DateFormat.day(year: calendar.year + 1, month: 1, day: 1)! : DateFormat.day(year: calendar.year, month: calendar.month + 1, day: 1)!
        return (next - start, (start..<next).count { ISOWeek.weekday(ofDay: $0) < 5 })
    }
}
