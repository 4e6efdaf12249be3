import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The bytes of hexadecimal digits.
func hexadecimal(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8.filter { $0 > 32 }).map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

@Suite("compressed files")
struct CompressionTests {
    /// Python: gzip.GzipFile("name.csv", "wb", 9, mtime=0) of "the quick brown fox; " * 40 and 700 characters 33 + (i i 7 + i) % 90.
    static let dynamic = hexadecimal(
        "1f8b08080000000002ff6e616d652e63737600edca310a80300c00c0af2453e8dc3143a73ca00fc8625014c110a9e8f37d839b43d6e3c63a435c9bed"
            + "309d7e1fb0f8c330121313bf2096668c1e24d11b8b16156e3d84c291ad1524d61a6651952973e61fe517d867d60004060000")
    static var content: [UInt8] {
        Array(String(repeating: "the quick brown fox; ", count: 40).utf8) + (0..<700).map { UInt8(33 + ($0 * $0 * 7 + $0) % 90) }
    }
    /// printf hello | gzip -1 with a stored block, made by hand: 1, the length, its complement.
    static func stored(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let count = UInt8(bytes.count)
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, count, 0, ~count, 255] + bytes
        for word in [CRC32.checksum(bytes), UInt32(bytes.count)] { withUnsafeBytes(of: word.littleEndian) { file += $0 } }
        return file
    }

    @Test("the checksum of the standard's example")
    func checksum() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.checksum([UInt8]()) == 0)
        #expect(CRC32.checksum(Self.content) == 14_051_288)  // zlib.crc32
    }

    @Test("a file of another program, with a name and codes of its own")
    func dynamicCodes() throws {
        #expect(try Gzip.decompress(Self.dynamic, file: "f") == Self.content)
    }

    @Test("fixed codes with a repetition that runs into itself, stored blocks, several members, padding")
    func otherBlocks() throws {
        let text = Array("hello hello hello hello".utf8)
        var fixed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + hexadecimal("cb48cdc9c957c8402701")
        for word in [CRC32.checksum(text), UInt32(text.count)] { withUnsafeBytes(of: word.littleEndian) { fixed += $0 } }
        #expect(try Gzip.decompress(fixed, file: "f") == text)
        #expect(try Gzip.decompress(Self.stored("hi"), file: "f") == Array("hi".utf8))
        #expect(try Gzip.decompress(Self.stored("a,b\n") + Self.stored("1,2\n") + [0, 0], file: "f") == Array("a,b\n1,2\n".utf8))
    }

    @Test("damage has a sentence with its offset")
    func damage() {
        let good = Self.stored("hello")
        func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
            var bytes = good
            bytes[place] = value
            return bytes
        }
        for (bytes, sentence) in [
            (Array(good.prefix(12)), "f: the gzip file is damaged at byte 12: it ends within its header"),
            (changed(2, 7), "f: the gzip file is damaged at byte 2: compression method 7 is unknown"),
            (changed(10, 7), "f: the gzip file is damaged at byte 11: a block of the unknown kind 3"),
            (changed(11, 6), "f: the gzip file is damaged at byte 15: the length of a stored block does not match its complement"),
            (changed(16, 0), "f: the gzip file is damaged at byte 20: its checksum does not match its content"),
            (changed(24, 9), "f: the gzip file is damaged at byte 24: its content should have 9 bytes and has 5"),
            (Array(Self.dynamic.dropLast(9)), "f: the gzip file is damaged at byte 101: the compressed data ends too early"),
            (Array(Self.dynamic.dropLast(3)), "f: the gzip file is damaged at byte 107: it ends before its checksum"),
            (good + [1, 2, 3], "f: the gzip file is damaged at byte 31: it ends within its header"),
        ] {
            let error = #expect(throws: FormatError.self) { try Gzip.decompress(bytes, file: "f") }
            #expect(error?.sentence == sentence)
        }
    }

    @Test("any damage at all is an error or other content, never a crash")
    func anything() {
        var random: UInt64 = 1
        for _ in 0..<3000 {
            var bytes = Self.dynamic
            for _ in 0..<2 {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(random >> 33) % bytes.count] = UInt8(truncatingIfNeeded: random >> 20)
            }
            _ = try? Gzip.decompress(bytes, file: "f")
        }
    }

    @Test("a file that changes while it is read")
    func changing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("data.csv")
        try FileSystem.write(Array("a,b\n1,2\n".utf8), to: path)
        #expect(try FileSystem.read(path) {} == Array("a,b\n1,2\n".utf8))
        // Appended to the same file; `FileSystem.write` would make a new one of its name.
        let error = #expect(throws: FileError.self) {
            try FileSystem.read(path) {
                let file = fopen(path, "a")!
                fputs("3,4\n", file)
                fclose(file)
            }
        }
        #expect(
            error?.sentence
                == "\(path) changed while it was read: it had 8 bytes and now has 12. Read it again when it is complete")
        #expect(error?.kind == .unreadable)
    }
}
