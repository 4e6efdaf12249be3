/// The normal distribution.
public struct Normal: DivergentDistribution {
    public let mean: Tensor
    /// The standard deviation.
    public let deviation: Tensor

    /// For each element of the parameters, which broadcast.
    public init(mean: Tensor, deviation: Tensor) { (self.mean, self.deviation) = parameters(mean, deviation, "Normal") }
    /// One distribution.
    public init(mean: Double = 0, deviation: Double = 1, dtype: DType = .float32) {
        self.init(mean: .full([], mean, dtype: dtype), deviation: .full([], deviation, dtype: dtype))
    }

    public var batchShape: [Int] { mean.shape }
    public var variance: Tensor { deviation * deviation }
    /// `log(deviation √(2 π e))`.
    public var entropy: Tensor { log(deviation) + 1.418_938_533_204_672_741_8 }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.normal(shape + batchShape, dtype: mean.dtype) * deviation + mean }
    public func logProbability(_ x: Tensor) -> Tensor {
        let z = (x - mean) / deviation
        return -0.5 * z * z - log(deviation) - 0.918_938_533_204_672_741_78
    }
    /// The probability of a number up to x.
    public func cumulativeProbability(_ x: Tensor) -> Tensor { 0.5 * erfc((mean - x) / (deviation * 1.414_213_562_373_095_048_8)) }
    /// The number with the given probability below it.
    public func quantile(_ probability: Tensor) -> Tensor { mean - deviation * 1.414_213_562_373_095_048_8 * erfcinv(2 * probability) }
    public func divergence(from other: Normal) -> Tensor {
        let ratio = deviation / other.deviation, distance = (mean - other.mean) / other.deviation
        return 0.5 * (ratio * ratio + distance * distance - 1) - log(ratio)
    }
}
