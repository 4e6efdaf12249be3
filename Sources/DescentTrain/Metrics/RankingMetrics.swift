import DescentCore

/// The ROC curve: false and true positive rates at each threshold.
public struct ROCCurve: Equatable, Sendable {
    /// Of the negatives, the share whose score is at least the threshold; rises from 0 to 1.
    public let falsePositiveRates: [Double]
    /// Of the positives, the share whose score is at least the threshold; rises from 0 to 1.
    public let truePositiveRates: [Double]
    /// Falling; the first is infinity, which nothing reaches.
    public let thresholds: [Double]

    /// The area under the curve: the probability that a positive scores higher than a negative, ties counting half.
    public var area: Double { trapezoids(falsePositiveRates, truePositiveRates) }
}

/// The precision-recall curve: precision and recall at each threshold.
public struct PrecisionRecallCurve: Equatable, Sendable {
    /// Of those whose score is at least the threshold, the share of positives; ends with 1, which belongs to no threshold.
    public let precisions: [Double]
    /// Of the positives, the share whose score is at least the threshold; falls from 1, and ends with 0, which belongs to no threshold.
    public let recalls: [Double]
    /// Rising; one fewer than points.
    public let thresholds: [Double]

    /// The sum of precision times gain in recall: the area under the curve taken as steps, which no interpolation flatters.
    public var averagePrecision: Double {
        var sum = CompensatedSum()
        for index in 1..<recalls.count { sum.add((recalls[index - 1] - recalls[index]) * precisions[index - 1]) }
        return sum.value
    }

    /// The area under the curve taken as straight lines; a little higher than the average precision as a rule.
    public var area: Double { -trapezoids(recalls, precisions) }
}

private func trapezoids(_ x: [Double], _ y: [Double]) -> Double {
    var sum = CompensatedSum()
    for index in 1..<x.count { sum.add((x[index] - x[index - 1]) * (y[index] + y[index - 1]) / 2) }
    return sum.value
}

extension Metrics {
    /// The ROC curve of scores, a point for each different score. `nil` where there are no positives or no negatives.
    ///
    /// - Parameters:
    ///   - scores: Higher means more likely positive; none may be NaN.
    ///   - dropsIntermediate: Whether points on a straight line between their neighbours are left out, which changes no area.
    public static func rocCurve(
        _ scores: [some BinaryFloatingPoint], _ isPositive: [Bool], weights: [Double]? = nil, dropsIntermediate: Bool = true
    ) -> ROCCurve? {
        let steps = cumulated("rocCurve", scores, isPositive, weights)
        guard let last = steps.last, last.positives > 0, last.negatives > 0 else { return nil }
        let kept = steps.indices.filter { index in
            guard dropsIntermediate, index > 0, index < steps.count - 1 else { return true }
            let (before, here, after) = (steps[index - 1], steps[index], steps[index + 1])
            return (after.positives - here.positives) - (here.positives - before.positives) != 0
                || (after.negatives - here.negatives) - (here.negatives - before.negatives) != 0
        }
        return ROCCurve(
            falsePositiveRates: [0] + kept.map { steps[$0].negatives / last.negatives },
            truePositiveRates: [0] + kept.map { steps[$0].positives / last.positives },
            thresholds: [.infinity] + kept.map { steps[$0].threshold })
    }

    /// The area under the ROC curve. `nil` where there are no positives or no negatives.
    public static func rocArea(_ scores: [some BinaryFloatingPoint], _ isPositive: [Bool], weights: [Double]? = nil) -> Double? {
        rocCurve(scores, isPositive, weights: weights)?.area
    }

    /// The area under the ROC curve of each class against the rest, averaged over the classes (`.macro`, or `.weighted` by how often
    /// each is the truth; the others stop). Classes that are never or always the truth are left out. `nil` where all are.
    ///
    /// - Parameter scores: For each example a score for each class.
    public static func rocArea(
        _ scores: [[some BinaryFloatingPoint]], _ labels: [Int], _ averaging: ConfusionMatrix.Averaging = .macro, weights: [Double]? = nil
    ) -> Double? {
        check("rocArea", scores.count, labels.count, weights)
        if averaging != .macro && averaging != .weighted { stop("Metrics.rocArea: classes against the rest are averaged as .macro or .weighted.") }
        var mean = WeightedMean()
        for label in 0..<(scores.first?.count ?? 0) {
            let isPositive = labels.map { $0 == label }
            guard let area = rocArea(scores.map { $0[label] }, isPositive, weights: weights) else { continue }
            let support = labels.indices.reduce(0) { $0 + (isPositive[$1] ? weights?[$1] ?? 1 : 0) }
            mean.add(area, weight: averaging == .macro ? 1 : support)
        }
        return mean.weight == 0 ? nil : mean.value
    }

    /// The curve of precision over recall, a point for each different score. `nil` where there are no positives.
    public static func precisionRecallCurve(
        _ scores: [some BinaryFloatingPoint], _ isPositive: [Bool], weights: [Double]? = nil
    ) -> PrecisionRecallCurve? {
        let steps = cumulated("precisionRecallCurve", scores, isPositive, weights)
        guard let last = steps.last, last.positives > 0 else { return nil }
        return PrecisionRecallCurve(
            precisions: steps.reversed().map { $0.positives / ($0.positives + $0.negatives) } + [1],
            recalls: steps.reversed().map { $0.positives / last.positives } + [0],
            thresholds: steps.reversed().map(\.threshold))
    }

    /// The average precision; see `PrecisionRecallCurve`. `nil` where there are no positives.
    public static func averagePrecision(_ scores: [some BinaryFloatingPoint], _ isPositive: [Bool], weights: [Double]? = nil) -> Double? {
        precisionRecallCurve(scores, isPositive, weights: weights)?.averagePrecision
    }

    /// The weight of positives and of negatives that score at least so much.
    private struct Step {
        var threshold: Double
        var positives: Double
        var negatives: Double
    }

    /// A step for each different score, from the highest down. Examples of weight 0 make none.
    private static func cumulated(
        _ name: String, _ scores: [some BinaryFloatingPoint], _ isPositive: [Bool], _ weights: [Double]?
    ) -> [Step] {
        check(name, scores.count, isPositive.count, weights)
        if let place = scores.firstIndex(where: \.isNaN) { stop("Metrics.\(name): score \(place) is NaN, which has no place in an order.") }
        let order = scores.indices.filter { weights?[$0] != 0 }.sorted { scores[$0] > scores[$1] }
        var steps: [Step] = []
        var positives = CompensatedSum()
        var negatives = CompensatedSum()
        for (place, index) in order.enumerated() {
            let weight = weights?[index] ?? 1
            if isPositive[index] { positives.add(weight) } else { negatives.add(weight) }
            if place == order.count - 1 || scores[order[place + 1]] != scores[index] {
                steps.append(Step(threshold: Double(scores[index]), positives: positives.value, negatives: negatives.value))
            }
        }
        return steps
    }
}
