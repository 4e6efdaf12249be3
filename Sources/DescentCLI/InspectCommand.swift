import ArgumentParser
import Descent

/// `descent inspect MODEL`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Says what a model is: its target, its columns, its figures.")

    @Argument(help: "A model's folder, or its model.safetensors.")
    var model: String
    @Flag(help: "The model's whole card as one line of JSON.")
    var json = false

    func run() throws {
        try reportingErrors {
            if let sequence = try SequenceModel(path: model) {
                return try StandardStream.output.print(json ? sequence.card().text() : SequenceReport.describe(sequence))
            }
            let model = try TabularModel(path: model)
            try StandardStream.output.print(json ? model.card().text() : describe(model))
        }
    }

    private func describe(_ model: TabularModel) -> String {
        let record = model.record
        let settings = record.settings
        var lines = ["Target \(model.target.note)."]
        if model.target.task == .regression {
            lines.append("  mean \(Metric.text(model.target.mean)), standard deviation \(Metric.text(model.target.deviation)) in the training rows")
        } else if model.target.classes.count > 10 {
            lines.append("  classes: \(model.target.classes.joined(separator: ", "))")
        }
        if let method = record.method {
            lines.append("Fitted by Descent \(record.version) to \(grouped(record.trainingRows)) rows of \(record.source): \(method); seed \(settings.seed).")
        } else {
            lines += training(record)
        }
        if let fingerprint = record.fingerprint { lines.append("The data's fingerprint: \(fingerprint).") }
        lines.append("Network: \(model.network.architecture.summary); \(grouped(model.network.parameterCount)) parameters.")
        if let figures = record.figures {
            lines.append("On \(grouped(figures.rows)) rows held out:")
            lines += figures.lines.map { "  " + $0 }
            lines += rest(of: figures)
        } else {
            lines.append("No rows were held out, so there is no test figure.")
        }
        lines.append("Columns:")
        lines += model.encoder.describe().map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    private func training(_ record: TabularModel.Record) -> [String] {
        let settings = record.settings
        return [
            "Trained by Descent \(record.version) on \(grouped(record.trainingRows)) rows of \(record.source): \(settings.epochs ?? 0) epochs in batches of \(settings.batchSize ?? 0), seed \(settings.seed),",
            "  learning rate \(shortNumber(settings.learningRate)), weight decay \(shortNumber(settings.weightDecay)).",
        ]
    }

    /// The figures that the lines above do not have.
    private func rest(of figures: Figures) -> [String] {
        let told = ["accuracy", "baselineAccuracy", "rSquared", "rootMeanSquareError", "baselineRootMeanSquareError", "meanAbsoluteError"]
        let others = figures.metrics.filter { !told.contains($0.name) }
        let width = others.map(\.title.count).max() ?? 0
        return others.map { "  " + $0.title + String(repeating: " ", count: width + 2 - $0.title.count) + $0.text }
    }
}
