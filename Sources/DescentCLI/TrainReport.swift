import Descent

/// What `descent train` says before and after the run.
struct TrainReport {
    let training: TabularTraining
    let request: TrainRequest
    /// Whether nobody said what kind of answer is asked for.
    let isTaskGuessed: Bool

    /// More columns than this are not all listed.
    private static let columnLimit = 20

    /// What was read and guessed, what becomes of each column, and what is trained.
    func opening(isBuiltIn: Bool) -> String {
        let table = training.table
        var lines = ["Read \(table.file): \(grouped(table.rowCount)) rows, \(table.columnCount) columns\(table.hasHeader ? "" : ", no header (columns are called by number)")."]
        if isBuiltIn, let builtIn = BuiltInTable(rawValue: request.file) { lines.append(builtIn.attribution + ".") }
        lines.append("Target \(training.target.note)" + (isTaskGuessed ? " (guessed; --task changes it)." : "."))
        lines.append("Columns, as fitted on the rows to train on:")
        let notes = training.encoder.describe()
        let shown = notes.count > Self.columnLimit ? Self.columnLimit / 2 : notes.count
        lines += notes.prefix(shown).map { "  " + $0 }
        if shown < notes.count { lines.append("  ... and \(notes.count - shown) more (descent inspect lists them)") }
        let heldOut = training.split.test.count
        let validated = training.validationRows.count
        lines.append("Training on \(grouped(training.trainingRows.count)) rows, \(validated == 0 ? "" : "\(grouped(validated)) to validate on, ")\(heldOut == 0 ? "none" : grouped(heldOut)) held out; \(length) in \(batches), seed \(training.settings.seed).")
        if !training.folds.isEmpty {
            lines.append("\(training.settings.members!) networks side by side, each validated on a part of these rows that it does not learn from (--members 1 for one).")
        }
        let parameters = training.architecture.shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        lines.append("Network: \(training.architecture.summary); \(grouped(parameters)) parameters.")
        return lines.joined(separator: "\n") + "\n"
    }

    private var length: String {
        let settings = training.settings
        let whole = settings.steps.map { "\(grouped($0)) steps" } ?? "\(settings.epochs!) epochs"
        return whole + (settings.patience.map { " at most (patience \($0))" } ?? "")
    }

    private var batches: String {
        let size = training.settings.batchSize!
        let rows = training.trainingRows.count
        return size > rows ? "batches of \(grouped(rows)) (all there are; \(grouped(size)) were asked for)" : "batches of \(size)"
    }

    /// Where the run stands as it begins, if there is something to say.
    func beginning(_ state: TrainingState, steps: Int, resumes: Bool) -> String? {
        if state.isFinished { return "This run is finished, after \(grouped(state.step)) steps; nothing is left to do but to write its model again." }
        if state.step > 0 { return "Goes on in epoch \(state.epoch), after \(grouped(state.step)) of \(grouped(steps)) steps." }
        return resumes ? "There is no saved run in \(request.folder), so it begins anew." : nil
    }

    /// What a run that was stopped leaves, and how to go on.
    func interruption(_ stopped: TrainingInterruption) -> String {
        let input = request.file == "-" ? " < FILE" : ""
        return "Stopped in epoch \(stopped.epoch), after \(grouped(stopped.step)) steps. The run is saved; to go on:\n  \(Self.program) train --resume \(shellQuoted(request.folder))\(input)\n"
    }

    /// The figures, where the model is, and what to do next.
    func closing(_ model: TabularModel, path: String, page: String?) -> String {
        var lines: [String] = [""]
        let epochs = model.record.settings.epochs!
        if training.settings.steps == nil, epochs < training.settings.epochs! {
            lines.append("Ended after \(epochs) epochs: the validation loss no longer fell.")
        }
        if let figures = model.record.figures {
            lines.append("On the \(grouped(figures.rows)) rows held out:")
            lines += figures.lines.map { "  " + $0 }
        } else {
            lines.append("No rows were held out, so there is no test figure (--test-fraction).")
        }
        lines.append("Model: \(path)")
        if let page { lines.append("Report: \(page)") }
        lines.append("Next:")
        let source = request.file == "-" ? "FILE" : shellQuoted(request.file)
        let labels = request.labels.map { " --labels \(shellQuoted($0))" } ?? ""
        lines.append("  \(Self.program) predict \(shellQuoted(request.folder)) \(source)\(labels) --brief --first 5")
        return lines.joined(separator: "\n")
    }

    /// The run for machines.
    func line(_ model: TabularModel, path: String, page: String?, seconds: Double) -> JSON {
        let record = model.record
        return [
            "model": .string(path), "report": page.map(JSON.string) ?? nil, "source": .string(record.source), "target": .string(model.target.name),
            "task": .string(model.target.task.rawValue), "figures": record.figures?.toJSON() ?? nil,
            "trainingRows": .integer(Int64(record.trainingRows)), "trainingLoss": .number(record.trainingLoss),
            "parameters": .integer(Int64(model.network.parameterCount)), "epochs": .integer(Int64(record.settings.epochs!)),
            "batchSize": .integer(Int64(training.settings.batchSize!)), "seed": .integer(Int64(training.settings.seed)),
            "seconds": .number(seconds),
        ]
    }

    /// How this program was called, so that the next command can be copied as it stands.
    static var program: String { shellQuoted(CommandLine.arguments.first ?? "descent") }
}

/// A word as a shell takes it back.
func shellQuoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "="): true
        default: false
        }
    }
    return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
