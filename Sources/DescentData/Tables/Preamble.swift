/// The lines before a table's first row: comments that begin with `#`, and the line with which a spreadsheet names its delimiter (`sep=;`).
package struct Preamble {
    /// Where the first row's line begins, after a byte-order mark and these lines.
    let start: Int
    /// How many lines there are.
    package let lineCount: Int
    /// How many of them are comments.
    let commentCount: Int
    /// The delimiter that the file names.
    package let delimiter: Delimiter?

    package init(_ bytes: [UInt8]) {
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var lines = 0, comments = 0
        var delimiter: Delimiter?
        func line(_ start: Int) -> (content: Range<Int>, next: Int) {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
            return (start..<end, Swift.min(bytes.count, end + (isPair ? 2 : 1)))
        }
        var first = position
        while first < bytes.count {
            let (content, next) = line(first)
            let text = bytes[content]
            if delimiter == nil, comments == 0, text.count == 5, text.starts(with: "sep=".utf8), let named = Delimiter(byte: text.last!) {
                delimiter = named
            } else if text.first == UInt8(ascii: "#"), next < bytes.count, !Self.isHeader(text, above: bytes[line(next).content]) {
                comments += 1
            } else if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }), comments > 0 {
                // A blank line among comments.
            } else {
                break
            }
            lines += 1
            position = next
            first = next
        }
        (start, lineCount, commentCount, self.delimiter) = (position, lines, comments, delimiter)
    }

    /// Whether a line that begins with `#` names the columns, as in `#chrom<tab>start`: no blank follows, and it has as many fields as the next line, which is no
    /// comment.
    private static func isHeader(_ line: ArraySlice<UInt8>, above next: ArraySlice<UInt8>) -> Bool {
        guard line.count > 1, line[line.startIndex + 1] != 0x20, next.first != UInt8(ascii: "#") else { return false }
        return [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")].contains { mark in
            let count = line.count { $0 == mark }
            return count > 0 && count == next.count { $0 == mark }
        }
    }
}

extension Delimiter {
    /// The delimiter of a byte.
    init?(byte: UInt8) {
        guard let found = [Delimiter.comma, .semicolon, .tab, .bar].first(where: { $0.byte == byte }) else { return nil }
        self = found
    }
}
