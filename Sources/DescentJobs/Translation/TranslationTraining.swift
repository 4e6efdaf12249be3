import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Sentences and their translations made ready to learn from: what was chosen can be looked at before the run.
///
///     let training = try TranslationTraining(ParallelTexts(paths: ["eng-hin.txt"]))
///     let model = try training.run()
public struct TranslationTraining: JobTraining {
    /// The sentences.
    public let texts: ParallelTexts
    /// The settings, those that were chosen among them.
    public let settings: TranslationSettings
    /// Which pairs are trained and validated on, and which held out: no sentence stands in both parts.
    public let split: Split
    /// Of the pairs to train on, those that are learned from, ascending.
    public let trainingRows: [Int]
    /// Those that are held back to validate on, ascending; empty for none.
    public let validationRows: [Int]
    /// What the model is measured on: the pairs held out, and those that were given for that alone.
    public let testPairs: [ParallelTexts.Pair]
    /// What cuts sentences, and what cuts translations.
    public let tokenizers: SidedTokenizers
    package let architecture: TranslationArchitecture
    /// The pairs, as tokens, that are too long to be learned from.
    private let tooLong: Int
    private let tokens: [TokenPair]

    /// Divides and cuts the sentences.
    ///
    /// - Parameter test: Other pairs to measure the model on, beside those that are held out.
    /// - Throws: `SettingsError` for settings that cannot be used.
    public init(_ given: ParallelTexts, test: [ParallelTexts.Pair] = [], settings: TranslationSettings = TranslationSettings()) throws {
        try settings.validate()
        let isReversed = settings.reversed == true
        let texts = isReversed ? try ParallelTexts(given.pairs.map(\.reversed), file: given.file, notes: given.notes) : given
        self.texts = texts
        // A transformer puts words together from pieces: endings that it knows from other words, say.
        let unit = settings.unit ?? (settings.model == .transformer ? .bytePairs : .words)
        var chosen = settings.filled(from: Self.defaults(unit: unit, pairs: texts.pairs.count, settings))
        let seed = UInt64(bitPattern: Int64(chosen.seed))
        split = texts.split(testFraction: chosen.testFraction!, seed: seed)
        testPairs = split.test.map { texts.pairs[$0] } + (isReversed ? test.map(\.reversed) : test)
        if split.train.isEmpty { throw SettingsError("all pairs are of one sentence, so none can be held out; give --test-fraction 0") }
        let held = try Self.divided(split.train, texts, settings: settings)
        validationRows = held.validation
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        let learned = held.training.map { texts.pairs[$0] }
        tokenizers = SidedTokenizers(fitting: learned, unit: unit, vocabulary: chosen.vocabulary!)
        let tokenizers = tokenizers
        tokens = texts.pairs.map { tokenizers.tokens($0) }
        let tokens = tokens, longest = chosen.longest!
        trainingRows = held.training.filter { tokens[$0].source.count <= longest && tokens[$0].target.count <= longest }
        tooLong = held.training.count - trainingRows.count
        if trainingRows.isEmpty { throw SettingsError("all pairs have a side that is longer than --longest, \(longest); give a larger number") }
        chosen.text.unit = unit
        chosen.text.vocabulary = Swift.max(tokenizers.source.vocabulary.pieces.count, tokenizers.target.vocabulary.pieces.count)
        if chosen.attention != .multiplicative { chosen.inputFeeding = nil }
        if chosen.model == .transformer { (chosen.recurrent.cell, chosen.attention) = (nil, nil) }
        self.settings = chosen
        var sizes = EncoderDecoderSizes(
            sourceTokens: tokenizers.source.vocabulary.count, targetTokens: tokenizers.target.vocabulary.count, embedding: chosen.embedding ?? chosen.hidden!,
            hidden: chosen.hidden!)
        (sizes.layers, sizes.dropout, sizes.attention) = (chosen.layers!, chosen.dropout!, chosen.attention ?? .none)
        (sizes.isBidirectional, sizes.feedsInput) = (chosen.bidirectional ?? false, chosen.inputFeeding ?? false)
        architecture = TranslationArchitecture(cell: chosen.cell ?? .gru, sizes: sizes, heads: chosen.model == .transformer ? chosen.heads! : nil)
        try RecurrentArchitecture.check(parameterCount: architecture.parameterCount)
    }

    /// Divides the rows to train on once more, by sentences.
    private static func divided(_ rows: [Int], _ texts: ParallelTexts, settings: TranslationSettings) throws -> (training: [Int], validation: [Int]) {
        let count = try settings.run.validationCount(of: rows.count, noun: "pairs")
        if count == 0 { return (rows, []) }
        let part = try ParallelTexts(rows.map { texts.pairs[$0] }, file: texts.file)
        let inner = part.split(testFraction: Double(count) / Double(rows.count), seed: ~UInt64(bitPattern: Int64(settings.seed)))
        if inner.train.isEmpty || inner.test.isEmpty {
            throw SettingsError("\(rows.count) pairs cannot be divided so that some are left to learn from and some to validate on (--validation-fraction)")
        }
        return (inner.train.map { rows[$0] }, inner.test.map { rows[$0] })
    }

