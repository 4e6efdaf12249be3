/// The exponential distribution, with density `rate exp(-rate x)` for x >= 0.
public struct Exponential: DivergentDistribution {
    /// One over the mean.
    public let rate: Tensor

    /// For each element of `rate`.
    public init(rate: Tensor) { self.rate = rate.floating }
    /// One distribution.
    public init(rate: Double = 1, dtype: DType = .float32) { self.rate = .full([], rate, dtype: dtype) }

    public var batchShape: [Int] { rate.shape }
    public var mean: Tensor { 1 / rate }
    public var variance: Tensor { 1 / rate.squared }
    public var entropy: Tensor { 1 - log(rate) }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.exponential(shape + batchShape, dtype: rate.dtype) / rate }
    public func logProbability(_ x: Tensor) -> Tensor { limited(log(rate) - rate * x, to: x .>= 0) }
    public func divergence(from other: Exponential) -> Tensor { log(rate / other.rate) + other.rate / rate - 1 }
}
