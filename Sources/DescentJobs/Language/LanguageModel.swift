import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that says how a text goes on, piece by piece.
public struct LanguageModel: JobModel {
    /// Whether it writes tunes in ABC notation.
    public let writesTunes: Bool
    /// The tokenizer.
    public let tokenizer: any Tokenizer
    /// How it was made.
    public let record: ModelRecord<LanguageSettings>
    package let network: LanguageNetwork

    package init(network: LanguageNetwork, tokenizer: any Tokenizer, writesTunes: Bool, record: ModelRecord<LanguageSettings>) {
        (self.network, self.tokenizer, self.writesTunes, self.record) = (network, tokenizer, writesTunes, record)
    }

    public var job: String { writesTunes ? TunesJob.name : LanguageJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = .object(network.architecture.json)
        parts["encoding"] = tokenizer.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        tokenizer = try TokenUnit.tokenizer(json: file.card["encoding"])
        let sizes = try LanguageArchitecture(file.card["architecture"], of: tokenizer)
        network = try file.network(parameterCount: sizes.parameterCount) { LanguageNetwork(sizes) }
        writesTunes = file.job == TunesJob.name
        record = try file.record()
    }

    public var description: [String] {
        let unit = tokenizer.unit
        let tokens = unit == .characters ? "characters" : unit == .words ? "words and punctuation" : "byte pairs"
        return ["\(writesTunes ? "Writes tunes in ABC notation" : "Language model") with a vocabulary of \(grouped(tokenizer.vocabulary.pieces.count)) \(tokens)."]
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        if writesTunes { return ["generate \(shellQuoted(folder)) --prompt G --temperature 0.8"] }
        return ["generate \(shellQuoted(folder)) --length 500 --temperature 0.8", "complete \(shellQuoted(folder)) \(shellQuoted(suggestedPrompt(for: input)))"]
    }

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        throw SettingsError("a language model predicts no rows; use descent generate or descent complete")
    }

    /// In words: "one-hot vectors, 2 LSTM layers of 256".
    public var summary: String { network.architecture.summary }
}

/// A model reading a text one piece after another: what it holds after each is a value, and can be gone back to.
package struct LanguageReader {
    private let step: CompiledFunction<(Tensor, [Tensor]), Tensor, [Tensor]>
    /// The state after what was read.
    private(set) var state: [Tensor]
    /// The scores of what may follow, by token.
    private(set) var logits: [Float] = []

    /// A reader at the beginning of a text.
    package init(_ network: LanguageNetwork) {
        network.infer()
        step = compile { (token: Tensor, state: [Tensor]) in
            let (logits, next) = network.step(token, state)
            return (logits, next)
        }
        state = network.initialState(batch: 1)
        read(Vocabulary.beginning)
    }

    /// Reads a token.
    package mutating func read(_ token: Int32) {
        let (scores, next) = step(Tensor(int32: [token]), state)
        state = next
        logits = scores.floats
    }

    /// The probabilities of what may follow, with some tokens left out. At a temperature of 1 they are the model's.
    package func probabilities(without excluded: Set<Int32>, temperature: Double = 1) -> [Double] {
        var highest = -Double.infinity
        for (token, score) in logits.enumerated() where !excluded.contains(Int32(token)) { highest = Swift.max(highest, Double(score)) }
        var values = logits.enumerated().map { token, score in
            excluded.contains(Int32(token)) ? 0 : exponential((Double(score) - highest) / temperature)
        }
        let sum = values.reduce(0, +)
        for index in values.indices { values[index] /= sum }
        return values
    }
}
