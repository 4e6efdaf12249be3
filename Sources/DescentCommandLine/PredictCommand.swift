import ArgumentParser
import Descent

extension RowFormat: ExpressibleByArgument {}

/// `descent predict MODEL FILE`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predict with a model: rows, texts, or the next values of a series.",
        discussion: """
            The file is raw, as for training; the target's column may be missing. What was fitted in training (fill-ins, scales, categories) is
            in the model. Tables of any size, and pipes, are read row by row.

            The output is CSV, or JSON lines where the file is. CSV repeats the file's columns, followed by the prediction, for classes its
            probability, and the column error, which says why a row has no answer (not with --strict).

            Examples:
              descent predict descent-models/titanic new.csv > answers.csv
              descent predict descent-models/digits digits --brief --top 3 --first 5
              descent predict descent-models/sales 'new/*.csv.gz'
              descent predict descent-models/photos cat.jpg dog.png --top 2
              tail -f events.jsonl | descent predict descent-models/events - --probabilities
              descent predict descent-models/entities "Anna visited Oslo ."
            """)

    @Argument(help: "A model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Argument(
        help: ArgumentHelp(
            "Files of CSV, TSV, JSON lines, NumPy arrays, Parquet or texts (- for the standard input), images, or digits, iris, diabetes (built in); for a model that tags words also a sentence in quotes.",
            valueName: "file"), completion: .file())
    var files: [String]
    @Option(help: ArgumentHelp("Format of the file: csv, tsv or jsonl (a JSON object on each line). Default: guessed.", valueName: "format"))
    var format: RowFormat?
    @OptionGroup var reading: TableArguments
    @Option(help: "Non-numeric cell in a numeric column: reject or missing. Default: as in training.")
    var invalidCells: InvalidCells?
    @Flag(help: "Give the probability of each class.")
    var probabilities = false
    @Option(help: ArgumentHelp("Give the k most probable classes.", valueName: "k"))
    var top: Int?
    @Flag(help: "Of the file's columns, repeat only the target, if it is there.")
    var brief = false
    @Option(help: ArgumentHelp("Predict only the first rows.", valueName: "count"))
    var first: Int?
    @Flag(help: "Stop at the first row that has no answer.")
    var strict = false
    @Option(help: ArgumentHelp("Format of the output: csv, tsv or jsonl.", valueName: "format"))
    var outputFormat: RowFormat?
    @Flag(help: "The same as --output-format jsonl.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if let first, first < 0 { throw ValidationError("--first is \(first); it must be 0 or more.") }
        if let top, top < 1 { throw ValidationError("--top is \(top); it must be 1 or more.") }
        if json, let outputFormat, outputFormat != .jsonl {
            throw ValidationError("--json and --output-format \(outputFormat) contradict each other; choose one of them.")
        }
        if format == .jsonl, reading.delimiter != nil { throw ValidationError("--delimiter has no meaning for --format jsonl.") }
        if format == .tsv, let delimiter = reading.delimiter, delimiter != .tab {
            throw ValidationError("--format tsv and --delimiter \(delimiter) contradict each other; choose one of them.")
        }
    }

    /// The errors that are shown; the others are in the output alone.
    private static let errorLimit = 5

    func run() throws {
        try reportingErrors {
            threading.apply()
            let model = try Jobs.model(path: model)
            var request = PredictionRequest(reading.input(FileSystem.matching(orTexts: files)))
            (request.format, request.input.invalidCells, request.probabilities, request.top, request.brief) = (format, invalidCells, probabilities, top, brief)
            // For a header alone, the input's names must be known.
            request.first = first == 0 ? 1 : first ?? .max
            request.showsColors = StandardStream.output.isTerminal
            let stream = try model.answers(request)
            var isFirst = true
            var shown = 0, rows = 0, errors = 0
            while let answers = try stream.next() {
                let output = text(stream)
                if first == 0 { return try StandardStream.output.put(output.text([], header: true)) }
                let failed = strict ? answers.firstIndex { $0.error != nil } : nil
                try StandardStream.output.put(output.text(answers[..<(failed ?? answers.count)], header: isFirst))
                isFirst = false
                if let failed { throw RowsError(answers[failed].error!) }
                rows += answers.count
                for answer in answers {
                    guard let error = answer.error else { continue }
                    errors += 1
                    if shown < Self.errorLimit { say(error) }
                    shown += 1
                }
            }
            for note in stream.notes { say(note) }
            // The one error was said above.
            if errors == 1, rows == 1 { throw ExitCode(65) }
            if errors > 0 {
                let place = text(stream).isJSON ? "the member error" : "the column error"
                throw RowsError("\(grouped(errors)) of \(grouped(rows)) rows \(errors == 1 ? "has" : "have") no answer; \(place) says why")
            }
        }
    }

    private func text(_ stream: any AnswerStream) -> AnswerText {
        AnswerText(stream, format: outputFormat ?? (json ? .jsonl : stream.format ?? .csv), keepsForm: outputFormat == nil && !json, withErrors: stream.canFail && !strict)
    }

    private func say(_ sentence: String) { StandardStream.error.write("descent: \(sentence)\n") }
}

/// Answers as lines of text.
struct AnswerText {
    private let stream: any AnswerStream
    private let format: RowFormat
    private let separator: String
    private let keepsForm: Bool
    private let withErrors: Bool
    var isJSON: Bool { format == .jsonl }

    /// - Parameter keepsForm: Whether answers that have the form of the input are written so.
    init(_ stream: any AnswerStream, format: RowFormat, keepsForm: Bool, withErrors: Bool) {
        (self.stream, self.format, self.keepsForm, self.withErrors) = (stream, format, keepsForm, withErrors)
        separator = format == .tsv ? "\t" : ","
    }

    /// Lines for answers, each ended; before them, where one is wanted and the input has names, the header.
    func text(_ answers: ArraySlice<Answer>, header: Bool) throws -> String {
        if keepsForm, answers.contains(where: { $0.ownForm != nil }) { return answers.compactMap { $0.ownForm.map { $0 + "\n" } }.joined() }
        var text = ""
        if header, format != .jsonl, let columns = stream.columns {
            let added = withErrors ? [columns.contains("error") ? "error of the prediction" : "error"] : []
            text = line(columns + stream.answerColumns + added)
        }
        for answer in answers { text += try format == .jsonl ? JSON.object(answer.json).text() + "\n" : line(cells(answer)) }
        return text
    }

    private func cells(_ answer: Answer) -> [String] {
        let values = answer.error == nil ? answer.values : [String](repeating: "", count: stream.answerColumns.count)
        return answer.cells + values + (withErrors ? [answer.error ?? ""] : [])
    }

    private func line(_ cells: [String]) -> String { cells.map(field).joined(separator: separator) + "\n" }

    private func field(_ text: String) -> String {
        // A tab within a field needs quotes where it separates fields.
        guard format == .tsv, text.utf8.contains(0x09) else { return CSVLine.field(text) }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// Rows of the input could not be predicted.
struct RowsError: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
