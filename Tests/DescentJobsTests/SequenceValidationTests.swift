import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentJobs
import DescentReports
import DescentTrain
import Foundation
import TestFolders
import Testing

/// What sequence runs hold back to validate on, and what they do with it.
@Suite(.serialized)
struct SequenceValidationTests {
    /// Letters without any order: all that a network learns of them beyond their frequencies is wrong for those that it has not seen.
    private static func noise(_ count: Int, seed: UInt64 = 5) -> String {
        var random = SplitMix64(seed: seed)
        return String(decoding: (0..<count).map { $0 % 40 == 39 ? 0x0A : UInt8(ascii: "a") + UInt8(random.next() % 8) }, as: UTF8.self)
    }

    private static func settings(_ change: (inout LanguageSettings) -> Void = { _ in }) -> LanguageSettings {
        var settings = LanguageSettings()
        (settings.hidden, settings.layers, settings.embedding, settings.dropout, settings.weightDecay) = (24, 1, 8, 0, 0)
        (settings.window, settings.batchSize, settings.epochs, settings.learningRate) = (16, 8, 30, 0.02)
        change(&settings)
        return settings
    }

    private static func textSettings(_ change: (inout TextClassificationSettings) -> Void) -> TextClassificationSettings {
        var settings = TextClassificationSettings()
        (settings.hidden, settings.layers, settings.embedding, settings.dropout, settings.weightDecay) = (24, 1, 8, 0, 0)
        (settings.batchSize, settings.epochs, settings.learningRate) = (8, 30, 0.02)
        change(&settings)
        return settings
    }

    private static func language(_ text: String, _ change: (inout LanguageSettings) -> Void = { _ in }) throws -> LanguageTraining {
        try LanguageTraining(TextCorpus(text, file: "t"), settings: settings(change))
    }

