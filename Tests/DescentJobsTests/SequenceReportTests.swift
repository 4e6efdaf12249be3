import DescentCore
import DescentData
import DescentNN
import DescentPlot
import DescentJobs
import DescentReports
import DescentTrain
import Foundation
import Testing

/// What the reports on sequence models say, against the same computed otherwise.
@Suite(.serialized)
struct SequenceReportTests {
    private static let text = String(repeating: "the cat sat on the mat. the dog <sat> on the log & slept.\n", count: 30)

    private static func language(unit: TokenUnit = .characters, epochs: Int = 3) throws -> (LanguageTraining, LanguageModel, TrainingOutcome) {
        var settings = LanguageSettings()
        (settings.hidden, settings.layers, settings.embedding, settings.unit, settings.epochs) = (16, 1, 8, unit, epochs)
        (settings.window, settings.batchSize, settings.learningRate, settings.validationFraction) = (16, 8, 0.02, 0.1)
        if unit == .bytePairs { settings.vocabulary = 270 }
        let training = try LanguageTraining(TextCorpus(text + "the golden talons.\n", file: "cats & dogs.txt"), settings: settings)
        var outcome: TrainingOutcome?
        let model = try training.run(observers: [ObservingClosure { if case .finished(let found) = $0 { outcome = found } }])
        return (training, model, try #require(outcome))
    }

    @Test("the loss of each piece is that of a reading step by step, and the pieces make the text again", arguments: TokenUnit.allCases)
    func pieces(unit: TokenUnit) throws {
        let (training, model, _) = try Self.language(unit: unit)
        let pieces = TextSurprise(model, tokens: training.test).pieces
        #expect(pieces.map(\.text).joined() == model.tokenizer.decode(training.test))
        var reader = LanguageReader(model.network)
        var sum = 0.0
        for token in training.test {
            sum -= log(reader.probabilities(without: [])[Int(token)])
            reader.read(token)
        }
        #expect(abs(pieces.reduce(0) { $0 + $1.loss } - sum) < 1e-3 * sum)
        if unit == .characters {
            var reader = LanguageReader(model.network)
            for (token, piece) in zip(training.test, pieces) {
                let all = reader.probabilities(without: [])
                #expect(abs(piece.loss + log(all[Int(token)])) < 1e-4)
                let expected = all.indices.max { all[$0] < all[$1] }!
                #expect(piece.expected.text == model.tokenizer.vocabulary.name(Int32(expected)) && abs(piece.expected.probability - all[expected]) < 1e-4)
                reader.read(token)
            }
        }
    }

    @Test("the most surprising place is found, places don't overlap, and costs add up")
    func places() throws {
        let (training, model, _) = try Self.language(epochs: 12)
        let surprise = TextSurprise(model, tokens: training.test)
        let places = surprise.places(count: 3)
        let text = surprise.pieces.map(\.text)
        // What occurs nowhere else.
        let first = try #require(places.first)
        let odd = try #require(text.indices.first { text[$0...].joined().hasPrefix("golden talons") })
        #expect(first.overlaps((odd - 4)..<(odd + 13)), "\(text[first].joined())")
        func mean(_ place: Range<Int>) -> Double { surprise.pieces[place].reduce(0) { $0 + $1.loss } }
        #expect((0...text.count - 6).allSatisfy { mean($0..<$0 + 6) <= mean(first) + 1e-6 })
        let costs = surprise.costs(limit: 1000)
        #expect(abs(costs.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(costs.reduce(0) { $0 + $1.count } == text.count)
        #expect(costs.map(\.share) == costs.map(\.share).sorted(by: >))
        let shaded = surprise.passage(around: first)
        #expect(shaded.pieces.contains { $0.strength > 0.5 && $0.note.contains("nats, probability 0.") && $0.note.contains("; expected ") })
    }

    @Test("a language model's page has each part, its texts escaped, and is the same again")
    func languagePage() throws {
        let (training, model, outcome) = try Self.language()
        let page = try training.page(of: model, outcome: outcome, command: "descent train 'cats & dogs.txt'").html()
        for part in [
            "cats &amp; dogs.txt", "nats per character", "bits per character", "perplexity", "unigram baseline", "validation", "Samples", "Temperature 0.5", "Temperature 1.1",
            "Highest losses", "The beginning of the text", "Tokens by their share of the loss", "Configuration", "descent train &#39;cats &amp; dogs.txt&#39;", "validation fraction",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(!page.contains("<sat>") && !page.contains("<script") && !page.contains("src="))
        #expect(try training.page(of: model, outcome: outcome, command: "descent train 'cats & dogs.txt'").html() == page)
        let untested = try LanguageReport(model, test: [])
        #expect(untested.samples.count == 3 && !untested.part().page(of: model).html().contains("Highest losses"))
    }

    @Test("a classifier's mistakes are those that it was surest of, those first; the page has the matrix and the figures of each class")
    func classifier() throws {
        let lines = (0..<150).map { index in "\(["red rose <\(index)>", "blue sky \(index)", "green tree \(index)"][(index + (index % 7 == 0 ? 1 : 0)) % 3])\t\(["r", "b", "g"][index % 3])\n" }
        let texts = try LabelledTexts(parsing: lines.joined(), file: "colours.txt")
        var settings = TextClassificationSettings()
        (settings.hidden, settings.embedding, settings.epochs, settings.testFraction) = (8, 8, 8, 0.4)
        let training = try ClassifierTraining(texts, settings: settings)
        var outcome: TrainingOutcome?
        let model = try training.run(observers: [ObservingClosure { if case .finished(let found) = $0 { outcome = found } }])
        let rows = training.split.test
        let report = ClassifierReport(model, texts, rows: rows, baseline: texts.classes.firstIndex(of: try #require(model.record.baseline)))
        var wrong: [(line: Int, confidence: Float)] = []
        for (row, answer) in zip(rows, model.predict(rows.map { texts.texts[$0] })) {
            if case .label(let label, let all) = answer, label != Int(texts.labels[row]) { wrong.append((row + 1, all[label])) }
        }
        try #require(wrong.count > 3)
        #expect(report.mistakes.map(\.line) == wrong.sorted { $0.confidence > $1.confidence }.map(\.line).prefix(20).map { $0 })
        #expect(report.evaluation?["accuracy"] == model.record["accuracy"])
        #expect(report.evaluation?["balancedAccuracy"] == model.record["balancedAccuracy"])
        #expect(report.evaluation?["baselineAccuracy"] == model.record["baselineAccuracy"])
        let page = try training.page(of: model, outcome: outcome, command: "descent train colours.txt").html()
        for part in [
            "Confusion matrix", "balanced accuracy", "Metrics by class", "The most confident mistakes", "probability of the true class", "descent train colours.txt", "red rose &lt;",
            "No texts were held back for validation",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(!page.contains("rose <"))
    }

    @Test("a forecast's page has the numbers of the model and of the naive answers")
    func forecast() throws {
        let rows = (0..<96).map { "\(1990 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\(100 + $0 + 20 * ($0 % 12))\n" }
        let series = try TimeSeries(Table(parsing: Array(("month,sales\n" + rows.joined()).utf8), file: "sales.csv"), target: "sales")
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden) = (6, 5, 8)
        let training = try ForecastTraining(series, settings: settings)
        let model = try training.run()
        let report = ForecastReport(model, series, known: training.training.count, answers: training.answers(model))
        #expect(report.answers.map(\.name) == ["model", "naive", "seasonalNaive"])
        #expect(report.answers[1].values == [Double](repeating: series.values[89], count: 6))
        #expect(report.answers[2].values == Array(series.values[78..<84]))
        #expect(report.answers[0].values == model.forecast(after: training.training))
        #expect(try report.next == model.forecast(series))
        let page = try training.page(of: model).html()
        for part in ["Forecast and truth", "held out", "seasonal naive (repeats the last 12 values)", "last known value", "Errors by steps ahead", "Next values", "1998-01", "1997-12"] {
            #expect(page.contains(part), "\(part)")
        }
        // MAPE of the seasonal-naive answer: 12 of each number, since a year adds 12.
        let mape = (90..<96).reduce(0.0) { $0 + 12 / series.values[$1] } / 6 * 100
        #expect(page.contains("\(fixed(mape, 2))%"))

        let whole = try ForecastTraining(
            series,
            settings: {
                var all = settings; all.testFraction = 0; return all
            }())
        let untested = try whole.run()
        #expect(whole.answers(untested).isEmpty && ForecastReport(untested, series, known: 96, answers: []).next.count == 6)
        #expect(try whole.page(of: untested).html().contains("Nothing was held out"))
    }

    @Test("losses between records are the means of the steps between")
    func between() {
        // Batches of 2, 2, 1 examples, two epochs, recorded after each step.
        let losses = [5.0, 4, 3, 2, 1, 0.5]
        let counts = [2, 2, 1, 2, 2, 1]
        var history: [TrainingRecord] = []
        var (examples, inEpoch, sum) = (0, 0, 0.0)
        for step in losses.indices {
            if step == 3 { (inEpoch, sum) = (0, 0) }
            examples += counts[step]
            inEpoch += counts[step]
            sum += losses[step] * Double(counts[step])
            history.append(
                TrainingRecord(
                    epoch: step / 3 + 1, step: step + 1, examples: examples, learningRate: 1, loss: sum / Double(inEpoch), isEndOfEpoch: step % 3 == 2))
        }
        let between = TrainingCurves.lossesBetween(history)
        #expect(zip(between, losses).allSatisfy { abs($0.loss - $1) < 1e-12 } && between.map(\.examples) == counts)
        let blocks = TrainingCurves(history, bestEpoch: nil, lossName: "loss", noun: "rows").blocks
        guard case .picture(let picture, _)? = blocks.first, let chart = picture as? Chart else {
            Issue.record("no curve")
            return
        }
        #expect(chart.x.label == "step")
        #expect(TrainingCurves(Array(history.prefix(1)), bestEpoch: nil, lossName: "loss", noun: "rows").blocks.isEmpty)
    }
}
