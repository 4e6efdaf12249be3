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
        lines += TableLines.columns(training.encoder.describe())
        let heldOut = training.split.test.count
        let guess = isGuessed ? " (by the target; --model changes it)" : ""
        lines.append(
            "Fitting: \(training.kind.title)\(guess), to \(grouped(training.split.train.count)) rows, \(heldOut == 0 ? "none" : grouped(heldOut)) held out, seed \(training.settings.table.seed).")
        return (lines + training.notes).joined(separator: "\n") + "\n"
    }

    /// The summary, the figures, where the model is, and what to do next.
    func closing(_ model: ClassicalModel, path: String?, coefficients: String) -> String {
        var lines = model.summary + [""]
        if model.summary.contains(where: { $0.hasPrefix("Note: ") && $0.contains("is a combination of") }) {
            lines.insert("Leave columns out (--column NAME=ignore), or add a penalty (--penalty ridge:1).", at: lines.count - 1)
        }
        lines += TableLines.heldOut(model.record)
        if let path { lines.append("Model: \(path)") }
        lines.append("Coefficients: \(coefficients)")
        guard path != nil else {
            let reason = training.settings.degree > 1 ? "products of columns" : "votes of pairs"
            return (lines + ["(descent predict takes no model with \(reason); the coefficients are for programs.)"]).joined(separator: "\n")
        }
        let input = JobInput([file])
        lines.append("Next:")
        lines += (model.tabular?.nextCommands(folder: folder, input: input) ?? []).map { "  \(programName) \($0)" }
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
            "target": .string(training.target.name), "figures": model.record.metrics.json, "trainingRows": .integer(Int64(training.split.train.count)),
            "seed": .integer(Int64(training.settings.table.seed)),
        ]
    }
}
