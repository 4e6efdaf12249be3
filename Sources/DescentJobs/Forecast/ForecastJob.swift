import DescentData
import DescentTrain

/// A forecast of a series: its next values.
public enum ForecastJob: Job {
    public static let name = "forecast"
    public static let title = "Forecasts"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        input.options.contains("forecast") ? Recognition(.certain, "a series to forecast") : nil
    }

    public static func training(_ input: JobInput, settings: ForecastSettings) throws -> ForecastTraining {
        try ForecastTraining(collection(input, target: settings.reading.target, reading: settings.reading, settings: settings), settings: settings)
    }

    /// The series of an input, of which there may be several.
    ///
    /// - Parameter settings: How its rows become a series.
    /// - Throws: `SettingsError` where no column is known.
    static func collection(_ input: JobInput, target: String?, reading: TableReading, settings: ForecastSettings) throws -> SeriesCollection {
        let table = try reading.table(try input.onlyPath(for: "a series"))
        guard let target else {
            throw SettingsError("which column is to be forecast? Say --target and one of: \(table.names.joined(separator: ", "))")
        }
        return try SeriesCollection(table, target: target, date: settings.date, identity: settings.identity, duplicates: settings.duplicates)
    }

    public static var searchSpace: SearchSpace<ForecastSettings> {
        SearchSpace(dimensions: [
            .init("cell", text: { $0.recurrent.cell?.rawValue ?? "default" }) { settings, random in settings.recurrent.cell = [.gru, .lstm][random.index(2)] },
            .init("hidden", scale: .log, text: { $0.recurrent.hidden.map { "\($0)" } ?? "default" }, number: { $0.recurrent.hidden.map(Double.init) }) { settings, random in
                settings.recurrent.hidden = [8, 16, 32, 64][random.index(4)]
            },
            .init("dropout", text: { $0.recurrent.dropout.map { "\($0)" } ?? "default" }, number: { $0.recurrent.dropout }) { settings, random in
                settings.recurrent.dropout = (random.share() * 0.5 * 100).rounded() / 100
            },
            .learningRate(1e-3...1e-2, default: nil), .weightDecay(1e-3...1, default: nil),
        ])
    }
}
