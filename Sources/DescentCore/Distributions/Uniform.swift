/// The uniform distribution between two numbers.
public struct Uniform: DivergentDistribution {
    /// The lower end.
    public let low: Tensor
    /// The upper end.
    public let high: Tensor

    /// For each element of the parameters, which broadcast.
    public init(low: Tensor, high: Tensor) { (self.low, self.high) = parameters(low, high, "Uniform") }
    /// One distribution.
    public init(low: Double = 0, high: Double = 1, dtype: DType = .float32) { self.init(low: .full([], low, dtype: dtype), high: .full([], high, dtype: dtype)) }

    public var batchShape: [Int] { low.shape }
    public var mean: Tensor { 0.5 * (low + high) }
    public var variance: Tensor { (high - low).squared / 12 }
    public var entropy: Tensor { log(high - low) }
    public func sample(_ shape: [Int], using random: Random) -> Tensor { low + (high - low) * random.uniform(shape + batchShape, dtype: low.dtype) }
    /// `-log(high - low)` from low up to and including high.
    public func logProbability(_ x: Tensor) -> Tensor { limited(-entropy + x * 0, to: (x .>= low).and(x .<= high)) }
    /// Infinite where this one reaches beyond the other.
    public func divergence(from other: Uniform) -> Tensor {
        let ratio = log((other.high - other.low) / (high - low))
        return Tensor.where((other.low .<= low).and(high .<= other.high), ratio, Tensor(.infinity, like: ratio))
    }
}
