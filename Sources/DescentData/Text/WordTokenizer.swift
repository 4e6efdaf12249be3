import DescentFormats

/// Cuts a text into words, numbers and marks.
///
/// A space between two pieces is where one is expected (not before a mark that closes, not after one that opens), and then takes no piece of
/// its own; only where the text differs from that does it get one: a blank, an end of line, or `<join>` where a space is missing. So sequences
/// are short, "walk" is one piece wherever it stands, and a text whose words are known comes back exactly.
public struct WordTokenizer: Tokenizer, Equatable {
    public let vocabulary: Vocabulary
    /// Whether all is put in lower case: then the text does not come back exactly.
    public let lowercases: Bool
    /// Whether spaces that are not as expected, and ends of lines, are pieces. Without, a text is only its words.
    public let keepsSpacing: Bool

    /// The most frequent pieces of texts; among equally frequent ones, those that come first.
    ///
    /// - Parameters:
    ///   - limit: how many pieces at most.
    ///   - minimumCount: how often a piece must occur; those that occur less often are `<unk>`, whose meaning is learned from them.
    public init(fitting texts: [String], limit: Int = 10_000, minimumCount: Int = 2, lowercases: Bool = false, keepsSpacing: Bool = true) {
        var counts: [[UInt8]: (count: Int, place: Int)] = [:]
        var place = 0
        for text in texts {
            for piece in Self.pieces(of: text, lowercases: lowercases, keepsSpacing: keepsSpacing) {
                counts[piece, default: (0, place)].count += 1
                place += 1
            }
        }
        let kept = counts.filter { $0.value.count >= minimumCount }
            .sorted { a, b in a.value.count != b.value.count ? a.value.count > b.value.count : a.value.place < b.value.place }
        self.init(kept.prefix(max(limit, 0)).map(\.key), lowercases: lowercases, keepsSpacing: keepsSpacing)
    }

    private init(_ pieces: [[UInt8]], lowercases: Bool, keepsSpacing: Bool) {
        vocabulary = Vocabulary(pieces)
        self.lowercases = lowercases
        self.keepsSpacing = keepsSpacing
    }

    public var unit: TokenUnit { .words }

    public func encode(_ text: String) -> [Int32] {
        Self.pieces(of: text, lowercases: lowercases, keepsSpacing: keepsSpacing).map { vocabulary.number(of: $0) ?? Vocabulary.unknown }
    }

    public func unknownPieces(in text: String) -> [String] {
        Self.pieces(of: text, lowercases: lowercases, keepsSpacing: keepsSpacing).filter { vocabulary.number(of: $0) == nil }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The piece, with a space before it where one is expected; the name of `<unk>`, nothing for the other specials.
    public func bytes(of token: Int32, after previous: Int32?) -> [UInt8] {
        let piece = token == Vocabulary.unknown ? Self.unknownName : vocabulary.piece(token)
        guard let piece else { return [] }
        let before = previous.flatMap { $0 == Vocabulary.unknown ? Self.unknownName : vocabulary.piece($0) }
        return (before.map { Self.isSpaceExpected(between: $0, and: piece) } ?? false) ? [0x20] + piece : piece
    }

    public func toJSON() -> JSON {
        [
            "unit": .string(unit.rawValue), "lowercases": .bool(lowercases), "keepsSpacing": .bool(keepsSpacing),
            "words": JSON(vocabulary.pieces.map { String(decoding: $0, as: UTF8.self) }),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        let pieces = try json["words"].strings().map { Array($0.utf8) }
        if Set(pieces).count != pieces.count { throw json["words"].error("has a word twice") }
        self.init(pieces, lowercases: try json["lowercases"].bool(), keepsSpacing: try json["keepsSpacing"].bool())
    }

    // MARK: - Cutting

    private static let unknownName = Array("<unk>".utf8)
    /// The piece for a space that is missing: no text of its own.
    private static let join: [UInt8] = []

    /// A text's pieces.
    package static func pieces(of text: String, lowercases: Bool, keepsSpacing: Bool) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var space: [Character] = []
        var last: [UInt8]?
        let text = lowercases ? text.lowercased() : text
        var rest = text[...]

        func add(_ piece: [UInt8]) {
            defer { (last, space) = (piece, []) }
            guard keepsSpacing else { return pieces.append(piece) }
            let isExpected = last.map { isSpaceExpected(between: $0, and: piece) } ?? false
            if space.isEmpty {
                if isExpected { pieces.append(join) }
            } else if !(isExpected && space == [" "]) {
                for character in space { pieces.append(Array(character.utf8)) }
            }
            pieces.append(piece)
        }

        while let first = rest.first {
            switch kind(first) {
            case .space:
                space.append(first)
                rest.removeFirst()
            case .letter, .number:
                let end = endOfWord(rest)
                add(Array(rest[..<end].utf8))
                rest = rest[end...]
            case .opening, .closing, .other:
                // The same mark again and again is one piece: "...", "!!!", "--".
                let end = rest.firstIndex { $0.utf8.elementsEqual(first.utf8) == false } ?? rest.endIndex
                add(Array(rest[..<end].utf8))
                rest = rest[end...]
            }
        }
        if keepsSpacing { for character in space { pieces.append(Array(character.utf8)) } }
        return pieces
    }

    /// Where a word ends: an apostrophe or a hyphen between letters belongs to it.
    private static func endOfWord(_ text: Substring) -> Substring.Index {
        var index = text.startIndex
        while index < text.endIndex {
            switch kind(text[index]) {
            case .letter, .number: index = text.index(after: index)
            default:
                let next = text.index(after: index)
                guard text[index] == "'" || text[index] == "’" || text[index] == "-", next < text.endIndex, kind(text[next]) == .letter
                else { return index }
                index = next
            }
        }
        return index
    }

    private static func kind(_ character: Character) -> ScalarKind { ScalarKind(character.unicodeScalars.first!) }

    /// Whether two pieces are expected to have one blank between them.
    private static func isSpaceExpected(between a: [UInt8], and b: [UInt8]) -> Bool {
        let left = String(decoding: a, as: UTF8.self).unicodeScalars
        // A blank may carry a mark; it is a space all the same, as its first scalar says.
        guard let first = left.first, let last = left.last, let next = String(decoding: b, as: UTF8.self).unicodeScalars.first else { return false }
        let right = ScalarKind(next)
        return ScalarKind(first) != .space && right != .space && ScalarKind(last) != .opening && right != .closing
    }
}
