import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension Forecaster {
    /// The series of an input, by the columns that the model was trained on.
    private func series(_ input: JobInput) throws -> TimeSeries {
        var settings = record.settings
        settings.date = settings.date ?? date
        return try ForecastJob.series(input, target: input.reading.target ?? target, reading: input.reading, settings: settings)
    }

    /// The steps after the end of the series.
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let series = try series(request.input)
        let answers = try forecast(series).prefix(request.first).enumerated().map { step, value -> Answer in
            let label = series.label(series.values.count + step)
            var json = JSON.Object()
            json["date"] = .string(label)
            json["step"] = .integer(Int64(step + 1))
            json["prediction"] = .number(value)
            return Answer(cells: [label], values: ["\(Float(value))"], json: json)
        }
        return AnswerList(Array(answers), columns: [date ?? "row"], answerColumns: [target], notes: series.notes + (series.gapNote.map { [$0] } ?? []))
    }

    /// A series without its last values, whose forecast is compared with them.
    private func divided(_ series: TimeSeries) throws(DataError) -> (known: [Double], truth: [Double]) {
        let needed = neededCount + horizon
        if series.values.count < needed {
            throw DataError(file: series.file, "the series has \(series.values.count) values; a forecast and its comparison with the truth take \(needed)")
        }
        let known = Array(series.values.dropLast(horizon))
        if scale.isLogarithmic, let bad = known.suffix(neededCount).first(where: { $0 <= 0 }) {
            throw DataError(file: series.file, "the series has the value \(bad); the model learned logarithms, which exist only of values above 0")
        }
        return (known, Array(series.values.suffix(horizon)))
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let series = try series(input)
        let (known, truth) = try divided(series)
        let answers = ForecastTraining.answers(of: self, known: known, count: truth.count)
        let metrics = ForecastTraining.metrics(answers, truth: truth)
        let json: JSON = ["steps": .integer(Int64(truth.count)), "metrics": metrics.json]
        return JobEvaluation(
            heading: "The last \(truth.count) values of \(series.name) in \(series.file), forecast from those before them.",
            lines: metrics.compactMap { $0.words.map { "  " + $0 } }, json: json, fingerprint: series.fingerprint
        ) { ForecastReport(self, series, known: known.count, answers: answers).part() }
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let series = try series(input)
        _ = try divided(series)
        let z = series.values.map(scale.scaled)
        let ends = Array((neededCount...z.count - horizon).suffix(count))
        var windows: [Float] = [], naives: [Float] = [], targets: [Float] = []
        for end in ends {
            let (window, naive) = scale.inputs(z, end: end)
            windows += window
            naives += naive
            targets += scale.targets(z, end: end)
        }
        let x = Tensor(windows, shape: [ends.count, scale.window, ForecastNetwork.features]), naive = Tensor(naives, shape: [ends.count, horizon])
        let truth = Tensor(targets, shape: [ends.count, horizon])
        network.infer()
        let explanation = network.explain(running: { network(x, naive: naive) }) { meanSquaredError($0, truth) }
        var facts = JSON.Object()
        facts["file"] = .string(series.file)
        facts["windows"] = .integer(Int64(ends.count))
        facts["loss"] = "mean squared error"
        return JobExplanation(
            heading: "The last \(Quantity(ends.count, "windows")) of \(series.name) in \(series.file), through \(summary). Gradients are of the mean squared error of the scaled forecast.",
            explanation: explanation, facts: facts, sequence: sequence(of: series, z, end: ends[ends.count - 1]))
    }
}
