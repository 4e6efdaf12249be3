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
        let asked = (record.settings.levels ?? []).compactMap(Double.init), usual = ForecastedSeries.usualLevels.filter { !asked.contains($0) }
        var answers: [Answer] = []
        for first in stride(from: 0, to: collection.series.count, by: width) {
            let group = collection.series[first..<(first + width)], answered = try group.map { try answer($0) }, forecasts = answered.map(\.values)
            // For each target and each level, both bounds at each step.
            let bounds = answered.map { answer in (asked + usual).map { level in answer.backtest?.interval(level / 100, about: answer.values) } }
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
                func intervals(_ target: Int) -> JSON? {
                    var object = JSON.Object()
                    for (level, bounds) in zip(asked + usual, bounds[target]) {
                        if let bounds { object[Self.text(level)] = .array([.number(bounds[step].lowerBound), .number(bounds[step].upperBound)]) }
                    }
                    return object.keys.isEmpty ? nil : .object(object)
                }
                if width == 1 {
                    json["intervals"] = intervals(0)
                } else {
                    var all = JSON.Object()
                    for (place, name) in collection.targets.enumerated() { all[name] = intervals(place) }
                    if !all.keys.isEmpty { json["intervals"] = .object(all) }
                }
                // Empty where a series is too short for intervals.
                let values = forecasts.enumerated().flatMap { place, values in
                    ["\(Float(values[step]))"]
                        + bounds[place].prefix(asked.count).flatMap { $0.map { ["\(Float($0[step].lowerBound))", "\(Float($0[step].upperBound))"] } ?? ["", ""] }
                }
                answers.append(Answer(cells: series.identity + [label], values: values, json: json))
            }
        }
        let notes = collection.series.flatMap { series in
            (series.notes + (series.gapNote.map { [$0] } ?? [])).map { collection.series.count == 1 ? $0 : "\(ForecastTraining.name(series, among: collection.series)): \($0)" }
        }
        return AnswerList(
            Array(answers.prefix(request.first)), columns: collection.identityNames + [collection.series[0].dateName ?? "row"],
            answerColumns: collection.targets.flatMap { target in [target] + asked.flatMap { ["\(target) lower \(Self.text($0))", "\(target) upper \(Self.text($0))"] } },
            notes: notes)
    }

    /// A level as it was written: "80", "99.5".
    private static func text(_ level: Double) -> String { level == level.rounded() ? "\(Int(level))" : "\(level)" }

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
        var json = JSON.Object()
        json["steps"] = .integer(Int64(horizon))
        json["metrics"] = metrics.json
        let tested = all.compactMap { series in place(of: series).flatMap { place in self.series[place].combination?.backtest.map { (series, $0) } } }
        json["earlierEnds"] = .array(
            tested.map { series, backtest -> JSON in
                var coverage = JSON.Object()
                for level in ForecastedSeries.usualLevels { coverage[Self.text(level)] = backtest.coverage(level / 100).map(JSON.number) }
                return [
                    "series": JSON(series.identity + [series.name]), "ends": .integer(Int64(backtest.count)),
                    "meanAbsoluteErrorByStep": .array(backtest.errors.map(JSON.number)), "seasonalNaiveByStep": .array(backtest.naiveErrors.map(JSON.number)),
                    "coverage": .object(coverage),
                ]
            })
        let series = all[0], truth = parts[0].truth
        let subject = all.count == 1 ? series.name : "each of \(all.count) series"
        return JobEvaluation(
            heading: "The last \(truth.count) values of \(subject) in \(series.file), forecast from those before them.",
            lines: metrics.compactMap { $0.words.map { "  " + $0 } }, json: .object(json), fingerprint: ForecastTraining.fingerprint(of: all)
        ) {
            let each = all.indices.map { index in
                ForecastReport(
                    self, all[index], known: parts[index].known.count,
                    answers: ForecastTraining.answers(of: self, known: parts[index].known, beside: covariates[index], count: parts[index].truth.count, place: place(of: all[index])))
            }
            return ForecastReport.part(each, metrics: metrics)
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
