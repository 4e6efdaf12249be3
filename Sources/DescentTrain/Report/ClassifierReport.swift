import DescentCore
import DescentData
import DescentFormats
import DescentPlot

/// What can be said of a classifier of texts and of its making, as a page to be looked at: figures, curves, what is taken for what, and the
/// mistakes that it was surest of.
public struct ClassifierReport {
    /// A text that the model got wrong.
    public struct Mistake: Equatable, Sendable {
        /// Where it stands, from 1: its line in the file, or in its class's file.
        public let line: Int
        /// The text.
        public let text: String
        /// The class that is right.
        public let truth: String
        /// The class that the model said.
        public let answer: String
        /// The probability that it gave its answer.
        public let confidence: Double
        /// The probability that it gave the truth.
        public let truthProbability: Double
    }

    /// The model.
    public let model: TextClassifier
    /// All figures of the texts; nil where there were none.
    public let evaluation: TabularEvaluation?
    /// The mistakes that the model was surest of, the surest first.
    public let mistakes: [Mistake]
    private let parts: SequencePage

    private static let mistakeLimit = 20
    /// More of a text is not shown.
    private static let textLimit = 160

    /// Measures a model on texts whose classes are known.
    ///
    /// - Parameters:
    ///   - rows: Which of the texts; best are those that the model was not trained on. Empty for none.
    ///   - baseline: The class that is answered without a model; nil for the most frequent of these rows.
    ///   - history: The training's records, for the curves.
    ///   - command: The command that makes the model again; nil for none.
    /// - Precondition: the texts' classes are the model's.
    public init(
        _ model: TextClassifier, _ texts: LabelledTexts, rows: [Int], baseline: Int? = nil, history: [TrainingRecord] = [], bestEpoch: Int? = nil,
        command: String? = nil
    ) {
        if texts.classes != model.classes { stop("ClassifierReport: the texts' classes are \(texts.classes), the model's \(model.classes).") }
        self.model = model
        parts = SequencePage(
            record: model.record, network: (model.summary, model.parameterCount), history: history, bestEpoch: bestEpoch, command: command)
        guard !rows.isEmpty else {
            (evaluation, mistakes) = (nil, [])
            return
        }
        let answers = model.predict(rows.map { texts.texts[$0] })
        let labels = rows.map { Int(texts.labels[$0]) }
        var counts = [Int](repeating: 0, count: model.classes.count)
        for label in labels { counts[label] += 1 }
        evaluation = TabularEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: model.classes,
            baseline: baseline ?? counts.indices.max { counts[$0] < counts[$1] }!)
        let wrong = rows.indices.filter { answers[$0].label != labels[$0] }.map { place in
            Mistake(
                line: texts.lines[rows[place]], text: texts.texts[rows[place]], truth: model.classes[labels[place]],
                answer: model.classes[answers[place].label], confidence: Double(answers[place].probabilities[answers[place].label]),
                truthProbability: Double(answers[place].probabilities[labels[place]]))
        }
        mistakes = Array(wrong.sorted { ($1.confidence, $0.line) < ($0.confidence, $1.line) }.prefix(Self.mistakeLimit))
    }

    /// Writes the page, all or nothing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func write(to path: String) throws(FileError) { try FileSystem.write(Array(page().html().utf8), to: path) }

    /// The page: self-contained, light or dark as the reader likes it, for phones and desks.
    public func page() -> ReportPage {
        let record = model.record
        let heldOut = record.heldOut.isEmpty ? "." : ", measured on \(record.heldOut) held out."
        var sections: [ReportSection] = []
        if let evaluation {
            sections.append(ReportSection("Right and wrong", ClassAnswers(evaluation: evaluation, noun: "texts").blocks))
            sections.append(ReportSection("The surest mistakes", mistakeBlocks))
        }
        return parts.page(
            title: record.source, subtitle: "Which of \(model.classes.count) classes a text is of. Trained on \(record.trained)\(heldOut)",
            result: result, lossName: "cross-entropy (nats)", noun: "texts", sections: sections)
    }

    private var result: [ReportBlock] {
        guard let evaluation else { return [SequencePage.untested] }
        let record = model.record
        let notes = [
            "accuracy": record["baseline_accuracy"].map { "one answer for all: \(fixed($0, 4))" } ?? "",
            "balancedAccuracy": "the mean over the classes, each counted alike", "f1Macro": "precision and recall in one, each class counted alike",
        ]
        let figures = ["accuracy", "balancedAccuracy", "f1Macro", "logLoss"].compactMap { name -> KeyFigure? in
            guard let metric = evaluation.metrics.first(where: { $0.name == name }) else { return nil }
            return KeyFigure(name == "balancedAccuracy" ? "macro accuracy" : metric.title, metric.text, note: notes[name] ?? "")
        }
        let rows = evaluation.metrics.map { [$0.title, $0.text] }
        var blocks: [ReportBlock] = [.figures(figures)]
        if let unseen = record.figures.first(where: { $0.name == "unseen_accuracy" }) { blocks.append(.text("\(record.heldOut) were held out; \(unseen.words).")) }
        return blocks + [.details("All figures", [.table(ReportTable(columns: ["figure", "value"], rows: rows))])]
    }

    private var mistakeBlocks: [ReportBlock] {
        if mistakes.isEmpty { return [.text("There are none: every answer was right.")] }
        let rows = mistakes.map { mistake in
            let text = mistake.text.count > Self.textLimit ? mistake.text.prefix(Self.textLimit - 1) + "…" : mistake.text
            return [text, mistake.truth, mistake.answer, fixed(mistake.confidence, 3), fixed(mistake.truthProbability, 3), grouped(mistake.line)]
        }
        return [.table(ReportTable(
            columns: ["text", "true", "taken for", "confidence", "probability of the truth", "line"], rows: rows,
            caption: "The wrong answers that the model held most probable"))]
    }
}

extension ClassifierTraining {
    /// The report of a model that this training made.
    ///
    /// - Parameters:
    ///   - outcome: How the training ended, for the curves.
    ///   - command: The command that makes the model again.
    public func report(of model: TextClassifier, outcome: TrainingOutcome? = nil, command: String? = nil) -> ClassifierReport {
        ClassifierReport(
            model, texts, rows: split.test, baseline: frequentClass, history: outcome?.state.history ?? [], bestEpoch: outcome?.bestEpoch,
            command: command)
    }
}
