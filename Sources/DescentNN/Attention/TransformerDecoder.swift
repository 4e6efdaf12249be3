import DescentCore

/// Causal self-attention, attention to a memory, and a feed-forward layer, each with a residual connection and a norm. Vaswani et al. 2017.
///
/// Shapes: x [batch, length, size], memory [batch, places, size], y as x. The parameters have the names of PyTorch's `nn.TransformerDecoderLayer`: `self_attn.*`,
/// `multihead_attn.*`, `linear1`, `linear2`, `norm1`, `norm2`, `norm3`.
public struct TransformerDecoderLayer: Module, Sendable {
    public let selfAttention: MultiHeadAttention
    /// Attention to the memory.
    public let crossAttention: MultiHeadAttention
    public let settings: TransformerSettings
    private let feedForward: FeedForward
    private let selfSublayer: ResidualSublayer, crossSublayer: ResidualSublayer, feedForwardSublayer: ResidualSublayer

    public init(_ settings: TransformerSettings) {
        self.settings = settings
        (selfAttention, crossAttention) = (settings.attention(), settings.attention())
        feedForward = FeedForward(settings)
        (selfSublayer, crossSublayer, feedForwardSublayer) = (settings.sublayer(), settings.sublayer(), settings.sublayer())
    }

    public var children: [(name: String, value: Any)] {
        [
            ("self_attn", selfAttention), ("multihead_attn", crossAttention), ("linear1", feedForward.first), ("dropout", feedForward.dropout as Any),
            ("linear2", feedForward.second), ("norm1", selfSublayer.norm), ("norm2", crossSublayer.norm), ("norm3", feedForwardSublayer.norm),
            ("dropout1", selfSublayer.dropout as Any), ("dropout2", crossSublayer.dropout as Any), ("dropout3", feedForwardSublayer.dropout as Any),
        ]
    }

