/// What a network learns of a tune: its metre, unit length and key in one line, then the lines of its first voice.
struct TuneText {
    /// The text, ended by a line feed.
    let text: String

    /// - Parameters:
    ///   - tune: A tune without faults.
    ///   - score: What was read of it.
    init(_ tune: ABCTune, score: Score) {
        var metre = score.metre, length = tune.value("L"), key = score.key, lines: [String] = []
        if tune.value("M") == nil { metre = Self.metre(of: score) }
        let voice = score.voices[0].name, hasVoices = score.voices.count > 1
        var current = voice
        for line in tune.body where !line.text.hasPrefix("%") {
            if let field = ABCText.field(line.text) {
                let value = ABCText.value(line.text)
                if field == "V" {
                    current = String(value.prefix { $0 != " " && $0 != "\t" })
                    continue
                }
                if hasVoices, current != voice { continue }
                switch field {
                // What comes before the first note belongs to the header.
                case "M" where lines.isEmpty: metre = (try? Metre(parsing: value)) ?? metre
                case "L" where lines.isEmpty: length = value
                case "K" where lines.isEmpty: key = (try? KeySignature(parsing: value)) ?? key
                // A change on the way belongs to the notes.
                case "M", "L", "K": lines.append(Self.compact(field, value))
                default: break
                }
                continue
            }
            let notes = Self.plain(line.text, voice: hasVoices ? voice : nil, current: &current)
            if !notes.isEmpty { lines.append(notes) }
        }
        // Without L: the metre that is written says how long a note is; the tune may have gone by another.
        if length == nil, metre.unitLength != score.unitLength { length = score.unitLength.description }
        let heading = [Self.compact("M", metre.abc)] + (length.map { [Self.compact("L", $0)] } ?? []) + [Self.compact("K", key.abc)]
        text = ([heading.joined(separator: " ")] + lines).joined(separator: "\n") + "\n"
    }

    /// A field as networks learn it, without blanks, and one spelling for all that means the same: `K: G major` is `K:G`, and `M:C` is `M:4/4`.
    private static func compact(_ field: Character, _ value: String) -> String {
        let standard =
            switch field {
            case "K": (try? KeySignature(parsing: value))?.abc
            case "M": (try? Metre(parsing: value))?.abc
            default: value
            }
        return "\(field):\((standard ?? value).filter { $0 != " " && $0 != "\t" })"
    }

    /// The metre of a tune without one: the length that most of its bars have; 4/4 where no length is common.
    private static func metre(of score: Score) -> Metre {
        let lengths = score.voices[0].bars(metre: .none).map(\.duration)
        let counts = Dictionary(lengths.map { ($0, 1) }, uniquingKeysWith: +)
        guard let best = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), best.value * 2 > lengths.count, lengths.count > 3,
            best.key.denominator & (best.key.denominator - 1) == 0, best.key.denominator <= 64, best.key <= Fraction(16)
        else { return Metre(4, 4) }
        let unit = Swift.max(4, best.key.denominator)
        return Metre(best.key.numerator * (unit / best.key.denominator), unit)
    }

    /// A line of notes without its comment, decorations and annotations, and without other voices.
    private static func plain(_ line: String, voice: String?, current: inout String) -> String {
        let characters = Array(line)
        var result = "", index = 0
        func end(_ mark: Character, from start: Int) -> Int? { characters[min(start, characters.count)...].firstIndex(of: mark) }
        while index < characters.count, characters[index] != "%" {
            let character = characters[index]
            var next = index + 1
            var keeps = true
            switch character {
            case "\"":
                next = (end("\"", from: next) ?? characters.count - 1) + 1
                // A text with a place is for people; a chord symbol is music.
                keeps = !(index + 1 < characters.count && "^_<>@".contains(characters[index + 1]))
            case "!":
                if let close = end("!", from: next), close - index < 24, !characters[next..<close].contains(where: { $0 == " " || $0 == "|" }) { next = close + 1 }
                keeps = false
            case "[" where index + 2 < characters.count && characters[index + 2] == ":" && characters[index + 1].isLetter:
                if let close = end("]", from: next) {
                    next = close + 1
                    let value = ABCText.value(String(characters[(index + 1)..<close]))
                    if characters[index + 1] == "V" { current = String(value.prefix { $0 != " " }) }
                    keeps = false
                    if "KML".contains(characters[index + 1]), voice == nil || current == voice { result += "[\(compact(characters[index + 1], value))]" }
                }
            default: break
            }
            if keeps, voice == nil || current == voice { result += String(characters[index..<next]) }
            index = next
        }
        return ABCText.trimmed(result)
    }
}
