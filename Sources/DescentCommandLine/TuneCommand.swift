import ArgumentParser
import Descent
import DescentFormats

/// `descent tune FILE --target COLUMN --trials 30`.
struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search for settings that suit the data, and train the best of them.",
        discussion: """
            Draws the job's settings at random (for tables: layers, activation, dropout, learning rate, weight decay), trains each draw for a
            while, the best third for longer, and the best third of these in full (successive halving). Trials are compared by validation loss;
            the held-out data is used once, for the metrics at the end. The first trial is the defaults.

            Examples:
              descent tune titanic.csv --target Survived
              descent tune digits --trials 10 --epochs 30
              descent tune --resume descent-models/titanic-tuned   resume a stopped search

            Ctrl-C stops the search; the trials that have ended are kept.
            """)

    static let usualTrials = 30

    @Argument(help: ArgumentHelp("What `descent train` would be given; with --resume a search's folder.", valueName: "file"), completion: .file())
    var files: [String]
    @Option(help: "Number of trials. Default: \(usualTrials).")
    var trials: Int?
    @OptionGroup var options: LayoutArguments<TrainLayout>
    @OptionGroup(title: TrainLayout.common) var folder: FolderArguments
    @OptionGroup(title: TrainLayout.common) var output: OutputArguments
    @OptionGroup(title: TrainLayout.run) var threading: ThreadArguments
    @OptionGroup(title: TrainLayout.run) var jobs: JobArguments

    func run() throws {
        try reportingErrors {
            threading.apply()
            if folder.resume, files.count == 1, FileSystem.folderExists(files[0]), try resumeFolder(files[0]) { return }
            let (job, input, reason) = try jobs.recognize(files, options, inSteps: true)
            try start(job, input, reason)
        }
    }

    private func start<J: Job>(_ job: J.Type, _ input: JobInput, _ reason: String) throws {
        let request = try RunRequest<J>(input, reason: reason, options: options.given)
        let search = try JobSearch<J>(input, trials: trials ?? Self.usualTrials, settings: request.settings)
        // Until here there is nothing to be saved: a signal ends the program as it ends any other.
        StopRequest.watch()
        let (run, note) = try folder.choose(for: input.path, suffix: "-tuned")
        if !folder.resume && !folder.replace { try requireNoSearch(run) }
        try SearchRun(request: request, search: search, folder: run, note: note, resumes: folder.resume, output: output).run()
    }

    private func resumeFolder(_ path: String) throws -> Bool {
        let file = RunFolder.file(SearchFiles.searchName, in: path)
        if !options.given.isEmpty || folder.out != nil || trials != nil {
            // A folder of texts may be given again, too.
            let other = RunFolder.file(SearchFiles.searchName, in: folder.out ?? FolderArguments.usual(path) + "-tuned")
            if !FileSystem.exists(file), FileSystem.exists(other) { return false }
            throw SettingsError("--resume \(path) resumes a search with the settings it was started with; leave the others out")
        }
        let run = try RunFolder(path)
        guard let stored = try SearchFiles.stored(in: run) else {
            throw FileError(kind: .notFound, path: file, sentence: "no search to resume in \(path): it has no \(SearchFiles.searchName)")
        }
        try resume(try Jobs.required(stored.caller["job"]), stored.caller, trials: stored.trials, run)
        return true
    }

    private func resume<J: Job>(_ job: J.Type, _ caller: JSONReader, trials: Int, _ run: RunFolder) throws {
        let request = try RunRequest<J>(caller: caller)
        let search = try JobSearch<J>(request.input, trials: trials, settings: request.settings)
        try SearchRun(request: request, search: search, folder: run, note: nil, resumes: true, output: output).run()
    }

    /// Refuses a folder whose search has not ended.
    private func requireNoSearch(_ folder: RunFolder) throws {
        if try SearchFiles.stored(in: folder) != nil, try folder.checkpoint() == nil {
            throw SettingsError("\(folder.path) holds a search that has not ended; resume it with --resume, choose another folder with --out, or start over in its place with --replace")
        }
    }
}

/// A search from its first line to its last.
struct SearchRun<J: Job> {
    let request: RunRequest<J>
    let search: JobSearch<J>
    let folder: RunFolder
    let note: String?
    let resumes: Bool
    let output: OutputArguments

    /// The trials that are listed at the end.
    private static var listed: Int { 10 }

