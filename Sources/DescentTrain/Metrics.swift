/// How good predictions are, compared with the truth.
public enum Metrics {
    /// The share of labels that were predicted. Of none: NaN.
    public static func accuracy(_ predicted: [Int], _ labels: [Int]) -> Double {
        Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
    }

    /// The mean of `-log p(label)`, as the probabilities were given; a probability of 0 counts as the smallest number. Of none: NaN.
    public static func logLoss(_ probabilities: [[Float]], _ labels: [Int]) -> Double {
        zip(probabilities, labels).reduce(0) { $0 - logarithm(Double(Swift.max($1.0[$1.1], .leastNormalMagnitude))) } / Double(labels.count)
    }

    /// The mean squared distance. Of none: NaN.
    public static func meanSquaredError(_ predicted: [Double], _ truth: [Double]) -> Double {
        zip(predicted, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(truth.count)
    }

    /// The mean distance. Of none: NaN.
    public static func meanAbsoluteError(_ predicted: [Double], _ truth: [Double]) -> Double {
        zip(predicted, truth).reduce(0) { $0 + Swift.abs($1.0 - $1.1) } / Double(truth.count)
    }

    /// The share of the truth's variance that is explained: 1 is perfect, 0 as good as its mean, below 0 worse. `nil` where the truth
    /// does not vary.
    public static func rSquared(_ predicted: [Double], _ truth: [Double]) -> Double? {
        let mean = truth.reduce(0, +) / Double(truth.count)
        let spread = meanSquaredError(truth.map { _ in mean }, truth)
        return spread > 0 ? 1 - meanSquaredError(predicted, truth) / spread : nil
    }
}
