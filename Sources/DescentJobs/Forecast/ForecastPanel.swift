import DescentCore
import DescentModels
import DescentPlot
import DescentReports
import DescentTrain

extension ForecastReport {
    /// The report's part about one series, or about several: a table of all, and the pictures of each or, of many, of the worst, the middle and the best.
    ///
    /// - Parameters:
    ///   - each: A report of each series, at least one.
    ///   - metrics: Errors of all together, and then of each.
    static func part(_ each: [ForecastReport], metrics: [Metric]) -> JobReport {
        if each.count == 1 { return each[0].part() }
        let ranked = each.filter { !$0.answers.isEmpty }.sorted { $0.scaledError > $1.scaledError }
        var report = (ranked.first ?? each[0]).part()
        report.title = "\(each.count) series, from \(each[0].model.record.source)"
        if ranked.isEmpty { return report }
        let shown = ranked.count <= mostShown ? ranked : [ranked[0], ranked[ranked.count / 2], ranked[ranked.count - 1]]
        let words = ranked.count <= mostShown ? nil : ["the worst", "the middle one", "the best"]
        let pictures = shown.enumerated().map { place, own in ReportSection(own.shownName + (words.map { ", \($0[place])" } ?? ""), own.forecast) }
        let together = metrics.prefix { !$0.name.contains(" of ") }.compactMap(\.words).map { [$0] }
        report.result = [.table(ReportTable(columns: ["errors of all series together"], rows: together))]
        report.sections = [ReportSection("All series", [table(ranked)])] + pictures + report.sections.filter { $0.title == "What shares in the forecast" }
        return report
    }

    /// As many series as this are all shown.
    private static let mostShown = 6

    /// The model's mean absolute error, divided by that of the naive forecast of the same values.
    private var scaledError: Double {
        func error(_ values: [Double]) -> Double { zip(values, truth).reduce(0) { $0 + Swift.abs($1.0 - $1.1) } / Double(Swift.max(truth.count, 1)) }
        return error(answers[0].values) / Swift.max(error(answers[answers.count - 1].values), 1e-300)
    }

    private static func table(_ each: [ForecastReport]) -> ReportBlock {
        let rows = each.map { own in
            let errors = own.answers.map { answer in zip(answer.values, own.truth).reduce(0) { $0 + Swift.abs($1.0 - $1.1) } / Double(own.truth.count) }
            return [own.shownName] + errors.map { Metric.text($0) } + [fixed(own.scaledError, 3)]
        }
        let columns = ["series"] + each[0].answers.map { "MAE, \($0.shortWords)" } + ["model's MAE / \(each[0].answers[each[0].answers.count - 1].shortWords)'s"]
        return .table(ReportTable(columns: columns, rows: rows))
    }

    /// Errors by steps ahead at several earlier ends of the series; `nil` where there are none.
    var earlierEnds: ReportSection? {
        guard let place = model.place(of: series), let backtest = model.series[place].combination?.backtest else { return nil }
        let own = model.series[place], naive = backtest.naiveErrors
        let rows = backtest.errors.enumerated().map { step, error in ["\(step + 1)", Metric.text(error), Metric.text(naive[step])] }
        let words =
            "Mean absolute errors of the simple methods together, at \(backtest.count) earlier ends of the series, whose later values they did not see. Their shares are chosen by these errors; the network is left out, since it has learned from these values."
        return ReportSection(
            "Errors at earlier ends",
            [
                .text(([words] + [own.coverageLine(isNamed: false)].compactMap { $0 }).joined(separator: " ")),
                .details("The numbers", [.table(ReportTable(columns: ["steps ahead", "together", "seasonal naive"], rows: rows))]),
            ])
    }
}
