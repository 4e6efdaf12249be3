import DescentCore

/// The errors of predicted numbers, one example at a time.
public struct RegressionErrors: Equatable, Sendable {
    private var squares = WeightedMean()
    private var distances = WeightedMean()
    /// Of the truth, by Welford's recurrence (West 1979 with weights): no difference of large numbers is taken.
    private var mean = 0.0
    private var spread = 0.0
    /// How many examples, of whatever weight.
    public private(set) var count = 0

    /// No examples yet.
    public init() {}

    /// Takes an example in.
    public mutating func add(predicted: Double, truth: Double, weight: Double = 1) {
        count += 1
        if weight == 0 { return }
        squares.add((predicted - truth) * (predicted - truth), weight: weight)
        distances.add(Swift.abs(predicted - truth), weight: weight)
        let shift = truth - mean
        mean += shift * weight / squares.weight
        spread += weight * shift * (truth - mean)
    }

    /// The mean squared distance. Of none: NaN.
    public var meanSquared: Double { squares.value }
    /// The root of the mean squared distance. Of none: NaN.
    public var rootMeanSquared: Double { squares.value.squareRoot() }
    /// The mean distance. Of none: NaN.
    public var meanAbsolute: Double { distances.value }
    /// The share of the truth's variance that is explained; see `Metrics.rSquared`.
    public var rSquared: Double? { spread > 0 ? 1 - squares.value * squares.weight / spread : nil }
}

extension Metrics {
    /// The mean squared distance. Of none: NaN.
    public static func meanSquaredError(_ predicted: [Double], _ truth: [Double], weights: [Double]? = nil) -> Double {
        check("meanSquaredError", predicted.count, truth.count, weights)
        return mean(truth.count, weights) { (predicted[$0] - truth[$0]) * (predicted[$0] - truth[$0]) }
    }

    /// The root of the mean squared distance. Of none: NaN.
    public static func rootMeanSquaredError(_ predicted: [Double], _ truth: [Double], weights: [Double]? = nil) -> Double {
        meanSquaredError(predicted, truth, weights: weights).squareRoot()
    }

    /// The mean distance. Of none: NaN.
    public static func meanAbsoluteError(_ predicted: [Double], _ truth: [Double], weights: [Double]? = nil) -> Double {
        check("meanAbsoluteError", predicted.count, truth.count, weights)
        return mean(truth.count, weights) { Swift.abs(predicted[$0] - truth[$0]) }
    }

    /// The distance that half of the examples exceed, by weight; of two in the middle, their mean. Of none, or where all weights are 0:
    /// NaN.
    public static func medianAbsoluteError(_ predicted: [Double], _ truth: [Double], weights: [Double]? = nil) -> Double {
        check("medianAbsoluteError", predicted.count, truth.count, weights)
        let errors = truth.indices.map { (distance: Swift.abs(predicted[$0] - truth[$0]), weight: weights?[$0] ?? 1) }
        if errors.contains(where: \.distance.isNaN) { return .nan }
        let sorted = errors.filter { $0.weight > 0 }.sorted { $0.distance < $1.distance }
        let half = sorted.reduce(0) { $0 + $1.weight } / 2
        var below = 0.0
        for (place, error) in sorted.enumerated() {
            below += error.weight
            if below < half { continue }
            // Where exactly half lies at or below this one, the middle is between it and the next.
            let isBetween = below - half <= .ulpOfOne && place + 1 < sorted.count
            return isBetween ? (error.distance + sorted[place + 1].distance) / 2 : error.distance
        }
        return .nan
    }

    /// The share of the truth's variance that is explained: 1 is perfect, 0 as good as its mean, below 0 worse. `nil` where the truth
    /// does not vary.
    public static func rSquared(_ predicted: [Double], _ truth: [Double], weights: [Double]? = nil) -> Double? {
        check("rSquared", predicted.count, truth.count, weights)
        var errors = RegressionErrors()
        for index in truth.indices { errors.add(predicted: predicted[index], truth: truth[index], weight: weights?[index] ?? 1) }
        return errors.rSquared
    }
}
