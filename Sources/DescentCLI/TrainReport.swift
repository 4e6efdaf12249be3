import Descent

/// What `descent train` says before and after the run.
struct TrainReport {
    let training: TabularTraining
    let file: String
    /// Whether nobody said what kind of answer is asked for.
    let isTaskGuessed: Bool

    /// More columns than this are not all listed.
    private static let columnLimit = 20

    /// What was read and guessed, what becomes of each column, and what is trained.
    func opening(isBuiltIn: Bool) -> String {
        let table = training.table
        var lines = ["Read \(table.file): \(grouped(table.rowCount)) rows, \(table.columnCount) columns\(table.hasHeader ? "" : ", no header (columns are called by number)")."]
        if isBuiltIn, let builtIn = BuiltInTable(rawValue: file) { lines.append(builtIn.attribution + ".") }
        lines.append("Target \(training.target.note)" + (isTaskGuessed ? " (guessed; --task changes it)." : "."))
        lines.append("Columns, as fitted on the rows to train on:")
        let notes = training.encoder.describe()
        let shown = notes.count > Self.columnLimit ? Self.columnLimit / 2 : notes.count
        lines += notes.prefix(shown).map { "  " + $0 }
        if shown < notes.count { lines.append("  ... and \(notes.count - shown) more (descent inspect lists them)") }
        let heldOut = training.split.test.count
        let settings = training.settings
        lines.append("Training on \(grouped(training.split.train.count)) rows, \(heldOut == 0 ? "none" : grouped(heldOut)) held out; \(settings.epochs!) epochs in batches of \(settings.batchSize!), seed \(settings.seed).")
        let parameters = training.architecture.shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        lines.append("Network: \(training.architecture.summary); \(grouped(parameters)) parameters.")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The figures, where the model is, and what to do next.
    func closing(_ model: TabularModel, path: String, folder: String) -> String {
        var lines: [String] = [""]
        if let figures = model.record.figures {
            lines.append("On the \(grouped(figures.rows)) rows held out:")
            lines += figures.lines.map { "  " + $0 }
        } else {
            lines.append("No rows were held out, so there is no test figure (--test-fraction).")
        }
        lines.append("Model: \(path)")
        lines.append("Next:")
        let source = file == "-" ? "FILE" : shellQuoted(file)
        lines.append("  \(program) predict \(shellQuoted(folder)) \(source) --brief --first 5")
        return lines.joined(separator: "\n")
    }

    /// The run for machines.
    func line(_ model: TabularModel, path: String, seconds: Double) -> JSON {
        let record = model.record
        return [
            "model": .string(path), "source": .string(record.source), "target": .string(model.target.name),
            "task": .string(model.target.task.rawValue), "figures": record.figures?.toJSON() ?? nil,
            "trainingRows": .integer(Int64(record.trainingRows)), "trainingLoss": .number(record.trainingLoss),
            "parameters": .integer(Int64(model.network.parameterCount)), "epochs": .integer(Int64(training.settings.epochs!)),
            "batchSize": .integer(Int64(training.settings.batchSize!)), "seed": .integer(Int64(training.settings.seed)),
            "seconds": .number(seconds),
        ]
    }

    /// How this program was called, so that the next command can be copied as it stands.
    private var program: String { shellQuoted(CommandLine.arguments.first ?? "descent") }
}

/// A word as a shell takes it back.
func shellQuoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ":"): true
        default: false
        }
    }
    return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
