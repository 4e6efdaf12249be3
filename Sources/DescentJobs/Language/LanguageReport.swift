import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a language model: metrics, samples of its text, and the places in an unseen text with the highest loss.
public struct LanguageReport {
    /// A text that the model wrote.
    public struct Sample: Equatable, Sendable {
        /// The sampling temperature.
        public let temperature: Double
        /// The text.
        public let text: String
    }

    /// The model.
    public let model: LanguageModel
    /// Samples at several temperatures.
    public let samples: [Sample]
    private let surprise: TextSurprise?
    /// The bars of the tunes that the model learned from; `nil` where they are not at hand.
    private let trainingBars: BarCount?

    private static let temperatures = [0.5, 0.8, 1.1]
    /// The places that are shown.
    private static let placeCount = 6
    private static let costLimit = 15

    /// Looks at a model.
    ///
    /// - Parameters:
    ///   - test: The tokens of a text that it was not trained on; empty for none.
    ///   - trainingBars: Of a model of tunes, the bars of those that it learned from.
    public init(_ model: LanguageModel, test: [Int32], trainingBars: BarCount? = nil) throws(SettingsError) {
        (self.model, self.trainingBars) = (model, trainingBars)
        surprise = test.isEmpty ? nil : TextSurprise(model, tokens: test)
        var samples: [Sample] = []
        for temperature in Self.temperatures {
            samples.append(Sample(temperature: temperature, text: try Self.sample(model, Sampling(temperature: temperature))))
        }
        self.samples = samples
    }

    private static func sample(_ model: LanguageModel, _ sampling: Sampling) throws(SettingsError) -> String {
        let length = model.writesTunes ? 600 : model.tokenizer.unit == .characters ? 400 : 120
        var text = ""
        do {
            try model.generate(heading: model.writesTunes ? TuneHeading(metre: nil, key: nil) : TuneHeading(), length: length, sampling: sampling, seed: model.record.settings.seed) { part in
                text += part
                return true
            }
        } catch let error as SettingsError {
            throw error
        } catch {
            stop("LanguageReport: \(error)")
        }
        return model.writesTunes ? TuneCollection.notation(of: text, number: 1, title: "Tune") : text
    }

    /// The report's part.
    ///
    /// - Parameters:
    ///   - quantity: What was measured; `nil` for what was held out in training.
    ///   - metrics: Its metrics; `nil` for the record's.
    public func part(of quantity: Quantity? = nil, metrics: [Metric]? = nil) -> JobReport {
        let record = model.record
        let piece = model.tokenizer.unit == .characters ? "character" : "token"
        let measured = (quantity ?? record.heldOut).map { ", measured on \($0)\(quantity == nil ? " held out" : "")." } ?? "."
        return JobReport(
            title: record.source, subtitle: "A language model that writes \(model.writesTunes ? "tunes" : "text"), \(piece) by \(piece). Trained on \(record.trained)\(measured)",
            result: result(metrics ?? record.metrics), sections: [ReportSection("Samples", written), ReportSection("Highest losses", surprises)])
    }

    private func result(_ metrics: [Metric]) -> [ReportBlock] {
        func value(_ name: String) -> Double? { metrics.first { $0.name == name }?.value }
        guard let nats = value("natsPerCharacter") else { return [JobReport.untested] }
        var figures = [
            HeadlineMetric("nats per character", fixed(nats, 4), note: value("unigramNatsPerCharacter").map { "unigram baseline: \(fixed($0, 4))" } ?? ""),
            HeadlineMetric("bits per character", fixed(nats / logarithm(2), 3), note: "compressed size of a character"),
        ]
        if let bars = value("wholeBars") {
            figures.append(HeadlineMetric("bars that add up", fixed(bars * 100, 1) + " %", note: trainingBars?.share.map { "training tunes: \(fixed($0 * 100, 1)) %" } ?? "of generated tunes"))
        }
        if let perplexity = value("perplexity") { figures.append(HeadlineMetric("perplexity", fixed(perplexity, 2), note: "per \(model.tokenizer.unit == .characters ? "character" : "token")")) }
        return [.figures(figures), JobReport.allMetrics(metrics)]
    }

    private var written: [ReportBlock] {
        let intro = "Samples without a prompt. A temperature below 1 sharpens the distribution, above 1 flattens it."
        func text(_ sample: Sample) -> ReportBlock { .shaded(ShadedText([ShadedText.Piece(sample.text)], caption: "Temperature \(shortNumber(sample.temperature))")) }
        if !model.writesTunes { return [.text(intro)] + samples.map(text) }
        // Of tunes the notes are shown, with what their bars add up to; the notation is for those who ask.
        return [.text("\(intro) descent generate writes such tunes to files: --out tune.mid, .svg or .abc.")]
            + samples.flatMap { sample -> [ReportBlock] in
                let score = TuneCollection.score(ofNotation: sample.text), bars = BarCount(score)
                let share = bars.share == nil ? "" : ": \(bars.whole) of \(Quantity(bars.total, "bars")) add up"
                return [.picture(StaffPicture(score, limit: 64), caption: "Temperature \(shortNumber(sample.temperature))\(share)"), .details("ABC notation", [text(sample)])]
            }
    }

    private var surprises: [ReportBlock] {
        guard let surprise else { return [] }
        let places = surprise.places(count: Self.placeCount)
        let costs = surprise.costs(limit: Self.costLimit).map {
            [TextSurprise.visible($0.text), grouped($0.count), fixed($0.mean, 2), fixed($0.share * 100, 1) + "%"]
        }
        return [
            .text("The stronger the colour, the less probable the model held a token after those before it. Point at a token to see its probability and the most probable token."),
            .shaded(surprise.beginning),
            .text("The passages with the highest loss:"),
        ] + places.map { .shaded(surprise.passage(around: $0)) } + [
            .details("Tokens by their share of the loss", [.table(ReportTable(columns: ["token", "count", "mean loss (nats)", "share of the loss"], rows: costs))])
        ]
    }
}

extension LanguageTraining {
    public func report(of model: LanguageModel) throws -> JobReport { try LanguageReport(model, test: test, trainingBars: bars).part() }
}
