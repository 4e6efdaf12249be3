/// What the text of a cell says, read as a number.
enum NumberText: Equatable {
    /// A finite number.
    case number(Double)
    /// Nothing, or a usual spelling of nothing: NA, N/A, NaN, null, None, ? and the like, in any case.
    case missing
    /// An infinity, or a number too large for 64 bits.
    case infinite
    /// Any other text.
    case text

    /// Reads a cell's bytes. Decimal, with a point, optionally a sign and an exponent; nothing else is a number.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var position = 0
        var isNegative = false
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            position = 1
        }
        var mantissa: UInt64 = 0
        var digitCount = 0
        var exponent = 0
        while position < bytes.count, bytes[position] &- 48 < 10 {
            mantissa = mantissa &* 10 &+ UInt64(bytes[position] &- 48)
            digitCount += 1
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            while position < bytes.count, bytes[position] &- 48 < 10 {
                mantissa = mantissa &* 10 &+ UInt64(bytes[position] &- 48)
                digitCount += 1
                exponent -= 1
                position += 1
            }
        }
        guard digitCount > 0 else {
            self = Self.word(bytes)
            return
        }
        // Up to 15 digits and 22 powers of ten, both factors are exact and one operation rounds correctly.
        if position == bytes.count, digitCount <= 15 {
            let magnitude = exponent == 0 ? Double(mantissa) : Double(mantissa) / Self.powers[-exponent]
            self = .number(isNegative ? -magnitude : magnitude)
            return
        }
        if position < bytes.count {
            guard bytes[position] | 0x20 == UInt8(ascii: "e") else {
                self = .text
                return
            }
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                position += 1
            }
            let digits = position
            while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
            guard position == bytes.count, position > digits else {
                self = .text
                return
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let value = Double(text.hasPrefix("+") ? String(text.dropFirst()) : text) else {
            self = .text
            return
        }
        self = value.isFinite ? .number(value) : .infinite
    }

    private static let powers: [Double] = (0...15).map { exponent in
        (0..<exponent).reduce(1.0) { value, _ in value * 10 }
    }

    private static let missingWords: Set<String> = [
        "", "na", "n/a", "nan", "-nan", "+nan", "#n/a", "<na>", "null", "none", "nil", "?",
    ]
    private static let infiniteWords: Set<String> = [
        "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity",
    ]

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>) -> NumberText {
        if bytes.isEmpty { return .missing }
        if bytes.count > 9 { return .text }
        let word = String(decoding: bytes, as: UTF8.self).lowercased()
        if missingWords.contains(word) { return .missing }
        return infiniteWords.contains(word) ? .infinite : .text
    }
}
