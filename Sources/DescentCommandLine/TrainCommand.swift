import ArgumentParser
import Descent

/// `descent train FILE --target COLUMN`.
struct TrainCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "train",
            abstract: "Train a network on a table, images, a text, names, tunes or a series, test it on held-out data, and save it.",
            discussion: """
                Examples:
                  descent train digits                            a built-in table
                  descent train titanic.csv --target Survived     a column by name
                  descent train housing.csv --target 14           the 14th column
                  descent train 'sales/*.csv.gz' --target price   several files, one table
                  descent train shakespeare.txt                   a text: a language model
                  descent train hamlet.txt macbeth.txt            several texts, one model
                  descent train reviews.txt                       lines: text, tab, class
                  descent train names                             a file for each class
                  descent train eng-hin.txt                       lines: sentence, tab, translation
                  descent train entities.tsv                      lines: word, tab, tag; an empty line after each sentence
                  descent train phrases                           the built-in phrase book, English to Hindi
                  descent train jigs.abc                          tunes in ABC notation, or MIDI files
                  descent train airline.csv --target Passengers --forecast 12
                  descent train images.idx.gz --labels labels.idx.gz
                  descent train photos                            a folder for each class
                  descent train walks.ts                          recordings of several channels
                  descent train X.npy --labels y.npy              arrays: [recordings, time, channels]
                  descent train digits --model cnn                the built-in digits as images
                  descent train recall --distance 50 --compare-cells   the built-in recall task with each recurrent cell
                  descent train --resume descent-models/titanic   resume a stopped run

                Ctrl-C finishes the step and saves the run; a second one stops at once.
                """)
    }

    @Argument(
        help: ArgumentHelp(
            "Files to train on: a table (CSV, TSV, JSON lines, NumPy arrays, Parquet; - for the standard input) in one file or several, a text, a folder of texts or of folders of images or recordings; or digits, iris, diabetes, recall (built in). With --resume a run's folder.",
            valueName: "file"),
        completion: .file())
    var files: [String]
    @OptionGroup var options: LayoutArguments<TrainLayout>
    @OptionGroup(title: TrainLayout.common) var folder: FolderArguments
    @OptionGroup(title: TrainLayout.common) var output: OutputArguments
    @OptionGroup(title: TrainLayout.run) var threading: ThreadArguments
    @OptionGroup(title: TrainLayout.run) var jobs: JobArguments
    @OptionGroup(title: TrainLayout.run) var saving: SavingArguments
    @OptionGroup(title: TrainLayout.run) var comparison: ComparisonArguments

    func run() throws {
        try reportingErrors {
            threading.apply()
            if folder.resume, files.count == 1, !comparison.comparesCells, try resumeFolder(files[0]) { return }
            let (job, input, reason) = try jobs.recognize(files, options, inSteps: comparison.comparesCells)
            try start(job, input, reason)
        }
    }

    private func start<J: Job>(_ job: J.Type, _ input: JobInput, _ reason: String) throws {
        let request = try RunRequest<J>(input, reason: reason, options: options.given)
        if comparison.comparesCells {
            StopRequest.watch()
            try CellComparisonRun<J>.check(options, resumes: folder.resume)
            let (run, note) = try folder.choose(for: input.path)
            return try CellComparisonRun(request: request, folder: run, note: note, saving: saving, output: output).run()
        }
        let training = try request.training()
        // Until here there is nothing to be saved: a signal ends the program as it ends any other.
        StopRequest.watch()
        let (run, note) = try folder.choose(for: input.path)
        try TrainingRun(request: request, training: training, folder: run, note: note, resumes: folder.resume, saving: saving, output: output).run()
    }

    /// Resumes the run in a folder. False where the argument is no folder of a run but data, whose run lies elsewhere.
    private func resumeFolder(_ path: String) throws -> Bool {
        guard FileSystem.folderExists(path) else { return false }
        let file = RunFolder.file(RunFolder.checkpointName, in: path)
        if !FileSystem.exists(file) {
            // A run that has just started has saved nothing yet, and holds the folder.
            if FileSystem.exists(RunFolder.file(RunFolder.lockName, in: path)) { _ = try RunFolder(path) }
            // A folder of texts may be given again, too.
            if FileSystem.exists(RunFolder.file(RunFolder.checkpointName, in: folder.out ?? FolderArguments.usual(path))) { return false }
            if !options.given.isEmpty || folder.out != nil { throw Self.leaveOthersOut(path) }
            throw FileError(kind: .notFound, path: file, sentence: "no run to resume in \(path): it has no \(RunFolder.checkpointName)")
        }
        if !options.given.isEmpty || folder.out != nil || jobs.job != nil { throw Self.leaveOthersOut(path) }
        let run = try RunFolder(path)
        guard let stored = try run.checkpoint()?.reader["settings"]["caller"], stored["job"].exists else {
            throw ResumeError("\(file) was not saved by `descent train` of this version; finish the run with the version that saved it, or start over")
        }
        try resume(try Jobs.required(stored["job"]), stored, run)
        return true
    }

    private static func leaveOthersOut(_ path: String) -> SettingsError {
        SettingsError("--resume \(path) resumes a run with the settings it was started with; leave the others out")
    }

    private func resume<J: Job>(_ job: J.Type, _ stored: JSONReader, _ run: RunFolder) throws {
        let request = try RunRequest<J>(caller: stored)
        let training = try request.training()
        StopRequest.watch()
        try TrainingRun(request: request, training: training, folder: run, note: nil, resumes: true, saving: saving, output: output).run()
    }
}

extension Jobs {
    /// The job that a file names.
    static func required(_ json: JSONReader) throws(FormatError) -> any Job.Type {
        guard let job = named(try json.string()) else { throw json.error("is no job that this program has") }
        return job
    }
}

/// What a run leaves beside its model.
struct SavingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How often the run is saved: 30s, 500steps, 2epochs. Default: at the ends of epochs, at least 5 seconds apart.", valueName: "interval"))
    var checkpointEvery: CheckpointArgument?
    @Flag(name: .customLong("report"), inversion: .prefixedNo, help: "Write report.html beside the model: curves, mistakes, what matters.")
    var writesReport = true
}
