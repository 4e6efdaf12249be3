import DescentCore

/// The statistics of a fitted logistic regression. `description` is a table for people.
public struct ClassificationSummary: Sendable, CustomStringConvertible {
    /// One line of the table: the intercept, or a feature.
    public struct Row: Sendable {
        public let name: String
        public let coefficient: Double
        /// From the inverse of the observed information; NaN where there is none: with a lasso, or a solver without Hessian.
        public let standardError: Double
        /// The coefficient over its standard error (Wald).
        public var z: Double { coefficient / standardError }
    }

    public let rows: [Row]
    public let classes: [Int]
    public let examples: Int
    public let logLikelihood: Double
    /// McFadden 1974: `1 - log L / log L₀`, L₀ of a model with only an intercept.
    public let pseudoRSquared: Double
    /// Of the Hessian scaled to a diagonal of ones, as the root of the largest eigenvalue over the smallest; NaN without Hessian.
    public let conditionNumber: Double
    public let end: Minimum.End

    public var description: String {
        var table = TextTable(["", "coefficient", "std. error", "z"])
        for row in rows { table.add([row.name, TextTable.number(row.coefficient), TextTable.number(row.standardError), TextTable.number(row.z)]) }
        var lines = [
            "Logistic regression: \(examples) examples, P(class \(classes[1])) against class \(classes[0])", "", table.text, "",
            "log-likelihood  \(TextTable.number(logLikelihood))", "pseudo-R²       \(TextTable.number(pseudoRSquared))   (McFadden)",
            "condition       \(TextTable.number(conditionNumber))",
        ]
        if end != .converged { lines.append("Note: the search ended before it converged (\(end)).") }
        return lines.joined(separator: "\n")
    }
}

extension LogisticRegression {
    /// Coefficients with standard errors, log-likelihood, pseudo-R² and condition number.
    public func summary() -> ClassificationSummary {
        let fit = known, size = fit.coefficients.count + (hasIntercept ? 1 : 0)
        var errors = [Double](repeating: .nan, count: size), condition = Double.nan
        if let hessian = fit.hessian {
            let scale = rsqrt(hessian.diagonal()), values = (hessian * scale * scale.expanded(axis: 1)).symmetricEigen().values.doubles
            condition = values.first! > 0 ? (values.last! / values.first!).squareRoot() : .infinity
            if penalty.sizes == 0, let factor = try? hessian.checkedCholesky() {
                errors = factor.solveCholesky(Tensor.eye(size, dtype: .float64)).diagonal().doubles.map { $0.squareRoot() }
            }
        }
        let names = featureNames
        var rows = hasIntercept ? [ClassificationSummary.Row(name: "intercept", coefficient: fit.intercept, standardError: errors[size - 1])] : []
        rows += fit.coefficients.indices.map { ClassificationSummary.Row(name: Examples.name($0, names), coefficient: fit.coefficients[$0], standardError: errors[$0]) }
        return ClassificationSummary(
            rows: rows, classes: fit.classes, examples: fit.count, logLikelihood: -fit.loss,
            pseudoRSquared: 1 - fit.loss / fit.emptyLoss, conditionNumber: condition, end: fit.search)
    }
}
