import DescentFormats

/// The objects of a file: on a line each (JSON lines), one after the other, or in one array.
struct JSONRows {
    private let rows: [(line: Int, row: JSONRow)]

    /// Whether bytes begin as such a file does.
    static func begin(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes[start(bytes)...].firstIndex(where: { !isSpace($0) }) else { return false }
        if bytes[first] == UInt8(ascii: "{") { return true }
        guard bytes[first] == UInt8(ascii: "["), let second = bytes[(first + 1)...].firstIndex(where: { !isSpace($0) }) else { return false }
        return bytes[second] == UInt8(ascii: "{")
    }

    /// Where the text begins, behind a byte-order mark.
    private static func start(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// Whether the objects that `begin` found stand in an array.
    static func isArray(_ bytes: [UInt8]) -> Bool { bytes[start(bytes)...].first { !isSpace($0) } == UInt8(ascii: "[") }

    /// Whether each object that `begin` found has a line of its own.
    static func areLines(_ bytes: [UInt8]) -> Bool { !isArray(bytes) && firstLineIsWhole(bytes, start(bytes)) }

    /// - Throws: `FormatError` that names the line and column of what is no object, and the field that holds an array.
    init(_ bytes: [UInt8], file: String) throws(FormatError) {
        let start = Self.start(bytes)
        let stretches = Self.areLines(bytes) ? Self.lines(bytes, start) : try Self.objects(bytes, start, isArray: Self.isArray(bytes), file: file)
        var rows: [(line: Int, row: JSONRow)] = []
        for (line, range) in stretches { rows.append((line, try JSONRow(bytes[range], file: file, line: line))) }
        self.rows = rows
    }

    /// The columns, in the order in which they come first. A row without one has no value there.
    func table(file: String, options: Table.Options) throws(FormatError) -> Table {
        var names: [String] = [], known: Set<String> = []
        for (_, row) in rows { for name in row.names where known.insert(name).inserted { names.append(name) } }
        if names.isEmpty { throw FormatError(file: file, reason: "the objects have no members, which would be the columns") }
        let columns = names.map { name in (name, Self.column(rows.map { $0.row.values[name] ?? .null })) }
        do throws(DataError) {
            return try Table(columns: columns, lines: rows.map { Int32(truncatingIfNeeded: $0.line) }, file: file, options: options)
        } catch { throw FormatError(file: file, reason: error.reason) }
    }

    /// Numbers where all values are, and else texts.
    private static func column(_ values: [JSON]) -> TableColumn {
        var numbers: [Double] = []
        for value in values {
            switch value {
            case .null: numbers.append(.nan)
            // Beyond that two whole numbers may be one number: their digits are kept.
            case .integer(let whole) where whole.magnitude <= 1 << 53: numbers.append(Double(whole))
            case .number(let number): numbers.append(number)
            default: return .texts(values.map(text))
            }
        }
        return .numbers(numbers)
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        default: nil
        }
    }

    // MARK: - Where objects stand

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Whether as many braces open as close in the first line that is not blank: then each object has a line of its own.
    private static func firstLineIsWhole(_ bytes: [UInt8], _ start: Int) -> Bool {
        guard let first = lines(bytes, start).first else { return true }
        var depth = 0, isText = false, isEscaped = false
        for byte in bytes[first.range] {
            if isText {
                if isEscaped { isEscaped = false } else if byte == UInt8(ascii: "\\") { isEscaped = true } else if byte == UInt8(ascii: "\"") { isText = false }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
            }
        }
        // A line that is broken is better said to be so than read on into the next.
        return depth == 0 || bytes[first.range].count > 1 && bytes[first.range.upperBound...].first(where: { !isSpace($0) }) == UInt8(ascii: "{")
    }

    /// The lines that are not blank.
    private static func lines(_ bytes: [UInt8], _ start: Int) -> [(line: Int, range: Range<Int>)] {
        var found: [(line: Int, range: Range<Int>)] = []
        var position = start, line = 1
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
            if bytes[position..<end].contains(where: { !isSpace($0) }) { found.append((line, position..<end)) }
            position = end + 1
            line += 1
        }
        return found
    }

    /// The objects at the top, over lines as they come.
    private static func objects(_ bytes: [UInt8], _ start: Int, isArray: Bool, file: String) throws(FormatError) -> [(line: Int, range: Range<Int>)] {
        var found: [(line: Int, range: Range<Int>)] = []
        var line = 1, depth = 0, isText = false, isEscaped = false, opening = (place: 0, line: 1)
        for place in start..<bytes.count {
            let byte = bytes[place]
            if byte == 0x0A { line += 1 }
            if isText {
                if isEscaped { isEscaped = false } else if byte == UInt8(ascii: "\\") { isEscaped = true } else if byte == UInt8(ascii: "\"") { isText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where depth > 0: isText = true
            case UInt8(ascii: "{"):
                if depth == 0 { opening = (place, line) }
                depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { found.append((opening.line, opening.place..<place + 1)) }
            default:
                if depth > 0 || isSpace(byte) || (isArray && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]"))) { continue }
                depth = -1
            }
            if depth < 0 {
                throw FormatError(
                    file: "\(file):\(line)", reason: "between rows, which are objects {\"column\": value, ...}, stands \(quoted(String(decoding: bytes[place...].prefix(20), as: UTF8.self)))")
            }
        }
        if depth > 0 { throw FormatError(file: "\(file):\(opening.line)", reason: "the object that begins here does not end") }
        if isArray, bytes.last(where: { !isSpace($0) }) != UInt8(ascii: "]") {
            throw FormatError(file: "\(file):\(line)", reason: "the array of rows does not end; is the file cut short?")
        }
        return found
    }
}
