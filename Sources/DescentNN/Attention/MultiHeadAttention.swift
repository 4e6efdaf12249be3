import DescentCore

/// Attention in several heads at once, each with projections of its own. Vaswani et al. 2017.
///
///     head_i = attention(query W_qᵢ, key W_kᵢ, value W_vᵢ)
///     output = [head_1, ..., head_n] W_o + b_o
///
/// Shapes: query [batch, queries, embedding], key [batch, keys, keySize], value [batch, keys, valueSize], output [batch, queries, embedding]. The parameters have
/// the names and shapes of PyTorch's `nn.MultiheadAttention`: `in_proj_weight` [3 embedding, embedding] with the rows of queries, keys and values one after
/// another (`q_proj_weight`, `k_proj_weight`, `v_proj_weight` where keys or values have a size of their own), `in_proj_bias`, `out_proj.weight`, `out_proj.bias`.
///
/// Masks: see the parameters of `callAsFunction`. A query that may look at nothing gets the output's bias.
public struct MultiHeadAttention: Layer, Sendable {
    public let embedding: Int, heads: Int, keySize: Int, valueSize: Int
    /// The projections of queries, keys and values, one or three matrices.
    public let inWeights: [Variable]
    public let inBias: Variable?
    public let outProjection: Linear
    /// Acts on the weights; nil for none.
    public let dropout: Dropout?

    /// - Parameters:
    ///   - embedding: The size of queries and outputs; the heads share it.
    ///   - keySize, valueSize: The sizes of keys and values as they come in; nil for `embedding`.
    public init(_ embedding: Int, heads: Int, keySize: Int? = nil, valueSize: Int? = nil, bias: Bool = true, dropout: Double = 0) {
        let name = "MultiHeadAttention(\(embedding), heads: \(heads))"
        if embedding < 1 || heads < 1 || embedding % Swift.max(1, heads) != 0 { stop("\(name): the heads must divide the embedding.") }
        (self.embedding, self.heads, self.keySize, self.valueSize) = (embedding, heads, keySize ?? embedding, valueSize ?? embedding)
        if self.keySize < 1 || self.valueSize < 1 { stop("\(name): keys of size \(self.keySize), values of size \(self.valueSize); both must be at least 1.") }
        let place = "MultiHeadAttention: it takes queries of size \(embedding)"
        if self.keySize == embedding, self.valueSize == embedding {
            inWeights = [.parameter([3 * embedding, embedding], .xavierUniform(), of: place)]
        } else {
            inWeights = [embedding, self.keySize, self.valueSize].map { .parameter([embedding, $0], .xavierUniform(), of: place) }
        }
        inBias = bias ? .parameter([3 * embedding], .zeros, of: place) : nil
        let bound = 1 / Double(embedding).squareRoot()
        outProjection = Linear(embedding, embedding, bias: bias, initializer: .uniform(-bound..<bound))
        self.dropout = dropout == 0 ? nil : Dropout(dropout)
    }

    public var children: [(name: String, value: Any)] {
        let names = inWeights.count == 1 ? ["in_proj_weight"] : ["q_proj_weight", "k_proj_weight", "v_proj_weight"]
        return zip(names, inWeights).map { ($0, $1) } + [("in_proj_bias", inBias as Any), ("out_proj", outProjection), ("dropout", dropout as Any)]
    }

    /// The size of a head.
    public var headSize: Int { embedding / heads }

    /// Self-attention without a mask.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, x, x, mask: nil) }

    /// Self-attention: queries, keys and values are all made of x. The parameters are those of the general form.
    public func callAsFunction(
        _ x: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false, rotary: RotaryPosition? = nil
    ) -> Tensor {
        self(x, x, x, mask: mask, keyMask: keyMask, keyLengths: keyLengths, causal: causal, rotary: rotary)
    }

