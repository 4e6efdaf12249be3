/// The Laplace distribution, with density `exp(-|x - mean| / scale) / (2 scale)`.
public struct Laplace: DivergentDistribution {
    public let mean: Tensor
    /// The mean distance from the mean.
    public let scale: Tensor

    /// For each element of the parameters, which broadcast.
    public init(mean: Tensor, scale: Tensor) { (self.mean, self.scale) = parameters(mean, scale, "Laplace") }
    /// One distribution.
    public init(mean: Double = 0, scale: Double = 1, dtype: DType = .float32) { self.init(mean: .full([], mean, dtype: dtype), scale: .full([], scale, dtype: dtype)) }

    public var batchShape: [Int] { mean.shape }
    public var variance: Tensor { 2 * scale.squared }
    public var entropy: Tensor { log(2 * scale) + 1 }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.laplace(shape + batchShape, dtype: mean.dtype) * scale + mean }
    public func logProbability(_ x: Tensor) -> Tensor { -abs(x - mean) / scale - log(2 * scale) }
    public func divergence(from other: Laplace) -> Tensor {
        let distance = abs(mean - other.mean)
        return log(other.scale / scale) + (scale * exp(-distance / scale) + distance) / other.scale - 1
    }
}
