import DescentCore
import DescentData
import DescentPlot

/// The sections about the training.
extension TabularReport {
    /// Loss and learning rate by epoch.
    var curves: [ReportBlock] {
        let name = model.target.task == .regression ? "mean squared error, standardised" : "cross-entropy (nats)"
        return TrainingCurves(history, bestEpoch: bestEpoch, lossName: name, noun: "rows").blocks
    }

    /// What was trained with what, and how to do it again.
    var configuration: [ReportBlock] {
        let record = model.record
        let settings = record.settings
        func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "–" }
        var rows = [
            ["network", model.network.architecture.summary], ["parameters", grouped(model.network.parameterCount)],
            ["epochs", optional(settings.epochs)], ["batch size", optional(settings.batchSize)],
            ["learning rate", "\(settings.learningRate), " + TrainingCurves.courseOfRate(reduceOnPlateau: settings.reduceOnPlateau)], ["weight decay", "\(settings.weightDecay)"],
            ["networks side by side", optional(settings.members)], ["seed", "\(settings.seed)"],
            ["part held out", "\(settings.testFraction)"], ["part validated on", "\(settings.validationFraction)"],
            ["patience", optional(settings.patience)], ["gradients clipped to", optional(settings.clipNorm)],
            ["rows trained on", grouped(record.trainingRows)], ["Descent", record.version],
        ]
        if let fingerprint = record.fingerprint { rows.append(["data", fingerprint]) }
        var blocks: [ReportBlock] = command.map { [.code($0, caption: "The command that makes this model again:")] } ?? []
        blocks.append(.table(ReportTable(columns: ["setting", "value"], rows: rows)))
        blocks.append(.details("Columns, and what became of them", [.list(model.encoder.describe())]))
        return blocks
    }
}
