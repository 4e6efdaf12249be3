import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentTrain

/// A table made ready for a classical model: what was guessed can be looked at before the fit.
///
///     let training = try ClassicalTraining(Table(path: "titanic.csv"), target: "Survived")
///     print(training.kind.title)          // logistic regression
///     print(try training.run().summary)
///
///     var settings = ClassicalSettings()
///     settings.formula = "y ~ b1*(1 - exp(-b2*x))"
///     print(try ClassicalTraining(table, settings: settings).run().estimates)
public struct ClassicalTraining {
    /// What is learned from.
    public let table: Table
    /// The settings; task and model are those that were chosen.
    public let settings: ClassicalSettings
    /// The model.
    public let kind: ClassicalKind
    /// What is added to its objective.
    public let penalty: Penalty
    /// How its minimum is found; nil where there is one way only.
    public let method: ClassicalMethod?
    /// The model as a formula.
    public let formula: ModelFormula
    /// The column to be predicted.
    public let target: TargetEncoder
    /// Which rows are fitted to, and which held out; rows that lack a used cell are in neither.
    public let split: Split
    /// How the table is written.
    public let format: TableFormat
    /// Which data the table is; nil where it is not known.
    public let fingerprint: String?
    /// The columns that the terms make; nil for a nonlinear model.
    private(set) var design: DesignMatrix?
    /// What is done with each column, in lines.
    public private(set) var columnNotes: [String] = []
    /// Other things that a person should know, in sentences.
    public private(set) var notes: [String] = []

