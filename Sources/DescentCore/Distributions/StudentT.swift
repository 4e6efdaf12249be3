/// Student's t distribution, moved and scaled.
///
/// Its divergence from another has no closed form.
public struct StudentT: Distribution {
    /// The degrees of freedom.
    public let degrees: Tensor
    /// The centre, and the mean where there is one.
    public let location: Tensor
    /// What a standard sample is multiplied with.
    public let scale: Tensor

    /// For each element of the parameters, which broadcast.
    public init(degrees: Tensor, location: Tensor = Tensor(0), scale: Tensor = Tensor(1)) {
        let (a, b) = parameters(location, scale, "StudentT")
        (self.degrees, self.location) = parameters(degrees, a, "StudentT")
        self.scale = parameters(degrees, b, "StudentT").1
    }
    /// One distribution.
    public init(degrees: Double, location: Double = 0, scale: Double = 1, dtype: DType = .float32) {
        self.init(degrees: .full([], degrees, dtype: dtype), location: .full([], location, dtype: dtype), scale: .full([], scale, dtype: dtype))
    }

    public var batchShape: [Int] { degrees.shape }
    /// NaN for degrees up to 1.
    public var mean: Tensor { Tensor.where(degrees .> 1, location, Tensor(.nan, like: location)) }
    /// Infinite for degrees up to 2, NaN up to 1.
    public var variance: Tensor {
        let finite = scale.squared * degrees / (degrees - 2), infinite = Tensor(.infinity, like: finite)
        return Tensor.select([degrees .> 2, degrees .> 1], [finite, infinite], otherwise: Tensor(.nan, like: finite))
    }
    public var entropy: Tensor {
        let half = 0.5 * (degrees + 1)
        return half * (digamma(half) - digamma(0.5 * degrees)) + 0.5 * log(degrees) + logBeta(0.5 * degrees, Tensor(0.5, like: degrees)) + log(scale)
    }
    public func sample(_ shape: [Int], using random: Random) -> Tensor {
        // A normal number over the root of a gamma one, by logarithms: the latter underflows for few degrees.
        let half = 0.5 * degrees
        let logRoot = 0.5 * (random.logGamma(concentration: half, shape: shape) - log(half))
        return location + scale * random.normal(shape + batchShape, dtype: degrees.dtype) * exp(-logRoot)
    }
    public func logProbability(_ x: Tensor) -> Tensor {
        let z = (x - location) / scale
        return -0.5 * (degrees + 1) * log1p(z * z / degrees) - log(scale) - 0.5 * log(degrees) - logBeta(0.5 * degrees, Tensor(0.5, like: degrees))
    }
}
