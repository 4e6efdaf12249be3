import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a model of recordings: metrics, which channel and which time mattered, examples of each class, and the worst answers.
struct RecordingReport {
    private let model: RecordingModel
    private let recordings: Recordings
    private let rows: [Int]
    private let answers: [[Prediction]]
    private let evaluation: AnswerEvaluation?

    private static let mistakeLimit = 20, classLimit = 12, examplesOfClass = 2, channelLimit = 6, barLimit = 30
    /// More steps than these are not drawn one by one.
    private static let pointLimit = 400

    /// Measures a model on recordings whose answers are known.
    ///
    /// - Parameters:
    ///   - recordings: Their answers counted as the model counts them.
    ///   - rows: Which of the recordings; empty for none.
    init(_ model: RecordingModel, _ recordings: Recordings, rows: [Int], baseline: Int?) {
        (self.model, self.recordings, self.rows) = (model, recordings, rows)
        answers = model.predict(rows.map { recordings.recordings[$0] })
        evaluation = rows.isEmpty ? nil : model.evaluation(of: answers, target: recordings.target, rows: rows, baseline: baseline)
    }

    func part() -> JobReport {
        let record = model.record, all = rows.isEmpty ? Array(recordings.recordings.indices) : rows
        let means = RecordingOcclusion(model: model).means(all.map { recordings.recordings[$0] })
        var sections: [ReportSection] = []
        if let evaluation {
            sections.append(ReportSection(model.answer.isNumber ? "Predicted and true" : "Right and wrong", answerBlocks(evaluation)))
        }
        sections.append(ReportSection("What mattered", importance(means)))
        sections.append(ReportSection("Examples", examples(all, shown: means.channels)))
        if evaluation != nil { sections.append(ReportSection(model.answer.isNumber ? "The largest errors" : "The most confident mistakes", mistakeBlocks)) }
        let measured = rows.isEmpty ? "." : ", measured on \(Quantity(rows.count, "recordings"))."
        return JobReport(
            title: record.source, subtitle: "\(model.description[0]) Trained on \(record.trained)\(measured)", result: result, sections: sections,
            configuration: [.table(ReportTable(columns: ["channel", "mean", "standard deviation"], rows: scaleRows, caption: "The channels of the training part"))])
    }

    private var scaleRows: [[String]] {
        model.channels.indices.prefix(200).map {
            let deviation = model.scale.deviations[$0]
            return [model.channels[$0], Metric.text(Double(model.scale.means[$0])), deviation == 0 ? "constant: not used" : Metric.text(Double(deviation))]
        }
    }

    private var result: [ReportBlock] {
        guard let evaluation else { return [JobReport.untested] }
        let notes = [
            "accuracy": evaluation["baselineAccuracy"].map { "majority class: \(fixed($0, 4))" } ?? "", "balancedAccuracy": "mean of the classes' accuracies",
            "f1Macro": "mean of the classes' F1", "rSquared": "1 is perfect, 0 is predicting the mean",
            "rootMeanSquareError": evaluation["baselineRootMeanSquareError"].map { "predicting the mean: \(Metric.text($0))" } ?? "",
        ]
        let names = model.answer.isNumber ? ["rSquared", "rootMeanSquareError", "meanAbsoluteError"] : ["accuracy", "balancedAccuracy", "f1Macro", "logLoss"]
        let figures = names.compactMap { name in
            evaluation.metrics.first { $0.name == name }.map { HeadlineMetric($0.title, $0.text, note: notes[name] ?? "") }
        }
        return [.figures(figures), JobReport.allMetrics(evaluation.metrics)]
    }

    private func answerBlocks(_ evaluation: AnswerEvaluation) -> [ReportBlock] {
        guard case .numbers(let truth) = recordings.target else { return ClassAnswers(evaluation: evaluation, noun: model.answer.isOfSteps ? "steps" : "recordings").blocks }
        return [
            .picture(
                Chart(
                    "Predicted against true", x: Axis("true"), y: Axis("predicted"),
                    marks: [.points(x: rows.map { truth[$0] }, y: answers.map { $0[0].number }), .slopedLine(slope: 1, intercept: 0, label: "perfect")]))
        ]
    }

    // MARK: - What mattered

    private func importance(_ means: (channels: [Double], tenths: [Double], count: Int)) -> [ReportBlock] {
        let order = means.channels.indices.sorted { (means.channels[$1], $0) < (means.channels[$0], $1) }, quantity = RecordingOcclusion(model: model).quantity
        let channels = Chart(
            "By channel", x: Axis(quantity, includesZero: true),
            marks: [.bars(order.prefix(Self.barLimit).map { means.channels[$0] }, categories: order.prefix(Self.barLimit).map { listed(model.channels[$0]) }, direction: .horizontal)])
        let times = Chart(
            "By time", x: Axis("tenth of the recording"), y: Axis(quantity, includesZero: true), marks: [.bars(means.tenths, categories: (1...means.tenths.count).map { "\($0)" })])
        return [
            .pictures([channels, times]),
            .text(
                "Occlusion: a channel, or all channels in a tenth of the time, is replaced by its mean (Zeiler and Fergus 2014); mean of \(Quantity(means.count, "recordings")). Of channels that say the same, each looks unimportant."
            ),
            .details("All channels", [.table(ReportTable(columns: ["channel", quantity], rows: order.map { [model.channels[$0], fixed(means.channels[$0], 4)] }))]),
        ]
    }

