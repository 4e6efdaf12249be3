import DescentCore
import DescentData
import DescentNN

extension Trainer {
    /// Trains on inputs and targets in memory, and leaves the model ready for use (dropout passes everything).
    ///
    /// - Parameters:
    ///   - examples: What to learn from; at least one.
    ///   - batchSize: The most examples of a step.
    ///   - report: Called after each step. An error that it throws ends the run and is passed on.
    /// - Returns: The mean loss of the last epoch.
    /// - Throws: `DivergenceError` as soon as the loss or a gradient is not finite.
    @discardableResult
    public func fit(
        _ examples: Examples, epochs: Int, batchSize: Int, seed: Int, report: @escaping (TrainingProgress) throws -> Void = { _ in }
    ) throws -> Double {
        if epochs < 1 || batchSize < 1 || examples.count < 1 {
            stop("Trainer.fit: \(examples.count) examples, \(epochs) epochs, a batch size of \(batchSize); each must be at least 1.")
        }
        let observer = ObservingClosure { event in
            if case .step(let progress) = event { try report(progress) }
        }
        return try fit(Batches(examples, size: batchSize, seed: seed), for: .epochs(epochs), observers: [observer]).loss
    }

    /// Trains, and leaves the model ready for use (dropout passes everything), with the best weights where early stopping kept them.
    ///
    /// - Parameters:
    ///   - source: The batches; made ahead on another thread, unless the source says that this is not worth it.
    ///   - length: How many epochs, or steps; at least 1.
    ///   - validation: What is measured, and when.
    ///   - earlyStopping: Keeps the best weights by one of the validation's metrics, and ends a run that no longer improves.
    ///   - rateReduction: Lowers the learning rate, beside the schedule, where a metric gets no better.
    ///   - recordInterval: Also makes a record every this many steps of an epoch, besides the ends of epochs and the validations; `nil` for none.
    ///   - checkpointing: Saves the run, also at its end, and resumes a saved one.
    ///   - shouldStop: Asked after each step: `true` saves and ends the run, to be resumed later.
    /// - Throws: `DivergenceError` as soon as the loss or a gradient is not finite, `FileError` where saving fails (the state saved before
    ///   stays whole), `ResumeError` and `FormatError` where a saved run cannot be resumed, and what source, validation and observers throw.
    @discardableResult
    public func fit(
        _ source: some BatchSource, for length: TrainingLength, validation: Validation? = nil, earlyStopping: EarlyStopping? = nil,
        rateReduction: RateReduction? = nil, recordInterval: Int? = nil, checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        switch length {
        case .epochs(let count), .steps(let count): if count < 1 { stop("Trainer.fit(for: \(length)): it must be at least 1.") }
        }
        if let recordInterval, recordInterval < 1 { stop("Trainer.fit: a record after each \(recordInterval) steps; it must be at least 1.") }
        if earlyStopping != nil && validation == nil { stop("Trainer.fit: early stopping watches a validation, and there is none.") }
        if let rateReduction, rateReduction.metric != RateReduction.trainingLoss && validation == nil {
            stop("Trainer.fit: the rate is reduced by \"\(rateReduction.metric)\" of a validation, and there is none.")
        }
        let highestRate = optimizer.learningRate.value.item()
        defer {
            optimizer.setLearningRate(highestRate)
            model.infer()
        }
        let found = try checkpointing?.found()
        var run = TrainingRun(state: found?.state ?? TrainingState(), checkpointing: checkpointing)
        if earlyStopping != nil && run.state.earlyStopping == nil { run.state.earlyStopping = EarlyStopping.Memory() }
        if rateReduction != nil && run.state.rateReduction == nil { run.state.rateReduction = ReduceOnPlateau.State() }
        if let found {
            optimizer.prepare(for: model)
            try found.checkpoint.restore("model", into: model.variables)
            try found.checkpoint.restore("optimizer", into: optimizer.variables)
            run.best = found.checkpoint.tensors("best")
        }
        func emit(_ event: TrainingEvent) throws { for observer in observers { try observer.observe(event) } }
        func end(_ reason: TrainingOutcome.Reason) throws -> TrainingOutcome {
            let outcome = TrainingOutcome(reason: reason, state: run.state, loss: run.state.meanLoss)
            model.infer()
            try emit(.finished(outcome))
            return outcome
        }
        func save() throws { try run.save(model: model.variables, optimizer: optimizer.variables).map { try emit(.saved($0)) } }

        let (steps, epochs) = length.total(of: source)
        try emit(.began(run.state, steps: steps, epochs: epochs))
        if run.state.isFinished { return try end(.alreadyFinished) }
        model.train()
        let ahead = source.isPreparedAhead ? Prefetcher(source, epoch: run.state.epoch, step: run.state.stepInEpoch, count: steps - run.state.step) : nil
        var reason = TrainingOutcome.Reason.completed
        while run.state.step < steps {
            if try run.enterEpoch(of: source) { try emit(.epochBegan(run.state.epoch)) }
            let rate = highestRate * schedule(run.state.step, of: steps) * (run.state.rateReduction?.factor ?? 1)
            optimizer.setLearningRate(rate)
            let batch = try ahead?.next() ?? source.batch(run.state.stepInEpoch, ofEpoch: run.state.epoch)
            run.state.add(loss: try step(batch, number: run.state.step + 1, epoch: run.state.epoch), of: batch)
            let isLast = run.state.step == steps
            let isEnd = isLast || run.state.stepInEpoch == source.steps(inEpoch: run.state.epoch)
            try emit(
                .step(
                    TrainingProgress(
                        epoch: run.state.epoch, epochs: epochs, step: run.state.step, steps: steps, examples: run.state.examples,
                        loss: run.state.meanLoss, isEndOfEpoch: isEnd)))

            let isMeasured = validation?.isDue(step: run.state.step, endOfEpoch: isEnd ? run.state.epoch : nil, isLast: isLast) ?? false
            if isEnd || isMeasured || recordInterval.map({ run.state.stepInEpoch % $0 == 0 }) ?? false {
                var metrics: [TrainingRecord.Metric] = []
                if isMeasured, let validation {
                    model.infer()
                    metrics = try validation.measure()
                    model.train()
                }
                let record = run.state.record(metrics, learningRate: rate, isEndOfEpoch: isEnd)
                rateReduction?.observe(record, &run.state.rateReduction!)
                if isMeasured, let earlyStopping { run.keepBest(of: model, by: earlyStopping, record) }
                try emit(.record(record))
                if !isLast, let earlyStopping, earlyStopping.isOver(run.state.earlyStopping!) {
                    reason = .stoppedEarly
                    break
                }
            }
            if isLast { break }
            if shouldStop() {
                try save()
                return try end(.interrupted)
            }
            if run.isSaveDue(endOfEpoch: isEnd ? run.state.epoch : nil) { try save() }
        }
        if !run.best.isEmpty { run.restoreBest(to: model) }
        run.state.isFinished = true
        try save()
        return try end(reason)
    }
}

