import DescentCore
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a tagger: metrics, spans by type, words by tag, the worst sentences.
struct TagReport {
    private let model: Tagger
    private let evaluation: TagEvaluation?
    private static let shown = 20

    /// - Parameter evaluation: The answers to sentences whose tags are known; `nil` where there were none.
    init(_ model: Tagger, _ evaluation: TagEvaluation?) { (self.model, self.evaluation) = (model, evaluation) }

    func part() -> JobReport {
        let record = model.record
        guard let evaluation else { return JobReport(title: record.source, subtitle: "Tags words. Trained on \(record.trained).", result: [JobReport.untested]) }
        let metrics = evaluation.metrics
        func figure(_ name: String, _ title: String, _ note: String) -> HeadlineMetric? {
            metrics.first { $0.name == name }.map { HeadlineMetric(title, fixed($0.value, 4), note: note) }
        }
        let baseline = metrics.first { $0.name == "baselineAccuracy" }.map { "most frequent tag: \(fixed($0.value, 4))" } ?? ""
        let figures = [
            figure("accuracy", "accuracy by word", baseline), figure("f1", "F1 of whole spans", "as seqeval counts them"), figure("precision", "precision of spans", ""),
            figure("recall", "recall of spans", ""), figure("unseenAccuracy", "accuracy of unseen words", "\(grouped(evaluation.unseen.count)) words"),
        ]
        let types = evaluation.spans == nil ? [] : [ReportBlock.table(ReportTable(columns: TagEvaluation.typeColumns, rows: evaluation.typeRows))]
        return JobReport(
            title: record.source, subtitle: "Tags words. Trained on \(record.trained), measured on \(Quantity(evaluation.examples.count, "sentences")).",
            result: [.figures(figures.compactMap { $0 }), JobReport.allMetrics(metrics)],
            sections: [
                ReportSection("Spans by type", types), ReportSection("Words by tag", ClassAnswers(evaluation: evaluation.words, noun: "words").blocks),
                ReportSection("The worst sentences", worst(evaluation)),
            ])
    }

    private func worst(_ evaluation: TagEvaluation) -> [ReportBlock] {
        let examples = evaluation.worst(Self.shown)
        if examples.isEmpty { return [.text("There are none: every tag was right.")] }
        let rows = examples.map { ["\($0.sentence.line)", "\($0.wrong.count) of \($0.sentence.words.count)", $0.marked] }
        return [.table(ReportTable(columns: ["line", "words wrong", "sentence {right tag, not the predicted one}"], rows: rows, caption: "Sentences with the most wrong words"))]
    }
}
