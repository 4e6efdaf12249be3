import DescentFormats

/// Cuts a text into pieces of words by byte-pair encoding: it begins with bytes, and puts the pair together that was found most often, again
/// and again. Gage 1994; Sennrich, Haddow and Birch 2016; on bytes, so that every text can be written and comes back exactly.
///
/// A text is first cut into words with the blank before them, numbers, marks and runs of spaces; no piece goes beyond one of these.
public struct BytePairTokenizer: Tokenizer, Equatable {
    public let vocabulary: Vocabulary
    /// The pairs that are put together, in the order in which they were found, as numbers of the vocabulary.
    public let merges: [Pair]
    private let ranks: [Pair: Int]

    /// Two pieces side by side.
    public struct Pair: Hashable, Sendable {
        /// The numbers of the two.
        public let first: Int32, second: Int32

        /// A pair of numbers.
        public init(_ first: Int32, _ second: Int32) { (self.first, self.second) = (first, second) }
    }

    /// Finds pairs in texts.
    ///
    /// - Parameter limit: how many pieces at most; all 256 bytes are among them in any case. It stops earlier where no pair occurs twice.
    ///   The same texts always give the same pieces: of equally frequent pairs the one with the lower numbers is taken.
    public init(fitting texts: [String], limit: Int = 1024) {
        self.init(BytePairTraining.merges(of: texts, count: max(limit - 256, 0)))
    }

    /// - Parameter merges: pairs of numbers that are known when they come.
    init(_ merges: [Pair]) {
        var pieces = (0...255).map { [UInt8($0)] }
        let first = Vocabulary.specials.count
        for pair in merges { pieces.append(pieces[Int(pair.first) - first] + pieces[Int(pair.second) - first]) }
        vocabulary = Vocabulary(pieces)
        self.merges = merges
        ranks = Dictionary(zip(merges, 0...)) { first, _ in first }
    }

    public var unit: TokenUnit { .bytePairs }

    /// The number of a byte.
    package static func number(of byte: UInt8) -> Int32 { Int32(Vocabulary.specials.count) + Int32(byte) }
    /// The number of the piece that a merge makes.
    static func number(ofMerge rank: Int) -> Int32 { Int32(Vocabulary.specials.count + 256 + rank) }

    public func encode(_ text: String) -> [Int32] {
        var known: [[UInt8]: [Int32]] = [:]
        var tokens: [Int32] = []
        tokens.reserveCapacity(text.utf8.count / 3)
        BytePairChunks.forEach(in: text) { chunk in
            let chunk = Array(chunk)
            if let found = known[chunk] {
                tokens += found
            } else {
                let found = merged(chunk)
                known[chunk] = found
                tokens += found
            }
        }
        return tokens
    }

    /// Puts the pairs of a chunk together, those that were found first before the others.
    private func merged(_ chunk: [UInt8]) -> [Int32] {
        var tokens = chunk.map(Self.number(of:))
        while tokens.count > 1 {
            var best: (rank: Int, pair: Pair)?
            for place in 0..<tokens.count - 1 {
                let pair = Pair(tokens[place], tokens[place + 1])
                if let rank = ranks[pair], rank < best?.rank ?? .max { best = (rank, pair) }
            }
            guard let best else { break }
            tokens = best.pair.joined(in: tokens, as: Self.number(ofMerge: best.rank))
        }
        return tokens
    }

    /// None: every byte is known.
    public func unknownPieces(in text: String) -> [String] { [] }

    /// The piece; nothing for the specials.
    public func bytes(of token: Int32, after previous: Int32?) -> [UInt8] { vocabulary.piece(token) ?? [] }

    public func toJSON() -> JSON {
        [
            "unit": .string(unit.rawValue),
            "merges": .array(merges.map { .array([.integer(Int64($0.first)), .integer(Int64($0.second))]) }),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        var merges: [Pair] = []
        for element in try json["merges"].elements() {
            let numbers = try element.elements()
            let known = Vocabulary.specials.count..<Int(Self.number(ofMerge: merges.count))
            guard numbers.count == 2, known.contains(try numbers[0].int()), known.contains(try numbers[1].int()) else {
                throw element.error("is no pair of the numbers known so far, \(known.lowerBound) to \(known.upperBound - 1)")
            }
            merges.append(Pair(Int32(try numbers[0].int()), Int32(try numbers[1].int())))
        }
        self.init(merges)
    }

    public static func == (a: BytePairTokenizer, b: BytePairTokenizer) -> Bool { a.merges == b.merges }
}

extension BytePairTokenizer.Pair {
    /// Numbers with this pair put together wherever it stands, from the left.
    func joined(in tokens: [Int32], as number: Int32) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(tokens.count)
        var place = 0
        while place < tokens.count {
            if place + 1 < tokens.count, tokens[place] == first, tokens[place + 1] == second {
                result.append(number)
                place += 2
            } else {
                result.append(tokens[place])
                place += 1
            }
        }
        return result
    }
}

/// The cuts that no piece goes beyond.
enum BytePairChunks {
    /// No chunk has more scalars: what is found within one costs the square of its length.
    private static let limit = 64

    /// Calls `body` with the bytes of each chunk: a run of letters, of numbers, of marks, each with a blank before it if there is one, and
    /// runs of other spaces.
    static func forEach(in text: String, _ body: (ArraySlice<UInt8>) -> Void) {
        let bytes = Array(text.utf8)
        var start = 0
        var end = 0
        var count = 0
        var kind: ScalarKind?
        for scalar in text.unicodeScalars {
            let length = UTF8.width(scalar)
            defer { end += length }
            let next: ScalarKind =
                switch ScalarKind(scalar) {
                case .letter: .letter
                case .number: .number
                case .space: .space
                case .opening, .closing, .other: .other
                }
            // A single blank goes with what follows it.
            let joinsBlank = kind == .space && next != .space && end == start + 1 && bytes[start] == 0x20
            if count > 0, next != kind && !joinsBlank || count == limit {
                // Of several spaces the last blank goes with what follows.
                let givesBlank = kind == .space && next != .space && count < limit && bytes[end - 1] == 0x20
                let cut = givesBlank ? end - 1 : end
                if cut > start { body(bytes[start..<cut]) }
                start = cut
                count = end - cut
            }
            count += 1
            kind = next
        }
        if end > start { body(bytes[start..<end]) }
    }
}
