import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentPlot
import DescentReports
import DescentTrain

/// The report's part about a forecaster: metrics, the forecast compared with the truth and with naive forecasts, errors by steps ahead, and the
/// next values.
public struct ForecastReport {
    /// The model.
    public let model: Forecaster
    /// Answers to what was held out, the model's first, then those that need no model.
    public let answers: [ForecastTraining.Answer]
    /// What comes after the series' end; empty where the model cannot say it.
    public let next: [Double]
    let series: TimeSeries
    /// How many numbers were known when the model made its forecast.
    private let known: Int

    /// - Parameters:
    ///   - answers: For the numbers after the first `known`; none where nothing was held out.
    package init(_ model: Forecaster, _ series: TimeSeries, known: Int, answers: [ForecastTraining.Answer]) {
        (self.model, self.series, self.known, self.answers) = (model, series, known, answers)
        // A 0 among the values held out has no logarithm; then there is no forecast after them.
        next = (try? model.forecast(series)) ?? []
    }

    /// What the pictures are of.
    var shownName: String { ([series.name] + series.identity).joined(separator: ", ") }
    var truth: [Double] { Array(series.values[known...]) }
    /// Errors are in percent where no truth is 0.
    private var isInShares: Bool { truth.allSatisfy { $0 != 0 } }
    private var unit: String { isInShares ? "error (%)" : "error" }

    /// Of each step ahead, without its sign.
    private func errors(_ answer: ForecastTraining.Answer) -> [Double] {
        zip(answer.values, truth).map { Swift.abs($0 - $1) / (isInShares ? Swift.abs($1) / 100 : 1) }
    }

    /// The report's part.
    public func part() -> JobReport {
        let record = model.record
        var sections: [ReportSection] = []
        if !answers.isEmpty {
            sections.append(ReportSection("Forecast and truth", forecast))
            sections.append(ReportSection("Errors by steps ahead", byStep))
        }
        if let tested = earlierEnds { sections.append(tested) }
        if !next.isEmpty { sections.append(ReportSection("Next values", following)) }
        if !model.details.isEmpty { sections.append(ReportSection("What shares in the forecast", [.text(model.details.joined(separator: " "))])) }
        let measured = answers.isEmpty ? "." : ", measured on the last \(truth.count) values."
        return JobReport(
            title: "\(shownName), from \(record.source)", subtitle: "Forecasts \(model.horizon) steps ahead. Trained on \(record.trained)\(measured)",
            result: result, sections: sections)
    }

    private var result: [ReportBlock] {
        if answers.isEmpty { return [JobReport.untested] }
        let figures = answers.map { answer in
            let mean = errors(answer).reduce(0, +) / Double(truth.count)
            let absolute = zip(answer.values, truth).reduce(0) { $0 + Swift.abs($1.0 - $1.1) } / Double(truth.count)
            let number = fixed(absolute, absolute >= 10 ? 1 : 3)
            let note = isInShares ? "MAPE; MAE \(number)" : "mean absolute error"
            return HeadlineMetric(answer.words, isInShares ? fixed(mean, 2) + "%" : number, note: note)
        }
        return [.figures(figures), .text("Errors of the model and of naive forecasts, for one forecast of \(truth.count) steps.")]
    }

    // MARK: - Pictures

    /// Where the number of an index stands: years where months are counted, else steps from the last number known.
    private func place(_ index: Int, from zero: Int) -> Double {
        series.step.unit == .month ? Double(series.first + index * series.step.count) / 12 : Double(index - zero)
    }

    private func axis(from zero: Int) -> Axis {
        Axis(series.step.unit == .month ? "year" : "steps after \(series.label(zero))")
    }

    /// Some of the numbers before an index: three seasons, where they leave the forecast large enough to be seen.
    private func past(before end: Int) -> Range<Int> {
        let season = model.scale.season
        let count = Swift.max(season > 1 && season <= 3 * model.horizon ? 3 * season : 0, 5 * model.horizon, 24)
        return Swift.max(0, end - count)..<end
    }

    private func line(_ values: [Double], at first: Int, from zero: Int, _ name: String, points: Bool = false, color: ChartColor? = nil) -> Mark {
        .line(
            x: values.indices.map { place(first + $0, from: zero) }, y: values, name: name, showsPoints: points, color: color,
            stroke: name == Self.modelName ? .solid : .series)
    }

    /// What the model is called among the lines.
    private static let modelName = "model"

    /// The same in each picture.
    private static func color(_ answer: String) -> ChartColor {
        switch answer {
        case "model": .series(1)
        case "naive": .series(3)
        default: .series(2)
        }
    }

