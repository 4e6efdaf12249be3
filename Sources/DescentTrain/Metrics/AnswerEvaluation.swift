import DescentCore
import DescentFormats

/// A metric with its name and value.
public struct Metric: Equatable, Sendable {
    /// The name for machines: "balancedAccuracy".
    public let name: String
    /// The value; in the target's own unit where it has one.
    public let value: Double
    /// For a headline metric, a line for people: "accuracy 0.832 (always predicting no: 0.616)"; `nil` for the others.
    public var words: String?

    /// A metric.
    public init(_ name: String, _ value: Double, words: String? = nil) { (self.name, self.value, self.words) = (name, value, words) }

    /// The name for people: "balanced accuracy".
    public var title: String { Self.titles.first { $0.name == name }?.title ?? Self.spaced(name) }

    /// A name of several words as they are spoken: "unseen accuracy".
    private static func spaced(_ name: String) -> String {
        name.reduce(into: "") { text, letter in text += letter.isUppercase ? " " + letter.lowercased() : String(letter) }
    }

    /// The value in about four digits.
    public var text: String { name == AnswerEvaluation.brokenAnswers ? grouped(Int(value)) : name.hasSuffix("Error") && name != "calibrationError" ? Self.text(value) : fixed(value, 4) }

    /// A number of any unit in about five digits.
    package static func text(_ value: Double) -> String {
        let magnitude = Swift.abs(value)
        if magnitude >= 1e15 || (magnitude < 0.01 && value != 0) { return scientific(value, 3) }
        return magnitude >= 1e5 ? grouped(Int(value.rounded())) : fixed(value, magnitude >= 100 ? 1 : 4)
    }

    /// All that an evaluation may have, in the order in which it is shown.
    private static let titles = [
        ("accuracy", "accuracy"), ("baselineAccuracy", "majority-class accuracy"), ("balancedAccuracy", "balanced accuracy"),
        ("top3Accuracy", "top-3 accuracy"), ("top5Accuracy", "top-5 accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1", "F1"),
        ("precisionMacro", "precision, macro average"), ("recallMacro", "recall, macro average"), ("f1Macro", "F1, macro average"),
        ("f1Weighted", "F1, weighted average"), ("matthewsCorrelation", "Matthews correlation"), ("rocArea", "area under ROC curve"),
        ("averagePrecision", "average precision"), ("logLoss", "log loss (nats)"), ("brierScore", "Brier score"),
        ("calibrationError", "expected calibration error"), ("rSquared", "R²"), ("rootMeanSquareError", "root mean square error"),
        ("baselineRootMeanSquareError", "root mean square error of the training mean"), ("meanAbsoluteError", "mean absolute error"),
        ("medianAbsoluteError", "median absolute error"), ("largestError", "largest error"), ("brokenAnswers", "answers that are not numbers (NaN)"),
    ].map { (name: $0.0, title: $0.1) }
}

extension Metric {
    /// Metrics with words for those that a person looks at first: accuracy, or R² and the typical error.
    ///
    /// - Parameter baseline: The most frequent class, for classes.
    package static func headlines(of metrics: [Metric], baseline: String?) -> [Metric] {
        func value(_ name: String) -> Double? { metrics.first { $0.name == name }?.value }
        return metrics.map { metric in
            var metric = metric
            switch metric.name {
            case "accuracy":
                metric.words = "accuracy \(fixed(metric.value, 3))" + (baseline.flatMap { name in value("baselineAccuracy").map { " (always predicting \(name): \(fixed($0, 3)))" } } ?? "")
            case "rSquared": metric.words = "R² \(fixed(metric.value, 3)) (1 is perfect, 0 is always predicting the mean)"
            case "rootMeanSquareError":
                let mean = value("baselineRootMeanSquareError").map { " (always predicting the mean: \(short($0)))" } ?? ""
                let error = value("meanAbsoluteError").map { ", MAE \(short($0))" } ?? ""
                metric.words = "RMSE \(short(metric.value))\(mean)\(error)" + (value("rSquared") == nil ? "; R² has no value, since the target is the same in all rows" : "")
            default: break
            }
            return metric
        }
    }

