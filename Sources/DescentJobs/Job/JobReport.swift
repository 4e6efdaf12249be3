import DescentCore
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// A job's part of a report: what is known of a model and of its answers. The curves, the configuration and the page around them are the same
/// for every job.
public struct JobReport {
    /// The heading.
    public var title: String
    /// What the model does, and what it was trained on.
    public var subtitle: String
    /// The headline metrics.
    public var result: [ReportBlock]
    /// The job's own sections, after the training's curves.
    public var sections: [ReportSection]
    /// What became of the data, at the end of the configuration.
    public var configuration: [ReportBlock]

    /// A part of your own; sections without blocks are left out.
    public init(title: String, subtitle: String, result: [ReportBlock] = [], sections: [ReportSection] = [], configuration: [ReportBlock] = []) {
        (self.title, self.subtitle, self.result, self.sections, self.configuration) = (title, subtitle, result, sections, configuration)
    }

    /// What is said where nothing was held out.
    static let untested = ReportBlock.warning("Nothing was held out, so there is no test metric (--test-fraction).")
}

extension JobReport {
    /// The page about a model: result, training, the job's sections, configuration.
    ///
    /// - Parameters:
    ///   - history: The training's records; empty where they are not known.
    ///   - bestEpoch: The epoch whose weights the model has, where the best were kept.
    ///   - command: The command that makes the model again; `nil` for none.
    public func page(
        of model: some JobModel, history: [TrainingRecord] = [], bestEpoch: Int? = nil, lossName: String = "loss", noun: String = "examples",
        command: String? = nil
    ) -> ReportPage {
        let record = model.record
        var all = [ReportSection("Result", result.isEmpty ? Self.result(of: record) : result)]
        let curves = TrainingCurves(history, bestEpoch: bestEpoch, lossName: lossName, noun: noun).blocks
        if !curves.isEmpty { all.append(ReportSection("Training", curves)) }
        all += sections.filter { !$0.blocks.isEmpty }
        let rows =
            [["network", model.summary], ["parameters", grouped(model.parameterCount)]] + record.settings.rows + [
                ["learning rate over time", TrainingCurves.courseOfRate(record.settings.run.schedule?.rawValue, reduceOnPlateau: record.settings.run.reduceOnPlateau)],
                ["trained on", "\(record.trained)"], ["held out", record.heldOut.map { "\($0)" } ?? "nothing"], ["data", record.fingerprint ?? "–"], ["Descent", record.version],
            ]
        let again: [ReportBlock] = command.map { [.code($0, caption: "The command that makes this model again:")] } ?? []
        all.append(ReportSection("Configuration", again + [.table(ReportTable(columns: ["setting", "value"], rows: rows))] + configuration))
        return ReportPage(title: title, subtitle: subtitle, sections: all, footer: "Written by Descent \(Release.version).")
    }

    /// The metrics of the data held out, the others to be opened.
    static func result<Settings>(of record: ModelRecord<Settings>) -> [ReportBlock] {
        if record.metrics.isEmpty { return [untested] }
        return [.list(record.lines), allMetrics(record.metrics)]
    }

    /// All metrics, to be opened.
    static func allMetrics(_ metrics: [Metric]) -> ReportBlock {
        .details("All metrics", [.table(ReportTable(columns: ["metric", "value"], rows: metrics.map { [$0.title, $0.text] }))])
    }
}

extension JobTraining {
    /// The page about a model that this training made.
    ///
    /// - Parameters:
    ///   - outcome: How the training ended, for the curves.
    ///   - command: The command that makes the model again.
    public func page(of model: Model, outcome: TrainingOutcome? = nil, command: String? = nil) throws -> ReportPage {
        try report(of: model).page(
            of: model, history: outcome?.state.history ?? [], bestEpoch: outcome?.bestEpoch, lossName: lossName, noun: noun, command: command)
    }
}

extension ReportPage {
    /// Writes the page, all or nothing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func write(to path: String) throws(FileError) { try FileSystem.write(Array(html().utf8), to: path) }
}
