/// A point in time.
struct DateMoment: Equatable {
    /// Days since 1970-01-01 in UTC (or by the clock, where no zone is told), the time of the day as a fraction.
    let days: Double
    /// What the clock is ahead of UTC, in minutes; 0 where no zone is told.
    let offset: Int

    /// Days since 1970-01-01 by the clock of the place.
    var clock: Double { days + Double(offset) / 1440 }
}

/// The ways of writing a date that are understood. All are read as days since 1970-01-01, with the time as a fraction. The name of the weekday may stand before a date, and a time
/// after it: `T12:30`, ` 12:30:15.5`, `, 9:05 PM`, with a zone: `Z`, `UTC`, `+02:00`, ` -0800`.
package enum DateFormat: String, CaseIterable, Sendable {
    /// 2024-03-31 (ISO 8601)
    case yearMonthDay
    /// 2024-03: the first of the month.
    case yearMonth
    /// 2024/03/31
    case yearMonthDaySlashes
    /// 31/03/2024, 31/03/24
    case dayMonthYearSlashes
    /// 03/31/2024, 3/31/24
    case monthDayYearSlashes
    /// 31.03.2024, 31.03.24
    case dayMonthYearDots
    /// 2024.03.31
    case yearMonthDayDots
    /// 31-03-2024
    case dayMonthYearDashes
    /// 31 Mar 2024, 31 March 2024, 31-Mar-2024, 31-Mar-24
    case dayNameYear
    /// Mar 31, 2024
    case nameDayYear
    /// 2024-Mar-31
    case yearNameDay
    /// Mar 2024, March 2024: the first of the month.
    case nameYear
    /// 12:30, 12:30:15, 9:05 PM: a time of no day.
    case time

    /// In words, for a sentence.
    var words: String {
        switch self {
        case .yearMonthDay: "year-month-day"
        case .yearMonth: "year-month"
        case .yearMonthDaySlashes: "year/month/day"
        case .dayMonthYearSlashes: "day/month/year"
        case .monthDayYearSlashes: "month/day/year"
        case .dayMonthYearDots: "day.month.year"
        case .dayMonthYearDashes: "day-month-year"
        case .dayNameYear: "day, name of the month, year"
        case .nameDayYear: "name of the month, day, year"
        case .yearMonthDayDots: "year.month.day"
        case .yearNameDay: "year, name of the month, day"
        case .nameYear: "name of the month, year"
        case .time: "time of the day"
        }
    }

    /// The days since 1970-01-01 of a text in this format, `nil` where it is not or there is no such day.
    package func days(_ text: String) -> Double? { moment(text)?.days }

    /// The point in time that a text in this format means, `nil` where it is not or there is no such day.
    func moment(_ text: String) -> DateMoment? {
        var reader = DateTextReader(text)
        if self == .time {
            guard let time = reader.timeOfDay(), reader.isAtEnd else { return nil }
            return DateMoment(days: time.fraction - Double(time.offset) / 1440, offset: time.offset)
        }
        reader.skipWeekday()
        let parts: (year: Int, month: Int, day: Int)?
        switch self {
        case .yearMonthDay: parts = reader.numbers(4, "-", 2, "-", 2).map { ($0, $1, $2) }
        case .yearMonth:
            guard let year = reader.number(4...4), reader.take("-"), let month = reader.number(1...2) else { return nil }
            parts = (year, month, 1)
        case .yearMonthDaySlashes: parts = reader.numbers(4, "/", 2, "/", 2).map { ($0, $1, $2) }
        case .dayMonthYearSlashes: parts = reader.shortYear("/", 1...2).map { ($2, $1, $0) }
        case .monthDayYearSlashes: parts = reader.shortYear("/", 1...2).map { ($2, $0, $1) }
        // 3.11.10 is the number of a version.
        case .dayMonthYearDots: parts = reader.shortYear(".", 2...2).map { ($2, $1, $0) }
        case .yearMonthDayDots: parts = reader.numbers(4, ".", 2, ".", 2).map { ($0, $1, $2) }
        case .dayMonthYearDashes: parts = reader.numbers(2, "-", 2, "-", 4).map { ($2, $1, $0) }
        case .dayNameYear:
            guard let day = reader.number(1...2), reader.take(" ") || reader.take("-"), let month = reader.monthName()?.month,
                reader.take(" ") || reader.take("-"), let year = reader.year()
            else { return nil }
            parts = (year, month, day)
        case .yearNameDay:
            guard let year = reader.number(4...4), reader.take(" ") || reader.take("-"), let month = reader.monthName()?.month, reader.take(" ") || reader.take("-"),
                let day = reader.number(1...2)
            else { return nil }
            parts = (year, month, day)
        case .nameYear:
            guard let month = reader.monthName()?.month, reader.take(" ") || reader.take("-"), let year = reader.number(4...4) else { return nil }
            parts = (year, month, 1)
        case .time: return nil
        case .nameDayYear:
            guard let month = reader.monthName()?.month, reader.take(" "), let day = reader.number(1...2) else { return nil }
            _ = reader.take(",")
            guard reader.take(" "), let year = reader.number(4...4) else { return nil }
            parts = (year, month, day)
        }
        // A year of four digits: 0024 is a slip, not the year 24.
        guard let parts, parts.year >= 1000, let day = Self.day(year: parts.year, month: parts.month, day: parts.day) else { return nil }
        if reader.isAtEnd { return DateMoment(days: Double(day), offset: 0) }
        guard self != .yearMonth, self != .nameYear, let time = reader.time(), reader.isAtEnd else { return nil }
        return DateMoment(days: Double(day) + time.fraction - Double(time.offset) / 1440, offset: time.offset)
    }

    /// The day's number from 1970-01-01 on in the Gregorian calendar; `nil` where there is no such day.
    static func day(year: Int, month: Int, day: Int) -> Int? {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        let before = year - 1
        let leaps = before / 4 - before / 100 + before / 400
        return before * 365 + leaps + lengths[..<(month - 1)].reduce(0, +) + day - 1 - 719_162
    }

    /// Year, month (from 1) and day of the month of a day's number.
    static func calendar(_ day: Int) -> (year: Int, month: Int, day: Int) {
        var year = 1970 + Int((Double(day) / 365.2425).rounded(.down))
        while Self.day(year: year, month: 1, day: 1)! > day { year -= 1 }
        while Self.day(year: year + 1, month: 1, day: 1)! <= day { year += 1 }
        var month = 12
        while Self.day(year: year, month: month, day: 1)! > day { month -= 1 }
        return (year, month, day - Self.day(year: year, month: month, day: 1)! + 1)
    }
}

