import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Labelled texts made ready to learn a classifier from: what was chosen can be looked at before the run.
///
///     let training = try ClassifierTraining(LabelledTexts(path: "names"))
///     let model = try training.run()
public struct ClassifierTraining: JobTraining {
    /// The texts and their classes.
    public let texts: LabelledTexts
    /// The settings, those that were chosen among them.
    public let settings: TextClassificationSettings
    /// Which texts are trained and validated on, and which held out.
    public let split: Split
    /// Of the split's texts to train on, those that are learned from, ascending.
    public let trainingRows: [Int]
    /// Of these texts, those that are held back to validate on, ascending; empty for none.
    public let validationRows: [Int]
    /// What cuts the texts, made from those that are trained on.
    public let tokenizer: any Tokenizer
    package let architecture: RecurrentArchitecture

    /// Divides and cuts the texts.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used.
    public init(_ texts: LabelledTexts, settings: TextClassificationSettings = TextClassificationSettings()) throws {
        try settings.validate()
        self.texts = texts
        let unit = settings.unit ?? Self.guessedUnit(texts)
        var chosen = settings.filled(from: Self.defaults(unit: unit, texts: texts.texts.count))
        split = texts.split(testFraction: chosen.testFraction!, seed: UInt64(bitPattern: Int64(chosen.seed)))
        (trainingRows, validationRows) = try Self.divided(split.train, labels: texts.labels, settings: settings)
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        let learned = trainingRows.map { texts.texts[$0] }
        tokenizer =
            switch unit {
            case .characters: CharacterTokenizer(fitting: learned.joined())
            case .words: WordTokenizer(fitting: learned, limit: chosen.vocabulary!, minimumCount: 2, lowercases: true, keepsSpacing: false)
            case .bytePairs: BytePairTokenizer(fitting: learned, limit: chosen.vocabulary!)
            }
        chosen.text.unit = unit
        chosen.text.vocabulary = tokenizer.vocabulary.count - Vocabulary.specials.count
        self.settings = chosen
        architecture = RecurrentArchitecture(
            cell: chosen.cell!, tokens: tokenizer.vocabulary.count, embedding: chosen.embedding!, hidden: chosen.hidden!, layers: chosen.layers!,
            dropout: chosen.dropout!)
        try RecurrentArchitecture.check(parameterCount: parameterCount)
    }

    /// Divides texts once more, of each class its share.
    private static func divided(
        _ rows: [Int], labels: [Int32], settings: TextClassificationSettings
    ) throws(SettingsError) -> (training: [Int], validation: [Int]) {
        let count = try settings.run.validationCount(of: rows.count, noun: "texts")
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
    static func guessedUnit(_ texts: LabelledTexts) -> TokenUnit {
        let sample = texts.texts.prefix(1000)
        let blanks = sample.reduce(0) { $0 + $1.utf8.count { $0 == 0x20 } }
        return blanks >= 2 * sample.count ? .words : .characters
    }

    private static func defaults(unit: TokenUnit, texts: Int) -> TextClassificationSettings {
        var settings = TextClassificationSettings()
        settings.recurrent.cell = .gru
        settings.recurrent.layers = 1
        settings.text.vocabulary = unit == .bytePairs ? 1024 : 20_000
        settings.run.batchSize = texts < 5_000 ? 32 : 64
        settings.run.clipNorm = 1
        settings.run.testFraction = 0.2
        settings.recurrent.hidden = unit == .characters ? 128 : 64
        settings.text.embedding = 64
        settings.recurrent.dropout = unit == .characters ? 0.3 : 0.5
        settings.run.learningRate = 3e-3
        settings.run.weightDecay = unit == .characters ? 0.05 : 0.3
        settings.run.epochs = Swift.max(4, Swift.min(15, 250_000 / Swift.max(texts, 1)))
        return settings
    }

    /// The learned numbers.
    public var parameterCount: Int { ClassifierNetwork.parameterCount(architecture, classes: texts.classes.count) }
    /// The network in words.
    public var summary: String { architecture.summary(directions: 2) }

    public var noun: String { "texts" }
    public var lossName: String { "cross-entropy (nats)" }
    public var validationNote: String? { validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training texts, held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<ClassifierNetwork> {
        let sequences = texts.texts.map { tokenizer.encode($0) }
        let source = SequenceBatches(
            trainingRows.map { sequences[$0] }, labels: trainingRows.map { texts.labels[$0] }, batchSize: settings.batchSize!, seed: settings.seed)
        let heldBack =
            validationRows.isEmpty
            ? nil
            : SequenceBatches(
                validationRows.map { sequences[$0] }, labels: validationRows.map { texts.labels[$0] }, batchSize: Self.validationBatch, seed: nil)
        return TrainingPlan(
            ClassifierNetwork(architecture, classes: texts.classes.count), on: source, fingerprint: texts.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) },
            warmUp: 200
        ) { network, batch in softmaxCrossEntropy(network(batch[0], lengths: batch[1]), batch[2]) }
    }

    public func model(of network: ClassifierNetwork, outcome: TrainingOutcome) -> TextClassifier {
        var record = ModelRecord(
            source: texts.file, settings: settings, trained: Quantity(trainingRows.count, "texts"),
            heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "texts"), outcome: outcome, fingerprint: texts.fingerprint)
        record.baseline = texts.classes[frequentClass]
        let untested = TextClassifier(network: network, tokenizer: tokenizer, classes: texts.classes, record: record)
        if split.test.isEmpty { return untested }
        (record.metrics, record.confusion) = untested.heldOutMetrics(texts, split: split, frequentClass: frequentClass)
        return TextClassifier(network: network, tokenizer: tokenizer, classes: texts.classes, record: record)
    }

    /// What was read, cut and chosen.
    public var opening: [String] {
        let unit = tokenizer.unit == .characters ? "characters" : tokenizer.unit == .words ? "words" : "byte pairs"
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        return texts.unusedWords + [
            "\(grouped(texts.texts.count)) texts of \(texts.classWords). Tokens: \(unit), a vocabulary of \(grouped(settings.vocabulary ?? 0)) (--tokens).",
            "Training on \(grouped(trainingRows.count)) texts, \(validated)\(grouped(split.test.count)) held out, stratified by class (--test-fraction); \(settings.run.lengthWords) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            "Network: \(summary); \(grouped(parameterCount)) parameters (--cell, --hidden, --layers, --embedding, --dropout).",
        ]
    }

    /// The most texts that are validated on at once.
    private static let validationBatch = 256

    /// The most frequent class among those that are trained and validated on.
    var frequentClass: Int { texts.frequentClass(in: split.train) }
}

extension LabelledTexts {
    /// Which texts these are: a checksum.
    var fingerprint: String {
        var bytes: [UInt8] = []
        for (text, label) in zip(texts, labels) { bytes += Array(text.utf8) + [0, UInt8(truncatingIfNeeded: label)] }
        return "xxh64:" + Checksum(bytes).hex
    }
}
