import DescentCore
import DescentFormats
import DescentPlot

/// A search as a page: which settings did well.
public struct SearchReport {
    private let result: TabularSearch.Result
    private let plan: SuccessiveHalving
    private let title: String
    private let measure: String
    private let command: String?

    /// - Parameters:
    ///   - title: The heading.
    ///   - measure: How trials were measured, in words.
    ///   - command: The command that trains the best setting; `nil` for none.
    public init(_ result: TabularSearch.Result, plan: SuccessiveHalving, title: String, measure: String, command: String? = nil) {
        (self.result, self.plan, self.title, self.measure, self.command) = (result, plan, title, measure, command)
    }

    /// Writes the page, all or nothing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func write(to path: String) throws(FileError) { try FileSystem.write(Array(page().html().utf8), to: path) }

    /// The page: self-contained.
    public func page() -> ReportPage {
        let best = result.best
        let first = result.ranking.first { $0.number == 1 }
        var result: [ReportBlock] = [
            .figures([
                KeyFigure("validation loss", fixed(best.loss, 4), note: "trial \(best.number), \(best.epochs) epochs"),
                KeyFigure("the defaults", first.map { $0.loss.isFinite ? fixed($0.loss, 4) : "diverged" } ?? "–", note: first.map { "trial 1, \($0.epochs) epochs" } ?? ""),
                KeyFigure("trials", grouped(plan.rungs[0].trials), note: plan.rungs.map { "\($0.trials) × \($0.epochs)" }.joined(separator: ", ") + " epochs"),
            ]),
            .text("Trials are compared by \(measure). Losses of different numbers of epochs are not to be compared."),
        ]
        if let command { result.append(.code(command, caption: "The best setting, trained on all rows to train on:")) }
        return ReportPage(
            title: title, subtitle: "Random search with successive halving", sections: [
                ReportSection("Result", result), ReportSection("Settings and losses", charts), ReportSection("All trials", [.table(table)]),
            ], footer: "Written by Descent \(Release.version).")
    }

    /// The loss against each setting, a series for each rung.
    private var charts: [ReportBlock] {
        func chart(_ name: String, scale: AxisScale, _ value: (SearchSetting) -> Double) -> Chart {
            let marks = plan.rungs.indices.map { place -> Mark in
                let trials = result.trials.filter { $0.rung == place + 1 && $0.loss.isFinite }
                return .points(x: trials.map { value($0.setting) }, y: trials.map(\.loss), name: "\(plan.rungs[place].epochs) epochs")
            }
            return Chart(name, x: Axis(name, scale: scale), y: Axis("validation loss"), marks: marks)
        }
        return [
            .pictures([
                chart("Learning rate", scale: .log) { $0.learningRate }, chart("Weight decay", scale: .log) { $0.weightDecay },
                chart("Dropout", scale: .linear) { $0.dropout },
                chart("Units in a layer", scale: .log) { Double($0.hidden.first ?? 1) },
            ]),
        ]
    }

    /// The hidden layers so that nobody takes 128,128 for one number.
    private static func layers(_ setting: SearchSetting) -> String {
        guard let first = setting.hidden.first else { return "none" }
        return setting.hidden.allSatisfy { $0 == first } ? "\(setting.hidden.count) of \(first)" : setting.hidden.map { "\($0)" }.joined(separator: " → ")
    }

    private var table: ReportTable {
        let rows = result.ranking.map { trial in
            [
                "\(trial.number)", "\(trial.epochs)", trial.loss.isFinite ? fixed(trial.loss, 4) : "inf", Self.layers(trial.setting), trial.setting.activation,
                shortNumber(trial.setting.dropout), shortNumber(trial.setting.learningRate), shortNumber(trial.setting.weightDecay),
            ]
        }
        return ReportTable(columns: ["trial", "epochs", "loss", "hidden", "activation", "dropout", "learning rate", "weight decay"], rows: rows)
    }
}
