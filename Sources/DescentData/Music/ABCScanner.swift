import DescentFormats

/// Cuts a line of notes in ABC notation into tokens.
struct ABCScanner {
    /// A pitch as it is written.
    struct WrittenPitch: Equatable {
        let step: Int
        let octave: Int
        /// Its accidental; `nil` for none.
        let alteration: Int?
    }

    enum Token: Equatable {
        /// A blank between notes.
        case blank
        /// A chord symbol or annotation.
        case symbol(String)
        case graces([WrittenPitch])
        /// A note or a chord, with its length in unit lengths.
        case note([WrittenPitch], Fraction)
        case rest(Fraction, isInvisible: Bool)
        /// A rest of whole bars.
        case bars(Int)
        case bar(Score.BarLine)
        case tie
        /// The count of a tuplet, in the time of how many, and the number of its notes; `nil` for the usual ones.
        case tuplet(Int, Int?, Int?)
        /// A broken rhythm: 1 for `>`, -1 for `<`, 2 for `>>`.
        case broken(Int)
        /// An inline field.
        case field(Character, String)
        /// What has no meaning: its column and a sentence.
        case fault(Int, String)
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// The column of the last token, from 1.
    private(set) var column = 1
    /// Tokens that were read with another.
    private var waiting: [Token] = []

    init(_ line: ABCText.Line) { scalars = Array(line.text.unicodeScalars) }

    private var here: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    private func at(_ offset: Int) -> Unicode.Scalar? { index + offset < scalars.count ? scalars[index + offset] : nil }
    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
    /// The place of a scalar from here on.
    private func find(_ scalar: Unicode.Scalar, from start: Int) -> Int? { scalars[min(start, scalars.count)...].firstIndex(of: scalar) }

    /// The next token; `nil` at the end of the line.
    mutating func next() -> Token? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        while let scalar = here {
            column = index + 1
            switch scalar {
            case " ", "\t":
                while here == " " || here == "\t" { index += 1 }
                return .blank
            case "%": return nil
            case "\"": return annotation()
            case "{": return graceNotes()
            case "[": if let token = bracket() { return token }
            case "|", ":", ".":
                if let token = barLine() { return token }
            case "(":
                if let token = tuplet() { return token }
            case ">", "<":
                var dots = 0
                while here == scalar, dots < 4 {
                    dots += 1
                    index += 1
                }
                return .broken(scalar == ">" ? dots : -dots)
            case "-":
                index += 1
                return .tie
            case "z", "x":
                index += 1
                let (length, fault) = self.length()
                if let fault { waiting.append(fault) }
                return .rest(length, isInvisible: scalar == "x")
            case "Z", "X":
                index += 1
                return .bars(min(max(number() ?? 1, 1), 1000))
            case "y":
                index += 1
                _ = number()
            case "!", "+": if let token = decoration(scalar) { return token }
            case "&":
                // A second voice within the bar: the first one is read.
                while let next = here, next != "|" { index += next == "\"" ? (find("\"", from: index + 1) ?? scalars.count) - index + 1 : 1 }
            case "^", "_", "=", "A"..."G", "a"..."g":
                return note()
            case ")", "~", "H"..."Y", "h"..."w", "$", "*", ";", "?", "@", "#", "\\", "`", "'", ",", "]", "}", "\u{FEFF}", "\u{A0}": index += 1
            case "/", "0"..."9":
                // Numbers that stand for fingers or for endings written with a blank say nothing of a note's length.
                index += 1
            default:
                index += 1
                return .fault(column, "\(quoted(String(Character(scalar)))) has no meaning among notes")
            }
        }
        return nil
    }

    // MARK: - Notes

    private mutating func note() -> Token {
        let start = column
        guard let pitch = pitch() else { return .fault(start, "an accidental stands before no note") }
        let (length, fault) = self.length()
        if let fault { waiting.append(fault) }
        return .note([pitch], length)
    }

