import DescentCore

/// Self-attention and a feed-forward layer, each with a residual connection and a norm. Vaswani et al. 2017.
///
/// Shapes: x [batch, length, size], y as x. The parameters have the names of PyTorch's `nn.TransformerEncoderLayer`: `self_attn.*`, `linear1`, `linear2`, `norm1`,
/// `norm2`.
public struct TransformerEncoderLayer: Layer, Sendable {
    public let selfAttention: MultiHeadAttention
    public let settings: TransformerSettings
    private let feedForward: FeedForward
    private let attentionSublayer: ResidualSublayer, feedForwardSublayer: ResidualSublayer

    public init(_ settings: TransformerSettings) {
        self.settings = settings
        selfAttention = settings.attention()
        feedForward = FeedForward(settings)
        (attentionSublayer, feedForwardSublayer) = (settings.sublayer(), settings.sublayer())
    }

    public var children: [(name: String, value: Any)] {
        [
            ("self_attn", selfAttention), ("linear1", feedForward.first), ("dropout", feedForward.dropout as Any), ("linear2", feedForward.second),
            ("norm1", attentionSublayer.norm), ("norm2", feedForwardSublayer.norm), ("dropout1", attentionSublayer.dropout as Any),
            ("dropout2", feedForwardSublayer.dropout as Any),
        ]
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, mask: nil) }

    /// The parameters are those of `MultiHeadAttention`.
    public func callAsFunction(_ x: Tensor, mask: Tensor?, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false) -> Tensor {
        let attended = attentionSublayer(x) {
            selfAttention($0, mask: mask, keyMask: keyMask, keyLengths: keyLengths, causal: causal, rotary: settings.rotary)
        }
        return feedForwardSublayer(attended) { feedForward($0) }
    }

    /// The next steps of a sequence read causally. Shapes: x [batch, steps, size], output as x.
    public func step(_ x: Tensor, _ cache: KeyValueCache) -> (output: Tensor, cache: KeyValueCache) {
        run(x) { selfAttention.step($0, cache, rotary: settings.rotary) }
    }

    /// The layer with a self-attention that leaves something for the steps that follow.
    func run<Kept>(_ x: Tensor, _ attention: (Tensor) -> (Tensor, Kept)) -> (Tensor, Kept) {
        var kept: Kept?
        let attended = attentionSublayer(x) { x in
            let (output, left) = attention(x)
            kept = left
            return output
        }
        return (feedForwardSublayer(attended) { feedForward($0) }, kept!)
    }
}

/// Encoder layers one upon another. With `causal` it is the "decoder" of a language model.
///
/// Shapes: x [batch, length, size], y as x. The parameters have the names of PyTorch's `nn.TransformerEncoder`: `layers.0.*`, `norm`.
public struct TransformerEncoder: Layer, Sendable {
    public let layers: [TransformerEncoderLayer]
    /// On the last layer's output; nil for none.
    public let norm: LayerNorm?

    /// - Parameter hasFinalNorm: Whether the last output is normalised; nil: if the layers normalise first. (In PyTorch it is an argument of its own.)
    public init(layers count: Int, _ settings: TransformerSettings, hasFinalNorm: Bool? = nil) {
        if count < 1 { stop("TransformerEncoder(layers: \(count)): there must be at least 1 layer.") }
        layers = (0..<count).map { _ in TransformerEncoderLayer(settings) }
        norm = hasFinalNorm ?? settings.normFirst ? settings.norm() : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, mask: nil) }

    /// The parameters are those of `MultiHeadAttention`.
    public func callAsFunction(_ x: Tensor, mask: Tensor?, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false) -> Tensor {
        let y = layers.reduce(x) { $1($0, mask: mask, keyMask: keyMask, keyLengths: keyLengths, causal: causal) }
        return norm.map { $0(y) } ?? y
    }

    /// Empty caches, one for each layer.
    ///
    /// - Parameter capacity: The largest number of steps.
    public func caches(batch: Int, capacity: Int) -> [KeyValueCache] { layers.map { $0.selfAttention.cache(batch: batch, capacity: capacity) } }

    /// The next steps of a sequence read causally. Shapes: x [batch, steps, size], output as x.
    public func step(_ x: Tensor, _ caches: [KeyValueCache]) -> (output: Tensor, caches: [KeyValueCache]) { run(x, caches, "step") { $0.step($1, $2) } }

    /// The layers one upon another, each with what it kept.
    func run<Kept, Left>(_ x: Tensor, _ kept: [Kept], _ name: String, _ layer: (TransformerEncoderLayer, Tensor, Kept) -> (Tensor, Left)) -> (Tensor, [Left]) {
        if kept.count != layers.count { stop("TransformerEncoder.\(name): \(kept.count) caches for \(layers.count) layers; each layer has one.") }
        var y = x
        var next: [Left] = []
        for (own, state) in zip(layers, kept) {
            let (output, left) = layer(own, y, state)
            y = output
            next.append(left)
        }
        return (norm.map { $0(y) } ?? y, next)
    }
}
