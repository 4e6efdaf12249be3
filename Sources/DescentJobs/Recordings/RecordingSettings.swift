import DescentData

/// What of a recurrent layer's outputs an answer is told from.
public enum RecordingPooling: String, CaseIterable, Sendable {
    /// The mean and the greatest of each output over the steps, and the last state.
    case all
    case mean, max, last
}

/// The order in which recurrent layers read the steps.
public enum ReadingDirection: String, CaseIterable, Sendable {
    /// From the first step to the last, as they come.
    case forward
    /// From both ends.
    case both
}

/// How to train a network that reads recordings. What is `nil` is chosen by the recordings.
public struct RecordingSettings: RecurrentJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    public var reading = TableReading()
    /// The filters of each convolution over time before the recurrent layers; 0 for none.
    public var filters: Int?
    public var direction: ReadingDirection?
    public var pooling: RecordingPooling?
    /// How many steps are averaged into one before the recurrent layers read them.
    public var window: Int?
    /// Of a table of all recordings: the column that tells them apart.
    public var id: String?
    /// Of a table: the column of the time.
    public var time: String?
    /// Whether an array is [recordings, channels, time].
    public var channelsFirst: Bool?
    /// Classes or numbers; `nil` to guess.
    public var task: RecordingTask?

    /// Everything chosen by the recordings.
    public init() {}

    /// The most steps of a window.
    static let longestWindow = 1000

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "window", "direction"]

    public static let fields: [SettingField<Self>] =
        recurrentFields
        + [
            .optional(
                "filters", \.filters, .whole, rule: SettingRule("0 to 1024") { (0...1024).contains($0) }, subject: "the number of filters", valueName: "count",
                "Filters of each convolution over time before the recurrent layers; 0 for none. Default: 64."),
            .optional("direction", \.direction, .choice, valueName: "name", "Reading direction of the recurrent layers: both or forward. Default: both."),
            .optional("pooling", \.pooling, .choice, valueName: "name", "Pooling of the steps: all (mean, max and last), mean, max or last. Default: all."),
            .optional(
                "window", \.window, .whole, rule: SettingRule("1 to \(longestWindow)") { (1...longestWindow).contains($0) }, subject: "the window", valueName: "steps",
                "Average this many steps into one after the first convolution. Default: 1 up to 160 steps, more for longer recordings."),
            .optional("id", \.id, .text, valueName: "column", "Of a table of all recordings: the column that tells them apart. Default: guessed by its name."),
            .optional("time", \.time, .text, valueName: "column", "Of a table of all recordings: the column of the time. Default: guessed by its name."),
            .toggle("channels-first", \.channelsFirst, "Whether an array is [recordings, channels, time], not [recordings, time, channels]. Default: time first."),
            .optional("task", \.task, .choice, valueName: "name", "Predict a class (classification) or a number (regression). Default: guessed."),
        ] + TableReading.fields.map { $0.lifted(to: \Self.reading) }

    public func validateTogether() throws(SettingsError) { try run.requireValidationForPatience() }
}

/// What is predicted of a recording.
public enum RecordingTask: String, CaseIterable, Sendable { case classification, regression }
