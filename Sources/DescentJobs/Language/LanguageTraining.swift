import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A text made ready to learn a language model from: what was chosen can be looked at before the run.
///
///     let training = try LanguageTraining(TextCorpus(path: "shakespeare.txt"))
///     let model = try training.run()
public struct LanguageTraining: JobTraining {
    /// The settings, those that were chosen among them.
    public let settings: LanguageSettings
    /// The tokenizer.
    public let tokenizer: any Tokenizer
    /// Whether the text is tunes.
    public let isTuneCollection: Bool
    /// The tokens to learn from.
    public let training: [Int32]
    /// The tokens between or after these that are held back to validate on: not learned from, and used to choose the best weights. Empty for none.
    public let validation: [Int32]
    /// The tokens held out.
    public let test: [Int32]
    /// How many scalars the text held out has.
    private let testScalars: Int
    private let file: String
    /// What a person should know about how the text was read.
    private let notices: [String]
    /// How many bars of the tunes add up; `nil` for other texts.
    let bars: BarCount?
    /// How many tunes there are; `nil` for other texts.
    private let tuneCount: Int?
    private let windows: TokenWindows
    package let architecture: LanguageArchitecture

    /// Cuts a text, and divides it.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a text shorter than a window.
    public init(_ corpus: TextCorpus, settings: LanguageSettings = LanguageSettings()) throws {
        try settings.validate()
        let unit = settings.unit ?? .characters
        let tokenizer = Self.tokenizer(unit, fitting: corpus.training, settings: settings)
        try self.init(
            file: corpus.file, tokenizer: tokenizer, training: tokenizer.encode(corpus.training), test: tokenizer.encode(corpus.test),
            testScalars: corpus.test.unicodeScalars.count, isTuneCollection: false, settings: settings, notices: corpus.notices)
    }

    /// Cuts tunes; the last of them are held out. Each begins with `<bos>` and ends with `<eos>`.
    ///
    /// - Throws: `SettingsError`, `DataError` where there are too few tunes.
    public init(_ book: TuneCollection, settings: LanguageSettings = LanguageSettings()) throws {
        try settings.validate()
        let unit = settings.unit ?? .characters
        let cut = book.tunes.count - Int(Double(book.tunes.count) * (settings.testFraction ?? Self.testFraction))
        let training = book.tunes[..<cut].joined()
        let tokenizer = Self.tokenizer(unit, fitting: training, settings: settings)
        func tokens(_ tunes: ArraySlice<String>) -> [Int32] {
            tunes.flatMap { [Vocabulary.beginning] + tokenizer.encode($0) + [Vocabulary.end] }
        }
        try self.init(
            file: book.file, tokenizer: tokenizer, training: tokens(book.tunes[..<cut]), test: tokens(book.tunes[cut...]),
            testScalars: book.tunes[cut...].reduce(0) { $0 + $1.unicodeScalars.count + 1 }, isTuneCollection: true, settings: settings, notices: book.notices + book.readings, bars: book.bars,
            tuneCount: book.tunes.count)
    }

    private init(
        file: String, tokenizer: any Tokenizer, training: [Int32], test: [Int32], testScalars: Int, isTuneCollection: Bool, settings: LanguageSettings,
        notices: [String] = [], bars: BarCount? = nil, tuneCount: Int? = nil
    ) throws {
        (self.file, self.tokenizer, self.test, self.testScalars, self.notices, self.bars, self.tuneCount) = (file, tokenizer, test, testScalars, notices, bars, tuneCount)
        self.isTuneCollection = isTuneCollection
        var chosen = settings.filled(from: Self.defaults(unit: tokenizer.unit, tokens: training.count, model: settings.model ?? .recurrent))
        chosen.text.unit = tokenizer.unit
        chosen.text.vocabulary = tokenizer.vocabulary.count - Vocabulary.specials.count
        chosen.run.testFraction = settings.testFraction ?? Self.testFraction
        (self.training, validation) = try Self.divided(training, settings: settings, isTuneCollection: isTuneCollection, unit: tokenizer.unit)
        chosen.run.validationFraction = Double(validation.count) / Double(Swift.max(training.count, 1))
        let ends = Self.tokensBeforeBeginnings(tokenizer, isTuneCollection: isTuneCollection)
        windows = try TokenWindows(
            self.training, streams: chosen.batchSize!, window: chosen.window!, seed: chosen.seed, file: file, unit: tokenizer.unit,
            startsAfter: ends.contains)
        chosen.run.batchSize = windows.streams
        if chosen.model == .transformer { chosen.memory = chosen.memory ?? windows.window }
        self.settings = chosen
        architecture = Self.architecture(chosen, tokens: tokenizer.vocabulary.count)
        try RecurrentArchitecture.check(parameterCount: parameterCount)
    }

