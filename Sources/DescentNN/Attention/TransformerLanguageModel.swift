import DescentCore

/// How a transformer knows where a token stands.
public enum TransformerPositions: Sendable {
    /// A learned vector for each place, added to the token's: see `PositionEmbedding`.
    case learned
    /// Fixed vectors, added to the token's: see `sinusoidalPositions`.
    case sinusoidal
    /// Queries and keys turned by their places: see `RotaryPosition`.
    case rotary(base: Double = 10000, RotaryPosition.Pairing = .neighbours)

    /// The turning of the heads of these settings; nil for the other kinds.
    func rotary(_ settings: TransformerSettings) -> RotaryPosition? {
        guard case .rotary(let base, let pairing) = self else { return settings.rotary }
        return RotaryPosition(settings.size / Swift.max(1, settings.heads), base: base, pairing: pairing)
    }
}

/// Tokens to vectors that know their place.
struct TokenEmbedding {
    let tokens: Embedding
    let positions: PositionEmbedding?
    let isSinusoidal: Bool
    /// What the tokens' vectors are multiplied by.
    let scale: Double
    let dropout: Dropout?

    func callAsFunction(_ numbers: Tensor, _ offset: PositionOffset, _ name: String) -> Tensor {
        guard numbers.rank == 2 else {
            return self(standIn("\(name): tokens have shape \(numbers.shape); they must be [batch, time].", like: numbers, rank: 2), offset, name)
        }
        var x = tokens(numbers)
        if scale != 1 { x = x * scale }
        if let positions { x = positions.added(to: x, offset) }
        if isSinusoidal { x = x + sinusoidalPositions(at: positionNumbers(numbers.shape[1], offset), size: x.shape[2], dtype: x.dtype) }
        return dropout.map { $0(x) } ?? x
    }
}

/// A language model: for each token the logits of the next. Radford et al. 2018; with the norm first and a final norm, as GPT-2 (Radford et al. 2019).
///
/// Shapes: tokens [batch, time] of integers in 0 ..< vocabulary, logits [batch, time, vocabulary]. No place sees a later one. Parameters: `embedding.weight`,
/// `positions.weight` (learned positions), `layers.N.*` as in `TransformerEncoder`, `norm`, and `head.weight` where it is not tied.
public struct TransformerLanguageModel: Layer, Sendable {
    public let vocabulary: Int
    /// The number of learned positions, and so the longest text; nil if there is no limit.
    public let context: Int?
    public let layers: TransformerEncoder
    /// The output layer; nil if the embedding's weight is used.
    public let head: Linear?
    private let embedding: TokenEmbedding

    /// - Parameters:
    ///   - context: The number of positions. Needed where they are learned.
    ///   - tiesHead: Whether the output layer uses the embedding's weight (Press and Wolf 2017); then it has no bias.
    ///   - headBias: Whether an output layer of its own has a bias.
    public init(
        vocabulary: Int, layers count: Int, _ settings: TransformerSettings, positions: TransformerPositions = .rotary(), context: Int? = nil, tiesHead: Bool = true,
        headBias: Bool = false
    ) {
        if vocabulary < 1 { stop("TransformerLanguageModel(vocabulary: \(vocabulary)): there must be at least one token.") }
        self.vocabulary = vocabulary
        var learned: PositionEmbedding?
        if case .learned = positions {
            guard let context else { stop("TransformerLanguageModel: learned positions need a context, the number of positions.") }
            learned = PositionEmbedding(context, settings.size)
        }
        self.context = learned == nil ? nil : context
        var settings = settings
        settings.rotary = positions.rotary(settings)
        let isSinusoidal = if case .sinusoidal = positions { true } else { false }
        embedding = TokenEmbedding(
            tokens: Embedding(vocabulary, settings.size, initializer: .normal(deviation: 0.02)), positions: learned, isSinusoidal: isSinusoidal, scale: 1,
            dropout: settings.dropout == 0 ? nil : Dropout(settings.dropout))
        layers = TransformerEncoder(layers: count, settings)
        head = tiesHead ? nil : Linear(settings.size, vocabulary, bias: headBias)
    }

    public var children: [(name: String, value: Any)] {
        [
            ("embedding", embedding.tokens), ("positions", embedding.positions as Any), ("dropout", embedding.dropout as Any), ("layers", layers.layers),
            ("norm", layers.norm as Any), ("head", head as Any),
        ]
    }

    public func callAsFunction(_ tokens: Tensor) -> Tensor { logits(layers(embedded(tokens), mask: nil, causal: true)) }

    /// Empty caches, one for each layer.
    ///
    /// - Parameter capacity: The largest number of tokens.
    public func caches(batch: Int, capacity: Int) -> [KeyValueCache] { layers.caches(batch: batch, capacity: capacity) }

    /// The logits of the next tokens, for one or several tokens more. Shapes: tokens [batch, steps], logits [batch, steps, vocabulary].
    ///
    ///     var caches = model.caches(batch: 1, capacity: 200)
    ///     let next = compile { (tokens: Tensor, caches: [KeyValueCache]) in model.step(tokens, caches) }
    public func step(_ tokens: Tensor, _ caches: [KeyValueCache]) -> (logits: Tensor, caches: [KeyValueCache]) {
        guard let length = caches.first?.length else { stop("TransformerLanguageModel.step: there are no caches; make them with caches(batch:capacity:).") }
        let result = layers.step(embedding(tokens, .computed(length), "TransformerLanguageModel.step"), caches)
        return (logits(result.output), result.caches)
    }

    func embedded(_ tokens: Tensor) -> Tensor { embedding(tokens, .fixed(0), "TransformerLanguageModel") }

    func logits(_ x: Tensor) -> Tensor { head.map { $0(x) } ?? x.product(with: embedding.tokens.weight.value) }
}
