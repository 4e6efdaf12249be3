import ArgumentParser
import Descent

/// `descent train` for sequences: a text, names, tunes or a series.
struct SequenceTrain {
    let request: SequenceRequest
    let resumes: Bool
    /// Whether to begin anew in a folder with a run that is not finished.
    let overwrites: Bool
    let interval: CheckpointInterval
    /// Whether to write `report.html`.
    let writesReport: Bool
    let quiet: Bool
    let json: Bool

    func run() throws {
        let start = ContinuousClock.now
        let prepared = try PreparedSequence(request)
        // A folder that cannot be made is found before the run, not after it.
        let run = try RunFolder(request.folder)
        if !resumes && !overwrites { try run.requireNoUnfinishedRun() }
        let isSpoken = !quiet && !json
        if isSpoken { try StandardStream.output.print(prepared.opening.joined(separator: "\n") + "\n") }

        let progress = ProgressLine(isTerminal: StandardStream.error.isTerminal, noun: prepared.noun) { StandardStream.error.write($0) }
        let beginning = ObservingClosure { event in
            guard isSpoken, case .began(let state, let steps, let epochs) = event else { return }
            if let line = sentence(state, steps: steps, epochs: epochs) { try StandardStream.output.print(line) }
        }
        var outcome: TrainingOutcome?
        let ending = ObservingClosure { event in
            if case .finished(let found) = event { outcome = found }
        }
        let log = RunLog(path: run.file(RunFolder.logName))
        let checkpointing = Checkpointing(run, every: interval, settings: request.caller, resumes: resumes)
        let trained: TrainedSequence
        do {
            trained = try prepared.train(
                checkpointing, [beginning, ending, log, TensorBoardRun(folder: run.path)] + (quiet ? [] : [progress]), { StopRequest.requested != nil })
        } catch let stopped as TrainingInterruption {
            progress.interrupt()
            StandardStream.error.write(
                "Stopped in epoch \(stopped.epoch), after \(grouped(stopped.step)) steps. The run is saved; to go on:\n  \(program) train --resume \(shellQuoted(request.folder))\n")
            throw ExitCode(128 + (StopRequest.requested ?? 2))
        } catch {
            progress.interrupt()
            throw error
        }
        let model = trained.model
        let path = try model.save(to: run.path)
        let page = writesReport ? run.file(RunFolder.reportName) : nil
        if let page { try FileSystem.write(Array(trained.page(outcome, request.command("descent")).html().utf8), to: page) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if json {
            try StandardStream.output.print(line(model, path: path, page: page, seconds: seconds).text())
        } else if !quiet {
            try StandardStream.output.print(closing(model, outcome: outcome, path: path, page: page))
        }
    }

    private func sentence(_ state: TrainingState, steps: Int, epochs: Int) -> String? {
        if state.isFinished { return "This run is finished, after \(grouped(state.step)) steps; nothing is left to do but to write its model again." }
        if state.step > 0 { return "Goes on in epoch \(state.epoch), after \(grouped(state.step)) of \(grouped(steps)) steps." }
        if resumes { return "There is no saved run in \(request.folder), so it begins anew." }
        return request.settings.minutes == nil ? nil : "In this time there are about \(grouped(steps)) steps: \(epochs) epochs, the last perhaps in part."
    }

    private func closing(_ model: SequenceModel, outcome: TrainingOutcome?, path: String, page: String?) -> String {
        let record = model.record
        var lines = [""]
        if outcome?.reason == .stoppedEarly { lines.append("Ended after \(outcome?.state.epoch ?? 0) epochs: the validation loss no longer fell.") }
        if let best = outcome?.bestEpoch, let last = outcome?.state.epoch, best < last {
            lines.append("The weights are those of epoch \(best), whose validation loss was the lowest.")
        }
        if record.figures.isEmpty {
            lines.append("Nothing was held out, so there is no test figure (--test-fraction).")
        } else {
            lines.append("On \(record.heldOut) held out:")
            lines += SequenceReport.figures(record)
        }
        if case .classifier(let classifier) = model { lines += SequenceReport.matrix(record.confusion, classes: classifier.classes) }
        lines.append("Model: \(path)")
        if let page { lines.append("Report: \(page)") }
        lines.append("Next:")
        let folder = shellQuoted(request.folder)
        switch model {
        case .language(let model) where model.writesTunes: lines.append("  \(program) generate \(folder) --prompt G --temperature 0.8")
        case .language:
            lines.append("  \(program) generate \(folder) --length 500 --temperature 0.8")
            lines.append("  \(program) complete \(folder) \"I went for a\"")
        case .classifier: lines.append("  \(program) predict \(folder) FILE        (a text on each line; - for what you type)")
        case .forecaster: lines.append("  \(program) predict \(folder) \(shellQuoted(request.file))")
        }
        return lines.joined(separator: "\n")
    }

    /// The run for machines.
    private func line(_ model: SequenceModel, path: String, page: String?, seconds: Double) -> JSON {
        let record = model.record
        var figures = JSON.Object()
        for figure in record.figures { figures[figure.name] = .number(figure.value) }
        return [
            "model": .string(path), "report": page.map(JSON.string) ?? nil, "source": .string(record.source), "task": .string(request.task.rawValue), "figures": .object(figures),
            "trained": .string(record.trained), "trainingLoss": .number(record.trainingLoss), "parameters": .integer(Int64(model.parameterCount)),
            "epochs": .integer(Int64(record.settings.epochs ?? 0)), "seed": .integer(Int64(record.settings.seed)), "seconds": .number(seconds),
        ]
    }

    private var program: String { shellQuoted(CommandLine.arguments.first ?? "descent") }
}
