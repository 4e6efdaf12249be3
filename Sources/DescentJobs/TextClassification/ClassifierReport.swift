import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a classifier of texts: metrics, confusion matrix, calibration, and the most confident mistakes.
public struct ClassifierReport<Model: TextAnswering> {
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
    public let model: Model
    /// All figures of the texts; nil where there were none.
    public let evaluation: AnswerEvaluation?
    /// The mistakes that the model was surest of, the surest first.
    public let mistakes: [Mistake]

    private static var mistakeLimit: Int { 20 }
    /// More of a text is not shown.
    private static var textLimit: Int { 160 }

    /// Measures a model on texts whose classes are known.
    ///
    /// - Parameters:
    ///   - labels: The class of each of the texts, by its number among the model's; those of the texts, where their classes are the model's.
    ///   - rows: Which of the texts; best are those that the model was not trained on. Empty for none.
    ///   - baseline: The class that is answered without a model; `nil` for the most frequent of these rows.
    public init(_ model: Model, _ texts: LabelledTexts, labels all: [Int]? = nil, rows: [Int], baseline: Int? = nil) {
        self.model = model
        guard !rows.isEmpty else {
            (evaluation, mistakes) = (nil, [])
            return
        }
        let answers = model.predict(rows.map { texts.texts[$0] })
        let labels = rows.map { row in all?[row] ?? Int(texts.labels[row]) }
        var counts = [Int](repeating: 0, count: model.classes.count)
        for label in labels { counts[label] += 1 }
        evaluation = AnswerEvaluation(
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

    /// The report's part.
    public func part() -> JobReport {
        let record = model.record
        var sections: [ReportSection] = []
        if let evaluation {
            sections.append(ReportSection("Right and wrong", ClassAnswers(evaluation: evaluation, noun: "texts").blocks))
            sections.append(ReportSection("The most confident mistakes", mistakeBlocks))
        }
        let measured = evaluation.map { ", measured on \(Quantity($0.rows, "texts"))." } ?? "."
        return JobReport(
            title: record.source, subtitle: "Classifies texts into \(model.classes.count) classes. Trained on \(record.trained)\(measured)", result: result,
            sections: sections)
    }

    private var result: [ReportBlock] {
        guard let evaluation else { return [JobReport.untested] }
        let record = model.record
        let notes = [
            "accuracy": evaluation["baselineAccuracy"].map { "majority class: \(fixed($0, 4))" } ?? "",
            "balancedAccuracy": "mean of the classes' accuracies", "f1Macro": "mean of the classes' F1",
        ]
        let figures = ["accuracy", "balancedAccuracy", "f1Macro", "logLoss"].compactMap { name -> HeadlineMetric? in
            guard let metric = evaluation.metrics.first(where: { $0.name == name }) else { return nil }
            return HeadlineMetric(metric.title, metric.text, note: notes[name] ?? "")
        }
        let rows = evaluation.metrics.map { [$0.title, $0.text] }
        var blocks: [ReportBlock] = [.figures(figures)]
        if let unseen = record.metrics.first(where: { $0.name == "unseenAccuracy" })?.words { blocks.append(.text(unseen + ".")) }
        return blocks + [.details("All metrics", [.table(ReportTable(columns: ["metric", "value"], rows: rows))])]
    }

    private var mistakeBlocks: [ReportBlock] {
        if mistakes.isEmpty { return [.text("There are none: every answer was right.")] }
        let rows = mistakes.map { mistake in
            let text = mistake.text.count > Self.textLimit ? mistake.text.prefix(Self.textLimit - 1) + "…" : mistake.text
            return [text, mistake.truth, mistake.answer, fixed(mistake.confidence, 3), fixed(mistake.truthProbability, 3), grouped(mistake.line)]
        }
        return [
            .table(
                ReportTable(
                    columns: ["text", "true", "predicted", "confidence", "probability of the true class", "line"], rows: rows,
                    caption: "Mistakes with the highest confidence"))
        ]
    }
}

extension ClassifierTraining {
    public func report(of model: TextClassifier) -> JobReport { ClassifierReport(model, texts, rows: split.test, baseline: frequentClass).part() }
}
