import ArgumentParser
import Descent

/// `descent evaluate MODEL FILE`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Says how good a model's answers are, on rows whose answers are known.",
        discussion: """
            The file is raw, as for training, with the target's column. Best are rows that the model has not been trained on: to those
            that it has, it knows the answers too well.
            """)

    @Argument(help: "A model's folder, or its model.safetensors.")
    var model: String
    @Argument(help: "A CSV file (- for the standard input), or digits for the built-in example.")
    var file: String
    @OptionGroup var reading: TableArguments
    @Option(help: "A cell that is no number in a column of numbers: reject or missing. As in training if not given.")
    var oddCells: OddCells?
    @Option(help: ArgumentHelp("Writes a page about the answers: mistakes, calibration, what the columns are worth.", valueName: "file.html"))
    var report: String?
    @Flag(help: "One line of JSON instead of tables.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func run() throws {
        try reportingErrors {
            threading.apply()
            if try SequenceModel(path: model) != nil {
                throw SettingsError("evaluate is for models of tables; `descent inspect` has the figures of what was held out when this one was trained")
            }
            let stored = try TabularModel(path: model)
            var encoder = stored.encoder
            if let oddCells { encoder.oddCells = oddCells }
            let model = TabularModel(network: stored.network, encoder: encoder, target: stored.target, record: stored.record)
            let table = try reading.table(file, header: encoder.tableOptions.header)
            let evaluation = try model.evaluation(table)
            if let report {
                try TabularReport(model, table, rows: Array(0..<table.rowCount), rowsName: "rows of \(table.file)", warning: try warning(model.record, table))
                    .write(to: report)
            }
            if json {
                try StandardStream.output.print(evaluation.toJSON().text())
            } else {
                var lines = ["\(grouped(evaluation.rows)) row\(evaluation.rows == 1 ? "" : "s") of \(table.file). Target \(model.target.note)."]
                if let warning = try warning(model.record, table) { lines.append(warning) }
                try StandardStream.output.print((lines + [""] + evaluation.lines).joined(separator: "\n"))
            }
        }
    }

    /// Where the rows are, or seem to be, those of the training.
    private func warning(_ record: TabularModel.Record, _ table: Table) throws -> String? {
        let what: String
        if let fingerprint = record.fingerprint {
            guard fingerprint == (try reading.fingerprint(file)) else { return nil }
            what = "The model was trained on rows of this very file, so these figures flatter it"
        } else {
            guard table.file.split(separator: "/").last.map(String.init) == record.source else { return nil }
            what = "The model was trained on rows of a file of this name: if it is the same, these figures flatter it"
        }
        guard let figures = record.figures else { return what + "." }
        return "\(what); `descent inspect` has the figures of the \(grouped(figures.rows)) rows that were held out."
    }
}
