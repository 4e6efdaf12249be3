import DescentCore

/// The statistics of a fitted linear regression and its data. `description` is a table for people.
public struct RegressionSummary: Sendable, CustomStringConvertible {
    /// One line of the table: the intercept, or a feature.
    public struct Row: Sendable {
        public let name: String
        public let coefficient: Double
        /// NaN where there is none: with a penalty, or collinear columns.
        public let standardError: Double
        /// The coefficient over its standard error.
        public var t: Double { coefficient / standardError }
    }

    public let rows: [Row]
    public let examples: Int
    /// Examples less coefficients.
    public let degreesOfFreedom: Int
    public let residualSquares: Double
    public let rSquared: Double
    /// R² less what as many features without meaning would reach.
    public let adjustedRSquared: Double
    /// Of normal errors with the most likely variance.
    public let logLikelihood: Double
    /// Akaike 1974: `2 k - 2 log L`, k the number of coefficients.
    public let akaike: Double
    /// Schwarz 1978: `k log n - 2 log L`.
    public let bayesian: Double
    /// The largest singular value over the smallest, of the centred columns scaled to length 1: above 30 coefficients are hard to tell apart.
    public let conditionNumber: Double
    public let collinear: [Collinearity]

    public var description: String {
        var table = TextTable(["", "coefficient", "std. error", "t"])
        for row in rows { table.add([row.name, TextTable.number(row.coefficient), TextTable.number(row.standardError), TextTable.number(row.t)]) }
        let lines = [
            "Linear regression: \(examples) examples, \(degreesOfFreedom) degrees of freedom", "", table.text, "",
            "R²              \(TextTable.number(rSquared))   (adjusted \(TextTable.number(adjustedRSquared)))",
            "log-likelihood  \(TextTable.number(logLikelihood))   (AIC \(TextTable.number(akaike)), BIC \(TextTable.number(bayesian)))",
            "condition       \(TextTable.number(conditionNumber))",
        ]
        return (lines + collinear.map { "Note: \($0)" }).joined(separator: "\n")
    }
}

extension LinearRegression {
    /// Coefficients with standard errors, R², log-likelihood, condition number, and collinear columns.
    ///
    /// Standard errors are those of least squares with errors of equal variance, `σ √((XᵀX)⁻¹ⱼⱼ)`; a penalty, or collinear columns, leave none.
    public func summary() -> RegressionSummary {
        let fit = known, n = Double(fit.moments.count)
        let parameters = fit.coefficients.count - fit.collinear.count + (hasIntercept ? 1 : 0), freedom = fit.moments.count - parameters
        let variance = freedom > 0 ? fit.residualSquares / Double(freedom) : .nan
        var errors = [Double](repeating: .nan, count: fit.coefficients.count), interceptError = Double.nan
        func gramInverse() -> Tensor? { (try? fit.moments.gram.checkedCholesky())?.solveCholesky(Tensor.eye(fit.coefficients.count, dtype: .float64)) }
        if penalty == .none, fit.collinear.isEmpty, let inverse = fit.inverse ?? gramInverse() {
            errors = inverse.diagonal().doubles.map { ($0 * variance).squareRoot() }
            let means = Tensor(float64: fit.moments.means)
            interceptError = (variance * (1 / n + means.dot(inverse.matmul(means)).item())).squareRoot()
        }
        let names = featureNames
        var rows = hasIntercept ? [RegressionSummary.Row(name: "intercept", coefficient: fit.intercept, standardError: interceptError)] : []
        rows += fit.coefficients.indices.map { RegressionSummary.Row(name: Examples.name($0, names), coefficient: fit.coefficients[$0], standardError: errors[$0]) }
        let rSquared = 1 - fit.residualSquares / fit.targetSquares
        let adjusted = 1 - (1 - rSquared) * (n - (hasIntercept ? 1 : 0)) / Double(freedom)
        let likelihood = -n / 2 * (logarithm(2 * .pi * fit.residualSquares / n) + 1)
        let values = fit.moments.correlations.symmetricEigen().values.doubles
        let least = values.first! <= 1e2 * fit.moments.noise ? 0 : values.first!
        return RegressionSummary(
            rows: rows, examples: fit.moments.count, degreesOfFreedom: freedom, residualSquares: fit.residualSquares, rSquared: rSquared,
            adjustedRSquared: adjusted, logLikelihood: likelihood, akaike: 2 * Double(parameters) - 2 * likelihood,
            bayesian: Double(parameters) * logarithm(n) - 2 * likelihood, conditionNumber: (values.last! / least).squareRoot(), collinear: fit.collinear)
    }
}
