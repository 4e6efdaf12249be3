import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentPlot
import DescentReports
import DescentTrain

/// The recall task made ready to learn.
///
///     let model = try RecallTraining().run()
public struct RecallTraining: JobTraining {
    /// The task.
    public let task: RecallTask
    /// The settings, those that were chosen among them.
    public let settings: RecallSettings
    package let architecture: RecurrentArchitecture

    /// The most different distances of a run: each is a form that is compiled.
    private static let distanceLimit = 50
    /// The steps that count as an epoch.
    private static let stepsPerEpoch = 50
    /// The sequences that validate, and those that test each distance.
    private static let validationCount = 256
    static let testCount = 500

    /// - Throws: `SettingsError` for settings that cannot be used.
    public init(settings: RecallSettings = RecallSettings()) throws {
        try settings.validate()
        var defaults = RecallSettings()
        (defaults.recurrent.cell, defaults.recurrent.hidden, defaults.recurrent.layers, defaults.recurrent.dropout) = (.gru, 64, 1, 0)
        (defaults.run.epochs, defaults.run.batchSize, defaults.run.learningRate, defaults.run.clipNorm, defaults.run.weightDecay) = (30, 64, 5e-3, 1, 0)
        // From the shortest ones on it is learned step by step: of the longest alone hardly a gradient reaches the subject.
        defaults.shortestDistance = Swift.max(1, (settings.distance + 4) / 8)
        self.settings = settings.filled(from: defaults)
        task = RecallTask(subjects: settings.subjects)
        architecture = RecallModel.architecture(self.settings, task)
        try RecurrentArchitecture.check(parameterCount: RecallNetwork.parameterCount(architecture, subjects: settings.subjects))
    }

    /// The distances that batches are drawn with: all of them, or one of each of many parts of their range. Never equally spaced ones: a network
    /// would learn a rhythm that comes back to the answer at these, and knows nothing in between.
    public var distances: [Int] {
        let (low, high) = (settings.shortestDistance!, settings.distance), total = high - low + 1
        if total <= Self.distanceLimit { return Array(low...high) }
        var random = RecallTask.random(seed: settings.seed, purpose: 6)
        let drawn = (0..<Self.distanceLimit).map { part in
            let first = total * part / Self.distanceLimit, end = total * (part + 1) / Self.distanceLimit
            return low + first + Int(random.next() % UInt64(end - first))
        }
        return drawn.dropLast() + [high]
    }

    public var noun: String { "sequences" }
    public var lossName: String { "cross-entropy (nats)" }
    public var validationNote: String? { "the loss on \(Self.validationCount) other sequences at distance \(settings.distance)" }

    public var opening: [String] {
        let words = distances.count == 1 ? "at distance \(settings.distance) only" : "at distances from \(settings.shortestDistance!) to \(settings.distance) (--shortest-distance, --distance)"
        return [
            "The recall task: one of \(task.subjects.count) subjects is named, filler words follow, and ? asks who it was (--subjects): \(example).",
            "Training on new sequences at each step, \(words); \(settings.run.lengthWords) of \(Self.stepsPerEpoch) steps in batches of \(settings.batchSize!), seed \(settings.seed).",
            "Network: \(architecture.summary(directions: 1)); \(grouped(RecallNetwork.parameterCount(architecture, subjects: task.subjects.count))) parameters (--cell, --hidden, --layers, --dropout).",
        ]
    }

    private var example: String { "\(task.subjects[0]) walks slowly over the hill ?" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<RecallNetwork> {
        let source = RecallBatches(task, distances: distances, batchSize: settings.batchSize!, steps: Self.stepsPerEpoch, seed: settings.seed, purpose: 1)
        let others = RecallBatches(task, distances: [settings.distance], batchSize: Self.validationCount, steps: 1, seed: settings.seed, purpose: 2)
        return TrainingPlan(
            RecallNetwork(architecture, subjects: task.subjects.count), on: source, fingerprint: fingerprint,
            validation: PlannedValidation(on: others, of: source), warmUp: 100
        ) { network, batch in softmaxCrossEntropy(network(batch[0]), batch[1]) }
    }

    /// Which sequences are drawn: a checksum of what they are drawn by.
    private var fingerprint: String { ModelFile.fingerprint(of: Array("recall \(settings.subjects) \(distances) \(settings.batchSize!) \(settings.seed)".utf8)) }

    public func model(of network: RecallNetwork, outcome: TrainingOutcome) -> RecallModel {
        let count = Self.testCount * RecallTask.testDistances(trainedAt: settings.distance).count
        var record = ModelRecord(
            source: RecallJob.name, settings: settings, trained: Quantity(outcome.state.examples, "sequences"), heldOut: Quantity(count, "sequences"), outcome: outcome,
            fingerprint: fingerprint)
        record.metrics = RecallModel.metrics(RecallModel(network: network, record: record).accuracies(seed: settings.seed), task: task, distance: settings.distance)
        return RecallModel(network: network, record: record)
    }

    public func report(of model: RecallModel) -> JobReport {
        let record = model.record
        return JobReport(
            title: "Recall over \(settings.distance) words",
            subtitle: "Says which of \(task.subjects.count) subjects was named at the beginning of a sequence. Trained on \(record.trained).",
            sections: [ReportSection("How far it remembers", Self.curves([(settings.cell!.rawValue, model)]))])
    }

    public func comparison(of models: [(name: String, model: RecallModel)]) -> [ReportBlock] { Self.curves(models) }

    /// The accuracy by distance of some models, as a chart.
    static func curves(_ models: [(name: String, model: RecallModel)]) -> [ReportBlock] {
        guard let settings = models.first?.model.record.settings, let task = models.first?.model.task else { return [] }
        let marks: [Mark] = models.map { name, model in
            let curve = RecallModel.curve(model.record.metrics)
            return .line(x: curve.map { Double($0.distance) }, y: curve.map(\.accuracy), name: name, showsPoints: true)
        }
        let chart = Chart(
            "Accuracy by distance", x: Axis("words between subject and question"), y: Axis("accuracy", range: 0...1.02),
            marks: marks + [.horizontalLine(at: task.chance, label: "chance"), .verticalLine(at: Double(settings.distance), label: "trained up to here")])
        return [.picture(chart, caption: "Each point is measured on \(testCount) new sequences.")]
    }
}
