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
    /// The tokens to train on.
    public let training: [Int32]
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
        (self.file, self.tokenizer, self.training, self.test, self.testScalars) = (file, tokenizer, training, test, testScalars)
        self.isTuneBook = isTuneBook
        var chosen = settings.filled(from: Self.defaults(unit: tokenizer.unit, tokens: training.count))
        chosen.unit = tokenizer.unit
        chosen.vocabulary = tokenizer.vocabulary.count - Vocabulary.specials.count
        chosen.testFraction = settings.testFraction ?? Self.testFraction
        let ends = Self.tokensBeforeBeginnings(tokenizer, isTuneBook: isTuneBook)
        windows = try TokenWindows(
            training, streams: chosen.batchSize!, window: chosen.window!, seed: chosen.seed, file: file, unit: tokenizer.unit,
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
        let fingerprint = "xxh64:" + Checksum((training + test).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0 >> 16)] }).hex
        let run = SequenceRun(settings: settings, fingerprint: fingerprint, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        let evaluation = test.isEmpty ? nil : LanguageEvaluation(network, tokens: test)
        let every = Swift.max(1, (settings.epochs ?? 10) / 10)
        let outcome = try run.fit(model, on: windows, validation: evaluation.map { evaluation in
            { _ in Validation(every: .epochs(every)) { [TrainingRecord.Metric("held_out_loss", evaluation.loss() / Double(test.count))] } }
        }, loss: { $0.loss($1) })

        let unit = tokenizer.unit.plural
        var record = SequenceRecord(
            source: file, settings: settings, trained: "\(grouped(training.count)) \(unit)",
            heldOut: test.isEmpty ? "" : "\(grouped(test.count)) \(unit)", trainingLoss: outcome.loss, fingerprint: fingerprint)
        record.settings.epochs = outcome.state.epoch
        (record.settings.minutes, record.settings.steps) = (nil, nil)
        if let evaluation { record.figures = figures(loss: evaluation.loss()) }
        return LanguageModel(network: network, tokenizer: tokenizer, writesTunes: isTuneBook, record: record)
    }

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

/// How well a network tells a text: all of its tokens, read in a few streams.
private final class LanguageEvaluation {
    private let windows: [(inputs: Tensor, targets: Tensor, weights: Tensor)]
    private let network: LanguageNetwork
    private let measured: CompiledFunction<(Tensor, [Tensor]), Tensor, Tensor, Tensor, [Tensor]>
    private static let window = 128
    /// The fewest tokens of a stream: each begins without knowing what came before.
    private static let streamLength = 4096
    private let streams: Int

    init(_ network: LanguageNetwork, tokens: [Int32]) {
        self.network = network
        streams = Swift.max(1, Swift.min(32, tokens.count / Self.streamLength))
        let length = (tokens.count + streams - 1) / streams
        let window = Swift.min(Self.window, length)
        var windows: [(inputs: Tensor, targets: Tensor, weights: Tensor)] = []
        for start in stride(from: 0, to: length, by: window) {
            var inputs = [Int32](repeating: Vocabulary.padding, count: window * streams)
            var targets = inputs
            var weights = [Float](repeating: 0, count: window * streams)
            for time in 0..<window where start + time < length {
                for stream in 0..<streams {
                    let place = stream * length + start + time
                    if place >= tokens.count { continue }
                    targets[time * streams + stream] = tokens[place]
                    inputs[time * streams + stream] = place == 0 ? Vocabulary.beginning : tokens[place - 1]
                    weights[time * streams + stream] = 1
                }
            }
            let shape = [window, streams]
            windows.append((Tensor(int32: inputs, shape: shape), Tensor(int32: targets, shape: shape), Tensor(weights, shape: shape)))
        }
        self.windows = windows
        measured = compile { (inputs: Tensor, targets: Tensor, weights: Tensor, state: [Tensor]) in
            let (logits, next) = network(inputs, from: state)
            return (softmaxCrossEntropy(logits, targets, weights: weights, reduction: .sum), next)
        }
    }

    /// The sum of -log p over all tokens.
    func loss() -> Double {
        network.infer()
        var state = network.initialState(batch: streams)
        var sum = 0.0
        for window in windows {
            let (loss, next) = measured(window.inputs, window.targets, window.weights, state)
            sum += loss.item()
            state = next
        }
        return sum
    }
}
