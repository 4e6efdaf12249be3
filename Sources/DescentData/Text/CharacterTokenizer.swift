import DescentFormats

/// Cuts a text into its Unicode scalars. Any text of scalars that were seen comes back exactly.
///
/// Scalars, not what a reader takes for one letter: those are few thousands in scripts that join marks to letters, each rare.
public struct CharacterTokenizer: Tokenizer, Equatable {
    public let vocabulary: Vocabulary
    private let numbers: [Unicode.Scalar: Int32]

    /// The scalars of a text, in the order of their code points.
    public init(fitting text: String) {
        self.init(Set(text.unicodeScalars).sorted())
    }

    private init(_ scalars: [Unicode.Scalar]) {
        vocabulary = Vocabulary(scalars.map { Array(String($0).utf8) })
        numbers = Dictionary(zip(scalars, Int32(Vocabulary.specials.count)...)) { first, _ in first }
    }

    public var unit: TokenUnit { .characters }

    public func encode(_ text: String) -> [Int32] { text.unicodeScalars.map { numbers[$0] ?? Vocabulary.unknown } }

    public func unknownPieces(in text: String) -> [String] { text.unicodeScalars.filter { numbers[$0] == nil }.map { String($0) } }

    /// The scalar; U+FFFD for `<unk>`, nothing for the other specials.
    public func bytes(of token: Int32, after previous: Int32?) -> [UInt8] {
        token == Vocabulary.unknown ? [0xEF, 0xBF, 0xBD] : vocabulary.piece(token) ?? []
    }

    public func toJSON() -> JSON {
        var characters = String.UnicodeScalarView()
        for scalar in numbers.sorted(by: { $0.value < $1.value }) { characters.append(scalar.key) }
        return ["unit": .string(unit.rawValue), "characters": .string(String(characters))]
    }

    init(json: JSONReader) throws(FormatError) {
        let scalars = Array(try json["characters"].string().unicodeScalars)
        if Set(scalars).count != scalars.count { throw json["characters"].error("has a character twice") }
        self.init(scalars)
    }
}
