/// How tags mark spans of words, or that they mark none.
public enum TagScheme: String, CaseIterable, Sendable {
    /// A label for each word on its own, such as parts of speech.
    case plain
    /// I- marks words of a span, B- only the first word of a span that touches one of the same type (CoNLL-2003's original form, IOB1).
    case iob
    /// B- marks the first word of each span, I- the others. The usual form; also called BIO.
    case iob2
    /// As IOB2, with E- for the last word of a span and S- for a span of one word.
    case iobes
    /// As IOBES, with L- for E- and U- for S-.
    case bilou
    /// As IOBES, with M- for I-.
    case bmes

    /// The name that people use: "IOB2".
    public var title: String { self == .plain ? "plain tags" : rawValue.uppercased() }

    /// The scheme of some sentences' tags.
    ///
    /// Tags mark spans if each is O, or a letter of a scheme, a hyphen and a type (B-PER), or such letters alone. Which scheme is told by the letters; I- at
    /// the beginning of spans tells IOB from IOB2.
    public init(of sentences: some Sequence<[String]>) {
        var letters = Set<Character>(), types = Set<String>()
        // Spans that begin with I-, and B- that no span of the same type touches.
        var insideStarts = 0, freeBeginnings = 0
        for tags in sentences {
            var previous: SpanTag?
            for tag in tags {
                let own = SpanTag(tag)
                defer { previous = own }
                guard let own else {
                    if tag == "O" { continue }
                    self = .plain
                    return
                }
                letters.insert(own.letter)
                types.insert(own.type)
                let touches = previous?.type == own.type
                if own.letter == "I", !touches { insideStarts += 1 }
                if own.letter == "B", !touches { freeBeginnings += 1 }
            }
        }
        if letters.isEmpty || (types == [""] && letters.isDisjoint(with: ["B", "I"])) {
            self = .plain
        } else if !letters.isDisjoint(with: ["L", "U"]) {
            self = .bilou
        } else if letters.contains("M") {
            self = .bmes
        } else if !letters.isDisjoint(with: ["E", "S"]) {
            self = .iobes
        } else {
            self = insideStarts > freeBeginnings ? .iob : .iob2
        }
    }

    /// The spans of a sentence's tags, as seqeval finds them in its default mode: a span ends where its type changes or another begins, and one whose first tag
    /// is not a B- is a span all the same. L, U and M are read as E, S and I. Of plain tags there are none.
    public func spans(_ tags: [String]) -> [TagSpan] {
        if self == .plain { return [] }
        var found: [TagSpan] = [], open: (type: String, start: Int)?
        var previous: SpanTag?
        for (place, tag) in (tags + ["O"]).enumerated() {
            let own = SpanTag(tag)?.inIOBES
            defer { previous = own }
            let begins = Self.begins(own, after: previous)
            if let span = open, begins || own == nil {
                found.append(TagSpan(type: span.type.isEmpty ? "_" : span.type, start: span.start, end: place))
                open = nil
            }
            if begins, let own { open = (own.type, place) }
        }
        return found
    }

    /// Whether a tag begins a span.
    private static func begins(_ tag: SpanTag?, after previous: SpanTag?) -> Bool {
        guard let tag else { return false }
        guard let previous, previous.type == tag.type else { return true }
        return tag.letter == "B" || tag.letter == "S" || previous.letter == "E" || previous.letter == "S"
    }

    /// Whether a tag may follow another in a sentence that keeps to the scheme: no I- without a beginning, in IOBES no B- without an end.
    ///
    /// - Parameter previous: The tag before; `nil` at the beginning of a sentence.
    public func allows(_ tag: String, after previous: String?) -> Bool {
        if self == .plain || self == .iob { return true }
        let own = SpanTag(tag)?.inIOBES, before = previous.flatMap { SpanTag($0)?.inIOBES }
        let continues = own?.letter == "I" || own?.letter == "E"
        let isOpen = before?.letter == "B" || before?.letter == "I"
        if continues { return isOpen && before?.type == own?.type }
        return self == .iob2 || !isOpen
    }
}

/// A tag that marks a word of a span: a letter and a type.
struct SpanTag: Equatable {
    /// One of B, I, E, S, L, U, M.
    let letter: Character
    /// The type: "PER"; empty where the letter stands alone.
    let type: String

    /// `nil` for a tag that is none, such as O.
    init?(_ tag: String) {
        guard let letter = tag.first, "BIESLUM".contains(letter) else { return nil }
        let rest = tag.dropFirst()
        guard rest.isEmpty || (rest.first == "-" && rest.count > 1) else { return nil }
        self.init(letter: letter, type: String(rest.dropFirst()))
    }

    private init(letter: Character, type: String) { (self.letter, self.type) = (letter, type) }

    /// The same with the letters of IOBES.
    var inIOBES: SpanTag { SpanTag(letter: ["L": "E", "U": "S", "M": "I"][letter] ?? letter, type: type) }
}

/// Words of a sentence that belong together, with a type: a name, a phrase.
public struct TagSpan: Hashable, Sendable {
    /// The type: "PER"; "_" where the tags have none.
    public let type: String
    /// The number of its first word, from 0.
    public let start: Int
    /// The number after its last word.
    public let end: Int

    public init(type: String, start: Int, end: Int) { (self.type, self.start, self.end) = (type, start, end) }
}
