import DescentData
import DescentFormats

/// Settings of a recurrent network. What is `nil` is chosen by the job.
public struct RecurrentSettings: Equatable, Sendable {
    /// The recurrent cell.
    public var cell: CellKind?
    /// The units of each recurrent layer.
    public var hidden: Int?
    /// The number of recurrent layers.
    public var layers: Int?
    /// Dropout rate between the layers.
    public var dropout: Double?

    /// Everything chosen by the job.
    public init() {}

    static let fields: [SettingField<RecurrentSettings>] = [
        .optional("cell", \.cell, .choice, valueName: "name", "Recurrent cell: rnn, lstm or gru. Default: lstm for language models, otherwise gru."),
        .optional(
            "hidden", \.hidden, .whole, rule: SettingRule("1 to 8192") { (1...8192).contains($0) },
            subject: "the hidden size", valueName: "size", "Units of each recurrent layer."),
        .optional("layers", \.layers, .whole, rule: SettingRule("1 to 32") { (1...32).contains($0) }, subject: "the number of layers", valueName: "count", "Number of recurrent layers."),
        .optional(
            "dropout", \.dropout, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, subject: "the dropout", valueName: "rate",
            "Dropout rate between the layers."),
    ]
}

/// Settings of a text's tokens. What is `nil` is chosen by the job.
public struct TokenSettings: Equatable, Sendable {
    /// The token unit.
    public var unit: TokenUnit?
    /// The most words or pieces of words in the vocabulary.
    public var vocabulary: Int?
    /// Embedding size; 0 for one-hot vectors.
    public var embedding: Int?

    /// Everything chosen by the job.
    public init() {}

    static let fields: [SettingField<TokenSettings>] = [
        .optional("tokens", \.unit, .choice, key: "unit", valueName: "unit", "Tokens: characters, words, or bpe (byte-pair encoding). Default: guessed."),
        .optional(
            "vocabulary", \.vocabulary, .whole, rule: SettingRule("1 to 1000000") { (1...1_000_000).contains($0) }, subject: "the vocabulary", valueName: "size",
            "Largest vocabulary of words or byte pairs."),
        .optional(
            "embedding", \.embedding, .whole, rule: SettingRule("1 to 8192, or 0 for one-hot vectors") { (0...8192).contains($0) }, subject: "the embedding's size",
            valueName: "size", "Embedding size; 0 uses one-hot vectors."),
    ]
}

/// Settings of a job with a recurrent network.
public protocol RecurrentJobSettings: JobSettings {
    /// The network's.
    var recurrent: RecurrentSettings { get set }
}

extension RecurrentJobSettings {
    /// The network's settings as those of the job.
    static var recurrentFields: [SettingField<Self>] { RecurrentSettings.fields.map { $0.lifted(to: \Self.recurrent) } }

    public subscript<Value>(dynamicMember path: WritableKeyPath<RecurrentSettings, Value>) -> Value {
        get { recurrent[keyPath: path] }
        set { recurrent[keyPath: path] = newValue }
    }
}

/// Settings of a job on texts.
public protocol TextJobSettings: RecurrentJobSettings {
    /// The tokens'.
    var text: TokenSettings { get set }
}

extension TextJobSettings {
    /// The tokens' settings as those of the job.
    static var tokenFields: [SettingField<Self>] { TokenSettings.fields.map { $0.lifted(to: \Self.text) } }

    public subscript<Value>(dynamicMember path: WritableKeyPath<TokenSettings, Value>) -> Value {
        get { text[keyPath: path] }
        set { text[keyPath: path] = newValue }
    }
}

extension JSONReader {
    /// A cell's name.
    func cellKind() throws(FormatError) -> CellKind {
        guard let known = CellKind(rawValue: try string()) else { throw error("is no cell that is known") }
        return known
    }
}
