import Descent

/// What `descent tune` says before and after the search.
struct TuneReport {
    let search: TabularSearch
    let request: TrainRequest

    /// The trials that are listed at the end.
    private static let listed = 10

    /// What was read, and what will be tried.
    func opening(isBuiltIn: Bool) throws -> String {
        let base = search.base
        let table = base.table
        var lines = ["Read \(table.file): \(grouped(table.rowCount)) rows, \(table.columnCount) columns."]
        if isBuiltIn, let builtIn = BuiltInTable(rawValue: request.file) { lines.append(builtIn.attribution + ".") }
        lines.append("Target \(base.target.note).")
        let rungs = search.plan.rungs.map { "\(grouped($0.trials)) for \(grouped($0.epochs)) epoch\($0.epochs == 1 ? "" : "s")" }
        lines.append("Tries \(grouped(search.trials)) setting\(search.trials == 1 ? "" : "s"): \(rungs.joined(separator: ", then the best ")), seed \(base.settings.seed).")
        let heldOut = base.split.test.count
        lines.append("They are compared by \(try search.measure); \(heldOut == 0 ? "no rows are held out" : "the \(grouped(heldOut)) rows held out are not looked at").")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The best trials.
    func table(_ result: TabularSearch.Result) -> String {
        let ranking = result.ranking
        let shown = ranking.prefix(Self.listed)
        let rows = [["trial", "epochs", "loss", "hidden", "activation", "dropout", "learning rate", "weight decay"]] + shown.map { trial in
            let setting = trial.setting
            return [
                "\(trial.number)\(trial.number == 1 ? " (defaults)" : "")", "\(trial.epochs)", trial.loss.isFinite ? fixed(trial.loss, 4) : "diverged",
                setting.hiddenText, setting.activation, shortNumber(setting.dropout), shortNumber(setting.learningRate), shortNumber(setting.weightDecay),
            ]
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        let lines = rows.map { row in
            zip(row, widths).map { cell, width in String(repeating: " ", count: width - cell.count) + cell }.joined(separator: "  ")
        }
        let count = ranking.count > shown.count ? "The best \(shown.count) of \(grouped(ranking.count)) trials" : "The trials"
        let learned = grouped(search.base.split.train.count)
        return (["", "\(count), by validation loss (all of them: \(request.folder)/\(TabularSearch.tableName)):"] + lines
            + ["", "Trains trial \(result.best.number) on all \(learned) rows to train on."]).joined(separator: "\n")
    }

    /// What a search that was stopped leaves, and how to go on.
    var interruption: String {
        let input = request.file == "-" ? " < FILE" : ""
        return "Stopped. The trials that have ended are kept; to go on:\n  \(TrainReport.program) tune --resume \(shellQuoted(request.folder))\(input)\n"
    }

    /// The figures, where the model is, and the command that makes it again.
    func closing(_ model: TabularModel, path: String, folder: RunFolder, request: TrainRequest) -> String {
        var lines = [""]
        if let figures = model.record.figures {
            lines.append("On the \(grouped(figures.rows)) rows held out:")
            lines += figures.lines.map { "  " + $0 }
        } else {
            lines.append("No rows were held out, so there is no test figure (--test-fraction).")
        }
        lines.append("Model: \(path)")
        lines.append("Reports: \(folder.file(RunFolder.reportName)) (the model), \(folder.file(TabularSearch.reportName)) (the trials)")
        lines.append("The same model without the search:")
        lines.append("  \(request.command(TrainReport.program))")
        return lines.joined(separator: "\n")
    }

    /// The search for machines.
    func line(_ result: TabularSearch.Result, _ model: TabularModel, path: String, request: TrainRequest) -> JSON {
        let best = result.best
        return [
            "model": .string(path), "source": .string(model.record.source), "target": .string(model.target.name),
            "trials": .integer(Int64(search.trials)), "best": .integer(Int64(best.number)), "validationLoss": .number(best.loss),
            "settings": request.settings.toJSON(), "figures": model.record.figures?.toJSON() ?? nil,
            "command": .string(request.command("descent")),
        ]
    }
}
