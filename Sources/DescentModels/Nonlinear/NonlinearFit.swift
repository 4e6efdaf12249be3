#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The parameters that nonlinear least squares found, and what is inferred from the model linearised there.
public struct NonlinearFit: Sendable {
    /// A parameter each, in order.
    public let estimates: [Estimate]
    /// Rows less parameters that are free.
    public let degreesOfFreedom: Int
    /// The sum of squared residuals.
    public let residualSquares: Double
    /// The sum of squared deviations of the target from its mean.
    public let targetSquares: Double
    /// What the model says of each row.
    public let fitted: [Double]
    /// The target less that.
    public let residuals: [Double]
    /// The diagonal of `J (JᵀJ)⁻¹ Jᵀ`.
    public let leverage: [Double]
    /// The largest singular value of the Jacobian over the smallest, and of the same with columns of length 1.
    public let conditionNumber, scaledConditionNumber: Double
    /// How many random starts were tried.
    public let startsTried: Int
    /// Whether the search ended at a minimum; else the parameters are the best that it found.
    public let isConverged: Bool
    /// Whether the rows determine all parameters; else several values of some give the same sum.
    public let isDetermined: Bool
    /// The parameters at a bound, which have no standard error.
    public let atBound: [String]

    init(_ names: [String], _ problem: NonlinearProblem, _ end: NonlinearProblem.End, startsTried: Int, confidence: Double) {
        let point = end.point
        let fixed = names.indices.filter { place in
            problem.bounds[place].map { point.parameters[place] <= $0.lowerBound || point.parameters[place] >= $0.upperBound } ?? false
        }
        let free = names.indices.filter { !fixed.contains($0) }
        let system = TriangularSystem(free.map { point.columns[$0] }, point.residuals)
        degreesOfFreedom = problem.target.count - free.count
        residualSquares = point.squares
        let mean = problem.target.reduce(0, +) / Double(problem.target.count)
        targetSquares = problem.target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        (fitted, residuals) = (zip(problem.target, point.residuals).map { $0 - $1 }, point.residuals)
        leverage = point.residuals.indices.map { row in
            let z = system.orthogonal(free.map { point.columns[$0][row] })
            return Swift.min(dot(z, z), 1)
        }
        (conditionNumber, scaledConditionNumber) = (system.conditionNumber(isScaled: false), system.conditionNumber(isScaled: true))
        self.startsTried = startsTried
        isDetermined = system.rank > 1e-11
        isConverged = end.distance < 1e-4
        atBound = fixed.map { names[$0] }
        let variance = degreesOfFreedom > 0 && isDetermined ? point.squares / Double(degreesOfFreedom) : .nan
        var errors = [Double](repeating: .nan, count: names.count)
        for (place, value) in zip(free, system.inverseDiagonal) { errors[place] = (value * variance).squareRoot() }
        estimates = Estimate.all(names, point.parameters, errors, freedom: degreesOfFreedom, confidence: confidence)
    }
}

extension NonlinearFit {
    /// The standard deviation of the errors, as the residuals tell it.
    public var residualStandardError: Double { degreesOfFreedom > 0 ? (residualSquares / Double(degreesOfFreedom)).squareRoot() : .nan }
    /// The share of the target's variation about its mean that the model explains.
    public var rSquared: Double { 1 - residualSquares / targetSquares }
    /// The log-likelihood of normal errors with the most likely variance.
    public var logLikelihood: Double { normalLogLikelihood(residualSquares, fitted.count) }
    /// Akaike 1974: `2 k - 2 log L`, k the number of free parameters and the variance, as R counts.
    public var akaike: Double { 2 * Double(fitted.count - degreesOfFreedom + 1) - 2 * logLikelihood }
    /// Schwarz 1978: `k log n - 2 log L`.
    public var bayesian: Double { Double(fitted.count - degreesOfFreedom + 1) * log(Double(fitted.count)) - 2 * logLikelihood }
    /// Residuals over their own standard errors.
    public var standardizedResiduals: [Double] { standardized(residuals, leverage, residualStandardError) }
    /// Cook's distances of the model linearised at the estimates.
    public var cooksDistances: [Double] { cooks(standardizedResiduals, leverage, fitted.count - degreesOfFreedom) }
}
