/// The field delimiter.
public enum Delimiter: Equatable, Sendable {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// A tabulator.
    case tab
    /// `|`
    case bar
    /// Runs of spaces and tabulators; those at the ends of a line do not count.
    case whitespace

    /// In words: `comma`.
    public var name: String {
        switch self {
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        case .bar: "bar"
        case .whitespace: "space"
        }
    }

    /// The byte, for all but `whitespace`.
    var byte: UInt8? {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: 0x09
        case .bar: UInt8(ascii: "|")
        case .whitespace: nil
        }
    }
}

/// Rows of fields, as RFC 4180 has them, and as files really have them: LF or CRLF, a byte-order mark, another
/// delimiter, spaces around fields, blank lines (skipped), a last line that is not ended. Between tabulators, a quote
/// that does not close before the next one, in the same line, is a character like any other.
///
/// Fields are kept as places in the file's bytes, 8 bytes each.
public struct CSV: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The delimiter, as given or guessed.
    public let delimiter: Delimiter
    /// The number of rows, a header included.
    public var rowCount: Int { lines.count }
    /// The number of fields in every row.
    public let columnCount: Int

    /// A field's bytes without quotes and outer spaces. The last bit of `length` says that a quote is doubled within.
    struct Field {
        var start: UInt32
        var length: UInt32

        init(start: Int, length: Int, hasDoubledQuote: Bool) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.length = UInt32(truncatingIfNeeded: length) << 1 | (hasDoubledQuote ? 1 : 0)
        }

        /// Whether nothing stands there, not even quotes.
        var isNothing: Bool { length == 0 && start == 0 }

        /// The same field of bytes that stand further on; an empty one has no place.
        func moved(by distance: Int) -> Self {
            var moved = self
            if !isNothing { moved.start += UInt32(truncatingIfNeeded: distance) }
            return moved
        }

        /// Where it stands.
        var range: Range<Int> { Int(start)..<Int(start) + Int(length >> 1) }

        /// The field of some bytes as text, without quotes; bytes that are not UTF-8 become U+FFFD.
        func text(in bytes: [UInt8]) -> String {
            let slice = bytes[range]
            if length & 1 == 0 { return String(decoding: slice, as: UTF8.self) }
            var unescaped: [UInt8] = []
            var isSecond = false
            for byte in slice {
                isSecond = byte == UInt8(ascii: "\"") && !isSecond
                if !isSecond { unescaped.append(byte) }
            }
            return String(decoding: unescaped, as: UTF8.self)
        }
    }

    let bytes: [UInt8]
    let fields: [Field]
    /// The line, from 1, on which each row begins.
    let lines: [Int32]

    /// Parses a whole file's bytes, or its first rows.
    ///
    /// - Parameters:
    ///   - bytes: The file's content, in UTF-8 or anything that agrees with ASCII.
    ///   - file: The name that errors begin with.
    ///   - delimiter: `nil` to guess from the first lines.
    ///   - quotes: Whether a field may stand in quotes. Without, a quote is a character like any other.
    ///   - rowLimit: How many rows to parse.
    ///   - start: Where the first row's line begins.
    ///   - firstLine: The number of that line.
    /// - Throws: `DataError` for an empty file, one that is not text, a quote that is not closed, and a row with more
    ///   or fewer fields than the first.
    public init(
        parsing bytes: [UInt8], file: String, delimiter: Delimiter? = nil, quotes: Bool = true,
        rowLimit: Int = .max, start: Int = 0, firstLine: Int = 1
    ) throws(DataError) {
        try Self.checkIsText(bytes, file: file)
        let delimiter = delimiter ?? Self.guessDelimiter(bytes, file: file, quotes: quotes, start: start)
        var scanner = CSVScanner(file: file, delimiter: delimiter, quotes: quotes, start: start, firstLine: Int32(truncatingIfNeeded: firstLine))
        try scanner.scan(bytes, rowLimit: rowLimit)
        if scanner.lines.isEmpty { throw DataError(file: file, "the file is empty") }
        let columnCount = Int(scanner.counts[0])
        if let row = scanner.counts.firstIndex(where: { $0 != columnCount }) {
            let count = scanner.counts[row]
            throw DataError(
                file: file, line: Int(scanner.lines[row]),
                "\(count) field\(count == 1 ? "" : "s"), and the first line has \(columnCount)")
        }
        self.file = file
        self.delimiter = delimiter
        self.columnCount = columnCount
        self.bytes = bytes
        self.fields = scanner.fields
        self.lines = scanner.lines
    }

    /// The line on which a row begins, from 1.
    public func line(ofRow row: Int) -> Int { Int(lines[row]) }

    /// A field as text, without quotes and outer spaces; bytes that are not UTF-8 become U+FFFD.
    public func text(row: Int, column: Int) -> String { fields[row * columnCount + column].text(in: bytes) }

    /// Calls `body` with a field's bytes in place (a doubled quote is still doubled).
    func withBytes<Result>(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let range = fields[row * columnCount + column].range
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    // MARK: - Checks and guesses

    private static func checkIsText(_ bytes: [UInt8], file: String) throws(DataError) {
        if bytes.isEmpty { throw DataError(file: file, "the file is empty") }
        try checkSize(bytes.count, file: file)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataError(file: file, "the text is in UTF-16; save it as UTF-8")
        }
        if bytes.starts(with: [0x1F, 0x8B]) { throw DataError(file: file, "the file is compressed (gzip); unpack it") }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw DataError(file: file, "the file is a spreadsheet or zip archive; save the table as CSV")
        }
        if isBinary(bytes) { throw DataError(file: file, "the file is not text") }
    }

    /// Whether there are zeros among the first bytes of what is not UTF-16.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        !bytes.starts(with: [0xFF, 0xFE]) && !bytes.starts(with: [0xFE, 0xFF]) && bytes.prefix(1 << 16).contains(0)
    }

    static func checkSize(_ count: Int, file: String) throws(DataError) {
        if count >= 1 << 31 {
            throw DataError(file: file, "a table in memory may be 2 GB at most, and this is larger; read it with TableStream")
        }
    }

    /// The delimiter that gives the first rows the same number of fields, more than one. A comma comes last, since it
    /// also stands within numbers and sentences; spaces count only where nothing else divides the lines.
    static func guessDelimiter(_ bytes: [UInt8], file: String, quotes: Bool, start: Int = 0) -> Delimiter {
        var best: (delimiter: Delimiter, score: Double) = (.comma, 0)
        for delimiter in [Delimiter.tab, .semicolon, .bar, .comma, .whitespace] {
            if delimiter == .whitespace && best.score > 0.5 { break }
            var scanner = CSVScanner(file: file, delimiter: delimiter, quotes: quotes, start: start)
            // A quote that is not closed: the rows before it still tell.
            try? scanner.scan(bytes, rowLimit: 100)
            var frequency: [Int32: Int] = [:]
            for count in scanner.counts where count > 1 { frequency[count, default: 0] += 1 }
            let score = Double(frequency.values.max() ?? 0) / Double(max(scanner.counts.count, 1))
            if score > best.score && (delimiter != .whitespace || score == 1) { best = (delimiter, score) }
        }
        return best.delimiter
    }
}
