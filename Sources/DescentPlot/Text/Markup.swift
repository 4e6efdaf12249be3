/// Text of an XML or HTML document, built element by element, so that every attribute and every piece of text is escaped and every element closed.
struct Markup {
    private(set) var text = ""

    typealias Attributes = [(String, String)]

    /// An element with content: the closure writes it.
    mutating func element(_ name: String, _ attributes: Attributes = [], content: (inout Markup) -> Void) {
        text += "<" + name
        write(attributes)
        text += ">"
        content(&self)
        text += "</" + name + ">"
    }

    /// An element without content, closed as XML wants it.
    mutating func empty(_ name: String, _ attributes: Attributes = []) {
        text += "<" + name
        write(attributes)
        text += "/>"
    }

    /// An element of HTML that holds nothing but text.
    mutating func element(_ name: String, _ attributes: Attributes = [], text content: String) {
        element(name, attributes) { $0.write(content) }
    }

    /// Escaped text.
    mutating func write(_ content: String) { text += Markup.escaped(content) }

    /// Text that is markup already.
    mutating func raw(_ content: String) { text += content }

    private mutating func write(_ attributes: Attributes) {
        for (name, value) in attributes { text += " " + name + "=\"" + Markup.escaped(value) + "\"" }
    }

    /// Text with the five characters that mean something to XML replaced by entities, and the control characters that XML forbids by U+FFFD.
    static func escaped(_ content: String) -> String {
        guard content.utf8.contains(where: { $0 < 32 || $0 == 38 || $0 == 60 || $0 == 62 || $0 == 34 || $0 == 39 || $0 == 0xEF }) else {
            return content
        }
        var result = ""
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            case _ where scalar.value < 32: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
