/// The 16-bit floats of other programs' files, which are widened to 32 bits as they are read.
enum HalfFloat: String {
    /// IEEE 754 binary16: 5 bits of exponent, 10 of fraction.
    case ieee = "F16"
    /// The upper half of a 32-bit float.
    case brain = "BF16"

    /// The same numbers as 32-bit floats, little-endian. Every 16-bit value has one.
    func widened(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let half = UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
            let pattern = self == .brain ? UInt32(half) << 16 : Self.widenedBits(half)
            for shift in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: pattern >> UInt32(shift))) }
            index += 2
        }
        return result
    }

    private static func widenedBits(_ half: UInt16) -> UInt32 {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 0x1F)
        let fraction = UInt32(half & 0x3FF)
        switch exponent {
        case 0: return sign | (Float(fraction) * 0x1p-24).bitPattern
        case 31: return sign | 0x7F80_0000 | fraction << 13
        default: return sign | (exponent + 112) << 23 | fraction << 13
        }
    }
}
