/// The Dirichlet distribution of shares that add up to 1, with density in proportion to the product of `xᵢ^(concentrationᵢ - 1)`.
public struct Dirichlet: DivergentDistribution {
    /// [batch..., classes].
    public let concentration: Tensor

    /// The classes are the last axis.
    public init(_ concentration: Tensor) {
        self.concentration = concentration.rank > 0 ? concentration.floating : standIn("Dirichlet: the concentration is a scalar; a last axis of classes is needed.", [1], concentration.floating.dtype)
    }

    public var batchShape: [Int] { Array(concentration.shape.dropLast()) }
    public var eventShape: [Int] { Array(concentration.shape.suffix(1)) }
    private var total: Tensor { concentration.sum(axis: -1) }
    /// The logarithm of the constant that the density is divided by.
    private var logNormalizer: Tensor { lgamma(concentration).sum(axis: -1) - lgamma(total) }
    public var mean: Tensor { concentration / total.expanded(axis: -1) }
    public var variance: Tensor { mean * (1 - mean) / (total + 1).expanded(axis: -1) }
    public var entropy: Tensor {
        logNormalizer + (total - Double(concentration.shape.last!)) * digamma(total) - ((concentration - 1) * digamma(concentration)).sum(axis: -1)
    }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.dirichlet(concentration, shape: shape) }
    /// The elements of x count as shares: that they add up to 1 is not checked. -infinity where one is negative.
    public func logProbability(_ x: Tensor) -> Tensor {
        let support = x .>= 0
        return limited(xlogy(concentration - 1, inside(support, x, otherwise: 1)).sum(axis: -1) - logNormalizer, to: support.all(axes: [-1]))
    }
    public func divergence(from other: Dirichlet) -> Tensor {
        let difference = concentration - other.concentration
        return other.logNormalizer - logNormalizer + (difference * (digamma(concentration) - digamma(total).expanded(axis: -1))).sum(axis: -1)
    }
}
