import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentTrain

/// A table made ready for a classical model: what was guessed can be looked at before the fit.
///
///     let training = try ClassicalTraining(Table(path: "titanic.csv"), target: "Survived")
///     print(training.kind.title)          // logistic regression
///     print(try training.run().summary)
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
    /// The column to be predicted.
    public let target: TargetEncoder
    /// The other columns, as fitted on the rows that are fitted to.
    public let encoder: TableEncoder
    /// Which rows are fitted to, and which held out.
    public let split: Split
    /// Which data the table is; nil where it is not known.
    public let fingerprint: String?
    let design: DesignMatrix

    /// Decides what the columns are, divides the rows as a network's training does, and chooses the model.
    ///
    /// - Parameters:
    ///   - target: The name or number of the column to be predicted.
    ///   - fingerprint: Which data the table is, for the model's record.
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a table that cannot be learned from.
    public init(_ table: Table, target: String, settings: ClassicalSettings = ClassicalSettings(), fingerprint: String? = nil) throws {
        try settings.validate()
        var chosen = settings
        // Few whole numbers are guessed to be classes, and may be asked for as numbers.
        if settings.kind?.isRegression == true, settings.table.task == nil,
            try TargetEncoder(fitting: table, column: target).classes.allSatisfy({ Double($0) != nil })
        {
            chosen.table.task = .regression
        }
        (chosen.table.hidden, chosen.table.members, chosen.table.run.validationFraction) = ([], 1, 0)
        let prepared = try TabularTraining(table, target: target, settings: chosen.table, fingerprint: fingerprint)
        let task = prepared.target.task
        kind = settings.kind ?? .usual(for: task)
        switch (kind, task) {
        case (.linear, .binary), (.linear, .multiclass), (.ridge, .binary), (.ridge, .multiclass), (.lasso, .binary), (.lasso, .multiclass),
            (.elasticNet, .binary), (.elasticNet, .multiclass):
            throw SettingsError("a \(kind.title) says numbers, and a \(task.rawValue) answer is asked for; use --model \(ClassicalKind.usual(for: task).rawValue)")
        case (_, .regression) where !kind.isRegression:
            throw SettingsError("a \(kind.title) tells classes apart, and \(quoted(prepared.target.name)) holds numbers; use --model linear, or --task multiclass")
        case (.perceptron, .multiclass), (.logistic, .multiclass):
            throw SettingsError("a \(kind.title) tells two classes apart, and \(quoted(prepared.target.name)) has \(prepared.target.classes.count); use --model softmax or one-vs-rest")
        default: break
        }
        penalty = try settings.chosenPenalty(kind)
        method = try settings.chosenMethod(kind)
        self.table = table
        self.target = prepared.target
        self.encoder = prepared.encoder
        self.split = prepared.split
        self.fingerprint = fingerprint
        chosen.kind = kind
        chosen.table = prepared.settings
        self.settings = chosen
        let isScaled = penalty != .none || settings.degree > 1 || method?.needsScaling ?? false || kind == .perceptron
        design = try DesignMatrix(encoder, table, rows: split.train, degree: settings.degree, isScaled: isScaled)
    }

    /// What the columns became, in sentences.
    public var notes: [String] {
        design.notes + (design.isScaled ? ["Numbers are scaled to a mean of 0 and a deviation of 1; coefficients are of the scaled ones."] : [])
    }

    /// The names of what the model sees.
    public var featureNames: [String] { design.names }

    /// Fits the model, and measures it on the rows held out.
    ///
    /// - Throws: `ModelError` where the data has no answer (`separable` and others), `DataError` for a cell among the rows held out that fits its
    ///   column ill.
    public func run() throws -> ClassicalModel {
        let x = try design.matrix(table, rows: split.train, encoder)
        let fit = try ClassicalFit(self, x, targets: targets(split.train))
        var network: FeedForward?
        if settings.degree == 1, let outputs = fit.outputs { network = linearNetwork(outputs) }
        var settings = settings.table
        (settings.run.epochs, settings.run.steps, settings.run.batchSize) = (nil, nil, split.train.count)
        var record = ModelRecord(
            source: table.file, settings: settings, trained: Quantity(split.train.count, "rows"),
            heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "rows"), trainingLoss: 0, fingerprint: fingerprint)
        record.method = kind.title + (penalty == .none ? "" : ", penalty \(penalty.words)")
        if !split.test.isEmpty { try measure(&record, fit.answers(try design.matrix(table, rows: split.test, encoder))) }
        return ClassicalModel(self, fit, record: record, network: network)
    }

    /// Numbers in their own unit, or each class's place.
    private func targets(_ rows: [Int]) throws -> Tensor {
        if target.task != .regression { return Tensor(int64: try target.labels(table, rows: rows).map { Int($0) }) }
        _ = try target.values(table, rows: rows)
        let place = try target.place(in: table)
        return Tensor(float64: rows.map { table.number(row: $0, column: place) ?? .nan })
    }

    /// Measures the answers to the rows held out.
    private func measure(_ record: inout ModelRecord<TabularSettings>, _ answers: [Prediction]) throws {
        let truth = try targets(split.test)
        if target.task == .regression {
            return record.take(AnswerEvaluation(predicted: answers.map(\.number), truth: truth.doubles, baseline: target.mean), of: target, baseline: nil)
        }
        let frequent = TabularModel.mostFrequent(try target.labels(table, rows: split.train).map { Int($0) }, classes: target.classes.count)
        let evaluation = AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: truth.ints, classes: target.classes, baseline: frequent)
        record.take(evaluation, of: target, baseline: frequent)
    }

    /// The same model as a network without hidden layers, which `TabularModel` takes.
    private func linearNetwork(_ outputs: [ClassicalFit.Output]) -> FeedForward {
        let network = FeedForward(
            FeedForward.Architecture(
                inputs: encoder.featureCount, hidden: [], outputs: outputs.count, activation: settings.table.activation, dropout: 0))
        var weights: [Float] = [], biases: [Float] = []
        for output in outputs {
            let (own, bias) = design.weights(output.coefficients, intercept: output.intercept, features: encoder.featureCount)
            if target.task == .regression {
                // A network says the standardised number.
                weights += own.map { Float($0 / target.deviation) }
                biases.append(Float((bias - target.mean) / target.deviation))
            } else {
                // A model without probabilities is sure of all its answers.
                let factor = kind.hasProbabilities ? 1 : ClassicalFit.certainty
                weights += own.map { Float($0 * factor) }
                biases.append(Float(bias * factor))
            }
        }
        for entry in network.parameters {
            entry.variable.value = entry.path == "output.weight" ? Tensor(weights, shape: [outputs.count, encoder.featureCount]) : Tensor(biases)
        }
        network.infer()
        return network
    }
}
