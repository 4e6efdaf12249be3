import Descent

/// What `descent fit` says before and after the fit.
struct FitReport {
    let training: ClassicalTraining
    let file: String
    let folder: String
    /// The file of the labels, where the table is pictures.
    let labels: String?
    /// Whether nobody said which model.
    let isGuessed: Bool
    /// Whether nobody said what kind of answer is asked for.
    let isTaskGuessed: Bool

    /// More columns than this are not all listed.
    private static let columnLimit = 20

    /// What was read and guessed, what becomes of each column, and what is fitted.
    var opening: String {
        let table = training.table
        var lines = ["Read \(table.file): \(grouped(table.rowCount)) rows, \(table.columnCount) columns\(table.hasHeader ? "" : ", no header (columns are called by number)")."]
        lines.append("Target \(training.target.note)" + (isTaskGuessed ? " (guessed; --task changes it)." : "."))
        lines.append("Columns, as fitted on the rows to fit to:")
        let notes = training.encoder.describe()
        let shown = notes.count > Self.columnLimit ? Self.columnLimit / 2 : notes.count
        lines += notes.prefix(shown).map { "  " + $0 }
        if shown < notes.count { lines.append("  ... and \(notes.count - shown) more") }
        let heldOut = training.split.test.count
        let guess = isGuessed ? " (guessed by the target; --model changes it)" : ""
        lines.append("Fitting: \(training.kind.title)\(guess), to \(grouped(training.split.train.count)) rows, \(heldOut == 0 ? "none" : grouped(heldOut)) held out, seed \(training.settings.table.seed).")
        return (lines + training.notes).joined(separator: "\n") + "\n"
    }

    /// The summary, the figures, where the model is, and what to do next.
    func closing(_ model: ClassicalModel, path: String?, coefficients: String) -> String {
        var lines = model.summary + [""]
        if model.summary.contains(where: { $0.hasPrefix("Note: ") && $0.contains("is a combination of") }) {
            lines.insert("Leave columns out (--column NAME=ignore), or add a penalty (--penalty ridge:1).", at: lines.count - 1)
        }
        if let figures = model.figures {
            lines.append("On the \(grouped(figures.rows)) rows held out:")
            lines += figures.lines.map { "  " + $0 }
        } else {
            lines.append("No rows were held out, so there is no test figure (--test-fraction).")
        }
        if let path { lines.append("Model: \(path)") }
        lines.append("Coefficients: \(coefficients)")
        guard path != nil else {
            let reason = training.settings.degree > 1 ? "products of columns" : "votes of pairs"
            return (lines + ["(descent predict takes no model of \(reason); the coefficients are for programs.)"]).joined(separator: "\n")
        }
        let source = file == "-" ? "FILE" : shellQuoted(file)
        let pictures = labels.map { " --labels \(shellQuoted($0))" } ?? ""
        lines += ["Next:", "  \(TrainReport.program) predict \(shellQuoted(folder)) \(source)\(pictures) --brief --first 5"]
        return lines.joined(separator: "\n")
    }

    /// What is said where the likelihood has no maximum.
    func separable(_ command: String) -> String {
        """
        some combination of the columns tells the classes of \(quoted(training.target.name)) apart without a mistake (or all but ties), so the likelihood has no maximum: the larger the coefficients, the better, without end. A penalty gives an answer:
          \(command)
        """
    }

    /// The fit for machines.
    func line(_ model: ClassicalModel, path: String?, coefficients: String) -> JSON {
        [
            "model": path.map(JSON.string) ?? nil, "coefficients": .string(coefficients), "kind": .string(model.kind.rawValue),
            "target": .string(training.target.name), "figures": model.figures?.toJSON() ?? nil, "trainingRows": .integer(Int64(training.split.train.count)),
            "seed": .integer(Int64(training.settings.table.seed)),
        ]
    }
}
