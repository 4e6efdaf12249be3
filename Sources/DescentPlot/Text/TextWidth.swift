/// How wide text is drawn, estimated: no font is at hand when a picture is made, and the reader's may differ from the writer's. The widths are
/// those of a common sans-serif face, rounded up so that text fits its place in the wider ones too.
package enum TextWidth {
    /// Width in user units of one line at a font size.
    package static func of(_ text: String, size: Double, bold: Bool = false) -> Double {
        var width = 0.0
        for scalar in text.unicodeScalars { width += share(of: scalar) }
        return width * size * (bold ? 1.07 : 1)
    }

    /// The text cut to a width, with an ellipsis where something is missing.
    static func fitted(_ text: String, width: Double, size: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var kept = Substring(text)
        while !kept.isEmpty, of(kept + "…", size: size) > width { kept.removeLast() }
        return kept + "…"
    }

    /// The text broken at spaces into lines of at most a width; a longer word has a line of its own.
    static func lines(_ text: String, width: Double, size: Double, bold: Bool = false) -> [String] {
        var lines: [String] = [], line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let longer = line.isEmpty ? String(word) : line + " " + word
            if line.isEmpty || of(longer, size: size, bold: bold) <= width { line = longer } else { lines.append(line); line = String(word) }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    private static func of(_ text: Substring, size: Double) -> Double { of(String(text), size: size) }

    private static func share(of scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", "!": 0.31
        case " ", "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.39
        case "m", "w", "M", "W", "%", "@": 0.95
        case "A"..."Z": 0.71
        case "a"..."z", "0"..."9": 0.6
        case "⁰"..."⁹", "¹", "²", "³", "⁻": 0.4
        case "\u{0300}"..."\u{036F}": 0
        case "\u{2E80}"...: 1.05
        default: 0.66
        }
    }
}
