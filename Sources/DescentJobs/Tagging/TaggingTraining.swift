import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Sentences with tags made ready to learn from: what was chosen can be looked at before the run.
///
///     let training = try TaggingTraining(TaggedSentences(paths: ["entities.tsv"]))
///     let model = try training.run()
public struct TaggingTraining: JobTraining {
    /// The sentences and their tags.
    public let texts: TaggedSentences
    /// The settings, those that were chosen among them.
    public let settings: TaggingSettings
    /// Which sentences are trained and validated on, and which held out.
    public let split: Split
    /// Of the split's sentences to train on, those that are learned from, ascending.
    public let trainingRows: [Int]
    /// Of these sentences, those that are held back to validate on, ascending; empty for none.
    public let validationRows: [Int]
    let features: WordFeatures
    /// The tags that the model knows: those of the sentences that are trained and validated on.
    let tags: [String]
    package let sizes: TaggerSizes

    /// Divides the sentences, and numbers words and tags.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` where there is nothing to learn.
    public init(_ texts: TaggedSentences, settings: TaggingSettings = TaggingSettings()) throws {
        try settings.validate()
        self.texts = texts
        let sentences = texts.sentences
        if texts.tags.count < 2 {
            throw DataError(
                file: texts.file,
                "all words have the tag \(quoted(texts.tags[0])) (\(texts.columns.title(texts.columns.tag))); there must be at least two tags. --tag-column names another column")
        }
        var chosen = settings.filled(from: Self.defaults(sentences))
        split = texts.split(testFraction: chosen.testFraction!, seed: UInt64(bitPattern: Int64(chosen.seed)))
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        let count = try settings.run.validationCount(of: split.train.count, noun: "sentences")
        if count == 0 {
            (trainingRows, validationRows) = (split.train, [])
        } else {
            // Any other seed: with the same one the sentences would be drawn in the order of the first division.
            let inner = TaggedSentences.split(
                sentences, rows: split.train, testFraction: Double(count) / Double(split.train.count), seed: ~UInt64(bitPattern: Int64(settings.seed)))
            if inner.train.isEmpty || inner.test.isEmpty {
                throw SettingsError("\(split.train.count) sentences cannot be divided so that some are left to learn from and some to validate on (--validation-fraction)")
            }
            (trainingRows, validationRows) = (inner.train, inner.test)
        }
        features = WordFeatures(fitting: trainingRows.lazy.map { sentences[$0].words }, limit: chosen.vocabulary!)
        tags = Set(split.train.flatMap { sentences[$0].tags }).sorted()
        self.settings = chosen
        sizes = TaggerSizes(
            cell: chosen.cell!, words: features.wordCount, affixes: features.affixTotal, letters: features.letterTotal, embedding: chosen.embedding!,
            hidden: chosen.hidden!, layers: chosen.layers!, dropout: chosen.dropout!, tags: tags.count)
        try RecurrentArchitecture.check(parameterCount: sizes.parameterCount)
    }

    /// Few sentences are visited often.
    private static func defaults(_ sentences: [TaggedSentences.Sentence]) -> TaggingSettings {
        var settings = TaggingSettings()
        let words = sentences.reduce(0) { $0 + $1.words.count }
        settings.recurrent.cell = .gru
        settings.recurrent.layers = 1
        settings.recurrent.hidden = 64
        settings.recurrent.dropout = 0.5
        settings.embedding = 64
        settings.vocabulary = 30_000
        settings.run.batchSize = sentences.count < 200 ? 4 : sentences.count < 10_000 ? 16 : 32
        settings.run.clipNorm = 1
        settings.run.testFraction = 0.2
        settings.run.learningRate = 3e-3
        settings.run.weightDecay = 0.01
        settings.run.epochs = Swift.max(3, Swift.min(40, 230_000 / Swift.max(words, 1)))
        return settings
    }