extension DateTextReader {
    /// Three numbers; one of two digits may have one.
    fileprivate mutating func numbers(_ a: Int, _ first: Unicode.Scalar, _ b: Int, _ second: Unicode.Scalar, _ c: Int) -> (Int, Int, Int)? {
        func range(_ digits: Int) -> ClosedRange<Int> { digits == 4 ? 4...4 : 1...2 }
        guard let x = number(range(a)), take(first), let y = number(range(b)), take(second), let z = number(range(c)) else { return nil }
        return (x, y, z)
    }

    /// Day and month, in whatever order, and a year of four digits or two.
    fileprivate mutating func shortYear(_ separator: Unicode.Scalar, _ digits: ClosedRange<Int>) -> (Int, Int, Int)? {
        let start = self
        if let whole = numbers(2, separator, 2, separator, 4) { return whole }
        self = start
        guard let x = number(digits), take(separator), let y = number(digits), take(separator), let year = year() else { return nil }
        return (x, y, year)
    }

    /// A year of four digits; or of two, of which those from 69 on are of the last century, as in POSIX.
    fileprivate mutating func year() -> Int? {
        let start = self
        if let year = number(4...4) { return year }
        self = start
        guard let short = number(2...2) else { return nil }
        return short + (short < 69 ? 2000 : 1900)
    }

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// Steps over an English name of a weekday, short or full, with what stands behind it.
    fileprivate mutating func skipWeekday() {
        let start = self
        let name = letters().lowercased()
        let isDay = Self.weekdays.contains { $0 == name || (name.count >= 3 && name.count <= 4 && $0.hasPrefix(name)) }
        let isFollowed = take(",") || take(".")
        guard isDay, take(" ") || isFollowed else {
            self = start
            return
        }
    }

    /// A time of the day that stands after a date.
    fileprivate mutating func time() -> (fraction: Double, offset: Int)? {
        _ = take(",")
        guard take("T") || take(" ") else { return nil }
        return timeOfDay()
    }

    /// The time of the day as its fraction by the clock, and what the clock is ahead of UTC, in minutes.
    fileprivate mutating func timeOfDay() -> (fraction: Double, offset: Int)? {
        guard var hour = number(1...2), hour < 24, take(":"), let minute = number(2...2), minute < 60 else { return nil }
        var seconds = 0.0
        if take(":") {
            guard let second = number(2...2), second <= 60 else { return nil }
            seconds = Double(second)
            if take(".") || take(",") {
                var unit = 0.1
                while let digit = number(1...1) {
                    seconds += Double(digit) * unit
                    unit /= 10
                }
            }
        }
        if let half = halfOfDay() {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half.isAfternoon ? 12 : 0)
        }
        var offset = 0
        if !isAtEnd, !take("Z") {
            _ = take(" ")
            let start = self
            if (take("U") && take("T") && take("C")) || restarted(start, { $0.take("G") && $0.take("M") && $0.take("T") }) {
                if isAtEnd { return ((Double(hour * 60 + minute) * 60 + seconds) / 86_400, 0) }
            }
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2...2), hours <= 14 else { return nil }
            _ = take(":")
            offset = sign * (hours * 60 + (number(2...2) ?? 0))
        }
        return ((Double(hour * 60 + minute) * 60 + seconds) / 86_400, offset)
    }

    /// Tries another reading from an earlier place.
    private mutating func restarted(_ start: Self, _ body: (inout Self) -> Bool) -> Bool {
        self = start
        if body(&self) { return true }
        self = start
        return false
    }
}
