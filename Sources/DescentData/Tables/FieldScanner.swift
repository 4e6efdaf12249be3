/// The rules by which a field is found in a table's bytes: where it begins and ends, and what quotes mean.
struct FieldScanner {
    let file: String
    let bytes: UnsafeBufferPointer<UInt8>
    let delimiter: Delimiter
    let quotes: Bool
    /// The delimiter's byte; a space for `whitespace`.
    let separator: UInt8

    init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: Delimiter, quotes: Bool, file: String) {
        self.file = file
        self.bytes = bytes
        self.delimiter = delimiter
        self.quotes = quotes
        separator = delimiter.byte ?? 0x20
    }

    /// The error where a file, or a part of it, ends within quotes.
    static let unclosedQuote = "a quote opens in this line and is never closed"
    private static let quote = UInt8(ascii: "\"")
    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Where the first row may begin: after a byte-order mark.
    var start: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// Reads one field and stops at the delimiter or line end after it.
    ///
    /// - Parameters:
    ///   - position: Where the field begins; then where it ends.
    ///   - line: The line of `position`, from 1; newlines within quotes count.
    ///   - number: The field's number in its row, from 1, for errors.
    func field(_ position: inout Int, _ line: inout Int32, number: Int) throws(DataError) -> CSV.Field {
        let end = bytes.count
        while position < end, isBlank(bytes[position]), bytes[position] != 0x09 || separator != 0x09 { position += 1 }
        if quotes, position < end, bytes[position] == Self.quote, delimiter != .tab || closesBeforeTab(position) {
            return try quotedField(&position, &line, number: number)
        }
        let start = position
        if delimiter == .whitespace {
            while position < end, !isBlank(bytes[position]), !isLineEnd(bytes[position]) { position += 1 }
        } else {
            while position < end {
                let byte = bytes[position]
                if byte == separator || isLineEnd(byte) { break }
                position += 1
            }
        }
        var last = position
        while last > start, isBlank(bytes[last - 1]) { last -= 1 }
        // An empty field has no place, which also tells a blank line.
        return CSV.Field(start: last == start ? 0 : start, length: last - start, hasDoubledQuote: false)
    }

    /// Texts between tabulators are often written raw, and one may begin with a quotation. So there a field stands in
    /// quotes only where the quote closes in the same line, right before a tabulator or the line's end.
    private func closesBeforeTab(_ start: Int) -> Bool {
        var position = start + 1
        while position < bytes.count, !isLineEnd(bytes[position]) {
            if bytes[position] == Self.quote {
                let next = position + 1
                if next == bytes.count || isLineEnd(bytes[next]) || bytes[next] == 0x09 { return true }
                if bytes[next] != Self.quote { return false }
                position += 1
            }
            position += 1
        }
        return false
    }

    private func quotedField(_ position: inout Int, _ line: inout Int32, number: Int) throws(DataError) -> CSV.Field {
        let opened = line
        position += 1
        let start = position
        var hasDoubledQuote = false
        while true {
            guard position < bytes.count else {
                throw DataError(file: file, line: Int(opened), Self.unclosedQuote)
            }
            let byte = bytes[position]
            if byte == Self.quote {
                if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                    hasDoubledQuote = true
                    position += 2
                    continue
                }
                break
            }
            if byte == Self.newline || (byte == Self.carriageReturn && !isNewline(position + 1)) { line += 1 }
            position += 1
        }
        let field = CSV.Field(start: start, length: position - start, hasDoubledQuote: hasDoubledQuote)
        position += 1
        while position < bytes.count, isBlank(bytes[position]), bytes[position] != delimiter.byte { position += 1 }
        guard
            position == bytes.count || isLineEnd(bytes[position]) || bytes[position] == delimiter.byte
                || (delimiter == .whitespace && isBlank(bytes[position - 1]))
        else {
            throw DataError(
                file: file, line: Int(line),
                "text follows a closing quote within field \(number); a quote within quotes is written twice")
        }
        return field
    }

    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.newline || byte == Self.carriageReturn }

    private func isNewline(_ position: Int) -> Bool { position < bytes.count && bytes[position] == Self.newline }

    func skipBlanks(_ position: inout Int) {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    /// Steps over LF, CRLF or CR.
    func skipLineEnd(_ position: inout Int, _ line: inout Int32) {
        if bytes[position] == Self.carriageReturn, isNewline(position + 1) { position += 1 }
        position += 1
        line += 1
    }
}
