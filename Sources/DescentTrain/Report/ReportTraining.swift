import DescentCore
import DescentData
import DescentPlot

/// The sections about the training.
extension TabularReport {
    /// Loss and learning rate by epoch.
    var curves: [ReportBlock] {
        let records = history.filter(\.isEndOfEpoch)
        guard records.count > 1 else { return [] }
        let epochs = records.map { Double($0.epoch) }
        var marks = [Mark.line(x: epochs, y: records.map(\.loss), name: "training")]
        let measured = records.filter { $0["validation_loss"] != nil }
        if measured.count > 1 {
            marks.append(.line(x: measured.map { Double($0.epoch) }, y: measured.map { $0["validation_loss"]! }, name: "validation"))
        }
        if let bestEpoch { marks.append(.verticalLine(at: Double(bestEpoch), label: "best: epoch \(bestEpoch)")) }
        let losses = (records.map(\.loss) + measured.map { $0["validation_loss"]! }).filter(\.isFinite)
        let isWide = (losses.min() ?? 0) > 0 && (losses.max() ?? 0) > 10 * (losses.min() ?? 1)
        let name = model.target.task == .regression ? "mean squared error, standardised" : "cross-entropy (nats)"
        let loss = Chart("Loss", x: Axis("epoch"), y: Axis(name, scale: isWide ? .log : .linear), marks: marks)
        let rate = Chart(
            "Learning rate", x: Axis("epoch"), y: Axis("learning rate", includesZero: true),
            marks: [.line(x: epochs, y: records.map(\.learningRate), name: "learning rate")])
        var note = "The training loss is measured while the weights change and with dropout, so it may lie above the validation's."
        if measured.isEmpty { note = "The training loss is measured while the weights change. No rows were validated on." }
        return [.picture(loss, caption: note), .details("Learning rate", [.picture(rate)])]
    }

    /// What was trained with what, and how to do it again.
    var configuration: [ReportBlock] {
        let record = model.record
        let settings = record.settings
        func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "–" }
        var rows = [
            ["network", model.network.architecture.summary], ["parameters", grouped(model.network.parameterCount)],
            ["epochs", optional(settings.epochs)], ["batch size", optional(settings.batchSize)],
            ["learning rate", "\(settings.learningRate), falling to 0 along a cosine"], ["weight decay", "\(settings.weightDecay)"],
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