    /// Metrics of classes with words for those that a person looks at first, with the count of right answers: for texts and images.
    package static func headlines(of metrics: [Metric], right: Int, count: Int, baseline: String) -> [Metric] {
        metrics.map { metric in
            var metric = metric
            let value = fixed(metric.value, 4)
            switch metric.name {
            case "accuracy": metric.words = "accuracy \(value) (\(right) of \(count) right)"
            case "balancedAccuracy": metric.words = "balanced accuracy \(value) (mean of the classes' accuracies)"
            case "logLoss": metric.words = "log loss \(value)"
            case "baselineAccuracy": metric.words = "baseline: always predicting \(quoted(baseline)): \(value)"
            default: break
            }
            return metric
        }
    }

    private static func short(_ value: Double) -> String {
        let magnitude = Swift.abs(value)
        return magnitude >= 1000 && magnitude < 1e9 ? fixed(value, 0) : magnitude >= 0.1 && magnitude < 1000 ? fixed(value, 2) : scientific(value, 2)
    }
}

/// The metrics of a model's answers to examples whose truth is known: numbers, or classes with their probabilities.
public struct AnswerEvaluation: Equatable, Sendable {
    /// The number of examples.
    public let rows: Int
    /// The metrics that fit the task and have a value.
    public let metrics: [Metric]
    /// For classes: the confusion matrix.
    public let matrix: ConfusionMatrix?
    /// For classes: the calibration of the positive class's probabilities or, of several classes, of the answer's.
    public let calibration: Calibration?
    /// The classes' names; empty for numbers.
    public let classes: [String]

    /// The classes' names as tables show them: each in one line.
    package var shownClasses: [String] { classes.map { listed($0) } }

    /// The value of a metric, if it has one.
    public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }

    /// Of numbers.
    ///
    /// - Parameter baseline: The answer that needs no model: the training rows' mean.
    public init(predicted: [Double], truth: [Double], baseline: Double) {
        rows = truth.count
        (matrix, calibration, classes) = (nil, nil, [])
        let mean = [Double](repeating: baseline, count: truth.count)
        let figures: [(String, Double?)] = [
            ("rSquared", Metrics.rSquared(predicted, truth)), ("rootMeanSquareError", Metrics.rootMeanSquaredError(predicted, truth)),
            ("baselineRootMeanSquareError", Metrics.rootMeanSquaredError(mean, truth)),
            ("meanAbsoluteError", Metrics.meanAbsoluteError(predicted, truth)),
            ("medianAbsoluteError", Metrics.medianAbsoluteError(predicted, truth)),
            ("largestError", zip(predicted, truth).map { Swift.abs($0 - $1) }.max()),
        ]
        metrics = Self.present(figures)
    }

    /// Of classes.
    ///
    /// - Parameters:
    ///   - predicted: The answers.
    ///   - probabilities: Of each row, of each class.
    ///   - baseline: The answer that needs no model: the most frequent class.
    public init(predicted: [Int], probabilities: [[Float]], labels: [Int], classes: [String], baseline: Int) {
        rows = labels.count
        self.classes = classes
        let matrix = ConfusionMatrix(predicted, labels, classes: classes.count)
        self.matrix = matrix
        let broken = probabilities.count { !$0.allSatisfy(\.isFinite) }
        if broken > 0 {
            calibration = nil
            metrics = Self.present([("accuracy", matrix.accuracy), (Self.brokenAnswers, Double(broken))])
            return
        }
        let isBinary = classes.count == 2
        let isPositive = labels.map { $0 == 1 }
        let positive = isBinary ? probabilities.map { $0[1] } : []
        let calibration =
            isBinary
            ? Calibration(positive.map { Swift.min($0, 1) }, isPositive)
            : Calibration(zip(probabilities, predicted).map { Swift.min($0[$1], 1) }, zip(predicted, labels).map { $0 == $1 })
        self.calibration = calibration
        var figures: [(String, Double?)] = [
            ("accuracy", matrix.accuracy), ("baselineAccuracy", matrix.support(baseline) / matrix.total),
            ("balancedAccuracy", matrix.balancedAccuracy),
        ]
        for k in [3, 5] where classes.count > k { figures.append(("top\(k)Accuracy", Metrics.topKAccuracy(probabilities, labels, k: k))) }
        if isBinary { figures += [("precision", matrix.precision(of: 1)), ("recall", matrix.recall(of: 1)), ("f1", matrix.f1(of: 1))] }
        figures += [
            ("precisionMacro", matrix.precision(.macro)), ("recallMacro", matrix.recall(.macro)), ("f1Macro", matrix.f1(.macro)),
            ("f1Weighted", matrix.f1(.weighted)), ("matthewsCorrelation", matrix.matthewsCorrelation),
            ("rocArea", isBinary ? Metrics.rocArea(positive, isPositive) : Metrics.rocArea(probabilities, labels)),
            ("averagePrecision", isBinary ? Metrics.averagePrecision(positive, isPositive) : nil),
            ("logLoss", Metrics.logLoss(probabilities, labels)),
            ("brierScore", isBinary ? Metrics.brierScore(positive, isPositive) : Metrics.brierScore(probabilities, labels)),
            ("calibrationError", calibration.expectedError),
        ]
        metrics = Self.present(figures)
    }

    /// The name of the metric that counts answers whose probabilities are not finite. An evaluation has it where there are any, and then hardly another.
    package static let brokenAnswers = "brokenAnswers"

    private static func present(_ figures: [(String, Double?)]) -> [Metric] {
        figures.compactMap { name, value in value.flatMap { $0.isFinite ? Metric(name, $0) : nil } }
    }
}

