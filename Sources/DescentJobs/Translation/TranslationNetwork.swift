import DescentCore
import DescentFormats
import DescentNN

/// What translates: an encoder-decoder network whose cell was chosen at run time, or a transformer.
public enum TranslationNetwork: SequenceGenerator {
    case rnn(EncoderDecoder<RNNCell>)
    case lstm(EncoderDecoder<LSTMCell>)
    case gru(EncoderDecoder<GRUCell>)
    case transformer(TransformerWriter)

    package init(_ architecture: TranslationArchitecture) {
        let sizes = architecture.sizes
        if let heads = architecture.heads {
            let settings = TransformerSettings(size: sizes.hidden, heads: heads, activation: .gelu, normFirst: true, dropout: sizes.dropout)
            self = .transformer(
                TransformerWriter(
                    TransformerTranslator(sourceVocabulary: sizes.sourceTokens, targetVocabulary: sizes.targetTokens, layers: sizes.layers, settings)))
            return
        }
        self =
            switch architecture.cell {
            case .rnn: .rnn(EncoderDecoder(sizes) { RNNCell($0, $1) })
            case .lstm: .lstm(EncoderDecoder(sizes) { LSTMCell($0, $1) })
            case .gru: .gru(EncoderDecoder(sizes) { GRUCell($0, $1) })
            }
    }

    public var children: [(name: String, value: Any)] {
        switch self {
        case .rnn(let network): network.children
        case .lstm(let network): network.children
        case .gru(let network): network.children
        case .transformer(let network): network.children
        }
    }

    /// The scores of each token after those of the target so far: see `EncoderDecoder`.
    public func callAsFunction(_ tokens: Tensor, lengths: Tensor, target: Tensor, sampling: Double = 0) -> Tensor {
        switch self {
        case .rnn(let network): network(tokens, lengths: lengths, target: target, sampling: sampling)
        case .lstm(let network): network(tokens, lengths: lengths, target: target, sampling: sampling)
        case .gru(let network): network(tokens, lengths: lengths, target: target, sampling: sampling)
        case .transformer(let writer): writer.network(tokens, target: target, sourceLengths: lengths)
        }
    }

    public func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource {
        switch self {
        case .rnn(let network): network.encode(tokens, lengths: lengths, capacity: capacity)
        case .lstm(let network): network.encode(tokens, lengths: lengths, capacity: capacity)
        case .gru(let network): network.encode(tokens, lengths: lengths, capacity: capacity)
        case .transformer(let network): network.encode(tokens, lengths: lengths, capacity: capacity)
        }
    }

    public func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep {
        switch self {
        case .rnn(let network): network.step(tokens, position: position, state: state, memory: memory)
        case .lstm(let network): network.step(tokens, position: position, state: state, memory: memory)
        case .gru(let network): network.step(tokens, position: position, state: state, memory: memory)
        case .transformer(let network): network.step(tokens, position: position, state: state, memory: memory)
        }
    }
}

/// The sizes of a network that translates.
package struct TranslationArchitecture: Equatable, Sendable {
    package var cell: CellKind
    package var sizes: EncoderDecoderSizes
    /// The heads of a transformer's attention; `nil` for a recurrent network.
    package var heads: Int?

    package init(cell: CellKind, sizes: EncoderDecoderSizes, heads: Int? = nil) { (self.cell, self.sizes, self.heads) = (cell, sizes, heads) }

    /// In words: "embeddings of 128, 1 GRU layer of 256 in both directions, additive attention, 1 GRU layer of 256".
    package var summary: String {
        let dropout = sizes.dropout > 0 ? ", dropout \(sizes.dropout)" : ""
        if let heads { return "transformer of size \(sizes.hidden), \(sizes.layers) encoder and \(sizes.layers) decoder layer\(sizes.layers == 1 ? "" : "s") with \(heads) heads\(dropout)" }
        let layers = "\(sizes.layers) \(cell.rawValue.uppercased()) layer\(sizes.layers == 1 ? "" : "s") of \(sizes.hidden)"
        let attention = sizes.attention == .none ? "no attention" : "\(sizes.attention.rawValue) attention" + (sizes.feedsInput && sizes.attention == .multiplicative ? " with input feeding" : "")
        return "embeddings of \(sizes.embedding), encoder of \(layers)\(sizes.isBidirectional ? " in both directions" : ""), \(attention), decoder of \(layers)\(dropout)"
    }

    /// The learned numbers.
    package var parameterCount: Int {
        let (e, h, w) = (sizes.embedding, sizes.hidden, sizes.encoderWidth)
        if heads != nil {
            // Attention 4 h (h + 1), feed-forward layers h 4h (+ 4h) and 4h h (+ h), norms 2 h each, one at the end of each half.
            let (attention, feedForward, norm) = (4 * h * (h + 1), 8 * h * h + 5 * h, 2 * h)
            return (sizes.sourceTokens + sizes.targetTokens) * h + sizes.layers * (3 * attention + 2 * feedForward + 5 * norm) + 2 * norm
        }
        func cells(_ inputs: Int) -> Int { cell.gates * h * (inputs + h + 2) }
        let directions = sizes.isBidirectional ? 2 : 1
        var count = (sizes.sourceTokens + sizes.targetTokens) * e + sizes.targetTokens * (sizes.features + 1)
        for layer in 0..<sizes.layers { count += directions * cells(layer == 0 ? e : w) + cells(layer == 0 ? sizes.decoderInputs : h) }
        if sizes.isBidirectional || sizes.hasBridge { count += sizes.layers * cell.stateCount * h * (directions * h + 1) }
        switch sizes.attention {
        case .none: break
        case .additive: count += h * h + h * w + h
        case .multiplicative: count += h * w + h * (h + w)
        }
        return count
    }

    var json: JSON.Object {
        var object = JSON.Object()
        object["cell"] = .string(cell.rawValue)
        for (key, value) in [
            ("sourceTokens", sizes.sourceTokens), ("targetTokens", sizes.targetTokens), ("embedding", sizes.embedding), ("hidden", sizes.hidden), ("layers", sizes.layers),
        ] { object[key] = .integer(Int64(value)) }
        object["bidirectional"] = .bool(sizes.isBidirectional)
        object["attention"] = .string(sizes.attention.rawValue)
        object["inputFeeding"] = .bool(sizes.feedsInput)
        object["dropout"] = .number(sizes.dropout)
        object["heads"] = heads.map { .integer(Int64($0)) }
        return object
    }

    /// - Throws: `FormatError` where a size is out of range.
    init(_ json: JSONReader) throws(FormatError) {
        cell = try json["cell"].cellKind()
        sizes = EncoderDecoderSizes(
            sourceTokens: try json["sourceTokens"].int(in: 1...10_000_000), targetTokens: try json["targetTokens"].int(in: 1...10_000_000),
            embedding: try json["embedding"].int(in: 1...8192), hidden: try json["hidden"].int(in: 1...8192))
        sizes.layers = try json["layers"].int(in: 1...32)
        sizes.isBidirectional = try json["bidirectional"].bool()
        guard let attention = EncoderDecoderSizes.Attention(rawValue: try json["attention"].string()) else { throw json["attention"].error("is no attention that is known") }
        sizes.attention = attention
        sizes.feedsInput = try json["inputFeeding"].bool()
        sizes.dropout = try json["dropout"].double()
        if !(0..<1).contains(sizes.dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
        heads = json["heads"].exists ? try json["heads"].int(in: 1...1024) : nil
        if let heads, sizes.hidden % heads != 0 { throw json["heads"].error("is \(heads), which does not divide the size, \(sizes.hidden)") }
    }
}
