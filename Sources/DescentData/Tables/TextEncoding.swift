/// The encoding of a table's file.
package enum TextEncoding: Equatable, Sendable {
    case utf8
    /// Of Western Europe, on Windows: in a file that is not UTF-8.
    case windows1252
    case utf16(isBigEndian: Bool)

    /// In words, for a notice.
    var words: String {
        switch self {
        case .utf8: "UTF-8"
        case .windows1252: "Windows-1252"
        case .utf16: "UTF-16"
        }
    }

    /// The encoding of some whole lines of a file.
    ///
    /// - Parameters:
    ///   - isStart: Whether the file begins with them.
    ///   - threads: How many threads may look.
    package init(of bytes: [UInt8], isStart: Bool = true, threads: Int = 1) {
        if isStart, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            self = .utf16(isBigEndian: bytes[0] == 0xFE)
        } else {
            self = Self.isASCII(bytes, threads: threads) || TextFile.firstInvalidByte(bytes) == nil ? .utf8 : .windows1252
        }
    }

    /// Less is not worth a thread.
    private static let leastStretch = 1 << 22

    private static func isASCII(_ bytes: [UInt8], threads: Int) -> Bool {
        let parts = min(threads, max(bytes.count / leastStretch, 1)), size = (bytes.count + parts - 1) / parts
        return !concurrentMap(count: parts, threads: threads) { part in
            bytes.withUnsafeBytes { isASCII(UnsafeRawBufferPointer(rebasing: $0[min(part * size, $0.count)..<min((part + 1) * size, $0.count)])) }
        }.contains(false)
    }

    /// Whether no byte is above 127, eight at a time: most tables have nothing else.
    package static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        var all: UInt64 = 0
        while place + 32 <= bytes.count {
            all |= bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) | bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)
            all |= bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self) | bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self)
            place += 32
        }
        while place < bytes.count {
            all |= UInt64(bytes[place])
            place += 1
        }
        return all & 0x8080_8080_8080_8080 == 0
    }

    /// The bytes as UTF-8.
    package func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8: return bytes
        case .windows1252:
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count + bytes.count / 16)
            for byte in bytes {
                if byte < 0x80 { result.append(byte) } else { result += String(Character(Self.scalar(byte))).utf8 }
            }
            return result
        case .utf16(let isBigEndian):
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place -> UInt16 in
                let first = UInt16(bytes[place]), second = UInt16(bytes[place + 1])
                return isBigEndian ? first << 8 | second : second << 8 | first
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        }
    }

    /// What 0x80 to 0x9F stand for; five of them stand for nothing.
    private static let upper: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D,
        0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        Unicode.Scalar((0x80..<0xA0).contains(byte) ? upper[Int(byte) - 0x80] : UInt32(byte)) ?? "\u{FFFD}"
    }
}
