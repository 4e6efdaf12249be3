/// A sequence that was written, or is being written.
public struct Hypothesis: Sendable, Equatable {
    /// The tokens, without the beginning and the end.
    public let tokens: [Int32]
    /// The sum of the tokens' log-probabilities, the end's included.
    public let logProbability: Double
    /// What hypotheses are ranked by: the log-probability over the length penalty, less the coverage penalty.
    public let score: Double
    /// Whether it was ended by the end token; `false` where the limit was reached first.
    public let isComplete: Bool
    /// For each token (and the end, where there is one) how much each step of the source was looked at; empty for a network that doesn't look back.
    public let attention: [[Float]]

    public init(tokens: [Int32], logProbability: Double, score: Double, isComplete: Bool, attention: [[Float]]) {
        (self.tokens, self.logProbability, self.score, self.isComplete, self.attention) = (tokens, logProbability, score, isComplete, attention)
    }
}
