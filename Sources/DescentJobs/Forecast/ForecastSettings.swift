import DescentData

/// How to train a forecast. What is `nil` is chosen by the series.
public struct ForecastSettings: RecurrentJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    /// How the file is read, and which column is forecast.
    public var reading = TableReading()
    /// The column of the dates; `nil` to look for it, "none" to count rows.
    public var date: String?
    /// What becomes of rows of one date; `nil` to refuse them.
    public var duplicates: DuplicateDates?
    /// The columns that name the series of a file with several; `nil` to look for one where dates repeat.
    public var identity: [String]?
    /// The columns whose future values are known.
    public var known: [String]?
    /// The columns that are read at earlier steps; `nil` for the other columns of numbers.
    public var lagged: [String]?
    /// Whether features of the dates are read.
    public var usesCalendar: Bool?
    /// The levels of the intervals that predictions give as columns, in percent.
    public var levels: [String]?
    /// Whether simple methods share in the forecast beside the network.
    public var combines: Bool?
    /// The steps ahead.
    public var horizon: Int?
    /// The steps of the window that the network reads.
    public var window: Int?
    /// The steps after which the series' pattern repeats; 1 for none.
    public var season: Int?
    /// Whether to learn logarithms, as fits exponential growth.
    public var isLogarithmic: Bool?

    /// Everything chosen by the series.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "series", "season", "isLogarithmic", "window", "validationFraction"]

    public static let fields: [SettingField<Self>] = seriesFields + readingFields + recurrentFields

    private static let readingFields: [SettingField<Self>] = TableReading.fields.filter { ["target", "delimiter"].contains($0.option.name) }
        .map { $0.lifted(to: \Self.reading) }

    private static let seriesFields: [SettingField<Self>] = [
        .optional(
            "forecast", \.horizon, .whole, rule: SettingRule("1 to 10000") { (1...10_000).contains($0) }, key: "horizon", subject: "the number of steps to forecast",
            valueName: "steps", "Forecast the target, a series over time, this many steps ahead."),
        .optional("date", \.date, .text, valueName: "column", "Column of the dates, or none to count rows. Default: guessed."),
        .optional(
            "duplicates", \.duplicates, .choice, valueName: "rule",
            "Value of a date with several rows: \(DuplicateDates.allCases.map(\.rawValue).joined(separator: ", ")). Default: such rows are refused."),
        .optional(
            "series", \.identity, .texts, key: "series", valueName: "columns",
            "Columns that name the series, where the file has several. Default: guessed where dates repeat. Several targets (--target a,b) are a series each."),
        .optional(
            "known", \.known, .texts, valueName: "columns",
            "Columns whose future values are known, such as promotions: predict reads them in rows without a target, in the same file or a second one."),
        .optional(
            "lagged", \.lagged, .texts, valueName: "columns",
            "Columns read at earlier steps only, or none. Default: the other columns of numbers, where they are at most 8."),
        .toggle("calendar", \.usesCalendar, key: "usesCalendar", "Whether to read features of the dates: weekday, time of the year, length of the month. Default: no."),
        .optional(
            "levels", \.levels, .texts, rule: SettingRule("percentages between 0 and 100, such as 80,95") { $0.allSatisfy { level in Double(level).map { $0 > 0 && $0 < 100 } ?? false } },
            subject: "the list of levels", valueName: "percent",
            "Levels of prediction intervals, such as 80,95: predict adds their bounds as columns. --json always has those of 80 and 95 %."),
        .toggle(
            "combine", \.combines, key: "combines",
            "Whether smoothing, autoregressions and others share in the forecast, weighed by their errors at earlier ends of the series. Default: yes."),
        .optional(
            "season", \.season, .whole, rule: SettingRule("1 to 100000 (1 for none)") { (1...100_000).contains($0) }, subject: "the season", valueName: "steps",
            "Period of the seasonal pattern in steps, 1 for none. Default: guessed."),
        .toggle("logarithm", \.isLogarithmic, key: "isLogarithmic", "Whether to learn logarithms. Default: guessed."),
        .optional(
            "window", \.window, .whole, rule: SettingRule("1 to 100000") { (1...100_000).contains($0) }, subject: "the window", valueName: "steps",
            "Steps of the window that the network reads. Default: by the series."),
    ]

    public func validateTogether() throws(SettingsError) { try run.requireValidationForPatience() }
}
