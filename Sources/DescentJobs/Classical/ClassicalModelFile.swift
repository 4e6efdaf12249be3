import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentNN
import DescentTrain

/// What a card says of a classical model beside the record, and how it is read back.
extension ClassicalModel {
    /// The coefficients as the weights of a file.
    private struct Weights: Module {
        let coefficients: Variable
    }

    public var job: String { Self.jobName }
    public var module: any Module { Weights(coefficients: Variable(Tensor(float64: flat), isTrainable: true)) }
    public var summary: String { kind.title }

    /// All coefficients, intercepts first.
    private var flat: [Double] {
        switch rule {
        case .scores(let outputs): outputs.flatMap { [$0.intercept] + $0.coefficients }
        case .votes(let pairs): pairs.flatMap { [$0.output.intercept] + $0.output.coefficients }
        case .formula(_, let parameters): parameters.map(\.value)
        }
    }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["model"] = .string(kind.rawValue)
        parts["formula"] = .string(formula.source)
        parts["target"] = target.toJSON()
        parts["table"] = format.toJSON()
        if let design { parts["design"] = design.toJSON() }
        parts["rule"] = rule.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let card = file.card, name = try card["model"].string()
        guard let kind = ClassicalKind(rawValue: name) else { throw card["model"].error("is \(quoted(name)), which is unknown") }
        let target = try TargetEncoder(json: card["target"]), format = try TableFormat(json: card["table"])
        if kind.isRegression != (target.task == .regression) { throw card["model"].error("is \(name), which does not fit the task \(target.task.rawValue)") }
        guard format.names.contains(target.name) else { throw card["table"].error("lacks the target \(quoted(target.name))") }
        let text = try card["formula"].string()
        let formula: ModelFormula
        do throws(ExpressionError) { formula = try ModelFormula(text, columns: format.names) } catch { throw card["formula"].error("cannot be read: \(error.reason)") }
        let design = card["design"].exists ? try DesignMatrix(json: card["design"], format: format, target: target.name) : nil
        let rule = try ClassicalRule(json: card["rule"], columns: design?.columns.count ?? 0, classes: target.classes.count)
        if case .formula(let expression, let parameters) = rule {
            if kind != .nonlinear { throw card["rule"].error("is a formula, which a \(kind.title) has not") }
            let known = Set(format.names + parameters.map(\.name))
            if let stranger = expression.names.first(where: { !known.contains($0) }) { throw card["rule"].error("has no value for \(quoted(stranger))") }
        } else if design == nil || kind == .nonlinear {
            throw card["rule"].error("does not fit a \(kind.title)")
        }
        self.init(kind: kind, formula: formula, format: format, target: target, design: design, rule: rule, record: try file.record())
    }

    public var description: [String] { ["Target \(target.note).", "Formula \(formula.source)"] }

    public var details: [String] {
        let rows: [[String]] =
            switch rule {
            case .formula(_, let parameters): [["parameter", "estimate"]] + parameters.map { [$0.name, "\($0.value)"] }
            case .scores(let outputs): [["coefficient"] + outputs.map(\.name)] + Self.rows(outputs, design)
            case .votes(let pairs): [["coefficient"] + pairs.map(\.output.name)] + Self.rows(pairs.map(\.output), design)
            }
        return ClassicalSummary.aligned(rows).map { "  " + $0 }
    }

    private static func rows(_ outputs: [ClassicalRule.Output], _ design: DesignMatrix?) -> [[String]] {
        let names = design?.names ?? []
        let intercepts = design?.hasIntercept == false ? [] : [[LeastSquaresFit.interceptName] + outputs.map { "\($0.intercept)" }]
        return intercepts + names.indices.map { place in [names[place]] + outputs.map { "\($0.coefficients[place])" } }
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        let source = input.map { $0.path == "-" ? "FILE" : shellQuoted($0.path) } ?? "FILE"
        return ["predict \(shellQuoted(folder)) \(source) --brief --first 5"]
    }

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream { try TabularAnswers.stream(self, request, fileColumn: record.settings.reading.fileColumn) }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let given = try input.reading.naming(record.settings.reading.fileColumn).table(input.paths, like: format.options)
        let table = try formula.response.names.reduce(given) { try $0.leavingOutRows(without: $1) }
        // Rows that lack a cell have no answer, and are counted.
        let all = Array(0..<table.rowCount)
        let lacking = try design?.missing(table, rows: all) ?? ClassicalTraining.missing(requiredColumns, table, all)
        let rows = zip(all, lacking).filter { $1 == nil }.map(\.0)
        if rows.isEmpty { throw DataError(file: table.file, ClassicalTraining.leftOut(lacking) ?? "there are no rows") }
        let evaluation = try evaluation(table, rows: rows)
        let note = table.notices.dropFirst(given.notices.count).map { " \($0)." }.joined() + (ClassicalTraining.leftOut(lacking).map { " \($0)." } ?? "")
        return JobEvaluation(
            heading: "\(Quantity(evaluation.rows, "rows")) of \(table.file). Target \(target.note).\(note)", lines: evaluation.lines, json: evaluation.toJSON(),
            fingerprint: try input.reading.fingerprint(input.paths))
    }
}
