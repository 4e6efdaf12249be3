import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentNN
import DescentTrain

/// A classical model that was fitted to a table: how it answers, in float64, and how it reads a table.
///
/// As it comes from a fit it also says what was inferred; read from a file it says its coefficients.
public struct ClassicalModel: JobModel {
    /// The name of such models in cards.
    static let jobName = "classical"

    /// The fitted model.
    public let kind: ClassicalKind
    /// The model as a formula.
    public let formula: ModelFormula
    /// What is predicted.
    public let target: TargetEncoder
    /// How it was made, and how well it does on the rows held out.
    public let record: ModelRecord<TabularSettings>
    let format: TableFormat
    let design: DesignMatrix?
    let rule: ClassicalRule
    /// The fit and its data; nil for a model that was read.
    var fit: ClassicalFit?
    var training: ClassicalTraining?

    init(
        kind: ClassicalKind, formula: ModelFormula, format: TableFormat, target: TargetEncoder, design: DesignMatrix?, rule: ClassicalRule, record: ModelRecord<TabularSettings>
    ) {
        (self.kind, self.formula, self.format, self.target, self.design, self.rule, self.record) = (kind, formula, format, target, design, rule, record)
    }

    /// The model's summary, line by line: coefficients with their standard errors, how well it fits, what was noticed. Empty for a model that was read.
    public var fitSummary: [String] { fit?.summary ?? [] }
    /// The coefficients with their standard errors, tests and intervals; empty where the model has none, and for a model that was read.
    public var estimates: [Estimate] { fit?.inference?.estimates ?? [] }

    /// Each coefficient with what is known of it, for machines; of models of several outputs each output's in turn.
    public var coefficients: JSON {
        if let estimates = fit?.inference?.estimates {
            let isOdds = kind == .logistic
            return .array(estimates.map { $0.toJSON(isOdds: isOdds) })
        }
        let outputs: [ClassicalRule.Output]
        switch rule {
        case .scores(let all): outputs = all
        case .votes(let pairs): outputs = pairs.map(\.output)
        case .formula(_, let parameters): return .array(parameters.map { ["name": .string($0.name), "estimate": .number($0.value)] })
        }
        let names = design?.names ?? []
        return .array(
            outputs.flatMap { output in
                zip([LeastSquaresFit.interceptName] + names, [output.intercept] + output.coefficients).dropFirst(design?.hasIntercept == false ? 1 : 0).map { name, value in
                    outputs.count == 1 ? ["name": .string(name), "estimate": .number(value)] : ["output": .string(output.name), "name": .string(name), "estimate": .number(value)]
                }
            })
    }

    /// The statistics of the whole fit, for machines.
    public var statistics: JSON {
        var object = JSON.Object()
        for (name, value) in fit?.inference?.statistics ?? [] { object[name] = .number(value) }
        return .object(object)
    }

    // MARK: - Answers

    /// The answers to rows of a table.
    ///
    /// - Parameter rows: Which rows, from 0; nil for all.
    /// - Throws: `DataError` that names the columns that are missing, or the line of a row that lacks a cell or has a level that no fitted row had.
    public func predict(_ table: Table, rows: [Int]? = nil) throws(DataError) -> [Prediction] {
        let rows = rows ?? Array(0..<table.rowCount)
        let answers: [Prediction]
        switch rule {
        case .formula(let expression, let parameters):
            var inputs: [String: Double] = [:]
            for (name, value) in parameters { inputs[name] = value }
            let known = inputs
            // Parameters are columns of one value to the formula.
            let values = try DesignMatrix.values(of: expression.source, table, rows) { (name) throws(DataError) in
                if let value = known[name] { return [Double](repeating: value, count: rows.count) }
                return try numbers(name, table, rows)
            }
            answers = values.map { .value($0) }
        case .scores, .votes:
            let design = design!
            if let place = try design.missing(table, rows: rows).firstIndex(where: { $0 != nil }), let name = try design.missing(table, rows: [rows[place]])[0] {
                throw try lacking(name, table, row: rows[place])
            }
            answers = rule.answers(kind, classes: target.classes, try design.matrix(table, rows: rows), count: rows.count)
        }
        if let place = answers.firstIndex(where: { !$0.isFinite }) {
            throw DataError(file: table.file(ofRow: rows[place]), line: table.line(ofRow: rows[place]), "the model's answer is not a finite number: this row's numbers are too large")
        }
        return answers
    }

    private func numbers(_ name: String, _ table: Table, _ rows: [Int]) throws(DataError) -> [Double] {
        let place = try format.place(of: name, in: table, without: target.name)
        var values: [Double] = []
        for row in rows {
            guard let value = table.number(row: row, column: place) else { throw try lacking(name, table, row: row) }
            values.append(value)
        }
        return values
    }

    private func lacking(_ name: String, _ table: Table, row: Int) throws(DataError) -> DataError {
        let place = try format.place(of: name, in: table, without: target.name)
        let reason = table.isMissing(row: row, column: place) ? "missing, so the row has no answer" : "\(quoted(table.text(row: row, column: place))), not a finite number"
        return DataError(file: table.file(ofRow: row), line: table.line(ofRow: row), column: name, "column \(quoted(name)) is \(reason)")
    }

    /// Everything that can be said of the model's answers to rows whose truth the table has.
    ///
    /// - Parameters:
    ///   - rows: Which rows, from 0; nil for all.
    ///   - baseline: The class that is answered without a model; nil for the one that was most frequent in training or, where that is not known, is most frequent here.
    /// - Throws: `DataError` as `predict`, and for a target that is missing or none of the classes.
    public func evaluation(_ table: Table, rows: [Int]? = nil, baseline: Int? = nil) throws(DataError) -> AnswerEvaluation {
        let rows = rows ?? Array(0..<table.rowCount), answers = try predict(table, rows: rows)
        if target.task == .regression {
            let truth = try ClassicalTraining.response(formula, table, rows, format: format)
            let mean = formula.target == nil ? truth.reduce(0, +) / Double(Swift.max(truth.count, 1)) : target.mean
            return AnswerEvaluation(predicted: answers.map(\.number), truth: truth, baseline: mean)
        }
        let labels = try target.labels(table, rows: rows).map { Int($0) }
        let known = record.baseline.flatMap { target.classes.firstIndex(of: $0) }
        return AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: target.classes,
            baseline: baseline ?? known ?? TabularModel.mostFrequent(labels, classes: target.classes.count))
    }
}

extension ClassicalModel: RowModel {
    var hasHeader: Bool { format.hasHeader }
    var tableOptions: Table.Options { format.options }
    var columnNames: [String] { format.names.filter { $0 != target.name } }
    var spellings: [String: NumberSpelling] { format.spellings }
    var unseenCategories: UnseenCategories { UnseenCategories() }

    var requiredColumns: [String] {
        guard case .formula(let expression, let parameters) = rule else { return design?.requiredColumns ?? [] }
        return expression.names.filter { name in !parameters.contains { $0.name == name } }
    }

    func check(_ table: Table) throws(DataError) { for name in requiredColumns { _ = try format.place(of: name, in: table, without: target.name) } }
}