    /// The learned numbers.
    public var parameterCount: Int { sizes.parameterCount }
    public var noun: String { "sentences" }
    public var lossName: String { "negative log-likelihood (nats per word)" }
    public var validationNote: String? { validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training sentences, held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<TaggerNetwork> {
        let outside = texts.scheme == .plain ? nil : tags.firstIndex(of: "O")
        let source = batches(trainingRows, size: settings.batchSize!, seed: settings.seed)
        let heldBack = validationRows.isEmpty ? nil : batches(validationRows, size: Self.validationBatch, seed: nil)
        return TrainingPlan(TaggerNetwork(sizes), on: source, fingerprint: texts.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 100) {
            network, batch in
            let emissions = network(Array(batch[..<4])), labels = batch[4]
            let scores = outside.map { Self.withMargin(emissions, labels: labels, outside: $0) } ?? emissions
            return network.field(scores, labels: labels, lengths: batch[3]).sum() / batch[3].sum().cast(to: .float32)
        }
    }

    /// By how much a word of a span must speak for its span rather than for O. By validation on five parts of 1,900 sentences F1 was 0.25 with 0 and 0.31 with
    /// this: where spans are few, a field that maximises likelihood finds too few of them.
    private static let margin = 2.5

    /// Emissions in which O has an advantage wherever it is wrong, so that the network learns to overcome it: a recall-oriented margin. Mohit et al. 2012.
    private static func withMargin(_ emissions: Tensor, labels: Tensor, outside: Int) -> Tensor {
        let isSpan = (labels .!= Double(outside)).cast(to: emissions.dtype) * margin
        let isOutside = (Tensor.arange(emissions.shape[2]) .== Double(outside)).cast(to: emissions.dtype)
        return emissions + isSpan.expanded(axis: -1) * isOutside
    }

    /// The most sentences that are validated on at once.
    private static let validationBatch = 64

    private func batches(_ rows: [Int], size: Int, seed: Int?) -> TaggingBatches {
        let numbers = Dictionary(uniqueKeysWithValues: zip(tags, Int32(0)...))
        return TaggingBatches(
            rows.map { features.encode(texts.sentences[$0].words) }, tags: rows.map { texts.sentences[$0].tags.map { numbers[$0]! } }, batchSize: size, seed: seed)
    }

    public func model(of network: TaggerNetwork, outcome: TrainingOutcome) -> Tagger {
        var record = ModelRecord(
            source: texts.file, settings: settings, trained: Quantity(trainingRows.count, "sentences"),
            heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "sentences"), outcome: outcome, fingerprint: texts.fingerprint)
        record.baseline = frequentTag
        let untested = Tagger(network: network, features: features, tags: tags, scheme: texts.scheme, columns: texts.columns, record: record)
        guard let evaluation = evaluation(untested) else { return untested }
        record.metrics = evaluation.metrics
        return Tagger(network: network, features: features, tags: tags, scheme: texts.scheme, columns: texts.columns, record: record)
    }

    /// The answers to the sentences held out; `nil` where there are none.
    func evaluation(_ model: Tagger) -> TagEvaluation? { split.test.isEmpty ? nil : TagEvaluation(model, split.test.map { texts.sentences[$0] }) }

    /// The most frequent tag among the sentences that are trained and validated on.
    private var frequentTag: String {
        var counts: [String: Int] = [:]
        for row in split.train { for tag in texts.sentences[row].tags { counts[tag, default: 0] += 1 } }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
    }

    /// What was read, guessed and chosen.
    public var opening: [String] {
        let words = texts.sentences.reduce(0) { $0 + $1.words.count }
        let names = texts.tags.prefix(20).joined(separator: ", ") + (texts.tags.count > 20 ? ", ..." : "")
        let columns = texts.columns
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        return [
            "\(grouped(texts.sentences.count)) sentences, \(grouped(words)) words; \(columns.words): the words in \(columns.title(columns.word)), the tags in \(columns.title(columns.tag)) (--word-column, --tag-column).",
            "\(texts.tags.count) tags, \(texts.scheme == .plain ? "a label for each word" : "spans in \(texts.scheme.title)"): \(names).",
        ] + (texts.notes.isEmpty ? [] : [texts.notes.joined(separator: ". ") + "."]) + [
            "Training on \(grouped(trainingRows.count)) sentences, \(validated)\(grouped(split.test.count)) held out (--test-fraction); \(settings.run.lengthWords) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            "Network: \(sizes.summary); \(grouped(parameterCount)) parameters (--cell, --hidden, --layers, --embedding, --dropout).",
        ]
    }

    public func report(of model: Tagger) -> JobReport { TagReport(model, evaluation(model)).part() }
}

extension TaggedSentences {
    /// Which sentences these are: a checksum.
    var fingerprint: String {
        var bytes: [UInt8] = []
        for sentence in sentences {
            for (word, tag) in zip(sentence.words, sentence.tags) { bytes += Array(word.utf8) + [0x09] + Array(tag.utf8) + [0x0A] }
            bytes.append(0x0A)
        }
        return ModelFile.fingerprint(of: bytes)
    }
}
