import DescentCore
import DescentFormats
import DescentNN

/// Lowers a training's learning rate where a metric gets no better: `ReduceOnPlateau` within `Trainer.fit`, its state in the checkpoint.
///
///     try trainer.fit(source, for: .epochs(100), validation: validation, rateReduction: RateReduction(ReduceOnPlateau(patience: 5)))
///
/// The rate of a step is the optimizer's, times the schedule's factor, times this one; `Schedule.constant` leaves the matter to it alone.
public struct RateReduction {
    /// The name by which the training loss itself is watched, where nothing is validated.
    public static let trainingLoss = "loss"

    /// When and by how much. Its own state is not used: a training keeps one of its own.
    public let rule: ReduceOnPlateau
    /// The watched metric: one of the validation, or "loss" for the mean training loss of each epoch.
    public let metric: String

    /// By a metric of the validation or, with `trainingLoss`, by the training loss.
    public init(_ rule: ReduceOnPlateau, metric: String = "validation_loss") { (self.rule, self.metric) = (rule, metric) }

    /// To a tenth, when a loss has not fallen for this many epochs: that of a validation, or the training's where nothing is validated. Not below a
    /// ten-thousandth of the highest, with which nothing changes any more.
    ///
    /// - Parameters:
    ///   - epochs: At least 1.
    ///   - count: How often the validation measures in an epoch.
    package init(afterEpochs epochs: Int, measurementsPerEpoch count: Int = 1, isValidated: Bool) {
        let patience = epochs * (isValidated ? count : 1) - 1
        self.init(ReduceOnPlateau(reduction: 0.1, patience: patience, smallest: 1e-4), metric: isValidated ? "validation_loss" : Self.trainingLoss)
    }

    /// Takes a record into account, if what is watched was measured there.
    func observe(_ record: TrainingRecord, _ state: inout ReduceOnPlateau.State) {
        let value: Double
        if metric == Self.trainingLoss {
            guard record.isEndOfEpoch else { return }
            value = record.loss
        } else {
            if record.metrics.isEmpty { return }
            guard let measured = record[metric] else {
                stop("RateReduction: the validation has no \"\(metric)\"; it has \(record.metrics.map(\.name).joined(separator: ", ")).")
            }
            value = measured
        }
        let kept = rule.state
        rule.state = state
        _ = rule.factor(after: value)
        (state, rule.state) = (rule.state, kept)
    }
}

extension ReduceOnPlateau.State {
    func toJSON() -> JSON {
        [
            "best": best.map(JSON.exact) ?? nil, "badEvaluations": .integer(Int64(badEvaluations)),
            "coolingDown": .integer(Int64(coolingDown)), "factor": .exact(factor),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        self.init(
            best: json["best"].exists ? try json["best"].exactDouble() : nil, badEvaluations: try json["badEvaluations"].count(),
            coolingDown: try json["coolingDown"].count(), factor: try json["factor"].exactDouble())
    }
}
