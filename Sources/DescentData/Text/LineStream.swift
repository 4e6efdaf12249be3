import DescentFormats

/// The lines of a text as they come, from a file or a pipe whose other end still writes.
public final class LineStream {
    private let file: InputFile
    private var rest: [UInt8] = []
    /// Lines given so far.
    private var count = 0
    private var isEnd = false

    public init(_ file: InputFile) { self.file = file }

    /// The lines of a file; `-` is the standard input.
    ///
    /// - Throws: `FileError` where it cannot be opened.
    public convenience init(path: String) throws(FileError) { self.init(path == "-" ? InputFile() : try InputFile(path: path)) }

    /// The next whole lines, as soon as there are any, blank ones among them; `nil` at the end.
    ///
    /// - Throws: `FileError`, and `DataError` for a line that is not UTF-8.
    public func next() throws -> [(number: Int, text: String)]? {
        while !isEnd {
            let bytes = try file.read()
            isEnd = bytes.isEmpty
            rest += bytes
            var lines: [(number: Int, text: String)] = [], start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                lines.append(try line(rest[start..<end]))
                start = end + 1
            }
            if isEnd, start < rest.count {
                lines.append(try line(rest[start...]))
                start = rest.count
            }
            rest.removeFirst(start)
            if !lines.isEmpty { return lines }
        }
        return nil
    }

    private func line(_ bytes: ArraySlice<UInt8>) throws(DataError) -> (number: Int, text: String) {
        count += 1
        var bytes = bytes
        if bytes.last == 0x0D { bytes.removeLast() }
        if count == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        if let offset = TextFile.firstInvalidByte(Array(bytes)) {
            throw DataError(file: file.name, line: count, "the line is not UTF-8: its byte \(offset + 1) is out of place; save the text as UTF-8")
        }
        return (count, String(decoding: bytes, as: UTF8.self))
    }
}