    var forecast: [ReportBlock] {
        let past = past(before: known)
        var marks = [line(Array(series.values[past]) + [truth[0]], at: past.lowerBound, from: known - 1, "the series")]
        marks.append(line(truth, at: known, from: known - 1, "held out", points: true, color: .ink))
        marks += answers.map { line($0.values, at: known, from: known - 1, $0.shortWords, points: $0.name == "model", color: Self.color($0.name)) }
        marks.append(.verticalLine(at: place(known - 1, from: known - 1), label: "last known value"))
        let chart = Chart(shownName, x: axis(from: known - 1), y: Axis(series.name), marks: marks)
        let rows = truth.indices.map { step in
            [series.label(known + step), Metric.text(truth[step])] + answers.flatMap { [Metric.text($0.values[step]), Metric.text($0.values[step] - truth[step])] }
        }
        let columns = ["date", "truth"] + answers.flatMap { [$0.shortWords, "error"] }
        return [
            .picture(chart, caption: "The forecast was made without the held-out values."),
            .details("The numbers", [.table(ReportTable(columns: columns, rows: rows))]),
        ]
    }

    private var byStep: [ReportBlock] {
        let marks = answers.map { answer in Mark.line(errors(answer), from: 1, name: answer.shortWords, showsPoints: true, color: Self.color(answer.name)) }
        let chart = Chart("Errors by steps ahead", x: Axis("steps ahead"), y: Axis(unit, includesZero: true), marks: marks)
        let halves = truth.count >= 4 ? [(1, truth.count / 2), (truth.count / 2 + 1, truth.count)] : []
        let rows = halves.map { first, last in
            ["\(first) to \(last)"]
                + answers.map { answer in
                    let part = errors(answer)[(first - 1)..<last]
                    return fixed(part.reduce(0, +) / Double(part.count), 2)
                }
        }
        let table = ReportTable(columns: ["steps ahead"] + answers.map(\.shortWords), rows: rows, caption: "Mean \(unit)")
        return [.picture(chart)] + (rows.isEmpty ? [] : [.table(table)])
    }

    private var following: [ReportBlock] {
        let end = series.values.count
        let past = past(before: end)
        let chart = Chart(
            "\(series.identity.isEmpty ? "After" : "\(shownName), after") \(series.label(end - 1))", x: axis(from: end - 1), y: Axis(series.name),
            marks: [
                line(Array(series.values[past]), at: past.lowerBound, from: end - 1, "the series"),
                line([series.values[end - 1]] + next, at: end - 1, from: end - 1, Self.modelName, points: true, color: Self.color("model")),
            ])
        let rows = next.enumerated().map { [series.label(end + $0), Metric.text($1)] }
        return [
            .picture(chart, caption: known < end ? "The model reads the held-out values here, but has not learned from them." : nil),
            .details("The numbers", [.table(ReportTable(columns: ["date", series.name], rows: rows))]),
        ]
    }
}

extension ForecastTraining {
    /// Numbers said for what was held out.
    public struct Answer: Equatable, Sendable {
        /// For machines: "model", "naive", "seasonalNaive".
        public let name: String
        /// In words: "seasonal naive (repeats the last 12 values)".
        public let words: String
        /// A number for each step ahead.
        public let values: [Double]

        package init(name: String, words: String, values: [Double]) { (self.name, self.words, self.values) = (name, words, values) }

        /// The words without what stands in brackets.
        var shortWords: String { words.split(separator: " (").first.map(String.init) ?? words }
    }

    /// The model's forecast of what was held out, and the naive ones; none where nothing was held out.
    package func answers(_ model: Forecaster) -> [Answer] { tests[0].isEmpty ? [] : Self.answers(of: model, known: training, beside: covariates[0], count: tests[0].count) }

    /// The model's forecast after some values, and the naive ones.
    static func answers(of model: Forecaster, known: [Double], beside covariates: SeriesCovariates = .none, count: Int, place: Int? = 0) -> [Answer] {
        let last = known[known.count - 1]
        var answers = [
            Answer(name: "model", words: "model", values: Array(model.forecast(after: known, beside: covariates, of: place).prefix(count))),
            Answer(name: "naive", words: "naive (repeats the last value)", values: [Double](repeating: last, count: count)),
        ]
        // Of several series one may be shorter than a season.
        let season = model.scale.season, isShort = known.count < season
        if season > 1 {
            let seasonal = (0..<count).map { isShort ? last : known[known.count - season + $0 % season] }
            answers.append(Answer(name: "seasonalNaive", words: "seasonal naive (repeats the last \(season) values)", values: seasonal))
        }
        return answers
    }

    public func report(of model: Forecaster) -> JobReport {
        ForecastReport.part(
            all.indices.map { place in
                let answers = tests[place].isEmpty ? [] : Self.answers(of: model, known: trainings[place], beside: covariates[place], count: tests[place].count, place: place)
                return ForecastReport(model, all[place], known: trainings[place].count, answers: answers)
            }, metrics: model.record.metrics)
    }
}