    /// The output for queries, keys and values. Where they are the same tensor, their projections are one product.
    ///
    /// - Parameters:
    ///   - mask: [queries, keys], [batch, queries, keys], or [batch, heads, queries, keys]; bool, true where a query may look at a key, or floating, added to the
    ///     scores. (PyTorch's boolean `attn_mask` means the opposite.)
    ///   - keyMask: bool [batch, keys], true at real keys. (PyTorch's `key_padding_mask` means the opposite.)
    ///   - keyLengths: integers [batch]: the number of real keys, the first ones of each sequence. See also `paddingMask`.
    ///   - causal: See `scaledDotProductAttention`.
    ///   - rotary: Turns queries and keys by their positions.
    public func callAsFunction(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false,
        rotary: RotaryPosition? = nil
    ) -> Tensor {
        inModule {
            let (q, k, v) = projections(query, key, value, rotary, .fixed(0))
            let merged = mergedMask(mask, keyMask: keyMask, keyLengths: keyLengths, keys: k.shape[2])
            return output(scaledDotProductAttention(q, k, v, mask: merged, causal: causal, dropout: dropout))
        }
    }

    /// The output, and the weights of each head, [batch, heads, queries, keys], as they are without dropout: for pictures. Memory grows with queries times keys.
    ///
    /// The parameters are those of `callAsFunction`.
    public func withWeights(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false,
        rotary: RotaryPosition? = nil
    ) -> (output: Tensor, weights: Tensor) {
        inModule {
            let (q, k, v) = projections(query, key, value, rotary, .fixed(0))
            let weights = attentionWeights(q, k, mask: mergedMask(mask, keyMask: keyMask, keyLengths: keyLengths, keys: k.shape[2]), causal: causal)
            return (output((dropout.map { $0(weights) } ?? weights).matmul(v)), weights)
        }
    }

    // MARK: Decoding

    /// An empty cache for self-attention.
    ///
    /// - Parameter capacity: The largest number of steps.
    public func cache(batch: Int, capacity: Int) -> KeyValueCache {
        KeyValueCache(batch: batch, heads: heads, capacity: capacity, size: headSize, dtype: inWeights[0].dtype)
    }

    /// The keys and values of a whole sequence, such as an encoder's output, for `attend`.
    ///
    /// Shapes: key [batch, keys, keySize], value [batch, keys, valueSize].
    public func cache(of key: Tensor, _ value: Tensor) -> KeyValueCache {
        inModule {
            let (k, v) = keysAndValues(key, value)
            return KeyValueCache(keys: k, values: v)
        }
    }

    /// Causal self-attention for the next steps: their keys and values go into the cache, and they look at all steps so far.
    ///
    /// Shapes: x [batch, steps, embedding], output as x.
    ///
    /// - Parameter rotary: Turns queries and keys by their positions, counted from the cache's length.
    public func step(_ x: Tensor, _ cache: KeyValueCache, rotary: RotaryPosition? = nil) -> (output: Tensor, cache: KeyValueCache) {
        inModule {
            let (q, k, v) = projections(x, x, x, rotary, .computed(cache.length))
            let next = cache.updated(keys: k, values: v)
            return (output(scaledDotProductAttention(q, next.keys, next.values, mask: next.mask(queries: q.shape[2]))), next)
        }
    }

    /// Attention to keys and values that were projected before, by `cache(of:_:)`. The parameters are those of `callAsFunction`.
    public func attend(_ query: Tensor, to cache: KeyValueCache, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil) -> Tensor {
        attendWithWeights(query, to: cache, mask: mask, keyMask: keyMask, keyLengths: keyLengths).output
    }

    /// The same, and the weights of each head, [batch, heads, queries, keys], which cost nothing where they are not used.
    public func attendWithWeights(
        _ query: Tensor, to cache: KeyValueCache, mask: Tensor? = nil, keyMask: Tensor? = nil, keyLengths: Tensor? = nil
    ) -> (output: Tensor, weights: Tensor) {
        inModule {
            let q = heads(projected(query, 0..<1, "queries"))
            let merged = mergedMask(mask, keyMask: keyMask, keyLengths: keyLengths, keys: cache.capacity)
            let attended = scaledDotProductAttention(q, cache.keys, cache.values, mask: merged, dropout: dropout)
            return (output(attended), attentionWeights(q, cache.keys, mask: merged))
        }
    }

    // MARK: Parts

    func inModule<Result>(_ body: () -> Result) -> Result { Scope.inModule(of: inWeights[0], body) }

