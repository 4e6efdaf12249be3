import DescentCore

/// Counts of true and predicted classes, accumulated from labels: precision, recall and related metrics follow from it.
///
///     var matrix = ConfusionMatrix(classes: 3)
///     for batch in batches { matrix.add(predicted: batch.answers, labels: batch.labels) }
///     print(matrix.accuracy, matrix.f1(.macro))
public struct ConfusionMatrix: Equatable, Sendable {
    /// How the figures of single classes become one.
    public enum Averaging: Equatable, Sendable {
        /// That of one class alone, the positive one.
        case binary(positive: Int = 1)
        /// All classes' right and wrong answers counted together; where each example has one label, all three are the accuracy.
        case micro
        /// The mean over the classes that occur in truth or prediction.
        case macro
        /// The mean weighted by how often a class is the truth.
        case weighted
    }

    /// The number of classes; labels are 0 ..< classes.
    public let classes: Int
    /// Row-major, [classes, classes]: the weight of the examples of class `row` predicted as `column`.
    public private(set) var counts: [Double]
    /// Which classes occurred, even with weight 0.
    private var occurs: [Bool]

    /// No examples yet.
    public init(classes: Int) {
        if classes < 1 { stop("ConfusionMatrix: \(classes) classes; there must be at least 1.") }
        self.classes = classes
        counts = [Double](repeating: 0, count: classes * classes)
        occurs = [Bool](repeating: false, count: classes)
    }

    /// The matrix of some examples.
    ///
    /// - Parameter classes: `nil` for one more than the largest label.
    public init(_ predicted: [Int], _ labels: [Int], classes: Int? = nil, weights: [Double]? = nil) {
        self.init(classes: classes ?? Swift.max(1, (Swift.max(predicted.max() ?? 0, labels.max() ?? 0)) + 1))
        add(predicted: predicted, labels: labels, weights: weights)
    }

    /// Takes examples in.
    public mutating func add(predicted: [Int], labels: [Int], weights: [Double]? = nil) {
        Metrics.check("ConfusionMatrix", predicted.count, labels.count, weights)
        for index in labels.indices { add(predicted: predicted[index], label: labels[index], weight: weights?[index] ?? 1) }
    }

    /// Takes one example in.
    public mutating func add(predicted: Int, label: Int, weight: Double = 1) {
        guard (0..<classes).contains(predicted), (0..<classes).contains(label) else {
            stop("ConfusionMatrix: label \(label), predicted \(predicted); both must be 0 to \(classes - 1).")
        }
        counts[label * classes + predicted] += weight
        occurs[label] = true
        occurs[predicted] = true
    }

    /// The weight of the false negatives of a class.
    public subscript(label label: Int, predicted predicted: Int) -> Double { counts[label * classes + predicted] }

    /// The weight of all examples.
    public var total: Double { counts.reduce(0, +) }

    /// The weight of the examples whose truth is this class.
    public func support(_ label: Int) -> Double { counts[label * classes..<(label + 1) * classes].reduce(0, +) }

    /// The weight of the examples predicted as this class.
    public func predictions(_ label: Int) -> Double { (0..<classes).reduce(0) { $0 + counts[$1 * classes + label] } }

    private var right: Double { (0..<classes).reduce(0) { $0 + self[label: $1, predicted: $1] } }

    /// The share of right answers. Of none: NaN.
    public var accuracy: Double { right / total }

    /// The mean of the recalls of the classes that occur in the truth: what is right by chance does not grow with a frequent class. Of
    /// none: NaN.
    public var balancedAccuracy: Double {
        let recalls = (0..<classes).filter { support($0) > 0 }.map { recall(of: $0)! }
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Matthews' correlation (Gorodkin 2004 for several classes): 1 perfect, 0 as good as chance. Where truth or prediction is always
    /// the same class: 0.
    public var matthewsCorrelation: Double {
        let total = total
        let pairs = (0..<classes).map { (support($0), predictions($0)) }
        let covariance = right * total - pairs.reduce(0) { $0 + $1.0 * $1.1 }
        let truth = total * total - pairs.reduce(0) { $0 + $1.0 * $1.0 }
        let predicted = total * total - pairs.reduce(0) { $0 + $1.1 * $1.1 }
        return truth * predicted == 0 ? 0 : covariance / (truth * predicted).squareRoot()
    }

    // MARK: - Of one class

    /// Precision: the fraction of the examples predicted as a class that belong to it. `nil` where none was predicted.
    public func precision(of label: Int) -> Double? {
        let all = predictions(label)
        return all == 0 ? nil : self[label: label, predicted: label] / all
    }

    /// Recall: the fraction of the examples of a class predicted as it. `nil` where there are none.
    public func recall(of label: Int) -> Double? {
        let all = support(label)
        return all == 0 ? nil : self[label: label, predicted: label] / all
    }

    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). `nil` where the class occurs in neither.
    public func f1(of label: Int) -> Double? { fScore(of: label, beta: 1) }

    /// The mean of precision and recall in which recall counts `beta` times as much:
    /// (1 + β²) TP / ((1 + β²) TP + β² FN + FP), van Rijsbergen 1979. `nil` where the class occurs in neither.
    public func fScore(of label: Int, beta: Double) -> Double? {
        let all = beta * beta * support(label) + predictions(label)
        return all == 0 ? nil : (1 + beta * beta) * self[label: label, predicted: label] / all
    }

    // MARK: - Of all classes

    /// Precision over classes. What has no value in a class counts as `zeroDivision`; if that is NaN, the class is left out.
    public func precision(_ averaging: Averaging, zeroDivision: Double = 0) -> Double {
        average(averaging, zeroDivision) { $0.precision(of: $1) }
    }

    /// Recall over classes; `zeroDivision` as in `precision`.
    public func recall(_ averaging: Averaging, zeroDivision: Double = 0) -> Double {
        average(averaging, zeroDivision) { $0.recall(of: $1) }
    }

    /// F1 over classes; `zeroDivision` as in `precision`.
    public func f1(_ averaging: Averaging, zeroDivision: Double = 0) -> Double { fScore(averaging, beta: 1, zeroDivision: zeroDivision) }

    /// The F score over classes; `zeroDivision` as in `precision`.
    public func fScore(_ averaging: Averaging, beta: Double, zeroDivision: Double = 0) -> Double {
        average(averaging, zeroDivision) { $0.fScore(of: $1, beta: beta) }
    }

    private func average(_ averaging: Averaging, _ zeroDivision: Double, _ figure: (Self, Int) -> Double?) -> Double {
        switch averaging {
        case .binary(let positive): return figure(self, positive) ?? zeroDivision
        case .micro:
            // Over all classes, false positives equal false negatives.
            return total == 0 ? zeroDivision : right / total
        case .macro, .weighted:
            var mean = WeightedMean()
            for label in 0..<classes where occurs[label] {
                let value = figure(self, label) ?? zeroDivision
                if !value.isNaN { mean.add(value, weight: averaging == .macro ? 1 : support(label)) }
            }
            return mean.weight == 0 ? zeroDivision : mean.value
        }
    }
}
