import DescentCore

/// The keys and values of the last steps before a piece of a longer text, so that it can be read piece by piece. Dai et al. 2019.
///
/// Each step looks at itself and at the `length` steps before it, in whatever pieces the text is read. Layers one upon another reach further back: n layers as far as n
/// times the length. Positions are counted from the memory's first place, so only distances can matter: see `RotaryPosition`.
///
/// Shapes: keys and values [batch, heads, length, size]. All tensors times 0 are an empty memory.
public struct AttentionMemory: TensorGroup, Sendable {
    /// Before they are turned by their positions.
    public var keys: Tensor
    public var values: Tensor
    /// How many of the last places hold a step: a floating number, without axes.
    public var filled: Tensor

    /// An empty memory.
    ///
    /// - Parameter length: How many steps are remembered.
    public init(batch: Int, heads: Int, length: Int, size: Int, dtype: DType = .float32) {
        if batch < 1 || heads < 1 || length < 1 || size < 1 { stop("AttentionMemory: \(batch) x \(heads) x \(length) x \(size); each must be at least 1.") }
        let zeros = Tensor.zeros([batch, heads, length, size], dtype: dtype)
        (keys, values, filled) = (zeros, zeros, .zeros([], dtype: dtype))
    }

    public var length: Int { keys.shape[2] }

    public var tensors: [Tensor] { [keys, values, filled] }
    public func rebuilt(from reader: TensorReader) -> AttentionMemory {
        var copy = self
        (copy.keys, copy.values) = (reader.next(), reader.next())
        copy.filled = reader.next()
        return copy
    }

    /// Which places each of the steps after the memory may look at, the memory's first: bool [steps, length + steps].
    func mask(steps: Int) -> Tensor {
        let places = Tensor.arange(length + steps).expanded(axis: 0), step = Tensor.arange(steps).expanded(axis: 1)
        let isNear = (places .>= step).and(places .<= step + Double(length))
        return isNear.and(places.cast(to: filled.dtype) .>= Double(length) - filled)
    }
}

extension MultiHeadAttention {
    /// An empty memory for `continued`.
    ///
    /// - Parameter length: How many steps are remembered.
    public func memory(batch: Int, length: Int) -> AttentionMemory {
        AttentionMemory(batch: batch, heads: heads, length: length, size: headSize, dtype: inWeights[0].dtype)
    }

    /// Causal self-attention for the next piece of a text: each step looks at itself and at the steps that the memory reaches back to.
    ///
    /// Shapes: x [batch, steps, embedding], output as x.
    ///
    /// - Returns: The output, and the memory for the piece after this one.
    public func continued(_ x: Tensor, _ memory: AttentionMemory, rotary: RotaryPosition? = nil) -> (output: Tensor, memory: AttentionMemory) {
        inModule {
            let (q, k, v) = projections(x, x, x, nil, .fixed(0))
            guard k.shape[0] == memory.keys.shape[0] else {
                stop("MultiHeadAttention.continued: \(k.shape[0]) sequences and a memory of \(memory.keys.shape[0]); they must be equal.")
            }
            let (steps, length) = (x.shape[1], memory.length)
            let keys = Tensor.concatenate([memory.keys, k], axis: 2), values = Tensor.concatenate([memory.values, v], axis: 2)
            var next = memory
            next.keys = keys.slice(axis: 2, steps..<(steps + length))
            next.values = values.slice(axis: 2, steps..<(steps + length))
            next.filled = minimum(memory.filled + Double(steps), Tensor(Double(length), like: memory.filled))
            let turned = rotary.map { ($0.turned(q, .fixed(length)), $0.turned(keys, .fixed(0))) } ?? (q, keys)
            return (output(scaledDotProductAttention(turned.0, turned.1, values, mask: memory.mask(steps: steps), dropout: dropout)), next)
        }
    }
}

extension TransformerEncoderLayer {
    /// The next piece of a text: see `MultiHeadAttention.continued`. Shapes: x [batch, steps, size], output as x.
    public func continued(_ x: Tensor, _ memory: AttentionMemory) -> (output: Tensor, memory: AttentionMemory) {
        run(x) { selfAttention.continued($0, memory, rotary: settings.rotary) }
    }
}

extension TransformerEncoder {
    /// Empty memories, one for each layer.
    ///
    /// - Parameter length: How many steps each remembers.
    public func memories(batch: Int, length: Int) -> [AttentionMemory] { layers.map { $0.selfAttention.memory(batch: batch, length: length) } }

    /// The next piece of a text: see `MultiHeadAttention.continued`. Shapes: x [batch, steps, size], output as x.
    public func continued(_ x: Tensor, _ memories: [AttentionMemory]) -> (output: Tensor, memories: [AttentionMemory]) {
        run(x, memories, "continued") { $0.continued($1, $2) }
    }
}

extension TransformerLanguageModel {
    /// Empty memories, one for each layer.
    ///
    /// - Parameter length: How many tokens each remembers.
    public func memories(batch: Int, length: Int) -> [AttentionMemory] { layers.memories(batch: batch, length: length) }

    /// The logits of the next tokens, for the next piece of a text that never needs to end. Shapes: tokens [batch, steps], logits [batch, steps, vocabulary].
    ///
    ///     var memories = model.memories(batch: 32, length: 128)
    ///     for piece in pieces { (logits, memories) = model.continued(piece, memories) }
    ///
    /// - Precondition: the positions are rotary: a text without an end has no places that could be numbered.
    public func continued(_ tokens: Tensor, _ memories: [AttentionMemory]) -> (logits: Tensor, memories: [AttentionMemory]) {
        if layers.layers[0].settings.rotary == nil { stop("TransformerLanguageModel.continued: it needs rotary positions; the others number the places of a text from its start.") }
        let (output, next) = layers.continued(embedded(tokens), memories)
        return (logits(output), next)
    }
}
