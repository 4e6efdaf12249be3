import DescentCore
import DescentFormats

/// How well a model does on some rows, and what answering without it would give.
public struct Figures: Equatable, Sendable {
    /// What was measured.
    public enum Kind: Equatable, Sendable {
        /// The share of right answers; the share that one answer for all, the most frequent of the training rows, would get right.
        case classification(accuracy: Double, baseline: Double, baselineClass: String)
        /// The explained share of the variance (`nil` where the rows' targets are all the same), the root mean square and the mean
        /// of the errors, and the root mean square error of the training rows' mean.
        case regression(rSquared: Double?, rootMeanSquare: Double, meanAbsolute: Double, baseline: Double)
    }

    /// How many rows.
    public let rows: Int
    /// The mean loss: cross-entropy in nats, or the mean squared error of the standardised target.
    public let loss: Double
    /// The figures that fit the task.
    public let kind: Kind
    /// Every figure that fits the task, by name; see `TabularEvaluation`. Empty in models of format version 1.
    public let metrics: [Metric]

    /// In words, a line for each figure.
    public var lines: [String] {
        switch kind {
        case .classification(let accuracy, let baseline, let baselineClass):
            ["accuracy \(fixed(accuracy, 3))  (always answering \(baselineClass): \(fixed(baseline, 3)))"]
        case .regression(let rSquared, let rootMeanSquare, let meanAbsolute, let baseline):
            [
                rSquared.map { "R² \(fixed($0, 3))  (1 is perfect, 0 is always answering the mean)" } ?? "R² has no value: the target is the same in all of these rows",
                "typical error \(short(rootMeanSquare)) (root mean square; always answering the mean: \(short(baseline))), mean error \(short(meanAbsolute))",
            ]
        }
    }

    private func short(_ value: Double) -> String {
        let magnitude = Swift.abs(value)
        return magnitude >= 1000 && magnitude < 1e9 ? fixed(value, 0) : magnitude >= 0.1 && magnitude < 1000 ? fixed(value, 2) : scientific(value, 2)
    }

    /// To be stored with a model, and for machines.
    public func toJSON() -> JSON {
        guard case .object(var object) = ownJSON, !metrics.isEmpty else { return ownJSON }
        object["metrics"] = metrics.json
        return .object(object)
    }

    private var ownJSON: JSON {
        switch kind {
        case .classification(let accuracy, let baseline, let baselineClass):
            [
                "rows": .integer(Int64(rows)), "loss": .number(loss), "accuracy": .number(accuracy),
                "baselineAccuracy": .number(baseline), "baselineClass": .string(baselineClass),
            ]
        case .regression(let rSquared, let rootMeanSquare, let meanAbsolute, let baseline):
            [
                "rows": .integer(Int64(rows)), "loss": .number(loss), "rSquared": rSquared.map(JSON.number) ?? nil,
                "rootMeanSquareError": .number(rootMeanSquare), "meanAbsoluteError": .number(meanAbsolute),
                "baselineRootMeanSquareError": .number(baseline),
            ]
        }
    }

    /// Figures that were stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        rows = try json["rows"].int()
        loss = try json["loss"].double()
        metrics = json["metrics"].exists ? try [Metric](json: json["metrics"]) : []
        if json["accuracy"].exists {
            kind = .classification(
                accuracy: try json["accuracy"].double(), baseline: try json["baselineAccuracy"].double(),
                baselineClass: try json["baselineClass"].string())
        } else {
            kind = .regression(
                rSquared: json["rSquared"].exists ? try json["rSquared"].double() : nil,
                rootMeanSquare: try json["rootMeanSquareError"].double(), meanAbsolute: try json["meanAbsoluteError"].double(),
                baseline: try json["baselineRootMeanSquareError"].double())
        }
    }

    /// Figures of your own.
    public init(rows: Int, loss: Double, kind: Kind, metrics: [Metric] = []) {
        (self.rows, self.loss, self.kind, self.metrics) = (rows, loss, kind, metrics)
    }
}
