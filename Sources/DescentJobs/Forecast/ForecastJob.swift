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
        let inputs = SeriesInputChoice.named(known: settings.known ?? [], lagged: settings.lagged)
        return try ForecastTraining(collection(input, target: settings.reading.target, reading: settings.reading, settings: settings, inputs: inputs), settings: settings)
    }

    /// The series of an input, of which there may be several. A second file has rows that come after those of the first.
    ///
    /// - Parameters:
    ///   - settings: How its rows become a series.
    ///   - inputs: The columns that are read beside the target.
    /// - Throws: `SettingsError` where no column is known.
    static func collection(
        _ input: JobInput, target: String?, reading: TableReading, settings: ForecastSettings, inputs: SeriesInputChoice
    ) throws -> SeriesCollection {
        if input.paths.count > 2 { throw SettingsError("a series is in one file, and what is known of its future in a second one; \(input.paths[2]) is too much") }
        let table = try reading.table(input.path)
        guard let target else {
            throw SettingsError("which column is to be forecast? Say --target and one of: \(table.names.joined(separator: ", "))")
        }
        func series(_ table: Table) throws -> SeriesCollection {
            try SeriesCollection(table, target: target, date: settings.date, identity: settings.identity, duplicates: settings.duplicates, inputs: inputs)
        }
        if input.paths.count == 1 { return try series(table) }
        // What is wrong in the first file is said of it alone.
        _ = try series(table)
        let future = try reading.table(input.paths[1])
        do {
            return try series(table.followed(by: future))
        } catch let error as DataError {
            let line = error.line.flatMap { $0 > table.rowCount ? future.line(ofRow: $0 - table.rowCount - 1) : nil }
            throw DataError(file: input.paths[1], line: line, column: error.column, error.reason)
        }
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
