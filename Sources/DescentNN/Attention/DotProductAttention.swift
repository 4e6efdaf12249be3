import DescentCore

/// Scaled dot-product attention: each query's average of the values, weighted by how well the query fits each key. Vaswani et al. 2017.
///
///     weights = softmax(scale · q kᵀ, over the keys that the query may look at)
///     output  = weights · v
///
/// Shapes: q [..., queries, size], k [..., keys, size], v [..., keys, valueSize], output [..., queries, valueSize]; leading axes broadcast. As PyTorch's
/// function of this name, with two differences: a query that may look at no key gets 0 (and its gradient is 0), never NaN; and where
/// there are fewer queries than keys, `causal` counts the queries from the end.
///
/// Where queries times keys are many, the keys are taken in blocks, with each query's largest score and sum kept up to date from block to block; the
/// backward pass computes each block's weights again (Milakov and Gimelshein 2018, Rabe and Staats 2021, Dao et al. 2022). Memory then grows with queries
/// and keys, not with their product. Such a call has reverse derivatives of any order; forward mode (`jvp`, `hessian`) stops with a sentence: give it
/// `keyBlock: keys`.
///
/// - Parameters:
///   - mask: Broadcasts to [..., queries, keys]. Booleans: true where the query may look at the key. Floating numbers: added to the scores, -infinity
///     hides a key; they are learned if they are made of parameters, and are never taken in blocks.
///   - causal: The last query sees all keys, the one before it all but the last, and so on: query i sees the keys up to i + keys - queries. So a step
///     of decoding, one query over all keys so far, needs no other setting than a whole sequence. Together with a mask, both must allow a key.
///   - scale: nil for 1/√size.
///   - dropout: Acts on the weights, which are then not taken in blocks while training.
///   - keyBlock: Keys in a block; nil to choose by the sizes. As many as there are, or more: one block, and nothing is computed twice.
/// - Precondition: the shapes fit; a sentence says which do not.
public func scaledDotProductAttention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor? = nil, causal: Bool = false, scale: Double? = nil, dropout: Dropout? = nil, keyBlock: Int? = nil
) -> Tensor {
    guard attentionShapesFit(q, k, v, mask) else { return standIn(like: q) }
    let queries = q.shape[q.rank - 2], keys = k.shape[k.rank - 2]
    // The keys take the scale: where they are a part of a wider product's result, this is also the copy that puts them in order.
    let scaled = k.floating * (scale ?? 1 / Double(Swift.max(1, q.shape[q.rank - 1])).squareRoot())
    let block = keyBlock ?? (queries * keys <= keptScores ? Swift.max(1, keys) : 256)
    if block < 1 { return standIn("scaledDotProductAttention: blocks of \(block) keys; a block has at least 1.", like: q) }
    let offset = causal ? keys - queries : nil
    let drops = dropout.map { $0.probability > 0 && $0.isTraining.value } ?? false
    if block >= keys || drops || mask?.dtype.isFloating == true {
        return AttentionScores(q.floating, scaled, mask: mask, causalOffset: offset).weighted(v, dropout)
    }
    return BlockedAttention(keys: keys, block: block, causalOffset: offset)(q.floating, scaled, v, mask: mask)
}

/// Scores of one head up to which the weights are kept and not computed again. Measured forward and back with 8 heads of size 32, causal, one thread: with
/// 1024 places blocks of 256 take 1.45 times the time and half the memory, with 2048 1.7 times the time and a quarter of the memory.
private let keptScores = 1 << 18

/// The weights of `scaledDotProductAttention`, [..., queries, keys]: each query's add up to 1, or are 0 where it may look at nothing.
///
/// The parameters are those of `scaledDotProductAttention`.
public func attentionWeights(_ q: Tensor, _ k: Tensor, mask: Tensor? = nil, causal: Bool = false, scale: Double? = nil) -> Tensor {
    guard attentionShapesFit(q, k, k, mask) else { return standIn(like: q) }
    let queries = q.shape[q.rank - 2], keys = k.shape[k.rank - 2]
    let scaled = k.floating * (scale ?? 1 / Double(Swift.max(1, q.shape[q.rank - 1])).squareRoot())
    let scores = AttentionScores(q.floating, scaled, mask: mask, causalOffset: causal ? keys - queries : nil)
    return scores.exponentials * scores.reciprocals
}

