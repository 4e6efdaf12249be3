import ArgumentParser
import Descent

/// `descent train FILE --target COLUMN`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a network on a table, a text, names, tunes or a series, tests it on what is held out, and saves it.",
        discussion: """
            Examples:
              descent train digits                            the built-in example
              descent train titanic.csv --target Survived     a column with a name
              descent train housing.csv --target 14           the 14th column
              descent train shakespeare.txt                   a text: a model that writes on
              descent train hamlet.txt macbeth.txt            several texts, for one model
              descent train reviews.txt                       lines of a text, a tabulator and its class
              descent train names                             a folder of files: the class of a line is its file
              descent train jigs.abc                          tunes in ABC notation
              descent train airline.csv --target Passengers --forecast 12
              descent train images.idx.gz --labels labels.idx.gz
              descent train --resume descent-models/titanic   goes on with a run that was stopped

            Ctrl-C finishes the step and saves the run; a second one ends it at once.
            """)

    @Argument(help: "A file of CSV or TSV (- for the standard input), or digits, iris or diabetes, which are built in; with --resume also a run's folder.")
    var file: String
    @Argument(help: ArgumentHelp("More files like the first, where it is a text, a file of labelled lines or of tunes: all are trained on together.", valueName: "more"))
    var more: [String] = []
    @OptionGroup var question: QuestionArguments
    @OptionGroup var reading: TableArguments
    @Option(help: "The sizes of the hidden layers, or none for a linear model; of recurrent layers one size. Of tables 128,128 if not given.")
    var hidden: String?
    @Option(help: "The activation: \(Activation.all.map(\.name).joined(separator: ", ")).")
    var activation: String?
    @Option(help: "The share of hidden values dropped in training.")
    var dropout: Double?
    @Option(parsing: .unconditional, help: "The highest learning rate; it falls to 0 along a cosine.")
    var learningRate: Double?
    @Option(help: ArgumentHelp("Lowers the learning rate to a tenth when the validation loss (without one: the training loss) has not fallen for so many epochs, in place of the cosine.", valueName: "epochs"))
    var reduceOnPlateau: Int?
    @Option(help: "The decoupled weight decay.")
    var weightDecay: Double?
    @Option(help: "How often each row is visited. Chosen by the number of rows if not given.")
    var epochs: Int?
    @Option(help: "How many steps are taken, instead of epochs.")
    var steps: Int?
    @Option(help: ArgumentHelp("The part of what is trained on (rows; of a long text pieces from all over it, of a series the end) held back to validate on; the weights kept are those that did best there. \(TabularSettings.patienceFraction) with --patience; of a running text \(LanguageTraining.validationFraction), 20,000 pieces at most; otherwise none.", valueName: "fraction"))
    var validationFraction: Double?
    @Option(help: ArgumentHelp("Ends the run when the validation loss has not fallen for so many epochs. Not done unless asked for: while the learning rate falls to 0, the loss mostly falls with it to the end, and a run that ends early never sees the low rates.", valueName: "epochs"))
    var patience: Int?
    @Option(help: "A validation loss has fallen if it did so by more than this. 0 if not given.")
    var minimumImprovement: Double?
    @Option(help: ArgumentHelp("Scales gradients down to this norm where they are longer.", valueName: "norm"))
    var clipNorm: Double?
    @Option(help: "How many networks are trained side by side, for the mean of their answers. Chosen by the number of rows if not given.")
    var members: Int?
    @Option(help: "The most rows of a step. Chosen by the number of rows if not given.")
    var batchSize: Int?
    @Option(help: "What the split, the first weights, the order and the dropout are drawn from.")
    var seed = TabularSettings().seed
    @OptionGroup(title: "Options for sequences") var sequences: SequenceArguments
    @OptionGroup var threading: ThreadArguments
    @Option(help: "The folder for the run and its model. Default: descent-models/ and the file's name.")
    var out: String?
    @Flag(help: "Goes on with the run that the folder holds: with FOLDER as the file, or with the arguments it was begun with.")
    var resume = false
    @Flag(help: "Begins anew where the folder holds a run that has not ended, which is lost.")
    var overwrite = false
    @Option(help: ArgumentHelp("How often the run is saved: 30s, 500steps, 2epochs. At the ends of epochs, some seconds apart, if not given.", valueName: "interval"))
    var checkpointEvery: CheckpointArgument?
    @Flag(name: .customLong("report"), inversion: .prefixedNo, help: "Whether to write report.html beside the model: curves, mistakes, what the columns are worth; of texts what it writes and where it is surprised.")
    var writesReport = true
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false
    @Flag(help: "End with one line of JSON instead of sentences.")
    var json = false

    func run() throws {
        try reportingErrors {
            threading.apply()
            StopRequest.watch()
            if let sequence = try sequenceTrain() { return try sequence.run() }
            let start = ContinuousClock.now
            let (request, folder) = try begin()
            let (table, target) = try request.table(reading)
            let training = try TabularTraining(table, target: target, settings: request.settings, fingerprint: reading.fingerprint(request.file))
            // A folder that cannot be made is found before the run, not after it.
            let run = try folder ?? RunFolder(request.folder)
            if !resume && !overwrite { try run.requireNoUnfinishedRun() }
            let isSpoken = !quiet && !json
            let report = TrainReport(training: training, request: request, isTaskGuessed: question.task == nil && folder == nil)
            if isSpoken { try StandardStream.output.print(report.opening(isBuiltIn: reading.isBuiltIn(request.file))) }

            let progress = ProgressLine(isTerminal: StandardStream.error.isTerminal) { StandardStream.error.write($0) }
            let beginning = ObservingClosure { event in
                guard isSpoken, case .began(let state, let steps, _) = event else { return }
                if let line = report.beginning(state, steps: steps, resumes: resume) { try StandardStream.output.print(line) }
            }
            let log = RunLog(path: run.file(RunFolder.logName))
            var outcome: TrainingOutcome?
            let ending = ObservingClosure { event in
                if case .finished(let found) = event { outcome = found }
            }
            let checkpointing = Checkpointing(run, every: checkpointEvery?.interval ?? .automatic, settings: request.caller, resumes: resume)
            let model: TabularModel
            do {
                model = try training.run(
                    checkpointing: checkpointing, observers: [beginning, ending, log, TensorBoardRun(folder: run.path)] + (quiet ? [] : [progress]),
                    shouldStop: { StopRequest.requested != nil })
            } catch let stopped as TrainingInterruption {
                progress.interrupt()
                StandardStream.error.write(report.interruption(stopped))
                throw ExitCode(128 + (StopRequest.requested ?? 2))
            } catch {
                progress.interrupt()
                throw error
            }
            let path = try model.save(to: run.path)
            let page = run.file(RunFolder.reportName)
            if writesReport {
                try training.report(of: model, outcome: outcome, command: request.command("descent")).write(to: page)
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if json {
                try StandardStream.output.print(report.line(model, path: path, page: writesReport ? page : nil, seconds: seconds).text())
            } else if !quiet {
                try StandardStream.output.print(report.closing(model, path: path, page: writesReport ? page : nil))
            }
        }
    }

    /// What is to be done, and the folder if it had to be looked into for that.
    private func begin() throws -> (TrainRequest, RunFolder?) {
        let settings = try settings()
        if resume && overwrite { throw SettingsError("--resume goes on with a run, and --overwrite begins anew; say one of them") }
        if resume, FileSystem.folderExists(file) {
            guard settings == TabularSettings(), question.target == nil, question.header == nil, reading.delimiter == nil, reading.labels == nil, out == nil else {
                throw SettingsError("--resume \(file) goes on with the settings that the run was begun with; leave the others out")
            }
            let folder = try RunFolder(file)
            return (try TrainRequest(resuming: folder), folder)
        }
        return (TrainRequest(file: file, target: question.target, header: question.header, delimiter: reading.delimiter, labels: reading.labels, settings: settings, folder: folder), nil)
    }

    private func settings() throws -> TabularSettings {
        var settings = try question.settings()
        settings.activation = activation ?? settings.activation
        settings.dropout = dropout ?? settings.dropout
        settings.learningRate = learningRate ?? settings.learningRate
        settings.weightDecay = weightDecay ?? settings.weightDecay
        settings.epochs = epochs
        settings.steps = steps
        settings.validationFraction = validationFraction ?? settings.validationFraction
        settings.patience = patience
        settings.minimumImprovement = minimumImprovement ?? settings.minimumImprovement
        settings.reduceOnPlateau = reduceOnPlateau
        settings.clipNorm = clipNorm
        settings.members = members
        settings.batchSize = batchSize
        settings.seed = seed
        if let hidden {
            settings.hidden = try hidden == "none" ? [] : hidden.split(separator: ",", omittingEmptySubsequences: false).map { part in
                guard let size = Int(part) else {
                    throw SettingsError("--hidden is \"\(hidden)\"; it must be sizes with commas between, such as 128,128, or none")
                }
                return size
            }
        }
        try settings.validate()
        return settings
    }

    /// Where the model goes.
    var folder: String {
        if let out { return out }
        return TrainRequest.folder(file)
    }
}
