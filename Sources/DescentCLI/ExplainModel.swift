import Descent

/// `descent explain MODEL FILE`: what a model of tables does to rows of a file, layer by layer.
struct ExplainModel {
    let model: String
    let file: String
    /// How many rows, the first.
    let rows: Int
    let reading: TableArguments
    let oddCells: OddCells?

    /// The rows looked at if not said.
    static let defaultRows = 256

    /// Whether a path is that of a model, and not a formula.
    static func isModel(_ path: String) -> Bool {
        FileSystem.exists(path.hasSuffix("/") ? path + TabularModel.fileName : "\(path)/\(TabularModel.fileName)") || (path.hasSuffix(".safetensors") && FileSystem.exists(path))
    }

    /// The explanation as text and as JSON.
    func report() throws -> (text: String, json: JSON) {
        if !FileSystem.exists(model) {
            throw SettingsError("there is no model \(quoted(model)) to look into with the rows of \(quoted(file)); a formula with spaces in it is written in quotes")
        }
        if try SequenceModel(path: model) != nil { throw SettingsError("explain looks into models of tables, and \(quoted(model)) is one of sequences") }
        let stored = try TabularModel(path: model)
        var encoder = stored.encoder
        if let oddCells { encoder.oddCells = oddCells }
        let table = try reading.table(file, header: encoder.tableOptions.header)
        if table.rowCount == 0 { throw DataError(file: table.file, "there are no rows to look at") }
        let places = Array(0..<min(rows, table.rowCount))
        let encoded = try encoder.transform(table, rows: places)
        let inputs = Tensor(encoded.values, shape: [places.count, encoder.featureCount])
        let followed = try followed(stored.target, table, places)
        stored.network.infer()
        let explanation = stored.network.explain(inputs, loss: followed.loss)
        let of = places.count < table.rowCount ? "The first \(grouped(places.count)) of \(grouped(table.rowCount)) rows" : "\(grouped(places.count)) row\(places.count == 1 ? "" : "s")"
        let heading = "\(of) of \(table.file), through \(stored.network.architecture.summary). \(followed.name)"
        var object = JSON.Object()
        object["file"] = .string(table.file)
        object["rows"] = .integer(Int64(places.count))
        object["target"] = .string(stored.target.name)
        object["loss"] = .string(followed.kind)
        object["explanation"] = explanation.json()
        return (heading + "\n\n\(explanation)", .object(object))
    }

    /// What gradients are taken of: the loss where the file has the truth, else the model's results.
    private func followed(_ target: TargetEncoder, _ table: Table, _ rows: [Int]) throws -> (kind: String, name: String, loss: (Tensor) -> Tensor) {
        guard (try? target.place(in: table)) != nil else {
            return ("mean result", "The file has no column \(quoted(target.name)), so gradients are of the mean of the model's results instead of a loss.", { $0.mean() })
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
