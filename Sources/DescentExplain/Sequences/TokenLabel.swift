/// A token's text as a label: what has no ink is shown by a sign.
public enum TokenLabel {
    /// The label of a token: "␣the", "↵", "◌ि"; bytes that are no whole character in hexadecimal.
    public static func text(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { return bytes.map { "x" + hexadecimal($0) }.joined(separator: " ") }
        return self.text(text)
    }

    /// The label of a text.
    public static func text(_ text: String) -> String {
        if text.isEmpty { return "∅" }
        var label = ""
        for (place, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case " ": label += "␣"
            case "\n": label += "↵"
            case "\t": label += "⇥"
            case _ where scalar.properties.generalCategory == .control: label += "␀"
            default:
                // A mark that stands alone is drawn on a dotted circle, as type tables have it.
                if place == 0, isMark(scalar) { label += "◌" }
                label.unicodeScalars.append(scalar)
            }
        }
        return label
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
