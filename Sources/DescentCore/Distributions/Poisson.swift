/// The number of events of a mean.
///
/// Its entropy has no closed form: up to a mean of 100 it is summed over the counts below 256, above it is a series in 1 / mean.
public struct Poisson: DivergentDistribution {
    public let mean: Tensor
    public static let isReparameterized = false

    /// For each element of `mean`.
    public init(mean: Tensor) { self.mean = mean.floating }
    /// One distribution.
    public init(mean: Double, dtype: DType = .float32) { self.mean = .full([], mean, dtype: dtype) }

    public var batchShape: [Int] { mean.shape }
    public var variance: Tensor { mean }
    public var entropy: Tensor {
        // 256 is fifteen deviations above a mean of 100.
        let counts = Tensor.arange(256, dtype: mean.dtype), small = clamp(mean, max: 100).expanded(axis: -1)
        let logs = xlogy(counts, small) - small - lgamma(counts + 1)
        let summed = -(exp(logs) * Tensor.where(logs .== -.infinity, Tensor(0, like: logs), logs)).sum(axis: -1)
        let inverse = 1 / clamp(mean, min: 100)
        let series = 1.418_938_533_204_672_741_8 + 0.5 * log(clamp(mean, min: 100)) - inverse * (1.0 / 12 + inverse * (1.0 / 24 + inverse * (19.0 / 360)))
        return Tensor.where(mean .<= 100, summed, series)
    }
    /// Counts, int64.
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.poisson(mean: mean, shape: shape) }
    public func logProbability(_ x: Tensor) -> Tensor {
        let count = x.cast(to: mean.dtype), support = (count .>= 0).and(count .== floor(count)), k = inside(support, count, otherwise: 0)
        return limited(xlogy(k, mean) - mean - lgamma(k + 1), to: support)
    }
    public func divergence(from other: Poisson) -> Tensor { xlogy(mean, mean / other.mean) - mean + other.mean }
}