// MARK: - In words

extension AnswerEvaluation {
    /// More classes than this have no table of their own in words.
    private static let classLimit = 20

    /// A line for each figure; for classes, a table of them and the confusion matrix.
    public var lines: [String] {
        let classes = shownClasses
        var lines = Self.table(metrics.map { [$0.title, $0.text] })
        guard let matrix else { return lines }
        if classes.count > Self.classLimit {
            let pairs = confusions(matrix).map { ["\($0.truth) predicted as \($0.answer)", whole($0.count)] }
            return lines + ["", "Most frequent confusions:"] + Self.table(pairs)
        }
        let figure = { (value: Double?) in value.map { fixed($0, 3) } ?? "-" }
        lines +=
            [""]
            + Self.table(
                [["class", "precision", "recall", "F1", "rows"]]
                    + classes.indices.map {
                        [classes[$0], figure(matrix.precision(of: $0)), figure(matrix.recall(of: $0)), figure(matrix.f1(of: $0)), whole(matrix.support($0))]
                    })
        lines += ["", "Confusion matrix (rows: true class, columns: predicted class):"]
        return lines
            + Self.table(
                [[""] + classes]
                    + classes.indices.map { row in
                        [classes[row]] + classes.indices.map { whole(matrix[label: row, predicted: $0]) }
                    })
    }

    private func whole(_ value: Double) -> String { grouped(Int(value)) }

    /// The most frequent mistakes, at most ten.
    private func confusions(_ matrix: ConfusionMatrix) -> [(truth: String, answer: String, count: Double)] {
        let pairs = classes.indices.flatMap { row in classes.indices.filter { $0 != row }.map { (row, $0, matrix[label: row, predicted: $0]) } }
        let wrong = pairs.filter { $0.2 > 0 }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }
        return wrong.prefix(10).map { (shownClasses[$0.0], shownClasses[$0.1], $0.2) }
    }

    /// Columns beside each other: the first to the left, the others to the right.
    package static func table(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + space : space + text
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    /// To be stored, and for machines.
    public func toJSON() -> JSON {
        var object = JSON.Object()
        object["rows"] = .integer(Int64(rows))
        object["metrics"] = metrics.json
        if let matrix {
            object["classes"] = .array(
                classes.indices.map { label in
                    var entry = JSON.Object()
                    entry["name"] = .string(classes[label])
                    entry["rows"] = .integer(Int64(matrix.support(label)))
                    entry["precision"] = matrix.precision(of: label).map(JSON.number)
                    entry["recall"] = matrix.recall(of: label).map(JSON.number)
                    entry["f1"] = matrix.f1(of: label).map(JSON.number)
                    return .object(entry)
                })
            object["confusionMatrix"] = .array(
                classes.indices.map { row in
                    .array(classes.indices.map { .integer(Int64(matrix[label: row, predicted: $0])) })
                })
        }
        if let calibration {
            object["calibration"] = .array(
                calibration.bins.map {
                    ["rows": .integer(Int64($0.count)), "meanProbability": .number($0.meanProbability), "shareOfPositives": .number($0.shareOfPositives)]
                })
        }
        return .object(object)
    }
}

extension [Metric] {
    /// An object of values by name.
    package var json: JSON {
        var object = JSON.Object()
        for metric in self { object[metric.name] = .number(metric.value) }
        return .object(object)
    }
}
