/// One pass over the bytes of a table that finds its rows and fields.
struct CSVScanner {
    let file: String
    let delimiter: Delimiter
    let quotes: Bool

    /// The fields of all rows, one after the other.
    private(set) var fields: [CSV.Field] = []
    /// The number of fields of each row.
    private(set) var counts: [Int32] = []
    /// The line on which each row begins.
    private(set) var lines: [Int32] = []

    init(file: String, delimiter: Delimiter, quotes: Bool) {
        self.file = file
        self.delimiter = delimiter
        self.quotes = quotes
    }

    private static let quote = UInt8(ascii: "\"")
    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Scans at most `rowLimit` rows. What was found before an error stays.
    mutating func scan(_ bytes: [UInt8], rowLimit: Int) throws(DataError) {
        fields.reserveCapacity(min(bytes.count / 5, rowLimit == .max ? .max : 1024))
        let failure = bytes.withUnsafeBufferPointer { buffer -> DataError? in
            do throws(DataError) {
                try scan(buffer, rowLimit: rowLimit)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, rowLimit: Int) throws(DataError) {
        let end = bytes.count
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line: Int32 = 1
        while position < end && lines.count < rowLimit {
            if delimiter == .whitespace { skipBlanks(bytes, &position) }
            if position == end { break }
            if isLineEnd(bytes[position]) {
                skipLineEnd(bytes, &position, &line)
                continue
            }
            let firstField = fields.count
            lines.append(line)
            rowScan: while true {
                try field(bytes, &position, &line)
                if delimiter == .whitespace { skipBlanks(bytes, &position) }
                if position == end { break rowScan }
                if isLineEnd(bytes[position]) {
                    skipLineEnd(bytes, &position, &line)
                    break rowScan
                }
                if delimiter != .whitespace { position += 1 }
            }
            counts.append(Int32(truncatingIfNeeded: fields.count - firstField))
            // A line of spaces alone is blank too.
            if fields.count == firstField + 1, fields[firstField].length == 0, fields[firstField].start == 0 {
                fields.removeLast()
                counts.removeLast()
                lines.removeLast()
            }
        }
    }

    /// Reads one field and stops at the delimiter or line end after it.
    private mutating func field(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int32
    ) throws(DataError) {
        let separator = delimiter.byte ?? 0x20
        let end = bytes.count
        while position < end, isBlank(bytes[position]), bytes[position] != 0x09 || separator != 0x09 { position += 1 }
        if quotes, position < end, bytes[position] == Self.quote,
            delimiter != .tab || closesBeforeTab(bytes, position)
        {
            return try quotedField(bytes, &position, &line)
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
        append(last == start ? 0 : start, last - start, hasDoubledQuote: false)
    }

    /// Texts between tabulators are often written raw, and one may begin with a quotation. So there a field stands in
    /// quotes only where the quote closes in the same line, right before a tabulator or the line's end.
    private func closesBeforeTab(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
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

    private mutating func quotedField(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int32
    ) throws(DataError) {
        let opened = line
        position += 1
        let start = position
        var hasDoubledQuote = false
        while true {
            guard position < bytes.count else {
                throw DataError(file: file, line: Int(opened), "a quote opens in this line and is never closed")
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
            if byte == Self.newline || (byte == Self.carriageReturn && !isNewline(bytes, position + 1)) { line += 1 }
            position += 1
        }
        append(start, position - start, hasDoubledQuote: hasDoubledQuote)
        position += 1
        while position < bytes.count, isBlank(bytes[position]), bytes[position] != delimiter.byte { position += 1 }
        guard position == bytes.count || isLineEnd(bytes[position]) || bytes[position] == delimiter.byte
            || (delimiter == .whitespace && isBlank(bytes[position - 1]))
        else {
            throw DataError(
                file: file, line: Int(line),
                "text follows a closing quote within field \(fieldNumber); a quote within quotes is written twice")
        }
    }

    /// The number of the field just read in its row, from 1.
    private var fieldNumber: Int { fields.count - counts.reduce(0) { $0 + Int($1) } }

    private mutating func append(_ start: Int, _ length: Int, hasDoubledQuote: Bool) {
        let field = CSV.Field(
            start: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: length) << 1 | (hasDoubledQuote ? 1 : 0))
        fields.append(field)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.newline || byte == Self.carriageReturn }

    private func isNewline(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        position < bytes.count && bytes[position] == Self.newline
    }

    private func skipBlanks(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    private func skipLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int32) {
        if bytes[position] == Self.carriageReturn, isNewline(bytes, position + 1) { position += 1 }
        position += 1
        line += 1
    }
}
