/// The kind of a scalar for tokenization, from its general category in Unicode.
enum ScalarKind: Equatable {
    /// Letters, marks that join them (as in Devanagari), and joiners.
    case letter
    /// Decimal digits and other numbers.
    case number
    /// Spaces, tabulators, ends of lines.
    case space
    /// Marks that stand before a word: brackets and quotes that open.
    case opening
    /// Marks that stand after a word: brackets and quotes that close, what ends a sentence or a part of it.
    case closing
    /// All else: signs, dashes, straight quotes, emoji.
    case other

    init(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            self = Self.ascii[Int(scalar.value)]
            return
        }
        let properties = scalar.properties
        if properties.isWhitespace {
            self = .space
            return
        }
        self =
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
                .enclosingMark, .connectorPunctuation, .format:
                .letter
            case .decimalNumber, .letterNumber, .otherNumber: .number
            case .openPunctuation, .initialPunctuation: .opening
            case .closePunctuation, .finalPunctuation: .closing
            // Dandas, ideographic stops and their like.
            case .otherPunctuation: properties.isSentenceTerminal || "…、，；：।॥".unicodeScalars.contains(scalar) ? .closing : .other
            default: .other
            }
    }

    private static let ascii: [ScalarKind] = (0..<128).map { value in
        switch Unicode.Scalar(UInt8(value)) {
        case "a"..."z", "A"..."Z", "_": .letter
        case "0"..."9": .number
        case " ", "\t", "\n", "\r", "\u{B}", "\u{C}": .space
        case "(", "[", "{": .opening
        case ")", "]", "}", ".", ",", ";", ":", "!", "?", "%": .closing
        default: .other
        }
    }
}
