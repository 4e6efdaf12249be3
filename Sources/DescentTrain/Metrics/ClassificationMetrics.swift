import DescentCore

extension Metrics {
    /// The share of labels that were predicted. Of none: NaN.
    public static func accuracy(_ predicted: [Int], _ labels: [Int], weights: [Double]? = nil) -> Double {
        check("accuracy", predicted.count, labels.count, weights)
        return mean(labels.count, weights) { predicted[$0] == labels[$0] ? 1 : 0 }
    }

    /// The mean of the classes' recalls; see `ConfusionMatrix.balancedAccuracy`.
    public static func balancedAccuracy(_ predicted: [Int], _ labels: [Int], weights: [Double]? = nil) -> Double {
        ConfusionMatrix(predicted, labels, weights: weights).balancedAccuracy
    }

    /// Precision over classes; see `ConfusionMatrix.Averaging`. What has no value in a class counts as `zeroDivision`.
    public static func precision(
        _ predicted: [Int], _ labels: [Int], _ averaging: ConfusionMatrix.Averaging, zeroDivision: Double = 0, weights: [Double]? = nil
    ) -> Double {
        matrix(predicted, labels, averaging, weights).precision(averaging, zeroDivision: zeroDivision)
    }

    /// Recall over classes; see `ConfusionMatrix.Averaging`. What has no value in a class counts as `zeroDivision`.
    public static func recall(
        _ predicted: [Int], _ labels: [Int], _ averaging: ConfusionMatrix.Averaging, zeroDivision: Double = 0, weights: [Double]? = nil
    ) -> Double {
        matrix(predicted, labels, averaging, weights).recall(averaging, zeroDivision: zeroDivision)
    }

    /// F1 over classes; see `ConfusionMatrix.Averaging`. What has no value in a class counts as `zeroDivision`.
    public static func f1(
        _ predicted: [Int], _ labels: [Int], _ averaging: ConfusionMatrix.Averaging, zeroDivision: Double = 0, weights: [Double]? = nil
    ) -> Double {
        matrix(predicted, labels, averaging, weights).f1(averaging, zeroDivision: zeroDivision)
    }

    /// Large enough for the positive class, which may occur nowhere.
    private static func matrix(
        _ predicted: [Int], _ labels: [Int], _ averaging: ConfusionMatrix.Averaging, _ weights: [Double]?
    ) -> ConfusionMatrix {
        var largest = Swift.max(predicted.max() ?? 0, labels.max() ?? 0)
        if case .binary(let positive) = averaging { largest = Swift.max(largest, positive) }
        return ConfusionMatrix(predicted, labels, classes: largest + 1, weights: weights)
    }

    /// The share of examples whose label has one of the `k` highest scores. Of equal scores the last class's counts as higher. Of none: NaN.
    ///
    /// - Parameter scores: For each example a score for each class, probabilities or any others.
    public static func topKAccuracy(_ scores: [[some BinaryFloatingPoint]], _ labels: [Int], k: Int, weights: [Double]? = nil) -> Double {
        check("topKAccuracy", scores.count, labels.count, weights)
        if k < 1 { stop("Metrics.topKAccuracy: k is \(k); it must be at least 1.") }
        return mean(labels.count, weights) { index in
            let own = scores[index]
            let label = labels[index]
            let above = own.indices.count { own[$0] > own[label] || (own[$0] == own[label] && $0 > label) }
            return above < k ? 1 : 0
        }
    }

    /// The mean of `-log p(label)`, in nats. A probability counts as at least 2.2e-16 (`Double.ulpOfOne`) and at most 1 less that. Of
    /// none: NaN.
    public static func logLoss(_ probabilities: [[some BinaryFloatingPoint]], _ labels: [Int], weights: [Double]? = nil) -> Double {
        check("logLoss", probabilities.count, labels.count, weights)
        return mean(labels.count, weights) { index in
            let probability = Double(probabilities[index][labels[index]])
            return -logarithm(probability.isNaN ? probability : Swift.min(Swift.max(probability, .ulpOfOne), 1 - .ulpOfOne))
        }
    }

    /// `exp` of the mean of `-log p`, in nats: how many equally likely answers a model hesitates between. Of none: NaN.
    public static func perplexity(negativeLogLikelihoods: [Double], weights: [Double]? = nil) -> Double {
        check("perplexity", negativeLogLikelihoods.count, negativeLogLikelihoods.count, weights)
        return exponential(mean(negativeLogLikelihoods.count, weights) { negativeLogLikelihoods[$0] })
    }

    /// The mean squared distance of the probability of the positive answer from 1 or 0. Brier 1950. Of none: NaN.
    public static func brierScore(_ probabilities: [some BinaryFloatingPoint], _ isPositive: [Bool], weights: [Double]? = nil) -> Double {
        check("brierScore", probabilities.count, isPositive.count, weights)
        return mean(isPositive.count, weights) { index in
            let distance = Double(probabilities[index]) - (isPositive[index] ? 1 : 0)
            return distance * distance
        }
    }

    /// The mean, over examples, of the sum of the squared distances of all classes' probabilities from 1 (the label) or 0: from 0 to 2,
    /// and for two classes twice the score of the positive one. Of none: NaN.
    public static func brierScore(_ probabilities: [[some BinaryFloatingPoint]], _ labels: [Int], weights: [Double]? = nil) -> Double {
        check("brierScore", probabilities.count, labels.count, weights)
        return mean(labels.count, weights) { index in
            probabilities[index].enumerated().reduce(0) { sum, entry in
                let distance = Double(entry.element) - (entry.offset == labels[index] ? 1 : 0)
                return sum + distance * distance
            }
        }
    }
}
