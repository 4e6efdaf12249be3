import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Recordings made ready to learn from: what was chosen can be looked at before the run.
///
///     let training = try RecordingTraining(Recordings(timeSeriesFile: "JapaneseVowels_TRAIN.ts"))
///     let model = try training.run()
public struct RecordingTraining: JobTraining {
    /// The recordings, those of a test file at the end.
    public let recordings: Recordings
    /// The settings, those that were chosen among them.
    public let settings: RecordingSettings
    /// The recordings that are learned from.
    public let trainingRows: [Int]
    /// The recordings that are held back to validate on; empty for none.
    public let validationRows: [Int]
    /// The recordings that are tested on; empty for none.
    public let testRows: [Int]
    package let architecture: RecordingNetwork.Architecture
    package let scale: RecordingScale
    package let answer: RecordingAnswer
    private let fingerprint: String
    private let testFile: String?

    /// Divides the recordings, and fits the scale of each channel to those that are learned from.
    ///
    /// - Parameter test: Recordings to test on, where they have a file of their own; `nil` to hold some out.
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for recordings that nothing can be learned from.
    public init(_ given: Recordings, test: Recordings? = nil, settings: RecordingSettings = RecordingSettings()) throws {
        try settings.validate()
        recordings = try test.map { try given.followed(by: $0) } ?? given
        (fingerprint, testFile) = (given.fingerprint, test?.file)
        var chosen = settings.filled(from: Self.defaults(given))
        if test != nil { chosen.run.testFraction = 0 }
        let labels: [Int32]?
        if case .classes(let names, let all) = recordings.target {
            let used = Set(all.prefix(given.count))
            if used.count < 2 { throw DataError(file: given.file, "all recordings are of the class \(quoted(names[Int(all[0])])); there must be at least two classes") }
            labels = all
        } else {
            labels = nil
        }
        func divided(_ rows: [Int], _ fraction: Double, seed: UInt64) -> (kept: [Int], held: [Int]) {
            let split =
                labels.map { labels in Split.stratified(labels: rows.map { labels[$0] }, testFraction: fraction, seed: seed) }
                ?? Split.shuffled(count: rows.count, testFraction: fraction, seed: seed)
            return (split.train.map { rows[$0] }, split.test.map { rows[$0] })
        }
        let seed = UInt64(bitPattern: Int64(chosen.seed)), own = Array(0..<given.count)
        let (kept, tested) = test == nil ? divided(own, chosen.testFraction!, seed: seed) : (own, Array(given.count..<recordings.count))
        testRows = tested
        let held = try settings.run.validationCount(of: kept.count, noun: "recordings")
        // Any other seed: with the same one the recordings would be drawn in the order of the first division.
        (trainingRows, validationRows) = held == 0 ? (kept, []) : divided(kept, Double(held) / Double(kept.count), seed: ~seed)
        if trainingRows.count < 2 || (held > 0 && validationRows.isEmpty) || (chosen.testFraction! > 0 && testRows.isEmpty) {
            throw SettingsError(
                "\(Quantity(given.count, "recordings")) cannot be divided so that two are left to learn from, some to validate on and some to test on (--test-fraction, --validation-fraction)")
        }
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        answer = try RecordingAnswer(recordings, rows: trainingRows)
        scale = try RecordingScale(fitting: recordings, rows: trainingRows)
        self.settings = chosen
        architecture = RecordingNetwork.Architecture(
            inputs: scale.inputCount, outputs: answer.outputs, answersSteps: recordings.target.isOfSteps, cell: chosen.cell!, hidden: chosen.hidden!, layers: chosen.layers!,
            filters: chosen.filters!, direction: chosen.direction!, pooling: chosen.pooling!, window: chosen.window!, dropout: chosen.dropout!)
        if architecture.weightCount > RunSettings.parameterLimit {
            throw SettingsError("the network would have \(grouped(architecture.weightCount)) parameters; choose a smaller --hidden or --filters")
        }
    }

    /// Recurrent layers read about as many steps; longer recordings are averaged over windows.
    private static let stepLimit = 160

