/// The parts of a cell that may be a number in some spelling: `-$1,234.50`, `(12 %)`, `1 234,5 kg`.
struct NumberAnatomy {
    let isNegative: Bool
    /// What stands before the digits.
    let prefix: Range<Int>
    /// From the first digit to the last, with all marks between.
    let core: Range<Int>
    /// What stands after the digits.
    let suffix: Range<Int>

    /// A mark between digits.
    private enum Mark { case comma, point, space, apostrophe }

    /// `nil` where there are no digits, or digits in two places.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var (low, high) = (0, bytes.count)
        func skipBlanks() { while low < high, let width = Self.blank(bytes, low) { low += width } }
        func dropBlanks() {
            while high > low {
                if bytes[high - 1] == 0x20 { high -= 1 } else if high - low >= 2, bytes[high - 2] == 0xC2, bytes[high - 1] == 0xA0 { high -= 2 } else { break }
            }
        }
        skipBlanks()
        dropBlanks()
        var isNegative = false
        // Accountants write (12) for -12.
        if high - low > 2, bytes[low] == UInt8(ascii: "("), bytes[high - 1] == UInt8(ascii: ")") {
            isNegative = true
            low += 1
            high -= 1
        }
        func sign() -> Bool {
            guard low < high else { return false }
            if bytes[low] == UInt8(ascii: "-") || bytes[low] == UInt8(ascii: "+") {
                if bytes[low] == UInt8(ascii: "-") { isNegative.toggle() }
                low += 1
                return true
            }
            // U+2212, the minus sign.
            if low + 3 <= high, bytes[low] == 0xE2, bytes[low + 1] == 0x88, bytes[low + 2] == 0x92 {
                isNegative.toggle()
                low += 3
                return true
            }
            return false
        }
        let isSigned = sign()
        skipBlanks()
        let start = low
        while low < high, !Self.isDigit(bytes[low]), !Self.isSign(bytes, low) {
            // .5 and ,5 begin with their mark.
            if (bytes[low] == UInt8(ascii: ".") || bytes[low] == UInt8(ascii: ",")), low + 1 < high, Self.isDigit(bytes[low + 1]) { break }
            low += 1
        }
        var end = low
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0xA0 { end -= bytes[end - 1] == 0xA0 && end - start >= 2 ? 2 : 1 }
        prefix = start..<end
        if !isSigned, low > start { _ = sign() }
        skipBlanks()
        let first = low
        while low < high {
            if Self.isDigit(bytes[low]) {
                low += 1
            } else if let (_, width) = Self.mark(bytes, low), low + width < high, Self.isDigit(bytes[low + width]) {
                low += width
            } else {
                break
            }
        }
        guard low > first else { return nil }
        core = first..<low
        skipBlanks()
        suffix = low..<high
        self.isNegative = isNegative
        for place in suffix where Self.isDigit(bytes[place]) { return nil }
    }

    /// The text of a part.
    func text(_ bytes: UnsafeBufferPointer<UInt8>, _ part: Range<Int>) -> String { String(decoding: bytes[part], as: UTF8.self) }

    /// Whether the marks stand where a spelling has them, and the currency and the unit are its own or left out.
    func fits(_ bytes: UnsafeBufferPointer<UInt8>, _ spelling: NumberSpelling) -> Bool {
        func isOwn(_ part: Range<Int>, _ text: String) -> Bool { part.isEmpty || bytes[part].elementsEqual(text.utf8) }
        return fits(bytes, spelling.grouping, hasDecimalComma: spelling.hasDecimalComma) && isOwn(prefix, spelling.prefix) && isOwn(suffix, spelling.suffix)
    }

    /// Whether the marks stand where such a spelling has them: groups of three digits (in India of two before the last three), then one decimal mark.
    func fits(_ bytes: UnsafeBufferPointer<UInt8>, _ grouping: NumberSpelling.Grouping, hasDecimalComma: Bool) -> Bool {
        let decimal: Mark = hasDecimalComma ? .comma : .point
        let group: Mark? =
            switch grouping {
            case .none: nil
            case .comma: .comma
            case .point: .point
            case .space: .space
            case .apostrophe: .apostrophe
            }
        var position = core.lowerBound
        var digits = 0
        var groups = 0
        var isFraction = false
        while position < core.upperBound {
            if Self.isDigit(bytes[position]) {
                digits += 1
                position += 1
                continue
            }
            guard let (mark, width) = Self.mark(bytes, position), !isFraction else { return false }
            position += width
            if mark == decimal {
                if groups > 0 && digits != 3 { return false }
                isFraction = true
            } else if mark == group {
                if groups == 0 ? !(1...3).contains(digits) : !(2...3).contains(digits) { return false }
                groups += 1
            } else {
                return false
            }
            digits = 0
        }
        return isFraction || groups == 0 || digits == 3
    }

    /// Whether there is a mark of thousands or decimals at all, of this byte.
    func hasMark(_ bytes: UnsafeBufferPointer<UInt8>, _ byte: Character) -> Bool { bytes[core].contains(byte.asciiValue!) }

    /// The digits with a point before the decimals and nothing else.
    func plainDigits(_ bytes: UnsafeBufferPointer<UInt8>, hasDecimalComma: Bool) -> [UInt8] {
        let decimal = UInt8(ascii: hasDecimalComma ? "," : ".")
        return bytes[core].compactMap { Self.isDigit($0) ? $0 : $0 == decimal ? UInt8(ascii: ".") : nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    private static func isSign(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") else { return false }
        return isDigit(bytes[place + 1])
    }

    /// The width of a blank: a space, or one that does not break a line (U+00A0, U+2009, U+202F).
    private static func blank(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        if bytes[place] == 0x20 { return 1 }
        if bytes[place] == 0xC2, place + 1 < bytes.count, bytes[place + 1] == 0xA0 { return 2 }
        if bytes[place] == 0xE2, place + 2 < bytes.count, bytes[place + 1] == 0x80, bytes[place + 2] == 0xAF || bytes[place + 2] == 0x89 { return 3 }
        return nil
    }

    private static func mark(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (mark: Mark, width: Int)? {
        switch bytes[place] {
        case UInt8(ascii: ","): return (.comma, 1)
        case UInt8(ascii: "."): return (.point, 1)
        case UInt8(ascii: "'"): return (.apostrophe, 1)
        default:
            if let width = blank(bytes, place) { return (.space, width) }
            // U+2019, the apostrophe of printers.
            if bytes[place] == 0xE2, place + 2 < bytes.count, bytes[place + 1] == 0x80, bytes[place + 2] == 0x99 { return (.apostrophe, 3) }
            return nil
        }
    }
}
