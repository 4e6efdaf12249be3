import DescentCore
import DescentData
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a model that translates: scores, the best and the worst translations, where it looked.
struct TranslationReport {
    private let model: Translator
    private let evaluation: TranslationEvaluation
    private static let shown = 12

    init(_ model: Translator, _ evaluation: TranslationEvaluation) { (self.model, self.evaluation) = (model, evaluation) }

    func part() -> JobReport {
        let record = model.record
        let figures = [
            HeadlineMetric("BLEU", fixed(evaluation.bleu.score, 1), note: "0 to 100; sacreBLEU's default"), HeadlineMetric("chrF", fixed(evaluation.chrF.score, 1), note: "0 to 100, by characters"),
            HeadlineMetric("exact match", "\(fixed(evaluation.exactMatch * 100, 1)) %", note: "of \(grouped(evaluation.examples.count)) sentences"),
            HeadlineMetric("nats per token", fixed(evaluation.lossPerToken, 3), note: "perplexity \(fixed(exponential(evaluation.lossPerToken), 1))"),
        ]
        let (best, worst) = evaluation.extremes(Self.shown)
        let pictures = model.translate((best + worst).prefix(4).map(\.sentence)).compactMap(\.attentionChart)
        return JobReport(
            title: record.source, subtitle: "Translates sentences. Trained on \(record.trained), measured on \(Quantity(evaluation.examples.count, "sentences")).",
            result: [.figures(figures), JobReport.allMetrics(evaluation.metrics)],
            sections: [
                ReportSection("Where the decoder looked", pictures.map { .picture($0) }),
                ReportSection("The best translations", best.isEmpty ? [] : [Self.table(best, "Sentences with the highest chrF")]),
                ReportSection("The worst translations", worst.isEmpty ? [] : [Self.table(worst, "Sentences with the lowest chrF")]),
            ])
    }

    private static func table(_ examples: [TranslationEvaluation.Example], _ caption: String) -> ReportBlock {
        .table(
            ReportTable(
                columns: ["sentence", "translation", "known", "chrF"], rows: examples.map { [$0.sentence, $0.answer, $0.references.joined(separator: " / "), fixed($0.score, 1)] },
                caption: caption))
    }
}

extension TranslationTraining {
    public func report(of model: Translator) -> JobReport {
        if testPairs.isEmpty { return JobReport(title: model.record.source, subtitle: "Translates sentences. Trained on \(model.record.trained).", result: [JobReport.untested]) }
        return TranslationReport(model, TranslationEvaluation(model, testPairs)).part()
    }
}
