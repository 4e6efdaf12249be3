import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that says which subject a sequence named at its beginning.
public struct RecallModel: JobModel {
    /// The task.
    public let task: RecallTask
    /// How it was made.
    public let record: ModelRecord<RecallSettings>
    package let network: RecallNetwork
    private let measured: CompiledFunction<Tensor, Tensor>

    package init(network: RecallNetwork, record: ModelRecord<RecallSettings>) {
        (self.network, self.record, task) = (network, record, RecallTask(subjects: record.settings.subjects))
        measured = compile { (tokens: Tensor) in softmax(network(tokens)) }
    }

    static func architecture(_ settings: RecallSettings, _ task: RecallTask) -> RecurrentArchitecture {
        RecurrentArchitecture(
            cell: settings.cell ?? .gru, tokens: task.tokenCount, embedding: RecallNetwork.embeddingSize, hidden: settings.hidden ?? 64, layers: settings.layers ?? 1,
            dropout: settings.dropout ?? 0)
    }

    public var job: String { RecallJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = .object(network.architecture.json)
        parts["task"] = ["subjects": JSON(task.subjects), "fillers": JSON(RecallTask.fillers), "question": .string(RecallTask.question)]
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let record: ModelRecord<RecallSettings> = try file.record()
        let sizes = Self.architecture(record.settings, RecallTask(subjects: record.settings.subjects))
        let network = try file.network(parameterCount: RecallNetwork.parameterCount(sizes, subjects: record.settings.subjects)) {
            RecallNetwork(sizes, subjects: record.settings.subjects)
        }
        self.init(network: network, record: record)
    }

    public var summary: String { network.architecture.summary(directions: 1) }

    public var description: [String] {
        let names = task.subjects.prefix(12).joined(separator: ", ") + (task.subjects.count > 12 ? ", ..." : "")
        return ["Says which of \(task.subjects.count) subjects (\(names)) a sequence named before up to \(record.settings.distance) filler words."]
    }

    public var details: [String] {
        let curve = Self.curve(record.metrics)
        return curve.isEmpty ? [] : ["Accuracy by distance (words between the subject and the question):"] + Self.lines(curve, trainedAt: record.settings.distance)
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        ["explain \(shellQuoted(folder)) \"\(task.subjects[0]) walks slowly over the hill ?\"", "predict \(shellQuoted(folder)) recall --first 5", "train recall --compare-cells"]
    }

    // MARK: - Measuring

    /// The probabilities of the subjects: one row a column of tokens [time, batch].
    func probabilities(_ tokens: Tensor) -> [[Float]] {
        network.infer()
        let all = measured(tokens).floats, count = task.subjects.count
        return (0..<tokens.shape[1]).map { Array(all[$0 * count..<($0 + 1) * count]) }
    }

    /// The accuracy on fresh sequences at each distance.
    func accuracies(seed: Int, purpose: UInt64 = 3) -> [(distance: Int, accuracy: Double)] {
        RecallTask.testDistances(trainedAt: record.settings.distance).map { distance in
            var random = RecallTask.random(seed: seed, purpose: purpose, distance)
            let (tokens, subjects) = task.draw(RecallTraining.testCount, distance: distance, &random)
            let right = zip(probabilities(tokens), subjects.ints).count { row, truth in row.indices.max { row[$0] < row[$1] } == Int(truth) }
            return (distance, Double(right) / Double(RecallTraining.testCount))
        }
    }

    private static let prefix = "accuracyAt"

    /// The accuracy at the distance trained at, and that of all distances by name.
    static func metrics(_ curve: [(distance: Int, accuracy: Double)], task: RecallTask, distance: Int) -> [Metric] {
        let own = curve.first { $0.distance == distance }?.accuracy ?? 0
        let reach = reached(curve), last = curve.last?.distance ?? reach
        let words = reach == 0 ? "below 0.9 at distance \(curve.first?.distance ?? 1) already" : "at least 0.9 up to distance \(reach), of those tested up to \(last)"
        return [
            Metric("accuracy", own, words: "accuracy \(fixed(own, 3)) at distance \(distance) (chance: \(fixed(task.chance, 3)))"),
            Metric("chance", task.chance),
            Metric("reach", Double(reach), words: words),
        ] + curve.map { Metric("\(prefix)\($0.distance)", $0.accuracy) }
    }

    /// The longest distance up to which all accuracies are at least 0.9; 0 for none.
    private static func reached(_ curve: [(distance: Int, accuracy: Double)]) -> Int { curve.prefix { $0.accuracy >= 0.9 }.last?.distance ?? 0 }

    /// The accuracies by distance that a record holds.
    static func curve(_ metrics: [Metric]) -> [(distance: Int, accuracy: Double)] {
        metrics.compactMap { metric in
            guard metric.name.hasPrefix(prefix), let distance = Int(metric.name.dropFirst(prefix.count)) else { return nil }
            return (distance, metric.value)
        }
    }

    /// The accuracies as lines with bars.
    static func lines(_ curve: [(distance: Int, accuracy: Double)], trainedAt distance: Int) -> [String] {
        let width = curve.map { "\($0.distance)".count }.max() ?? 1
        return curve.map { point in
            let number = "\(point.distance)", bar = String(repeating: "#", count: Int((point.accuracy * 40).rounded()))
            return "  \(String(repeating: " ", count: width - number.count))\(number)  \(fixed(point.accuracy, 3))  \(bar)\(point.distance == distance ? "  (the longest trained at)" : "")"
        }
    }
}
