import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// One training run on sequences: what the tasks have in common.
package struct SequenceRun {
    /// The settings, all chosen.
    package let settings: SequenceSettings
    /// What the data is.
    package let fingerprint: String
    /// Where the run is saved; nil for nowhere.
    package let checkpointing: Checkpointing?
    package let observers: [any TrainingObserver]
    package let shouldStop: () -> Bool

    /// - Parameter checkpointing: its fingerprint and settings are set here; what it has as settings is kept beside them, as "caller".
    package init(
        settings: SequenceSettings, fingerprint: String, checkpointing: Checkpointing?, observers: [any TrainingObserver],
        shouldStop: @escaping () -> Bool
    ) {
        self.settings = settings
        self.fingerprint = fingerprint
        self.checkpointing = checkpointing
        self.observers = observers
        self.shouldStop = shouldStop
    }

    /// The steps that rise to the highest learning rate, at most.
    private static let warmUp = 200

    /// Initialises the model and trains it; where something is validated on, the model has the best weights in the end.
    ///
    /// - Throws: `TrainingInterruption` where it was asked to stop, `ResumeError` where a saved run cannot be taken up, and as `Trainer.fit`.
    package func fit<Model: Module>(
        _ model: Model, on source: some BatchSource, validation: SequenceValidation<Model>? = nil, loss: @escaping (Model, [Tensor]) -> Tensor
    ) throws -> TrainingOutcome {
        let saved = try savedSteps()
        model.initialize(seed: settings.seed)
        var length = settings.steps.map(TrainingLength.steps) ?? .epochs(settings.epochs ?? 1)
        if let minutes = settings.minutes {
            let steps = try saved ?? stepsWithin(minutes * 60, model, on: source, loss: loss)
            length = .steps(steps)
            // The steps that were tried have left no trace.
            model.initialize(seed: settings.seed)
        }
        let (steps, epochs) = length.total(of: source)
        let trainer = trainer(model, steps: steps, loss: loss)
        var checkpointing = checkpointing
        if let given = checkpointing {
            checkpointing?.settings = ["sequence": settings.toJSON(), "plannedSteps": .integer(Int64(steps)), "caller": given.settings]
            checkpointing?.fingerprint = fingerprint
        }
        let perEpoch = validation?.measurements(epochs: epochs) ?? 1
        let interval = perEpoch == 1 ? Validation.Interval.epochs(1) : .steps(Swift.max(1, source.steps(inEpoch: 1) / perEpoch))
        let stopping = EarlyStopping(patience: settings.patience.map { $0 * perEpoch }, minimumImprovement: settings.minimumImprovement ?? 0)
        let reduction = settings.reduceOnPlateau.map { RateReduction(afterEpochs: $0, measurementsPerEpoch: perEpoch, isValidated: validation != nil) }
        let records = (SequenceValidation<Model>.recordCount + epochs - 1) / epochs
        let isShort = epochs < SequenceValidation<Model>.fewEpochs
        let outcome = try trainer.fit(
            source, for: length,
            validation: validation.map { validation in
                Validation(every: interval) { [TrainingRecord.Metric("validation_loss", try validation.loss(trainer))] }
            },
            earlyStopping: validation == nil ? nil : stopping, rateReduction: reduction,
            recordInterval: isShort ? (source.steps(inEpoch: 1) + records - 1) / records : nil,
            checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        if outcome.reason == .interrupted { throw TrainingInterruption(epoch: outcome.state.epoch, step: outcome.state.step) }
        return outcome
    }

    private func trainer<Model: Module>(_ model: Model, steps: Int, loss: @escaping (Model, [Tensor]) -> Tensor) -> Trainer<Model> {
        let optimizer = AdamW(learningRate: settings.learningRate ?? 3e-3, weightDecay: settings.weightDecay ?? 0)
        let schedule = Schedule.warmUp(
            steps: Swift.max(1, Swift.min(Self.warmUp, steps / 20)), then: settings.reduceOnPlateau == nil ? .cosine : .constant)
        return Trainer(model, optimizer: optimizer, schedule: schedule, clipping: settings.clipNorm.map { .norm($0) } ?? .none, lossOfBatch: loss)
    }

    /// How many steps fit into a time, by the fastest of some that are tried: whoever else uses the machine now may not do so later.
    private func stepsWithin<Model: Module>(
        _ seconds: Double, _ model: Model, on source: some BatchSource, loss: @escaping (Model, [Tensor]) -> Tensor
    ) throws -> Int {
        let trainer = trainer(model, steps: 1, loss: loss)
        model.train()
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(Swift.min(seconds / 20, 5))
        var times: [Duration] = []
        while times.count < 4 || clock.now < limit {
            let step = times.count % source.steps(inEpoch: 1)
            let batch = try source.batch(step, ofEpoch: 1)
            times.append(try clock.measure { _ = try trainer.step(batch) })
        }
        // The first steps of each form are compiled; half of the others are slower than the middle one.
        let middle = times.sorted()[times.count / 2]
        return Swift.max(1, Int(seconds * 0.95 / (middle / .seconds(1))))
    }

    /// The steps of the run that the folder holds, if it is to be taken up.
    private func savedSteps() throws -> Int? {
        guard let checkpointing, checkpointing.resumes, let checkpoint = try checkpointing.folder.checkpoint() else { return nil }
        let stored = checkpoint.reader["settings"]
        guard stored["sequence"].exists else {
            throw ResumeError("\(checkpoint.file) is of a run on another kind of data; choose another folder, or begin anew without --resume")
        }
        let before = try SequenceSettings(json: stored["sequence"])
        guard case .object(let mine) = settings.toJSON(), case .object(let theirs) = before.toJSON() else { return nil }
        for key in Set(mine.keys + theirs.keys).sorted() where mine[key] != theirs[key] {
            let texts = [mine[key], theirs[key]].map { value in value.flatMap { try? $0.text() } ?? "not set" }
            throw ResumeError(
                "\(key) is \(texts[0]), and \(texts[1]) in the checkpoint: with other settings the run cannot go on; leave out what differs, or begin anew without --resume")
        }
        return try stored["plannedSteps"].int()
    }
}
