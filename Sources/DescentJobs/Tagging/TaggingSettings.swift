import DescentData

/// How to train a tagger. What is `nil` is chosen by the sentences.
public struct TaggingSettings: RecurrentJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    /// The size of a word's vector.
    public var embedding: Int?
    /// The most words, and the most affixes of a kind, in the vocabulary.
    public var vocabulary: Int?
    /// The column of the tags, by name or number.
    public var tagColumn: String?
    /// The column of the words, by name or number.
    public var wordColumn: String?

    /// Everything chosen by the sentences.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize"]

    public static let fields: [SettingField<Self>] =
        recurrentFields + [
            .optional(
                "embedding", \.embedding, .whole, rule: SettingRule("1 to 8192") { (1...8192).contains($0) }, subject: "the embedding's size", valueName: "size",
                "Size of a word's vector. Default: 64."),
            .optional(
                "vocabulary", \.vocabulary, .whole, rule: SettingRule("1 to 1000000") { (1...1_000_000).contains($0) }, subject: "the vocabulary", valueName: "size",
                "Largest vocabulary of words. Default: 30000."),
            .optional(
                "tag-column", \.tagColumn, .text, valueName: "column",
                "Column of the tags: its number from 1, or its name in CoNLL-U (upos, xpos, ...) and CoNLL-2003 (pos, chunk, ner). Default: the last; in CoNLL-U upos."),
            .optional(
                "word-column", \.wordColumn, .text, valueName: "column",
                "Column of the words, likewise. Default: the first, or the second where the first numbers the words."),
        ]

    public func validateTogether() throws(SettingsError) { try run.requireValidationForPatience() }
}
