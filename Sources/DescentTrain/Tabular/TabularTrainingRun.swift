import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A run was asked to stop, and did, its state saved where there is a place for it.
public struct TrainingInterruption: Error, Equatable, Sendable, CustomStringConvertible {
    /// The epoch under way, from 1.
    public let epoch: Int
    /// The steps taken.
    public let step: Int

    /// The whole sentence.
    public var description: String { "stopped in epoch \(epoch), after step \(step)" }
}

extension TabularTraining {
    /// Trains a network, and measures it on the rows held out.
    ///
    /// - Parameter report: Called after each step. An error that it throws ends the run and is passed on.
    /// - Throws: `DivergenceError`, and `DataError` for a cell among the rows held out that fits its column ill.
    public func run(report: @escaping (TrainingProgress) throws -> Void) throws -> TabularModel {
        let observer = ObservingClosure { event in
            if case .step(let progress) = event { try report(progress) }
        }
        return try run(observers: [observer])
    }

    /// Trains a network, and measures it on the rows held out.
    ///
    /// - Parameters:
    ///   - checkpointing: Where the run is saved, and taken up if it was saved there before. Its fingerprint is made here; what it has as
    ///     settings is kept beside those of the training, as "caller".
    ///   - shouldStop: Asked after each step: `true` saves the run and ends it with a `TrainingInterruption`.
    /// - Throws: as `Trainer.fit`, `TrainingInterruption`, and `DataError` for a cell among the rows held out that fits its column ill.
    public func run(
        checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: () -> Bool = { false }
    ) throws -> TabularModel {
        let (network, outcome) = try fit(readsTestRows: true, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        if outcome.reason == .interrupted { throw TrainingInterruption(epoch: outcome.state.epoch, step: outcome.state.step) }

        var record = TabularModel.Record(
            source: table.file.split(separator: "/").last.map(String.init) ?? table.file, trainingRows: trainingRows.count, settings: settings,
            trainingLoss: outcome.loss, figures: nil, version: Release.version, fingerprint: fingerprint)
        record.settings.epochs = outcome.state.epoch
        if !split.test.isEmpty {
            let untested = TabularModel(network: network, encoder: encoder, target: target, record: record)
            record.figures = try untested.evaluate(table, rows: split.test, baselineFrom: trainingRows)
        }
        return TabularModel(network: network, encoder: encoder, target: target, record: record)
    }

    /// Trains a network, and measures it on the rows to validate on.
    ///
    /// - Parameter readsTestRows: Whether the rows held out are read, so that a bad cell among them is found before the run and not after it,
    ///   and so that a run is not taken up where they changed. They are never learned from.
    /// - Throws: as `run`.
    func fit(
        readsTestRows: Bool, checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: () -> Bool = { false }
    ) throws -> (network: FeedForward, outcome: TrainingOutcome) {
        let examples = try examples(trainingRows)
        let heldOut = [validationRows, readsTestRows ? split.test : []].filter { !$0.isEmpty }
        let others = try heldOut.map { try self.examples($0) }

        var checkpointing = checkpointing
        if let given = checkpointing {
            checkpointing?.settings = ["training": settings.toJSON(), "caller": given.settings]
            checkpointing?.fingerprint = Self.fingerprint([examples] + others)
            if given.resumes { try checkResuming(checkpointing!) }
        }

        let network = FeedForward(architecture)
        network.initialize(seed: settings.seed)
        let optimizer = Adam(learningRate: settings.learningRate, weightDecay: settings.weightDecay)
        let loss = TabularLoss(task: target.task, folds: folds, members: settings.members!)
        let schedule = settings.reduceOnPlateau == nil ? Schedule.cosine : .constant
        let trainer = Trainer(
            network, optimizer: optimizer, schedule: schedule, clipping: settings.clipNorm.map { .norm($0) } ?? .none, lossOfBatch: loss.training)
        let learned = loss.tensors(examples)
        let validation = validationRows.isEmpty && folds.isEmpty ? nil : loss.validation(of: network, on: folds.isEmpty ? loss.tensors(others[0]) : learned)
        let stopping = EarlyStopping(patience: settings.patience, minimumImprovement: settings.minimumImprovement)
        let outcome = try trainer.fit(
            ExampleBatches(learned, batchSize: settings.batchSize!, seed: settings.seed),
            for: settings.steps.map { .steps($0) } ?? .epochs(settings.epochs!), validation: validation,
            earlyStopping: validation == nil ? nil : stopping,
            rateReduction: settings.reduceOnPlateau.map { RateReduction(afterEpochs: $0, isValidated: validation != nil) },
            checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        return (network, outcome)
    }

    /// Which data the rows to train on are, as the network sees them.
    func trainingFingerprint() throws -> String { Self.fingerprint([try examples(trainingRows)]) }

    /// Refuses to take up a run that had other settings or other data.
    private func checkResuming(_ checkpointing: Checkpointing) throws {
        guard let found = try checkpointing.folder.checkpoint() else { return }
        let stored = try TabularSettings(json: found.reader["settings"]["training"])
        // Data that differs is found between: it may change what is chosen by it, and settings such as the seed change what is learned from.
        var difference = settings.difference(from: stored, chosenByData: false)
        if difference == nil, try checkpointing.isSameData(as: found) { difference = settings.difference(from: stored, chosenByData: true) }
        if let difference {
            throw ResumeError("\(difference): with other settings the run cannot go on; leave out what differs, or begin anew without --resume")
        }
    }

    /// Rows as tensors, the targets in the form that the loss takes.
    func examples(_ rows: [Int]) throws -> Examples {
        let encoded = try encoder.transform(table, rows: rows)
        let inputs = Tensor(encoded.values, shape: [encoded.rowCount, encoded.featureCount])
        switch target.task {
        case .regression: return Examples(inputs: inputs, targets: Tensor(try target.values(table, rows: rows), shape: [rows.count, 1]))
        case .binary: return Examples(inputs: inputs, targets: Tensor(try target.labels(table, rows: rows).map { Float($0) }, shape: [rows.count, 1]))
        case .multiclass: return Examples(inputs: inputs, targets: Tensor(int32: try target.labels(table, rows: rows)))
        }
    }

    /// A checksum of all that is learned from and measured on, as the network sees it.
    private static func fingerprint(_ parts: [Examples]) -> String {
        var value: UInt64 = 0
        for tensor in parts.flatMap({ [$0.inputs, $0.targets] }) {
            // The shape too: rows that move from one part to the next make other data.
            let seed = Checksum(Array("\(tensor.shape)".utf8), seed: value).value
            value = tensor.withUnsafeBytes { Checksum($0, seed: seed).value }
        }
        return String(value, radix: 16)
    }
}