    private static func architecture(_ settings: LanguageSettings, tokens: Int) -> LanguageArchitecture {
        if settings.model == .transformer {
            return .transformer(
                TransformerArchitecture(
                    tokens: tokens, size: settings.hidden!, layers: settings.layers!, heads: settings.heads!, memory: settings.memory!, dropout: settings.dropout!))
        }
        return .recurrent(
            RecurrentArchitecture(
                cell: settings.cell!, tokens: tokens, embedding: settings.embedding!, hidden: settings.hidden!, layers: settings.layers!, dropout: settings.dropout!))
    }

    /// The part held out if nothing else was asked for.
    public static let testFraction = 0.1

    private static func tokenizer(_ unit: TokenUnit, fitting text: String, settings: LanguageSettings) -> any Tokenizer {
        switch unit {
        case .characters: CharacterTokenizer(fitting: text)
        case .words: WordTokenizer(fitting: [text], limit: settings.vocabulary ?? 8_000)
        case .bytePairs: BytePairTokenizer(fitting: [text], limit: settings.vocabulary ?? 1024)
        }
    }

    /// The part that is held back to validate on if nothing else was asked for, and the most tokens that it may have: enough to tell a better
    /// state from a worse, and read in one or two hundredths of an epoch's time. Of a text too short for `shortestValidation` it is nothing.
    public static let validationFraction = 0.05
    private static let longestValidation = 20_000
    private static let shortestValidation = 500

    /// Validation text is cut out in at most this many pieces, none shorter than this.
    private static let mostPieces = 8, shortestPiece = 2048

    /// The training and validation parts: the latter are pieces from all over a text, so that no chapter is missing from what is learned
    /// (the one before the part held out least of all: it tells most about that); the end of a short text; of tunes whole ones.
    private static func divided(
        _ tokens: [Int32], settings: LanguageSettings, isTuneCollection: Bool, unit: TokenUnit
    ) throws(SettingsError) -> (training: [Int32], validation: [Int32]) {
        let usual = Swift.min(longestValidation, Int(Double(tokens.count) * validationFraction))
        let isUsual = settings.validationFraction == nil && usual >= shortestValidation
        let count = try isUsual ? usual : settings.run.validationCount(of: tokens.count, noun: unit.plural)
        var cut = tokens.count - count
        // A part that was chosen once begins with a tune, and is found again.
        while isTuneCollection, cut > 0, cut < tokens.count, tokens[cut] != Vocabulary.beginning { cut -= 1 }
        // An only tune is learned from.
        if cut == 0 { cut = tokens.count }
        let pieces = isTuneCollection ? 1 : Swift.min(mostPieces, count / shortestPiece)
        if pieces < 2 { return (Array(tokens[..<cut]), Array(tokens[cut...])) }
        var training: [Int32] = [], validation: [Int32] = [], end = 0
        for piece in 0..<pieces {
            // In the middle of its share of the text.
            let share = tokens.count * piece / pieces..<tokens.count * (piece + 1) / pieces
            let size = count * (piece + 1) / pieces - count * piece / pieces
            let start = share.lowerBound + (share.count - size) / 2
            training += tokens[end..<start]
            validation += tokens[start..<(start + size)]
            end = start + size
        }
        return (training + tokens[end...], validation)
    }

    /// Approximate number of tokens trained on, over all epochs.
    private static let tokenBudget = 18_000_000

    private static func defaults(unit: TokenUnit, tokens: Int, model: TextNetworkKind) -> LanguageSettings {
        var settings = LanguageSettings()
        settings.model = model
        settings.recurrent.dropout = unit == .words ? 0.4 : 0.2
        switch model {
        case .recurrent:
            settings.recurrent.cell = .lstm
            settings.recurrent.hidden = 256
            settings.recurrent.layers = unit == .words ? 1 : 2
            settings.text.embedding = unit == .characters ? 64 : 128
            settings.window = 64
            settings.run.learningRate = 4e-3
        case .transformer:
            (settings.recurrent.hidden, settings.recurrent.layers, settings.heads) = (128, 4, LanguageSettings.defaultHeads)
            settings.window = 64
            settings.run.learningRate = 2e-3
        }
        // A transformer learns more from twice the steps than from twice the tokens in each: by measurement, with as many tokens in all.
        settings.run.batchSize = model == .transformer ? 16 : 32
        settings.run.weightDecay = 0.01
        settings.run.clipNorm = 1
        let budget = unit == .characters ? tokenBudget : tokenBudget / 6
        settings.run.epochs = Swift.max(3, Swift.min(40, (budget + tokens / 2) / Swift.max(tokens, 1)))
        return settings
    }

