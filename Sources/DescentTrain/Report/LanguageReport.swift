import DescentCore
import DescentData
import DescentFormats
import DescentPlot

/// What can be said of a language model and of its making, as a page to be looked at: figures, curves, what it writes, and where a text that it
/// has not seen surprises it.
///
///     let model = try training.run()
///     try training.report(of: model).write(to: "report.html")
public struct LanguageReport {
    /// A text that the model wrote.
    public struct Sample: Equatable, Sendable {
        /// What scores were divided by.
        public let temperature: Double
        /// The text.
        public let text: String
    }

    /// The model.
    public let model: LanguageModel
    /// What it writes, at several temperatures.
    public let samples: [Sample]
    private let surprise: TextSurprise?
    private let parts: SequencePage

    private static let temperatures = [0.5, 0.8, 1.1]
    /// The places that are shown.
    private static let placeCount = 6
    private static let costLimit = 15

    /// Looks at a model.
    ///
    /// - Parameters:
    ///   - test: The tokens of a text that it was not trained on; empty for none.
    ///   - history: The training's records, for the curves.
    ///   - command: The command that makes the model again; nil for none.
    public init(
        _ model: LanguageModel, test: [Int32], history: [TrainingRecord] = [], bestEpoch: Int? = nil, command: String? = nil
    ) throws(SettingsError) {
        self.model = model
        surprise = test.isEmpty ? nil : TextSurprise(model, tokens: test)
        parts = SequencePage(
            record: model.record, network: (model.summary, model.parameterCount), history: history, bestEpoch: bestEpoch, command: command)
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
        return model.writesTunes ? TuneBook.notation(of: text, number: 1, title: "Tune") : text
    }

    /// Writes the page, all or nothing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func write(to path: String) throws(FileError) { try FileSystem.write(Array(page().html().utf8), to: path) }

    /// The page: self-contained, light or dark as the reader likes it, for phones and desks.
    public func page() -> ReportPage {
        let record = model.record
        let unit = model.tokenizer.unit
        let piece = unit == .characters ? "character" : "piece"
        let heldOut = record.heldOut.isEmpty ? "." : ", measured on \(record.heldOut) held out."
        return parts.page(
            title: record.source, subtitle: "A model that writes \(model.writesTunes ? "tunes" : "on"), \(piece) by \(piece). Trained on \(record.trained)\(heldOut)",
            result: result, lossName: "nats per \(piece)", noun: unit.plural,
            sections: [ReportSection("What it writes", written), ReportSection("Where it is surprised", surprises)])
    }

    private var result: [ReportBlock] {
        let record = model.record
        guard let nats = record["nats_per_character"] else { return [SequencePage.untested] }
        var figures = [
            KeyFigure("nats per character", fixed(nats, 4), note: record["frequency_nats_per_character"].map { "by frequency alone: \(fixed($0, 4))" } ?? ""),
            KeyFigure("bits per character", fixed(nats / logarithm(2), 3), note: "what a character takes when compressed by it"),
        ]
        if let perplexity = record["perplexity"] { figures.append(KeyFigure("perplexity", fixed(perplexity, 2), note: "as uncertain as a choice among so many")) }
        return [.figures(figures), parts.allFigures]
    }

    private var written: [ReportBlock] {
        [.text("Each begins without a prompt. The lower the temperature, the more the probable is preferred; at 1 pieces are as frequent as the model holds them to be.")]
            + samples.map { .shaded(ShadedText([ShadedText.Piece($0.text)], caption: "Temperature \(shortNumber($0.temperature))")) }
    }

    private var surprises: [ReportBlock] {
        guard let surprise else { return [] }
        let places = surprise.places(count: Self.placeCount)
        let costs = surprise.costs(limit: Self.costLimit).map {
            [TextSurprise.visible($0.text), grouped($0.count), fixed($0.mean, 2), fixed($0.share * 100, 1) + "%"]
        }
        return [
            .text("The stronger the colour, the less the model expected what stands there after all that stands before it. Pointing at it shows what it expected instead."),
            .shaded(surprise.beginning),
            .text("The places where it was surprised most:"),
        ] + places.map { .shaded(surprise.passage(around: $0)) } + [
            .details("What costs most", [.table(ReportTable(columns: ["piece", "how often", "nats each", "part of the loss"], rows: costs))]),
        ]
    }
}

extension LanguageTraining {
    /// The report of a model that this training made.
    ///
    /// - Parameters:
    ///   - outcome: How the training ended, for the curves.
    ///   - command: The command that makes the model again.
    public func report(of model: LanguageModel, outcome: TrainingOutcome? = nil, command: String? = nil) throws(SettingsError) -> LanguageReport {
        try LanguageReport(model, test: test, history: outcome?.state.history ?? [], bestEpoch: outcome?.bestEpoch, command: command)
    }
}
