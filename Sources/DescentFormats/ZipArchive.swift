/// Zip archives, as far as NumPy's need: entries stored or deflated, of less than 4 GB, without encryption.
///
/// The format: APPNOTE.TXT of PKWARE, sections 4.3.7 to 4.3.16. NumPy writes the 64-bit sizes of section 4.5.3 in the
/// local headers; what counts is the directory at the end, where these are needed beyond 4 GB alone.
public enum ZipArchive {
    /// A file in an archive.
    public struct Entry: Equatable, Sendable {
        /// Its name, with `/` between folders.
        public let name: String
        /// Its content, decompressed.
        public let content: [UInt8]

        /// An entry to be written.
        public init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// The files of an archive, in the order of its directory; checksums are verified.
    ///
    /// - Throws: `FormatError` with the offset, or the entry's name, of what is wrong.
    public static func parse(_ bytes: [UInt8], file: String) throws(FormatError) -> [Entry] {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        func word(_ offset: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
        guard bytes.starts(with: [0x50, 0x4B]) else { throw error("byte 0: this is no zip archive") }
        // The end record is last, but for a comment.
        let last = bytes.count - 22
        guard last >= 0, let end = (max(last - 0xFFFF, 0)...last).last(where: { word($0, 4) == 0x0605_4B50 }) else {
            throw error("byte \(bytes.count): the zip archive has no directory at its end; it is truncated")
        }
        var entries: [Entry] = []
        var place = word(end + 16, 4)
        let count = word(end + 10, 2)
        if count == 0xFFFF || place == 0xFFFF_FFFF { throw error("byte \(end): zip archives beyond 4 GB or 65534 entries are not read") }
        for _ in 0..<count {
            guard place + 46 <= end, word(place, 4) == 0x0201_4B50 else { throw error("byte \(place): the zip archive's directory is damaged") }
            let (flags, method, checksum) = (word(place + 8, 2), word(place + 10, 2), word(place + 16, 4))
            let (packed, size, local) = (word(place + 20, 4), word(place + 24, 4), word(place + 42, 4))
            let nameLength = word(place + 28, 2)
            let next = place + 46 + nameLength + word(place + 30, 2) + word(place + 32, 2)
            guard next <= end else { throw error("byte \(place): the zip archive's directory is damaged") }
            let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
            place = next
            if flags & 1 == 1 { throw error("entry \(quoted(name)) is encrypted") }
            if packed == 0xFFFF_FFFF || size == 0xFFFF_FFFF { throw error("entry \(quoted(name)) is beyond 4 GB, which is not read") }
            guard local + 30 <= bytes.count, word(local, 4) == 0x0403_4B50 else { throw error("byte \(local): entry \(quoted(name)) does not begin here") }
            let start = local + 30 + word(local + 26, 2) + word(local + 28, 2)
            guard start + packed <= bytes.count else { throw error("byte \(start): entry \(quoted(name)) is truncated") }
            let content: [UInt8]
            switch method {
            case 0: content = Array(bytes[start..<start + packed])
            case 8:
                do throws(Inflate.Failure) {
                    content = try Inflate(bytes[start..<start + packed], expecting: min(size, packed * 1032), limit: size).output
                } catch let failure {
                    throw error("entry \(quoted(name)) is damaged at byte \(failure.offset): \(failure.reason)")
                }
            default: throw error("entry \(quoted(name)) is compressed by the method \(method), and 0 and 8 are known")
            }
            guard content.count == size else { throw error("entry \(quoted(name)) should have \(size) bytes and has \(content.count)") }
            guard CRC32.checksum(content) == UInt32(checksum) else { throw error("entry \(quoted(name)) does not match its checksum; it is damaged") }
            if !name.hasSuffix("/") { entries.append(Entry(name: name, content: content)) }
        }
        return entries
    }

    /// An archive of stored entries; the same bytes for the same entries, since all have the date 1980-01-01.
    ///
    /// - Throws: `FormatError` for a name that is given twice or is too long, and for what only larger formats hold.
    public static func encode(_ entries: [Entry], file: String = "zip") throws(FormatError) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        var names: Set<String> = []
        func put(_ value: Int, _ size: Int, into list: inout [UInt8]) {
            for byte in 0..<size { list.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
        }
        guard entries.count < 0xFFFF else { throw FormatError(file: file, reason: "\(entries.count) entries are more than a zip archive holds") }
        for entry in entries {
            let name = Array(entry.name.utf8)
            guard names.insert(entry.name).inserted else { throw FormatError(file: file, reason: "\(quoted(entry.name)) names two entries") }
            guard name.count < 0xFFFF, bytes.count + entry.content.count < 0xFFFF_0000 else {
                throw FormatError(file: file, reason: "entry \(quoted(entry.name)) makes the zip archive larger than 4 GB")
            }
            // Version 2.0, names in UTF-8, stored, 1980-01-01.
            var common: [UInt8] = []
            for value in [20, 0x800, 0, 0, 0x21] { put(value, 2, into: &common) }
            put(Int(CRC32.checksum(entry.content)), 4, into: &common)
            put(entry.content.count, 4, into: &common)
            put(entry.content.count, 4, into: &common)
            put(name.count, 2, into: &common)
            put(0, 2, into: &common)
            put(0x0201_4B50, 4, into: &directory)
            put(20, 2, into: &directory)
            directory += common
            put(0, 6, into: &directory)
            put(0, 4, into: &directory)
            put(bytes.count, 4, into: &directory)
            directory += name
            put(0x0403_4B50, 4, into: &bytes)
            bytes += common + name
            bytes += entry.content
        }
        let start = bytes.count
        bytes += directory
        put(0x0605_4B50, 4, into: &bytes)
        put(0, 4, into: &bytes)
        put(entries.count, 2, into: &bytes)
        put(entries.count, 2, into: &bytes)
        put(directory.count, 4, into: &bytes)
        put(start, 4, into: &bytes)
        put(0, 2, into: &bytes)
        return bytes
    }
}
