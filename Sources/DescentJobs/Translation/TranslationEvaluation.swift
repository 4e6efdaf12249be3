import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// How well a model translates sentences whose translations are known. A sentence with several translations counts once, and may come out as any.
struct TranslationEvaluation {
    /// A sentence, its known translations, and what the model made of it.
    struct Example {
        let sentence: String, references: [String], answer: String
        /// The chrF of the answer alone.
        let score: Double
    }

    let examples: [Example]
    let bleu: BLEUScore
    let chrF: ChrFScore
    let exactMatch: Double
    /// The mean loss of the known translations' tokens, in nats.
    let lossPerToken: Double
    let pairCount: Int
    /// The share of the sentences' tokens that the model has never seen.
    let unknownShare: Double

    /// Pairs whose loss is computed at once.
    private static let chunk = 64

    init(_ model: Translator, _ pairs: [ParallelTexts.Pair], search: BeamSearch = Translator.search) {
        var references: [String: [String]] = [:], order: [String] = []
        for pair in pairs {
            if references[pair.source] == nil { order.append(pair.source) }
            references[pair.source, default: []].append(pair.target)
        }
        let answers = model.translate(order, search: search).map(\.text)
        let known = order.map { references[$0]! }
        bleu = BLEUScore(hypotheses: answers, references: known)
        chrF = ChrFScore(hypotheses: answers, references: known)
        exactMatch = Metrics.exactMatch(hypotheses: answers, references: known)
        examples = zip(zip(order, known), answers).map { Example(sentence: $0.0, references: $0.1, answer: $1, score: ChrFScore.sentence($1, references: $0.1).score) }
        pairCount = pairs.count
        let tokens = pairs.map { model.tokenizers.tokens($0) }
        let sources = order.flatMap { model.tokenizers.sourceTokens($0) }
        unknownShare = Double(sources.count { $0 == Vocabulary.unknown }) / Double(Swift.max(sources.count, 1))
        let network = model.network
        network.infer()
        let measured = compile { (batch: [Tensor]) in
            softmaxCrossEntropy(network(batch[0], lengths: batch[1], target: batch[2]), batch[3], weights: batch[4], reduction: .sum)
        }
        var loss = 0.0
        let sorted = tokens.sorted { ($0.source.count, $0.target.count) < ($1.source.count, $1.target.count) }
        for first in stride(from: 0, to: sorted.count, by: Self.chunk) {
            loss += Double(measured(TranslationBatches.tensors(Array(sorted[first..<Swift.min(first + Self.chunk, sorted.count)]))).item())
        }
        lossPerToken = loss / Double(tokens.reduce(0) { $0 + $1.target.count + 1 })
    }

    var metrics: [Metric] {
        var metrics = [
            Metric("bleu", bleu.score, words: "BLEU \(fixed(bleu.score, 2))"), Metric("chrf", chrF.score, words: "chrF \(fixed(chrF.score, 2))"),
            Metric("exactMatch", exactMatch, words: "\(fixed(exactMatch * 100, 1)) % of \(grouped(examples.count)) sentences exactly as one of their known translations"),
            Metric("lossPerToken", lossPerToken, words: "\(fixed(lossPerToken, 4)) nats per token"),
            Metric("perplexity", exponential(lossPerToken), words: "perplexity \(fixed(exponential(lossPerToken), 2))"),
        ]
        if unknownShare > 0 { metrics.append(Metric("unknownShare", unknownShare, words: "\(fixed(unknownShare * 100, 2)) % of the sentences' tokens are not in the vocabulary")) }
        return metrics
    }

    /// The examples with the highest scores, and those with the lowest, which are no others.
    func extremes(_ count: Int) -> (best: [Example], worst: [Example]) {
        let sorted = examples.indices.sorted { (examples[$1].score, $0) < (examples[$0].score, $1) }
        let best = sorted.prefix(count)
        return (best.map { examples[$0] }, sorted.dropFirst(best.count).suffix(count).reversed().map { examples[$0] })
    }
}
