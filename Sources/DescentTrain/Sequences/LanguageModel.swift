import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A model that says how a text goes on, piece by piece.
public struct LanguageModel {
    /// Whether it writes tunes in ABC notation.
    public let writesTunes: Bool
    /// What cuts texts into its pieces.
    public let tokenizer: any Tokenizer
    /// How it was made.
    public let record: SequenceRecord
    package let network: LanguageNetwork

    package init(network: LanguageNetwork, tokenizer: any Tokenizer, writesTunes: Bool, record: SequenceRecord) {
        (self.network, self.tokenizer, self.writesTunes, self.record) = (network, tokenizer, writesTunes, record)
    }

    /// Writes `model.safetensors` and `model.json`; gives the path of the first.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    @discardableResult
    public func save(to folder: String) throws -> String { try SequenceModelFile.save(network, card: card(), to: folder) }

    /// Everything but the weights.
    public func card() -> JSON {
        let sizes = network.architecture
        let architecture: JSON = [
            "cell": .string(sizes.cell.rawValue), "tokens": .integer(Int64(sizes.tokens)), "embedding": .integer(Int64(sizes.embedding)),
            "hidden": .integer(Int64(sizes.hidden)), "layers": .integer(Int64(sizes.layers)), "dropout": .number(sizes.dropout),
        ]
        return SequenceModelFile.card(
            kind: writesTunes ? .tunes : .language, architecture: architecture, encoding: tokenizer.toJSON(), record: record)
    }

    /// Reads a model's folder or file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or another kind of model.
    public init(path: String) throws {
        guard case .language(let model)? = try SequenceModel(path: path) else {
            throw FormatError(file: path, reason: "it is no model that writes; descent train TEXT makes one")
        }
        self = model
    }

    init(_ file: SequenceModelFile) throws(FormatError) {
        let json = file.card["architecture"]
        tokenizer = try TokenUnit.tokenizer(json: file.card["encoding"])
        let sizes = LanguageNetwork.Architecture(
            cell: try json["cell"].cellKind(), tokens: try json["tokens"].int(in: 1...10_000_000), embedding: try json["embedding"].int(in: 0...8192),
            hidden: try json["hidden"].int(in: 1...8192), layers: try json["layers"].int(in: 1...32), dropout: try json["dropout"].double())
        if !(0..<1).contains(sizes.dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
        if sizes.tokens != tokenizer.vocabulary.count {
            throw json["tokens"].error("is \(sizes.tokens), and the vocabulary has \(tokenizer.vocabulary.count)")
        }
        network = try file.network(parameterCount: sizes.parameterCount) { LanguageNetwork(sizes) }
        writesTunes = try file.card["kind"].string() == SequenceTask.tunes.rawValue
        record = try SequenceRecord(json: file.card["record"])
    }

    /// In words: "one-hot vectors, 2 LSTM layers of 256".
    public var summary: String { network.architecture.summary }
    /// The learned numbers.
    public var parameterCount: Int { network.parameterCount }
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
