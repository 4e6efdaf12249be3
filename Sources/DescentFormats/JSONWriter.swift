extension JSON {
    /// How a document is laid out.
    public enum Layout: Sendable {
        /// One line, no spaces.
        case compact
        /// Two spaces a level, one member a line; arrays of plain values on one line. Ends with a newline.
        case pretty
    }

    /// The document as text. Floats are written as the shortest text that reads back to the same bits.
    ///
    /// - Throws: `FormatError` where a number is NaN or infinite, which JSON cannot hold; the sentence names its place.
    public func text(_ layout: Layout = .compact, file: String = "JSON") throws(FormatError) -> String {
        var writer = JSONWriter(layout: layout, file: file)
        try writer.write(self, level: 0)
        if layout == .pretty { writer.output += "\n" }
        return writer.output
    }
}

private struct JSONWriter {
    let layout: JSON.Layout
    let file: String
    var output = ""
    /// The way from the root to the value being written.
    private var path: [Step] = []

    private enum Step {
        case key(String)
        case index(Int)
    }

    init(layout: JSON.Layout, file: String) {
        self.layout = layout
        self.file = file
    }

    mutating func write(_ value: JSON, level: Int) throws(FormatError) {
        switch value {
        case .null: output += "null"
        case .bool(let bool): output += bool ? "true" : "false"
        case .integer(let integer): output += integer.description
        case .number(let number):
            guard number.isFinite else {
                throw FormatError(file: file, reason: "\(place) is \(number), and JSON has only finite numbers")
            }
            output += number.description
        case .string(let string): write(string)
        case .array(let elements):
            let spread = layout == .pretty && elements.contains { $0.isContainer }
            output += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { output += spread || layout == .compact ? "," : ", " }
                if spread { newline(level + 1) }
                path.append(.index(index))
                try write(element, level: level + 1)
                path.removeLast()
            }
            if spread { newline(level) }
            output += "]"
        case .object(let object):
            let spread = layout == .pretty && !object.keys.isEmpty
            output += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { output += "," }
                if spread { newline(level + 1) }
                write(member.key)
                output += layout == .pretty ? ": " : ":"
                path.append(.key(member.key))
                try write(member.value, level: level + 1)
                path.removeLast()
            }
            if spread { newline(level) }
            output += "}"
        }
    }

    /// The value being written, in words: `"columns[3].mean"`.
    private var place: String {
        var text = ""
        for step in path {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "the document" : quoted(text)
    }

    private mutating func newline(_ level: Int) {
        output += "\n"
        for _ in 0..<level { output += "  " }
    }

    private mutating func write(_ string: String) {
        output += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

extension JSON {
    fileprivate var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
