#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Logistic regression without a penalty and what is inferred from it: R's `glm(family = binomial)` and its summary.
///
/// The search starts where `LogisticRegression` ended, and goes on by Newton's steps in double-double precision until the coefficients stand still.
public struct LogisticFit: Sendable {
    /// The intercept, if there is one, and a coefficient for each column; z statistics.
    public let estimates: [Estimate]
    /// Columns that are constant or combinations of those before them; they have no coefficient.
    public let dropped: [Collinearity]
    /// Rows less coefficients.
    public let degreesOfFreedom: Int
    /// Minus twice the log-likelihood, and that of a model with an intercept alone (with none, without one).
    public let deviance, nullDeviance: Double
    /// The largest singular value over the smallest of the matrix as given, and of the same with columns of length 1.
    public let conditionNumber, scaledConditionNumber: Double
    /// The probability of the second class in each row.
    public let probabilities: [Double]
    /// The diagonal of the hat matrix of the last weighted least squares.
    public let leverage: [Double]
    /// Whether each row is of the second class.
    public let labels: [Bool]

    /// Goes on from coefficients that are nearly right.
    ///
    /// - Parameters:
    ///   - start: The intercept, if there is one, and a coefficient for each column.
    /// - Throws: `ModelError.notConverged` where the steps lead nowhere.
    public init(_ columns: [DesignColumn], _ labels: [Bool], intercept: Bool = true, from start: [Double], confidence: Double = 0.95) throws(ModelError) {
        let first = intercept ? 1 : 0
        func row(_ number: Int) -> [DoubleDouble] { (intercept ? [DoubleDouble(1)] : []) + columns.map { $0[number] } }
        var plain = NormalEquations(size: first + columns.count)
        for number in labels.indices { plain.add(row(number), DoubleDouble(0)) }
        plain.factorize()
        let kept = plain.kept
        func name(_ place: Int) -> String { place < first ? LeastSquaresFit.interceptName : columns[place - first].name }
        dropped = plain.combinations.map { Collinearity(column: name($0.column), combines: $0.of.filter { $0 >= first }.map(name)) }
        var weights = kept.map { DoubleDouble(start[$0]) }, probabilities = [Double](repeating: 0, count: labels.count)
        var equations = NormalEquations(size: kept.count), last = Double.infinity
        for _ in 0..<50 {
            equations = NormalEquations(size: kept.count)
            for number in labels.indices {
                let all = row(number), own = kept.map { all[$0] }
                var score = DoubleDouble(0)
                for (x, w) in zip(own, weights) { score = score + x * w }
                let p = logistic(score.high), rest = labels[number] ? logistic(-score.high) : -p
                let weight = (p * logistic(-score.high)).squareRoot()
                probabilities[number] = p
                guard weight > 0 else { continue }
                equations.add(own.map { $0 * DoubleDouble(weight) }, DoubleDouble(rest / weight))
            }
            equations.factorize()
            guard equations.kept.count == kept.count else { throw .notConverged("The likelihood is flat: some coefficients grow without end. Use a penalty.") }
            let change = equations.solution()
            let distance = zip(change, weights).map { Swift.abs($0.high) / Swift.max(Swift.abs($1.high), 1e-300) }.max() ?? 0
            guard distance.isFinite else { throw .notConverged("The likelihood has no maximum that can be found. Use a penalty.") }
            // Where steps no longer become shorter, only rounding errors are left.
            if distance >= last, distance < 1e-8 { break }
            weights = zip(weights, change).map { $0 + $1 }
            last = distance
            if distance < 1e-15 { break }
        }
        if !(last < 1e-6) { throw .notConverged("The search for the largest likelihood did not end. Use a penalty.") }
        self.probabilities = probabilities
        self.labels = labels
        degreesOfFreedom = labels.count - kept.count
        leverage = labels.indices.map { number in
            let all = row(number), p = probabilities[number]
            return p * (1 - p) * equations.forward(kept.map { all[$0] }).reduce(0) { $0 + $1.high * $1.high }
        }
        deviance = zip(probabilities, labels).reduce(0) { $0 - 2 * ($1.1 ? log($1.0) : log1p(-$1.0)) }
        let share = Double(labels.count(where: { $0 })) / Double(labels.count)
        nullDeviance = intercept ? -2 * Double(labels.count) * (share * log(share) + (1 - share) * log1p(-share)) : 2 * Double(labels.count) * log(2)
        let inverse = equations.inverse()
        estimates = Estimate.all(kept.map(name), weights.map(\.high), kept.indices.map { inverse[$0][$0].high.squareRoot() }, freedom: nil, confidence: confidence)
        conditionNumber = plain.conditionNumber(isScaled: false)
        scaledConditionNumber = plain.conditionNumber(isScaled: true)
    }
}

extension LogisticFit {
    /// The log-likelihood.
    public var logLikelihood: Double { -deviance / 2 }
    /// Akaike 1974: `2 k - 2 log L`.
    public var akaike: Double { 2 * Double(estimates.count) + deviance }
    /// Schwarz 1978: `k log n - 2 log L`.
    public var bayesian: Double { Double(estimates.count) * log(Double(labels.count)) + deviance }
    /// McFadden 1974: the share of the null deviance that is explained.
    public var pseudoRSquared: Double { 1 - deviance / nullDeviance }
    /// The likelihood-ratio test of all coefficients but the intercept; nil where there are no others.
    public func likelihoodRatioTest(hasIntercept: Bool) -> (statistic: Double, freedom: Int, p: Double)? {
        let freedom = estimates.count - (hasIntercept ? 1 : 0), statistic = nullDeviance - deviance
        return freedom > 0 ? (statistic, freedom, ChiSquaredDistribution(freedom: Double(freedom)).upper(statistic)) : nil
    }
    /// `(y - p) / √(p (1 - p))`.
    public var pearsonResiduals: [Double] { zip(probabilities, labels).map { (($1 ? 1 : 0) - $0) / ($0 * (1 - $0)).squareRoot() } }
    /// Cook's distances (Pregibon 1981), as R computes them.
    public var cooksDistances: [Double] {
        zip(pearsonResiduals, leverage).map { $0 * $0 * $1 / ((1 - $1) * (1 - $1) * Double(estimates.count)) }
    }
}

extension Estimate {
    /// Of a logistic model: the factor of the odds where the column grows by 1.
    public var oddsRatio: Double { exp(value) }
}
