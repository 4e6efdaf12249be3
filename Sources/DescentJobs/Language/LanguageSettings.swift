import DescentFormats

/// How to train a language model. What is `nil` is chosen by the text.
public struct LanguageSettings: TextNetworkSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    public var text = TokenSettings()
    public var model: TextNetworkKind?
    public var heads: Int?
    /// How many tokens before it each token of a transformer looks at, in each layer.
    public var memory: Int?
    /// The steps of a window: how far back-propagation through time reaches.
    public var window: Int?

    /// Everything chosen by the text.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "vocabulary", "validationFraction"]

    public static let fields: [SettingField<Self>] = networkFields + recurrentFields + tokenFields + [windowField, memoryField]

    private static let windowField: SettingField<Self> = .optional(
        "window", \.window, .whole, rule: SettingRule("1 to 100000") { (1...100_000).contains($0) }, subject: "the window", valueName: "steps",
        "Steps of a window: the length of truncated back-propagation through time. Default: 64.")

    private static let memoryField: SettingField<Self> = .optional(
        "memory", \.memory, .whole, rule: SettingRule("1 to 100000") { (1...100_000).contains($0) }, subject: "the memory", valueName: "tokens",
        "Tokens before it that each token of a transformer looks at, in each layer. Default: as many as a window has.")

    public func validateTogether() throws(SettingsError) {
        try validateNetwork(transformer: [("memory", memory != nil)], headUnit: 2)
        try run.requireValidationForPatience()
    }
}

extension RunSettings {
    /// Early stopping watches a validation loss.
    func requireValidationForPatience() throws(SettingsError) {
        if patience != nil, validationFraction == 0 {
            throw SettingsError("patience waits for a validation loss, and a validation fraction of 0 leaves none; use a larger --validation-fraction, or no --patience")
        }
    }
}
