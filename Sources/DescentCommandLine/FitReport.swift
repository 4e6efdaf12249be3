import Descent

/// What `descent fit` says before and after the fit.
struct FitReport {
    let training: ClassicalTraining
    let file: String
    let folder: String
    /// Whether nobody said which model.
    let isGuessed: Bool
    /// Who made the data, where it is built in.
    let attribution: String?
    /// Whether nobody said what kind of answer is asked for.
    let isTaskGuessed: Bool

    /// What was read and guessed, what becomes of each column, and what is fitted.
    var opening: String {
        var lines = TableLines.reading(training.table, attribution: attribution, target: training.target.note, isTaskGuessed: isTaskGuessed)
        lines += TableLines.columns(training.columnNotes, heading: "Columns:")
        if case .nonlinear(_, let parameters) = training.formula.content { lines.append("Parameters, which are no columns: \(parameters.joined(separator: ", ")).") }
        let heldOut = training.split.test.count
        let guess = isGuessed ? training.kind == .nonlinear ? " (by the formula)" : " (by the target; --model changes it)" : ""
        lines.append(
            "Fitting: \(training.kind.title)\(guess), to \(Quantity(training.split.train.count, "rows"))\(heldOut == 0 ? "" : ", \(grouped(heldOut)) held out, seed \(training.settings.table.seed)").")
        return (lines + training.notes).joined(separator: "\n") + "\n"
    }

    /// The summary, the metrics, where the model is, and what to do next.
    func closing(_ model: ClassicalModel, path: String, page: String) -> String {
        var lines = model.fitSummary + [""]
        if model.fitSummary.contains(where: { $0.hasPrefix("Note: ") && $0.contains("is a combination of") }) {
            lines.insert("Leave columns out (--column NAME=ignored), or add a penalty (--penalty ridge:1).", at: lines.count - 1)
        }
        if model.record.heldOut != nil { lines += TableLines.heldOut(model.record) }
        lines += ["Model: \(path)", "Report: \(page)", "Next:"]
        lines += model.nextCommands(folder: folder, input: JobInput([file])).map { "  \(programName) \($0)" }
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
    func line(_ model: ClassicalModel, path: String, page: String) -> JSON {
        var object = JSON.Object()
        object["model"] = .string(path)
        object["kind"] = .string(model.kind.rawValue)
        object["formula"] = .string(model.formula.source)
        object["target"] = .string(training.target.name)
        object["coefficients"] = model.coefficients
        object["statistics"] = model.statistics
        object["figures"] = model.record.metrics.json
        object["trainingRows"] = .integer(Int64(training.split.train.count))
        object["seed"] = .integer(Int64(training.settings.table.seed))
        object["notes"] = JSON(training.notes)
        object["report"] = .string(page)
        return .object(object)
    }
}
