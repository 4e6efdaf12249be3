/// Lines of a text in ABC notation, freed of what is not music.
enum ABCText {
    /// A line with its number in the file, from 1.
    struct Line: Equatable {
        let number: Int
        let text: String
    }

    /// The lines of a text, without HTML tags, entities and blanks at their ends.
    static func lines(_ text: String) -> [Line] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            Line(number: index + 1, text: trimmed(plain(String(line))))
        }
    }

    /// The letter of a field such as `K:G`; `nil` for a line of notes. `c:|` is a note before a bar line.
    static func field(_ line: String) -> Character? {
        let start = Array(line.unicodeScalars.prefix(3))
        guard start.count >= 2, start[1] == ":", start[0].isASCII, start[0].properties.isAlphabetic || start[0] == "+" else { return nil }
        return start.count == 3 && (start[2] == "|" || start[2] == ":") ? nil : Character(start[0])
    }

    /// What follows a field's colon, without a comment and blanks.
    static func value(_ line: String) -> String {
        var value = "", before: Character = " "
        for character in line.dropFirst(2) {
            if character == "%", before != "\\" { break }
            value.append(character)
            before = character
        }
        return trimmed(value.drop { $0 == " " || $0 == "\t" })
    }

    /// Whether a line without a field is one of notes rather than words: it has bar lines, or nothing but notes and their marks.
    static func looksLikeNotes(_ line: String) -> Bool {
        if line.isEmpty || line.hasPrefix("%") || field(line) != nil { return false }
        var isQuoted = false, notes = 0, others = 0, bars = 0, run = 0, longest = 0
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if isQuoted || character == "\"" { continue }
            run = character.isLetter && !"ABCDEFGabcdefgzxZ".contains(character) ? run + 1 : 0
            longest = max(longest, run)
            switch character {
            case "A"..."G", "a"..."g", "z", "x": notes += 1
            case "|": bars += 1
            case "H"..."Y", "h"..."w", "?", ";": others += 1
            default: break
            }
        }
        return notes > 0 && longest < 3 && (bars > 0 && others * 2 <= notes || others * 8 <= notes && line.contains { "0123456789^_=/,'".contains($0) })
    }

    static func trimmed(_ line: some StringProtocol) -> String {
        var scalars = String(line).unicodeScalars
        while let last = scalars.last, ScalarKind(last) == .space { scalars.removeLast() }
        return String(scalars)
    }

    // MARK: - HTML

    /// Tags that pages around tunes have. `<b>` and its like may be notes in a broken rhythm, and are tags only where they are closed.
    private static let tags: Set<String> = [
        "html", "head", "body", "title", "meta", "link", "br", "p", "pre", "div", "span", "hr", "font", "center", "table", "tr", "td", "th", "tbody", "ul", "ol", "li", "em",
        "strong", "tt", "code", "blockquote", "img", "h1", "h2", "h3", "h4", "h5", "h6", "script", "style", "small", "big", "sup", "sub", "u", "i", "doctype", "textarea",
    ]
    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "#39": "'", "eacute": "é", "egrave": "è", "aacute": "á", "iacute": "í", "oacute": "ó",
        "uacute": "ú", "ouml": "ö", "uuml": "ü", "auml": "ä", "ntilde": "ñ", "ccedil": "ç", "szlig": "ß", "rsquo": "'", "lsquo": "'", "hellip": "...",
    ]

    /// A line without tags and entities.
    private static func plain(_ line: String) -> String {
        guard line.contains("<") || line.contains("&") else { return line }
        var result = "", rest = Substring(line)
        while let character = rest.first {
            if character == "<", let tag = tag(rest, in: line) {
                rest = rest.dropFirst(tag)
            } else if character == "&", let end = rest.prefix(10).firstIndex(of: ";"), let text = entity(String(rest[rest.index(after: rest.startIndex)..<end])) {
                result += text
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(character)
                rest.removeFirst()
            }
        }
        return result
    }

    /// How long the tag at the beginning of a text is; `nil` where there is none.
    private static func tag(_ text: Substring, in line: String) -> Int? {
        guard let end = text.firstIndex(of: ">") else { return nil }
        let inside = text[text.index(after: text.startIndex)..<end]
        let closes = inside.first == "/"
        let name = inside.drop { $0 == "/" || $0 == "!" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
        let rest = inside.drop { $0 == "/" || $0 == "!" }.dropFirst(name.count)
        guard rest.isEmpty || rest.first == " " || rest.first == "/" else { return nil }
        let isTag =
            tags.contains(name) || inside.hasPrefix("!--")
            || (name == "a" || name == "b") && (closes || rest.contains("=") || line.lowercased().contains("</\(name)>"))
        return isTag ? text.distance(from: text.startIndex, to: end) + 1 : nil
    }

    private static func entity(_ name: String) -> String? {
        if let known = entities[name] { return known }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(UnicodeScalar.init).flatMap { $0.value < 32 ? nil : String(Character($0)) }
    }
}
