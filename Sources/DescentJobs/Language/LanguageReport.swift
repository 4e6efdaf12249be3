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

    private static let temperatures = [0.5, 0.8, 1.1]
    /// The places that are shown.
    private static let placeCount = 6
    private static let costLimit = 15

    /// Looks at a model.
    ///
    /// - Parameter test: The tokens of a text that it was not trained on; empty for none.
    public init(_ model: LanguageModel, test: [Int32]) throws(SettingsError) {
        self.model = model
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
            try model.generate(length: length, sampling: sampling, seed: model.record.settings.seed) { part in
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
        if let perplexity = value("perplexity") { figures.append(HeadlineMetric("perplexity", fixed(perplexity, 2), note: "per \(model.tokenizer.unit == .characters ? "character" : "token")")) }
        return [.figures(figures), JobReport.allMetrics(metrics)]
    }

    private var written: [ReportBlock] {
        [.text("Samples without a prompt. A temperature below 1 sharpens the distribution, above 1 flattens it.")]
            + samples.map { .shaded(ShadedText([ShadedText.Piece($0.text)], caption: "Temperature \(shortNumber($0.temperature))")) }
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
    public func report(of model: LanguageModel) throws -> JobReport { try LanguageReport(model, test: test).part() }
}
