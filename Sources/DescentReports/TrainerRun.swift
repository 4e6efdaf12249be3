import DescentCore
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

extension Trainer {
    /// A whole run in a folder: progress on standard error, validation with the best weights kept, early stopping, checkpoints, `log.csv`, events
    /// for TensorBoard, the weights (`weights.safetensors`) and `report.html`.
    ///
    ///     let trainer = Trainer(model, optimizer: Adam(), clipping: .norm(1)) { softmaxCrossEntropy($0($1), $2) }
    ///     try trainer.run(in: "runs/first", on: training, for: .epochs(20), validation: validation, patience: 3)
    ///
    /// A run that was killed, or stopped by Ctrl-C, is resumed by the same call, and ends with the same bits as an unbroken one. A call that asks for
    /// something else (another length, optimizer, learning rate, schedule, clipping or patience, other batches) is refused. Another loss or other
    /// examples of the same number are not noticed without a `fingerprint`.
    ///
    /// - Parameters:
    ///   - folder: The folder of the run; made where it is missing.
    ///   - source: The batches to train on.
    ///   - length: The epochs or steps.
    ///   - validation: The batches to validate on at the end of each epoch; the weights with the lowest validation loss are kept.
    ///   - patience: Stop after this many epochs without a lower validation loss.
    ///   - fingerprint: Which data it is; a run is not resumed on other data. Empty where it need not be the same.
    ///   - resumes: Whether a run that the folder holds is resumed; if not, it is started over.
    ///   - isQuiet: Whether no progress is shown.
    ///   - observers: Others that follow the run.
    /// - Returns: How the run ended; `.interrupted` after Ctrl-C.
    /// - Throws: as `fit`; `ResumeError` where the folder holds a run that was asked for something else; `RunFolderError` where another process trains
    ///   into the folder.
    @discardableResult
    public func run(
        in folder: String, on source: some BatchSource, for length: TrainingLength, validation: Batches? = nil, patience: Int? = nil, fingerprint: String = "",
        resumes: Bool = true, isQuiet: Bool = false, observers: [any TrainingObserver] = []
    ) throws -> TrainingOutcome {
        StopRequest.watch()
        let run = try RunFolder(folder)
        let progress = ProgressLine(isTerminal: StandardStream.error.isTerminal, noun: "examples") { StandardStream.error.write($0) }
        let own: [any TrainingObserver] = [RunLog(path: run.file(RunFolder.logName)), TensorBoardRun(folder: run.path)] + (isQuiet ? [] : [progress])
        let checkpointing = Checkpointing(run, fingerprint: fingerprint, settings: asked(source, length, patience: patience), resumes: resumes)
        try compare(checkpointing)
        let outcome: TrainingOutcome
        do {
            outcome = try fit(
                source, for: length, validation: validation.map { self.validation(on: $0) },
                earlyStopping: validation == nil ? nil : EarlyStopping(patience: patience),
                checkpointing: checkpointing, observers: own + observers,
                shouldStop: { StopRequest.requested != nil })
        } catch {
            progress.interrupt()
            throw error
        }
        if outcome.reason == .interrupted { return outcome }
        if outcome.reason == .alreadyFinished && !isQuiet {
            StandardStream.error.write("The run in \(run.path) had finished: its weights are read, nothing was trained. `resumes: false` starts it over.\n")
        }
        try model.save(run.file("weights.safetensors"))
        try FileSystem.write(Array(page(of: outcome, title: String(describing: Model.self)).html().utf8), to: run.file(RunFolder.reportName))
        return outcome
    }

    /// What this call asks for, as far as it can be compared with another's.
    private func asked(_ source: some BatchSource, _ length: TrainingLength, patience: Int?) -> JSON {
        var asked = JSON.Object()
        asked["length"] = .string("\(length)")
        asked["examples in an epoch"] = .string("\(source.examplesPerEpoch)")
        asked["steps in an epoch"] = .string("\(source.steps(inEpoch: 1))")
        asked["optimizer"] = .string("\(type(of: optimizer))")
        asked["learning rate"] = .string("\(optimizer.learningRate.value.item())")
        asked["schedule"] = .string("\(schedule)")
        asked["clipping"] = .string("\(clipping)")
        asked["patience"] = .string(patience.map { "\($0)" } ?? "none")
        return .object(asked)
    }

    /// - Throws: `ResumeError` that names the first thing in which the folder's run differs.
    private func compare(_ checkpointing: Checkpointing) throws {
        guard checkpointing.resumes, let checkpoint = try checkpointing.folder.checkpoint(), case .object(let asked) = checkpointing.settings else { return }
        let before = checkpoint.reader["settings"]
        for key in asked.keys {
            guard case .string(let now)? = asked[key] else { continue }
            let then = before[key].exists ? try before[key].string() : "unknown"
            if then != now {
                throw ResumeError(
                    "the run in \(checkpointing.folder.path) has \(key) \(then), and \(now) is asked for: a run is resumed with the same settings; use another folder, or resumes: false to start over")
            }
        }
    }

    /// A page about a run: losses, learning rate, and the model's parameters.
    public func page(of outcome: TrainingOutcome, title: String) -> ReportPage {
        let records = outcome.state.history
        let ending =
            switch outcome.reason {
            case .stoppedEarly: "Stopped early in epoch \(outcome.state.epoch)"
            case .interrupted: "Interrupted in epoch \(outcome.state.epoch)"
            case .completed, .alreadyFinished: "\(outcome.state.epoch) epochs"
            }
        var figures = [HeadlineMetric("training loss", fixed(outcome.loss, 4), note: "mean of the last epoch")]
        let measured = records.filter { $0["validation_loss"] != nil }
        if let best = outcome.bestEpoch, let record = measured.filter({ $0.epoch == best }).min(by: { $0["validation_loss"]! < $1["validation_loss"]! }) {
            figures.append(HeadlineMetric("validation loss", fixed(record["validation_loss"]!, 4), note: "epoch \(best), whose weights were kept"))
        } else if let last = measured.last?["validation_loss"] {
            figures.append(HeadlineMetric("validation loss", fixed(last, 4)))
        }
        let rows = model.parameters.map { [$0.path, "\($0.variable.shape)", grouped($0.variable.shape.reduce(1, *))] }
        let curves = TrainingCurves(records, bestEpoch: outcome.bestEpoch, lossName: "loss", noun: "examples").blocks
        return ReportPage(
            title: title, subtitle: "\(ending), \(grouped(outcome.state.step)) steps.",
            sections: [ReportSection("Result", [.figures(figures)])] + (curves.isEmpty ? [] : [ReportSection("Training", curves)])
                + [ReportSection("Parameters", [.table(ReportTable(columns: ["parameter", "shape", "count"], rows: rows, caption: "\(grouped(model.parameterCount)) learned numbers"))])],
            footer: "Written by Descent \(Release.version).")
    }
}