    /// Queries, keys and values by heads: [batch, heads, length, size].
    func projections(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ rotary: RotaryPosition?, _ offset: PositionOffset
    ) -> (q: Tensor, k: Tensor, v: Tensor) {
        let isSelf = query.key == key.key && key.key == value.key && inWeights.count == 1
        let q: Tensor, k: Tensor, v: Tensor
        if isSelf {
            let parts = projected(query, 0..<3, "sequences").split(into: 3, axis: -1)
            (q, k, v) = (heads(parts[0]), heads(parts[1]), heads(parts[2]))
        } else {
            q = heads(projected(query, 0..<1, "queries"))
            (k, v) = keysAndValues(key, value)
        }
        if q.shape[0] != k.shape[0] { raise("MultiHeadAttention: \(q.shape[0]) sequences of queries and \(k.shape[0]) of keys; the batch must be equal.") }
        return rotary.map { ($0.turned(q, offset), $0.turned(k, offset), v) } ?? (q, k, v)
    }

    private func keysAndValues(_ key: Tensor, _ value: Tensor) -> (k: Tensor, v: Tensor) {
        if key.rank == 3, value.rank == 3, key.shape[..<2] != value.shape[..<2] {
            raise("MultiHeadAttention: keys \(key.shape) and values \(value.shape); there must be a value for each key.")
        }
        if key.key == value.key, inWeights.count == 1 {
            let parts = projected(key, 1..<3, "keys").split(into: 2, axis: -1)
            return (heads(parts[0]), heads(parts[1]))
        }
        return (heads(projected(key, 1..<2, "keys")), heads(projected(value, 2..<3, "values")))
    }

    /// One product with the projections of the given numbers: 0 for queries, 1 for keys, 2 for values.
    private func projected(_ x: Tensor, _ numbers: Range<Int>, _ what: String) -> Tensor {
        let rows = numbers.lowerBound * embedding..<numbers.upperBound * embedding
        let weight = inWeights.count == 1 ? inWeights[0].value.slice(axis: 0, rows) : inWeights[numbers.lowerBound].value
        guard x.rank == 3, x.shape[2] == weight.shape[1] else {
            let sentence = "MultiHeadAttention(\(embedding), heads: \(heads)): \(what) have shape \(x.shape); they must be [batch, length, \(weight.shape[1])]."
            return standIn(sentence, [x.rank > 1 ? x.shape[0] : 1, x.rank > 1 ? x.shape[1] : 1, weight.shape[0]], x.dtype)
        }
        let y = x.product(with: weight)
        return inBias.map { y + $0.value.slice(axis: 0, rows) } ?? y
    }

    /// [batch, length, embedding] to [batch, heads, length, size].
    private func heads(_ x: Tensor) -> Tensor { x.reshaped(to: [x.shape[0], x.shape[1], heads, headSize]).transposed(0, 2, 1, 3) }

    /// [batch, heads, length, size] to the output.
    func output(_ y: Tensor) -> Tensor { outProjection(y.transposed(0, 2, 1, 3).reshaped(to: [y.shape[0], y.shape[2], embedding])) }

    private func mergedMask(_ mask: Tensor?, keyMask: Tensor?, keyLengths: Tensor?, keys: Int) -> Tensor? {
        var visible: Tensor?
        if let keyMask {
            visible = keyMask
            if keyMask.rank != 2 || keyMask.dtype != .bool || keyMask.shape[1] != keys {
                visible = standIn("MultiHeadAttention: keyMask is \(keyMask.type); it must be bool [batch, \(keys)], true at real keys.", [1, keys], .bool)
            }
        }
        if let keyLengths {
            let real = paddingMask(lengths: keyLengths, count: keys)
            visible = visible.map { $0.and(real) } ?? real
        }
        let byKey = visible.map { $0.reshaped(to: [$0.shape[0], 1, 1, keys]) }
        guard let mask else { return byKey }
        if mask.rank < 2 || mask.rank > 4 {
            raise("MultiHeadAttention: the mask has shape \(mask.shape); it must be [queries, keys], [batch, queries, keys], or [batch, heads, queries, keys].")
            return byKey
        }
        let full = mask.rank == 3 ? mask.expanded(axis: 1) : mask
        guard let byKey else { return full }
        if full.dtype == .bool { return full.and(byKey) }
        return .where(byKey, full, Tensor.full([], -.infinity, dtype: full.dtype))
    }
}
