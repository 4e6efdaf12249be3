import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentTrain

/// A text with what a language model made of each of its pieces, and the places where it was surprised most.
package struct TextSurprise {
    /// A piece of the text.
    package struct Piece: Equatable, Sendable {
        /// Its text; of pieces that are parts of a character, that of all of them.
        package let text: String
        /// -log p of it, in nats.
        package let loss: Double
        /// The most probable token in its place, with its probability.
        package let expected: (text: String, probability: Double)
        /// Whether the model had read enough before it to know where it was.
        package let isInContext: Bool

        package static func == (a: Self, b: Self) -> Bool {
            a.text == b.text && a.loss == b.loss && a.expected == b.expected && a.isInContext == b.isInContext
        }
    }

    /// The pieces in their order.
    package let pieces: [Piece]
    private let unit: TokenUnit
    /// A loss that has the full colour: that of a piece one and a half times as improbable, in nats, as any is by chance.
    private let strongest: Double

    /// More tokens than this are not looked at.
    private static let tokenLimit = 100_000
    /// A stream's first tokens are read without knowing what came before.
    private static let contextLength = 64

    /// Reads the beginning of a text.
    ///
    /// - Parameter tokens: at least one.
    package init(_ model: LanguageModel, tokens: [Int32]) {
        let tokens = Array(tokens.prefix(Self.tokenLimit))
        let evaluation = LanguageEvaluation(model.network, tokens: tokens)
        let tokenizer = model.tokenizer
        var decoder = TokenDecoder(tokenizer)
        var pieces: [Piece] = []
        /// The loss of the parts of a character that is not complete yet.
        var pending = 0.0
        for (place, (token, reading)) in zip(tokens, evaluation.readings()).enumerated() {
            pending += Double(reading.loss)
            var text = decoder.append(token)
            if token == Vocabulary.end { text = "<end>\n\n" }
            if text.isEmpty && token != Vocabulary.beginning { continue }
            let previous = place == 0 ? nil : tokens[place - 1]
            let expected =
                reading.expected < Int32(Vocabulary.specials.count)
                ? tokenizer.vocabulary.name(reading.expected) : String(decoding: tokenizer.bytes(of: reading.expected, after: previous), as: UTF8.self)
            pieces.append(
                Piece(
                    text: text, loss: pending, expected: (expected, Double(reading.expectedProbability)),
                    isInContext: place < Self.contextLength ? true : place % evaluation.streamLength >= Self.contextLength))
            pending = 0
        }
        self.pieces = pieces
        unit = tokenizer.unit
        strongest = 1.5 * logarithm(Double(Swift.max(2, tokenizer.vocabulary.count)))
    }

    /// How many pieces in a row make a place, and how many are shown before and after it.
    private var extent: (place: Int, before: Int, after: Int) { unit == .characters ? (6, 170, 90) : (2, 36, 18) }

    /// The places where the mean loss of some pieces in a row is highest, the highest first; with what stands around them they don't overlap.
    package func places(count: Int) -> [Range<Int>] {
        let length = extent.place
        guard pieces.count >= length else { return [] }
        var sum = pieces[..<length].reduce(0) { $0 + $1.loss }
        var sums = [sum]
        for last in length..<Swift.max(pieces.count, length) {
            sum += pieces[last].loss - pieces[last - length].loss
            sums.append(sum)
        }
        var taken: [Range<Int>] = [], found: [Range<Int>] = []
        for first in sums.indices.sorted(by: { (sums[$1], $0) < (sums[$0], $1) }) where found.count < count {
            let place = first..<first + length
            let shown = shown(around: place)
            guard pieces[place].allSatisfy(\.isInContext), !taken.contains(where: { $0.overlaps(shown) }) else { continue }
            taken.append(shown)
            found.append(place)
        }
        return found
    }

    private func shown(around place: Range<Int>) -> Range<Int> {
        Swift.max(0, place.lowerBound - extent.before)..<Swift.min(pieces.count, place.upperBound + extent.after)
    }

    /// The text around a place, shaded.
    package func passage(around place: Range<Int>) -> ShadedText {
        let range = shown(around: place)
        let loss = pieces[place].reduce(0) { $0 + $1.loss } / Double(place.count)
        let text = pieces[place].map(\.text).joined().trimmed
        return shaded(range, caption: "\(quoted(text)): \(fixed(loss, 2)) nats per token")
    }

    /// The beginning of the text, shaded.
    package var beginning: ShadedText {
        shaded(0..<Swift.min(pieces.count, 2 * (extent.before + extent.after)), caption: "The beginning of the text, for comparison:")
    }

    /// The whole text, shaded.
    package func whole(caption: String) -> ShadedText { shaded(pieces.indices, caption: caption) }

    private func shaded(_ range: Range<Int>, caption: String) -> ShadedText {
        ShadedText(
            pieces[range].map { piece in
                let strength = piece.loss / strongest
                let shaded = ShadedText.Piece(piece.text, strength: strength)
                // Nothing is said of what has no colour: pages stay small.
                guard strength > 0.15 else { return shaded }
                let isExpected = piece.text == piece.expected.text
                let other = isExpected ? "the most probable" : "expected \(Self.visible(piece.expected.text)) (\(fixed(piece.expected.probability, 2)))"
                return ShadedText.Piece(
                    // A line's end has no ink of its own to be shaded.
                    piece.text == "\n" ? "↵\n" : piece.text, strength: strength,
                    note: "\(Self.visible(piece.text)): \(fixed(piece.loss, 1)) nats, probability \(shortNumber((exponential(-piece.loss) * 1e5).rounded() / 1e5)); \(other)")
            }, caption: caption)
    }

    /// A piece in words where it has no ink.
    static func visible(_ text: String) -> String {
        switch text {
        case " ": "a space"
        case "\n": "a line's end"
        default: quoted(text)
        }
    }

    /// The most costly tokens, by their share of the total loss.
    package func costs(limit: Int) -> [(text: String, count: Int, mean: Double, share: Double)] {
        var sums: [String: (count: Int, loss: Double)] = [:]
        for piece in pieces {
            let known = sums[piece.text] ?? (0, 0)
            sums[piece.text] = (known.count + 1, known.loss + piece.loss)
        }
        let total = pieces.reduce(0) { $0 + $1.loss }
        let order = sums.sorted { ($1.value.loss, $0.key) < ($0.value.loss, $1.key) }
        return order.prefix(limit).map { ($0.key, $0.value.count, $0.value.loss / Double($0.value.count), total > 0 ? $0.value.loss / total : 0) }
    }
}

extension String {
    /// Without blanks and line ends at its ends, those within as blanks.
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