    private mutating func pitch() -> WrittenPitch? {
        var alteration: Int?
        while let scalar = here, "^_=".unicodeScalars.contains(scalar) {
            switch scalar {
            case "^": alteration = min((alteration ?? 0) + 1, 2)
            case "_": alteration = max((alteration ?? 0) - 1, -2)
            default: alteration = 0
            }
            index += 1
            // A quarter tone is written as half an accidental, and played as a whole one.
            if here == "/" || here == "3" && at(1) == "/" { index += here == "/" ? 1 : 2 }
        }
        guard let letter = here, let step = Pitch.letters.firstIndex(of: Character(letter.properties.uppercaseMapping)) else { return nil }
        var octave = letter.properties.isLowercase ? 5 : 4
        index += 1
        while here == "'" || here == "," {
            octave = min(max(octave + (here == "'" ? 1 : -1), 0), 9)
            index += 1
        }
        return WrittenPitch(step: step, octave: octave, alteration: alteration)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = here, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
            index += 1
        }
        return value
    }

    /// A length: `3`, `3/2`, `/`, `//`, `/4`.
    private mutating func length() -> (Fraction, Token?) {
        let start = index + 1
        let top = number() ?? 1
        var bottom = 1
        while here == "/" {
            index += 1
            bottom *= number() ?? 2
            if bottom > 4096 || bottom == 0 { break }
        }
        if top < 1 || top > 1024 || bottom < 1 || bottom > 1024 {
            while here == "/" || number() != nil { if here == "/" { index += 1 } }
            return (Fraction(1), .fault(start, "a note's length is from 1/1024 to 1024 unit lengths"))
        }
        return (Fraction(top, bottom), nil)
    }

    /// The pitches up to a closing bracket; `nil` where there is none.
    private mutating func pitches(closing: Unicode.Scalar) -> (pitches: [WrittenPitch], length: Fraction, isTied: Bool, fault: Token?)? {
        guard let end = find(closing, from: index) else { return nil }
        var pitches: [WrittenPitch] = [], length: Fraction?, isTied = false, fault: Token?
        while index < end {
            if let pitch = pitch() {
                let own = self.length()
                // A chord is as long as its first note.
                if length == nil { length = own.0 }
                fault = fault ?? own.1
                if pitches.count < 16 { pitches.append(pitch) }
            } else {
                isTied = isTied || at(0) == "-"
                index += 1
            }
        }
        index = end + 1
        return (pitches, length ?? Fraction(1), isTied, fault)
    }

    private mutating func graceNotes() -> Token {
        index += 1
        guard let found = pitches(closing: "}") else { return .fault(column, "grace notes have no closing } on the line") }
        return .graces(found.pitches)
    }

    /// A chord, an inline field, a bar line or an ending; `nil` for a bracket that says nothing.
    private mutating func bracket() -> Token? {
        guard let next = at(1) else {
            index += 1
            return nil
        }
        if at(2) == ":", next.properties.isAlphabetic, at(3) != "|", at(3) != ":" {
            guard let end = find("]", from: index) else {
                index = scalars.count
                return .fault(column, "an inline field has no closing ] on the line")
            }
            let field = Token.field(Character(next), ABCText.value(text(index + 1..<end)))
            index = end + 1
            return field
        }
        if next == "|" || next == "]" { return barLine() }
        if ("1"..."9").contains(next) || next == "\"" {
            index += 1
            return .bar(Score.BarLine(endings: endings()))
        }
        index += 1
        guard let chord = pitches(closing: "]") else { return .fault(column, "a chord has no closing ] on the line") }
        if chord.pitches.isEmpty { return nil }
        let (length, fault) = self.length()
        if let fault = fault ?? chord.fault { waiting.append(fault) }
        // `[C-E-]` as `[CE]-`.
        if chord.isTied { waiting.append(.tie) }
        return .note(chord.pitches, chord.length * length)
    }

    private mutating func annotation() -> Token {
        guard let end = find("\"", from: index + 1) else {
            index = scalars.count
            return .fault(column, "a chord symbol or text has no closing quotation mark on the line")
        }
        let text = text(index + 1..<end)
        index = end + 1
        return .symbol(text)
    }

    /// Skips a decoration between marks, `!trill!` or `+trill+`. A mark alone was a line break, and `+CEG+` a chord before there were brackets for it.
    private mutating func decoration(_ mark: Unicode.Scalar) -> Token? {
        index += 1
        guard let end = find(mark, from: index), end > index, end - index < 24, !scalars[index..<end].contains(where: { $0 == "|" || $0 == " " || $0 == "\"" }) else { return nil }
        if mark == "+", scalars[index..<end].allSatisfy({ "ABCDEFGabcdefg^_=,'/0123456789".unicodeScalars.contains($0) }), let chord = pitches(closing: "+") {
            return .note(chord.pitches, chord.length)
        }
        index = end + 1
        return nil
    }

    private mutating func tuplet() -> Token? {
        index += 1
        guard let count = here.flatMap({ ("2"..."9").contains($0) ? Int($0.value - 48) : nil }) else { return nil }
        index += 1
        var parts: [Int?] = []
        while here == ":", parts.count < 2 {
            index += 1
            parts.append(number())
        }
        let space = parts.first ?? nil, notes = parts.count > 1 ? parts[1] : nil
        return .tuplet(count, space.flatMap { (1...16).contains($0) ? $0 : nil }, notes.map { min($0, 64) })
    }

    // MARK: - Bar lines

    /// A bar line with what belongs to it: repeats and endings. `nil` for a dot or colon that is none.
    private mutating func barLine() -> Token? {
        if here == "." {
            index += 1
            guard here == "|" else { return nil }
            index += 1
            return .bar(Score.BarLine(style: .dotted, endings: endings()))
        }
        var mark = ""
        while let scalar = here {
            let belongs = scalar == "|" || scalar == ":" || scalar == "]" && !mark.isEmpty || scalar == "[" && (at(1) == "|" || at(1) == "]")
            if !belongs { break }
            // `|:` may be followed by `[|`, and a tune's next line by a bracket of its own.
            if scalar == "[", !mark.isEmpty, mark.last != ":" { break }
            mark.unicodeScalars.append(scalar)
            index += 1
        }
        let bars = mark.filter { $0 == "|" }.count
        if bars == 0, mark == ":" { return nil }
        var line = Score.BarLine()
        line.endsRepeat = mark.hasPrefix(":")
        line.beginsRepeat = mark.hasSuffix(":")
        line.style = mark.contains("]") ? (mark == "[]" ? .dotted : .final) : mark.contains("[") ? .initial : bars > 1 ? .double : .single
        line.endings = endings()
        return .bar(line)
    }

    /// The numbers of an ending: `1`, `1,3`, `1-3`, or after a bracket and blanks; empty for none.
    private mutating func endings() -> [Int] {
        var place = index
        while place < scalars.count, scalars[place] == " " || scalars[place] == "\t" { place += 1 }
        if place + 1 < scalars.count, scalars[place] == "[", ("1"..."9").contains(scalars[place + 1]) {
            place += 1
        } else if place != index {
            return []
        }
        let start = index
        index = place
        if here == "\"" {
            // A text in place of a number is an ending of its own.
            guard scalars[index - 1] == "[", let end = find("\"", from: index + 1) else {
                index = start
                return []
            }
            let digits = scalars[index..<end].compactMap { ("1"..."9").contains($0) ? Int($0.value - 48) : nil }
            index = end + 1
            return digits.isEmpty ? [1] : digits
        }
        var result: [Int] = []
        while let first = number(), (1...16).contains(first) {
            result.append(first)
            if here == "-", let last = at(1), ("1"..."9").contains(last) {
                index += 1
                if let last = number(), last > first, last <= 16 { result += (first + 1)...last }
            }
            guard here == ",", let next = at(1), ("1"..."9").contains(next) else { break }
            index += 1
        }
        if result.isEmpty { index = start }
        return result
    }
}
