import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentNN
import DescentTrain

/// Series made ready to learn a forecast from, one or several: what was chosen can be looked at before the run.
public struct ForecastTraining: JobTraining {
    /// The series; of several, the first.
    public var series: TimeSeries { all[0] }
    /// All series, at least one: a single network learns from them.
    public let all: [TimeSeries]
    /// The settings, those that were chosen among them.
    public let settings: ForecastSettings
    /// The numbers of the first series to train on: all but the last `horizon`, which are held out (none where the test fraction is 0).
    public var training: [Double] { trainings[0] }
    /// How many windows are validated on: the last ones. None of the numbers that they forecast is forecast by those learned from.
    public let validationCount: Int
    /// The numbers of each series to train on.
    let trainings: [[Double]]
    /// The numbers of each series that are held out.
    let tests: [[Double]]
    private let scales: [SeriesScale]
    private var scale: SeriesScale { scales[0] }
    /// What was guessed of the columns that name series.
    private let guess: String?
    private let identityNames: [String]
    private let targets: [String]
    /// What is read beside the values.
    let inputs: ForecastInputs
    /// The numbers beside each series.
    let covariates: [SeriesCovariates]
    private let isSeasonSet: Bool

    /// Chooses what was not set, for a single series.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a series that is too short.
    public init(_ series: TimeSeries, settings: ForecastSettings = ForecastSettings()) throws {
        try self.init([series], identityNames: [], targets: [series.name], columns: [], guess: nil, settings: settings)
    }

    /// Chooses what was not set.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` where all series are too short.
    public init(_ collection: SeriesCollection, settings: ForecastSettings = ForecastSettings()) throws {
        try self.init(
            collection.series, identityNames: collection.identityNames, targets: collection.targets, columns: collection.inputColumns, guess: collection.guess, settings: settings)
    }

    private init(
        _ all: [TimeSeries], identityNames: [String], targets: [String], columns: [SeriesInputColumn], guess: String?, settings: ForecastSettings
    ) throws {
        try settings.validate()
        (self.all, self.identityNames, self.targets, self.guess) = (all, identityNames, targets, guess)
        isSeasonSet = settings.season != nil
        var chosen = settings
        let horizon = settings.horizon ?? 12
        chosen.horizon = horizon
        // A model reads other files by the columns that name the series of this one.
        if !identityNames.isEmpty { chosen.identity = identityNames }
        chosen.run.testFraction = settings.testFraction ?? Self.testFraction
        let heldOut = chosen.run.testFraction == 0 ? 0 : horizon
        // Of several, one that has not more is too short to be tested.
        trainings = all.map { Array($0.values.prefix(all.count == 1 || $0.values.count > heldOut ? Swift.max($0.values.count - heldOut, 0) : $0.values.count)) }
        tests = zip(all, trainings).map { Array($0.values.dropFirst($1.count)) }
        let training = trainings.max { $0.count < $1.count }!
        inputs = ForecastInputs(columns, of: all, counts: trainings.map(\.count), usesCalendar: settings.usesCalendar ?? false)
        covariates = all.map { [inputs] in inputs.covariates(of: $0, steps: horizon) }
        chosen.isLogarithmic = settings.isLogarithmic ?? (all.allSatisfy { $0.values.allSatisfy { $0 > 0 } } && trainings.contains(where: Self.growsByShares))
        if chosen.isLogarithmic! {
            for series in all {
                guard let place = series.values.firstIndex(where: { $0 <= 0 }) else { continue }
                throw SettingsError("the series has \(series.values[place]) at \(series.label(place)), and logarithms are only of numbers above 0; use --no-logarithm")
            }
        }
        let plain = chosen.isLogarithmic! ? training.map(logarithm) : training
        let likely = all[0].step.likelySeasons
        // Where no calendar says how long a season may be, as in yearly series, a cycle is looked for.
        let season = settings.season ?? (training.isEmpty ? 1 : likely.isEmpty ? Seasons.cycle(in: plain) : Seasons.clearest(in: plain, among: likely))
        chosen.season = season
        let window = settings.window ?? Swift.max(4, Swift.min(Swift.max(2 * season, 24), 60, (training.count - season - horizon) / 3))
        chosen.window = window
        let samples = trainings.reduce(0) { $0 + Swift.max(0, $1.count - season - window - horizon + 1) }
        guard samples >= Self.fewestSamples else {
            throw DataError(
                file: all[0].file,
                "the \(all.count == 1 ? "series has" : "longest series has") \(all.map(\.values.count).max()!) numbers; to learn \(horizon) steps ahead with a season of \(season) and a window of \(window) it must have \(Self.fewestSamples - samples) more. Use a shorter --forecast, --season or --window"
            )
        }
        validationCount = try settings.run.validationCount(of: samples, noun: "windows")
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        if validationCount > 0, samples - validationCount - (horizon - 1) * all.count < Self.fewestSamples {
            throw SettingsError(
                "of \(samples) windows \(validationCount) would be validated on, and \((horizon - 1) * all.count) lie between them and those learned from; too few are left. Hold back a smaller part (--validation-fraction), or do without patience"
            )
        }
        var defaults = ForecastSettings()
        (defaults.recurrent.cell, defaults.recurrent.hidden, defaults.recurrent.layers, defaults.recurrent.dropout) = (.gru, 32, 1, 0.1)
        (defaults.run.batchSize, defaults.run.learningRate, defaults.run.weightDecay, defaults.run.clipNorm) = (16, 3e-3, 0.1, 1)
        defaults.run.epochs = Swift.max(5, Swift.min(150, 20_000 / samples))
        self.settings = chosen.filled(from: defaults)
        scales = trainings.map { SeriesScale(fitting: $0, horizon: horizon, season: season, window: window, isLogarithmic: chosen.isLogarithmic!) }
    }

