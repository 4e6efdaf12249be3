import DescentData
import DescentFormats
import DescentTrain

/// The sizes of a network that says how a text goes on.
package enum LanguageArchitecture: Equatable, Sendable {
    case recurrent(RecurrentArchitecture)
    case transformer(TransformerArchitecture)

    /// The learned numbers.
    package var parameterCount: Int {
        switch self {
        case .recurrent(let sizes): sizes.parameterCount(directions: 1, outputs: sizes.tokens, outputInputs: sizes.hidden)
        case .transformer(let sizes): sizes.parameterCount
        }
    }

    /// In words.
    package var summary: String {
        switch self {
        case .recurrent(let sizes): sizes.summary(directions: 1)
        case .transformer(let sizes): sizes.summary
        }
    }

    var json: JSON.Object {
        switch self {
        case .recurrent(let sizes): sizes.json
        case .transformer(let sizes): sizes.json
        }
    }

    /// - Throws: `FormatError` where a size is out of range, or the vocabulary of the tokenizer has another size.
    init(_ json: JSONReader, of tokenizer: any Tokenizer) throws(FormatError) {
        self = json["heads"].exists ? .transformer(try TransformerArchitecture(json, of: tokenizer)) : .recurrent(try RecurrentArchitecture(json, of: tokenizer))
    }
}

/// The sizes of a transformer that says how a text goes on.
package struct TransformerArchitecture: Equatable, Sendable {
    package var tokens: Int
    package var size: Int
    package var layers: Int
    package var heads: Int
    /// How many tokens before it each looks at, in each layer.
    package var memory: Int
    package var dropout: Double

    package init(tokens: Int, size: Int, layers: Int, heads: Int, memory: Int, dropout: Double) {
        (self.tokens, self.size, self.layers, self.heads, self.memory, self.dropout) = (tokens, size, layers, heads, memory, dropout)
    }

    /// Attention 4 h (h + 1), feed-forward layers h 4h (+ 4h) and 4h h (+ h), norms 2 h each, one more at the end; the output layer is the embedding.
    package var parameterCount: Int { tokens * size + layers * (4 * size * (size + 1) + 8 * size * size + 5 * size + 4 * size) + 2 * size }

    package var summary: String {
        "transformer of size \(size), \(layers) layer\(layers == 1 ? "" : "s") with \(heads) heads, each token looks at \(memory) before it"
            + (dropout > 0 ? ", dropout \(dropout)" : "")
    }

    var json: JSON.Object {
        var object = JSON.Object()
        for (key, value) in [("tokens", tokens), ("hidden", size), ("layers", layers), ("heads", heads), ("memory", memory)] { object[key] = .integer(Int64(value)) }
        object["dropout"] = .number(dropout)
        return object
    }

    init(_ json: JSONReader, of tokenizer: any Tokenizer) throws(FormatError) {
        self.init(
            tokens: try json["tokens"].int(in: 1...10_000_000), size: try json["hidden"].int(in: 1...8192), layers: try json["layers"].int(in: 1...32),
            heads: try json["heads"].int(in: 1...64), memory: try json["memory"].int(in: 1...100_000), dropout: try json["dropout"].double())
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
        if size % (2 * heads) != 0 { throw json["heads"].error("is \(heads), and the size, \(size), is no multiple of twice that") }
        if tokens != tokenizer.vocabulary.count { throw json["tokens"].error("is \(tokens), and the vocabulary has \(tokenizer.vocabulary.count)") }
    }
}