/// The state of a run besides the variables.
private struct TrainingRun {
    var state: TrainingState
    let checkpointing: Checkpointing?
    /// The best weights so far, by path; empty before the first validation, and without early stopping.
    var best: [(path: String, value: Tensor)] = []
    private var isBestNew = false
    private var lastSave = ContinuousClock.now
    private var lastSavedStep: Int

    init(state: TrainingState, checkpointing: Checkpointing?) {
        self.state = state
        self.checkpointing = checkpointing
        lastSavedStep = state.step
    }

    /// Goes on to the next epoch if this one is through. Returns whether an epoch begins.
    mutating func enterEpoch(of source: some BatchSource) throws -> Bool {
        if state.stepInEpoch == source.steps(inEpoch: state.epoch) {
            state.epoch += 1
            (state.stepInEpoch, state.epochExamples, state.lossSum) = (0, 0, 0)
        }
        return state.stepInEpoch == 0
    }

    mutating func keepBest(of model: some Module, by earlyStopping: EarlyStopping, _ record: TrainingRecord) {
        guard let value = record[earlyStopping.metric] else {
            stop("EarlyStopping: the validation has no \"\(earlyStopping.metric)\"; it has \(record.metrics.map(\.name).joined(separator: ", ")).")
        }
        guard earlyStopping.observe(value, epoch: record.epoch, &state.earlyStopping!) else { return }
        best = model.variables.map { ($0.path, $0.variable.value) }
        isBestNew = true
    }

    func restoreBest(to model: some Module) {
        var values: [String: Tensor] = [:]
        for (path, value) in best { values[path] = value }
        for entry in model.variables { if let value = values[entry.path] { entry.variable.value = value } }
    }

    func isSaveDue(endOfEpoch epoch: Int?) -> Bool {
        checkpointing?.isDue(steps: state.step - lastSavedStep, time: ContinuousClock.now - lastSave, endOfEpoch: epoch) ?? false
    }

    /// Saves, where there is a place for it; returns the file's path.
    mutating func save(model: [NamedVariable], optimizer: [NamedVariable]) throws -> String? {
        guard let checkpointing else { return nil }
        let path = try checkpointing.save(model: model, optimizer: optimizer, best: best, isBestNew: isBestNew, state: state)
        (lastSave, lastSavedStep, isBestNew) = (ContinuousClock.now, state.step, false)
        return path
    }
}

extension TrainingState {
    /// Takes a step into account.
    mutating func add(loss: Double, of batch: Batch) {
        step += 1
        stepInEpoch += 1
        examples += batch.count
        epochExamples += batch.count
        lossSum += loss * Double(batch.count)
    }

    /// Adds a record of this moment to the history.
    mutating func record(_ metrics: [TrainingRecord.Metric], learningRate: Double, isEndOfEpoch: Bool) -> TrainingRecord {
        let record = TrainingRecord(
            epoch: epoch, step: step, examples: examples, learningRate: learningRate, loss: meanLoss, metrics: metrics, isEndOfEpoch: isEndOfEpoch)
        history.append(record)
        return record
    }
}
