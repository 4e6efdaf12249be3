import DescentCore

/// The sizes and the kind of an encoder-decoder network.
public struct EncoderDecoderSizes: Equatable, Sendable {
    /// How the decoder looks back at the source.
    public enum Attention: String, CaseIterable, Sendable {
        /// Not at all: the encoder's last state is all it knows, its first state and part of each step's input. Sutskever et al. 2014, Cho et al. 2014.
        case none
        /// Before each step, by the state before it. Bahdanau, Cho and Bengio 2015.
        case additive
        /// After each step, by its state. Luong, Pham and Manning 2015.
        case multiplicative
    }

    /// Different tokens of the source and of the target.
    public var sourceTokens: Int, targetTokens: Int
    /// The size of a token's vector.
    public var embedding: Int
    /// The size of the state of the encoder (in each direction) and the decoder.
    public var hidden: Int
    /// Recurrent layers of the encoder and of the decoder.
    public var layers = 1
    /// Whether the encoder reads from both ends.
    public var isBidirectional = false
    /// How the decoder looks back.
    public var attention = Attention.none
    /// Whether what a step looked at is part of the next step's input (multiplicative attention alone; additive attention always does so).
    public var feedsInput = false
    /// Whether a layer stands between the encoder's last state and the decoder's first, `tanh(W s + b)`. With a bidirectional encoder there is always one.
    public var hasBridge = false
    /// The dropout rate of embeddings and of what scores are made from.
    public var dropout = 0.0

    public init(sourceTokens: Int, targetTokens: Int, embedding: Int, hidden: Int) {
        (self.sourceTokens, self.targetTokens, self.embedding, self.hidden) = (sourceTokens, targetTokens, embedding, hidden)
    }

    /// The width of the encoder's outputs.
    public var encoderWidth: Int { isBidirectional ? 2 * hidden : hidden }
    /// The width of what the decoder's lowest layer reads.
    public var decoderInputs: Int {
        switch attention {
        case .none, .additive: embedding + encoderWidth
        case .multiplicative: feedsInput ? embedding + hidden : embedding
        }
    }
    /// The width of what scores are made from.
    public var features: Int { attention == .additive ? hidden + encoderWidth : hidden }
    var bridges: Bool { hasBridge || isBidirectional }
}
