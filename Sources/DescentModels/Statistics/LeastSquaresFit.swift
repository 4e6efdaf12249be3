#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ordinary least squares with everything that is inferred from it: R's `lm` and `summary.lm`.
///
///     let fit = try LeastSquaresFit([DesignColumn("x", x)], y)
///     for estimate in fit.estimates { print(estimate.name, estimate.value, estimate.standardError, estimate.p) }
///
/// Sums are computed in double-double precision, so that the coefficients are those of the numbers given to about 15 digits even where columns
/// are nearly collinear.
public struct LeastSquaresFit: Sendable {
    /// The intercept, if there is one, and a coefficient for each column that is determined.
    public let estimates: [Estimate]
    /// Columns that are constant or combinations of those before them; they have no coefficient, as if they were not there.
    public let dropped: [Collinearity]
    /// Whether there is an intercept.
    public let hasIntercept: Bool
    /// Rows less coefficients.
    public let degreesOfFreedom: Int
    /// The sum of squared residuals.
    public let residualSquares: Double
    /// The sum of squared deviations of the target from its mean; from 0 without an intercept.
    public let targetSquares: Double
    /// The largest singular value over the smallest of the matrix as given, and of the same with columns of length 1.
    public let conditionNumber, scaledConditionNumber: Double
    /// What the model says of each row.
    public let fitted: [Double]
    /// The target less that.
    public let residuals: [Double]
    /// How much each row's own target decides the model's value there: the diagonal of `X (XᵀX)⁻¹ Xᵀ`.
    public let leverage: [Double]
    /// Whether standard errors are HC3's.
    public let isRobust: Bool

    /// The name of the intercept.
    public static let interceptName = "(Intercept)"

    /// Fits columns to a target.
    ///
    /// - Parameters:
    ///   - isRobust: Whether standard errors are those of errors of unequal variance, HC3 (MacKinnon and White 1985).
    ///   - confidence: The probability that an interval covers its coefficient.
    /// - Throws: `ModelError` for numbers that are not finite or overflow, for columns of another length than the target, for fewer rows than coefficients.
    public init(_ columns: [DesignColumn], _ target: [Double], intercept: Bool = true, isRobust: Bool = false, confidence: Double = 0.95) throws(ModelError) {
        for column in columns {
            if column.values.count != target.count {
                throw .shape("\(column.name) has \(column.values.count) rows, and the target has \(target.count); there must be one target a row.")
            }
            if let row = column.values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row, column: column.name) }
        }
        if let row = target.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row, column: "the target") }
        let start = intercept ? 1 : 0
        func row(_ number: Int) -> [DoubleDouble] { (intercept ? [DoubleDouble(1)] : []) + columns.map { $0[number] } }
        var equations = NormalEquations(size: start + columns.count)
        for number in target.indices { equations.add(row(number), DoubleDouble(target[number])) }
        guard equations.gram.allSatisfy(\.high.isFinite), equations.products.allSatisfy(\.high.isFinite) else {
            throw .notConverged("The squares of the numbers overflow. Scale the columns.")
        }
        equations.factorize()
        let kept = equations.kept, names = kept.map { $0 < start ? Self.interceptName : columns[$0 - start].name }
        if kept.count > target.count { throw .shape("\(target.count) rows do not determine \(kept.count) coefficients; leave columns out.") }
        if kept.isEmpty { throw .shape("No column is left: all are 0 throughout.") }
        dropped = equations.combinations.map { column, others in
            let combined = others.filter { $0 >= start }.map { columns[$0 - start].name }
            return Collinearity(column: column < start ? Self.interceptName : columns[column - start].name, combines: combined)
        }
        let solution = equations.solution()
        var squares = DoubleDouble.zero, sum = DoubleDouble.zero
        var fitted: [Double] = [], residuals: [Double] = [], leverage: [Double] = []
        var spread = [Double](repeating: 0, count: kept.count)
        for number in target.indices {
            let all = row(number), own = kept.map { all[$0] }
            var value = DoubleDouble.zero
            for (x, w) in zip(own, solution) { value += x * w }
            let rest = DoubleDouble(target[number]) - value
            let half = equations.forward(own)
            var share = DoubleDouble.zero
            for z in half { share += z * z }
            fitted.append(value.high)
            residuals.append(rest.high)
            leverage.append(Swift.min(share.high, 1))
            squares += rest * rest
            sum += DoubleDouble(target[number])
            if isRobust {
                // A row of leverage 1 has residual 0, and says nothing of the variance.
                let room = 1 - leverage[number], error = room > 1e-12 ? rest.high / room : 0
                for (place, z) in equations.backward(half).enumerated() { spread[place] += z.high * z.high * error * error }
            }
        }
        let mean = sum / DoubleDouble(Double(target.count))
        var total = DoubleDouble.zero
        for value in target {
            let deviation = intercept ? DoubleDouble(value) - mean : DoubleDouble(value)
            total += deviation * deviation
        }
        (self.fitted, self.residuals, self.leverage) = (fitted, residuals, leverage)
        (residualSquares, targetSquares) = (squares.high, total.high)
        (hasIntercept, self.isRobust) = (intercept, isRobust)
        let freedom = target.count - kept.count
        degreesOfFreedom = freedom
        let variance = freedom > 0 ? squares.high / Double(freedom) : .nan
        let inverse = equations.inverse()
        let errors = kept.indices.map { (isRobust ? freedom > 0 ? spread[$0] : .nan : inverse[$0][$0].high * variance).squareRoot() }
        estimates = Estimate.all(names, solution.map(\.high), errors, freedom: freedom, confidence: confidence)
        conditionNumber = equations.conditionNumber(isScaled: false)
        scaledConditionNumber = equations.conditionNumber(isScaled: true)
    }
}

