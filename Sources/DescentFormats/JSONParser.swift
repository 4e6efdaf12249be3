extension JSON {
    /// How deep arrays and objects may nest.
    public static let depthLimit = 128

    /// Parses one JSON document, strictly: UTF-8, no comments, no trailing commas, no key twice.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - file: The name that errors begin with.
    /// - Throws: `FormatError` with line and column (in characters, from 1): `card.json:3:14: a comma is missing`.
    public init(parsing bytes: some Collection<UInt8>, file: String) throws(FormatError) {
        var parser = JSONParser(bytes: Array(bytes), file: file)
        self = try parser.document()
    }

    /// Parses text; see `init(parsing:file:)`.
    public init(parsing text: String, file: String) throws(FormatError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let file: String
    var position = 0
    var depth = 0

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    mutating func document() throws(FormatError) -> JSON {
        skipSpace()
        if position == bytes.count { throw error("it is empty: no JSON value") }
        let result = try value()
        skipSpace()
        if position < bytes.count { throw error("there is more text after the end of the JSON value") }
        return result
    }

    private mutating func value() throws(FormatError) -> JSON {
        guard let first = next else { throw error("the text ends where a value should be") }
        switch first {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error("no JSON value begins like this")
        }
    }

    private mutating func word(_ text: StaticString, _ result: JSON) throws(FormatError) -> JSON {
        let matches = text.withUTF8Buffer { word in
            position + word.count <= bytes.count && word.indices.allSatisfy { bytes[position + $0] == word[$0] }
        }
        guard matches else { throw error("no JSON value begins like this") }
        position += text.utf8CodeUnitCount
        return result
    }

    private mutating func array() throws(FormatError) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipSpace()
        if !take("]") {
            repeat {
                skipSpace()
                elements.append(try value())
                skipSpace()
            } while take(",")
            guard take("]") else { throw error("a comma or ] is missing in an array") }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func object() throws(FormatError) -> JSON {
        try enter()
        var members = JSON.Object()
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw error("a key in quotes is missing in an object") }
                let start = position
                let key = try string()
                if members[key] != nil { throw error("the key \(quoted(key)) appears twice in one object", at: start) }
                skipSpace()
                guard take(":") else { throw error("a colon is missing after the key \(quoted(key))") }
                skipSpace()
                members[key] = try value()
                skipSpace()
            } while take(",")
            guard take("}") else { throw error("a comma or } is missing in an object") }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func enter() throws(FormatError) {
        position += 1
        depth += 1
        if depth > JSON.depthLimit { throw error("values are nested more than \(JSON.depthLimit) deep") }
    }

    private mutating func number() throws(FormatError) -> JSON {
        let start = position
        var isInteger = true
        _ = take("-")
        if take("0") {
            if let digit = next, isDigit(digit) { throw error("a number may not begin with 0", at: start) }
        } else {
            try digits(from: start)
        }
        if take(".") {
            isInteger = false
            try digits(from: start)
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits(from: start)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, text != "-0", let integer = Int64(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else {
            throw error("the number is too large for 64 bits", at: start)
        }
        return .number(double)
    }

    private mutating func digits(from start: Int) throws(FormatError) {
        guard let digit = next, isDigit(digit) else { throw error("a number lacks a digit", at: start) }
        while let digit = next, isDigit(digit) { position += 1 }
    }

    private mutating func string() throws(FormatError) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a text is not valid UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0..<0x20:
                throw error("a text has a control character in it; it must be written with a backslash")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("a text is not closed by a quote", at: start)
    }

    private mutating func escape(into text: inout [UInt8]) throws(FormatError) {
        let start = position
        position += 1
        guard let letter = next else { throw error("the text ends in the middle of an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hex(from: start)
            if 0xD800..<0xDC00 ~= code {
                guard take("\\"), take("u") else { throw error("half of a surrogate pair stands alone", at: start) }
                let low = try hex(from: start)
                guard 0xDC00..<0xE000 ~= low else { throw error("half of a surrogate pair stands alone", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw error("half of a surrogate pair stands alone", at: start)
            }
            text.append(contentsOf: UTF8.encode(scalar)!)
        default:
            throw error("no escape is written like this", at: start)
        }
    }

    private mutating func hex(from start: Int) throws(FormatError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u takes four hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// An error at a byte, by default at the next one.
    private func error(_ reason: String, at place: Int? = nil) -> FormatError {
        let before = bytes[..<(place ?? position)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return FormatError(file: "\(file):\(line):\(column)", reason: reason)
    }
}

/// A text in quotes for a sentence: control characters escaped, shortened past 60 characters.
package func quoted(_ text: String) -> String {
    var result = "\""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == 60 { return result + "…\"" }
        // The standard library escapes this one too, which between these quotes needs none.
        result += scalar == "'" ? "'" : scalar.escaped(asASCII: false)
    }
    return result + "\""
}

/// A name as it stands in a list or a table: in quotes, control characters escaped, where it would not be recognised as one name otherwise.
package func listed(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { $0 != "," && $0 != ";" && $0 != "\u{2028}" && $0 != "\u{2029}" && $0.properties.generalCategory != .control }
    return isPlain && !name.isEmpty && name.first != " " && name.last != " " ? name : quoted(name)
}

/// Names with commas between, the first of them where there are more than `limit`.
package func listed(_ names: some Collection<String>, limit: Int = 30) -> String {
    names.prefix(limit).map { listed($0) }.joined(separator: ", ") + (names.count > limit ? ", ..." : "")
}
