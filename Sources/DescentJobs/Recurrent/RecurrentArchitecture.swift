import DescentData
import DescentFormats
import DescentTrain

/// Sizes of a network whose recurrent layers read tokens one after another.
package struct RecurrentArchitecture: Equatable, Sendable {
    package var cell: CellKind
    package var tokens: Int
    /// The size of a token's vector; 0 for one-hot.
    package var embedding: Int
    package var hidden: Int
    package var layers: Int
    package var dropout: Double

    package init(cell: CellKind, tokens: Int, embedding: Int, hidden: Int, layers: Int, dropout: Double) {
        (self.cell, self.tokens, self.embedding, self.hidden, self.layers, self.dropout) = (cell, tokens, embedding, hidden, layers, dropout)
    }

    /// The size of the vectors that the first layer reads.
    package var inputSize: Int { embedding == 0 ? tokens : embedding }

    /// The learned numbers of the embedding, of the recurrent layers in one or two directions, and of an output layer.
    package func parameterCount(directions: Int, outputs: Int, outputInputs: Int) -> Int {
        let cells = (0..<layers).reduce(0) { $0 + directions * cell.gates * hidden * (($1 == 0 ? inputSize : directions * hidden) + hidden + 2) }
        return tokens * embedding + cells + outputs * (outputInputs + 1)
    }

    /// In words: "embedding 64, 1 GRU layer of 64".
    package func summary(directions: Int) -> String {
        let vectors = embedding == 0 ? "one-hot vectors" : "embedding \(embedding)"
        let layers = "\(layers) \(cell.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(hidden)" + (directions == 2 ? " in both directions" : "")
        return "\(vectors), \(layers)" + (dropout > 0 ? ", dropout \(dropout)" : "")
    }

    /// A network too large to be trained here is refused before it is made.
    static func check(parameterCount: Int) throws(SettingsError) {
        if parameterCount > RunSettings.parameterLimit {
            throw SettingsError(
                "the network would have \(grouped(parameterCount)) parameters, and \(grouped(RunSettings.parameterLimit)) are possible; make it smaller (--hidden, --layers, --embedding)")
        }
    }
}

// In model cards.
extension RecurrentArchitecture {
    var json: JSON.Object {
        var object = JSON.Object()
        object["cell"] = .string(cell.rawValue)
        for (key, value) in [("tokens", tokens), ("embedding", embedding), ("hidden", hidden), ("layers", layers)] { object[key] = .integer(Int64(value)) }
        object["dropout"] = .number(dropout)
        return object
    }

    /// - Throws: `FormatError` where a size is out of range, or the vocabulary of the tokenizer has another size.
    init(_ json: JSONReader, of tokenizer: any Tokenizer) throws(FormatError) {
        self.init(
            cell: try json["cell"].cellKind(), tokens: try json["tokens"].int(in: 1...10_000_000), embedding: try json["embedding"].int(in: 0...8192),
            hidden: try json["hidden"].int(in: 1...8192), layers: try json["layers"].int(in: 1...32), dropout: try json["dropout"].double())
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
        if tokens != tokenizer.vocabulary.count { throw json["tokens"].error("is \(tokens), and the vocabulary has \(tokenizer.vocabulary.count)") }
    }
}
