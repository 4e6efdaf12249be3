import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// What a card says of a table's model beside the record: `architecture`, `target`, `encoder`.
extension TabularModel {
    public var job: String { TableJob.name }
    public var module: any Module { network }
    public var summary: String { network.architecture.summary }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = network.architecture.toJSON()
        parts["target"] = target.toJSON()
        parts["encoder"] = encoder.toJSON()
        if let interval { parts["interval"] = interval.json }
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let card = file.card
        encoder = try TableEncoder(json: card["encoder"])
        target = try TargetEncoder(json: card["target"])
        interval = card["interval"].exists ? try PredictionInterval(json: card["interval"]) : nil
        if interval != nil, target.task != .regression { throw card["interval"].error("is there, and the model answers with classes") }
        let architecture = try FeedForward.Architecture(json: card["architecture"])
        var record: ModelRecord<TabularSettings> = try file.record()
        record.settings.task = target.task
        record.settings.invalidCells = encoder.invalidCells
        record.settings.hidden = architecture.hidden
        record.settings.activation = architecture.activation
        record.settings.dropout = architecture.dropout
        self.record = record
        if architecture.inputs != encoder.featureCount {
            throw card["architecture"]["inputs"].error("is \(architecture.inputs), and the columns make \(encoder.featureCount) features")
        }
        let outputs = target.task == .multiclass ? target.classes.count : 1
        if architecture.outputs != outputs {
            throw card["architecture"]["outputs"].error("is \(architecture.outputs), and the target needs \(outputs)")
        }
        var count = 0
        for (_, shape) in architecture.shapes {
            // Sizes of a damaged file may have a product beyond all numbers.
            let (size, overflow) = shape.reduce((1, false)) {
                let (value, over) = $0.0.multipliedReportingOverflow(by: $1); return (value, $0.1 || over)
            }
            let (sum, isTooMany) = count.addingReportingOverflow(size)
            if overflow || isTooMany { throw card["architecture"].error("has sizes that are too large for any file") }
            count = sum
        }
        network = try file.network(parameterCount: count) { FeedForward(architecture) }
    }

    /// The same model that treats non-numeric cells in another way than in training.
    func treating(_ invalidCells: InvalidCells?) -> TabularModel {
        guard let invalidCells else { return self }
        var encoder = encoder
        encoder.invalidCells = invalidCells
        return TabularModel(network: network, encoder: encoder, target: target, record: record, interval: interval)
    }

    // MARK: - In words

    public var description: [String] {
        var lines = ["Target \(target.note)."]
        if target.task == .regression {
            lines.append("  mean \(Metric.text(target.mean)), standard deviation \(Metric.text(target.deviation)) in the training rows")
        } else if target.classes.count > 10 {
            lines.append("  classes: \(target.classes.joined(separator: ", "))")
        }
        return lines
    }

    public var details: [String] {
        let others = record.metrics.filter { $0.words == nil && !["baselineAccuracy", "baselineRootMeanSquareError", "meanAbsoluteError", "loss"].contains($0.name) }
        let width = others.map(\.title.count).max() ?? 0
        return others.map { "  " + $0.title + String(repeating: " ", count: width + 2 - $0.title.count) + $0.text } + ["Columns:"] + encoder.describe().map { "  " + $0 }
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        let source = input.map { $0.path == "-" ? "FILE" : shellQuoted($0.path) } ?? "FILE"
        let labels = record.settings.reading.labels.map { " --labels \(shellQuoted($0))" } ?? ""
        return ["predict \(shellQuoted(folder)) \(source)\(labels) --brief --first 5"]
    }
}
