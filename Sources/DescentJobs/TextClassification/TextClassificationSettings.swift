/// How to train a classifier of texts. What is `nil` is chosen by the texts.
public struct TextClassificationSettings: TextJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    public var text = TokenSettings()
    /// What tells the classes apart; `nil` for the recurrent network that these settings are of.
    public var model: TextClassifierKind?
    /// The column of the classes, where there are columns; `nil` to guess.
    public var target: String?
    /// The column of the texts, where there are columns; `nil` to guess.
    public var textColumn: String?

    /// Everything chosen by the texts.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "vocabulary", "unit"]

    public static let fields: [SettingField<Self>] =
        recurrentFields + tokenFields + [
            .optional("model", \.model, .choice, valueName: "name", "What tells the classes apart: ngrams or recurrent. Default: ngrams, or recurrent with an option of networks."),
            .optional("target", \.target, .text, valueName: "column", "Column of the classes, by name or number. Default: guessed."),
            .optional("text-column", \.textColumn, .text, valueName: "column", "Column of the texts, by name or number. Default: guessed."),
        ]

    public func validateTogether() throws(SettingsError) {
        if model == .ngrams { throw SettingsError("--model ngrams is fitted by a solver, and has none of the options of networks, such as --cell or --epochs; leave them out") }
        try run.requireValidationForPatience()
    }
}