    func run() throws {
        let isSpoken = output.isSpoken
        if isSpoken { try StandardStream.output.print(try opening) }
        let progress = SearchProgressLine<J>(isTerminal: StandardStream.error.isTerminal) { StandardStream.error.write($0) }
        let isQuiet = output.quiet
        var outcome: TrainingOutcome?
        let ending = ObservingClosure { event in if case .finished(let found) = event { outcome = found } }
        let result: JobSearch<J>.Result
        let training: J.Training
        let model: J.Model
        var best = request.settings
        do {
            result = try search.run(in: folder, resumes: resumes, caller: request.caller, shouldStop: { StopRequest.requested != nil }) { event in
                if !isQuiet { progress.observe(event) }
            }
            progress.interrupt()
            if isSpoken { try StandardStream.output.print(table(result)) }
            training = try search.training(of: result.best)
            best = result.best.settings
            best.run.epochs = training.settings.run.epochs
            let line = ProgressLine(isTerminal: StandardStream.error.isTerminal, noun: training.noun) { StandardStream.error.write($0) }
            let observers: [any TrainingObserver] = [ending, RunLog(path: folder.file(RunFolder.logName)), TensorBoardRun(folder: folder.path)]
            model = try training.run(
                checkpointing: Checkpointing(folder, settings: request.caller), observers: observers + (isQuiet ? [] : [line]),
                shouldStop: { StopRequest.requested != nil })
        } catch let error where error is SearchInterruption || error is TrainingInterruption {
            progress.interrupt()
            let input = request.input.path == "-" ? " < FILE" : ""
            StandardStream.error.write("Stopped. The trials that have ended are kept; to resume:\n  \(programName) tune --resume \(shellQuoted(folder.path))\(input)\n")
            throw ExitCode(128 + (StopRequest.requested ?? 2))
        } catch {
            progress.interrupt()
            throw error
        }
        let path = try model.save(to: folder.path)
        let command = request.command("descent", settings: best)
        try training.page(of: model, outcome: outcome, command: command).write(to: folder.file(RunFolder.reportName))
        try search.page(of: result, title: "\(model.record.source): \(search.trials) trials", command: command).write(to: folder.file(SearchFiles.reportName))
        if output.json {
            try StandardStream.output.print(line(result, model, path: path, settings: best, command: command).text())
        } else if isSpoken {
            try StandardStream.output.print(closing(model, path: path, settings: best))
        }
    }

    private var opening: String {
        get throws {
            let rungs = search.plan.rungs.map { "\(grouped($0.trials)) for \(grouped($0.epochs)) epoch\($0.epochs == 1 ? "" : "s")" }
            let lines = [request.guess] + search.base.opening + (note.map { [$0] } ?? [])
            return
                (lines + [
                    "Trials: \(rungs.joined(separator: ", then the best ")), seed \(request.settings.run.seed).",
                    "They are compared by \(try search.measure); the held-out data is not used.", "",
                ]).joined(separator: "\n")
        }
    }

    /// The best trials.
    private func table(_ result: JobSearch<J>.Result) -> String {
        let ranking = result.ranking
        let shown = ranking.prefix(Self.listed)
        let names = search.space.dimensions.map { $0.name.split(separator: "-").joined(separator: " ") }
        let rows =
            [["trial", "epochs", "loss"] + names]
            + shown.map { trial in
                ["\(trial.number)\(trial.number == 1 ? " (defaults)" : "")", "\(trial.epochs)", trial.loss.isFinite ? fixed(trial.loss, 4) : "diverged"]
                    + search.values(of: trial)
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        let lines = rows.map { row in
            zip(row, widths).map { cell, width in String(repeating: " ", count: width - cell.count) + cell }.joined(separator: "  ")
        }
        let count = ranking.count > shown.count ? "The best \(shown.count) of \(grouped(ranking.count)) trials" : "The trials"
        return
            (["", "\(count), by validation loss (all of them: \(folder.file(SearchFiles.tableName))):"] + lines
            + ["", "Training with the settings of trial \(result.best.number) on all training data."]).joined(separator: "\n")
    }

    private func closing(_ model: J.Model, path: String, settings: J.Settings) -> String {
        var lines = [""] + ModelLines.heldOut(model)
        lines.append("Model: \(path)")
        lines.append("Reports: \(folder.file(RunFolder.reportName)) (the model), \(folder.file(SearchFiles.reportName)) (the trials)")
        lines.append("The same model without the search:")
        lines.append("  \(request.command(programName, settings: settings))")
        return lines.joined(separator: "\n")
    }

    /// The search for machines.
    private func line(_ result: JobSearch<J>.Result, _ model: J.Model, path: String, settings: J.Settings, command: String) -> JSON {
        [
            "model": .string(path), "job": .string(J.name), "source": .string(model.record.source), "trials": .integer(Int64(search.trials)),
            "best": .integer(Int64(result.best.number)), "validationLoss": .number(result.best.loss), "settings": settings.toJSON(),
            "figures": model.record.metrics.json, "command": .string(command),
        ]
    }
}
