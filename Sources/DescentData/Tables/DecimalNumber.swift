/// Reads decimal numbers to the nearest double, ties to even.
///
/// Up to 19 digits are collected in 64 bits. Where these are below 2^53 and the power of ten is at most 22, one division
/// or product of exact doubles rounds correctly (Clinger 1990). Else the digits are multiplied by a 128-bit power of
/// five, which decides nearly all remaining cases (Lemire 2021, "Number parsing at a gigabyte per second"). What is
/// left, such as more digits, is for the caller to read another way.
enum DecimalNumber {
    /// The result of reading a number at a position.
    struct Result {
        /// The number.
        var value: Double
        /// The place after the number; -1 where there is no number, or one that is not decided here.
        var next: Int
    }

    private static let none = Result(value: 0, next: -1)

    /// Reads `[+-] digits [. digits] [e [+-] digits]` from `start` on, as far as it goes.
    @inline(__always)
    static func read(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, tables: Tables) -> Result {
        var position = start
        guard position < end else { return none }
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
        let firstDigit = position
        var mantissa: UInt64 = 0
        while position < end, bytes[position] &- 48 < 10 {
            mantissa = mantissa &* 10 &+ UInt64(bytes[position] &- 48)
            position += 1
        }
        var digitCount = position - firstDigit
        var exponent = 0
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let first = position
            if position + 8 <= end, let eight = eightDigits(bytes + position) {
                mantissa = mantissa &* 100_000_000 &+ eight
                position += 8
                if position + 8 <= end, let eight = eightDigits(bytes + position) {
                    mantissa = mantissa &* 100_000_000 &+ eight
                    position += 8
                }
            }
            while position < end, bytes[position] &- 48 < 10 {
                mantissa = mantissa &* 10 &+ UInt64(bytes[position] &- 48)
                position += 1
            }
            exponent = first - position
            digitCount -= exponent
        }
        if digitCount == 0 { return none }
        if digitCount > 19 {
            // Zeros at the beginning took no room.
            var place = firstDigit
            while digitCount > 19, bytes[place] == UInt8(ascii: "0") || bytes[place] == UInt8(ascii: ".") {
                if bytes[place] != UInt8(ascii: ".") { digitCount -= 1 }
                place += 1
            }
            if digitCount > 19 { return none }
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            var isBelow = false
            if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                isBelow = bytes[position] == UInt8(ascii: "-")
                position += 1
            }
            let first = position
            var power = 0
            while position < end, bytes[position] &- 48 < 10 {
                power = min(power * 10 + Int(bytes[position] &- 48), 100_000)
                position += 1
            }
            if position == first { return none }
            exponent += isBelow ? -power : power
        }
        let magnitude: Double
        if mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
            let whole = Double(mantissa)
            magnitude = exponent < 0 ? whole / tables.tens[-exponent] : whole * tables.tens[exponent]
        } else if let product = rounded(mantissa, exponent, tables.fives) {
            magnitude = product
        } else {
            return none
        }
        return Result(value: isNegative ? -magnitude : magnitude, next: position)
    }

    /// The value of eight digits, `nil` where one of the bytes is none.
    @inline(__always)
    private static func eightDigits(_ bytes: UnsafePointer<UInt8>) -> UInt64? {
        let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        guard word & high == 0x3030_3030_3030_3030, (word &+ 0x0606_0606_0606_0606) & high == 0x3030_3030_3030_3030
        else { return nil }
        // Neighbours are joined to pairs, pairs to fours, fours to the whole.
        var value = word & 0x0F0F_0F0F_0F0F_0F0F
        value = (value &* 10 &+ value >> 8) & 0x00FF_00FF_00FF_00FF
        value = (value &* 100 &+ value >> 16) & 0x0000_FFFF_0000_FFFF
        return (value &* 10_000 &+ value >> 32) & 0xFFFF_FFFF
    }

    /// mantissa times ten to the exponent, `nil` where 128 bits do not decide or the power has no entry.
    private static func rounded(_ mantissa: UInt64, _ exponent: Int, _ fives: UnsafePointer<UInt128>) -> Double? {
        if mantissa == 0 { return 0 }
        guard exponent >= -powerLimit, exponent <= powerLimit else { return nil }
        let zeros = mantissa.leadingZeroBitCount
        let digits = mantissa << zeros
        let power = fives[exponent + powerLimit]
        var (high, low) = digits.multipliedFullWidth(by: UInt64(truncatingIfNeeded: power >> 64))
        // Only where the bits below those kept are all ones can the rest of the power matter.
        if high & 0x1FF == 0x1FF {
            let rest = digits.multipliedFullWidth(by: UInt64(truncatingIfNeeded: power)).high
            let (sum, carries) = low.addingReportingOverflow(rest)
            low = sum
            if carries { high += 1 }
            if low == .max { return nil }
        }
        let top = Int(high >> 63)
        let shift = top + 9
        var result = high >> UInt64(shift)
        // floor(log2(10^exponent)) = floor(exponent * 217706 / 2^16) for these exponents.
        var binary = (exponent * 217_706) >> 16 + 63 + top - zeros + 1023
        // Exactly between two doubles: possible only for small powers; then to the even one.
        if low <= 1, exponent >= -4, exponent <= 23, result & 3 == 1, result << UInt64(shift) == high { result &= ~1 }
        result = (result + result & 1) >> 1
        if result >= 1 << 53 {
            result = 1 << 52
            binary += 1
        }
        guard binary > 0, binary < 2047 else { return nil }
        return Double(bitPattern: result & (1 << 52 - 1) | UInt64(binary) << 52)
    }

    /// Powers of five up to this, and their inverses, fit or are divided in 128 bits.
    private static let powerLimit = 55

    /// The powers, made once; where they lie does not change.
    struct Tables: @unchecked Sendable {
        /// Ten to 0...22, exact.
        fileprivate let tens: UnsafePointer<Double>
        /// The first 128 bits of five to -55...55.
        fileprivate let fives: UnsafePointer<UInt128>
    }

    static let tables: Tables = {
        let tens = UnsafeMutablePointer<Double>.allocate(capacity: 23)
        tens.initialize(to: 1)
        for power in 1...22 { (tens + power).initialize(to: tens[power - 1] * 10) }
        let fives = UnsafeMutablePointer<UInt128>.allocate(capacity: 2 * powerLimit + 1)
        var power: UInt128 = 1
        for exponent in 0...powerLimit {
            (fives + powerLimit + exponent).initialize(to: power << power.leadingZeroBitCount)
            if exponent > 0 { (fives + powerLimit - exponent).initialize(to: inverse(of: power, exponent)) }
            if exponent < powerLimit { power *= 5 }
        }
        return Tables(tens: UnsafePointer(tens), fives: UnsafePointer(fives))
    }()

    /// The first 128 bits of 1 / 5^exponent; up to 27, where a product may be exact, rounded up.
    private static func inverse(of power: UInt128, _ exponent: Int) -> UInt128 {
        let width = UInt128.bitWidth - power.leadingZeroBitCount
        var rest: UInt128 = 1 << UInt128(width - 1)
        var quotient: UInt128 = 0
        for _ in 0..<128 {
            let overflows = rest >> 127 == 1
            rest <<= 1
            quotient <<= 1
            if overflows || rest >= power {
                rest &-= power
                quotient |= 1
            }
        }
        return exponent <= 27 ? quotient + 1 : quotient
    }
}
