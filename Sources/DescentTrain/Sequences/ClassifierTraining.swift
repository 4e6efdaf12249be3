import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// Labelled texts made ready to learn a classifier from: what was chosen can be looked at before the run.
///
///     let training = try ClassifierTraining(LabelledTexts(path: "names"))
///     let model = try training.run()
public struct ClassifierTraining {
    /// The texts and their classes.
    public let texts: LabelledTexts
    /// The settings, those that were chosen among them.
    public let settings: SequenceSettings
    /// Which texts are trained and validated on, and which held out.
    public let split: Split
    /// Of the split's texts to train on, those that are learned from, ascending.
    public let trainingRows: [Int]
    /// Of these texts, those that are held back to validate on, ascending; empty for none.
    public let validationRows: [Int]
    /// What cuts the texts, made from those that are trained on.
    public let tokenizer: any Tokenizer
    package let architecture: ClassifierNetwork.Architecture

    /// Divides and cuts the texts.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used.
    public init(_ texts: LabelledTexts, settings: SequenceSettings = SequenceSettings()) throws {
        try settings.validate()
        self.texts = texts
        let unit = settings.unit ?? Self.guessedUnit(texts)
        var chosen = settings.filled(from: Self.defaults(unit: unit, texts: texts.texts.count))
        split = texts.split(testFraction: chosen.testFraction!, seed: UInt64(bitPattern: Int64(chosen.seed)))
        (trainingRows, validationRows) = try Self.divided(split.train, labels: texts.labels, settings: settings)
        chosen.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : SequenceSettings.patienceFraction)
        let learned = trainingRows.map { texts.texts[$0] }
        tokenizer =
            switch unit {
            case .characters: CharacterTokenizer(fitting: learned.joined())
            case .words: WordTokenizer(fitting: learned, limit: chosen.vocabulary!, minimumCount: 2, lowercases: true, keepsSpacing: false)
            case .bytePairs: BytePairTokenizer(fitting: learned, limit: chosen.vocabulary!)
            }
        chosen.unit = unit
        chosen.vocabulary = tokenizer.vocabulary.count - Vocabulary.specials.count
        self.settings = chosen
        architecture = ClassifierNetwork.Architecture(
            cell: chosen.cell!, tokens: tokenizer.vocabulary.count, embedding: chosen.embedding!, hidden: chosen.hidden!, layers: chosen.layers!,
            dropout: chosen.dropout!, classes: texts.classes.count)
        if architecture.parameterCount > TabularSettings.parameterLimit {
            throw SettingsError("the network would have \(grouped(architecture.parameterCount)) parameters, and \(grouped(TabularSettings.parameterLimit)) are possible; make it smaller (--hidden, --layers, --embedding)")
        }
    }

    /// Divides texts once more, of each class its share.
    private static func divided(
        _ rows: [Int], labels: [Int32], settings: SequenceSettings
    ) throws(SettingsError) -> (training: [Int], validation: [Int]) {
        let count = try settings.validationCount(of: rows.count, noun: "texts")
        if count == 0 { return (rows, []) }
        // Any other seed: with the same one the texts would be drawn in the order of the first division.
        let seed = ~UInt64(bitPattern: Int64(settings.seed))
        let inner = Split.stratified(labels: rows.map { labels[$0] }, testFraction: Double(count) / Double(rows.count), seed: seed)
        if inner.test.isEmpty || inner.train.isEmpty {
            throw SettingsError("\(rows.count) texts cannot be divided so that some are left to learn from and some to validate on (--validation-fraction)")
        }
        return (inner.train.map { rows[$0] }, inner.test.map { rows[$0] })
    }

    /// Words where texts are sentences, characters where they are single words or names.
    private static func guessedUnit(_ texts: LabelledTexts) -> TokenUnit {
        let sample = texts.texts.prefix(1000)
        let blanks = sample.reduce(0) { $0 + $1.utf8.count { $0 == 0x20 } }
        return blanks >= 2 * sample.count ? .words : .characters
    }

    private static func defaults(unit: TokenUnit, texts: Int) -> SequenceSettings {
        var settings = SequenceSettings()
        settings.cell = .gru
        settings.layers = 1
        settings.vocabulary = unit == .bytePairs ? 1024 : 20_000
        settings.batchSize = texts < 5_000 ? 32 : 64
        settings.clipNorm = 1
        settings.testFraction = 0.2
        settings.hidden = unit == .characters ? 128 : 64
        settings.embedding = 64
        settings.dropout = unit == .characters ? 0.3 : 0.5
        settings.learningRate = 3e-3
        settings.weightDecay = unit == .characters ? 0.05 : 0.3
        settings.epochs = Swift.max(4, Swift.min(15, 250_000 / Swift.max(texts, 1)))
        return settings
    }

    /// The learned numbers.
    public var parameterCount: Int { architecture.parameterCount }
    /// The network in words.
    public var summary: String { architecture.summary }

    /// Trains a network, and measures it on the texts held out.
    ///
    /// - Parameters:
    ///   - checkpointing: where the run is saved, and taken up if it was saved there before.
    ///   - shouldStop: asked after each step: `true` saves the run and ends it with a `TrainingInterruption`.
    public func run(
        checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: @escaping () -> Bool = { false }
    ) throws -> TextClassifier {
        let network = ClassifierNetwork(architecture)
        let sequences = texts.texts.map { tokenizer.encode($0) }
        var bytes: [UInt8] = []
        for (text, label) in zip(texts.texts, texts.labels) { bytes += Array(text.utf8) + [0, UInt8(truncatingIfNeeded: label)] }
        let fingerprint = "xxh64:" + Checksum(bytes).hex
        let run = SequenceRun(settings: settings, fingerprint: fingerprint, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        let source = SequenceBatches(
            trainingRows.map { sequences[$0] }, labels: trainingRows.map { texts.labels[$0] }, batchSize: settings.batchSize!, seed: settings.seed)
        let heldBack = validationRows.isEmpty ? nil : SequenceBatches(
            validationRows.map { sequences[$0] }, labels: validationRows.map { texts.labels[$0] }, batchSize: Self.validationBatch, seed: nil)
        let outcome = try run.fit(network, on: source, validation: heldBack.map { SequenceValidation(on: $0, of: source) }) { network, batch in
            softmaxCrossEntropy(network(batch[0], lengths: batch[1]), batch[2])
        }
        var record = SequenceRecord(
            source: texts.file, settings: settings, trained: "\(grouped(trainingRows.count)) texts",
            heldOut: split.test.isEmpty ? "" : "\(grouped(split.test.count)) texts", trainingLoss: outcome.loss, fingerprint: fingerprint)
        record.settings.epochs = outcome.state.epoch
        (record.settings.minutes, record.settings.steps) = (nil, nil)
        let untested = TextClassifier(network: network, tokenizer: tokenizer, classes: texts.classes, record: record)
        if split.test.isEmpty { return untested }
        (record.figures, record.confusion) = figures(untested)
        return TextClassifier(network: network, tokenizer: tokenizer, classes: texts.classes, record: record)
    }

    /// The most texts that are validated on at once.
    private static let validationBatch = 256

    /// The most frequent class among those that are trained and validated on.
    var frequentClass: Int {
        var frequencies = [Int](repeating: 0, count: texts.classes.count)
        for row in split.train { frequencies[Int(texts.labels[row])] += 1 }
        return frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
    }

    private func figures(_ model: TextClassifier) -> ([SequenceRecord.Figure], [[Int]]) {
        let labels = split.test.map { Int(texts.labels[$0]) }
        var predicted: [Int] = []
        var probabilities: [[Float]] = []
        for case .label(let label, let all) in model.predict(split.test.map { texts.texts[$0] }) {
            predicted.append(label)
            probabilities.append(all)
        }
        let count = texts.classes.count
        let matrix = ConfusionMatrix(predicted, labels, classes: count)
        let frequent = frequentClass
        let baseline = Double(labels.count { $0 == frequent }) / Double(labels.count)
        var figures = [
            SequenceRecord.Figure("accuracy", matrix.accuracy, "accuracy \(fixed(matrix.accuracy, 4)) (\(labels.indices.count { labels[$0] == predicted[$0] }) of \(labels.count) right)"),
            .init("macro_accuracy", matrix.balancedAccuracy, "macro accuracy \(fixed(matrix.balancedAccuracy, 4)): the mean over the classes, each counted alike"),
        ]
        let logLoss = Metrics.logLoss(probabilities, labels)
        figures.append(.init("log_loss", logLoss, "log loss \(fixed(logLoss, 4))"))
        figures.append(.init("baseline_accuracy", baseline, "always answering \(quoted(texts.classes[frequent])): \(fixed(baseline, 4))"))
        let repeated = texts.repeated(in: split)
        let fresh = labels.indices.filter { !repeated[$0] }
        if fresh.count < labels.count, !fresh.isEmpty {
            let accuracy = Double(fresh.count { labels[$0] == predicted[$0] }) / Double(fresh.count)
            figures.append(.init(
                "unseen_accuracy", accuracy,
                "\(grouped(labels.count - fresh.count)) of them also stand among those trained on; on the other \(grouped(fresh.count)): accuracy \(fixed(accuracy, 4))"))
        }
        let rows = (0..<count).map { label in (0..<count).map { Int(matrix[label: label, predicted: $0]) } }
        return (figures, rows)
    }
}