/// The weights of attention before they are divided by their sums. The division is left to what is made of them, which is smaller.
struct AttentionScores {
    /// exp(score - the query's largest), 0 at hidden keys: [..., queries, keys].
    let exponentials: Tensor
    /// One over each query's sum of them, 0 where a query sees no key: [..., queries, 1].
    let reciprocals: Tensor

    /// What hidden keys score: finite, so that no difference of two is NaN, and far below all else.
    static let hidden = -1e30

    /// - Parameters:
    ///   - k: [..., keys, size], scaled.
    ///   - causalOffset: Query i sees the keys up to i + offset; nil: all.
    init(_ q: Tensor, _ k: Tensor, mask: Tensor?, causalOffset: Int?) {
        var scores = q.matmul(k.swappingAxes(-1, -2))
        let queries = scores.shape[scores.rank - 2], keys = scores.shape[scores.rank - 1]
        let floor = Tensor.full([], Self.hidden, dtype: scores.dtype)
        var visible: Tensor?
        if let causalOffset, causalOffset < keys - 1 { visible = causalMask(queries: queries, keys: keys, offset: causalOffset) }
        if let mask {
            if mask.dtype == .bool {
                visible = visible.map { $0.and(mask) } ?? mask
            } else {
                scores = maximum(scores + mask.cast(to: scores.dtype), floor)
            }
        }
        if let visible { scores = .where(visible, scores, floor) }
        guard keys > 0 else {
            (exponentials, reciprocals) = (scores, Tensor.zeros(scores.shape.dropLast() + [1], dtype: scores.dtype))
            return
        }
        let largest = stopGradient(scores.max(axis: -1, keepingAxis: true))
        exponentials = exp(scores - largest)
        let reciprocal = 1 / exponentials.sum(axis: -1, keepingAxis: true)
        // Without a mask each query sees a key, if the first does.
        let seesAll = mask == nil && (causalOffset ?? 0) >= 0
        reciprocals = seesAll ? reciprocal : .where(largest .<= Self.hidden / 2, Tensor(0, like: reciprocal), reciprocal)
    }

    /// The values by their weights.
    func weighted(_ v: Tensor, _ dropout: Dropout?) -> Tensor { (dropout.map { $0(exponentials) } ?? exponentials).matmul(v) * reciprocals }
}

/// Whether they fit each other; what does not is a fault.
private func attentionShapesFit(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?) -> Bool {
    let fault = attentionShapeFault(q, k, v, mask)
    if let fault { raise("scaledDotProductAttention: \(fault)") }
    return fault == nil
}

private func attentionShapeFault(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?) -> String? {
    guard q.rank >= 2, k.rank >= 2, v.rank >= 2 else { return "q \(q.shape), k \(k.shape), v \(v.shape); each must be [..., length, size]." }
    if q.shape[q.rank - 1] != k.shape[k.rank - 1] {
        return "queries of size \(q.shape[q.rank - 1]) and keys of size \(k.shape[k.rank - 1]) (\(q.shape) and \(k.shape)); the sizes must be equal."
    }
    if k.shape[k.rank - 2] != v.shape[v.rank - 2] {
        return "\(k.shape[k.rank - 2]) keys and \(v.shape[v.rank - 2]) values (\(k.shape) and \(v.shape)); there must be a value for each key."
    }
    guard let mask else { return nil }
    if mask.dtype.isInteger { return "the mask is \(mask.type); it must be bool (true: may look) or floating (added to the scores)." }
    let leading = Array((q.rank >= k.rank ? q : k).shape.dropLast(2)), scores = leading + [q.shape[q.rank - 2], k.shape[k.rank - 2]]
    for (size, wanted) in zip(mask.shape.reversed(), scores.reversed()) where size != 1 && size != wanted && wanted != 1 {
        return "a mask of shape \(mask.shape) for scores of shape \(scores); it must broadcast to them."
    }
    return nil
}
