import DescentCore

/// How good predictions are, compared with the truth.
///
/// All are functions of arrays; predictions come first, the truth second, then weights (one for each example, `nil` for 1 each). What
/// can be added up example by example also has an accumulator: `ConfusionMatrix`, `RegressionErrors`, `WeightedMean`. The values are
/// scikit-learn's, except where one of them would say something of nothing: there the answer is `nil` or NaN, as each says.
///
/// Numbers of predictions, truths and weights that differ, labels below 0 and negative weights are a programmer's mistake and stop.
public enum Metrics {
    /// Stops where the counts differ or a weight is no weight.
    static func check(_ name: String, _ predictions: Int, _ truths: Int, _ weights: [Double]?) {
        guard predictions == truths, weights.map({ $0.count == truths }) ?? true else {
            let third = weights.map { ", \($0.count) weights" } ?? ""
            stop("Metrics.\(name): \(predictions) predictions, \(truths) truths\(third); there must be as many of each.")
        }
        if let weight = weights?.first(where: { !($0 >= 0 && $0.isFinite) }) { stop("Metrics.\(name): a weight is \(weight); it must be 0 or above.") }
    }

    /// The weighted mean of a value of each example. Of none, or with weights that are all 0: NaN.
    static func mean(_ count: Int, _ weights: [Double]?, _ value: (Int) -> Double) -> Double {
        var mean = WeightedMean()
        for index in 0..<count { mean.add(value(index), weight: weights?[index] ?? 1) }
        return mean.value
    }
}

/// A mean that grows one value at a time: the same as of all at once, since what each sum rounds off is kept.
public struct WeightedMean: Equatable, Sendable {
    private var sum = CompensatedSum()
    private var weights = CompensatedSum()

    /// Of nothing yet.
    public init() {}

    /// Takes a value in. Weight 0 leaves all as it was.
    public mutating func add(_ value: Double, weight: Double = 1) {
        if weight == 0 { return }
        sum.add(value * weight)
        weights.add(weight)
    }

    /// The sum of the weights.
    public var weight: Double { weights.value }

    /// The mean so far. Of nothing: NaN.
    public var value: Double { sum.value / weights.value }
}

/// A sum whose error does not grow with the number of terms. Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation
/// endlicher Summen".
struct CompensatedSum: Equatable, Sendable {
    private var sum = 0.0
    private var lost = 0.0

    mutating func add(_ term: Double) {
        let next = sum + term
        // Of infinities and NaN nothing is lost.
        if next.isFinite { lost += Swift.abs(sum) >= Swift.abs(term) ? (sum - next) + term : (term - next) + sum }
        sum = next
    }

    var value: Double { sum + lost }
}
