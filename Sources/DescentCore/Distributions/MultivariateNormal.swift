/// The normal distribution of vectors.
public struct MultivariateNormal: DivergentDistribution {
    /// [batch..., n].
    public let mean: Tensor
    /// The lower triangular L with `L Lᵀ` the covariance [batch..., n, n].
    public let factor: Tensor

    /// From the covariance [..., n, n], which must be symmetric and positive definite (else results are NaN).
    public init(mean: Tensor, covariance: Tensor) { self.init(mean: mean, factor: covariance.cholesky()) }
    /// From the covariance's Cholesky factor [..., n, n].
    public init(mean: Tensor, factor: Tensor) {
        let dtype = DType.promoted(mean.floating.dtype, factor.floating.dtype)
        do {
            guard mean.rank >= 1, factor.rank >= 2, factor.shape.suffix(2) == [mean.shape.last!, mean.shape.last!] else {
                throw ShapeError("MultivariateNormal: a mean of shape \(mean.shape) and a matrix of shape \(factor.shape); [..., n] and [..., n, n] are needed.")
            }
            let batch = try broadcastShape(Array(mean.shape.dropLast()), Array(factor.shape.dropLast(2)), for: "MultivariateNormal")
            self.mean = mean.cast(to: dtype).broadcast(to: batch + mean.shape.suffix(1))
            self.factor = factor.cast(to: dtype).lowerTriangle().broadcast(to: batch + factor.shape.suffix(2))
        } catch {
            self.mean = standIn("\(error)", [1], dtype)
            self.factor = standIn([1, 1], dtype)
        }
    }

    public var batchShape: [Int] { Array(mean.shape.dropLast()) }
    public var eventShape: [Int] { Array(mean.shape.suffix(1)) }
    /// `L Lᵀ`.
    public var covariance: Tensor { factor.matmul(factor.swappingAxes(-1, -2)) }
    public var variance: Tensor { factor.squared.sum(axis: -1) }
    private var logDeterminant: Tensor { 2 * log(factor.diagonal()).sum(axis: -1) }
    private var size: Double { Double(mean.shape.last!) }
    public var entropy: Tensor { 0.5 * logDeterminant + size * 1.418_938_533_204_672_741_8 }
    public func sample(_ shape: [Int], using random: Random) -> Tensor {
        let noise = random.normal(shape + mean.shape, dtype: mean.dtype)
        return mean + (factor * noise.expanded(axis: -2)).sum(axis: -1)
    }
    public func logProbability(_ x: Tensor) -> Tensor {
        let distance = x - mean
        let z = factor.solveTriangular(distance.expanded(axis: -1), lower: true).squeezed(axis: -1)
        return -0.5 * (z * z).sum(axis: -1) - 0.5 * logDeterminant - size * 0.918_938_533_204_672_741_78
    }
    public func divergence(from other: MultivariateNormal) -> Tensor {
        let spread = other.factor.solveTriangular(factor, lower: true)
        let distance = other.factor.solveTriangular((mean - other.mean).expanded(axis: -1), lower: true)
        return 0.5 * (spread.squared.sum(axes: [-2, -1]) + distance.squared.sum(axes: [-2, -1]) - size + other.logDeterminant - logDeterminant)
    }
}
