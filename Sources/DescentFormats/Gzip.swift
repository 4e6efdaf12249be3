/// Files compressed by gzip (RFC 1952).
public enum Gzip {
    /// Whether bytes begin as a gzip file does.
    public static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

    /// The content of a gzip file, its members joined; lengths and checksums are verified.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    /// - Throws: `FormatError` with the offset at which the file is damaged or ends too early.
    public static func decompress(_ bytes: [UInt8], file: String) throws(FormatError) -> [UInt8] {
        var content: [UInt8] = []
        var start = 0
        repeat {
            start = try member(bytes, from: start, file: file, into: &content)
            // Some writers pad a file with zeros.
            if bytes[start...].allSatisfy({ $0 == 0 }) { break }
        } while start < bytes.count
        return content
    }

    /// Decompresses one member; returns the place after it.
    private static func member(
        _ bytes: [UInt8], from start: Int, file: String, into content: inout [UInt8]
    ) throws(FormatError) -> Int {
        func error(_ offset: Int, _ reason: String) -> FormatError {
            FormatError(file: file, reason: "the gzip file is damaged at byte \(offset): \(reason)")
        }
        let short = error(bytes.count, "it ends within its header")
        guard bytes.count - start >= 18 else { throw short }
        guard bytes[start] == 0x1F, bytes[start + 1] == 0x8B else { throw error(start, "no gzip header begins here") }
        guard bytes[start + 2] == 8 else { throw error(start + 2, "compression method \(bytes[start + 2]) is unknown") }
        let flags = bytes[start + 3]
        guard flags & 0xE0 == 0 else { throw error(start + 3, "the flags \(flags) are unknown") }
        var position = start + 10
        if flags & 4 != 0 {
            guard position + 2 <= bytes.count else { throw short }
            position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
        }
        // A name and a comment, each ended by a zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else { throw short }
            position = end + 1
        }
        if flags & 2 != 0 { position += 2 }
        guard position < bytes.count else { throw short }

        let size = bytes.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)) }
        let inflate: Inflate
        do throws(Inflate.Failure) {
            // The size at the end is no more than a hint here; a deflated byte gives 1032 at most.
            inflate = try Inflate(bytes[position...], expecting: min(Int(size), bytes.count * 1032))
        } catch {
            throw FormatError(file: file, reason: "the gzip file is damaged at byte \(error.offset): \(error.reason)")
        }
        let trailer = inflate.position
        guard trailer + 8 <= bytes.count else { throw error(bytes.count, "it ends before its checksum") }
        let (checksum, length) = bytes.withUnsafeBytes {
            (
                UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: trailer, as: UInt32.self)),
                UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: trailer + 4, as: UInt32.self))
            )
        }
        guard UInt32(truncatingIfNeeded: inflate.output.count) == length else {
            throw error(trailer + 4, "its content should have \(length) bytes and has \(inflate.output.count)")
        }
        guard CRC32.checksum(inflate.output) == checksum else { throw error(trailer, "its checksum does not match its content") }
        if content.isEmpty { content = inflate.output } else { content += inflate.output }
        return trailer + 8
    }
}
