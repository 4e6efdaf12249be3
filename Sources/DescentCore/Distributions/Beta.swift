/// The beta distribution on 0 to 1, with density in proportion to `x^(a - 1) (1 - x)^(b - 1)`.
public struct Beta: DivergentDistribution {
    /// The exponent of x, plus 1.
    public let a: Tensor
    /// The exponent of 1 - x, plus 1.
    public let b: Tensor

    /// For each element of the parameters, which broadcast.
    public init(_ a: Tensor, _ b: Tensor) { (self.a, self.b) = parameters(a, b, "Beta") }
    /// One distribution.
    public init(_ a: Double, _ b: Double, dtype: DType = .float32) { self.init(.full([], a, dtype: dtype), .full([], b, dtype: dtype)) }

    public var batchShape: [Int] { a.shape }
    public var mean: Tensor { a / (a + b) }
    public var variance: Tensor { a * b / ((a + b).squared * (a + b + 1)) }
    public var entropy: Tensor { logBeta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b) }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.beta(a, b, shape: shape) }
    public func logProbability(_ x: Tensor) -> Tensor {
        let support = (x .>= 0).and(x .<= 1), y = inside(support, x, otherwise: 0.5)
        return limited(xlogy(a - 1, y) + xlog1py(b - 1, -y) - logBeta(a, b), to: support)
    }
    public func divergence(from other: Beta) -> Tensor {
        logBeta(other.a, other.b) - logBeta(a, b) + (a - other.a) * digamma(a) + (b - other.b) * digamma(b)
            + (other.a - a + other.b - b) * digamma(a + b)
    }
}
