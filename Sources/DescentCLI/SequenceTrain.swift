import ArgumentParser
import Descent

/// `descent train` for sequences: a text, names, tunes or a series.
struct SequenceTrain {
    let request: SequenceRequest
    let resumes: Bool
    /// Whether to begin anew in a folder with a run that is not finished.
    let overwrites: Bool
    let interval: CheckpointInterval
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
        let log = RunLog(path: run.file(RunFolder.logName))
        let checkpointing = Checkpointing(run, every: interval, settings: request.caller, resumes: resumes)
        let model: SequenceModel
        do {
            model = try prepared.train(checkpointing, [beginning, log] + (quiet ? [] : [progress]), { StopRequest.requested != nil })
        } catch let stopped as TrainingInterruption {
            progress.interrupt()
            StandardStream.error.write(
                "Stopped in epoch \(stopped.epoch), after \(grouped(stopped.step)) steps. The run is saved; to go on:\n  \(program) train --resume \(shellQuoted(request.folder))\n")
            throw ExitCode(128 + (StopRequest.requested ?? 2))
        } catch {
            progress.interrupt()
            throw error
        }
        let path = try model.save(to: run.path)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if json {
            try StandardStream.output.print(line(model, path: path, seconds: seconds).text())
        } else if !quiet {
            try StandardStream.output.print(closing(model, path: path))
        }
    }

    private func sentence(_ state: TrainingState, steps: Int, epochs: Int) -> String? {
        if state.isFinished { return "This run is finished, after \(grouped(state.step)) steps; nothing is left to do but to write its model again." }
        if state.step > 0 { return "Goes on in epoch \(state.epoch), after \(grouped(state.step)) of \(grouped(steps)) steps." }
        if resumes { return "There is no saved run in \(request.folder), so it begins anew." }
        return request.settings.minutes == nil ? nil : "In this time there are about \(grouped(steps)) steps: \(epochs) epochs, the last perhaps in part."
    }

    private func closing(_ model: SequenceModel, path: String) -> String {
        let record = model.record
        var lines = [""]
        if record.figures.isEmpty {
            lines.append("Nothing was held out, so there is no test figure (--test-fraction).")
        } else {
            lines.append("On \(record.heldOut) held out:")
            lines += SequenceReport.figures(record)
        }
        if case .classifier(let classifier) = model { lines += SequenceReport.matrix(record.confusion, classes: classifier.classes) }
        lines.append("Model: \(path)")
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
    private func line(_ model: SequenceModel, path: String, seconds: Double) -> JSON {
        let record = model.record
        var figures = JSON.Object()
        for figure in record.figures { figures[figure.name] = .number(figure.value) }
        return [
            "model": .string(path), "source": .string(record.source), "task": .string(request.task.rawValue), "figures": .object(figures),
            "trained": .string(record.trained), "trainingLoss": .number(record.trainingLoss), "parameters": .integer(Int64(model.parameterCount)),
            "epochs": .integer(Int64(record.settings.epochs ?? 0)), "seed": .integer(Int64(record.settings.seed)), "seconds": .number(seconds),
        ]
    }

    private var program: String { shellQuoted(CommandLine.arguments.first ?? "descent") }
}

/// A task with its data read: what is said of it, and how it is trained.
private struct PreparedSequence {
    let opening: [String]
    /// What is counted in a second.
    let noun: String
    let train: (Checkpointing?, [any TrainingObserver], @escaping () -> Bool) throws -> SequenceModel

    init(_ request: SequenceRequest) throws {
        let settings = request.settings
        let guess = "\(request.reason) (guessed; --target makes it a table)."
        switch request.task {
        case .language:
            let corpus = try TextCorpus(path: request.file, testFraction: settings.testFraction ?? LanguageTraining.testFraction)
            let training = try LanguageTraining(corpus, settings: settings)
            opening = ["Read \(request.file): \(guess)"] + SequenceReport.opening(training)
            noun = training.tokenizer.unit == .characters ? "characters" : "pieces"
            train = { .language(try training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        case .tunes:
            let book = try TuneBook(path: request.file)
            let training = try LanguageTraining(book, settings: settings)
            opening = ["Read \(request.file): \(grouped(book.tunes.count)) tunes; \(guess)"] + SequenceReport.opening(training)
            noun = "characters"
            train = { .language(try training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        case .classification:
            let texts = try LabelledTexts(path: request.file)
            let training = try ClassifierTraining(texts, settings: settings)
            opening = ["Read \(request.file): \(grouped(texts.texts.count)) texts; \(guess)"] + SequenceReport.opening(training)
            noun = "texts"
            train = { .classifier(try training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        case .forecast:
            let options = Table.Options(delimiter: request.delimiter?.delimiter)
            let table = try Table(path: request.file, options: options)
            guard let target = request.target else {
                throw SettingsError("which column is to be forecast? Say --target and one of: \(table.names.joined(separator: ", "))")
            }
            let training = try ForecastTraining(TimeSeries(table, target: target, date: request.date), settings: settings)
            opening = SequenceReport.opening(training)
            noun = "windows"
            train = { .forecaster(try training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        }
    }
}
