import DescentCore
import DescentData
import DescentFormats

/// A row of a file as it stands there, without its line's end.
struct TextRecord {
    /// The line on which it begins, from 1.
    let line: Int
    let bytes: ArraySlice<UInt8>

    /// The row as UTF-8: what is not is read as Windows-1252.
    var inUTF8: TextRecord {
        // Nearly every row: nothing is copied.
        if bytes.withUnsafeBytes(TextEncoding.isASCII) { return self }
        let encoding = TextEncoding(of: Array(bytes), isStart: false)
        return encoding == .utf8 ? self : TextRecord(line: line, bytes: encoding.utf8(Array(bytes))[...])
    }
}

/// Cuts bytes that come piece by piece into records: lines, or, where fields may stand in quotes, rows of CSV that can span lines. Blank
/// ones are left out. What it keeps is the record that has not ended.
struct RecordReader {
    /// What separates fields; decides where a quote opens one. `nil`: every line is a record (JSON lines).
    var delimiter: Delimiter?

    /// A quoted field longer than this is taken as a quote that was forgotten: the record then ends with its first line.
    static let recordLimit = 1 << 20

    private var rest: [UInt8] = []
    private var line = 1
    private var isStart = true

    init(delimiter: Delimiter?) { self.delimiter = delimiter }

    /// The records that end within `bytes`.
    ///
    /// - Parameter isEnd: No more bytes will come, so that the last record ends too.
    mutating func records(adding bytes: [UInt8], isEnd: Bool) -> [TextRecord] {
        rest += bytes
        if isStart, rest.count >= 3 || isEnd {
            if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
            isStart = false
        }
        var records: [TextRecord] = []
        var position = 0
        while position < rest.count, let end = end(from: position, isEnd: isEnd) {
            if !isBlank(rest[position..<end.content]) { records.append(TextRecord(line: line, bytes: rest[position..<end.content])) }
            line += end.lines
            position = end.next
        }
        rest = Array(rest[position...])
        return records
    }

    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let quote = UInt8(ascii: "\"")

    /// Where the record that begins at `start` ends, and the next begins; `nil` where that is not known yet.
    private func end(from start: Int, isEnd: Bool) -> (content: Int, next: Int, lines: Int)? {
        rest.withUnsafeBufferPointer { bytes in
            var firstLine: (content: Int, next: Int)?
            var lines = 0
            var position = start
            var isQuoted = false
            // Between tabulators a quoted field ends in its line, so that quotes need no care here.
            let hasQuotes = delimiter != nil && delimiter != .tab
            var isFieldStart = true
            while position < bytes.count {
                let byte = bytes[position]
                if byte == Self.newline || byte == Self.carriageReturn {
                    // The end may be two bytes, of which the second has not come.
                    if byte == Self.carriageReturn, position + 1 == bytes.count, !isEnd { return nil }
                    let isPair = byte == Self.carriageReturn && position + 1 < bytes.count && bytes[position + 1] == Self.newline
                    let next = position + (isPair ? 2 : 1)
                    lines += 1
                    if !isQuoted { return (position, next, lines) }
                    if firstLine == nil { firstLine = (position, next) }
                    if next - start > Self.recordLimit { break }
                    position = next
                    continue
                }
                if isQuoted {
                    if byte == Self.quote {
                        // Of a doubled quote the second opens again.
                        isQuoted = false
                        isFieldStart = position + 1 < bytes.count && bytes[position + 1] == Self.quote
                    }
                } else if hasQuotes {
                    if byte == Self.quote, isFieldStart {
                        isQuoted = true
                    } else if byte == delimiter?.rawByte || (delimiter == .whitespace && (byte == 0x20 || byte == 0x09)) {
                        isFieldStart = true
                    } else if byte != 0x20 && byte != 0x09 {
                        isFieldStart = false
                    }
                }
                position += 1
            }
            if isQuoted, let firstLine, isEnd || position - start > Self.recordLimit { return (firstLine.content, firstLine.next, 1) }
            return isEnd ? (bytes.count, bytes.count, 1) : nil
        }
    }

    private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 0x20 || ($0 == 0x09 && delimiter != .tab) }
    }
}

extension Delimiter {
    /// The byte, for all but `whitespace`.
    fileprivate var rawByte: UInt8? {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: 0x09
        case .bar: UInt8(ascii: "|")
        case .whitespace: nil
        }
    }
}
