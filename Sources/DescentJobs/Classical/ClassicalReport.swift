import DescentCore
import DescentFormats
import DescentModels
import DescentPlot
import DescentTrain

/// The page about a classical fit: its coefficients, and the diagnostics of regression.
extension ClassicalModel {
    /// More points than this are thinned out.
    private static let pointLimit = 5_000
    /// The rows of most influence that are listed.
    private static let influenceLimit = 15

    /// The page about a model as it comes from a fit.
    ///
    /// - Parameter command: The command that makes it again; nil for none.
    public func report(command: String? = nil) -> ReportPage {
        var sections = [ReportSection("Result", [.figures(headlines), .code(fitSummary.joined(separator: "\n"))])]
        if let training, let inference = fit?.inference { sections.append(ReportSection("Diagnostics", diagnostics(inference, training))) }
        if !record.metrics.isEmpty { sections.append(ReportSection("Rows held out", JobReport.result(of: record))) }
        var configuration: [ReportBlock] = command.map { [.code($0, caption: "The command that makes this model again:")] } ?? []
        configuration.append(
            .table(
                ReportTable(
                    columns: ["setting", "value"],
                    rows: [
                        ["model", record.method ?? kind.title], ["formula", formula.source], ["fitted to", "\(record.trained)"],
                        ["held out", record.heldOut.map { "\($0)" } ?? "nothing"], ["data", record.fingerprint ?? "–"], ["Descent", record.version],
                    ])))
        let notes = (training?.columnNotes ?? []) + (training?.notes ?? [])
        if !notes.isEmpty { configuration.append(.details("Columns", [.list(notes)])) }
        sections.append(ReportSection("Configuration", configuration))
        return ReportPage(
            title: "\(kind.title.prefix(1).uppercased() + kind.title.dropFirst()) of \(formula.response.source)", subtitle: "\(formula.source), fitted to \(record.trained) of \(record.source)",
            sections: sections, footer: "Written by Descent \(Release.version).")
    }

    private var headlines: [HeadlineMetric] {
        func tile(_ name: String, _ value: Double, _ note: String = "") -> HeadlineMetric { HeadlineMetric(name, ClassicalSummary.number(value), note: note) }
        return switch fit?.inference {
        case .leastSquares(let fit): [tile("R²", fit.rSquared), tile("Residual standard error", fit.residualStandardError), tile("AIC", fit.akaike)]
        case .logistic(let fit, _): [tile("Deviance", fit.deviance, "null deviance \(ClassicalSummary.number(fit.nullDeviance))"), tile("Pseudo-R²", fit.pseudoRSquared), tile("AIC", fit.akaike)]
        case .nonlinear(let fit): [tile("R²", fit.rSquared), tile("Residual standard error", fit.residualStandardError), tile("AIC", fit.akaike)]
        case nil: []
        }
    }

    private func diagnostics(_ inference: ClassicalInference, _ training: ClassicalTraining) -> [ReportBlock] {
        let all = inference.rows
        let step = Swift.max(1, (all.fitted.count + Self.pointLimit - 1) / Self.pointLimit)
        let places = stride(from: 0, to: all.fitted.count, by: step).filter { all.standardized[$0].isFinite && all.cooks[$0].isFinite }
        let note = step > 1 ? "every \(step)th of \(grouped(all.fitted.count)) rows" : nil
        func values(_ list: [Double]) -> [Double] { places.map { list[$0] } }
        let isLogistic = if case .logistic = inference { true } else { false }
        let lines = training.split.train.map { training.table.line(ofRow: $0) }
        let influential = all.cooks.indices.filter { all.cooks[$0].isFinite }.sorted { (all.cooks[$1], $0) < (all.cooks[$0], $1) }.prefix(Self.influenceLimit)
        let named = Set(influential.prefix(3))
        let labels = places.map { named.contains($0) ? "line \(lines[$0])" : "" }
        let residuals = Chart(
            isLogistic ? "Pearson residuals against probability" : "Residuals against fitted values", x: Axis(isLogistic ? "probability" : "fitted"), y: Axis("residual"),
            marks: [.points(x: values(all.fitted), y: values(all.residuals), labels: labels), .horizontalLine(at: 0)], note: note)
        let sorted = values(all.standardized).sorted(), count = Double(sorted.count)
        let quantiles = sorted.indices.map { place -> Double in
            let share = (Double(place) + 0.5) / count
            return share < 0.5 ? -NormalDistribution.upperQuantile(share) : NormalDistribution.upperQuantile(1 - share)
        }
        let normal = Chart(
            "Normal quantiles of the residuals", x: Axis("quantile of a normal distribution"), y: Axis("standardized residual"),
            marks: [.points(x: quantiles, y: sorted), .slopedLine(slope: 1, intercept: 0, label: "normal")], note: note)
        let spread = Chart(
            "Spread against fitted values", x: Axis(isLogistic ? "probability" : "fitted"), y: Axis("√|standardized residual|"),
            marks: [.points(x: values(all.fitted), y: values(all.standardized).map { Swift.abs($0).squareRoot() })], note: note)
        let leverage = Chart(
            "Residuals against leverage", x: Axis("leverage"), y: Axis("standardized residual"),
            marks: [.points(x: values(all.leverage), y: values(all.standardized), labels: labels), .horizontalLine(at: 0)],
            note: "named: the rows with the largest Cook's distances")
        let table = ReportTable(
            columns: ["line", "fitted", "residual", "standardized", "leverage", "Cook's distance"],
            rows: influential.map { place in
                ["\(lines[place])"] + [all.fitted[place], all.residuals[place], all.standardized[place], all.leverage[place], all.cooks[place]].map(ClassicalSummary.number)
            }, caption: "The rows that move the coefficients most (above 1 is much; 4 over the number of rows is worth a look)")
        return [.pictures(isLogistic ? [residuals, leverage] : [residuals, normal, spread, leverage]), .table(table)]
    }
}