    // MARK: - Examples

    /// Recordings of each class, or those with the least and the greatest numbers, drawn by the channels that matter most.
    private func examples(_ rows: [Int], shown effects: [Double]) -> [ReportBlock] {
        let order = effects.indices.sorted { (effects[$1], $0) < (effects[$0], $1) }.prefix(Self.channelLimit).sorted()
        var charts: [Chart] = []
        switch recordings.target {
        case .classes(let names, let labels):
            for (label, name) in names.enumerated().prefix(Self.classLimit) {
                for row in rows.lazy.filter({ labels[$0] == label }).prefix(Self.examplesOfClass) { charts.append(chart(row, title: "\(listed(name)): \(recordings.recordings[row].name)", order)) }
            }
        case .numbers(let numbers):
            let sorted = rows.sorted { numbers[$0] < numbers[$1] }, ends = sorted.count <= 4 ? sorted : Array(sorted.prefix(2)) + Array(sorted.suffix(2))
            charts = ends.map { chart($0, title: "\(Metric.text(numbers[$0])): \(recordings.recordings[$0].name)", order) }
        case .stepClasses, .none: charts = rows.prefix(4).map { chart($0, title: recordings.recordings[$0].name, order) }
        }
        let which = order.count == effects.count ? "all channels" : "the \(order.count) channels that matter most"
        return [
            .picture(ChartGrid("", charts: charts, minimumWidth: 300)),
            .text("Drawn: \(which), each scaled by its mean and standard deviation in training; gaps are missing steps."),
        ]
    }

    private func chart(_ row: Int, title: String, _ channels: [Int]) -> Chart {
        let recording = recordings.recordings[row], width = model.channels.count, stride = (recording.steps + Self.pointLimit - 1) / Self.pointLimit
        let steps = Swift.stride(from: 0, to: recording.steps, by: stride).map { $0 }
        let marks = channels.map { channel in
            let deviation = model.scale.deviations[channel] == 0 ? 1 : model.scale.deviations[channel]
            return Mark.line(
                x: steps.map { Double($0 + 1) }, y: steps.map { Double((recording.values[$0 * width + channel] - model.scale.means[channel]) / deviation) },
                name: listed(model.channels[channel]))
        }
        return Chart(title, x: Axis("step"), y: Axis(""), marks: marks)
    }

    // MARK: - Mistakes

    private var mistakeBlocks: [ReportBlock] {
        let table: ReportTable
        switch recordings.target {
        case .classes(_, let labels):
            let wrong = rows.indices.filter { answers[$0][0].label != labels[rows[$0]] }
            func confidence(_ place: Int) -> Float { answers[place][0].probabilities[answers[place][0].label] }
            let worst = wrong.sorted { (confidence($1), $0) < (confidence($0), $1) }.prefix(Self.mistakeLimit)
            table = ReportTable(
                columns: ["recording", "true", "predicted", "confidence", "probability of the true class"],
                rows: worst.map { place in
                    let row = rows[place], own = answers[place][0]
                    return [
                        recordings.recordings[row].name, model.classes[Int(labels[row])], model.classes[own.label], fixed(Double(confidence(place)), 3),
                        fixed(Double(own.probabilities[Int(labels[row])]), 3),
                    ]
                }, caption: "Mistakes with the highest confidence")
        case .numbers(let truth):
            func error(_ place: Int) -> Double { answers[place][0].number - truth[rows[place]] }
            let worst = rows.indices.sorted { (Swift.abs(error($1)), $0) < (Swift.abs(error($0)), $1) }.prefix(Self.mistakeLimit)
            table = ReportTable(
                columns: ["recording", "true", "predicted", "error"],
                rows: worst.map { [recordings.recordings[rows[$0]].name, Metric.text(truth[rows[$0]]), Metric.text(answers[$0][0].number), Metric.text(error($0))] })
        case .stepClasses(_, let labels):
            func wrong(_ place: Int) -> Int { zip(answers[place], labels[rows[place]]).count { $0.label != Int($1) } }
            let worst = rows.indices.filter { wrong($0) > 0 }.sorted { (wrong($1), $0) < (wrong($0), $1) }.prefix(Self.mistakeLimit)
            table = ReportTable(
                columns: ["recording", "steps", "wrong"], rows: worst.map { [recordings.recordings[rows[$0]].name, grouped(answers[$0].count), grouped(wrong($0))] },
                caption: "Recordings with the most wrong steps")
        case .none: return []
        }
        return table.rows.isEmpty ? [.text("There are none: every answer was right.")] : [.table(table)]
    }
}

extension RecordingTraining {
    public func report(of model: RecordingModel) -> JobReport { RecordingReport(model, recordings, rows: testRows, baseline: baseline).part() }
}
