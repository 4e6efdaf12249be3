import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A text made ready to learn a language model from: what was chosen can be looked at before the run.
///
///     let training = try LanguageTraining(TextCorpus(path: "shakespeare.txt"))
///     let model = try training.run()
public struct LanguageTraining {
    /// The settings, those that were chosen among them.
    public let settings: SequenceSettings
    /// What cuts the text.
    public let tokenizer: any Tokenizer
    /// Whether the text is tunes.
    public let isTuneBook: Bool
    /// The tokens to learn from.
    public let training: [Int32]
    /// The tokens between or after these that are held back to validate on: not learned from, and used to choose the best weights. Empty for none.
    public let validation: [Int32]
    /// The tokens held out.
    public let test: [Int32]
    /// How many scalars the text held out has.
    private let testScalars: Int
    private let file: String
    private let windows: TokenWindows
    package let architecture: LanguageNetwork.Architecture

    /// Cuts a text, and divides it.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a text shorter than a window.
    public init(_ corpus: TextCorpus, settings: SequenceSettings = SequenceSettings()) throws {
        try settings.validate()
        let unit = settings.unit ?? .characters
        let tokenizer = Self.tokenizer(unit, fitting: corpus.training, settings: settings)
        try self.init(
            file: corpus.file, tokenizer: tokenizer, training: tokenizer.encode(corpus.training), test: tokenizer.encode(corpus.test),
            testScalars: corpus.test.unicodeScalars.count, isTuneBook: false, settings: settings)
    }

