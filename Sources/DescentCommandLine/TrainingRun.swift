import ArgumentParser
import Descent
import DescentFormats

/// A run of any job from its first line to its last.
struct TrainingRun<J: Job> {
    let request: RunRequest<J>
    let training: J.Training
    let folder: RunFolder
    /// What is to be said of the folder.
    let note: String?
    let resumes: Bool
    let saving: SavingArguments
    let output: OutputArguments

    func run() throws {
        let start = ContinuousClock.now
        let isSpoken = output.isSpoken
        if isSpoken { try StandardStream.output.print(([request.guess] + training.opening + (note.map { [$0] } ?? [])).joined(separator: "\n") + "\n") }
        let progress = ProgressLine(isTerminal: StandardStream.error.isTerminal, noun: training.noun) { StandardStream.error.write($0) }
        let beginning = ObservingClosure { event in
            guard isSpoken, case .began(let state, let steps, let epochs) = event, let line = sentence(state, steps: steps, epochs: epochs) else { return }
            try StandardStream.output.print(line)
        }
        var outcome: TrainingOutcome?
        let ending = ObservingClosure { event in if case .finished(let found) = event { outcome = found } }
        let observers: [any TrainingObserver] = [beginning, ending, RunLog(path: folder.file(RunFolder.logName)), TensorBoardRun(folder: folder.path)]
        let model: J.Model
        do {
            model = try training.run(
                checkpointing: Checkpointing(folder, every: saving.checkpointEvery?.interval ?? .automatic, settings: request.caller, resumes: resumes),
                observers: observers + (output.quiet ? [] : [progress]), shouldStop: { StopRequest.requested != nil })
        } catch let stopped as TrainingInterruption {
            progress.interrupt()
            let input = request.input.path == "-" ? " < FILE" : ""
            StandardStream.error.write(
                "Stopped in epoch \(stopped.epoch), after \(grouped(stopped.step)) steps. The run is saved; to resume it:\n  \(programName) train --resume \(shellQuoted(folder.path))\(input)\n")
            throw ExitCode(128 + (StopRequest.requested ?? 2))
        } catch {
            progress.interrupt()
            throw error
        }
        let path = try model.save(to: folder.path)
        let page = saving.writesReport ? folder.file(RunFolder.reportName) : nil
        if let page { try training.page(of: model, outcome: outcome, command: request.command("descent")).write(to: page) }
        if output.json {
            try StandardStream.output.print(line(model, path: path, page: page, seconds: (ContinuousClock.now - start) / .seconds(1)).text())
        } else if isSpoken {
            try StandardStream.output.print(closing(model, outcome: outcome, path: path, page: page))
        }
    }

    /// Where the run stands as it begins, if there is something to say.
    private func sentence(_ state: TrainingState, steps: Int, epochs: Int) -> String? {
        if state.isFinished { return "This run finished after \(grouped(state.step)) steps; its model is written again." }
        if state.step > 0 { return "Resuming in epoch \(state.epoch), after \(grouped(state.step)) of \(grouped(steps)) steps." }
        if resumes { return "There is no saved run in \(folder.path), so a new one starts." }
        return request.settings.run.minutes == nil ? nil : "About \(grouped(steps)) steps fit into this time: \(epochs) epochs, the last perhaps in part."
    }

    private func closing(_ model: J.Model, outcome: TrainingOutcome?, path: String, page: String?) -> String {
        var lines = [""]
        if outcome?.reason == .stoppedEarly { lines.append("Stopped early after \(outcome?.state.epoch ?? 0) epochs: the validation loss no longer fell.") }
        if let best = outcome?.bestEpoch, let last = outcome?.state.epoch, best < last {
            lines.append("The weights are those of epoch \(best), which had the lowest validation loss.")
        }
        lines += ModelLines.heldOut(model)
        lines.append("Model: \(path)")
        if let page { lines.append("Report: \(page)") }
        lines.append("Next:")
        return (lines + model.nextCommands(folder: folder.path, input: request.input).map { "  \(programName) \($0)" }).joined(separator: "\n")
    }

    /// The run for machines.
    private func line(_ model: J.Model, path: String, page: String?, seconds: Double) -> JSON {
        let record = model.record
        var object = JSON.Object()
        object["model"] = .string(path)
        object["report"] = page.map(JSON.string) ?? .null
        object["job"] = .string(J.name)
        object["source"] = .string(record.source)
        object["figures"] = record.metrics.json
        object["trained"] = ["count": .integer(Int64(record.trained.count)), "noun": .string(record.trained.noun)]
        object["trainingLoss"] = .number(record.trainingLoss)
        object["parameters"] = .integer(Int64(model.parameterCount))
        object["settings"] = record.settings.toJSON()
        object["seconds"] = .number(seconds)
        return .object(object)
    }
}

/// What is said of a model of any job.
enum ModelLines {
    /// The metrics of what was held out.
    static func heldOut(_ model: some JobModel) -> [String] {
        let record = model.record
        guard let heldOut = record.heldOut, !record.metrics.isEmpty else { return ["Nothing was held out, so there is no test metric (--test-fraction)."] }
        return ["On the \(heldOut) held out:"] + record.lines.map { "  " + $0 }
    }

    /// All that is known of a model.
    static func describe(_ model: some JobModel) -> String {
        let record = model.record
        let run = record.settings.run
        var lines = model.description
        if let method = record.method {
            lines.append("Fitted by Descent \(record.version) to \(record.trained) of \(record.source): \(method); seed \(run.seed).")
        } else {
            lines.append(
                "Trained by Descent \(record.version) on \(record.trained) of \(record.source): \(run.epochs == 1 ? "1 epoch" : "\(run.epochs ?? 0) epochs") in batches of \(run.batchSize ?? 0), learning rate \(shortNumber(run.learningRate ?? RunSettings.usualLearningRate)), weight decay \(shortNumber(run.weightDecay ?? 0)), seed \(run.seed)."
            )
        }
        if let fingerprint = record.fingerprint { lines.append("Fingerprint of the data: \(fingerprint).") }
        lines.append("\(record.method == nil ? "Network" : "Model"): \(model.summary); \(grouped(model.parameterCount)) parameters.")
        return (lines + heldOut(model) + model.details).joined(separator: "\n")
    }
}
