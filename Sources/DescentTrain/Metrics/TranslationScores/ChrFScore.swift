import DescentCore

/// chrF: the F-score of character n-grams, which gives credit for a right stem with a wrong ending. Popović 2015, "chrF: character n-gram
/// F-score for automatic MT evaluation"; with words beside the characters it is chrF++ (Popović 2017).
///
///     chrF = (1 + β²) · P · R / (β² · P + R)
///
/// P and R are the precision and recall of the n-grams, averaged over the orders that both sides have. The values are those of sacreBLEU
/// with its defaults (chrF2): characters are code points, so a Devanagari vowel sign counts on its own; white space does not count; case
/// is kept. Of several references of a sentence, the one with the best score counts, the first of equals.
///
/// Matches are added up over all sentences before they are divided: the score of a corpus is not the mean of its sentences'.
public struct ChrFScore: Equatable, Sendable {
    /// The score, from 0 to 100.
    public let score: Double
    /// The highest order of the character n-grams.
    public let characterOrder: Int
    /// The highest order of the word n-grams: 0 for chrF, 2 for chrF++.
    public let wordOrder: Int
    /// The weight of recall against precision.
    public let beta: Double

    /// The score of a corpus.
    ///
    /// `references` has the references of each sentence, at least one; their number may differ. The score of no sentences, and of empty
    /// ones, is 0. Different numbers of hypotheses and references are a programmer's mistake and stop.
    public init(hypotheses: [String], references: [[String]], characterOrder: Int = 6, wordOrder: Int = 0, beta: Double = 2) {
        TranslationScores.check("ChrFScore", hypotheses, references)
        guard characterOrder >= 0, wordOrder >= 0, characterOrder + wordOrder > 0, beta > 0, beta.isFinite else {
            stop("ChrFScore: orders \(characterOrder) and \(wordOrder), beta \(beta); one order must be at least 1, none below 0, and beta above 0.")
        }
        var sum = Array(repeating: OrderCounts(), count: characterOrder + wordOrder)
        for (hypothesis, references) in zip(hypotheses, references) {
            var numbers = WordNumbers()
            let counts = Self.counts(hypothesis, characterOrder, wordOrder, &numbers)
            var best: (score: Double, counts: [OrderCounts])?
            for reference in references {
                let orders = zip(counts, Self.counts(reference, characterOrder, wordOrder, &numbers)).map(OrderCounts.init)
                let score = Self.fScore(orders, beta: beta)
                if score > best?.score ?? -1 { best = (score, orders) }
            }
            for (index, order) in (best?.counts ?? []).enumerated() { sum[index].add(order) }
        }
        score = Self.fScore(sum, beta: beta)
        self.characterOrder = characterOrder
        self.wordOrder = wordOrder
        self.beta = beta
    }

    /// The score of one sentence.
    public static func sentence(
        _ hypothesis: String, references: [String], characterOrder: Int = 6, wordOrder: Int = 0, beta: Double = 2
    ) -> ChrFScore {
        ChrFScore(hypotheses: [hypothesis], references: [references], characterOrder: characterOrder, wordOrder: wordOrder, beta: beta)
    }

    /// The n-grams of one order in hypotheses and references.
    private struct OrderCounts {
        var hypothesis = 0
        var reference = 0
        var matches = 0

        init() {}

        /// N-grams of an order that the reference is too short for are not held against the hypothesis.
        init(_ hypothesis: NGramCounts, _ reference: NGramCounts) {
            self.reference = reference.total
            self.hypothesis = self.reference > 0 ? hypothesis.total : 0
            matches = hypothesis.matches(in: reference)
        }

        mutating func add(_ other: OrderCounts) {
            hypothesis += other.hypothesis
            reference += other.reference
            matches += other.matches
        }
    }

    private static func fScore(_ orders: [OrderCounts], beta: Double) -> Double {
        let counted = orders.filter { $0.hypothesis > 0 && $0.reference > 0 }
        let precision = counted.reduce(0) { $0 + Double($1.matches) / Double($1.hypothesis) } / Double(max(1, counted.count))
        let recall = counted.reduce(0) { $0 + Double($1.matches) / Double($1.reference) } / Double(max(1, counted.count))
        if precision + recall == 0 { return 0 }
        return 100 * (1 + beta * beta) * precision * recall / (beta * beta * precision + recall)
    }

    /// The n-grams of characters, then those of words, by order.
    private static func counts(_ text: String, _ characterOrder: Int, _ wordOrder: Int, _ numbers: inout WordNumbers) -> [NGramCounts] {
        let words = ScalarWords.split(text.unicodeScalars)
        let characters = words.flatMap { $0.map(\.value) }
        var counts = (1..<characterOrder + 1).map { NGramCounts(of: characters, order: $0) }
        if wordOrder == 0 { return counts }
        let parts = numbers(words.flatMap(splitPunctuation))
        for order in 1...wordOrder { counts.append(NGramCounts(of: parts, order: order)) }
        return counts
    }

    /// Splits one ASCII punctuation mark off a word: the last, or else the first. "(hi)" is "(hi" and ")", as in Popović's program.
    private static func splitPunctuation(_ word: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        if word.count < 2 { return [word] }
        if isPunctuation(word[word.count - 1]) { return [Array(word.dropLast()), [word[word.count - 1]]] }
        if isPunctuation(word[0]) { return [[word[0]], Array(word.dropFirst())] }
        return [word]
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }
}
