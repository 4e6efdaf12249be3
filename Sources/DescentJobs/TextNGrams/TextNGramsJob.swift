import DescentData
import DescentTrain

/// Classification of texts by their n-grams, one class or several labels a text: what is taken for labelled texts unless a network is asked for.
public enum TextNGramsJob: Job {
    public static let name = "text-ngrams"
    public static let title = "Text classification by n-grams"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        TextClassificationJob.asksForNetwork(input) ? nil : try TextClassificationJob.recognizeTexts(input)
    }

    public static func training(_ input: JobInput, settings: TextNGramSettings) throws -> TextNGramTraining {
        try TextNGramTraining(TextClassificationJob.texts(input, target: settings.target, textColumn: settings.textColumn), settings: settings)
    }
}

/// How to classify texts by their n-grams. What is `nil` is chosen by the texts.
public struct TextNGramSettings: JobSettings {
    public var run = RunSettings()
    /// What tells the classes apart; `nil` for these n-grams.
    public var model: TextClassifierKind?
    /// The kinds of terms that are counted.
    public var terms: TermChoice?
    /// The most words of a term.
    public var longest = 2
    /// The penalty on squared weights.
    public var penalty: Double?
    /// The column of the classes, where there are columns; `nil` to guess.
    public var target: String?
    /// The column of the texts, where there are columns; `nil` to guess.
    public var textColumn: String?

    /// Everything chosen by the texts.
    public init() {}

    /// Which n-grams are counted.
    public enum TermChoice: String, CaseIterable, Sendable {
        case words, characters, both
    }

    public static let chosenByData: Set<String> = ["tokens", "penalty"]

    public static let fields: [SettingField<Self>] = [
        .optional("model", \.model, .choice, valueName: "name", "What tells the classes apart: ngrams or recurrent. Default: ngrams, or recurrent with an option of networks."),
        .optional("tokens", \.terms, .choice, valueName: "terms", "N-grams: words, characters (2 to 5 within words), or both. Default: both, or characters where texts are single words."),
        .required(
            "ngrams", \.longest, .whole, rule: SettingRule("1 to 5") { (1...5).contains($0) }, valueName: "count", "Most words of an n-gram. Default: 2."),
        .optional(
            "l2", \.penalty, .number, rule: SettingRule("above 0, 0.1 say") { $0 > 0 && $0.isFinite }, subject: "the L2 penalty", valueName: "penalty",
            "L2 penalty of the n-grams' weights, 1/C of scikit-learn. Default: chosen by cross-validation."),
        .optional("target", \.target, .text, valueName: "column", "Column of the classes, by name or number. Default: guessed."),
        .optional("text-column", \.textColumn, .text, valueName: "column", "Column of the texts, by name or number. Default: guessed."),
    ]

    public func validateTogether() throws(SettingsError) {
        var plain = RunSettings()
        (plain.seed, plain.testFraction) = (run.seed, run.testFraction)
        if run != plain {
            throw SettingsError("n-grams are fitted by a solver, which has no epochs, learning rate or validation part; leave out the options of the run, or say --model recurrent")
        }
        if model == .recurrent { throw SettingsError("--model recurrent has no n-grams; leave out --ngrams and --l2, or say --model ngrams") }
    }
}
