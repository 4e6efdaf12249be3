/// The text of a cell, read as a number.
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
        guard let base = bytes.baseAddress, let first = bytes.first else {
            self = .missing
            return
        }
        // Letters, the most frequent beginning of what is no number.
        if first >= UInt8(ascii: "A") {
            self = Self.word(bytes)
            return
        }
        let decimal = DecimalNumber.read(base, from: 0, to: bytes.count, tables: DecimalNumber.tables)
        if decimal.next == bytes.count {
            self = .number(decimal.value)
            return
        }
        guard Self.isDecimal(bytes) else {
            self = Self.word(bytes)
            return
        }
        // More digits than the quick way takes, or a power beyond its table.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let value = Double(text.hasPrefix("+") ? String(text.dropFirst()) : text) else {
            self = .text
            return
        }
        self = value.isFinite ? .number(value) : .infinite
    }

    /// Whether all of the text is `[+-] digits [. digits] [e [+-] digits]`.
    private static func isDecimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        func sign() { if position < bytes.count, [43, 45].contains(bytes[position]) { position += 1 } }
        func digits() -> Int {
            let start = position
            while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
            return position - start
        }
        sign()
        var count = digits()
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            count += digits()
        }
        if count == 0 { return false }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            sign()
            if digits() == 0 { return false }
        }
        return position == bytes.count
    }

    private static let missingWords: Set<String> = [
        "", "na", "n/a", "nan", "-nan", "+nan", "#n/a", "<na>", "null", "none", "nil", "?",
    ]
    private static let infiniteWords: Set<String> = [
        "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity",
    ]
    /// The letters with which such a word begins, in lower case; most texts begin with another.
    private static let beginnings: Set<UInt8> = Set((missingWords.union(infiniteWords)).compactMap(\.utf8.first))

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>) -> NumberText {
        guard let first = bytes.first else { return .missing }
        if bytes.count > 9 || !beginnings.contains(first >= 65 && first <= 90 ? first | 0x20 : first) { return .text }
        let word = String(decoding: bytes, as: UTF8.self).lowercased()
        if missingWords.contains(word) { return .missing }
        return infiniteWords.contains(word) ? .infinite : .text
    }
}

extension NumberText {
    /// The content as 64 bits: a finite number as itself, an infinity, and two values that are no number.
    var cell: UInt64 {
        switch self {
        case .number(let value): value.bitPattern
        case .missing: Self.missingCell
        case .infinite: Double.infinity.bitPattern
        case .text: Self.textCell
        }
    }

    /// The content that was kept as `cell`.
    init(cell: UInt64) {
        let value = Double(bitPattern: cell)
        if value.isFinite {
            self = .number(value)
        } else if cell == Self.missingCell {
            self = .missing
        } else {
            self = cell == Self.textCell ? .text : .infinite
        }
    }

    /// The text of a number that has none of its own; empty for what is missing.
    static func text(ofCell cell: UInt64) -> String {
        if cell == missingCell { return "" }
        let value = Double(bitPattern: cell)
        return value == value.rounded() && abs(value) <= 0x1p53 ? String(Int64(value)) : "\(value)"
    }

    static let missingCell: UInt64 = 0x7FF8_0000_0000_0001
    private static let textCell: UInt64 = 0x7FF8_0000_0000_0002
}
