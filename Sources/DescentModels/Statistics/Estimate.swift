/// An estimated coefficient with what is known of its error.
public struct Estimate: Equatable, Sendable {
    /// What it multiplies, or the parameter's own name.
    public let name: String
    /// The estimate.
    public let value: Double
    /// The standard error; NaN where there is none: as many coefficients as rows, a parameter at its bound.
    public let standardError: Double
    /// The p value of the hypothesis that the coefficient is 0, from two sides.
    public let p: Double
    /// The ends of the confidence interval.
    public let lower, upper: Double

    /// The estimate over its standard error: Student's t, or z.
    public var statistic: Double { value / standardError }

    /// - Parameters:
    ///   - distribution: Student's, or nil for the normal distribution.
    ///   - confidence: The probability that the interval covers the coefficient.
    init(name: String, value: Double, standardError: Double, _ distribution: StudentDistribution?, confidence: Double, quantile: Double) {
        (self.name, self.value, self.standardError) = (name, value, standardError)
        let statistic = value / standardError
        p = distribution.map { $0.twoSided(statistic) } ?? NormalDistribution.twoSided(statistic)
        (lower, upper) = (value - quantile * standardError, value + quantile * standardError)
    }

    /// Estimates with their standard errors, in order.
    ///
    /// - Parameter freedom: Degrees of freedom of Student's distribution; nil for the normal distribution.
    static func all(_ names: [String], _ values: [Double], _ errors: [Double], freedom: Int?, confidence: Double) -> [Estimate] {
        let student = freedom.map { StudentDistribution(freedom: Double($0)) }
        let tail = (1 - confidence) / 2
        let quantile = freedom == 0 ? .nan : student?.upperQuantile(tail) ?? NormalDistribution.upperQuantile(tail)
        return names.indices.map {
            Estimate(name: names[$0], value: values[$0], standardError: errors[$0], student, confidence: confidence, quantile: quantile)
        }
    }
}

/// A column of a design matrix, in double-double precision where it was computed: the tenth power of a double is none.
public struct DesignColumn: Sendable {
    /// Its name.
    public let name: String
    /// The numbers as doubles.
    public let values: [Double]
    /// What each lacks; empty where the doubles are exact.
    public let rests: [Double]

    /// A column of doubles.
    public init(_ name: String, _ values: [Double]) { (self.name, self.values, rests) = (name, values, []) }

    /// A column of computed numbers.
    public init(_ name: String, _ values: [DoubleDouble]) {
        (self.name, self.values) = (name, values.map(\.high))
        rests = values.contains { $0.low != 0 } ? values.map(\.low) : []
    }

    /// A row's number.
    public subscript(row: Int) -> DoubleDouble { DoubleDouble(high: values[row], low: rests.isEmpty ? 0 : rests[row]) }
}

extension Collinearity {
    /// The columns that are constant, if there is an intercept, or exact combinations of those before them.
    public static func exact(_ columns: [DesignColumn], intercept: Bool) -> [Collinearity] {
        let first = intercept ? 1 : 0
        var equations = NormalEquations(size: first + columns.count)
        for row in (columns.first?.values ?? []).indices { equations.add((intercept ? [DoubleDouble(1)] : []) + columns.map { $0[row] }, DoubleDouble(0)) }
        equations.factorize()
        return equations.combinations.filter { $0.column >= first }.map { entry in
            Collinearity(column: columns[entry.column - first].name, combines: entry.of.filter { $0 >= first }.map { columns[$0 - first].name })
        }
    }
}
