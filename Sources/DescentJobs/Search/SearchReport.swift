import DescentCore
import DescentFormats
import DescentPlot
import DescentTrain

extension JobSearch {
    /// A search as a page: which settings did well.
    ///
    /// - Parameters:
    ///   - title: The heading.
    ///   - command: The command that trains the best settings; `nil` for none.
    public func page(of result: Result, title: String, command: String? = nil) throws -> ReportPage {
        let best = result.best
        let first = result.ranking.first { $0.number == 1 }
        var blocks: [ReportBlock] = [
            .figures([
                HeadlineMetric("validation loss", fixed(best.loss, 4), note: "trial \(best.number), \(best.epochs) epochs"),
                HeadlineMetric("the defaults", first.map { $0.loss.isFinite ? fixed($0.loss, 4) : "diverged" } ?? "–", note: first.map { "trial 1, \($0.epochs) epochs" } ?? ""),
                HeadlineMetric("trials", grouped(plan.rungs[0].trials), note: plan.rungs.map { "\($0.trials) × \($0.epochs)" }.joined(separator: ", ") + " epochs"),
            ]),
            .text("Trials are compared by \(try measure). Losses after different numbers of epochs cannot be compared."),
        ]
        if let command { blocks.append(.code(command, caption: "The best settings, trained on all training data:")) }
        return ReportPage(
            title: title, subtitle: "Random search with successive halving",
            sections: [
                ReportSection("Result", blocks), ReportSection("Settings and losses", charts(result)), ReportSection("All trials", [.table(table(result))]),
            ], footer: "Written by Descent \(Release.version).")
    }

    /// The loss against each numeric setting, a series for each rung.
    private func charts(_ result: Result) -> [ReportBlock] {
        let charts = space.dimensions.compactMap { dimension -> Chart? in
            let marks = plan.rungs.indices.compactMap { place -> Mark? in
                let points = result.trials.filter { $0.rung == place + 1 && $0.loss.isFinite }.compactMap { trial in dimension.number(trial.settings).map { ($0, trial.loss) } }
                return points.isEmpty ? nil : .points(x: points.map(\.0), y: points.map(\.1), name: "\(plan.rungs[place].epochs) epochs")
            }
            let name = dimension.name.split(separator: "-").joined(separator: " ")
            return marks.isEmpty ? nil : Chart(name.prefix(1).uppercased() + name.dropFirst(), x: Axis(name, scale: dimension.scale), y: Axis("validation loss"), marks: marks)
        }
        return charts.isEmpty ? [] : [.pictures(charts)]
    }

    private func table(_ result: Result) -> ReportTable {
        let rows = result.ranking.map { trial in
            ["\(trial.number)", "\(trial.epochs)", trial.loss.isFinite ? fixed(trial.loss, 4) : "inf"] + space.dimensions.map { $0.text(trial.settings) }
        }
        return ReportTable(columns: ["trial", "epochs", "loss"] + space.dimensions.map { $0.name.split(separator: "-").joined(separator: " ") }, rows: rows)
    }
}
