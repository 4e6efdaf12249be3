import DescentData

/// How well spans of words were found: precision, recall and F1 of whole spans, as CoNLL's evaluation and seqeval's default mode count them. A span is right
/// where its type, its first and its last word are.
public struct SpanScores: Equatable, Sendable {
    /// The counts of spans, and what follows from them.
    public struct Score: Equatable, Sendable {
        /// Spans found that are right.
        public var correct = 0
        /// Spans found.
        public var predicted = 0
        /// Spans of the truth.
        public var support = 0

        /// The share of the spans found that are right; 0 where none was found.
        public var precision: Double { predicted == 0 ? 0 : Double(correct) / Double(predicted) }
        /// The share of the truth that was found; 0 where there is none.
        public var recall: Double { support == 0 ? 0 : Double(correct) / Double(support) }
        /// The harmonic mean of both; 0 where both are.
        public var f1: Double { predicted + support == 0 ? 0 : 2 * Double(correct) / Double(predicted + support) }
    }

    /// The scores by type, ascending: the types of truth and answers.
    public let types: [(name: String, score: Score)]
    /// All spans together.
    public let micro: Score

    /// - Parameters:
    ///   - predicted: The spans found in each sentence.
    ///   - truth: The spans of each sentence.
    public init(predicted: [[TagSpan]], truth: [[TagSpan]]) {
        Metrics.check("SpanScores", predicted.count, truth.count, nil)
        var scores: [String: Score] = [:], micro = Score()
        for (found, known) in zip(predicted, truth) {
            let all = Set(known)
            for span in known { scores[span.type, default: Score()].support += 1 }
            for span in found {
                scores[span.type, default: Score()].predicted += 1
                if all.contains(span) { scores[span.type, default: Score()].correct += 1 }
            }
        }
        for score in scores.values {
            micro.correct += score.correct
            micro.predicted += score.predicted
            micro.support += score.support
        }
        types = scores.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.micro = micro
    }

    /// The mean of the types' F1; 0 where there are none.
    public var f1Macro: Double { types.isEmpty ? 0 : types.reduce(0) { $0 + $1.score.f1 } / Double(types.count) }

    /// The mean of the types' F1, weighted by how many spans of each the truth has; 0 where it has none.
    public var f1Weighted: Double { micro.support == 0 ? 0 : types.reduce(0) { $0 + $1.score.f1 * Double($1.score.support) } / Double(micro.support) }

    public static func == (a: SpanScores, b: SpanScores) -> Bool { a.types.elementsEqual(b.types) { $0 == $1 } }
}
