/// How a column writes the time of the day behind a date.
package struct SeriesTimeFormat: Equatable, Sendable {
    private enum Zone: Equatable { case none, zulu, offset(colon: Bool, minutes: Bool, space: Bool) }

    private var separator: Character = " "
    /// Whether hours below 10 have a leading zero; `nil` where there are none.
    private var isPadded: Bool?
    private var hasSeconds = false
    private var fractionDigits = 0
    /// "AM" as the file writes it, with what stands before it; `nil` for a clock of 24 hours.
    private var morning: String?
    private var zone = Zone.none
    /// Whether the clock has twelve hours.
    var hasHalves: Bool { morning != nil }

    /// Reads a time to the end of a text: the seconds since midnight, and the offset from Greenwich where there is one.
    static func read(_ reader: inout DateTextReader) -> (format: SeriesTimeFormat, second: Int, offset: Int?)? {
        var format = SeriesTimeFormat()
        guard let separator = reader.take(anyCase: "T") ?? reader.take(anyCase: " ") else { return nil }
        format.separator = separator
        let start = reader.position
        guard var hour = reader.number(1...2), hour < 24, reader.take(anyCase: ":") != nil else { return nil }
        format.isPadded = hour > 9 ? nil : reader.position - start == 3
        guard let minute = reader.number(2...2), minute < 60 else { return nil }
        var second = 0
        if reader.take(anyCase: ":") != nil {
            guard let found = reader.number(2...2), found < 60 else { return nil }
            (second, format.hasSeconds) = (found, true)
            if reader.take(anyCase: ".") != nil {
                // A series counts whole seconds; parts of one must be zero.
                while let digit = reader.number(1...1) {
                    if digit != 0 { return nil }
                    format.fractionDigits += 1
                }
            }
        }
        if let half = reader.halfOfDay() {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half.isAfternoon ? 12 : 0)
            format.morning = half.morning
        }
        var offset: Int?
        if reader.take(anyCase: "Z") != nil {
            (format.zone, offset) = (.zulu, 0)
        } else if !reader.isAtEnd {
            let isSpaced = reader.take(anyCase: " ") != nil
            guard let sign = reader.take(anyCase: "+") ?? reader.take(anyCase: "-"), let hours = reader.number(2...2), hours < 24 else { return nil }
            let hasColon = reader.take(anyCase: ":") != nil, minutes = reader.number(2...2)
            format.zone = .offset(colon: hasColon, minutes: minutes != nil, space: isSpaced)
            offset = (sign == "+" ? 1 : -1) * (hours * 60 + (minutes ?? 0)) * 60
        }
        return (format, hour * 3600 + minute * 60 + second, offset)
    }

    /// The way of writing that both texts follow.
    func merged(_ other: SeriesTimeFormat) -> SeriesTimeFormat {
        var merged = self
        merged.isPadded = isPadded.map { $0 && other.isPadded ?? true } ?? other.isPadded
        merged.hasSeconds = hasSeconds || other.hasSeconds
        merged.fractionDigits = max(fractionDigits, other.fractionDigits)
        return merged
    }

    /// The time of a date, with what separates it from the day.
    ///
    /// - Parameter datesArePadded: Whether the date has leading zeros, which tells of hours where nothing else does.
    func text(_ date: SeriesDate, datesArePadded: Bool) -> String {
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
        let hour = date.second / 3600, shown = morning == nil ? hour : (hour + 11) % 12 + 1
        var text = "\(separator)" + (isPadded ?? datesArePadded ? two(shown) : "\(shown)") + ":" + two(date.second / 60 % 60)
        if hasSeconds { text += ":" + two(date.second % 60) }
        if fractionDigits > 0 { text += "." + String(repeating: "0", count: fractionDigits) }
        if let morning { text += hour < 12 ? morning : String(morning.map { $0 == "A" ? "P" : $0 == "a" ? "p" : $0 }) }
        switch zone {
        case .none: return text
        case .zulu: return text + "Z"
        case .offset(let colon, let minutes, let space):
            let offset = date.offset ?? 0, size = abs(offset) / 60
            return text + (space ? " " : "") + (offset < 0 ? "-" : "+") + two(size / 60) + (minutes ? (colon ? ":" : "") + two(size % 60) : "")
        }
    }
}