    /// Anything above 0: of a series the last `horizon` numbers are held out.
    public static let testFraction = 0.1
    private static let fewestSamples = 8

    /// Whether all numbers are above 0 and the highest is several times the lowest.
    private static func growsByShares(_ values: [Double]) -> Bool {
        guard values.allSatisfy({ $0 > 0 }), let low = values.min(), let high = values.max() else { return false }
        return high > 3 * low
    }

    /// In words: "1 GRU layer of 32".
    public var summary: String {
        let layers = settings.layers!
        return "\(layers) \(settings.cell!.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(settings.hidden!)" + (settings.dropout! > 0 ? ", dropout \(settings.dropout!)" : "")
    }

    /// The learned numbers.
    public var parameterCount: Int {
        ForecastNetwork.parameterCount(
            cell: settings.cell!, hidden: settings.hidden!, layers: settings.layers!, horizon: scale.horizon, names: nameCount, columns: inputs.count, ahead: inputs.aheadCount)
    }

    /// How many names the network tells apart.
    private var nameCount: Int { all.count == 1 ? 0 : all.count }

    /// How many windows there are.
    private var windowCount: Int { trainings.indices.reduce(0) { $0 + windowCount(of: $1) } }
    /// How many windows a series has.
    private func windowCount(of place: Int) -> Int { Swift.max(0, trainings[place].count - scale.season - scale.window - scale.horizon + 1) }
    /// How many windows are learned from.
    public var sampleCount: Int { validationCount == 0 ? windowCount : windowCount - validationCount - (scale.horizon - 1) * all.count }

    public var noun: String { "windows" }
    public var lossName: String { "mean squared error, scaled" }
    public var validationNote: String? { validationCount == 0 ? nil : "the loss on the last \(grouped(validationCount)) training windows, held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<ForecastNetwork> {
        let network = ForecastNetwork(
            cell: settings.cell!, hidden: settings.hidden!, layers: settings.layers!, horizon: scale.horizon, names: nameCount, columns: inputs.count,
            ahead: inputs.aheadCount, dropout: settings.dropout!)
        // By the place of a window's end in its series, so that the last windows of all series are those held back.
        var ends: [(place: Int, end: Int)] = []
        for place in all.indices { for end in 0..<windowCount(of: place) { ends.append((place, scale.season + scale.window + end)) } }
        if all.count > 1 { ends.sort { (trainings[$0.place].count - $0.end, $0.place) > (trainings[$1.place].count - $1.end, $1.place) } }
        let scaled = zip(trainings, scales).map { $0.map($1.scaled) }
        var windows: [Float] = [], naives: [Float] = [], targets: [Float] = []
        for (place, end) in ends {
            let (window, naive) = scales[place].inputs(scaled[place], end: end, beside: covariates[place])
            windows += window
            naives += naive + network.name(place)
            targets += scales[place].targets(scaled[place], end: end)
        }
        let all = [
            Tensor(windows, shape: [windowCount, scale.window, network.features]), Tensor(naives, shape: [windowCount, network.extras]),
            Tensor(targets, shape: [windowCount, scale.horizon]),
        ]
        let source = Batches(all.map { $0[0..<sampleCount] }, size: settings.batchSize!, seed: settings.seed)
        let heldBack =
            validationCount == 0
            ? nil
            : Batches(
                all.map { $0[(windowCount - validationCount)..<windowCount] }, size: Self.validationBatch, seed: nil)
        return TrainingPlan(
            network, on: source, fingerprint: fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 200
        ) { network, batch in meanSquaredError(network(batch[0], naive: batch[1]), batch[2]) }
    }

