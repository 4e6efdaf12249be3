/// The distribution of `exp(x)` for a normal x.
public struct LogNormal: DivergentDistribution {
    /// The distribution of the logarithm.
    public let logarithm: Normal

    /// From the mean and the standard deviation of the logarithm.
    public init(mean: Tensor, deviation: Tensor) { logarithm = Normal(mean: mean, deviation: deviation) }
    /// One distribution.
    public init(mean: Double = 0, deviation: Double = 1, dtype: DType = .float32) { logarithm = Normal(mean: mean, deviation: deviation, dtype: dtype) }

    public var batchShape: [Int] { logarithm.batchShape }
    public var mean: Tensor { exp(logarithm.mean + 0.5 * logarithm.variance) }
    public var variance: Tensor { expm1(logarithm.variance) * exp(2 * logarithm.mean + logarithm.variance) }
    public var entropy: Tensor { logarithm.entropy + logarithm.mean }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { exp(logarithm.sample(shape, using: random)) }
    public func logProbability(_ x: Tensor) -> Tensor {
        let support = x .> 0, logX = log(inside(support, x, otherwise: 1))
        return limited(logarithm.logProbability(logX) - logX, to: support)
    }
    public func divergence(from other: LogNormal) -> Tensor { logarithm.divergence(from: other.logarithm) }
}
