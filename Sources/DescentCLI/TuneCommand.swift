import ArgumentParser
import Descent

/// `descent tune FILE --target COLUMN --trials 30`.
struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Looks for settings that suit a table, and trains the best of them.",
        discussion: """
            Draws layers, learning rate, weight decay, dropout and activation at random, trains each draw for a while, the best of them for
            longer, and the best of these in full (successive halving). They are compared on rows to train on that each does not learn
            from; the rows held out are used once, for the figure at the end. The first trial is the defaults.

            Examples:
              descent tune titanic.csv --target Survived
              descent tune digits --trials 10 --epochs 30
              descent tune --resume descent-models/titanic-tuned   goes on with a search that was stopped

            Ctrl-C stops the search; the trials that have ended are kept.
            """)

    @Argument(help: "A file of CSV or TSV (- for the standard input), or digits, iris or diabetes, which are built in; with --resume also a search's folder.")
    var file: String
    @OptionGroup var question: QuestionArguments
    @OptionGroup var reading: TableArguments
    @Option(help: "How many settings are tried.")
    var trials = 30
    @Option(help: "How often the best trials visit each row. Chosen by the number of rows if not given.")
    var epochs: Int?
    @Option(help: "The most rows of a step. Chosen by the number of rows if not given.")
    var batchSize: Int?
    @Option(help: "How many networks are trained side by side, for the mean of their answers. Chosen by the number of rows if not given.")
    var members: Int?
    @Option(help: "What the trials, the split, the first weights, the order and the dropout are drawn from.")
    var seed = TabularSettings().seed
    @OptionGroup var threading: ThreadArguments
    @Option(help: "The folder for the search and its model. Default: descent-models/ and the file's name with -tuned.")
    var out: String?
    @Flag(help: "Goes on with the search that the folder holds: with FOLDER as the file, or with the arguments it was begun with.")
    var resume = false
    @Flag(help: "Begins anew where the folder holds a search that has not ended, which is lost.")
    var overwrite = false
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false
    @Flag(help: "End with one line of JSON instead of sentences.")
    var json = false

    func run() throws {
        try reportingErrors {
            threading.apply()
            StopRequest.watch()
            let (request, count, held) = try begin()
            let (table, target) = try request.table(reading)
            let search = try TabularSearch(
                table, target: target, trials: count, settings: request.settings, fingerprint: reading.fingerprint(request.file))
            let folder = try held ?? RunFolder(request.folder)
            if !resume && !overwrite { try requireNoSearch(folder) }
            let isSpoken = !quiet && !json
            let report = TuneReport(search: search, request: request)
            if isSpoken { try StandardStream.output.print(report.opening(isBuiltIn: reading.isBuiltIn(request.file))) }

            let progress = SearchProgressLine(isTerminal: StandardStream.error.isTerminal) { StandardStream.error.write($0) }
            let isQuiet = quiet
            let result: TabularSearch.Result
            let training: TabularTraining
            let model: TabularModel
            var best = request
            var outcome: TrainingOutcome?
            let ending = ObservingClosure { event in
                if case .finished(let found) = event { outcome = found }
            }
            do {
                result = try search.run(in: folder, resumes: resume, caller: request.caller, shouldStop: { StopRequest.requested != nil }) { event in
                    if !isQuiet { progress.observe(event) }
                }
                progress.interrupt()
                if isSpoken { try StandardStream.output.print(report.table(result)) }
                training = try search.training(of: result.best)
                best.settings = result.best.setting.applied(to: request.settings)
                best.settings.epochs = training.settings.epochs
                let line = ProgressLine(isTerminal: StandardStream.error.isTerminal) { StandardStream.error.write($0) }
                model = try training.run(
                    checkpointing: Checkpointing(folder, settings: best.caller),
                    observers: [ending, RunLog(path: folder.file(RunFolder.logName)), TensorBoardRun(folder: folder.path)] + (quiet ? [] : [line]),
                    shouldStop: { StopRequest.requested != nil })
            } catch let error where error is SearchInterruption || error is TrainingInterruption {
                progress.interrupt()
                StandardStream.error.write(report.interruption)
                throw ExitCode(128 + (StopRequest.requested ?? 2))
            } catch {
                progress.interrupt()
                throw error
            }
            let path = try model.save(to: folder.path)
            let command = best.command("descent")
            try training.report(of: model, outcome: outcome, command: command).write(to: folder.file(RunFolder.reportName))
            try SearchReport(result, plan: search.plan, title: "\(training.target.name), from \(model.record.source): \(search.trials) trials", measure: search.measure, command: command)
                .write(to: folder.file(TabularSearch.reportName))
            if json {
                try StandardStream.output.print(report.line(result, model, path: path, request: best).text())
            } else if !quiet {
                try StandardStream.output.print(report.closing(model, path: path, folder: folder, request: best))
            }
        }
    }

    /// What is to be searched, how many trials, and the folder if it had to be looked into for that.
    private func begin() throws -> (TrainRequest, trials: Int, RunFolder?) {
        if resume && overwrite { throw SettingsError("--resume goes on with a search, and --overwrite begins anew; say one of them") }
        var settings = try question.settings()
        (settings.epochs, settings.batchSize, settings.members, settings.seed) = (epochs, batchSize, members, seed)
        try settings.validate()
        if resume, FileSystem.folderExists(file) {
            guard settings == TabularSettings(), question.target == nil, question.header == nil, reading.delimiter == nil, reading.labels == nil, out == nil, trials == 30 else {
                throw SettingsError("--resume \(file) goes on with the settings that the search was begun with; leave the others out")
            }
            let folder = try RunFolder(file)
            guard let stored = try TabularSearch.stored(in: folder) else {
                let path = folder.file(TabularSearch.searchName)
                throw FileError(kind: .notFound, path: path, sentence: "no search to go on with in \(file): it has no \(TabularSearch.searchName)")
            }
            return (try TrainRequest(caller: stored.caller, settings: stored.settings, folder: folder.path), stored.trials, folder)
        }
        let folder = out ?? TrainRequest.folder(file) + "-tuned"
        let request = TrainRequest(
            file: file, target: question.target, header: question.header, delimiter: reading.delimiter, labels: reading.labels, settings: settings, folder: folder)
        return (request, trials, nil)
    }

    /// Refuses a folder whose search, or the training after it, has not ended.
    private func requireNoSearch(_ folder: RunFolder) throws {
        try folder.requireNoUnfinishedRun()
        if try TabularSearch.stored(in: folder) != nil, try folder.checkpoint() == nil {
            throw SettingsError("\(folder.path) holds a search that has not ended; go on with it by --resume, choose another folder by --out, or begin anew in its place by --overwrite")
        }
    }
}
