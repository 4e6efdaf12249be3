import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension TabularModel {
    /// The table that an input means, read as the one that the model was trained on.
    private func table(_ input: JobInput) throws -> Table {
        try input.reading.naming(record.settings.reading.fileColumn).table(input.paths, like: encoder.tableOptions)
    }

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        try TabularAnswers.stream(treating(request.input.invalidCells), request, fileColumn: record.settings.reading.fileColumn)
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let model = treating(input.invalidCells)
        let given = try table(input), table = try given.leavingOutRows(without: target.name)
        let evaluation = try model.evaluation(table)
        let rows = Quantity(evaluation.rows, "rows"), note = table.notices.dropFirst(given.notices.count).map { " \($0)." }.joined()
        let covered = try model.coverage(table)
        let lines = evaluation.lines + (covered?.words.map { ["  \($0)"] } ?? [])
        return JobEvaluation(
            heading: "\(rows) of \(table.file). Target \(target.note).\(note)", lines: lines, json: Self.json(evaluation, covered),
            fingerprint: try input.reading.fingerprint(input.paths)
        ) { try TabularReport(model, table, rows: Array(0..<table.rowCount), rowsName: "rows of \(table.file)").part() }
    }

    /// An evaluation for machines, with the metric that only some models have.
    private static func json(_ evaluation: AnswerEvaluation, _ covered: Metric?) -> JSON {
        guard let covered, case .object(var object) = evaluation.toJSON(), case .object(var metrics)? = object["metrics"] else { return evaluation.toJSON() }
        metrics[covered.name] = .number(covered.value)
        object["metrics"] = .object(metrics)
        return .object(object)
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let table = try table(input)
        if table.rowCount == 0 { throw DataError(file: table.file, "there are no rows to look at") }
        let places = Array(0..<Swift.min(count, table.rowCount))
        let encoded = try treating(input.invalidCells).encoder.transform(table, rows: places)
        let inputs = Tensor(encoded.values, shape: [places.count, encoder.featureCount])
        let followed = try followed(table, places)
        network.infer()
        let explanation = network.explain(inputs, loss: followed.loss)
        let rows = Quantity(places.count, "rows")
        let of = places.count < table.rowCount ? "The first \(grouped(places.count)) of \(grouped(table.rowCount)) rows" : "\(rows)"
        var facts = JSON.Object()
        facts["file"] = .string(table.file)
        facts["rows"] = .integer(Int64(places.count))
        facts["target"] = .string(target.name)
        facts["loss"] = .string(followed.kind)
        return JobExplanation(heading: "\(of) of \(table.file), through \(summary). \(followed.name)", explanation: explanation, facts: facts)
    }

    /// The function whose gradient is taken: the loss where the file has the truth, otherwise the mean output.
    private func followed(_ table: Table, _ rows: [Int]) throws -> (kind: String, name: String, loss: (Tensor) -> Tensor) {
        guard (try? target.place(in: table)) != nil else {
            return ("mean output", "The file has no column \(quoted(target.name)), so gradients are of the mean output instead of a loss.", { $0.mean() })
        }
        switch target.task {
        case .regression:
            let values = Tensor(try target.values(table, rows: rows), shape: [rows.count, 1])
            return ("mean squared error", "Gradients are of the mean squared error of \(quoted(target.name)), in its standard deviations.", { meanSquaredError($0, values) })
        case .binary:
            let labels = Tensor(try target.labels(table, rows: rows).map { Float($0) }, shape: [rows.count, 1])
            return ("binary cross-entropy", "Gradients are of the mean binary cross-entropy of \(quoted(target.name)).", { binaryCrossEntropy(logits: $0, labels) })
        case .multiclass:
            let labels = Tensor(int32: try target.labels(table, rows: rows))
            return ("cross-entropy", "Gradients are of the mean cross-entropy of \(quoted(target.name)).", { softmaxCrossEntropy($0, labels) })
        }
    }
}

/// A table's predictions as the command line lists them.
final class TabularAnswers: AnswerStream {
    private let stream: PredictionStream
    private let target: TargetEncoder
    private let classes: ClassColumns?
    private let brief: Bool
    private let interval: PredictionInterval?
    /// The input's columns that are repeated, by number; known after the first rows.
    private var repeated: [Int] = []

