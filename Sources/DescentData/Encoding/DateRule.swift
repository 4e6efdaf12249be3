#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import DescentFormats

/// A date: the days since the first one and the year, standardised; month, day of the month, weekday and time of the day
/// each as the sine and cosine of their place in the cycle, so that December stands beside January. Where zones are told that are not UTC, the parts are those of the clock of the place, and
/// its offset to UTC, where it differs among the rows, is one more feature.
struct DateRule: Equatable {
    /// A part of a date that becomes features, if it differs among the training rows.
    enum Part: String, CaseIterable {
        case days, year, month, day, weekday, time, offset

        /// How many features.
        var width: Int { self == .days || self == .year || self == .offset ? 1 : 2 }
    }

    let format: DateFormat
    /// The first date of the training rows, in days since 1970-01-01.
    let first: Double
    let parts: [Part]
    /// Of the days since the first, and of the years, over the training rows.
    let daysMean: Double
    let daysDeviation: Double
    let yearMean: Double
    let yearDeviation: Double
    /// Whether year, month, day, weekday and time are by the clock of the place, and not in UTC.
    let readsClock: Bool
    /// Whether a last feature is 1 where the date is missing; the others are then 0, their average or the cycle's centre.
    let marksMissing: Bool

    var width: Int { parts.reduce(0) { $0 + $1.width } + (marksMissing ? 1 : 0) }

    func featureNames(_ column: String) -> [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .days: ["\(column) days"]
            case .year: ["\(column) year"]
            case .offset: ["\(column) offset to UTC"]
            default: ["\(column) \(part.rawValue) sin", "\(column) \(part.rawValue) cos"]
            }
        } + (marksMissing ? ["\(column) missing"] : [])
    }

    /// Writes the features of one date (`nil`: missing).
    func write(_ moment: DateMoment?, into output: UnsafeMutableBufferPointer<Float>) {
        var next = 0
        func put(_ value: Double) {
            output[next] = Float(min(max(value, -NumberRule.limit), NumberRule.limit))
            next += 1
        }
        if let moment {
            let date = readsClock ? moment.clock : moment.days
            let day = Int(date.rounded(.down))
            let calendar = DateFormat.calendar(day)
            for part in parts {
                let turn: Double
                switch part {
                case .days:
                    put((moment.days - first - daysMean) / daysDeviation)
                    continue
                case .offset:
                    // From -12 to +14 hours.
                    put(Double(moment.offset) / 720)
                    continue
                case .year:
                    put((Double(calendar.year) - yearMean) / yearDeviation)
                    continue
                case .month: turn = Double(calendar.month - 1) / 12
                case .day: turn = Double(calendar.day - 1) / 31
                // 1970-01-01 was a Thursday; the week begins on Monday.
                case .weekday: turn = Double(((day + 3) % 7 + 7) % 7) / 7
                case .time: turn = date - Double(day)
                }
                put(sin(2 * .pi * turn))
                put(cos(2 * .pi * turn))
            }
        } else {
            for _ in 0..<parts.reduce(0, { $0 + $1.width }) { put(0) }
        }
        if marksMissing { output[next] = moment == nil ? 1 : 0 }
    }

    /// Fits the rule to the dates present, of which there is at least one.
    init(fitting moments: [DateMoment], format: DateFormat, marksMissing: Bool) {
        let first = moments.lazy.map(\.days).min()!
        let readsClock = moments.contains { $0.offset != 0 }
        let dates = moments.map { readsClock ? $0.clock : $0.days }
        let calendars = dates.map { DateFormat.calendar(Int($0.rounded(.down))) }
        let days = Moments(moments.map { $0.days - first })
        let years = Moments(calendars.map { Double($0.year) })
        let week = Set(dates.map { Int($0.rounded(.down)) % 7 })
        let differs: [Part: Bool] = [
            .days: days.deviation > 0 && format != .time, .year: years.deviation > 0, .month: Set(calendars.map(\.month)).count > 1,
            .day: Set(calendars.map(\.day)).count > 1, .weekday: week.count > 1 && format != .yearMonth && format != .nameYear,
            .time: Set(dates.map { $0 - $0.rounded(.down) }).count > 1, .offset: Set(moments.map(\.offset)).count > 1,
        ]
        self.format = format
        self.first = first
        self.readsClock = readsClock
        parts = Part.allCases.filter { differs[$0]! && (format != .time || $0 == .time || $0 == .offset) }
        (daysMean, daysDeviation) = (days.mean, days.deviation > 0 ? days.deviation : 1)
        (yearMean, yearDeviation) = (years.mean, years.deviation > 0 ? years.deviation : 1)
        self.marksMissing = marksMissing
    }

    init(json: JSONReader) throws(FormatError) {
        let name = try json["format"].string()
        guard let format = DateFormat(rawValue: name) else { throw json["format"].error("is \(quoted(name)), which is unknown") }
        self.format = format
        first = try json["first"].double()
        var parts: [Part] = []
        for element in try json["parts"].elements() {
            let name = try element.string()
            guard let part = Part(rawValue: name), !parts.contains(part) else { throw element.error("is \(quoted(name)), which is unknown or twice") }
            parts.append(part)
        }
        self.parts = parts
        daysMean = try json["daysMean"].double()
        daysDeviation = try json["daysDeviation"].double()
        yearMean = try json["yearMean"].double()
        yearDeviation = try json["yearDeviation"].double()
        marksMissing = try json["marksMissing"].bool()
        readsClock = json["readsClock"].exists ? try json["readsClock"].bool() : false
        if daysDeviation <= 0 { throw json["daysDeviation"].error("is not positive") }
        if yearDeviation <= 0 { throw json["yearDeviation"].error("is not positive") }
    }

    var json: JSON {
        // Rules of older models lack `readsClock`; they are in UTC.
        [
            "kind": "date", "readsClock": .bool(readsClock), "format": .string(format.rawValue), "first": .number(first), "parts": JSON(parts.map(\.rawValue)),
            "daysMean": .number(daysMean), "daysDeviation": .number(daysDeviation), "yearMean": .number(yearMean),
            "yearDeviation": .number(yearDeviation), "marksMissing": .bool(marksMissing),
        ]
    }
}