extension LeastSquaresFit {
    /// The number of rows.
    public var rowCount: Int { fitted.count }
    /// The standard deviation of the errors, as the residuals tell it.
    public var residualStandardError: Double { degreesOfFreedom > 0 ? (residualSquares / Double(degreesOfFreedom)).squareRoot() : .nan }
    /// The share of the target's variation that the model explains.
    public var rSquared: Double { 1 - residualSquares / targetSquares }
    /// R² less what as many columns without meaning would reach.
    public var adjustedRSquared: Double { 1 - (1 - rSquared) * Double(rowCount - (hasIntercept ? 1 : 0)) / Double(degreesOfFreedom) }
    /// The F test of all coefficients but the intercept; nil where there are no others, or no degrees of freedom.
    public var fTest: (statistic: Double, numerator: Int, denominator: Int, p: Double)? {
        let numerator = estimates.count - (hasIntercept ? 1 : 0)
        guard numerator > 0, degreesOfFreedom > 0 else { return nil }
        let statistic = (targetSquares - residualSquares) / Double(numerator) / (residualSquares / Double(degreesOfFreedom))
        return (statistic, numerator, degreesOfFreedom, FisherDistribution(Double(numerator), Double(degreesOfFreedom)).upper(statistic))
    }
    /// The log-likelihood of normal errors with the most likely variance.
    public var logLikelihood: Double { normalLogLikelihood(residualSquares, rowCount) }
    /// Akaike 1974: `2 k - 2 log L`, k the number of coefficients and the variance, as R counts.
    public var akaike: Double { 2 * Double(estimates.count + 1) - 2 * logLikelihood }
    /// Schwarz 1978: `k log n - 2 log L`.
    public var bayesian: Double { Double(estimates.count + 1) * log(Double(rowCount)) - 2 * logLikelihood }
    /// Residuals over their own standard errors, `r / (s √(1 - h))`; NaN for a row of leverage 1.
    public var standardizedResiduals: [Double] { standardized(residuals, leverage, residualStandardError) }
    /// How far all coefficients move together when a row is left out (Cook 1977).
    public var cooksDistances: [Double] { cooks(standardizedResiduals, leverage, estimates.count) }
}

/// The log-likelihood of normal errors with the most likely variance.
func normalLogLikelihood(_ squares: Double, _ count: Int) -> Double { -Double(count) / 2 * (log(2 * .pi * squares / Double(count)) + 1) }

/// Residuals over their own standard errors.
func standardized(_ residuals: [Double], _ leverage: [Double], _ deviation: Double) -> [Double] {
    zip(residuals, leverage).map { $1 < 1 - 1e-12 ? $0 / (deviation * (1 - $1).squareRoot()) : .nan }
}

/// Cook's distances from standardized residuals.
func cooks(_ standardized: [Double], _ leverage: [Double], _ count: Int) -> [Double] {
    zip(standardized, leverage).map { $0 * $0 * $1 / ((1 - $1) * Double(count)) }
}
