import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A series made ready to learn a forecast from: what was chosen can be looked at before the run.
public struct ForecastTraining {
    /// The series.
    public let series: TimeSeries
    /// The settings, those that were chosen among them.
    public let settings: SequenceSettings
    /// The numbers to train on: all but the last `horizon`, which are held out (none where the test fraction is 0).
    public let training: [Double]
    /// How many windows are validated on: the last ones. None of the numbers that they forecast is forecast by those learned from.
    public let validationCount: Int
    private let scale: SeriesScale
    let test: [Double]

    /// Chooses what was not set.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a series that is too short.
    public init(_ series: TimeSeries, settings: SequenceSettings = SequenceSettings()) throws {
        try settings.validate()
        self.series = series
        var chosen = settings
        let horizon = settings.horizon ?? 12
        chosen.horizon = horizon
        chosen.testFraction = settings.testFraction ?? Self.testFraction
        let count = series.values.count - (chosen.testFraction == 0 ? 0 : horizon)
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
                "the series has \(series.values.count) numbers; to learn \(horizon) steps ahead with a season of \(season) and a window of \(window) it must have \(Self.fewestSamples - samples) more. Use a shorter --forecast, --season or --window")
        }
        validationCount = try settings.validationCount(of: samples, noun: "windows")
        chosen.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : SequenceSettings.patienceFraction)
        if validationCount > 0, samples - validationCount - (horizon - 1) < Self.fewestSamples {
            throw SettingsError(
                "of \(samples) windows \(validationCount) would be validated on, and \(horizon - 1) lie between them and those learned from; too few are left. Hold back a smaller part (--validation-fraction), or do without patience")
        }
        var defaults = SequenceSettings()
        (defaults.cell, defaults.hidden, defaults.layers, defaults.dropout) = (.gru, 32, 1, 0.1)
        (defaults.batchSize, defaults.learningRate, defaults.weightDecay, defaults.clipNorm) = (16, 3e-3, 0.1, 1)
        defaults.epochs = Swift.max(5, Swift.min(150, 20_000 / samples))
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

    /// Trains a network, and measures it on the end of the series.
    ///
    /// - Parameters:
    ///   - checkpointing: where the run is saved, and taken up if it was saved there before.
    ///   - shouldStop: asked after each step: `true` saves the run and ends it with a `TrainingInterruption`.
    public func run(
        checkpointing: Checkpointing? = nil, observers: [any TrainingObserver] = [], shouldStop: @escaping () -> Bool = { false }
    ) throws -> Forecaster {
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
        let source = ExampleBatches(all.map { $0[0..<sampleCount] }, batchSize: settings.batchSize!, seed: settings.seed)
        let heldBack = validationCount == 0 ? nil : ExampleBatches(
            all.map { $0[(windowCount - validationCount)..<windowCount] }, batchSize: Self.validationBatch, seed: nil)
        let network = ForecastNetwork(
            cell: settings.cell!, hidden: settings.hidden!, layers: settings.layers!, horizon: scale.horizon, dropout: settings.dropout!)
        var bytes: [UInt8] = []
        for value in series.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        let fingerprint = "xxh64:" + Checksum(bytes).hex
        let run = SequenceRun(settings: settings, fingerprint: fingerprint, checkpointing: checkpointing, observers: observers, shouldStop: shouldStop)
        let outcome = try run.fit(network, on: source, validation: heldBack.map { SequenceValidation(on: $0, of: source) }) { network, batch in
            meanSquaredError(network(batch[0], naive: batch[1]), batch[2])
        }

        var record = SequenceRecord(
            source: series.file, settings: settings, trained: "\(grouped(training.count)) numbers",
            heldOut: test.isEmpty ? "" : "the last \(test.count) numbers", trainingLoss: outcome.loss, fingerprint: fingerprint)
        record.settings.epochs = outcome.state.epoch
        (record.settings.minutes, record.settings.steps) = (nil, nil)
        let untested = Forecaster(network: network, scale: scale, target: series.name, date: series.dateName, record: record)
        if test.isEmpty { return untested }
        record.figures = figures(untested)
        return Forecaster(network: network, scale: scale, target: series.name, date: series.dateName, record: record)
    }

    /// The most windows that are validated on at once.
    private static let validationBatch = 1024

    /// The model's errors beside those of answers that need no model.
    private func figures(_ model: Forecaster) -> [SequenceRecord.Figure] {
        let hasShares = test.allSatisfy { $0 != 0 }
        return answers(model).flatMap { answer in
            let (name, words) = (answer.name, answer.words)
            let errors = zip(answer.values, test).map { Swift.abs($0 - $1) }
            let absolute = errors.reduce(0, +) / Double(test.count)
            let prefix = name == "model" ? "" : name + "_"
            guard hasShares else { return [SequenceRecord.Figure(prefix + "mean_absolute_error", absolute, "\(words): mean absolute error \(fixed(absolute, 3))")] }
            let share = zip(errors, test).reduce(0) { $0 + $1.0 / Swift.abs($1.1) } / Double(test.count)
            return [
                SequenceRecord.Figure(prefix + "mape", share, "\(words): off by \(fixed(share * 100, 2)) % on average (MAPE), \(fixed(absolute, 3)) in numbers"),
                SequenceRecord.Figure(prefix + "mean_absolute_error", absolute, ""),
            ]
        }
    }
}
