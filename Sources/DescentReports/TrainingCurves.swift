import DescentCore
import DescentPlot
import DescentTrain

/// The course of a training as a report shows it: loss and learning rate by epoch or, in a run of few epochs, by step.
package struct TrainingCurves {
    /// What was measured, in its order.
    let history: [TrainingRecord]
    /// The epoch whose weights the model has, where the best were kept.
    let bestEpoch: Int?
    /// What the loss is, with its unit.
    let lossName: String
    /// What was validated on, for the sentence that says that nothing was: "rows".
    let noun: String

    package init(_ history: [TrainingRecord], bestEpoch: Int?, lossName: String, noun: String) {
        (self.history, self.bestEpoch, self.lossName, self.noun) = (history, bestEpoch, lossName, noun)
    }

    /// Fewer epochs than this make no curve where there are records between their ends.
    private static let fewEpochs = 10

    /// The mean loss of the examples between each record and the one before, and how many these are: a record's own loss is that of its epoch so
    /// far.
    package static func lossesBetween(_ history: [TrainingRecord]) -> [(loss: Double, examples: Int)] {
        var losses: [(loss: Double, examples: Int)] = []
        /// The examples seen when the epoch began.
        var start = 0
        var before = (examples: 0, sum: 0.0)
        for record in history {
            let seen = record.examples - start
            let sum = record.loss * Double(seen)
            let count = seen - before.examples
            losses.append((count > 0 ? (sum - before.sum) / Double(count) : record.loss, count))
            if record.isEndOfEpoch { (start, before) = (record.examples, (0, 0)) } else { before = (seen, sum) }
        }
        return losses
    }

    /// The training loss by step, each the mean of the steps since the one before. Records that follow another at less than half the usual distance,
    /// as those of epochs' ends may, are taken together with the next: a mean of few steps jumps about.
    private var lossBySteps: (x: [Double], y: [Double]) {
        let parts = Self.lossesBetween(history)
        let usual = parts.map(\.examples).sorted()[parts.count / 2]
        var (x, y): ([Double], [Double]) = ([], [])
        var (sum, count) = (0.0, 0)
        for (record, part) in zip(history, parts) {
            sum += part.loss * Double(part.examples)
            count += part.examples
            if 2 * count < usual || count == 0 { continue }
            x.append(Double(record.step))
            y.append(sum / Double(count))
            (sum, count) = (0, 0)
        }
        return (x, y)
    }

    /// How a learning rate changes, in words.
    ///
    /// - Parameter schedule: The schedule's name; `nil` for the default.
    package static func courseOfRate(_ schedule: String?, reduceOnPlateau epochs: Int?) -> String {
        guard let epochs else { return schedule.map { "\($0) schedule" } ?? "decays to 0 on a cosine schedule" }
        return "multiplied by 0.1 after \(epochs == 1 ? "an epoch" : "\(epochs) epochs") without a lower loss"
    }

    /// Pictures with a caption; none where less than two places are known.
    package var blocks: [ReportBlock] {
        let ends = history.filter(\.isEndOfEpoch)
        let bySteps = ends.count < Self.fewEpochs && history.count > ends.count
        let records = bySteps ? history : ends
        guard records.count > 1 else { return [] }
        func place(_ record: TrainingRecord) -> Double { Double(bySteps ? record.step : record.epoch) }
        let training = bySteps ? lossBySteps : (x: ends.map(place), y: ends.map(\.loss))
        var marks = [Mark.line(x: training.x, y: training.y, name: "training")]
        let measured = records.filter { $0["validation_loss"] != nil }
        if measured.count > 1 {
            marks.append(.line(x: measured.map(place), y: measured.map { $0["validation_loss"]! }, name: "validation", showsPoints: bySteps))
        }
        if let bestEpoch {
            let best = measured.filter { $0.epoch == bestEpoch }.min { $0["validation_loss"]! < $1["validation_loss"]! }
            if let best { marks.append(.verticalLine(at: place(best), label: bySteps ? "best" : "best: epoch \(bestEpoch)")) }
        }
        let losses = (training.y + measured.map { $0["validation_loss"]! }).filter(\.isFinite)
        let isWide = (losses.min() ?? 0) > 0 && (losses.max() ?? 0) > 10 * (losses.min() ?? 1)
        let unit = bySteps ? "step" : "epoch"
        let loss = Chart("Loss", x: Axis(unit), y: Axis(lossName, scale: isWide ? .log : .linear), marks: marks)
        let rate = Chart(
            "Learning rate", x: Axis(unit), y: Axis("learning rate", includesZero: true),
            marks: [.line(x: records.map(place), y: records.map(\.learningRate), name: "learning rate")])
        var note = "The training loss is measured while the weights change and with dropout, so it may be higher than the validation loss."
        if measured.isEmpty { note = "The training loss is measured while the weights change. No \(noun) were held back for validation." }
        return [.picture(loss, caption: note), .details("Learning rate", [.picture(rate)])]
    }
}
