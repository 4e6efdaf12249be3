import DescentCore
import DescentPlot

/// What the reports on models of sequences have in common: the course of the training, the settings, the page around them.
struct SequencePage {
    /// How the model was made.
    let record: SequenceRecord
    /// The network in words, and the learned numbers.
    let network: (summary: String, parameters: Int)
    /// What was measured in the course of the training; empty where it is not known.
    let history: [TrainingRecord]
    /// The epoch whose weights the model has, where the best were kept.
    let bestEpoch: Int?
    /// The command that makes the model again; nil for none.
    let command: String?

    /// The page with its own sections between the result and the configuration.
    ///
    /// - Parameters:
    ///   - result: The figures.
    ///   - lossName: What the loss is, with its unit.
    ///   - noun: What is validated on.
    func page(
        title: String, subtitle: String, result: [ReportBlock], lossName: String, noun: String, sections own: [ReportSection]
    ) -> ReportPage {
        var sections = [ReportSection("Result", result)]
        let curves = TrainingCurves(history, bestEpoch: bestEpoch, lossName: lossName, noun: noun).blocks
        if !curves.isEmpty { sections.append(ReportSection("Training", curves)) }
        sections += own.filter { !$0.blocks.isEmpty }
        sections.append(ReportSection("Configuration", configuration))
        return ReportPage(title: title, subtitle: subtitle, sections: sections, footer: "Written by Descent \(Release.version).")
    }

    /// What is said where nothing was held out.
    static let untested = ReportBlock.warning("Nothing was held out, so there is no figure of how well the model does on what it has not seen (--test-fraction).")

    /// All figures of the record, to be opened.
    var allFigures: ReportBlock {
        let rows = record.figures.map { [$0.name.split(separator: "_").joined(separator: " "), fixed($0.value, 4), $0.words] }
        return .details("All figures", [.table(ReportTable(columns: ["figure", "value", "in words"], rows: rows))])
    }

    /// What was trained with what, and how to do it again.
    private var configuration: [ReportBlock] {
        let settings = record.settings
        func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "–" }
        var rows = [["network", network.summary], ["parameters", grouped(network.parameters)]]
        if let unit = settings.unit { rows.append(["cut into", unit.plural]) }
        if let vocabulary = settings.vocabulary { rows.append(["different ones known", grouped(vocabulary)]) }
        if let window = settings.window { rows.append(["window", grouped(window)]) }
        if let horizon = settings.horizon { rows.append(["steps ahead", grouped(horizon)]) }
        if let season = settings.season { rows.append(["season", season == 1 ? "none" : grouped(season)]) }
        if let isLogarithmic = settings.isLogarithmic { rows.append(["logarithms", isLogarithmic ? "yes" : "no"]) }
        rows += [
            ["epochs", optional(settings.epochs)], ["batch size", optional(settings.batchSize)],
            ["learning rate", optional(settings.learningRate) + ", " + TrainingCurves.courseOfRate(reduceOnPlateau: settings.reduceOnPlateau)],
            ["weight decay", optional(settings.weightDecay)], ["gradients clipped to", optional(settings.clipNorm)], ["seed", "\(settings.seed)"],
            ["trained on", record.trained], ["held out", record.heldOut.isEmpty ? "nothing" : record.heldOut],
            ["part validated on", settings.validationFraction.map { shortNumber($0) } ?? "0"], ["patience", optional(settings.patience)],
            ["data", record.fingerprint], ["Descent", record.version],
        ]
        let blocks: [ReportBlock] = command.map { [.code($0, caption: "The command that makes this model again:")] } ?? []
        return blocks + [.table(ReportTable(columns: ["setting", "value"], rows: rows))]
    }
}
