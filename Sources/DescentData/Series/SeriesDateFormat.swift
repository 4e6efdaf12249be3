/// A point in time as a file writes it: a day, the time of the day, and how far the local clock is ahead of Greenwich.
package struct SeriesDate: Equatable, Sendable {
    /// Days since 1970-01-01.
    package var day: Int
    /// Seconds since midnight, local time.
    package var second = 0
    /// Seconds that local time is ahead of Greenwich; `nil` where the file does not say.
    package var offset: Int?

    /// Seconds since 1970, by Greenwich where the offset is known.
    var absolute: Int { day * 86_400 + second - (offset ?? 0) }

    init(day: Int, second: Int = 0, offset: Int? = nil) { (self.day, self.second, self.offset) = (day, second, offset) }

    init(absolute: Int, offset: Int?) {
        let local = absolute + (offset ?? 0)
        let day = Int((Double(local) / 86_400).rounded(.down))
        self.init(day: day, second: local - day * 86_400, offset: offset)
    }
}

/// How a column writes its dates. The same pattern reads the column and writes the dates that come next.
///
/// A pattern is a text with a letter for each field: `y` year, `Y` year of two digits, `m` month, `N` month's name, `d` day, `q` quarter,
/// `w` ISO week, `e` ISO weekday, `s` seconds since 1970, `S` milliseconds since 1970; other characters stand for themselves, in any case.
package struct SeriesDateFormat: Equatable, Sendable {
    /// The smallest unit that the date part tells apart.
    package enum Resolution: Sendable { case year, quarter, month, week, day, second }

    /// The pattern of the date.
    package let pattern: String
    /// How the time of the day follows the date; `nil` where it does not.
    package private(set) var time: SeriesTimeFormat?
    /// Whether days, months and hours below 10 have a leading zero.
    private var isPadded = true
    /// How month names are written.
    private var isFullName = false, nameCase = LetterCase.capitalized
    /// The pattern's own letters, as the file writes them.
    private var literals: [Character] = []

    private enum LetterCase { case capitalized, upper, lower }

    /// Patterns in the order in which equals are preferred.
    static let patterns = [
        "y-m-d", "y/m/d", "y.m.d", "d/m/y", "m/d/y", "d.m.y", "d-m-y", "m-d-y", "d N y", "d-N-y", "d/N/y", "N d, y", "N d y", "y-m", "y/m", "m/y", "m-y", "N y", "N-y",
        "N/y", "N, y", "y N", "y-N", "N-Y", "N Y", "N/Y", "Y-N", "yMm", "yQq", "y-Qq", "y Qq", "y/Qq", "Qq y", "Qq-y", "Qq/y", "Qq-Y", "qQY", "y-Ww-e", "y-Ww", "yWw", "y Ww", "Ww y", "Ww-y",
        "Ww/y", "d/m/Y", "m/d/Y", "d.m.Y", "d-m-Y", "d N Y", "d-N-Y", "ymd", "ym", "y", "s", "S",
    ]
    /// Patterns of digits alone, which may as well be numbers.
    var isNumber: Bool { ["ymd", "ym", "y", "s", "S"].contains(pattern) && time == nil }

    /// What the date tells apart.
    package var resolution: Resolution {
        if time != nil || pattern.contains("s") || pattern.contains("S") { return .second }
        if pattern.contains("d") || pattern.contains("e") { return .day }
        if pattern.contains("w") { return .week }
        if pattern.contains("q") { return .quarter }
        return pattern.contains("m") || pattern.contains("N") ? .month : .year
    }

    /// In words, for a sentence: "day/month/year".
    var words: String {
        let names: [Character: String] = [
            "y": "year", "Y": "year", "m": "month", "N": "name of the month", "d": "day", "q": "quarter", "w": "week", "e": "weekday", "s": "seconds since 1970",
            "S": "milliseconds since 1970",
        ]
        return pattern.map { names[$0] ?? String($0) }.joined()
    }

    init(_ pattern: String) { self.pattern = pattern }

    // MARK: - Reading

    /// The date of a text, and the way in which it is written; `nil` where the text does not follow the pattern or there is no such day.
    static func read(_ text: String, pattern: String) -> (date: SeriesDate, format: SeriesDateFormat)? {
        var format = SeriesDateFormat(pattern), reader = DateTextReader(text), parts: [Character: Int] = [:]
        let letters = Array(pattern)
        var isUnpadded = false
        for (index, letter) in letters.enumerated() {
            let isTight = letters.indices.contains(index - 1) && letters[index - 1].isDateField || letters.indices.contains(index + 1) && letters[index + 1].isDateField
            let found: Int?
            switch letter {
            case "y": found = reader.number(4...4)
            case "Y": found = reader.number(2...2).map { $0 < 69 ? 2000 + $0 : 1900 + $0 }
            case "m", "d", "w":
                let start = reader.position
                found = reader.number(isTight ? 2...2 : 1...2)
                if let found, found < 10, reader.position - start == 1 { isUnpadded = true }
            case "q", "e": found = reader.number(1...1)
            case "s": found = reader.signedNumber(8...10)
            case "S": found = reader.signedNumber(11...13)
            case "N":
                guard let name = reader.monthName() else { return nil }
                format.isFullName = name.isFull
                format.nameCase = name.text == name.text.uppercased() ? .upper : name.text == name.text.lowercased() ? .lower : .capitalized
                found = name.month
            default:
                guard let taken = reader.take(anyCase: letter) else { return nil }
                format.literals.append(taken)
                continue
            }
            guard let found else { return nil }
            parts[letter] = found
        }
        if isUnpadded { format.isPadded = false }
        if let seconds = parts["s"] { return reader.isAtEnd ? (SeriesDate(absolute: seconds, offset: nil), format) : nil }
        if let milliseconds = parts["S"] { return reader.isAtEnd && milliseconds % 1000 == 0 ? (SeriesDate(absolute: milliseconds / 1000, offset: nil), format) : nil }
        guard let year = parts["y"] ?? parts["Y"], year >= 1000, let day = Self.day(parts, year: year) else { return nil }
        if reader.isAtEnd { return (SeriesDate(day: day), format) }
        guard format.resolution == .day, let (time, second, offset) = SeriesTimeFormat.read(&reader), reader.isAtEnd else { return nil }
        format.time = time
        return (SeriesDate(day: day, second: second, offset: offset), format)
    }

    private static func day(_ parts: [Character: Int], year: Int) -> Int? {
        if let quarter = parts["q"] { return (1...4).contains(quarter) ? DateFormat.day(year: year, month: quarter * 3 - 2, day: 1) : nil }
        if let week = parts["w"] {
            let weekday = parts["e"] ?? 1
            guard (1...7).contains(weekday), week >= 1, week <= ISOWeek.count(ofYear: year) else { return nil }
            return ISOWeek(year: year, week: week).monday + weekday - 1
        }
        return DateFormat.day(year: year, month: parts["m"] ?? parts["N"] ?? 1, day: parts["d"] ?? 1)
    }

    /// Takes what another text of the column shows of the way of writing.
    mutating func merge(_ other: SeriesDateFormat) {
        isPadded = isPadded && other.isPadded
        // "May" is short and full at once.
        isFullName = isFullName && other.isFullName
        time = time.map { own in other.time.map(own.merged) ?? own } ?? other.time
    }

    // MARK: - Writing

    /// A date, written as the column writes dates.
    package func text(_ date: SeriesDate) -> String {
        let calendar = DateFormat.calendar(date.day), week = ISOWeek(ofDay: date.day)
        var literals = literals[...], text = ""
        func number(_ value: Int, _ width: Int = 2) -> String {
            let digits = "\(value)"
            return isPadded || width > 2 || pattern == "ymd" || pattern == "ym" ? String(repeating: "0", count: max(0, width - digits.count)) + digits : digits
        }
        let year = pattern.contains("w") ? week.year : calendar.year
        for letter in pattern {
            switch letter {
            case "y": text += number(year, 4)
            case "Y": text += year % 100 < 10 ? "0\(year % 100)" : "\(year % 100)"
            case "m": text += number(calendar.month)
            case "d": text += number(calendar.day)
            case "w": text += number(week.week)
            case "e": text += "\(ISOWeek.weekday(ofDay: date.day) + 1)"
            case "q": text += "\((calendar.month + 2) / 3)"
            case "s": text += "\(date.absolute)"
            case "S": text += "\(date.absolute * 1000)"
            case "N": text += name(calendar.month)
            default: text += String(literals.popFirst() ?? letter)
            }
        }
        return text + (time?.text(date, datesArePadded: isPadded) ?? "")
    }

    private func name(_ month: Int) -> String {
        let full = DateTextReader.months[month - 1], name = isFullName ? full : String(full.prefix(3))
        switch nameCase {
        case .lower: return name
        case .upper: return name.uppercased()
        case .capitalized: return name.prefix(1).uppercased() + name.dropFirst()
        }
    }
}

extension Character {
    fileprivate var isDateField: Bool { "yYmdwqe".contains(self) }
}

/// A week of ISO 8601: it begins on Monday, and the first one of a year has the year's first Thursday.
struct ISOWeek: Equatable {
    let year: Int
    let week: Int

    init(year: Int, week: Int) { (self.year, self.week) = (year, week) }

    init(ofDay day: Int) {
        let thursday = day - Self.weekday(ofDay: day) + 3
        year = DateFormat.calendar(thursday).year
        week = (thursday - DateFormat.day(year: year, month: 1, day: 1)!) / 7 + 1
    }

    /// The day of the week's Monday.
    var monday: Int {
        let fourth = DateFormat.day(year: year, month: 1, day: 4)!
        return fourth - Self.weekday(ofDay: fourth) + (week - 1) * 7
    }

    /// 52 or 53: the 28th of December is in the last week.
    static func count(ofYear year: Int) -> Int { ISOWeek(ofDay: DateFormat.day(year: year, month: 12, day: 28)!).week }

    /// 0 for Monday to 6 for Sunday. 1970-01-01 was a Thursday.
    static func weekday(ofDay day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }
}
