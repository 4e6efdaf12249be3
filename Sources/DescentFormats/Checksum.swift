/// XXH64 (Yann Collet), a fast 64-bit checksum: it finds any accidental damage, and is no protection against intent.
public struct Checksum: Sendable {
    /// The checksum of the bytes given.
    public let value: UInt64

    /// Reads `bytes` once; several gigabytes a second.
    public init(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) {
        var offset = 0
        var hash: UInt64
        if bytes.count >= 32 {
            var a = seed &+ Self.prime1 &+ Self.prime2
            var b = seed &+ Self.prime2
            var c = seed
            var d = seed &- Self.prime1
            while offset + 32 <= bytes.count {
                a = Self.round(a, Self.word(bytes, offset))
                b = Self.round(b, Self.word(bytes, offset + 8))
                c = Self.round(c, Self.word(bytes, offset + 16))
                d = Self.round(d, Self.word(bytes, offset + 24))
                offset += 32
            }
            hash = Self.rotate(a, 1) &+ Self.rotate(b, 7) &+ Self.rotate(c, 12) &+ Self.rotate(d, 18)
            for lane in [a, b, c, d] { hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4 }
        } else {
            hash = seed &+ Self.prime5
        }
        hash &+= UInt64(bytes.count)
        while offset + 8 <= bytes.count {
            hash ^= Self.round(0, Self.word(bytes, offset))
            hash = Self.rotate(hash, 27) &* Self.prime1 &+ Self.prime4
            offset += 8
        }
        if offset + 4 <= bytes.count {
            let half = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            hash = Self.rotate(hash ^ UInt64(half) &* Self.prime1, 23) &* Self.prime2 &+ Self.prime3
            offset += 4
        }
        while offset < bytes.count {
            hash = Self.rotate(hash ^ UInt64(bytes[offset]) &* Self.prime5, 11) &* Self.prime1
            offset += 1
        }
        hash = (hash ^ hash >> 33) &* Self.prime2
        hash = (hash ^ hash >> 29) &* Self.prime3
        value = hash ^ hash >> 32
    }

    /// The checksum of an array of bytes.
    public init(_ bytes: [UInt8], seed: UInt64 = 0) {
        self = bytes.withUnsafeBytes { Checksum($0, seed: seed) }
    }

    /// Sixteen lower-case hexadecimal digits.
    public var hex: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    private static func rotate(_ x: UInt64, _ count: UInt64) -> UInt64 { x << count | x >> (64 - count) }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotate(lane &+ word &* prime2, 31) &* prime1
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
