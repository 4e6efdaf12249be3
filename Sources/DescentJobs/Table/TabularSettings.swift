import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// How to train on a table. The defaults are what did well on small and middling tables; each may be changed.
public struct TabularSettings: JobSettings {
    /// Settings of the run. Chosen if not set: test fraction 0.2, learning rate 0.003, weight decay by the steps, epochs and batch size by the number of
    /// rows.
    public var run = RunSettings()
    /// How the table is read, and which column is predicted.
    public var reading = TableReading()
    /// The task; `nil` to guess from the target.
    public var task: PredictionTask?
    /// Kinds of columns, by name or number, in place of the guessed ones.
    public var columns: [String: ColumnKind] = [:]
    /// What to do with a non-numeric cell in a numeric column.
    public var invalidCells = InvalidCells.reject
    /// The sizes of the hidden layers; empty for a linear model.
    public var hidden = [128, 128]
    /// An activation's name.
    public var activation = "gelu"
    /// Dropout rate of the hidden layers.
    public var dropout = 0.1
    /// Networks trained side by side, whose answers are averaged; `nil` to choose by the number of rows. Without a validation fraction each of
    /// several learns from all rows but a fold of its own, and is validated on that: so all rows are learned from, and all are validated on.
    public var members: Int?
    /// The most pieces that each column of numbers is cut into (`PiecewiseLinearEncoding`), 0 for none; `nil` to choose by the number of such columns.
    public var pieces: Int?
    /// The share of rows whose truth is to lie in an interval about the answer, for numbers; `nil` for no intervals.
    public var interval: Double?

    /// The defaults.
    public init() {}

    /// The defaults of the run.
    static let testFraction = 0.2, learningRate = 3e-3, weightDecay = 0.3

    public static let chosenByData: Set<String> = ["task", "epochs", "batchSize", "members", "pieces", "patience", "weightDecay"]

    public static let fields: [SettingField<Self>] = TableReading.fields.map { $0.lifted(to: \Self.reading) } + own

    private static let own: [SettingField<Self>] = [
        .optional("task", \.task, .choice, valueName: "task", "Task: binary, multiclass or regression. Default: guessed from the target."),
        columnField,
        .required(
            "invalid-cells", \.invalidCells, .choice, key: "oddCells", valueName: "rule", formerNames: ["odd-cells"],
            "Non-numeric cell in a numeric column: reject (an error) or missing. Default: reject."),
        .required(
            "hidden", \.hidden, .sizes, rule: SettingRule("at most 100 sizes of 1 to 100000") { $0.count <= 100 && $0.allSatisfy { (1...100_000).contains($0) } },
            subject: "the list of hidden layers", valueName: "sizes", "Sizes of the hidden layers, or none for a linear model. Default: 128,128."),
        .required(
            "activation", \.activation, .text, rule: SettingRule("one of \(activations.joined(separator: ", "))") { activations.contains($0) },
            subject: "the activation", valueName: "name", "Activation: \(activations.joined(separator: ", ")). Default: gelu."),
        .required(
            "dropout", \.dropout, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, subject: "the dropout", valueName: "rate",
            "Dropout rate of the hidden layers. Default: 0.1."),
        .optional(
            "members", \.members, .whole, rule: SettingRule("1 to 100") { (1...100).contains($0) }, subject: "the number of networks side by side", valueName: "count",
            "Networks trained side by side, whose answers are averaged (an ensemble). Default: 10 for 20 to 2000 rows, 6 up to 100000, otherwise 1."),
        .optional(
            "pieces", \.pieces, .whole, rule: SettingRule("0 to 256") { (0...256).contains($0) }, subject: "the number of pieces", valueName: "count",
            "Pieces that each column of numbers is cut into, so that the network can bend at their edges; 0 for none. Default: 16, from 2000 rows on 48, fewer where such columns are many, 0 beyond 100000 rows."
        ),
        .optional(
            "interval", \.interval, .number, rule: SettingRule("above 0 and below 1, 0.9 say") { $0 > 0 && $0 < 1 }, subject: "the level of the interval", valueName: "level",
            "For numbers: an interval about each answer that holds the truth of this share of rows, measured on rows not learned from (conformal). Default: none."),
    ]

    public func validateTogether() throws(SettingsError) {
        if reading.labels != nil, reading.delimiter != nil { throw SettingsError("--labels goes with IDX images, which have no delimiter; leave out --delimiter") }
    }

    private static let activations = Activation.all.map(\.name)

    /// `--column Age=category`, any number of times.
    private static let columnField = SettingField<Self>(
        option: SettingOption(
            name: "column", formerNames: [], valueName: "name=kind",
            help: "Kind of a column, where the guess is wrong: Age=category. Kinds: \(ColumnArgument.kinds). May be given several times.", choices: [], form: .list),
        key: "columns",
        write: { settings in
            if settings.columns.isEmpty { return .null }
            var kinds = JSON.Object()
            for name in settings.columns.keys.sorted() { kinds[name] = .string(settings.columns[name]!.rawValue) }
            return .object(kinds)
        },
        read: { (settings, json) throws(FormatError) in
            for (name, kind) in try json.members() {
                guard let known = ColumnKind(rawValue: try kind.string()) else { throw kind.error("is no kind of column that is known") }
                settings.columns[name] = known
            }
        },
        parse: { (settings, words) throws(SettingsError) in settings.columns = try ColumnArgument.kinds(words) },
        texts: { settings in settings.columns.keys.sorted().map { "\($0)=\(settings.columns[$0]!.rawValue)" } }, check: { (_) throws(SettingsError) in }, fill: { _, _ in })

    /// The networks for this many training rows, if no number was set: the more, the fewer rows there are, since there single networks differ most by
    /// chance and the best time to stop is hardest to tell. Pairs, of which one sees pieces and one the numbers alone.
    package static func automaticMembers(rows: Int) -> Int { rows < 20 || rows > 100_000 ? 1 : rows <= 2000 ? 10 : 6 }

    /// The batch size for this many training rows, if none was set.
    package static func automaticBatchSize(rows: Int) -> Int { rows <= 10_000 ? 32 : rows <= 100_000 ? 128 : 512 }

    /// The epochs for this many training rows in batches of a size, if none were set: 100, more where these are fewer than 1000 steps, fewer
    /// where they are more than 3 million rows. So a run takes seconds.
    package static func automaticEpochs(rows: Int, batchSize: Int) -> Int {
        let steps = Swift.max(1, (rows + batchSize - 1) / batchSize)
        return Swift.max(3, Swift.min(Swift.max(100, 1000 / steps), 3_000_000 / Swift.max(rows, 1)))
    }

    /// The weight decay for a run of this many steps, if none was set: each step takes its share away, so that without a limit long runs, which are those of many
    /// rows, would lose the most where there is the most to learn.
    package static func automaticWeightDecay(steps: Int) -> Double { weightDecay * Swift.min(1, 3000 / Double(Swift.max(steps, 1))) }

    /// The epochs after which a run that is validated stops, if no patience was set: a quarter of them all without a lower loss, since the falling learning rate may
    /// still lower a loss that has risen a little, and not one that has risen for so long.
    package static func automaticPatience(epochs: Int) -> Int { Swift.max(10, epochs / 4) }
}
