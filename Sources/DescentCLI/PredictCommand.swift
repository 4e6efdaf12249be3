import ArgumentParser
import Descent

/// `descent predict MODEL FILE`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predicts a table's rows with a model.",
        discussion: """
            The table is the raw file, as for training; the target's column may be left out. What was fitted in training (fill-ins,
            scales, categories) is in the model. The output is CSV: the file's columns, then the prediction and, for classes, its
            probability.
            """)

    @Argument(help: "A model's folder, or its model.safetensors.")
    var model: String
    @Argument(help: "A CSV file (- for the standard input), or digits for the built-in example.")
    var file: String
    @OptionGroup var reading: TableArguments
    @Option(help: "A cell that is no number in a column of numbers: reject or missing. As in training if not given.")
    var oddCells: OddCells?
    @Flag(help: "Of the file's columns, repeat only the target, if it is there.")
    var brief = false
    @Option(help: ArgumentHelp("Only the first rows.", valueName: "count"))
    var first: Int?
    @Flag(help: "A line of JSON for each row instead of CSV.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if let first, first < 0 { throw ValidationError("--first is \(first); it must be 0 or more.") }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            let stored = try TabularModel(path: model)
            var encoder = stored.encoder
            if let oddCells { encoder.oddCells = oddCells }
            let model = TabularModel(network: stored.network, encoder: encoder, target: stored.target, record: stored.record)
            let table = try reading.table(file, header: encoder.tableOptions.header)
            let rows = Array(0..<Swift.min(first ?? .max, table.rowCount))
            let answers = try model.predict(table, rows: rows)
            let listing = PredictionListing(table: table, target: model.target, brief: brief)
            if json {
                for (row, answer) in zip(rows, answers) { try StandardStream.output.print(listing.json(row: row, answer).text()) }
            } else {
                try StandardStream.output.print(listing.csv(rows: rows, answers))
            }
        }
    }
}