    public func model(of network: ForecastNetwork, outcome: TrainingOutcome) -> Forecaster {
        var record = ModelRecord(
            source: series.file, settings: settings, trained: Quantity(trainings.reduce(0) { $0 + $1.count }, "values"),
            heldOut: tests.allSatisfy(\.isEmpty) ? nil : Quantity(tests.reduce(0) { $0 + $1.count }, "values"), outcome: outcome, fingerprint: fingerprint)
        let known = all.indices.map { place in
            let series = all[place]
            if settings.combines == false { return ForecastedSeries(identity: series.identity, target: series.name, scale: scales[place]) }
            return ForecastedSeries(
                trainings[place], beside: covariates[place], identity: series.identity, target: series.name, scale: scales[place], windowCount: windowCount, likelySeasons: series.step.likelySeasons,
                isSeasonSet: isSeasonSet)
        }
        let target = targets.joined(separator: ",")
        let untested = Forecaster(network: network, series: known, inputs: inputs, target: target, date: series.dateName, record: record)
        if tests.allSatisfy(\.isEmpty) { return untested }
        record.metrics = Self.metrics(untested, known: trainings, beside: covariates, truths: tests, of: all)
        return Forecaster(network: network, series: known, inputs: inputs, target: target, date: series.dateName, record: record)
    }

    /// Which series these are: a checksum.
    private var fingerprint: String { Self.fingerprint(of: all) }

