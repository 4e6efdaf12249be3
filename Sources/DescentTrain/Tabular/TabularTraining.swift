import DescentCore
import DescentData
import DescentNN

/// A table made ready to be learned from: what was guessed can be looked at before the run.
///
///     let training = try TabularTraining(Table(path: "titanic.csv"), target: "Survived")
///     print(training.target.note)          // Survived: 2 classes (0, 1), so a binary classification
///     let model = try training.run()
public struct TabularTraining {
    /// What is learned from.
    public let table: Table
    /// The settings; task, epochs and batch size are those that were chosen.
    public let settings: TabularSettings
    /// The column to be predicted.
    public let target: TargetEncoder
    /// The other columns, as fitted on the training rows.
    public let encoder: TableEncoder
    /// Which rows are trained on, and which held out.
    public let split: Split
    /// The network to be trained.
    public let architecture: FeedForward.Architecture

    /// Decides what the columns are, and divides the rows.
    ///
    /// - Parameter target: The name or number of the column to be predicted.
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a table that cannot be learned from.
    public init(_ table: Table, target: String, settings: TabularSettings = TabularSettings()) throws {
        try settings.validate()
        self.table = table
        var target = try TargetEncoder(fitting: table, column: target, task: settings.task)
        split = try target.split(table, testFraction: settings.testFraction, seed: UInt64(bitPattern: Int64(settings.seed)))
        self.target = target
        encoder = try TableEncoder(fitting: table, rows: split.train, target: target.column, oddCells: settings.oddCells)
        var chosen = settings
        chosen.task = target.task
        let batchSize = settings.batchSize ?? TabularSettings.automaticBatchSize(rows: split.train.count)
        chosen.batchSize = batchSize
        chosen.epochs = settings.epochs ?? TabularSettings.automaticEpochs(rows: split.train.count, batchSize: batchSize)
        self.settings = chosen
        architecture = FeedForward.Architecture(
            inputs: encoder.featureCount, hidden: settings.hidden, outputs: target.task == .multiclass ? target.classes.count : 1,
            activation: settings.activation, dropout: settings.dropout)
        let parameters = architecture.shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        if parameters > TabularSettings.parameterLimit {
            throw SettingsError("the network would have \(grouped(parameters)) parameters, and \(grouped(TabularSettings.parameterLimit)) are possible; make the hidden layers smaller")
        }
    }

    /// Trains a network, and measures it on the rows held out.
    ///
    /// - Parameter report: Called after each step. An error that it throws ends the run and is passed on.
    /// - Throws: `DivergenceError`, and `DataError` for a cell among the rows held out that fits its column ill.
    public func run(report: (TrainingProgress) throws -> Void = { _ in }) throws -> TabularModel {
        let encoded = try encoder.transform(table, rows: split.train)
        // A bad cell among the rows held out is found now, not after the run.
        _ = try encoder.transform(table, rows: split.test)
        let inputs = Tensor(encoded.values, shape: [encoded.rowCount, encoded.featureCount])
        let task = target.task
        let targets: Tensor
        switch task {
        case .regression: targets = Tensor(try target.values(table, rows: split.train), shape: [encoded.rowCount, 1])
        case .binary: targets = Tensor(try target.labels(table, rows: split.train).map { Float($0) }, shape: [encoded.rowCount, 1])
        case .multiclass: targets = Tensor(int32: try target.labels(table, rows: split.train))
        }

        let network = FeedForward(architecture)
        network.initialize(seed: settings.seed)
        let optimizer = Adam(learningRate: settings.learningRate, weightDecay: settings.weightDecay)
        let trainer = Trainer(network, optimizer: optimizer) { network, inputs, targets in
            switch task {
            case .regression: meanSquaredError(network(inputs), targets)
            case .binary: binaryCrossEntropy(logits: network(inputs), targets)
            case .multiclass: softmaxCrossEntropy(network(inputs), targets)
            }
        }
        let loss = try trainer.fit(
            Examples(inputs: inputs, targets: targets), epochs: settings.epochs!, batchSize: settings.batchSize!, seed: settings.seed,
            report: report)

        var record = TabularModel.Record(
            source: table.file.split(separator: "/").last.map(String.init) ?? table.file, trainingRows: split.train.count, settings: settings, trainingLoss: loss, figures: nil,
            version: Release.version)
        if !split.test.isEmpty {
            let untested = TabularModel(network: network, encoder: encoder, target: target, record: record)
            record.figures = try untested.evaluate(table, rows: split.test, baselineFrom: split.train)
        }
        return TabularModel(network: network, encoder: encoder, target: target, record: record)
    }
}
