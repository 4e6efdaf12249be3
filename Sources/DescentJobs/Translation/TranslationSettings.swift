import DescentNN

/// How to train a network that translates. What is `nil` is chosen by the sentences.
public struct TranslationSettings: TextNetworkSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    public var text = TokenSettings()
    public var model: TextNetworkKind?
    public var heads: Int?
    /// How the decoder looks back at the source.
    public var attention: EncoderDecoderSizes.Attention?
    /// Whether the encoder reads from both ends.
    public var bidirectional: Bool?
    /// Whether what a step looked at is part of the next step's input.
    public var inputFeeding: Bool?
    /// The probability with which a training step reads the network's own answer.
    public var scheduledSampling = 0.0
    /// The share of each right token that is spread over all.
    public var labelSmoothing = 0.0
    /// The most tokens of a side; longer pairs are left out.
    public var longest: Int?
    /// Whether the second column is translated into the first.
    public var reversed: Bool?

    /// Everything chosen by the sentences.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "vocabulary", "unit"]

    public static let fields: [SettingField<Self>] =
        networkFields + recurrentFields + tokenFields + [
            .optional(
                "attention", \.attention, .choice, valueName: "name",
                "How the decoder looks back: additive (Bahdanau), multiplicative (Luong), or none: the encoder's last state alone. Default: additive."),
            .toggle("bidirectional", \.bidirectional, "Encoder that reads from both ends. Default: with attention."),
            .toggle("input-feeding", \.inputFeeding, "Feed what a step looked at to the next (multiplicative attention). Default: yes."),
            .required(
                "scheduled-sampling", \.scheduledSampling, .number, rule: SettingRule("0 to 1") { (0...1).contains($0) }, valueName: "probability",
                "Probability that a training step reads the network's own answer instead of the right token. Default: 0."),
            .required(
                "label-smoothing", \.labelSmoothing, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, valueName: "share",
                "Share of each right token's probability that is spread over all tokens. Default: 0."),
            .optional(
                "longest", \.longest, .whole, rule: SettingRule("1 to 10000") { (1...10_000).contains($0) }, subject: "the greatest length", valueName: "tokens",
                "Leave out pairs with more tokens on a side. Default: 100."),
            .toggle("reverse", \.reversed, key: "reverse", "Translate the second column into the first."),
        ]

    public func validateTogether() throws(SettingsError) {
        try run.requireValidationForPatience()
        try validateNetwork(recurrent: [
            ("attention", attention != nil), ("bidirectional", bidirectional != nil), ("input-feeding", inputFeeding != nil),
            ("scheduled-sampling", scheduledSampling != 0),
        ])
        if text.embedding == 0 { throw SettingsError("--embedding is 0; a network that translates has embeddings of at least 1") }
        if inputFeeding == true, let attention, attention != .multiplicative {
            throw SettingsError(
                "--input-feeding goes with --attention multiplicative; \(attention == .none ? "without attention there is nothing to feed" : "additive attention feeds its context anyway")")
        }
    }
}
