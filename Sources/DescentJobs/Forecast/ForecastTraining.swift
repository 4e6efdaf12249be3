import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A series made ready to learn a forecast from: what was chosen can be looked at before the run.
public struct ForecastTraining: JobTraining {
    /// The series.
    public let series: TimeSeries
    /// The settings, those that were chosen among them.
    public let settings: ForecastSettings
    /// The numbers to train on: all but the last `horizon`, which are held out (none where the test fraction is 0).
    public let training: [Double]
    /// How many windows are validated on: the last ones. None of the numbers that they forecast is forecast by those learned from.
    public let validationCount: Int
    private let scale: SeriesScale
    let test: [Double]

    /// Chooses what was not set.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a series that is too short.
    public init(_ series: TimeSeries, settings: ForecastSettings = ForecastSettings()) throws {
        try settings.validate()
        self.series = series
        var chosen = settings
        let horizon = settings.horizon ?? 12
        chosen.horizon = horizon
        chosen.run.testFraction = settings.testFraction ?? Self.testFraction
        let count = series.values.count - (chosen.run.testFraction == 0 ? 0 : horizon)
        training = Array(series.values.prefix(Swift.max(count, 0)))
        test = Array(series.values.dropFirst(training.count))
        chosen.isLogarithmic = settings.isLogarithmic ?? Self.growsByShares(training)
        if chosen.isLogarithmic!, let place = series.values.firstIndex(where: { $0 <= 0 }) {
            throw SettingsError("the series has \(series.values[place]) at \(series.label(place)), and logarithms are only of numbers above 0; use --no-logarithm")
        }
        let season = settings.season ?? Self.guessedSeason(training, series.step, isLogarithmic: chosen.isLogarithmic!)
        chosen.season = season
        let window = settings.window ?? Swift.max(4, Swift.min(Swift.max(2 * season, 24), 60, (training.count - season - horizon) / 3))
        chosen.window = window
        let samples = training.count - season - window - horizon + 1
        guard samples >= Self.fewestSamples else {
            throw DataError(
                file: series.file,
                "the series has \(series.values.count) numbers; to learn \(horizon) steps ahead with a season of \(season) and a window of \(window) it must have \(Self.fewestSamples - samples) more. Use a shorter --forecast, --season or --window"
            )
        }
        validationCount = try settings.run.validationCount(of: samples, noun: "windows")
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        if validationCount > 0, samples - validationCount - (horizon - 1) < Self.fewestSamples {
            throw SettingsError(
                "of \(samples) windows \(validationCount) would be validated on, and \(horizon - 1) lie between them and those learned from; too few are left. Hold back a smaller part (--validation-fraction), or do without patience"
            )
        }
        var defaults = ForecastSettings()
        (defaults.recurrent.cell, defaults.recurrent.hidden, defaults.recurrent.layers, defaults.recurrent.dropout) = (.gru, 32, 1, 0.1)
        (defaults.run.batchSize, defaults.run.learningRate, defaults.run.weightDecay, defaults.run.clipNorm) = (16, 3e-3, 0.1, 1)
        defaults.run.epochs = Swift.max(5, Swift.min(150, 20_000 / samples))
        self.settings = chosen.filled(from: defaults)
        scale = SeriesScale(fitting: training, horizon: horizon, season: season, window: window, isLogarithmic: chosen.isLogarithmic!)
    }

    /// Anything above 0: of a series the last `horizon` numbers are held out.
    public static let testFraction = 0.1
    private static let fewestSamples = 8

    /// Whether all numbers are above 0 and the highest is several times the lowest.
    private static func growsByShares(_ values: [Double]) -> Bool {
        guard values.allSatisfy({ $0 > 0 }), let low = values.min(), let high = values.max() else { return false }
        return high > 3 * low
    }

    /// The likely season that the series follows most clearly, 1 for none: by the autocorrelation of the numbers less their trend, which at
    /// a season's distance is high and half a season away from there is lower. (A series that only changes slowly is much like itself at any
    /// short distance.)
    private static func guessedSeason(_ values: [Double], _ step: SeriesStep, isLogarithmic: Bool) -> Int {
        let plain = values.map { isLogarithmic ? logarithm($0) : $0 }
        let count = Double(plain.count)
        let middle = (count - 1) / 2
        let mean = plain.reduce(0, +) / count
        let slope = plain.enumerated().reduce(0) { $0 + (Double($1.offset) - middle) * ($1.element - mean) } / (count * (count * count - 1) / 12)
        let rest = plain.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
        let variance = rest.reduce(0) { $0 + $1 * $1 }
        func correlation(_ distance: Int) -> Double {
            zip(rest, rest.dropFirst(distance)).reduce(0) { $0 + $1.0 * $1.1 } / variance * count / (count - Double(distance))
        }
        var best = (season: 1, clearness: 0.2)
        for season in step.likelySeasons where season >= 2 && values.count >= 3 * season && variance > 0 {
            let peak = correlation(season)
            let clearness = peak - correlation(season / 2)
            if peak > 0.3, clearness > best.clearness { best = (season, clearness) }
        }
        return best.season
    }

    /// In words: "1 GRU layer of 32".
    public var summary: String {
        let layers = settings.layers!
        return "\(layers) \(settings.cell!.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(settings.hidden!)" + (settings.dropout! > 0 ? ", dropout \(settings.dropout!)" : "")
    }

