/// A token's text as a label: what has no ink is shown by a sign.
public enum TokenLabel {
    /// The label of a text: "␣the", "↵", "◌ि".
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
}
