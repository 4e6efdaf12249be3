/// 1 with a probability, else 0.
public struct Bernoulli: DivergentDistribution {
    /// The logarithm of the odds of 1.
    public let logits: Tensor
    public static let isReparameterized = false

    /// From log-odds, for each element.
    public init(logits: Tensor) { self.logits = logits.floating }
    /// From probabilities of 1, for each element.
    public init(probability: Tensor) { self.init(logits: log(probability) - log1p(-probability.floating)) }
    /// One distribution.
    public init(probability: Double, dtype: DType = .float32) { self.init(probability: .full([], probability, dtype: dtype)) }

    public var batchShape: [Int] { logits.shape }
    /// The probability of 1.
    public var mean: Tensor { sigmoid(logits) }
    public var variance: Tensor { mean * sigmoid(-logits) }
    public var entropy: Tensor { divergenceTerm(-logits, logits) + divergenceTerm(logits, -logits) }
    /// 0 and 1 in the type of the parameters.
    public func sample(_ shape: [Int], using random: Random) -> Tensor {
        (random.uniform(shape + batchShape, dtype: logits.dtype) .< stopGradient(mean)).cast(to: logits.dtype)
    }
    public func logProbability(_ x: Tensor) -> Tensor {
        let x = x.cast(to: logits.dtype)
        return Tensor.select([x .== 1, x .== 0], [logSigmoid(logits), logSigmoid(-logits)], otherwise: Tensor(-.infinity, like: logits))
    }
    public func divergence(from other: Bernoulli) -> Tensor {
        divergenceTerm(-logits, other.logits) + divergenceTerm(logits, -other.logits) - entropy
    }
    /// `-sigmoid(-a) log sigmoid(b)`, and 0 where the probability is.
    private func divergenceTerm(_ a: Tensor, _ b: Tensor) -> Tensor {
        let share = sigmoid(-a)
        return share * Tensor.where(share .== 0, Tensor(0, like: b), softplus(-b))
    }
}
