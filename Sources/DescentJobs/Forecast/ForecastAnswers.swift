import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension Forecaster {
    /// The series of an input, by the columns that the model was trained on.
    private func collection(_ input: JobInput) throws -> SeriesCollection {
        var settings = record.settings
        settings.date = settings.date ?? date
        return try ForecastJob.collection(input, target: input.reading.target ?? target, reading: input.reading, settings: settings, inputs: .columns(inputs.columns.map(\.column)))
    }

    /// The steps after the end of each series: a row for each step, with the names of its series, its date, and a number for each target.
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let collection = try collection(request.input), width = collection.targets.count
        var answers: [Answer] = []
        for first in stride(from: 0, to: collection.series.count, by: width) {
            let group = collection.series[first..<(first + width)], forecasts = try group.map { try forecast($0) }
            for step in 0..<horizon {
                let series = group[first], label = series.label(series.values.count + step)
                var json = JSON.Object()
                for (name, value) in zip(collection.identityNames, series.identity) { json[name] = .string(value) }
                json["date"] = .string(label)
                json["step"] = .integer(Int64(step + 1))
                if width == 1 {
                    json["prediction"] = .number(forecasts[0][step])
                } else {
                    for (name, values) in zip(collection.targets, forecasts) { json[name] = .number(values[step]) }
                }
                answers.append(Answer(cells: series.identity + [label], values: forecasts.map { "\(Float($0[step]))" }, json: json))
            }
        }
        let notes = collection.series.flatMap { series in
            (series.notes + (series.gapNote.map { [$0] } ?? [])).map { collection.series.count == 1 ? $0 : "\(ForecastTraining.name(series, among: collection.series)): \($0)" }
        }
        return AnswerList(
            Array(answers.prefix(request.first)), columns: collection.identityNames + [collection.series[0].dateName ?? "row"], answerColumns: collection.targets, notes: notes)
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
        let read = try collection(input).series, long = read.filter { $0.values.count >= neededCount + horizon }
        // Of several series those that are too short are left out, unless all are.
        let all = long.isEmpty ? read : long, parts = try all.map { try divided($0) }
        let covariates = all.map { inputs.covariates(of: $0, steps: 0) }
        let metrics = ForecastTraining.metrics(self, known: parts.map(\.known), beside: covariates, truths: parts.map(\.truth), of: all)
        let json: JSON = ["steps": .integer(Int64(horizon)), "metrics": metrics.json]
        let series = all[0], (known, truth) = parts[0]
        let subject = all.count == 1 ? series.name : "each of \(all.count) series"
        return JobEvaluation(
            heading: "The last \(truth.count) values of \(subject) in \(series.file), forecast from those before them.",
            lines: metrics.compactMap { $0.words.map { "  " + $0 } }, json: json, fingerprint: ForecastTraining.fingerprint(of: all)
        ) {
            let answers = ForecastTraining.answers(of: self, known: known, beside: covariates[0], count: truth.count, place: place(of: series))
            return ForecastReport(self, series, known: known.count, answers: answers).part()
        }
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let series = try collection(input).series[0]
        _ = try divided(series)
        let covariates = inputs.covariates(of: series, steps: 0), place = place(of: series), scale = self.series[place ?? 0].scale, z = series.values.map(scale.scaled)
        let ends = Array((neededCount...z.count - horizon).suffix(count))
        var windows: [Float] = [], naives: [Float] = [], targets: [Float] = []
        for end in ends {
            let (window, naive) = scale.inputs(z, end: end, beside: covariates)
            windows += window
            naives += naive + network.name(place)
            targets += scale.targets(z, end: end)
        }
        let x = Tensor(windows, shape: [ends.count, scale.window, network.features]), naive = Tensor(naives, shape: [ends.count, network.extras])
        let truth = Tensor(targets, shape: [ends.count, horizon])
        network.infer()
        let explanation = network.explain(running: { network(x, naive: naive) }) { meanSquaredError($0, truth) }
        var facts = JSON.Object()
        facts["file"] = .string(series.file)
        facts["windows"] = .integer(Int64(ends.count))
        facts["loss"] = "mean squared error"
        return JobExplanation(
            heading: "The last \(Quantity(ends.count, "windows")) of \(series.name) in \(series.file), through \(summary). Gradients are of the mean squared error of the scaled forecast.",
            explanation: explanation, facts: facts, sequence: sequence(of: series, place, z, beside: covariates, end: ends[ends.count - 1]))
    }
}
