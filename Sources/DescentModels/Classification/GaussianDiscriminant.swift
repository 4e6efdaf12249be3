import DescentCore

/// The log-odds of two normal distributions of equal spread: linear in x.
///
/// With densities `N(μ₁, σ² I)` and `N(μ₀, σ² I)` and `P(class 1) = π`: `log P(1|x) / P(0|x) = w·x + b`, with `w = (μ₁ - μ₀) / σ²` and
/// `b = (‖μ₀‖² - ‖μ₁‖²) / (2 σ²) + log(π / (1 - π))`.
public struct GaussianLogOdds: Sendable {
    /// w: float64 [features].
    public let coefficients: Tensor
    /// b, the prior's log-odds included.
    public let intercept: Double
    private let priorLogOdds: Double

    /// - Parameters:
    ///   - means: of class 1 and class 0, vectors of one length.
    ///   - variance: σ², above 0.
    ///   - prior: the share of class 1, between 0 and 1.
    public init(means one: Tensor, _ zero: Tensor, variance: Double, prior: Double) throws(ModelError) {
        guard one.rank == 1, one.shape == zero.shape else { throw .shape("The means have shapes \(one.shape) and \(zero.shape); two vectors of one length are needed.") }
        guard variance > 0 else { throw .setting("The variance is \(variance); it must be above 0.") }
        guard prior > 0, prior < 1 else { throw .setting("The prior is \(prior); it must be between 0 and 1.") }
        let a = one.cast(to: .float64), b = zero.cast(to: .float64)
        coefficients = (a - b) / variance
        priorLogOdds = logarithm(prior / (1 - prior))
        intercept = ((b.dot(b) - a.dot(a)) / (2 * variance)).item() + priorLogOdds
    }

    /// `log P(1|x) - log P(0|x)`: [examples].
    public func logOdds(_ inputs: Tensor) -> Tensor { inputs.cast(to: .float64).matmul(coefficients) + intercept }
    /// `P(1|x)`: [examples].
    public func posterior(_ inputs: Tensor) -> Tensor { sigmoid(logOdds(inputs)) }
    /// `p(x|1) / p(x|0)`, without the prior: [examples].
    public func likelihoodRatio(_ inputs: Tensor) -> Tensor { exp(logOdds(inputs) - priorLogOdds) }
}

/// Linear discriminant analysis (Fisher 1936): each class a normal distribution with its own mean, all with one covariance.
///
/// The log-posterior of class k is, up to what all share, `μₖᵀ Σ⁻¹ x - μₖᵀ Σ⁻¹ μₖ / 2 + log πₖ`; Σ is the pooled covariance within the classes
/// (divided by the number of examples), πₖ the share of examples.
public struct LinearDiscriminant: ProbabilisticClassifier {
    private var fitted: (classes: [Int], coefficients: Tensor, intercepts: Tensor)?
    public init() {}

    private var known: (classes: [Int], coefficients: Tensor, intercepts: Tensor) {
        guard let fitted else { stop("LinearDiscriminant: fit comes before predict.") }
        return fitted
    }
    public var classes: [Int] { known.classes }
    /// float64 [classes, features].
    public var coefficients: Tensor { known.coefficients }
    /// float64 [classes].
    public var intercepts: Tensor { known.intercepts }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        try Examples.requireFinite(x, y, [])
        let (classes, places) = try Examples.labels(y)
        let data = x.cast(to: .float64), members = places.oneHot(classes.count, dtype: .float64)
        let counts = members.sum(axis: 0), means = members.transposed().matmul(data) / counts.expanded(axis: 1)
        let rest = data - means.gathered(places)
        let covariance = rest.transposed().matmul(rest) / Double(x.shape[0])
        let deviations = covariance.diagonal().doubles
        if let constant = deviations.firstIndex(where: { $0 <= 0 }) {
            throw .setting("\(Examples.name(constant, [])) does not vary within any class: the covariance is singular. Leave the column out.")
        }
        do {
            let factor = try covariance.checkedCholesky()
            let coefficients = factor.solveCholesky(means.transposed()).transposed()
            let intercepts = log(counts / Double(x.shape[0])) - (coefficients * means).sum(axis: 1) * 0.5
            evaluate(coefficients, intercepts)
            fitted = (classes, coefficients, intercepts)
        } catch {
            throw .setting("The covariance within the classes is singular: some column is a combination of others, or there are too few examples. Leave columns out.")
        }
    }

    /// Log-posteriors up to a number that all classes share: [examples, classes].
    public func decisionFunction(_ inputs: Tensor) -> Tensor { inputs.cast(to: .float64).matmul(coefficients.transposed()) + intercepts }
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled(decisionFunction(inputs).argmax(axis: 1), known.classes) }
    public func probabilities(_ inputs: Tensor) -> Tensor { softmax(decisionFunction(inputs), axis: 1) }
}
