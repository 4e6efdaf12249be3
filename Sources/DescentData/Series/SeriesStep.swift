import DescentFormats

/// The dates of a series, as places on a line: how far apart they stand, and what a place is called.
package struct SeriesStep: Equatable, Sendable {
    /// The unit of the step.
    package enum Unit: String, Sendable {
        /// No dates: rows are counted.
        case row
        /// Calendar months, which are of unequal lengths.
        case month
        /// The days of the week on which there are values, such as Monday to Friday.
        case weekday
        /// Days.
        case day
        /// Seconds.
        case second
    }

    /// The day of a month that dates stand for.
    package enum MonthDay: Equatable, Sendable {
        /// This day, or the last one in shorter months: 31 is the last day of each month.
        case day(Int)
        /// The first or the last day from Monday to Friday.
        case firstWeekday, lastWeekday

        func of(year: Int, month: Int) -> Int {
            let first = DateFormat.day(year: year, month: month, day: 1)!
            let next = month == 12 ? DateFormat.day(year: year + 1, month: 1, day: 1)! : DateFormat.day(year: year, month: month + 1, day: 1)!
            switch self {
            case .day(let day): return min(first + day, next) - 1
            case .firstWeekday: return (first..<next).first { ISOWeek.weekday(ofDay: $0) < 5 }!
            case .lastWeekday: return (first..<next).last { ISOWeek.weekday(ofDay: $0) < 5 }!
            }
        }
    }

    /// The unit.
    package let unit: Unit
    /// How many units lie between two rows that follow each other.
    package let count: Int
    /// The day of the month that all dates have, where months are counted.
    package let monthDay: MonthDay
    /// The days of the week that are counted, from 0 for Monday, where weekdays are.
    package let weekdays: [Int]
    /// How the file writes dates; `nil` where rows are counted.
    package let format: SeriesDateFormat?
    /// The time of the day, where all dates have one.
    private let second: Int
    /// The dates from which on the clock's offset from Greenwich is another; the last holds for what comes after the end.
    private let clockChanges: [SeriesDate]

    /// Rows without dates.
    static let rows = SeriesStep(unit: .row, count: 1, format: nil, second: 0, clockChanges: [])

    private init(
        unit: Unit, count: Int, monthDay: MonthDay = .day(1), weekdays: [Int] = [], format: SeriesDateFormat?, second: Int, clockChanges: [SeriesDate]
    ) {
        (self.unit, self.count, self.monthDay, self.weekdays, self.format) = (unit, count, monthDay, weekdays, format)
        (self.second, self.clockChanges) = (second, clockChanges)
    }

    // MARK: - Places

    /// The step of dates: months where all are the same day of their months, days where all have one time of the day, else seconds.
    ///
    /// - Parameter groups: The dates of each series, in any order.
    init(of groups: [[SeriesDate]], format: SeriesDateFormat) {
        let dates = groups.flatMap { $0 }
        var changes: [SeriesDate] = []
        for date in dates.sorted(by: { $0.absolute < $1.absolute }) where date.offset != nil && date.offset != changes.last?.offset { changes.append(date) }
        func made(_ unit: Unit, monthDay: MonthDay = .day(1), weekdays: [Int] = []) -> SeriesStep {
            let step = SeriesStep(unit: unit, count: 1, monthDay: monthDay, weekdays: weekdays, format: format, second: dates.first?.second ?? 0, clockChanges: changes)
            return step.counting(Self.commonDistance(groups.map { $0.map(step.place) }))
        }
        let isDaily = Set(dates.map(\.second)).count == 1
        let isMonthly = isDaily && format.resolution != .week && groups.allSatisfy { dates in Set(dates.map { Self.month($0.day) }).count == Set(dates.map(\.day)).count }
        if isMonthly, let monthDay = Self.monthDay(dates) {
            self = made(.month, monthDay: monthDay)
        } else if isDaily {
            let daily = made(.day), weekdays = Set(dates.map { ISOWeek.weekday(ofDay: $0.day) }).sorted()
            // Whole weeks without a single Sunday are no accident.
            let isBusiness = daily.count == 1 && (2...6).contains(weekdays.count) && dates.map(\.day).max()! - dates.map(\.day).min()! >= 13
            self = isBusiness ? made(.weekday, weekdays: weekdays) : daily
        } else {
            self = made(.second)
        }
    }

    private func counting(_ count: Int) -> SeriesStep {
        SeriesStep(unit: unit, count: count, monthDay: monthDay, weekdays: weekdays, format: format, second: second, clockChanges: clockChanges)
    }

    private static func month(_ day: Int) -> Int {
        let calendar = DateFormat.calendar(day)
        return calendar.year * 12 + calendar.month - 1
    }

    /// The rule by which all dates stand in their months; `nil` for none.
    private static func monthDay(_ dates: [SeriesDate]) -> MonthDay? {
        let calendars = Set(dates.map(\.day)).map { ($0, DateFormat.calendar($0)) }
        let highest = calendars.map(\.1.day).max() ?? 1
        return [.day(highest), .firstWeekday, .lastWeekday].first { rule in calendars.allSatisfy { rule.of(year: $1.year, month: $1.month) == $0 } }
    }

    /// The distance that is found most often; of equals the shortest. 1 where there is none.
    private static func commonDistance(_ groups: [[Int]]) -> Int {
        var counts: [Int: Int] = [:]
        for places in groups {
            let sorted = places.sorted()
            for (a, b) in zip(sorted, sorted.dropFirst()) where b > a { counts[b - a, default: 0] += 1 }
        }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    }

    /// Where a date stands.
    func place(_ date: SeriesDate) -> Int {
        switch unit {
        case .row: return 0
        case .month: return Self.month(date.day)
        case .weekday:
            let weekday = ISOWeek.weekday(ofDay: date.day)
            return (date.day - weekday + 3) / 7 * weekdays.count + (weekdays.firstIndex(of: weekday) ?? 0)
        case .day: return date.day
        case .second: return date.absolute
        }
    }

    /// The date at a place.
    func date(_ place: Int) -> SeriesDate {
        let day: Int
        switch unit {
        case .row, .day: day = place
        case .month: day = monthDay.of(year: place / 12, month: place % 12 + 1)
        case .weekday:
            let week = Int((Double(place) / Double(weekdays.count)).rounded(.down))
            day = week * 7 - 3 + weekdays[place - week * weekdays.count]
        case .second: return SeriesDate(absolute: place, offset: offset { $0.absolute <= place })
        }
        return SeriesDate(day: day, second: second, offset: offset { $0.day <= day })
    }

    /// The clock's offset after the changes that have come.
    private func offset(_ hasCome: (SeriesDate) -> Bool) -> Int? { (clockChanges.last(where: hasCome) ?? clockChanges.first)?.offset }

    /// A place in words: its date as the file writes dates, or a row's number.
    package func label(_ place: Int) -> String { format?.text(date(place)) ?? "\(place + 1)" }

    // MARK: - Words

    private static let dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// The time between two rows, in words: "a month", "7 days".
    package var words: String {
        switch unit {
        case .row: return "rows without dates"
        case .month: return count == 1 ? "a month" : count == 3 ? "a quarter" : count % 12 == 0 ? (count == 12 ? "a year" : "\(count / 12) years") : "\(count) months"
        case .weekday: return weekdays == [0, 1, 2, 3, 4] ? "a business day" : "a day (\(weekdays.map { Self.dayNames[$0] }.joined(separator: ", ")))"
        case .day: return count == 1 ? "a day" : count == 7 ? "a week" : "\(count) days"
        case .second:
            if count % 86_400 == 0 { return count == 86_400 ? "a day" : "\(count / 86_400) days" }
            if count % 3600 == 0 { return count == 3600 ? "an hour" : "\(count / 3600) hours" }
            return count % 60 == 0 ? (count == 60 ? "a minute" : "\(count / 60) minutes") : (count == 1 ? "a second" : "\(count) seconds")
        }
    }

    /// After how many rows a pattern is likely to come again: of a year, a week, a day.
    package var likelySeasons: [Int] {
        switch unit {
        case .row: [12, 7, 4, 24, 52]
        case .month: 12 % count == 0 && count < 12 ? [12 / count] : []
        case .weekday: [weekdays.count, Int((Double(weekdays.count) * 52.18).rounded())]
        case .day: count == 1 ? [7, 365] : count == 7 ? [52] : []
        case .second: [3600, 86_400, 604_800].filter { $0 % count == 0 && $0 > count }.map { $0 / count }
        }
    }
}
