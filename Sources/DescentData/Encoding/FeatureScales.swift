import DescentFormats

/// A standardised feature in its column's own unit.
package struct FeatureScale: Equatable, Sendable {
    /// The column's name.
    package let column: String
    /// The value for missing numbers, in the column's own unit.
    package let median: Double
    /// Where set, what is standardised is log(1 + x / unit).
    package let logarithmUnit: Double?
    /// Of what is standardised.
    package let mean: Double
    /// Of what is standardised; above 0.
    package let deviation: Double

    /// What is standardised, of a cell (nil: missing): the number or its logarithm, kept within what the encoder keeps it.
    package func value(_ number: Double?) -> Double {
        let number = number ?? median
        let scaled = logarithmUnit.map { logarithm1p(max(number, 0) / $0) } ?? number
        return min(max(scaled, mean - NumberRule.limit * deviation), mean + NumberRule.limit * deviation)
    }
}

extension TableEncoder {
    /// For each feature its scale; nil for those that are no standardised numbers, such as the indicators of a category.
    package var featureScales: [FeatureScale?] {
        columns.flatMap { column -> [FeatureScale?] in
            guard case .number(let rule) = column.rule, rule.deviation > 0 else { return [FeatureScale?](repeating: nil, count: column.rule.width) }
            let scale = FeatureScale(
                column: column.name, median: rule.median, logarithmUnit: rule.logarithmUnit, mean: rule.mean, deviation: rule.deviation)
            return [scale] + [FeatureScale?](repeating: nil, count: column.rule.width - 1)
        }
    }
}
