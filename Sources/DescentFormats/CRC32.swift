/// The checksum of gzip and zip: the cyclic redundancy check with the polynomial EDB88320 (RFC 1952, section 8).
public enum CRC32 {
    /// The checksum of some bytes.
    public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let found = bytes.withContiguousStorageIfAvailable { checksum(UnsafeRawBufferPointer($0)) }
        return found ?? Array(bytes).withUnsafeBytes { checksum($0) }
    }

    /// Eight bytes at a time, each by its own table.
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var value = UInt32.max
        tables.withUnsafeBufferPointer { tables in
            var index = 0
            while index + 8 <= bytes.count {
                let low = value ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
                let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self))
                value = 0
                for byte in 0..<4 {
                    value ^= tables[(7 - byte) * 256 + Int(low >> UInt32(8 * byte) & 0xFF)]
                    value ^= tables[(3 - byte) * 256 + Int(high >> UInt32(8 * byte) & 0xFF)]
                }
                index += 8
            }
            for byte in bytes[index...] { value = tables[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
        }
        return ~value
    }

    /// Table k: what a byte contributes when k bytes follow it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
            tables[byte] = value
        }
        for index in 256..<8 * 256 {
            let before = tables[index - 256]
            tables[index] = tables[Int(before & 0xFF)] ^ before >> 8
        }
        return tables
    }()
}