    /// - Parameters:
    ///   - causal: Whether no place looks at later ones.
    ///   - mask, keyMask, keyLengths: What places of x look at in x: see `MultiHeadAttention`.
    ///   - memoryMask, memoryKeyMask, memoryLengths: The same for the memory.
    public func callAsFunction(
        _ x: Tensor, memory: Tensor, causal: Bool = true, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, memoryMask: Tensor? = nil,
        memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> Tensor {
        let attended = selfSublayer(x) { selfAttention($0, mask: mask, keyMask: keyMask, keyLengths: keyLengths, causal: causal, rotary: settings.rotary) }
        let crossed = crossSublayer(attended) { crossAttention($0, memory, memory, mask: memoryMask, keyMask: memoryKeyMask, keyLengths: memoryLengths) }
        return feedForwardSublayer(crossed) { feedForward($0) }
    }

    /// The caches before the first step: an empty one for x, and the memory's keys and values.
    ///
    /// - Parameter capacity: The largest number of steps.
    public func cache(memory: Tensor, capacity: Int) -> TransformerDecoderCache {
        TransformerDecoderCache(own: selfAttention.cache(batch: memory.shape[0], capacity: capacity), memory: crossAttention.cache(of: memory, memory))
    }

    /// The next steps. Shapes: x [batch, steps, size], output as x.
    public func step(
        _ x: Tensor, _ cache: TransformerDecoderCache, memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> (output: Tensor, cache: TransformerDecoderCache) {
        let (output, next, _) = stepWithWeights(x, cache, memoryKeyMask: memoryKeyMask, memoryLengths: memoryLengths)
        return (output, next)
    }

    /// The next steps, and where each head looked in the memory, [batch, heads, steps, places].
    public func stepWithWeights(
        _ x: Tensor, _ cache: TransformerDecoderCache, memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> (output: Tensor, cache: TransformerDecoderCache, weights: Tensor) {
        var next = cache
        var weights: Tensor?
        let attended = selfSublayer(x) { x in
            let result = selfAttention.step(x, cache.own, rotary: settings.rotary)
            next.own = result.cache
            return result.output
        }
        let crossed = crossSublayer(attended) { x in
            let result = crossAttention.attendWithWeights(x, to: cache.memory, keyMask: memoryKeyMask, keyLengths: memoryLengths)
            weights = result.weights
            return result.output
        }
        return (feedForwardSublayer(crossed) { feedForward($0) }, next, weights!)
    }
}

/// What a decoder layer keeps between steps.
public struct TransformerDecoderCache: TensorGroup, Sendable {
    /// Keys and values of the steps so far.
    public var own: KeyValueCache
    /// Keys and values of the memory.
    public var memory: KeyValueCache

    public init(own: KeyValueCache, memory: KeyValueCache) { (self.own, self.memory) = (own, memory) }
    public var tensors: [Tensor] { own.tensors + memory.tensors }
    public func rebuilt(from reader: TensorReader) -> TransformerDecoderCache {
        let own = own.rebuilt(from: reader)
        return TransformerDecoderCache(own: own, memory: memory.rebuilt(from: reader))
    }

    /// The rows of the batch in another order: see `KeyValueCache.gathered`.
    public func gathered(_ rows: Tensor) -> TransformerDecoderCache { TransformerDecoderCache(own: own.gathered(rows), memory: memory.gathered(rows)) }
}

/// Decoder layers one upon another.
///
/// Shapes: x [batch, length, size], memory [batch, places, size], y as x. The parameters have the names of PyTorch's `nn.TransformerDecoder`: `layers.0.*`, `norm`.
public struct TransformerDecoder: Module, Sendable {
    public let layers: [TransformerDecoderLayer]
    /// On the last layer's output; nil for none.
    public let norm: LayerNorm?

    /// - Parameter hasFinalNorm: Whether the last output is normalised; nil: if the layers normalise first. (In PyTorch it is an argument of its own.)
    public init(layers count: Int, _ settings: TransformerSettings, hasFinalNorm: Bool? = nil) {
        if count < 1 { stop("TransformerDecoder(layers: \(count)): there must be at least 1 layer.") }
        layers = (0..<count).map { _ in TransformerDecoderLayer(settings) }
        norm = hasFinalNorm ?? settings.normFirst ? settings.norm() : nil
    }

    /// The parameters are those of `TransformerDecoderLayer`.
    public func callAsFunction(
        _ x: Tensor, memory: Tensor, causal: Bool = true, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, memoryMask: Tensor? = nil,
        memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> Tensor {
        let y = layers.reduce(x) { y, layer in
            layer(
                y, memory: memory, causal: causal, mask: mask, keyMask: keyMask, keyLengths: keyLengths, memoryMask: memoryMask, memoryKeyMask: memoryKeyMask,
                memoryLengths: memoryLengths)
        }
        return norm.map { $0(y) } ?? y
    }

    /// The caches before the first step, one for each layer: the memory is projected once.
    ///
    /// - Parameter capacity: The largest number of steps.
    public func caches(memory: Tensor, capacity: Int) -> [TransformerDecoderCache] { layers.map { $0.cache(memory: memory, capacity: capacity) } }

    /// The next steps. Shapes: x [batch, steps, size], output as x.
    public func step(
        _ x: Tensor, _ caches: [TransformerDecoderCache], memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> (output: Tensor, caches: [TransformerDecoderCache]) {
        let (output, next, _) = stepWithWeights(x, caches, memoryKeyMask: memoryKeyMask, memoryLengths: memoryLengths)
        return (output, next)
    }

    /// The next steps, and where each layer's heads looked in the memory, each [batch, heads, steps, places].
    public func stepWithWeights(
        _ x: Tensor, _ caches: [TransformerDecoderCache], memoryKeyMask: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> (output: Tensor, caches: [TransformerDecoderCache], weights: [Tensor]) {
        if caches.count != layers.count { stop("TransformerDecoder.step: \(caches.count) caches for \(layers.count) layers; each layer has one.") }
        var y = x
        var next: [TransformerDecoderCache] = [], weights: [Tensor] = []
        for (layer, cache) in zip(layers, caches) {
            let result = layer.stepWithWeights(y, cache, memoryKeyMask: memoryKeyMask, memoryLengths: memoryLengths)
            y = result.output
            next.append(result.cache)
            weights.append(result.weights)
        }
        return (norm.map { $0(y) } ?? y, next, weights)
    }
}
