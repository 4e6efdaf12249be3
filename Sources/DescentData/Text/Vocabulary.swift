/// The pieces that a tokenizer knows, numbered. Four numbers stand for no piece of text: padding, unknown, beginning and end.
///
/// Pieces are bytes, since two texts that look alike (an é of one or of two scalars) are equal as `String`s and must stay apart here.
public struct Vocabulary: Equatable, Sendable {
    /// The names of the first numbers.
    public static let specials = ["<pad>", "<unk>", "<bos>", "<eos>"]
    /// The padding token.
    public static let padding: Int32 = 0
    /// The token for unknown pieces.
    public static let unknown: Int32 = 1
    /// The beginning-of-sequence token.
    public static let beginning: Int32 = 2
    /// The end-of-sequence token.
    public static let end: Int32 = 3

    /// The pieces, in the order of their numbers, which begin after the specials'.
    public let pieces: [[UInt8]]
    private let numbers: [[UInt8]: Int32]

    /// A vocabulary of pieces that are all different.
    public init(_ pieces: [[UInt8]]) {
        self.pieces = pieces
        numbers = Dictionary(zip(pieces, Int32(Self.specials.count)...)) { first, _ in first }
    }

    /// How many numbers there are, the specials among them.
    public var count: Int { Self.specials.count + pieces.count }

    /// The number of a piece, `nil` where it is not known.
    public func number(of piece: [UInt8]) -> Int32? { numbers[piece] }

    /// The piece of a number, `nil` for the specials and for numbers that are none.
    public func piece(_ number: Int32) -> [UInt8]? {
        let place = Int(number) - Self.specials.count
        return pieces.indices.contains(place) ? pieces[place] : nil
    }

    /// A number in words: its text as it is, a special's name.
    public func name(_ number: Int32) -> String {
        if let piece = piece(number) { return String(decoding: piece, as: UTF8.self) }
        return Self.specials.indices.contains(Int(number)) ? Self.specials[Int(number)] : "<\(number)>"
    }

    public static func == (a: Vocabulary, b: Vocabulary) -> Bool { a.pieces == b.pieces }
}
