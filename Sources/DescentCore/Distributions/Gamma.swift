/// The gamma distribution, with density in proportion to `x^(concentration - 1) exp(-rate x)` for x > 0.
public struct Gamma: DivergentDistribution {
    /// Also called the shape.
    public let concentration: Tensor
    /// One over the scale.
    public let rate: Tensor

    /// For each element of the parameters, which broadcast.
    public init(concentration: Tensor, rate: Tensor) { (self.concentration, self.rate) = parameters(concentration, rate, "Gamma") }
    /// One distribution.
    public init(concentration: Double, rate: Double = 1, dtype: DType = .float32) {
        self.init(concentration: .full([], concentration, dtype: dtype), rate: .full([], rate, dtype: dtype))
    }

    public var batchShape: [Int] { rate.shape }
    public var mean: Tensor { concentration / rate }
    public var variance: Tensor { concentration / rate.squared }
    public var entropy: Tensor { concentration - log(rate) + lgamma(concentration) + (1 - concentration) * digamma(concentration) }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.gamma(concentration: concentration, rate: rate, shape: shape) }
    /// At 0 the density's limit: infinite, `rate` or 0.
    public func logProbability(_ x: Tensor) -> Tensor {
        limited(concentration * log(rate) + xlogy(concentration - 1, inside(x .>= 0, x, otherwise: 1)) - rate * x - lgamma(concentration), to: x .>= 0)
    }
    public func divergence(from other: Gamma) -> Tensor {
        (concentration - other.concentration) * digamma(concentration) - lgamma(concentration) + lgamma(other.concentration)
            + other.concentration * log(rate / other.rate) + concentration * (other.rate / rate - 1)
    }
}