    private static func defaults(unit: TokenUnit, pairs: Int, _ given: TranslationSettings) -> TranslationSettings {
        var settings = TranslationSettings()
        let isTransformer = given.model == .transformer
        settings.model = .recurrent
        settings.text.vocabulary = unit == .bytePairs ? (pairs < 2_000 ? 512 : 2048) : 20_000
        if isTransformer {
            (settings.heads, settings.recurrent.hidden, settings.recurrent.layers) = (4, 128, 3)
            settings.recurrent.dropout = 0.3
            settings.run.learningRate = 2e-3
        } else {
            settings.recurrent.cell = .gru
            (settings.recurrent.layers, settings.recurrent.hidden, settings.text.embedding) = (1, 256, 128)
            settings.recurrent.dropout = 0.5
            settings.attention = .additive
            settings.bidirectional = given.attention != EncoderDecoderSizes.Attention.none
            settings.inputFeeding = true
            settings.run.learningRate = 3e-3
        }
        settings.longest = 100
        settings.run.batchSize = pairs < 10_000 ? 32 : 64
        settings.run.clipNorm = 1
        settings.run.testFraction = 0.1
        settings.run.weightDecay = 0.3
        settings.run.epochs = Swift.max(4, Swift.min(isTransformer ? 80 : 40, 120_000 / Swift.max(pairs, 1)))
        return settings
    }

    public var noun: String { "pairs" }
    public var lossName: String { "cross-entropy per token (nats)" }
    public var validationNote: String? { validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training pairs, held back" }

    /// The most pairs that are validated on at once.
    private static let validationBatch = 128

    public func plan(readsHeldOut: Bool) -> TrainingPlan<TranslationNetwork> {
        let source = TranslationBatches(trainingRows.map { tokens[$0] }, batchSize: settings.batchSize!, seed: settings.seed, hidesRare: settings.unit == .words)
        let heldBack = validationRows.isEmpty ? nil : TranslationBatches(validationRows.map { tokens[$0] }, batchSize: Self.validationBatch, seed: nil)
        let (sampling, smoothing) = (settings.scheduledSampling, settings.labelSmoothing)
        return TrainingPlan(
            TranslationNetwork(architecture), on: source, fingerprint: texts.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 200
        ) { network, batch in
            softmaxCrossEntropy(network(batch[0], lengths: batch[1], target: batch[2], sampling: sampling), batch[3], weights: batch[4], smoothing: smoothing)
        }
    }

    public func model(of network: TranslationNetwork, outcome: TrainingOutcome) throws -> Translator {
        var record = ModelRecord(
            source: texts.file, settings: settings, trained: Quantity(trainingRows.count, "pairs"),
            heldOut: testPairs.isEmpty ? nil : Quantity(testPairs.count, "pairs"), outcome: outcome, fingerprint: texts.fingerprint)
        let untested = Translator(network: network, architecture: architecture, tokenizers: tokenizers, record: record)
        if testPairs.isEmpty { return untested }
        record.metrics = TranslationEvaluation(untested, testPairs).metrics
        return Translator(network: network, architecture: architecture, tokenizers: tokenizers, record: record)
    }

    /// What was read, cut and chosen.
    public var opening: [String] {
        let unit = tokenizers.source.unit.plural
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        let left = tooLong == 0 ? "" : " \(Quantity(tooLong, "pairs")) with more than \(settings.longest ?? 0) tokens on a side \(tooLong == 1 ? "is" : "are") left out (--longest)."
        return texts.notes.map { $0 + "." } + [
            "\(grouped(texts.pairs.count)) pairs of a sentence and its translation\(settings.reversed == true ? ", the second column into the first" : " (--reverse translates the second column into the first)"). Tokens: \(unit), vocabularies of \(grouped(tokenizers.source.vocabulary.pieces.count)) and \(grouped(tokenizers.target.vocabulary.pieces.count)) (--tokens).\(left)",
            "Training on \(grouped(trainingRows.count)) pairs, \(validated)\(grouped(testPairs.count)) held out, no sentence in both (--test-fraction); \(settings.run.lengthWords) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            "Network: \(architecture.summary); \(grouped(architecture.parameterCount)) parameters (--model, \(architecture.heads == nil ? "--cell, --attention, --hidden, --layers, --embedding, --dropout" : "--hidden, --layers, --heads, --dropout")).",
        ]
    }
}

extension ParallelTexts {
    /// Which pairs these are: a checksum.
    var fingerprint: String {
        var bytes: [UInt8] = []
        for pair in pairs { bytes += Array(pair.source.utf8) + [0] + Array(pair.target.utf8) + [0] }
        return "xxh64:" + Checksum(bytes).hex
    }
}

/// What cuts sentences, and what cuts their translations.
public struct SidedTokenizers: Sendable {
    /// Of sentences to be translated.
    public let source: any Tokenizer
    /// Of translations.
    public let target: any Tokenizer

    init(source: any Tokenizer, target: any Tokenizer) { (self.source, self.target) = (source, target) }

    /// Sides of pairs, each with a vocabulary of its own. Words of the source are told apart without regard to case.
    init(fitting pairs: [ParallelTexts.Pair], unit: TokenUnit, vocabulary: Int) {
        let (sources, targets) = (pairs.map(\.source), pairs.map(\.target))
        switch unit {
        case .characters: self.init(source: CharacterTokenizer(fitting: sources.joined()), target: CharacterTokenizer(fitting: targets.joined()))
        case .bytePairs: self.init(source: BytePairTokenizer(fitting: sources, limit: vocabulary), target: BytePairTokenizer(fitting: targets, limit: vocabulary))
        case .words:
            self.init(
                source: WordTokenizer(fitting: sources, limit: vocabulary, minimumCount: 1, lowercases: true, keepsSpacing: false),
                target: WordTokenizer(fitting: targets, limit: vocabulary, minimumCount: 1))
        }
    }

    /// The tokens of a pair.
    func tokens(_ pair: ParallelTexts.Pair) -> TokenPair { TokenPair(source: sourceTokens(pair.source), target: target.encode(pair.target)) }

    /// The tokens of a sentence, at least one.
    func sourceTokens(_ sentence: String) -> [Int32] {
        let tokens = source.encode(sentence)
        return tokens.isEmpty ? [Vocabulary.unknown] : tokens
    }
}
