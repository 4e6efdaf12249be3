import ArgumentParser
import Descent

/// `descent evaluate MODEL FILE`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on data whose answers are known.",
        discussion: """
            The file is raw, as for training: rows with the target's column (in one file or several), labelled texts, a text, a series whose end is forecast, or a folder
            with a folder of images for each class (some of the model's classes are enough). Use data that the model has not been trained on; on its
            training data the metrics are too optimistic.
            """)

    @Argument(help: "A model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Argument(help: "The files or the folder (- for the standard input), or digits, iris, diabetes (built in).", completion: .file())
    var files: [String]
    @OptionGroup var reading: TableArguments
    @Option(help: "Non-numeric cell in a numeric column: reject or missing. Default: as in training.")
    var invalidCells: InvalidCells?
    @Option(help: ArgumentHelp("Write a report about the answers: mistakes, calibration, what matters.", valueName: "file.html"), completion: .file(extensions: ["html"]))
    var report: String?
    @Flag(help: "Print one line of JSON instead of tables.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func run() throws {
        try reportingErrors {
            threading.apply()
            try evaluate(try Jobs.model(path: model))
        }
    }

    private func evaluate(_ model: some JobModel) throws {
        var input = try reading.input(FileSystem.matching(files))
        input.invalidCells = invalidCells
        let evaluation = try model.evaluation(input)
        let warning = warning(model, evaluation)
        if let report {
            guard var part = try evaluation.report?() else { throw SettingsError("there is no report of an evaluation of this model; leave out --report") }
            if let warning { part.result.insert(.warning(warning), at: 0) }
            try part.page(of: model).write(to: report)
        }
        if json { return try StandardStream.output.print(evaluation.json.text()) }
        try StandardStream.output.print(([evaluation.heading] + (warning.map { [$0] } ?? []) + [""] + evaluation.lines).joined(separator: "\n"))
    }

    /// A warning where the data is, or seems to be, that of the training.
    private func warning(_ model: some JobModel, _ evaluation: JobEvaluation) -> String? {
        let record = model.record
        let what: String
        if let fingerprint = record.fingerprint {
            guard fingerprint == evaluation.fingerprint else { return nil }
            what = "The model was trained on this very data, so these metrics are too optimistic"
        } else {
            guard files.count == 1, files[0].split(separator: "/").last.map(String.init) == record.source else { return nil }
            what = "The model was trained on data of this name: if it is the same, these metrics are too optimistic"
        }
        guard let heldOut = record.heldOut else { return what + "." }
        return "\(what); `descent inspect` has those of the \(heldOut) held out."
    }
}