    static func fingerprint(of all: [TimeSeries]) -> String {
        var bytes: [UInt8] = []
        for value in all.flatMap(\.values) { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        return "xxh64:" + Checksum(bytes).hex
    }

    /// What was read, guessed and chosen.
    public var opening: [String] {
        let longest = all.max { $0.values.count < $1.values.count }!, last = longest.label(longest.values.count - 1)
        let values = Set(all.map(\.values.count)).count == 1 ? grouped(series.values.count) : "\(grouped(all.map(\.values.count).min()!)) to \(grouped(longest.values.count))"
        let dates = "\(longest.label(0)) to \(last), \(series.distance)\(series.dateName == nil ? "" : " apart") (dates: \(series.dateName ?? "none"); --date changes it)"
        var lines: [String] = []
        if all.count == 1 {
            lines.append("Series \(series.name) of \(series.file): \(values) values, \(dates).")
        } else {
            let names = all.prefix(6).map(name).joined(separator: "; ") + (all.count > 6 ? " and \(all.count - 6) more" : "")
            lines.append("\(all.count) series of \(series.file): \(names). \(values) values each, \(dates).")
        }
        if let guess { lines.append("\(guess).") }
        for series in all {
            let start = all.count == 1 ? "" : "\(name(series)): "
            if !series.notes.isEmpty { lines.append("Rows: \(start)\(series.notes.joined(separator: "; ")).") }
            if let note = series.gapNote { lines.append("Gaps: \(start)\(note).") }
        }
        if let sentence = inputs.sentence { lines.append(sentence) }
        let season = settings.season! > 1 ? "a season of \(settings.season!)" : "no season"
        lines.append(
            "Guessed unless set: \(season) (--season), \(settings.isLogarithmic! ? "exponential growth, so logarithms (--no-logarithm)" : "no logarithms (--logarithm)"), a window of \(settings.window!) (--window)."
        )
        let heldOut = tests.allSatisfy(\.isEmpty) ? "none held out" : "the last \(settings.horizon!) values\(all.count > 1 ? " of each series" : "") held out (--test-fraction 0 for none)"
        let validated = validationCount == 0 ? "" : "\(grouped(validationCount)) for validation, "
        lines.append(
            "Learning \(settings.horizon!) steps ahead from \(grouped(sampleCount)) windows, \(validated)\(heldOut); \(settings.run.lengthWords) in batches of \(settings.batchSize!), seed \(settings.seed)."
        )
        lines.append("Network: \(summary); \(grouped(parameterCount)) parameters (--cell, --hidden, --layers, --dropout).")
        return lines
    }

    /// A series in words, among several: "north", "north, sales".
    private func name(_ series: TimeSeries) -> String { Self.name(series, among: all) }

    static func name(_ series: TimeSeries, among all: [TimeSeries]) -> String {
        (series.identity + (series.identity.isEmpty || Set(all.map(\.name)).count > 1 ? [series.name] : [])).joined(separator: ", ")
    }

    /// The most windows that are validated on at once.
    private static let validationBatch = 1024

    /// The model's errors beside those of the naive forecasts; of several series those of all together, then the model's of each.
    static func metrics(_ model: Forecaster, known: [[Double]], beside covariates: [SeriesCovariates], truths: [[Double]], of all: [TimeSeries]) -> [Metric] {
        let each = all.indices.filter { !truths[$0].isEmpty }.map { place in
            (series: all[place], truth: truths[place], answers: answers(of: model, known: known[place], beside: covariates[place], count: truths[place].count, place: model.place(of: all[place])))
        }
        guard let first = each.first else { return [] }
        // The size of a seasonal naive forecast's error within the values known, for each value to be forecast.
        func scales(_ place: Int) -> [Double] {
            let known = known[place], season = known.count > model.scale.season ? model.scale.season : 1
            let changes = zip(known, known.dropFirst(season)).map { Swift.abs($0 - $1) }
            return [Double](repeating: changes.reduce(0, +) / Double(Swift.max(changes.count, 1)), count: truths[place].count)
        }
        let places = all.indices.filter { !truths[$0].isEmpty }
        if each.count == 1 { return metrics(first.answers, truth: first.truth, scales: scales(places[0])) }
        let together = first.answers.indices.map { index in
            Answer(name: first.answers[index].name, words: first.answers[index].words, values: each.flatMap { $0.answers[index].values })
        }
        let own = zip(places, each).flatMap { place, entry in
            metrics([entry.answers[0]], truth: entry.truth, scales: scales(place)).map {
                Metric("\($0.name) of \(name(entry.series, among: all))", $0.value, words: $0.words.map { "  \(name(entry.series, among: all)) \($0)" })
            }
        }
        return metrics(together, truth: each.flatMap(\.truth), scales: places.flatMap(scales)) + own
    }

    /// The model's errors beside those of the naive forecasts: MAPE and sMAPE where all values have the same sign, and MASE (Hyndman and Koehler 2006) where
    /// the series is not constant.
    ///
    /// - Parameter scales: For each value, the mean absolute error of the seasonal naive forecast within the values known.
    package static func metrics(_ answers: [Answer], truth: [Double], scales: [Double]) -> [Metric] {
        let hasShares = truth.allSatisfy { $0 > 0 } || truth.allSatisfy { $0 < 0 }, count = Double(truth.count)
        return answers.flatMap { answer in
            let errors = zip(answer.values, truth).map { Swift.abs($0 - $1) }
            func name(_ metric: String) -> String { answer.name == "model" ? metric : answer.name + metric.prefix(1).uppercased() + metric.dropFirst() }
            let absolute = errors.reduce(0, +) / count, squared = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
            var found = [Metric(name("meanAbsoluteError"), absolute), Metric(name("rootMeanSquaredError"), squared)]
            var words = ["MAE \(fixed(absolute, 3))", "RMSE \(fixed(squared, 3))"]
            if hasShares {
                let share = zip(errors, truth).reduce(0) { $0 + $1.0 / Swift.abs($1.1) } / count
                let symmetric = zip(errors, zip(answer.values, truth)).reduce(0) { $0 + 2 * $1.0 / (Swift.abs($1.1.0) + Swift.abs($1.1.1)) } / count
                found.insert(contentsOf: [Metric(name("mape"), share), Metric(name("smape"), symmetric)], at: 0)
                words.insert(contentsOf: ["MAPE \(fixed(share * 100, 2)) %", "sMAPE \(fixed(symmetric * 100, 2)) %"], at: 0)
            }
            if scales.allSatisfy({ $0 > 0 }) {
                let scaled = zip(errors, scales).reduce(0) { $0 + $1.0 / $1.1 } / count
                found.append(Metric(name("mase"), scaled))
                words.append("MASE \(fixed(scaled, 3))")
            }
            found[0].words = "\(answer.words): \(words.joined(separator: ", "))"
            return found
        }
    }
}
