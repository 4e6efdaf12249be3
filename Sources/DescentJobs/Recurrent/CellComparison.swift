import DescentCore
import DescentFormats
import DescentNN
import DescentPlot
import DescentReports
import DescentTrain

/// The same training with each recurrent cell, one after another: any job whose settings are `RecurrentJobSettings` can be compared.
///
///     let comparison = try CellComparison<RecallJob>(input, settings: settings)
///     print(comparison.lines.joined(separator: "\n"))
///     try comparison.best.model.save(to: "descent-models/recall")
public struct CellComparison<J: Job> {
    /// One cell's training.
    public struct Entry {
        /// The cell.
        public let cell: CellKind
        /// What was trained with it.
        public let training: J.Training
        /// The model, measured on what is held out.
        public let model: J.Model
        /// How the training ended, with its records.
        public let outcome: TrainingOutcome?
        /// The seconds that training and measuring took.
        public let seconds: Double

        /// The job's main metric on what is held out; `nil` where nothing is.
        public var metric: Metric? { model.record.metrics.first }
    }

    /// The trainings, in the order of `CellKind`.
    public let entries: [Entry]

    /// Whether a job has cells to compare.
    public static var isPossible: Bool { J.Settings.self is any RecurrentJobSettings.Type }

    /// The settings with another cell; `nil` for a job without recurrent networks.
    static func settings(_ settings: J.Settings, cell: CellKind) -> J.Settings? {
        guard var changed = settings as? any RecurrentJobSettings else { return nil }
        changed.recurrent.cell = cell
        return changed as? J.Settings
    }

    /// Trains with each cell. Nothing is saved.
    ///
    /// - Parameters:
    ///   - began: Called before each training.
    ///   - observers: The observers of a cell's training.
    ///   - shouldStop: Asked after each step; `true` ends all with a `TrainingInterruption`.
    /// - Throws: `SettingsError` for a job without recurrent networks, and as `JobTraining.run`.
    public init(
        _ input: JobInput, settings: J.Settings, began: (CellKind, J.Training) throws -> Void = { _, _ in }, observers: (CellKind) -> [any TrainingObserver] = { _ in [] },
        shouldStop: () -> Bool = { false }
    ) throws {
        if let networks = settings as? any TextNetworkSettings, networks.model == .transformer {
            throw SettingsError("--compare-cells compares recurrent cells, and a transformer has none; leave it out, or give --model recurrent")
        }
        var entries: [Entry] = []
        for cell in CellKind.allCases {
            guard let own = Self.settings(settings, cell: cell) else {
                throw SettingsError("--compare-cells compares recurrent cells, and the job \(J.name) has none; leave it out")
            }
            let training = try J.training(input, settings: own)
            try began(cell, training)
            var outcome: TrainingOutcome?
            let ending = ObservingClosure { event in if case .finished(let found) = event { outcome = found } }
            let start = ContinuousClock.now
            let model = try training.run(observers: [ending] + observers(cell), shouldStop: shouldStop)
            entries.append(Entry(cell: cell, training: training, model: model, outcome: outcome, seconds: (ContinuousClock.now - start) / .seconds(1)))
        }
        self.entries = entries
    }

    /// A comparison of trainings that are done, at least one.
    init(entries: [Entry]) { self.entries = entries }

    /// The best by the main metric; where nothing is held out, by the training loss. Of equal ones that with the lower training loss.
    public var best: Entry {
        func rank(_ entry: Entry) -> (Double, Double) {
            let loss = entry.model.record.trainingLoss
            guard let metric = entry.metric else { return (0, loss) }
            return (metric.isHigherBetter ? -metric.value : metric.value, loss)
        }
        return entries.min { rank($0) < rank($1) }!
    }

    // MARK: - Words

    private var columns: [String] { ["cell", "parameters", "time", "training loss"] + (entries[0].metric.map { [$0.title] } ?? []) }

    private func row(_ entry: Entry) -> [String] {
        [entry.cell.rawValue, grouped(entry.model.parameterCount), spoken(entry.seconds), fixed(entry.model.record.trainingLoss, 4)] + (entry.metric.map { [$0.text] } ?? [])
    }

    /// What the metric is called, and which way is better.
    private var criterion: String { entries[0].metric.map { "\($0.title), \($0.isHigherBetter ? "higher" : "lower") is better" } ?? "training loss, lower is better" }

    /// The table and the best, in lines.
    public var lines: [String] {
        let rows = [columns] + entries.map(row)
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max()! }
        let table = rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
        return ["Cells compared, with the same settings otherwise:"] + table.map { "  " + $0 } + ["The best is \(best.cell.rawValue) (\(criterion)); its model is kept."]
    }

    /// The same for a report: the table, the losses of all cells in one chart, and what the job adds.
    public var section: ReportSection {
        var marks: [Mark] = []
        var isWide = false
        for entry in entries {
            let records = entry.outcome?.state.history ?? [], ends = records.filter(\.isEndOfEpoch), shown = ends.count < 2 ? records : ends
            marks.append(.line(x: shown.map { Double($0.step) }, y: shown.map(\.loss), name: entry.cell.rawValue))
            isWide = isWide || (shown.map(\.loss).min() ?? 1) * 10 < (shown.map(\.loss).max() ?? 0)
        }
        let chart = Chart(
            "Training loss by cell", x: Axis("step"), y: Axis(entries[0].training.lossName, scale: isWide && entries.allSatisfy { $0.model.record.trainingLoss > 0 } ? .log : .linear),
            marks: marks)
        let added = entries[0].training.comparison(of: entries.map { ($0.cell.rawValue, $0.model) })
        return ReportSection(
            "Cells compared",
            [
                .table(ReportTable(columns: columns, rows: entries.map(row))), .text("The best is \(best.cell.rawValue) (\(criterion)); this report is about its model."),
                .picture(chart),
            ] + added)
    }

    /// The same for machines.
    public var json: JSON {
        .array(
            entries.map { entry in
                var object = JSON.Object()
                object["cell"] = .string(entry.cell.rawValue)
                object["parameters"] = .integer(Int64(entry.model.parameterCount))
                object["seconds"] = .number(entry.seconds)
                object["trainingLoss"] = .number(entry.model.record.trainingLoss)
                object["figures"] = entry.model.record.metrics.json
                return .object(object)
            })
    }

    /// The page about the best model, with the comparison first.
    ///
    /// - Parameter command: The command that makes the comparison again.
    public func page(command: String? = nil) throws -> ReportPage {
        var page = try best.training.page(of: best.model, outcome: best.outcome, command: command)
        page.sections.insert(section, at: 0)
        return page
    }
}

extension Metric {
    /// Whether more of it is better: shares of right answers are, losses and errors are not.
    package var isHigherBetter: Bool {
        let lower = name.lowercased()
        return ["accuracy", "precision", "recall", "f1", "rsquared", "rocarea", "bleu", "chrf", "reach"].contains { lower.hasPrefix($0) || lower.hasSuffix($0) }
    }
}
