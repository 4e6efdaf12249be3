/// A word of a formula, and where it stands.
struct ExpressionToken {
    enum Kind: Equatable {
        case number(Double), name(String), symbol(String), end
    }

    let kind: Kind
    /// In characters of the source, from 0.
    let place: Range<Int>

    /// Cuts a formula into words; the last is `.end`.
    static func all(in source: String) throws(ExpressionError) -> [ExpressionToken] {
        // A line's end is a space, so that the marked place is right below the formula.
        let characters = source.map { $0.isWhitespace ? " " : $0 }
        var tokens: [ExpressionToken] = [], place = 0
        func isDigit(_ place: Int) -> Bool { place < characters.count && ("0"..."9").contains(characters[place]) }
        while place < characters.count {
            let first = characters[place], start = place
            if first == " " {
                place += 1
                continue
            }
            let kind: Kind
            if isDigit(place) || (first == "." && isDigit(place + 1)) {
                while isDigit(place) { place += 1 }
                if place < characters.count, characters[place] == "." { repeat { place += 1 } while isDigit(place) }
                // An exponent only where digits follow: in "2e" the e is a name, and the operator missing before it is reported.
                if place < characters.count, characters[place] == "e" || characters[place] == "E" {
                    let digits = place + 1 < characters.count && (characters[place + 1] == "+" || characters[place + 1] == "-") ? place + 2 : place + 1
                    if isDigit(digits) {
                        place = digits
                        while isDigit(place) { place += 1 }
                    }
                }
                let text = String(characters[start..<place])
                guard let value = Double(text), value.isFinite else {
                    throw ExpressionError(source: source, place: start..<place, reason: "\(text) is not a number that 64 bits hold")
                }
                kind = .number(value)
            } else if first.isLetter || first == "_" {
                while place < characters.count, characters[place].isLetter || characters[place].isNumber || characters[place] == "_" { place += 1 }
                kind = .name(String(characters[start..<place]))
            } else if first == "`" {
                // A name of any characters.
                guard let end = characters[(place + 1)...].firstIndex(of: "`"), end > place + 1 else {
                    throw ExpressionError(source: source, place: start..<(start + 1), reason: "a name in ` ` has no end, or no letters")
                }
                place = end + 1
                kind = .name(String(characters[(start + 1)..<end]))
            } else if "+-*/^@(),[];=:.~".contains(first) {
                place += first == "." && place + 2 < characters.count && characters[place + 1] == "." && characters[place + 2] == "." ? 3 : 1
                if first == "*", place < characters.count, characters[place] == "*" { place += 1 }
                let text = String(characters[start..<place])
                kind = .symbol(text == "^" ? "**" : text)
            } else {
                throw ExpressionError(source: source, place: start..<(start + 1), reason: "\"\(first)\" has no meaning in a formula")
            }
            tokens.append(ExpressionToken(kind: kind, place: start..<place))
        }
        return tokens + [ExpressionToken(kind: .end, place: place..<place)]
    }
}