    /// Cuts tunes; the last of them are held out. Each begins with `<bos>` and ends with `<eos>`.
    ///
    /// - Throws: `SettingsError`, `DataError` where there are too few tunes.
    public init(_ book: TuneBook, settings: SequenceSettings = SequenceSettings()) throws {
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
            testScalars: book.tunes[cut...].reduce(0) { $0 + $1.unicodeScalars.count + 1 }, isTuneBook: true, settings: settings)
    }

    private init(
        file: String, tokenizer: any Tokenizer, training: [Int32], test: [Int32], testScalars: Int, isTuneBook: Bool, settings: SequenceSettings
    ) throws {
        (self.file, self.tokenizer, self.test, self.testScalars) = (file, tokenizer, test, testScalars)
        self.isTuneBook = isTuneBook
        var chosen = settings.filled(from: Self.defaults(unit: tokenizer.unit, tokens: training.count))
        chosen.unit = tokenizer.unit
        chosen.vocabulary = tokenizer.vocabulary.count - Vocabulary.specials.count
        chosen.testFraction = settings.testFraction ?? Self.testFraction
        (self.training, validation) = try Self.divided(training, settings: settings, isTuneBook: isTuneBook, unit: tokenizer.unit)
        chosen.validationFraction = Double(validation.count) / Double(Swift.max(training.count, 1))
        let ends = Self.tokensBeforeBeginnings(tokenizer, isTuneBook: isTuneBook)
        windows = try TokenWindows(
            self.training, streams: chosen.batchSize!, window: chosen.window!, seed: chosen.seed, file: file, unit: tokenizer.unit,
            startsAfter: ends.contains)
        chosen.batchSize = windows.streams
        self.settings = chosen
        architecture = LanguageNetwork.Architecture(
            cell: chosen.cell!, tokens: tokenizer.vocabulary.count, embedding: chosen.embedding!, hidden: chosen.hidden!, layers: chosen.layers!,
            dropout: chosen.dropout!)
        if architecture.parameterCount > TabularSettings.parameterLimit {
            throw SettingsError("the network would have \(grouped(architecture.parameterCount)) parameters, and \(grouped(TabularSettings.parameterLimit)) are possible; make it smaller (--hidden, --layers, --embedding)")
        }
    }

    /// The part held out if nothing else was asked for.
    public static let testFraction = 0.1

    private static func tokenizer(_ unit: TokenUnit, fitting text: String, settings: SequenceSettings) -> any Tokenizer {
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

    /// What is held back is cut out in at most so many pieces, none of them shorter than this.
    private static let mostPieces = 8, shortestPiece = 2048

    /// What is learned from, and what is held back to validate on: pieces from all over a text, so that no chapter is missing from what is learned
    /// (the one before the part held out least of all: it tells most about that); the end of a short text; of tunes whole ones.
    private static func divided(
        _ tokens: [Int32], settings: SequenceSettings, isTuneBook: Bool, unit: TokenUnit
    ) throws(SettingsError) -> (training: [Int32], validation: [Int32]) {
        let usual = Swift.min(longestValidation, Int(Double(tokens.count) * validationFraction))
        let isUsual = settings.validationFraction == nil && usual >= shortestValidation
        let count = try isUsual ? usual : settings.validationCount(of: tokens.count, noun: unit.plural)
        var cut = tokens.count - count
        // A part that was chosen once begins with a tune, and is found again.
        while isTuneBook, cut > 0, cut < tokens.count, tokens[cut] != Vocabulary.beginning { cut -= 1 }
        let pieces = isTuneBook ? 1 : Swift.min(mostPieces, count / shortestPiece)
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

    /// About so many tokens are learned from, each as often as the text is gone through.
    private static let tokenBudget = 18_000_000

    private static func defaults(unit: TokenUnit, tokens: Int) -> SequenceSettings {
        var settings = SequenceSettings()
        settings.cell = .lstm
        settings.hidden = 256
        settings.layers = unit == .words ? 1 : 2
        settings.embedding = unit == .characters ? 64 : 128
        settings.dropout = unit == .words ? 0.4 : 0.2
        settings.window = 64
        settings.batchSize = 32
        settings.learningRate = 4e-3
        settings.weightDecay = 0.01
        settings.clipNorm = 1
        let budget = unit == .characters ? tokenBudget : tokenBudget / 6
        settings.epochs = Swift.max(3, Swift.min(40, (budget + tokens / 2) / Swift.max(tokens, 1)))
        return settings
    }

    /// The tokens after which a text may begin: those that end a line, and what begins a tune.
    private static func tokensBeforeBeginnings(_ tokenizer: any Tokenizer, isTuneBook: Bool) -> Set<Int32> {
        if isTuneBook { return [Vocabulary.beginning] }
        return Set((0..<Int32(tokenizer.vocabulary.count)).filter { tokenizer.vocabulary.piece($0)?.last == 0x0A })
    }

    // MARK: - The run

    /// How many steps an epoch has.
    public var stepsPerEpoch: Int { windows.steps(inEpoch: 1) }
    /// The learned numbers.
    public var parameterCount: Int { architecture.parameterCount }
    /// The network in words.
    public var summary: String { architecture.summary }

    /// Trains a network, and measures it on the text held out.
    ///
    /// - Parameters:
    ///   - checkpointing: where the run is saved, and taken up if it was saved there before.
    ///   - shouldStop: asked after each step: `true` saves the run and ends it with a `TrainingInterruption`.
    public func run(
        checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: @escaping () -> Bool = { false }
    ) throws -> LanguageModel {
        let network = LanguageNetwork(architecture)
        let model = StreamedLanguage(network, streams: windows.streams)
        let fingerprint = "xxh64:" + Checksum((training + validation + test).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0 >> 16)] }).hex
        let run = SequenceRun(settings: settings, fingerprint: fingerprint, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        let heldBack = validation.isEmpty ? nil : LanguageEvaluation(network, tokens: validation, shortest: Self.validationStream)
        let outcome = try run.fit(model, on: windows, validation: heldBack.map { heldBack in
            SequenceValidation(share: Double(validation.count) / Double(training.count)) { _ in heldBack.loss() / Double(validation.count) }
        }, loss: { $0.loss($1) })

        let unit = tokenizer.unit.plural
        var record = SequenceRecord(
            source: file, settings: settings, trained: "\(grouped(training.count)) \(unit)",
            heldOut: test.isEmpty ? "" : "\(grouped(test.count)) \(unit)", trainingLoss: outcome.loss, fingerprint: fingerprint)
        record.settings.epochs = outcome.state.epoch
        (record.settings.minutes, record.settings.steps) = (nil, nil)
        if !test.isEmpty { record.figures = figures(loss: LanguageEvaluation(network, tokens: test).loss()) }
        return LanguageModel(network: network, tokenizer: tokenizer, writesTunes: isTuneBook, record: record)
    }

    /// The fewest tokens of a stream that is validated on: many streams side by side take less time, and what their beginnings cost is the same
    /// in each epoch.
    private static let validationStream = 1024

    private func figures(loss: Double) -> [SequenceRecord.Figure] {
        let perToken = loss / Double(test.count)
        let perCharacter = loss / Double(testScalars)
        let frequency = frequencyLoss() / Double(testScalars)
        var figures = [SequenceRecord.Figure("nats_per_character", perCharacter, "\(fixed(perCharacter, 4)) nats per character (\(fixed(perCharacter / logarithm(2), 3)) bits)")]
        if tokenizer.unit != .characters {
            figures.append(.init("nats_per_token", perToken, "\(fixed(perToken, 4)) nats per piece, of which there are \(grouped(test.count))"))
        }
        figures.append(.init("perplexity", exponential(perToken), "perplexity \(fixed(exponential(perToken), 2)): as uncertain as a choice among so many"))
        let unknown = test.count { $0 == Vocabulary.unknown }
        if unknown > 0 {
            let share = Double(unknown) / Double(test.count)
            figures.append(.init("unknown_share", share, "\(fixed(share * 100, 2)) % of them are not in the vocabulary and count as <unk>"))
        }
        figures.append(.init("frequency_nats_per_character", frequency, "by how often each occurs, without what came before: \(fixed(frequency, 4)) nats per character"))
        return figures
    }

    /// The loss of the text held out where each token has the probability that it has in training (each counted once more than it is).
    private func frequencyLoss() -> Double {
        var counts = [Double](repeating: 1, count: tokenizer.vocabulary.count)
        for token in training { counts[Int(token)] += 1 }
        let total = counts.reduce(0, +)
        return test.reduce(0) { $0 - logarithm(counts[Int($1)] / total) }
    }
}