    /// Reads the formula, decides what the columns are, divides the rows, and chooses the model.
    ///
    /// - Parameters:
    ///   - target: The name or number of the column to be predicted; nil where the formula says it.
    ///   - fingerprint: Which data the table is, for the model's record.
    /// - Throws: `SettingsError` for settings that cannot be used, `ExpressionError` for a formula, `DataError` for a table that cannot be learned from.
    public init(_ table: Table, target: String? = nil, settings: ClassicalSettings = ClassicalSettings(), fingerprint: String? = nil) throws {
        try settings.validate()
        (self.fingerprint, format) = (fingerprint, TableFormat(of: table))
        let names = table.names
        let told = try target.map { names[try table.column($0)] }
        var formula = try settings.formula.map { try ModelFormula($0, columns: names, target: told) }
        guard let predicted = formula.map({ $0.response.names[0] }) ?? told else { throw SettingsError("which column is to be predicted? Say --target or --formula") }
        if let formula, let told, !formula.response.names.contains(told) {
            throw SettingsError("the formula predicts \(formula.response.source), and --target says \(told); leave one of them out")
        }
        let table = try (formula?.response.names ?? [predicted]).reduce(table) { try $0.leavingOutRows(without: $1) }
        self.table = table
        var chosen = settings
        let isNonlinear = if case .nonlinear? = formula?.content { true } else { false }
        if isNonlinear {
            if let kind = settings.kind, kind != .nonlinear { throw SettingsError("a formula with names that are no columns is nonlinear least squares; leave out --model \(kind.rawValue)") }
            chosen.kind = .nonlinear
        } else {
            if settings.kind == .nonlinear { throw SettingsError("nonlinear least squares needs a formula with parameters: --formula \"y ~ b1*exp(-b2*x)\"") }
            if !settings.start.isEmpty || !settings.bounds.isEmpty { throw SettingsError("--start and --bounds are for formulas with parameters, names that are no columns; this one has none") }
        }
        chosen.table.task = try Self.task(table, predicted, settings: chosen, isFormula: formula != nil, isComputed: formula.map { $0.target == nil } ?? false)
        var encoder = try TargetEncoder(fitting: table, column: predicted, task: chosen.table.task)
        let task = encoder.task
        kind = chosen.kind ?? .usual(for: task)
        try Self.check(kind, task, encoder)
        penalty = try settings.chosenPenalty(kind)
        method = try settings.chosenMethod(kind)
        if settings.isRobust, kind != .linear || method != .automatic { throw SettingsError("robust standard errors are those of a linear regression; leave out --robust") }
        let whole = try encoder.split(table, testFraction: settings.table.testFraction ?? 0, seed: UInt64(bitPattern: Int64(settings.table.seed)))
        for name in settings.table.columns.keys.sorted() where try table.column(name) == encoder.column {
            throw SettingsError("column \(quoted(name)) is the target, which has a task (--task) instead of a kind")
        }
        let kinds = Dictionary(try settings.table.columns.map { (names[try table.column($0.key)], $0.value) }) { first, _ in first }
        let references = Dictionary(try settings.references.map { (names[try table.column($0.key)], $0.value) }) { first, _ in first }
        var lacking: (train: [String?], test: [String?]) = ([], [])
        if let formula, case .nonlinear(let expression, let parameters) = formula.content {
            try Self.checkStart(settings, parameters)
            let columns = expression.names.filter { !parameters.contains($0) }
            lacking = (try Self.missing(columns, table, whole.train), try Self.missing(columns, table, whole.test))
            for column in columns { columnNotes.append("\(column): numeric") }
        } else {
            let others = names.filter { $0 != predicted }
            var asked: Set<String> = []
            if let formula, case .linear(let terms) = formula.content { asked = Set(terms.flatMap(\.factors).flatMap(Self.columns)) }
            let isAll = formula == nil || settings.formula!.contains(".")
            var fitted = try FittedColumns(
                table, rows: whole.train, columns: formula == nil ? others : others.filter { asked.contains($0) }, asked: isAll ? [] : asked, kinds: kinds,
                references: references.filter { reference in formula.map { _ in !Self.isCategoryTerm(reference.key, formula) } ?? true }, invalidCells: settings.table.invalidCells)
            var terms: [FormulaTerm]
            if let formula, case .linear(let all) = formula.content {
                for case .category(let name) in all.flatMap(\.factors) { try fitted.makeCategory(name, table, rows: whole.train, reference: references[name]) }
                terms = all.filter { term in !term.factors.contains { factor in if case .column(let name) = factor { fitted.ignored.contains { $0.name == name } } else { false } } }
                for case .power(let name, let exponent) in terms.flatMap(\.factors) where !fitted.numeric.contains(name) {
                    throw SettingsError("\(name)^\(exponent): \(quoted(name)) holds no numbers")
                }
            } else {
                terms = [.intercept] + (try Self.allTerms(others, fitted, settings, table))
            }
            if settings.degree > 1 {
                let base = terms.filter { $0 != .intercept }
                let width = try DesignMatrix(base, intercept: true, isFull: settings.hasAllLevels, fitted, format: format, target: predicted).columns.count
                terms =
                    [.intercept]
                    + (try PolynomialTerms.all(base, degree: settings.degree, columns: width) { term in
                        if case .column(let name)? = term.factors.first { fitted.numeric.contains(name) } else { true }
                    })
            }
            if terms.isEmpty || (terms == [.intercept] && formula == nil) {
                throw DataError(file: table.file, "no column is usable as an input: " + fitted.ignored.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
            }
            let hasIntercept = terms.contains(.intercept)
            if !hasIntercept, ![.linear, .logistic].contains(kind) || ![.automatic, .newton].contains(method) {
                throw SettingsError("a \(kind.title) always has an intercept; leave out - 1")
            }
            formula = ModelFormula(response: try formula?.response ?? Expression(FormulaTerm.written(predicted)), terms: terms)
            var design = try DesignMatrix(
                terms.filter { $0 != .intercept }, intercept: hasIntercept, isFull: settings.hasAllLevels && penalty != .none, fitted, format: format, target: predicted)
            if settings.hasAllLevels, penalty == .none, !fitted.categories.isEmpty {
                throw SettingsError("with one column for each level and no penalty the coefficients are not determined; add --penalty ridge:1, or take out the intercept (- 1 in a formula)")
            }
            lacking = (try design.missing(table, rows: whole.train), try design.missing(table, rows: whole.test))
            columnNotes = Self.describe(names.filter { $0 != predicted }, fitted, design, table, rows: whole.train)
            let rows = zip(whole.train, lacking.train).filter { $1 == nil }.map(\.0)
            if rows.isEmpty { throw DataError(file: table.file, Self.leftOut(lacking.train) ?? "there are no rows to fit to") }
            let isScaled = settings.isStandardized || penalty != .none || method?.needsScaling ?? false || kind == .perceptron
            if isScaled { try design.scale(table, rows: rows) }
            let dropped = Self.useless(try design.matrix(table, rows: rows), hasIntercept: hasIntercept, isExact: penalty == .none)
            // Least squares says of itself what it drops.
            design.drop(Set(dropped.map(\.column)))
            if hasIntercept, design.columns.isEmpty, formula!.source.hasSuffix("~ 1") == false {
                throw DataError(file: table.file, "no column is usable as an input: " + dropped.map(\.description).joined(separator: " "))
            }
            notes += Self.noteDropped(dropped)
            self.design = design
            if isScaled { notes.append("Numbers are scaled to a mean of 0 and a deviation of 1; coefficients are of the scaled ones.") }
        }
        if let sentence = Self.leftOut(lacking.train + lacking.test) { notes.append(sentence + ".") }
        split = Split(
            train: zip(whole.train, lacking.train).filter { $1 == nil }.map(\.0), test: zip(whole.test, lacking.test).filter { $1 == nil }.map(\.0))
        if split.train.isEmpty { throw DataError(file: table.file, Self.leftOut(lacking.train) ?? "there are no rows to fit to") }
        try encoder.fitStandard(table, rows: split.train)
        self.formula = formula!
        self.target = encoder
        chosen.kind = kind
        chosen.table.task = task
        (chosen.table.hidden, chosen.table.members, chosen.table.run.validationFraction) = ([], 1, 0)
        chosen.table.run.testFraction = settings.table.testFraction ?? 0
        self.settings = chosen
    }

    /// The names of what the model sees.
    public var featureNames: [String] { design?.names ?? [] }

    /// Fits the model, and measures it on the rows held out.
    ///
    /// - Throws: `ModelError` where the data has no answer (`separable` and others), `DataError` for a cell among the rows held out that fits its
    ///   column ill.
    public func run() throws -> ClassicalModel {
        let fit = try ClassicalFit(self)
        var settings = settings.table
        (settings.run.epochs, settings.run.steps, settings.run.batchSize) = (nil, nil, split.train.count)
        var record = ModelRecord(
            source: table.file, settings: settings, trained: Quantity(split.train.count, "rows"),
            heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "rows"), trainingLoss: 0, fingerprint: fingerprint)
        record.method = kind.title + (penalty == .none ? "" : ", penalty \(penalty.words)")
        var model = ClassicalModel(kind: kind, formula: formula, format: format, target: target, design: design, rule: fit.rule, record: record)
        if !split.test.isEmpty {
            var frequent: Int?
            if target.task != .regression {
                frequent = TabularModel.mostFrequent(try target.labels(table, rows: split.train).map { Int($0) }, classes: target.classes.count)
            }
            record.take(try model.evaluation(table, rows: split.test, baseline: frequent), of: target, baseline: frequent)
            model = ClassicalModel(kind: kind, formula: formula, format: format, target: target, design: design, rule: fit.rule, record: record)
        }
        model.fit = fit
        model.training = self
        return model
    }

    /// What is predicted, row by row: numbers in their own unit or computed from them, or each class's place.
    func targets(_ rows: [Int]) throws -> [Double] {
        if target.task != .regression { return try target.labels(table, rows: rows).map { Double($0) } }
        return try Self.response(formula, table, rows, format: format)
    }

    /// The numbers that a formula predicts.
    ///
    /// - Throws: `DataError` with the line of a cell that is missing or no number, or has no finite value of the left side.
    static func response(_ formula: ModelFormula, _ table: Table, _ rows: [Int], format: TableFormat) throws(DataError) -> [Double] {
        func cells(_ name: String) throws(DataError) -> [Double] {
            let place = try table.column(name)
            var values: [Double] = []
            for row in rows {
                guard let value = table.number(row: row, column: place) else {
                    let text = table.text(row: row, column: place)
                    throw DataError(
                        file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
                        "the target \(quoted(name)) is \(table.isMissing(row: row, column: place) ? "missing" : quoted(text) + ", not a finite number")")
                }
                values.append(value)
            }
            return values
        }
        if let name = formula.target { return try cells(name) }
        return try DesignMatrix.values(of: formula.response.source, table, rows, cells)
    }
}
