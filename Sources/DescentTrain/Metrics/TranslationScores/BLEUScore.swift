import DescentCore

/// BLEU: how many n-grams of the hypotheses occur in the references. Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of
/// Machine Translation".
///
///     BLEU = BP · exp(mean of ln p_n for n = 1...4)
///     p_n  = clipped matches of n-grams / n-grams of the hypotheses
///     BP   = 1 where the hypotheses are longer than the references, else exp(1 - reference length / hypothesis length)
///
/// The values are those of sacreBLEU with its defaults (Post 2018, "A Call for Clarity in Reporting BLEU Scores"): tokenization 13a, case
/// kept, exponential smoothing (Chen and Cherry 2014, method 3). With several references, an n-gram counts at most as often as in the
/// reference that has it most often, and the reference length is that of the closest, the shorter of two equally close.
///
/// Matches and lengths are added up over all sentences before they are divided: the score of a corpus is not the mean of its sentences'.
public struct BLEUScore: Equatable, Sendable {
    /// The score, from 0 to 100.
    public let score: Double
    /// The precision of each order from 1 to 4, in percent, smoothed where there are n-grams but no matches. All 0 where nothing matches.
    public let precisions: [Double]
    /// The factor for hypotheses shorter than the references, from 0 to 1. For empty hypotheses with a non-empty reference: 0.
    public let brevityPenalty: Double
    /// The number of tokens in the hypotheses.
    public let hypothesisLength: Int
    /// The number of tokens in the closest reference of each sentence.
    public let referenceLength: Int
    /// The number of n-grams of each order from 1 to 4 that match.
    public let matches: [Int]
    /// The number of n-grams of each order from 1 to 4 in the hypotheses.
    public let totals: [Int]

    /// The highest order of the n-grams.
    public static let maximumOrder = 4

    /// The score of a corpus.
    ///
    /// `references` has the references of each sentence, at least one; their number may differ. Where no hypothesis has 4 tokens the
    /// score is 0, as is that of no sentences. Different numbers of hypotheses and references are a programmer's mistake and stop.
    public init(hypotheses: [String], references: [[String]]) {
        TranslationScores.check("BLEUScore", hypotheses, references)
        var statistics = Statistics()
        for (hypothesis, references) in zip(hypotheses, references) { statistics.add(hypothesis, references) }
        self.init(statistics, isEffectiveOrder: false)
    }

    /// The score of one sentence: only the orders of which it has n-grams count ("effective order"), so one of fewer than 4 tokens can
    /// score above 0.
    ///
    /// BLEU is a measure of a corpus; the score of one sentence says little.
    public static func sentence(_ hypothesis: String, references: [String]) -> BLEUScore {
        TranslationScores.check("BLEUScore.sentence", [hypothesis], [references])
        var statistics = Statistics()
        statistics.add(hypothesis, references)
        return BLEUScore(statistics, isEffectiveOrder: true)
    }

    private init(_ statistics: Statistics, isEffectiveOrder: Bool) {
        let hypothesisLength = statistics.hypothesisLength
        let referenceLength = statistics.referenceLength
        var penalty = 1.0
        if hypothesisLength < referenceLength {
            penalty = hypothesisLength > 0 ? exponential(1 - Double(referenceLength) / Double(hypothesisLength)) : 0
        }
        var precisions = Array(repeating: 0.0, count: Self.maximumOrder)
        var score = 0.0
        if statistics.matches.contains(where: { $0 > 0 }) {
            var order = Self.maximumOrder
            var smoothing = 1.0
            for (index, (matches, total)) in zip(statistics.matches, statistics.totals).enumerated() where total > 0 {
                if isEffectiveOrder { order = index + 1 }
                // Without matches, half of what the order before took: 1/2 of a match, then 1/4.
                if matches == 0 { smoothing *= 2 }
                precisions[index] = 100 * (matches == 0 ? 1 / smoothing : Double(matches)) / Double(total)
            }
            // An order without n-grams has precision 0, and with it the geometric mean is 0.
            if precisions[..<order].allSatisfy({ $0 > 0 }) {
                score = penalty * exponential(precisions[..<order].reduce(0) { $0 + logarithm($1) } / Double(order))
            }
        }
        self.score = score
        self.precisions = precisions
        brevityPenalty = penalty
        self.hypothesisLength = hypothesisLength
        self.referenceLength = referenceLength
        matches = statistics.matches
        totals = statistics.totals
    }

    /// What is added up over the sentences.
    private struct Statistics {
        var hypothesisLength = 0
        var referenceLength = 0
        var matches = Array(repeating: 0, count: maximumOrder)
        var totals = Array(repeating: 0, count: maximumOrder)

        mutating func add(_ hypothesis: String, _ references: [String]) {
            var numbers = WordNumbers()
            let words = numbers(MTEvalTokenizer.tokens(hypothesis))
            let references = references.map { numbers(MTEvalTokenizer.tokens($0)) }
            hypothesisLength += words.count
            referenceLength += references.map(\.count).min { (Swift.abs($0 - words.count), $0) < (Swift.abs($1 - words.count), $1) } ?? 0
            for order in 1...maximumOrder {
                let counts = NGramCounts(of: words, order: order)
                var allowed = NGramCounts(of: [], order: order)
                for reference in references { allowed.formMaximum(NGramCounts(of: reference, order: order)) }
                matches[order - 1] += counts.matches(in: allowed)
                totals[order - 1] += counts.total
            }
        }
    }
}