    /// The tokens after which a text may begin: those that end a line, and what begins a tune.
    private static func tokensBeforeBeginnings(_ tokenizer: any Tokenizer, isTuneCollection: Bool) -> Set<Int32> {
        if isTuneCollection { return [Vocabulary.beginning] }
        return Set((0..<Int32(tokenizer.vocabulary.count)).filter { tokenizer.vocabulary.piece($0)?.last == 0x0A })
    }

    // MARK: - The run

    /// How many steps an epoch has.
    public var stepsPerEpoch: Int { windows.steps(inEpoch: 1) }
    /// The learned numbers.
    public var parameterCount: Int { architecture.parameterCount }
    /// The network in words.
    public var summary: String { architecture.summary }

    public var noun: String { tokenizer.unit.plural }
    public var lossName: String { "nats per \(tokenizer.unit == .characters ? "character" : "token")" }
    public var validationNote: String? { validation.isEmpty ? nil : "the loss on \(grouped(validation.count)) of the training \(tokenizer.unit.plural), held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<StreamedLanguage> {
        let network = LanguageNetwork(architecture)
        let all = training + validation + test
        let fingerprint = "xxh64:" + Checksum(all.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0 >> 16)] }).hex
        let heldBack = validation.isEmpty ? nil : LanguageEvaluation(network, tokens: validation, shortest: Self.validationStream)
        let count = validation.count
        return TrainingPlan(
            StreamedLanguage(network, streams: windows.streams), on: windows, fingerprint: fingerprint,
            validation: heldBack.map { heldBack in
                PlannedValidation(share: Double(count) / Double(training.count)) { _ in heldBack.loss() / Double(count) }
            },
            warmUp: 200
        ) { $0.loss($1) }
    }

    public func model(of model: StreamedLanguage, outcome: TrainingOutcome) throws -> LanguageModel {
        let network = model.network
        let unit = tokenizer.unit.plural
        var record = ModelRecord(
            source: file, settings: settings, trained: Quantity(training.count, unit), heldOut: test.isEmpty ? nil : Quantity(test.count, unit), outcome: outcome,
            fingerprint: plan(readsHeldOut: true).fingerprint)
        if !test.isEmpty { record.metrics = metrics(loss: LanguageEvaluation(network, tokens: test).loss()) }
        let model = LanguageModel(network: network, tokenizer: tokenizer, writesTunes: isTuneCollection, record: record)
        guard isTuneCollection, let metric = try TuneSamples(model).metric(beside: bars) else { return model }
        record.metrics.append(metric)
        return LanguageModel(network: network, tokenizer: tokenizer, writesTunes: true, record: record)
    }

    /// A description of the data and the chosen settings.
    public var opening: [String] {
        let unit = tokenizer.unit
        let known = grouped(settings.vocabulary ?? 0)
        let cut =
            switch unit {
            case .characters: "Tokens: characters, \(known) different ones (--tokens words or bpe for larger ones)."
            case .words: "Tokens: words and punctuation, a vocabulary of \(known) (--tokens, --vocabulary)."
            case .bytePairs: "Tokens: byte pairs, a vocabulary of \(known) (--tokens, --vocabulary)."
            }
        let heldOut = test.isEmpty ? "none held out" : "the last \(grouped(test.count)) held out (--test-fraction)"
        let validated = validation.isEmpty ? "" : "another \(grouped(validation.count)) for validation, "
        let tunes = tuneCount.map { count in
            "\(Quantity(count, "tunes"))\(bars?.share.map { "; \(fixed($0 * 100, 1)) % of \(grouped(bars?.total ?? 0)) bars add up to their metre" } ?? "")."
        }
        return notices + (tunes.map { [$0] } ?? []) + [
            cut,
            "Training on \(validation.isEmpty ? "the first " : "")\(grouped(training.count)), \(validated)\(heldOut); \(settings.run.lengthWords), \(grouped(settings.batchSize ?? 0)) streams in windows of \(settings.window ?? 0) steps, seed \(settings.seed).",
            "Network: \(summary); \(grouped(parameterCount)) parameters (\(settings.model == .transformer ? "--hidden, --layers, --heads, --memory" : "--model, --cell, --hidden, --layers, --embedding"), --dropout).",
        ]
    }

    /// The fewest tokens of a stream that is validated on: many streams side by side take less time, and what their beginnings cost is the same
    /// in each epoch.
    private static let validationStream = 1024

    private func metrics(loss: Double) -> [Metric] {
        LanguageModel.metrics(loss: loss, tokens: test, scalars: testScalars, unit: tokenizer.unit, unigramLoss: unigramLoss())
    }

    /// The loss of the text held out by token frequencies in training (each counted once more than it is).
    private func unigramLoss() -> Double {
        var counts = [Double](repeating: 1, count: tokenizer.vocabulary.count)
        for token in training { counts[Int(token)] += 1 }
        let total = counts.reduce(0, +)
        return test.reduce(0) { $0 - logarithm(counts[Int($1)] / total) }
    }
}