    /// The answers of any model of rows to what is asked for, in one file or several.
    ///
    /// - Parameter fileColumn: The column that the model was trained with and that says which file a row is from; `nil` for none.
    static func stream(_ model: any RowModel, _ request: PredictionRequest, fileColumn: String?) throws -> any AnswerStream {
        let paths = request.input.paths
        if paths.count == 1 { return try TabularAnswers(model, request, fileColumn: fileColumn.map { ($0, Table.titles(of: paths)[0]) }) }
        // As the files were called in training: by their paths where two have one name.
        let titles = Dictionary(zip(paths, Table.titles(of: paths))) { first, _ in first }
        return try FilesAnswers(request.input, first: request.first) { input, first in
            var own = request
            (own.input, own.first) = (input, first)
            return try TabularAnswers(model, own, fileColumn: fileColumn.map { ($0, titles[input.path] ?? input.path) })
        }
    }

    private convenience init(_ model: any RowModel, _ request: PredictionRequest, fileColumn: (name: String, text: String)?) throws {
        let input = request.input
        let path = input.path
        let stream: PredictionStream
        if input.reading.labels != nil {
            stream = try PredictionStream(any: model, input.reading.table(path), first: request.first)
        } else if let builtIn = input.builtIn {
            stream = try PredictionStream(any: model, builtIn.table(), first: request.first)
        } else {
            let file = path == "-" ? InputFile() : try InputFile(path: path)
            stream = PredictionStream(any: model, file: file.name, format: request.format, delimiter: input.reading.delimiter?.delimiter, first: request.first) { try file.read() }
            stream.fileColumn = fileColumn
        }
        self.init(stream, target: model.target, interval: model.interval, request: request)
    }

    init(_ stream: PredictionStream, target: TargetEncoder, interval: PredictionInterval?, request: PredictionRequest) {
        (self.stream, self.target, self.interval, brief) = (stream, target, interval, request.brief)
        classes = target.task == .regression ? nil : ClassColumns(target.classes, probabilities: request.probabilities, top: request.top)
    }

    var columns: [String]? { stream.hasHeader ? repeated.map { stream.columns[$0] } : nil }
    var canFail: Bool { true }
    var format: RowFormat? { stream.format }

    var answerColumns: [String] {
        let own = repeated.map { stream.columns[$0] }
        return (classes?.names ?? ["prediction"] + (interval == nil ? [] : ["lower", "upper"])).map { own.contains($0) ? "\($0) of \(target.name)" : $0 }
    }

    func next() throws -> [Answer]? {
        guard let rows = try stream.next() else { return nil }
        let names = stream.columns
        repeated = brief ? names.indices.filter { names[$0] == target.name } : Array(names.indices)
        return rows.map(answer)
    }

    private func answer(_ row: AnsweredRow) -> Answer {
        var json = JSON.Object()
        json["line"] = .integer(Int64(row.line))
        var values: [String] = []
        switch row.answer {
        case .value(let value)?:
            values = [Self.text(value)]
            json["prediction"] = .number(value)
            if let ends = interval?.ends(value) {
                values += [Self.text(ends.lower), Self.text(ends.upper)]
                (json["lower"], json["upper"]) = (.number(ends.lower), .number(ends.upper))
            }
        case .label(let label, let all)?:
            values = classes!.values(all)
            classes!.add(label, all, to: &json)
        case nil:
            json["prediction"] = .null
            json["error"] = .string(row.error ?? "")
        }
        return Answer(line: row.line, cells: repeated.map { row.text(column: $0) }, values: values, json: json, error: row.error)
    }

    private static func text(_ value: Double) -> String { abs(value) < 1e30 ? "\(Float(value))" : "\(value)" }

    var notes: [String] {
        var notes = stream.summary.unseen.columns.map { column in
            let cells = column.cells == 1 ? "1 cell has" : "\(grouped(column.cells)) cells have"
            return "column \(quoted(column.name)): \(cells) a value that was rare or absent in training (\(column.examples.map(quoted).joined(separator: ", "))); it counts as other"
        }
        let extra = stream.summary.extraColumns
        if !extra.isEmpty {
            let names = extra.prefix(10).map(quoted).joined(separator: ", ") + (extra.count > 10 ? " and \(extra.count - 10) more" : "")
            notes.append("ignored, since the model was trained without: \(names)")
        }
        return notes
    }
}
