import ArgumentParser
import Descent

extension RowFormat: ExpressibleByArgument {}

/// `descent predict MODEL FILE`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predicts a file's rows with a model, as they come.",
        discussion: """
            The file is raw, as for training; the target's column may be left out. What was fitted in training (fill-ins, scales,
            categories) is in the model. Files of any size, and pipes, are read row by row.

            The output is CSV, or JSON lines where the file is. CSV repeats the file's columns; then come the prediction, for classes
            its probability, and the column error: it says why a row has no answer, and is left out with --strict.

            Examples:
              descent predict descent-models/titanic new.csv > answers.csv
              descent predict descent-models/digits digits --brief --top 3 --first 5
              tail -f events.jsonl | descent predict descent-models/events - --probabilities
            """)

    @Argument(help: "A model's folder, or its model.safetensors.")
    var model: String
    @Argument(help: "A file of CSV, TSV or JSON lines (- for the standard input), or digits, iris or diabetes, which are built in.")
    var file: String
    @Option(help: ArgumentHelp("How the file is written: csv, tsv or jsonl (a JSON object on each line). Guessed if not given.", valueName: "format"))
    var format: RowFormat?
    @OptionGroup var reading: TableArguments
    @Option(help: "A cell that is no number in a column of numbers: reject or missing. As in training if not given.")
    var oddCells: OddCells?
    @Flag(help: "The probability of each class.")
    var probabilities = false
    @Option(help: ArgumentHelp("The most probable classes, so many.", valueName: "count"))
    var top: Int?
    @Flag(help: "Of the file's columns, repeat only the target, if it is there.")
    var brief = false
    @Option(help: ArgumentHelp("Only the first rows.", valueName: "count"))
    var first: Int?
    @Flag(help: "Stop at the first row that has no answer.")
    var strict = false
    @Option(help: ArgumentHelp("How the answers are written: csv, tsv or jsonl.", valueName: "format"))
    var outputFormat: RowFormat?
    @Flag(help: "The same as --output-format jsonl.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if let first, first < 0 { throw ValidationError("--first is \(first); it must be 0 or more.") }
        if let top, top < 1 { throw ValidationError("--top is \(top); it must be 1 or more.") }
        if json, let outputFormat, outputFormat != .jsonl {
            throw ValidationError("--json and --output-format \(outputFormat) contradict each other; say one of them.")
        }
        if format == .jsonl, reading.delimiter != nil { throw ValidationError("--delimiter has no meaning for --format jsonl.") }
        if format == .tsv, let delimiter = reading.delimiter, delimiter != .tab {
            throw ValidationError("--format tsv and --delimiter \(delimiter) contradict each other; say one of them.")
        }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            if let sequence = try SequenceModel(path: model) {
                return try SequencePredict(
                    model: sequence, file: file, delimiter: reading.delimiter?.delimiter, json: json || outputFormat == .jsonl,
                    probabilities: probabilities, first: first ?? .max).run()
            }
            let stored = try TabularModel(path: model)
            var encoder = stored.encoder
            if let oddCells { encoder.oddCells = oddCells }
            let model = TabularModel(network: stored.network, encoder: encoder, target: stored.target, record: stored.record)
            let stream = try stream(model)
            var listing: PredictionListing?
            var shown = 0
            while let rows = try stream.next() {
                let output = outputFormat ?? (json ? .jsonl : stream.format ?? .csv)
                let isFirst = listing == nil
                if listing == nil {
                    listing = PredictionListing(
                        columns: stream.columns, hasHeader: stream.hasHeader, target: model.target, format: output, brief: brief,
                        probabilities: probabilities, top: top, withErrors: !strict)
                }
                let failed = strict ? rows.firstIndex { $0.answer == nil } : nil
                try StandardStream.output.put(listing!.text(rows[..<(failed ?? rows.count)], header: isFirst))
                if let failed { throw RowsError(rows[failed].error!) }
                for row in rows where row.answer == nil && shown < Self.errorLimit {
                    say(row.error!)
                    shown += 1
                }
            }
            try conclude(stream.summary, model: model)
        }
    }

    /// The errors that are shown; the others are in the output alone.
    private static let errorLimit = 5

    private func stream(_ model: TabularModel) throws -> PredictionStream {
        if reading.labels != nil { return try PredictionStream(model, reading.table(file, header: .guess), first: first ?? .max) }
        if let builtIn = reading.builtIn(file) { return try PredictionStream(model, builtIn.table(), first: first ?? .max) }
        let input = file == "-" ? InputFile() : try InputFile(path: file)
        return PredictionStream(model, reading: input, format: format, delimiter: reading.delimiter?.delimiter, first: first ?? .max)
    }

    private func say(_ sentence: String) { StandardStream.error.write("descent: \(sentence)\n") }

    /// What a person should know about the rows, on the standard error.
    private func conclude(_ summary: PredictionStream.Summary, model: TabularModel) throws {
        for column in summary.unseen.columns {
            let cells = column.cells == 1 ? "1 cell has" : "\(grouped(column.cells)) cells have"
            let examples = column.examples.map(quoted).joined(separator: ", ")
            say("column \(quoted(column.name)): \(cells) a value that was rare or absent in training (\(examples)), and so counted as any other such value")
        }
        let extra = summary.extraColumns
        if !extra.isEmpty {
            let names = extra.prefix(10).map(quoted).joined(separator: ", ") + (extra.count > 10 ? " and \(extra.count - 10) more" : "")
            say("not used, since the model was trained without: \(names)")
        }
        if summary.errors > 0 {
            let verb = summary.errors == 1 ? "has" : "have"
            throw RowsError("\(grouped(summary.errors)) of \(grouped(summary.rows)) rows \(verb) no answer; the column error says why")
        }
    }
}

/// Rows of the input could not be predicted.
struct RowsError: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
