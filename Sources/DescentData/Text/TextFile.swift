import DescentFormats

/// Text read from files, whatever their encoding and their line ends.
public enum TextFile {
    /// A file's text, without a byte-order mark, its lines ended by line feeds alone. `-` is the standard input.
    ///
    /// - Throws: `FileError` where it cannot be read, `DataError` where it is empty or not text.
    public static func read(_ path: String) throws -> String { try decoded(path).text }

    /// A file's text, and what a person should know about how it was read; `nil` for nothing.
    ///
    /// - Throws: as `read`.
    package static func decoded(_ path: String) throws -> (text: String, notice: String?) {
        if path == "-" { return try decoded(FileSystem.read("/dev/stdin"), file: "standard input") }
        return try decoded(FileSystem.read(path), file: path)
    }

    /// The text of a file's bytes: UTF-8, UTF-16 with its byte-order mark, and what is neither as Windows-1252, as tables are read. The mark is left out, and
    /// carriage returns that end lines become line feeds: neither is anything to learn.
    ///
    /// - Throws: `DataError` for no text at all, for packed files, and for bytes that are not text: it says the offset of the first of them.
    public static func text(_ bytes: [UInt8], file: String) throws(DataError) -> String { try decoded(bytes, file: file).text }

    /// As `text`, with what a person should know about how it was read.
    static func decoded(_ bytes: [UInt8], file: String) throws(DataError) -> (text: String, notice: String?) {
        if bytes.starts(with: [0x1F, 0x8B]) { throw DataError(file: file, "the file is compressed (gzip); unpack it") }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw DataError(file: file, "the file is a zip archive or a document; save its text as plain UTF-8")
        }
        let encoding = TextEncoding(of: bytes)
        var body = encoding.utf8(bytes)
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { body.removeFirst(3) }
        if body.isEmpty { throw DataError(file: file, "the file is empty; there is no text to learn from") }
        if let zero = (encoding == .utf8 || encoding == .windows1252 ? bytes : body).firstIndex(of: 0) { throw DataError(file: file, "the file is not text: the byte at offset \(zero) is zero") }
        // Western text has no control characters but those of spacing; a program or a picture has them soon.
        if encoding == .windows1252, let control = bytes.firstIndex(where: { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B }) {
            throw DataError(file: file, "the file is not text: the byte at offset \(control) is a control character, and other bytes are not UTF-8")
        }
        let notice = encoding == .windows1252 ? "\(file) is not UTF-8; it is read as Windows-1252." : nil
        return (String(decoding: withLineFeeds(body), as: UTF8.self), notice)
    }

    /// Bytes of UTF-8 in which lines end in a line feed alone: pairs of carriage return and line feed, and carriage returns of old, become one.
    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        if !bytes.contains(0x0D) { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            if byte != 0x0D {
                result.append(byte)
            } else if place + 1 == bytes.count || bytes[place + 1] != 0x0A {
                result.append(0x0A)
            }
        }
        return result
    }

    /// The offset of the first byte that begins no well-formed sequence of UTF-8 (Unicode 16, table 3-7); `nil` where all is well. Of a
    /// sequence that is cut short it is the first byte.
    public static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var offset = 0
            while offset < bytes.count {
                let first = bytes[offset]
                if first < 0x80 {
                    offset += 1
                    continue
                }
                // How many bytes follow, and what the second may be: overlong forms, surrogates and numbers beyond U+10FFFF are left out.
                let following: Int
                let second: ClosedRange<UInt8>
                switch first {
                case 0xC2...0xDF: (following, second) = (1, 0x80...0xBF)
                case 0xE0: (following, second) = (2, 0xA0...0xBF)
                case 0xE1...0xEC, 0xEE, 0xEF: (following, second) = (2, 0x80...0xBF)
                case 0xED: (following, second) = (2, 0x80...0x9F)
                case 0xF0: (following, second) = (3, 0x90...0xBF)
                case 0xF1...0xF3: (following, second) = (3, 0x80...0xBF)
                case 0xF4: (following, second) = (3, 0x80...0x8F)
                default: return offset
                }
                guard offset + following < bytes.count, second.contains(bytes[offset + 1]) else { return offset }
                for place in 1...following where bytes[offset + place] & 0xC0 != 0x80 { return offset }
                offset += following + 1
            }
            return nil
        }
    }

    /// A text without the white space at its ends; by scalars, since a carriage return and a line feed are one Character.
    static func trimmed(_ text: Substring) -> String {
        var scalars = text.unicodeScalars
        while let first = scalars.first, ScalarKind(first) == .space { scalars.removeFirst() }
        while let last = scalars.last, ScalarKind(last) == .space { scalars.removeLast() }
        return String(scalars)
    }

    /// The common name of several files: their names without their folders.
    static func name(ofAll paths: [String]) -> String {
        if paths.count == 1 { return paths[0] == "-" ? "standard input" : paths[0] }
        let names = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }

    /// Texts one after another, each beginning on a line of its own.
    static func joined(_ texts: [String]) -> String {
        texts.reduce(into: "") { all, text in
            if !all.isEmpty && !text.isEmpty && all.utf8.last != UInt8(ascii: "\n") { all += "\n" }
            all += text
        }
    }
}
