import DescentFormats

/// The token unit.
public enum TokenUnit: String, CaseIterable, Sendable {
    /// Unicode scalars: few different ones, long sequences.
    case characters
    /// Words, marks and what is between them: many different ones, short sequences; rare words are unknown.
    case words
    /// Pieces of words, found by byte-pair encoding: nothing is unknown.
    case bytePairs = "bpe"
}

/// Cuts a text into numbered pieces, and puts it together again.
public protocol Tokenizer: Sendable {
    /// The token unit.
    var unit: TokenUnit { get }
    /// Its pieces.
    var vocabulary: Vocabulary { get }
    /// The numbers of a text's pieces; `Vocabulary.unknown` for those that the vocabulary lacks. None of the other specials.
    func encode(_ text: String) -> [Int32]
    /// The pieces of a text that the vocabulary lacks, in their order, each as often as it occurs.
    func unknownPieces(in text: String) -> [String]
    /// The bytes that a token adds to a text after the token `previous`. Bytes, since a piece may end within a scalar.
    func bytes(of token: Int32, after previous: Int32?) -> [UInt8]
    /// All that is needed to make it again.
    func toJSON() -> JSON
}

extension Tokenizer {
    /// The text of numbers; bytes that are not UTF-8 become U+FFFD.
    public func decode(_ tokens: some Sequence<Int32>) -> String {
        var bytes: [UInt8] = []
        var previous: Int32?
        for token in tokens {
            bytes += self.bytes(of: token, after: previous)
            previous = token
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension TokenUnit {
    /// A tokenizer made from what its `toJSON` gave.
    ///
    /// - Throws: `FormatError` where something is missing or cannot be.
    public static func tokenizer(json: JSONReader) throws(FormatError) -> any Tokenizer {
        let name = try json["unit"].string()
        switch TokenUnit(rawValue: name) {
        case .characters: return try CharacterTokenizer(json: json)
        case .words: return try WordTokenizer(json: json)
        case .bytePairs: return try BytePairTokenizer(json: json)
        case nil: throw json["unit"].error("is \"\(name)\"; it must be \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }
}

/// Text that comes piece by piece, handed on as soon as its characters are whole.
public struct TokenDecoder: Sendable {
    private let tokenizer: any Tokenizer
    private var previous: Int32?
    private var pending: [UInt8] = []

    /// - Parameter previous: the token before the first, if there is one.
    public init(_ tokenizer: any Tokenizer, after previous: Int32? = nil) {
        self.tokenizer = tokenizer
        self.previous = previous
    }

    /// The text that a token completes; empty where a scalar is not complete yet.
    public mutating func append(_ token: Int32) -> String {
        pending += tokenizer.bytes(of: token, after: previous)
        previous = token
        // A scalar has four bytes at most: what may still be completed is at the very end.
        var end = pending.count
        for back in 1...3 where back <= pending.count {
            let byte = pending[pending.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if length > back { end = pending.count - back }
            break
        }
        let text = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeFirst(end)
        return text
    }

    /// The incomplete bytes left at the end, as U+FFFD.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}