    /// A run's outcome beside its model.
    private static func outcome<Model>(_ run: ([any TrainingObserver]) throws -> Model) throws -> (Model, TrainingOutcome) {
        var outcome: TrainingOutcome?
        let model = try run([ObservingClosure { event in if case .finished(let found) = event { outcome = found } }])
        return (model, try #require(outcome))
    }

    @Test("a running text holds back a twentieth, 20,000 characters at most, and nothing where that is too little to tell")
    func parts() throws {
        for (length, expected) in [(2_000, 0), (12_000, 540), (600_000, 20_000)] {
            let training = try Self.language(Self.noise(length))
            #expect(training.validation.count == expected)
            #expect(training.training.count + expected == length * 9 / 10)
            let whole = training.tokenizer.encode(TextCorpus(Self.noise(length), file: "t").training)
            if length < 600_000 {
                #expect(training.training + training.validation == whole)
                continue
            }
            // Eight pieces of 2,500, each in the middle of its eighth.
            var (learned, heldBack): ([Int32], [Int32]) = ([], [])
            for piece in 0..<8 {
                let share = whole[67_500 * piece..<67_500 * (piece + 1)]
                learned += share.prefix(32_500) + share.suffix(32_500)
                heldBack += share.dropFirst(32_500).prefix(2_500)
            }
            #expect(training.training == learned && training.validation == heldBack)
        }
        #expect(try Self.language(Self.noise(2_000)) { $0.patience = 2 }.validation.count == 180)
        #expect(try Self.language(Self.noise(2_000)) { $0.validationFraction = 0.25 }.validation.count == 450)
        #expect(try Self.language(Self.noise(12_000)) { $0.validationFraction = 0 }.validation.isEmpty)
        // The epochs are those of the whole text.
        #expect(try Self.language(Self.noise(600_000)) { $0.epochs = nil }.settings.epochs == 33)
        // What was chosen gives the same parts again.
        let chosen = try Self.language(Self.noise(12_345))
        #expect(try LanguageTraining(TextCorpus(Self.noise(12_345), file: "t"), settings: chosen.settings).validation == chosen.validation)
    }

    @Test("tunes are held back whole")
    func tunes() throws {
        let book = try TuneCollection(parsing: (0..<40).map { "X:\($0)\nT:t\nM:6/8\nK:G\n\(String(repeating: "GAB|", count: 2 + $0 % 5))\n\n" }.joined(), file: "t.abc")
        let training = try LanguageTraining(book, settings: Self.settings { $0.validationFraction = 0.1 })
        #expect(training.validation.first == Vocabulary.beginning && training.validation.last == Vocabulary.end)
        #expect(training.training.last == Vocabulary.end)
        #expect(try LanguageTraining(book, settings: training.settings).validation == training.validation)
    }

    @Test("a run that gets no better ends after its patience, with the weights that were best")
    func patience() throws {
        let training = try Self.language(Self.noise(3_000)) { ($0.patience, $0.epochs) = (3, 200) }
        let (model, outcome) = try Self.outcome { try training.run(observers: $0) }
        #expect(outcome.reason == .stoppedEarly)
        let best = try #require(outcome.bestEpoch)
        let losses = outcome.state.history.map { $0["validation_loss"]! }
        #expect(losses.count == best + 3 && losses.firstIndex(of: losses.min()!) == best - 1)
        // Measured anew, token by token.
        var reader = LanguageReader(model.network)
        var sum = 0.0
        for token in training.validation {
            sum -= log(reader.probabilities(without: [])[Int(token)])
            reader.read(token)
        }
        #expect(abs(sum / Double(training.validation.count) - losses[best - 1]) < 1e-5)
        #expect(model.record.settings.epochs == best + 3)
    }

    @Test("without patience a run goes to its end, and has the best weights too")
    func best() throws {
        let training = try Self.language(Self.noise(3_000)) { ($0.validationFraction, $0.epochs) = (0.1, 25) }
        let (_, outcome) = try Self.outcome { try training.run(observers: $0) }
        #expect(outcome.reason == .completed && outcome.state.epoch == 25)
        #expect(outcome.bestEpoch! < 25)
        // The end that is held back is not learned from: other letters there change no training loss.
        let text = Self.noise(3_000)
        let cut = text.index(text.startIndex, offsetBy: 2_500)
        let other = try Self.language(String(text[..<cut]) + Self.noise(500, seed: 9)) { ($0.validationFraction, $0.epochs) = (0.1, 25) }
        #expect(other.training == training.training && other.validation != training.validation)
        #expect(try Self.outcome { try other.run(observers: $0) }.1.state.history.map(\.loss) == outcome.state.history.map(\.loss))
    }

    @Test("a run of few epochs is recorded and measured between their ends too")
    func fewEpochs() throws {
        let training = try Self.language(Self.noise(12_000)) { ($0.epochs, $0.validationFraction) = (2, 0.01) }
        let (_, outcome) = try Self.outcome { try training.run(observers: $0) }
        let history = outcome.state.history
        #expect(history.count >= 34)
        #expect(history.count { $0.isEndOfEpoch } == 2)
        // 10,692 tokens in 8 streams and windows of 16: 83 steps an epoch, measured four times in each and at the end.
        #expect(history.filter { !$0.metrics.isEmpty }.map(\.step) == [20, 40, 60, 80, 100, 120, 140, 160, 166])
    }

    private static let lines = (0..<200).map { index in
        // One in five is labelled wrongly: something to learn by heart.
        "\((index % 5 == 0) != (index % 2 == 0) ? "a lovely day \(index)" : "an awful night \(index)")\t\(index % 2)\n"
    }.joined()

    @Test("a classifier: of each class a share is held back, measured as the model answers, and not known to the tokenizer")
    func classifier() throws {
        let texts = try LabelledTexts(parsing: Self.lines, file: "t.txt")
        let training = try ClassifierTraining(texts, settings: Self.textSettings { ($0.patience, $0.epochs, $0.unit) = (3, 100, .characters) })
        #expect(training.validationRows.count == 16 && training.trainingRows.count == 144)
        #expect(Set(training.validationRows + training.trainingRows + training.split.test).count == 200)
        #expect(training.validationRows.count { texts.labels[$0] == 1 } == 8)
        let (model, outcome) = try Self.outcome { try training.run(observers: $0) }
        #expect(outcome.reason == .stoppedEarly)
        let answers = model.predict(training.validationRows.map { texts.texts[$0] })
        let loss =
            zip(training.validationRows, answers).reduce(0.0) { sum, entry in
                guard case .label(_, let probabilities) = entry.1 else { return .nan }
                return sum - log(Double(probabilities[Int(texts.labels[entry.0])]))
            } / Double(answers.count)
        #expect(abs(loss - outcome.state.earlyStopping!.best!) < 1e-5)

        let words = try ClassifierTraining(texts, settings: Self.textSettings { ($0.validationFraction, $0.unit) = (0.25, .characters) })
        let known = Set(words.trainingRows.flatMap { texts.texts[$0].unicodeScalars.map { String($0) } })
        #expect(Set(words.tokenizer.vocabulary.pieces.map { String(decoding: $0, as: UTF8.self) }) == known)
    }

    @Test("a series: the last windows are held back, and forecast no number that those learned from forecast")
    func forecast() throws {
        let rows = (0..<120).map { "\($0),\(50 + 10 * Double($0 % 12) + Double(($0 * 7919) % 13))\n" }
        let series = try TimeSeries(Table(parsing: Array(("n,y\n" + rows.joined()).utf8), file: "s.csv"), target: "y")
        func training(_ change: (inout ForecastSettings) -> Void) throws -> ForecastTraining {
            var settings = ForecastSettings()
            (settings.horizon, settings.season, settings.window, settings.epochs, settings.hidden) = (6, 12, 12, 40, 8)
            change(&settings)
            return try ForecastTraining(series, settings: settings)
        }
        // 114 numbers, less 12 + 12 before the first window's answers and 5 of its answers.
        #expect(try training { _ in }.sampleCount == 85)
        let held = try training { $0.validationFraction = 0.2 }
        #expect(held.validationCount == 17 && held.sampleCount == 85 - 17 - 5)
        let (_, outcome) = try Self.outcome { try held.run(observers: $0) }
        let losses = outcome.state.history.map { $0["validation_loss"]! }
        #expect(losses.count == 40 && outcome.state.earlyStopping!.best == losses.min())
        #expect { try training { $0.validationFraction = 0.9 } } throws: { "\($0)".contains("of 85 windows 77 would be validated on, and 5 lie between them") }
    }

    @Test("the rate falls where the validation loss has not fallen for so long, and the run goes on to the same bits anywhere", arguments: [5, 60, 130])
    func plateau(stop: Int) throws {
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let training = try Self.language(Self.noise(3_000)) { ($0.reduceOnPlateau, $0.validationFraction, $0.epochs) = (2, 0.1, 10) }
        let (whole, outcome) = try Self.outcome { try training.run(checkpointing: Checkpointing(RunFolder(places[0].path)), observers: $0) }
        // By hand: a tenth after two measurements in a row that are not lower by a ten-thousandth.
        var (rate, best, since) = (0.02, Double.infinity, 0)
        var rates: [Double] = []
        for record in outcome.state.history {
            rates.append(rate)
            let loss = record["validation_loss"]!
            if best.isInfinite || loss < best - 1e-4 * best { (best, since) = (loss, 0) } else { since += 1 }
            if since == 2 { (rate, since) = (rate * 0.1, 0) }
        }
        #expect(zip(outcome.state.history, rates).allSatisfy { abs($0.learningRate - $1) < 1e-12 }, "\(outcome.state.history.map(\.learningRate))")
        #expect(rate < 0.01)

        #expect(throws: TrainingInterruption.self) {
            try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)), shouldStop: stopping(after: stop))
        }
        let resumed = try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)))
        #expect(resumed.record == whole.record)
        #expect(try places[0].bytes("checkpoint.safetensors") == places[1].bytes("checkpoint.safetensors"))
    }

    @Test("settings that cannot be: a sentence each")
    func bad() throws {
        func refused(_ sentence: String, _ change: (inout LanguageSettings) -> Void) {
            #expect { try Self.language(Self.noise(2_000), change) } throws: { "\($0)" == sentence }
        }
        refused("the validation fraction is 1.0; it must be at least 0 and below 1") { $0.validationFraction = 1 }
        refused("the patience is 0; it must be 1 epoch or more") { $0.patience = 0 }
        refused("the number of epochs after which the learning rate is reduced is 0; it must be 1 or more") { $0.reduceOnPlateau = 0 }
        refused("patience waits for a validation loss, and a validation fraction of 0 leaves none; use a larger --validation-fraction, or no --patience") {
            ($0.patience, $0.validationFraction) = (2, 0)
        }
        refused("0.0001 of 1,800 characters leaves none for validation; use a larger --validation-fraction, or no --patience") {
            $0.validationFraction = 0.0001
        }
    }
}
