/// The ways of writing a date that are understood. All are read as days since 1970-01-01, with the time as a fraction.
enum DateFormat: String, CaseIterable, Sendable {
    /// 2024-03-31, perhaps with a time: `T12:30`, ` 12:30:15.5`, `Z`, `+02:00` (ISO 8601).
    case yearMonthDay
    /// 2024-03: the first of the month.
    case yearMonth
    /// 2024/03/31
    case yearMonthDaySlashes
    /// 31/03/2024
    case dayMonthYearSlashes
    /// 03/31/2024
    case monthDayYearSlashes
    /// 31.03.2024
    case dayMonthYearDots
    /// 31-03-2024
    case dayMonthYearDashes
    /// 31 Mar 2024, 31 March 2024, 31-Mar-2024
    case dayNameYear
    /// Mar 31, 2024
    case nameDayYear

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
        }
    }

    /// The days since 1970-01-01 of a text in this format, `nil` where it is not or there is no such day.
    func days(_ text: String) -> Double? {
        var reader = DateTextReader(text)
        let parts: (year: Int, month: Int, day: Int)?
        switch self {
        case .yearMonthDay: parts = reader.numbers(4, "-", 2, "-", 2).map { ($0, $1, $2) }
        case .yearMonth:
            guard let year = reader.number(4...4), reader.take("-"), let month = reader.number(1...2) else { return nil }
            parts = (year, month, 1)
        case .yearMonthDaySlashes: parts = reader.numbers(4, "/", 2, "/", 2).map { ($0, $1, $2) }
        case .dayMonthYearSlashes: parts = reader.numbers(2, "/", 2, "/", 4).map { ($2, $1, $0) }
        case .monthDayYearSlashes: parts = reader.numbers(2, "/", 2, "/", 4).map { ($2, $0, $1) }
        case .dayMonthYearDots: parts = reader.numbers(2, ".", 2, ".", 4).map { ($2, $1, $0) }
        case .dayMonthYearDashes: parts = reader.numbers(2, "-", 2, "-", 4).map { ($2, $1, $0) }
        case .dayNameYear:
            guard let day = reader.number(1...2), reader.take(" ") || reader.take("-"), let month = reader.monthName()?.month,
                reader.take(" ") || reader.take("-"), let year = reader.number(4...4)
            else { return nil }
            parts = (year, month, day)
        case .nameDayYear:
            guard let month = reader.monthName()?.month, reader.take(" "), let day = reader.number(1...2) else { return nil }
            _ = reader.take(",")
            guard reader.take(" "), let year = reader.number(4...4) else { return nil }
            parts = (year, month, day)
        }
        // A year of four digits: 0024 is a slip, not the year 24.
        guard let parts, parts.year >= 1000, let day = Self.day(year: parts.year, month: parts.month, day: parts.day) else { return nil }
        if reader.isAtEnd { return Double(day) }
        guard self != .yearMonth, let time = reader.time(), reader.isAtEnd else { return nil }
        return Double(day) + time
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

    /// The time of the day as its fraction, less what the zone is ahead.
    fileprivate mutating func time() -> Double? {
        guard take("T") || take(" "), let hour = number(2...2), hour < 24, take(":"), let minute = number(2...2), minute < 60
        else { return nil }
        var seconds = 0.0
        if take(":") {
            guard let second = number(2...2), second <= 60 else { return nil }
            seconds = Double(second)
            if take(".") {
                var unit = 0.1
                while let digit = number(1...1) {
                    seconds += Double(digit) * unit
                    unit /= 10
                }
            }
        }
        var offset = 0
        if !take("Z"), !isAtEnd {
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2...2) else { return nil }
            _ = take(":")
            offset = sign * (hours * 60 + (number(2...2) ?? 0))
        }
        return (Double(hour * 60 + minute - offset) * 60 + seconds) / 86_400
    }
}
