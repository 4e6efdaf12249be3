/// Goes along the bytes of a date's text.
struct DateTextReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// Steps over a character, if it is the next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

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

    /// A whole number of this many digits, perhaps negative.
    mutating func signedNumber(_ digits: ClosedRange<Int>) -> Int? {
        let sign = take(anyCase: "-") == nil ? 1 : -1
        guard let value = number(digits) else { return nil }
        return sign * value
    }

    /// The letters that come next.
    mutating func letters() -> String {
        let start = position
        while position < bytes.count, bytes[position] | 0x20 >= 97, bytes[position] | 0x20 <= 122 { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    static let months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]

    /// An English name of a month, short or full, in any case.
    mutating func monthName() -> (month: Int, isFull: Bool, text: String)? {
        let text = letters(), name = text.lowercased()
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
