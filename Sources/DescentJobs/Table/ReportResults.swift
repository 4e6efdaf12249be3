import DescentCore
import DescentData
import DescentPlot
import DescentReports
import DescentTrain

/// The sections about answers and what they hang on.
extension TabularReport {
    /// The columns whose importance is drawn.
    private static let importanceLimit = 20
    /// The columns whose cells are shown beside a mistake.
    private static let shownColumns = 5
    /// More of a cell is not shown.
    private static let cellLimit = 40

    /// The figures that matter, the others to be opened.
    var result: [ReportBlock] {
        let names =
            model.target.task == .regression
            ? ["rSquared", "rootMeanSquareError", "meanAbsoluteError"]
            : ["accuracy", "balancedAccuracy", model.target.task == .binary ? "rocArea" : "f1Macro", "logLoss"]
        let figures = names.compactMap { name -> HeadlineMetric? in
            guard let metric = evaluation.metrics.first(where: { $0.name == name }) else { return nil }
            return HeadlineMetric(metric.title, metric.text, note: note(of: name))
        }
        let reach = model.interval.map { interval in
            let share = interval.coverage(truth: values.truth, answers: values.predicted)
            return HeadlineMetric("\(shortNumber(interval.level * 100)) % interval", "± \(Metric.text(interval.halfWidth))", note: "\(fixed(share, 3)) of these rows lie within")
        }
        var blocks: [ReportBlock] = warning.map { [.warning($0)] } ?? []
        blocks.append(.figures(figures + (reach.map { [$0] } ?? [])))
        blocks.append(JobReport.allMetrics(evaluation.metrics))
        return blocks
    }

    /// What a figure is to be compared with.
    private func note(of name: String) -> String {
        switch name {
        case "accuracy": evaluation["baselineAccuracy"].map { "majority class: \(fixed($0, 4))" } ?? ""
        case "rootMeanSquareError": evaluation["baselineRootMeanSquareError"].map { "predicting the mean: \(Metric.text($0))" } ?? ""
        case "rSquared": "1 is perfect, 0 is predicting the mean"
        case "rocArea": "0.5 is chance"
        default: ""
        }
    }

    /// How answers and truths go together.
    var answers: [ReportBlock] {
        model.target.task == .regression ? regressionAnswers : ClassAnswers(evaluation: evaluation, noun: "rows").blocks
    }

    private var regressionAnswers: [ReportBlock] {
        let pairs = Self.sample(Array(zip(values.truth, values.predicted)))
        let name = model.target.name
        let chart = Chart(
            "Predicted against true", x: Axis("\(name), true"), y: Axis("\(name), predicted"),
            marks: [.points(x: pairs.map(\.0), y: pairs.map(\.1)), .slopedLine(slope: 1, intercept: 0, label: "perfect")],
            note: pairs.count < values.truth.count ? "\(grouped(pairs.count)) of \(grouped(values.truth.count)) rows" : nil)
        let errors = Chart(
            "Errors", x: Axis("predicted minus true"), y: Axis("rows", includesZero: true),
            marks: [.histogram(zip(values.predicted, values.truth).map { $0 - $1 }), .verticalLine(at: 0)])
        return [.pictures([chart, errors])]
    }

    /// What the model owes to its columns.
    func blocks(of importance: PermutationImportance) -> [ReportBlock] {
        let shown = importance.columns.prefix(Self.importanceLimit)
        let chart = Chart(
            "Permutation importance: loss of \(importance.score) when a column is shuffled", x: Axis("loss of \(importance.score)", includesZero: true),
            marks: [
                .bars(shown.map(\.mean), categories: shown.map { Self.cut($0.name) }, direction: .horizontal, errors: shown.map(\.deviation))
            ])
        let repeats = importance.columns[0].falls.count
        let all = importance.columns.map { [$0.name, fixed($0.mean, 4), fixed($0.deviation, 4)] }
        return [
            .picture(
                chart,
                caption:
                    "Mean and standard deviation of \(repeats) shuffles, on \(grouped(Swift.min(rows.count, Self.sampleLimit))) \(rowsName), where \(importance.score) is \(fixed(importance.whole, 4)). Of correlated columns, each looks unimportant."
            ),
            .details("All columns", [.table(ReportTable(columns: ["column", "loss of \(importance.score)", "deviation"], rows: all))]),
        ]
    }

    /// The rows that were worst, with the cells that matter most.
    var mistakeBlocks: [ReportBlock] {
        if mistakes.isEmpty { return [.text("There are none: every answer was right.")] }
        let names = (importance?.columns.map(\.name) ?? model.encoder.featureRanges.map(\.column)).prefix(Self.shownColumns)
        let places = names.compactMap { name in table.names.firstIndex(of: name).map { (name, $0) } }
        let isNumber = model.target.task == .regression
        let rows = mistakes.map { mistake in
            [grouped(mistake.line), mistake.truth, mistake.answer, isNumber ? Metric.text(mistake.error) : fixed(mistake.confidence ?? 0, 3)]
                + places.map { Self.cut(table.text(row: mistake.row, column: $0.1)) }
        }
        let caption =
            isNumber
            ? "Rows with the largest errors, with the cells of the most important columns."
            : "Mistakes with the lowest probability for the true class, with the cells of the most important columns."
        return [
            .table(
                ReportTable(
                    columns: ["line", "true", "predicted", isNumber ? "error" : "confidence"] + places.map(\.0), rows: rows, caption: caption))
        ]
    }

    private static func cut(_ text: String) -> String { text.count > cellLimit ? text.prefix(cellLimit - 1) + "…" : text }
}
