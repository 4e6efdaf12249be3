/// A probability distribution, or a tensor of them: one for each element of its parameters.
///
///     let prior = Normal(mean: 0, deviation: 1)
///     let x = prior.sample([1000], using: random)
///     let loss = -prior.logProbability(x).mean()
///
/// Everything is a function of the parameters, with derivatives. A parameter without meaning (a negative deviation) gives NaN.
public protocol Distribution: Sendable {
    /// The shape of the parameters: how many distributions these are.
    var batchShape: [Int] { get }
    /// The shape of one sample; empty for numbers.
    var eventShape: [Int] { get }
    /// Whether samples have derivatives by the parameters. They do not where they are whole numbers.
    static var isReparameterized: Bool { get }
    /// Samples [shape..., batch..., event...].
    func sample(_ shape: [Int], using random: Random) -> Tensor
    /// The logarithm of the density (or probability, of whole numbers) at x [..., batch..., event...]: [..., batch...]. -infinity outside the support.
    func logProbability(_ x: Tensor) -> Tensor
    /// The mean [batch..., event...].
    var mean: Tensor { get }
    /// The variance of each element of a sample [batch..., event...].
    var variance: Tensor { get }
    /// The entropy in nats [batch...].
    var entropy: Tensor { get }
}

extension Distribution {
    public var eventShape: [Int] { [] }
    public static var isReparameterized: Bool { true }
    /// One sample of each.
    public func sample(using random: Random) -> Tensor { sample([], using: random) }
    /// The density (or probability) at x.
    public func probability(_ x: Tensor) -> Tensor { exp(logProbability(x)) }
    /// The root of the variance.
    public var standardDeviation: Tensor { sqrt(variance) }
}

/// A distribution whose distance from another of its family has a closed form.
public protocol DivergentDistribution: Distribution {
    /// Kullback and Leibler's divergence of `other` from this one, the mean of `log p(x) - log q(x)` over samples of this: [batch...].
    func divergence(from other: Self) -> Tensor
}

/// Kullback and Leibler's divergence KL(p ‖ q), the mean of `log p(x) - log q(x)` over samples of p.
public func klDivergence<Family: DivergentDistribution>(_ p: Family, _ q: Family) -> Tensor { p.divergence(from: q) }

/// `x` where it is in the support, and a number of the support (with derivative 0) elsewhere, so that the formula has no NaN there.
func inside(_ support: Tensor, _ x: Tensor, otherwise value: Double) -> Tensor { Tensor.where(support, x, Tensor(value, like: x)) }

/// The formula where x is in the support, -infinity elsewhere.
func limited(_ logProbability: Tensor, to support: Tensor) -> Tensor { Tensor.where(support, logProbability, Tensor(-.infinity, like: logProbability)) }
