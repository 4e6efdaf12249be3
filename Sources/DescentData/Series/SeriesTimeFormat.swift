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
    static func read(_ reader: inout SeriesTextReader) -> (format: SeriesTimeFormat, second: Int, offset: Int?)? {
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

/// Goes along the bytes of a date's text.
struct SeriesTextReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// Steps over a character, a letter in either case, and gives it as it is written.
    mutating func take(anyCase character: Character) -> Character? {
        guard position < bytes.count, let wanted = character.asciiValue else { return nil }
        let byte = bytes[position]
        guard byte == wanted || (character.isLetter && byte | 0x20 == wanted | 0x20) else { return nil }
        position += 1
        return Character(Unicode.Scalar(byte))
    }

    /// A number of this many digits.
    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, bytes[position] &- 48 < 10, position - start < digits.upperBound {
            value = value * 10 + Int(bytes[position] &- 48)
            position += 1
        }
        return position - start >= digits.lowerBound ? value : nil
    }

    /// A whole number of this many digits, perhaps negative, perhaps written with ".0" as floating-point columns are.
    mutating func signedNumber(_ digits: ClosedRange<Int>) -> Int? {
        let sign = take(anyCase: "-") == nil ? 1 : -1
        guard let value = number(digits) else { return nil }
        return sign * value
    }

    static let months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]

    /// An English name of a month, short or full, in any case.
    mutating func monthName() -> (month: Int, isFull: Bool, text: String)? {
        let start = position
        while position < bytes.count, bytes[position] | 0x20 >= 97, bytes[position] | 0x20 <= 122 { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self), name = text.lowercased()
        if let full = Self.months.firstIndex(of: name) { return (full + 1, true, text) }
        guard name.utf8.count == 3 || name == "sept", let short = Self.months.firstIndex(where: { $0.hasPrefix(name) }) else { return nil }
        return (short + 1, false, text)
    }

    /// AM or PM in any case, perhaps after a space: "AM" as the text would write it, and whether it is PM.
    mutating func halfOfDay() -> (morning: String, isAfternoon: Bool)? {
        let start = position
        let space = take(anyCase: " ").map { String($0) } ?? ""
        if let half = take(anyCase: "A") ?? take(anyCase: "P"), let m = take(anyCase: "M") {
            let isAfternoon = half.lowercased() == "p"
            return (space + (half.isUppercase ? "A" : "a") + String(m), isAfternoon)
        }
        position = start
        return nil
    }
}