    /// The learned numbers.
    public var parameterCount: Int {
        ForecastNetwork.parameterCount(cell: settings.cell!, hidden: settings.hidden!, layers: settings.layers!, horizon: scale.horizon)
    }

    /// How many windows there are.
    private var windowCount: Int { training.count - scale.season - scale.window - scale.horizon + 1 }
    /// How many windows are learned from.
    public var sampleCount: Int { validationCount == 0 ? windowCount : windowCount - validationCount - (scale.horizon - 1) }

    public var noun: String { "windows" }
    public var lossName: String { "mean squared error, scaled" }
    public var validationNote: String? { validationCount == 0 ? nil : "the loss on the last \(grouped(validationCount)) training windows, held back" }

    public func plan(readsHeldOut: Bool) -> TrainingPlan<ForecastNetwork> {
        let z = training.map(scale.scaled)
        var windows: [Float] = [], naives: [Float] = [], targets: [Float] = []
        for end in scale.season + scale.window...z.count - scale.horizon {
            let (window, naive) = scale.inputs(z, end: end)
            windows += window
            naives += naive
            targets += scale.targets(z, end: end)
        }
        let all = [
            Tensor(windows, shape: [windowCount, scale.window, ForecastNetwork.features]), Tensor(naives, shape: [windowCount, scale.horizon]),
            Tensor(targets, shape: [windowCount, scale.horizon]),
        ]
        let source = Batches(all.map { $0[0..<sampleCount] }, size: settings.batchSize!, seed: settings.seed)
        let heldBack =
            validationCount == 0
            ? nil
            : Batches(
                all.map { $0[(windowCount - validationCount)..<windowCount] }, size: Self.validationBatch, seed: nil)
        let network = ForecastNetwork(
            cell: settings.cell!, hidden: settings.hidden!, layers: settings.layers!, horizon: scale.horizon, dropout: settings.dropout!)
        return TrainingPlan(
            network, on: source, fingerprint: series.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 200
        ) { network, batch in meanSquaredError(network(batch[0], naive: batch[1]), batch[2]) }
    }

    public func model(of network: ForecastNetwork, outcome: TrainingOutcome) -> Forecaster {
        var record = ModelRecord(
            source: series.file, settings: settings, trained: Quantity(training.count, "values"), heldOut: test.isEmpty ? nil : Quantity(test.count, "values"),
            outcome: outcome, fingerprint: series.fingerprint)
        let untested = Forecaster(network: network, scale: scale, target: series.name, date: series.dateName, record: record)
        if test.isEmpty { return untested }
        record.metrics = Self.metrics(answers(untested), truth: test)
        return Forecaster(network: network, scale: scale, target: series.name, date: series.dateName, record: record)
    }

    /// What was read, guessed and chosen.
    public var opening: [String] {
        let last = series.label(series.values.count - 1)
        var lines = [
            "Series \(series.name) of \(series.file): \(grouped(series.values.count)) values, \(series.label(0)) to \(last), \(series.distance)\(series.dateName == nil ? "" : " apart") (dates: \(series.dateName ?? "none"); --date changes it)."
        ]
        if !series.notes.isEmpty { lines.append("Rows: \(series.notes.joined(separator: "; ")).") }
        if let note = series.gapNote { lines.append("Gaps: \(note).") }
        let season = settings.season! > 1 ? "a season of \(settings.season!)" : "no season"
        lines.append(
            "Guessed unless set: \(season) (--season), \(settings.isLogarithmic! ? "exponential growth, so logarithms (--no-logarithm)" : "no logarithms (--logarithm)"), a window of \(settings.window!) (--window)."
        )
        let heldOut = test.isEmpty ? "none held out" : "the last \(settings.horizon!) values held out (--test-fraction 0 for none)"
        let validated = validationCount == 0 ? "" : "\(grouped(validationCount)) for validation, "
        lines.append(
            "Learning \(settings.horizon!) steps ahead from \(grouped(sampleCount)) windows, \(validated)\(heldOut); \(settings.run.lengthWords) in batches of \(settings.batchSize!), seed \(settings.seed)."
        )
        lines.append("Network: \(summary); \(grouped(parameterCount)) parameters (--cell, --hidden, --layers, --dropout).")
        return lines
    }

    /// The most windows that are validated on at once.
    private static let validationBatch = 1024

    /// The model's errors beside those of the naive forecasts.
    static func metrics(_ answers: [Answer], truth: [Double]) -> [Metric] {
        let hasShares = truth.allSatisfy { $0 != 0 }
        return answers.flatMap { answer in
            let errors = zip(answer.values, truth).map { Swift.abs($0 - $1) }
            let absolute = errors.reduce(0, +) / Double(truth.count)
            func name(_ metric: String) -> String { answer.name == "model" ? metric : answer.name + metric.prefix(1).uppercased() + metric.dropFirst() }
            guard hasShares else { return [Metric(name("meanAbsoluteError"), absolute, words: "\(answer.words): MAE \(fixed(absolute, 3))")] }
            let share = zip(errors, truth).reduce(0) { $0 + $1.0 / Swift.abs($1.1) } / Double(truth.count)
            return [
                Metric(name("mape"), share, words: "\(answer.words): MAPE \(fixed(share * 100, 2)) %, MAE \(fixed(absolute, 3))"),
                Metric(name("meanAbsoluteError"), absolute),
            ]
        }
    }
}

extension TimeSeries {
    /// Which series this is: a checksum.
    var fingerprint: String {
        var bytes: [UInt8] = []
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        return "xxh64:" + Checksum(bytes).hex
    }
}
