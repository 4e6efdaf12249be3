import DescentCore
import DescentFormats
import DescentNN
import DescentTrain

/// A run was asked to stop, and did; its state is saved where there is a place for it.
public struct TrainingInterruption: Error, Equatable, Sendable, CustomStringConvertible {
    /// The epoch under way, from 1.
    public let epoch: Int
    /// The steps taken.
    public let step: Int

    /// The whole sentence.
    public var description: String { "stopped in epoch \(epoch), after step \(step)" }
}

extension JobTraining {
    /// Trains a network, and measures it on what is held out.
    ///
    /// - Parameter report: Called after each step. An error that it throws ends the run and is passed on.
    /// - Throws: as `run(checkpointing:observers:shouldStop:)`.
    public func run(report: @escaping (TrainingProgress) throws -> Void) throws -> Model {
        try run(observers: [ObservingClosure { event in if case .step(let progress) = event { try report(progress) } }])
    }

    /// Trains a network, and measures it on what is held out.
    ///
    /// - Parameters:
    ///   - checkpointing: Where the run is saved, and resumed if it was saved there before. Its fingerprint is set here; what it has as
    ///     settings is kept beside those of the job, as "caller".
    ///   - shouldStop: Asked after each step: `true` saves the run and ends it with a `TrainingInterruption`.
    /// - Throws: `TrainingInterruption`, `DivergenceError`, `AnswerDivergenceError`, `ResumeError` where a saved run cannot be resumed, `DataError` for data that does
    ///   not fit, and as `Trainer.fit`.
    public func run(
        checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: () -> Bool = { false }
    ) throws -> Model {
        if let model = try solved() { return model }
        let (network, outcome) = try fit(readsHeldOut: true, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        if outcome.reason == .interrupted { throw TrainingInterruption(epoch: outcome.state.epoch, step: outcome.state.step) }
        let model = try model(of: network, outcome: outcome)
        if let count = model.record[AnswerEvaluation.brokenAnswers] {
            throw AnswerDivergenceError(count: Int(count), learningRate: settings.run.learningRate ?? RunSettings.usualLearningRate)
        }
        return model
    }

    /// Trains a network; where something is validated on, it has the weights with the lowest validation loss.
    ///
    /// - Throws: as `run`, without `TrainingInterruption`.
    func fit(
        readsHeldOut: Bool, checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: () -> Bool = { false }
    ) throws -> (network: Network, outcome: TrainingOutcome) {
        let run = settings.run
        let plan = try plan(readsHeldOut: readsHeldOut)
        let saved = try checkpointing.flatMap { try savedSteps($0, fingerprint: plan.fingerprint) }
        let (network, source) = (plan.network, plan.source)
        network.initialize(seed: run.seed)
        var length = run.steps.map(TrainingLength.steps) ?? .epochs(run.epochs ?? 1)
        if let minutes = run.minutes {
            length = .steps(try saved ?? steps(within: minutes * 60, plan))
            // The steps that were timed leave no trace.
            network.initialize(seed: run.seed)
        }
        let (steps, epochs) = length.total(of: source)
        let trainer = trainer(plan, steps: steps)
        var checkpointing = checkpointing
        if let given = checkpointing {
            checkpointing?.settings = ["chosen": settings.toJSON(), "plannedSteps": .integer(Int64(steps)), "caller": given.settings]
            checkpointing?.fingerprint = plan.fingerprint
        }
        let perEpoch = plan.validation?.measurements(epochs: epochs) ?? 1
        let interval = perEpoch == 1 ? Validation.Interval.epochs(1) : .steps(Swift.max(1, source.steps(inEpoch: 1) / perEpoch))
        let stopping = EarlyStopping(patience: run.patience.map { $0 * perEpoch }, minimumImprovement: run.minimumImprovement ?? 0)
        let reduction = run.reduceOnPlateau.map { RateReduction(afterEpochs: $0, measurementsPerEpoch: perEpoch, isValidated: plan.validation != nil) }
        let records = (PlannedValidation<Network>.recordCount + epochs - 1) / epochs
        let isShort = epochs < PlannedValidation<Network>.fewEpochs
        let outcome = try trainer.fit(
            source, for: length,
            validation: plan.validation.map { validation in
                Validation(every: interval) { [TrainingRecord.Metric("validation_loss", try validation.loss(trainer))] }
            },
            earlyStopping: plan.validation == nil ? nil : stopping, rateReduction: reduction,
            recordInterval: isShort ? (source.steps(inEpoch: 1) + records - 1) / records : nil, checkpointing: checkpointing, observers: observers,
            shouldStop: shouldStop)
        return (network, outcome)
    }

    private func trainer(_ plan: TrainingPlan<Network>, steps: Int) -> Trainer<Network> {
        let run = settings.run
        let optimizer = run.optimizer.make(learningRate: run.learningRate ?? RunSettings.usualLearningRate, weightDecay: run.weightDecay ?? 0)
        let schedule = run.chosenSchedule
        return Trainer(
            plan.network, optimizer: optimizer,
            schedule: plan.warmUp > 0 ? .warmUp(steps: Swift.max(1, Swift.min(plan.warmUp, steps / 20)), then: schedule) : schedule,
            clipping: run.clipNorm.map { .norm($0) } ?? .none, lossOfBatch: plan.loss)
    }

    /// How many steps fit into a time, by the median of some that are timed.
    private func steps(within seconds: Double, _ plan: TrainingPlan<Network>) throws -> Int {
        let trainer = trainer(plan, steps: 1)
        plan.network.train()
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(Swift.min(seconds / 20, 5))
        var times: [Duration] = []
        while times.count < 4 || clock.now < limit {
            let step = times.count % plan.source.steps(inEpoch: 1)
            let batch = try plan.source.batch(step, ofEpoch: 1)
            times.append(try clock.measure { _ = try trainer.step(batch) })
        }
        // The first steps of each form are compiled; the median leaves them out.
        let middle = times.sorted()[times.count / 2]
        return Swift.max(1, Int(seconds * 0.95 / (middle / .seconds(1))))
    }

    /// The steps of the run that the folder holds, if it is to be resumed.
    ///
    /// - Throws: `ResumeError` where that run had other settings.
    private func savedSteps(_ checkpointing: Checkpointing, fingerprint: String) throws -> Int? {
        guard checkpointing.resumes, let checkpoint = try checkpointing.folder.checkpoint() else { return nil }
        let stored = checkpoint.reader["settings"]
        guard stored["chosen"].exists else {
            throw ResumeError("\(checkpoint.file) was not saved by this kind of run; choose another folder, or start over without --resume")
        }
        let before = try Settings(json: stored["chosen"])
        // Other data may change what is chosen by it, and then the data is to be named; a setting such as the seed changes what is learned from.
        var difference = settings.difference(from: before) { !Settings.chosenByData.contains($0) }
        if difference == nil, try checkpoint.reader["fingerprint"].string() == fingerprint { difference = settings.difference(from: before) { _ in true } }
        if let difference {
            throw ResumeError("\(difference): a run is resumed with the same settings; leave out what differs, or start over without --resume")
        }
        return try stored["plannedSteps"].int()
    }

    /// The learning-rate range test of the network and the optimizer that `run` trains with. No model is kept.
    ///
    /// - Throws: what reading the data throws.
    public func rangeTest(from lowest: Double = 1e-6, to highest: Double = 10, count: Int = 100) throws -> LearningRateRangeTest {
        let plan = try plan(readsHeldOut: false)
        plan.network.initialize(seed: settings.run.seed)
        return try trainer(plan, steps: count).rangeTest(on: plan.source, from: lowest, to: highest, count: count)
    }
}