    private static func defaults(_ recordings: Recordings) -> RecordingSettings {
        var settings = RecordingSettings()
        let count = recordings.count, lengths = recordings.recordings.map(\.steps).sorted()
        // The few longest do not decide for all.
        let long = lengths[Swift.min(count - 1, count * 9 / 10)]
        settings.recurrent.cell = .gru
        settings.recurrent.hidden = 64
        settings.recurrent.layers = 1
        settings.recurrent.dropout = 0.3
        settings.filters = 64
        settings.direction = .both
        settings.pooling = .all
        // An answer for every step is not to be one for every window.
        settings.window = recordings.target.isOfSteps ? 1 : Swift.min(RecordingSettings.longestWindow, (long + stepLimit - 1) / stepLimit)
        settings.run.batchSize = count < 4_000 ? Swift.max(8, Swift.min(32, count / 8)) : 64
        settings.run.learningRate = 3e-3
        settings.run.weightDecay = 0.05
        settings.run.clipNorm = 1
        settings.run.testFraction = 0.2
        settings.run.epochs = Swift.max(8, Swift.min(100, 20_000 / count))
        // A number is told less surely than a class, and noise is learned by heart soon.
        if case .numbers = recordings.target { settings.run.epochs = Swift.max(8, Swift.min(20, 2_800 / count)) }
        return settings
    }

    public var noun: String { "recordings" }
    public var lossName: String { answer.isNumber ? "mean squared error (of the scaled number)" : "cross-entropy (nats)" }
    public var validationNote: String? { validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training recordings, held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<RecordingNetwork> {
        func batches(_ rows: [Int], size: Int, seed: Int?) -> RecordingBatches {
            RecordingBatches(
                rows.map { scale.inputs(recordings.recordings[$0]) }, width: scale.inputCount, answers: answer.truth(recordings.target, rows: rows), window: architecture.window,
                batchSize: size, seed: seed)
        }
        let source = batches(trainingRows, size: settings.batchSize!, seed: settings.seed)
        let heldBack = validationRows.isEmpty ? nil : batches(validationRows, size: RecordingModel.chunk, seed: nil)
        return TrainingPlan(
            RecordingNetwork(architecture), on: source, fingerprint: recordings.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 50
        ) { [answer] network, batch in answer.loss(network(batch[0], lengths: batch[1]), batch[2]) }
    }

    public func model(of network: RecordingNetwork, outcome: TrainingOutcome) throws -> RecordingModel {
        var record = ModelRecord(
            source: recordings.file, settings: settings, trained: Quantity(trainingRows.count, "recordings"),
            heldOut: testRows.isEmpty ? nil : Quantity(testRows.count, "recordings"), outcome: outcome, fingerprint: fingerprint)
        record.baseline = baseline.map { answer.classes[$0] }
        let untested = RecordingModel(network: network, scale: scale, answer: answer, record: record)
        if testRows.isEmpty { return untested }
        let measured = untested.measured(on: recordings, rows: testRows, baseline: baseline)
        record.metrics = Metric.headlines(of: measured.metrics, baseline: record.baseline.map { quoted($0) })
        if let matrix = measured.matrix {
            let count = answer.classes.count
            record.confusion = (0..<count).map { label in (0..<count).map { Int(matrix[label: label, predicted: $0]) } }
        }
        return RecordingModel(network: network, scale: scale, answer: answer, record: record)
    }

    /// The most frequent class among those that are trained and validated on; nil for numbers.
    var baseline: Int? { answer.frequentClass(recordings.target, rows: trainingRows + validationRows) }

    public var opening: [String] {
        let all = recordings.recordings.prefix(testFile == nil ? recordings.count : recordings.count - testRows.count)
        let shortest = all.map(\.steps).min() ?? 0, longest = all.map(\.steps).max() ?? 0
        let channels = scale.channels.count
        let names = recordings.namesChannels ? ": \(listed(scale.channels, limit: 20))" : ""
        let lengths = shortest == longest ? "\(grouped(longest)) steps each" : "\(grouped(shortest)) to \(grouped(longest)) steps"
        var lines = ["\(Quantity(all.count, "recordings")) of \(Quantity(channels, "channels"))\(names), \(lengths); \(answer.question)."]
        if !scale.constant.isEmpty { lines.append("Constant in the training part, so not used: channel \(listed(scale.constant)).") }
        if !scale.marked.isEmpty {
            lines.append("Missing steps in channel \(listed(scale.marked.map { scale.channels[$0] })) are filled with the step before; where a channel was measured is an input too.")
        }
        lines += recordings.notes
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        let held =
            testFile.map { "tested on the \(grouped(testRows.count)) of \($0)" }
            ?? (testRows.isEmpty ? "none held out" : "\(grouped(testRows.count)) held out\(answer.isNumber || architecture.answersSteps ? "" : ", stratified by class")")
        return lines + [
            "Training on \(grouped(trainingRows.count)) recordings, \(validated)\(held) (--test-fraction); \(settings.run.lengthWords) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            "Network: \(architecture.summary); \(grouped(RecordingNetwork(architecture).parameterCount)) parameters (--filters, --cell, --hidden, --layers, --direction, --pooling, --window, --dropout).",
        ]
    }
}
