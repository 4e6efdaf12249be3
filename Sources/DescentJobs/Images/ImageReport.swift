import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a classifier of images: metrics, confusion matrix, calibration, and a sheet of the worst mistakes.
struct ImageReport {
    private let model: ImageClassifier
    private let evaluation: AnswerEvaluation?
    private let mistakes: [ImageTile]

    private static let mistakeLimit = 24

    /// Measures a model on images whose classes are known.
    ///
    /// - Parameters:
    ///   - labels: The class of each image, by its number among the model's.
    ///   - rows: Which of the images; empty for none.
    ///   - answers: The model's answers to these.
    init(_ model: ImageClassifier, _ images: LabelledImages, labels: [Int], rows: [Int], answers: [Prediction], baseline: Int) throws {
        self.model = model
        if rows.isEmpty {
            (evaluation, mistakes) = (nil, [])
            return
        }
        evaluation = AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: rows.map { labels[$0] }, classes: model.classes, baseline: baseline)
        let wrong = rows.indices.filter { answers[$0].label != labels[rows[$0]] }
        let worst = wrong.sorted { (answers[$1].probabilities[answers[$1].label], $0) < (answers[$0].probabilities[answers[$0].label], $1) }.prefix(Self.mistakeLimit)
        mistakes = try worst.map { place in
            let answer = answers[place], row = rows[place]
            let caption = "\(listed(model.classes[labels[row]])), not \(listed(model.classes[answer.label])) (\(fixed(Double(answer.probabilities[answer.label]) * 100, 0))%)"
            return ImagePictures.tile(try images.pixels(row), images.shape, caption: caption)
        }
    }

    func part() -> JobReport {
        let record = model.record
        var sections: [ReportSection] = []
        if let evaluation {
            sections.append(ReportSection("Right and wrong", ClassAnswers(evaluation: evaluation, noun: "images").blocks))
            let sheet = ImageSheet("Mistakes with the highest confidence: the true class, and the predicted one", tiles: mistakes)
            sections.append(ReportSection("The most confident mistakes", mistakes.isEmpty ? [.text("There are none: every answer was right.")] : [.picture(sheet)]))
        }
        let measured = evaluation.map { ", measured on \(Quantity($0.rows, "images"))." } ?? "."
        return JobReport(
            title: record.source, subtitle: "Classifies images of \(model.shape) into \(model.classes.count) classes. Trained on \(record.trained)\(measured)", result: result,
            sections: sections)
    }

    private var result: [ReportBlock] {
        guard let evaluation else { return [JobReport.untested] }
        let notes = [
            "accuracy": evaluation["baselineAccuracy"].map { "majority class: \(fixed($0, 4))" } ?? "", "balancedAccuracy": "mean of the classes' accuracies",
            "f1Macro": "mean of the classes' F1",
        ]
        let figures = ["accuracy", "balancedAccuracy", "f1Macro", "logLoss"].compactMap { name -> HeadlineMetric? in
            guard let metric = evaluation.metrics.first(where: { $0.name == name }) else { return nil }
            return HeadlineMetric(metric.title, metric.text, note: notes[name] ?? "")
        }
        return [.figures(figures), JobReport.allMetrics(evaluation.metrics)]
    }
}

extension ImageTraining {
    public func report(of model: ImageClassifier) throws -> JobReport {
        try ImageReport(
            model, images, labels: images.labels.map { Int($0) }, rows: split.test, answers: try model.predict(images, rows: split.test), baseline: frequentClass
        ).part()
    }
}
