import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// What can be said of a model and of its making, as a page to be looked at.
///
///     let report = try TabularReport(model, table, rows: training.split.test)
///     try report.part().page(of: model).write(to: "report.html")
public struct TabularReport {
    /// The model.
    public let model: TabularModel
    /// All figures of the rows.
    public let evaluation: AnswerEvaluation
    /// What the model owes to each column; `nil` where that has no value.
    public let importance: PermutationImportance?
    /// The worst mistakes among the rows, the worst first.
    public let mistakes: [Mistake]
    /// What the rows are: "rows held out".
    public let rowsName: String
    /// What must be known before the figures are believed; `nil` for nothing.
    public let warning: String?

    let table: Table
    let rows: [Int]
    /// Of each row, for numbers: the truth and the answer.
    let values: (truth: [Double], predicted: [Double])

    /// More rows than this are not all shuffled to find what columns are worth, nor all drawn.
    static let sampleLimit = 2000
    /// How many times networks are run for all columns together.
    private static let importanceRuns = 200
    /// The mistakes that are listed.
    private static let mistakeLimit = 12

    /// Measures a model on rows of a table.
    ///
    /// - Parameters:
    ///   - rows: Rows whose truth the table has, from 0, at least one; best are rows that the model was not trained on.
    ///   - rowsName: What the rows are.
    /// - Throws: `DataError` as `TabularModel.evaluation`.
    public init(
        _ model: TabularModel, _ table: Table, rows: [Int], rowsName: String = "rows held out", warning: String? = nil
    ) throws(DataError) {
        if rows.isEmpty { stop("TabularReport: there are no rows to measure the model on.") }
        (self.model, self.table, self.rows) = (model, table, rows)
        (self.rowsName, self.warning) = (rowsName, warning)
        evaluation = try model.evaluation(table, rows: rows)
        mistakes = try model.worstMistakes(table, rows: rows, limit: Self.mistakeLimit)
        if model.target.task == .regression {
            values = (try model.trueValues(table, rows: rows), try model.predict(table, rows: rows).map(\.number))
        } else {
            values = ([], [])
        }
        // R² of one value throughout is none, and so is a column's share in it.
        if model.target.task == .regression, evaluation["rSquared"] == nil {
            importance = nil
        } else {
            let columns = model.encoder.featureRanges.count
            importance = try model.importance(
                table, rows: Self.sample(rows), repeats: Swift.max(2, Swift.min(10, Self.importanceRuns / columns)), seed: model.record.settings.seed)
        }
    }

    /// At most `sampleLimit` of some places, evenly spread.
    static func sample<Value>(_ values: [Value]) -> [Value] {
        let count = Swift.min(values.count, sampleLimit)
        return (0..<count).map { values[$0 * values.count / count] }
    }

    /// The report's part about rows and columns.
    public func part() -> JobReport {
        let record = model.record
        var sections = [ReportSection(model.target.task == .regression ? "Predicted and true" : "Right and wrong", answers)]
        if let importance { sections.append(ReportSection("What matters", blocks(of: importance))) }
        sections.append(ReportSection("The worst mistakes", mistakeBlocks))
        return JobReport(
            title: "\(model.target.name), from \(record.source)",
            subtitle: "\(model.target.note). Trained on \(record.trained), measured on \(grouped(rows.count)) \(rowsName).", result: result,
            sections: sections, configuration: [.details("Columns, and what became of them", [.list(model.encoder.describe())])])
    }
}

extension TabularTraining {
    /// The report about the rows held out; where there are none, about those trained on, with a warning.
    ///
    /// - Throws: `DataError` as `TabularModel.evaluation`.
    public func report(of model: TabularModel) throws -> JobReport {
        let isTested = !split.test.isEmpty
        return try TabularReport(
            model, table, rows: isTested ? split.test : trainingRows, rowsName: isTested ? "rows held out" : "rows that it was trained on",
            warning: isTested ? nil : "No rows were held out: these metrics are of rows that the model was trained on, and are too optimistic."
        ).part()
    }
}
