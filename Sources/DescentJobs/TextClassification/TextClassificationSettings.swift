/// How to train a classifier of texts. What is `nil` is chosen by the texts.
public struct TextClassificationSettings: TextJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    public var text = TokenSettings()

    /// Everything chosen by the texts.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "vocabulary", "unit"]

    public static let fields: [SettingField<Self>] = recurrentFields + tokenFields

    public func validateTogether() throws(SettingsError) { try run.requireValidationForPatience() }
}
