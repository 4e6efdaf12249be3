import DescentCore

/// Attention over blocks of keys, one after another, with memory for the scores of one block.
///
/// Forward, each query keeps its largest score so far, the sum of exponentials and the sum of values, both measured from that score (Milakov and
/// Gimelshein 2018). Backward, a block's weights are computed again from the logarithm of the whole sum (Dao et al. 2022, algorithm 4).
///
/// Both loops carry what all steps read (the queries, the output's gradient), and the last of what each step gives. So the compiler takes nothing
/// out of them: a product of slices and constants alone, or one that no later step needs, would be computed for all blocks at once, with all scores
/// in memory.
struct BlockedAttention {
    let keys: Int, block: Int
    /// Query i sees the keys up to i + offset; nil: all.
    let causalOffset: Int?

    private var count: Int { (keys + block - 1) / block }

    /// - Parameters:
    ///   - q: [..., queries, size].
    ///   - k: Scaled.
    ///   - mask: bool, or nil.
    func callAsFunction(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?) -> Tensor {
        let leading: [Int]
        do {
            leading = try broadcastShape(
                try broadcastShape(Array(q.shape.dropLast(2)), Array(k.shape.dropLast(2)), for: "scaledDotProductAttention"), Array(v.shape.dropLast(2)),
                for: "scaledDotProductAttention")
        } catch { return standIn(error, like: q) }
        func whole(_ x: Tensor) -> Tensor { x.broadcast(to: leading + x.shape.suffix(2)) }
        // The mask as numbers: an input of the derivative's rule, whose slope is 0.
        let inputs = [whole(q), whole(k), whole(v)] + (mask.map { [$0.cast(to: q.dtype)] } ?? [])
        let attend = customDerivative(of: forward, vjp: backward)
        return attend(inputs)[.rest, 0..<v.shape[v.rank - 1]]
    }

    /// The output, and in a last column the logarithm of each query's sum.
    private func forward(_ inputs: [Tensor]) -> Tensor {
        let q = inputs[0], v = inputs[2]
        let rows = Array(q.shape.dropLast()), hidden = AttentionScores.hidden
        let start = [
            q, Tensor.full(rows + [1], hidden, dtype: q.dtype), .zeros(rows + [1], dtype: q.dtype), .zeros(rows + [v.shape[v.rank - 1]], dtype: q.dtype),
        ]
        let (end, _) = scan(start, over: slices(inputs)) { carry, slices -> ([Tensor], [Tensor]) in
            let (q, largest, sum, values) = (carry[0], carry[1], carry[2], carry[3])
            let scores = visible(q.matmul(slices[1].swappingAxes(-1, -2)), slices)
            let next = maximum(largest, scores.max(axis: -1, keepingAxis: true))
            let kept = exp(largest - next), exponentials = exp(scores - next)
            return ([q, next, sum * kept + exponentials.sum(axis: -1, keepingAxis: true), values * kept + exponentials.matmul(slices[2])], [])
        }
        let seesNothing = end[1] .<= hidden / 2
        let output = end[3] * Tensor.where(seesNothing, Tensor(0, like: end[2]), 1 / end[2])
        return .concatenate([output, .where(seesNothing, Tensor(-hidden, like: end[1]), end[1] + log(end[2]))], axis: -1)
    }

    /// With p the weights, y the output and g its gradient: dv = pᵀ g, ds = p (g vᵀ - Σ g y), dq = ds k, dk = dsᵀ q. What comes for the logarithm of a sum
    /// (from a second derivative) adds p times itself to ds.
    private func backward(_ inputs: [Tensor], _ output: Tensor, _ cotangent: Tensor) -> [Tensor] {
        let (q, k, v) = (inputs[0], inputs[1], inputs[2]), width = v.shape[v.rank - 1]
        func parts(_ x: Tensor) -> (Tensor, Tensor) { (x[.rest, 0..<width], x[.rest, width..<(width + 1)]) }
        let (y, logSum) = parts(output), (g, ofLogSum) = parts(cotangent)
        let shift = (g * y).sum(axis: -1, keepingAxis: true) - ofLogSum
        let zeros = { (x: Tensor) in Tensor.zeros(x.shape.dropLast(2) + [block, x.shape[x.rank - 1]], dtype: x.dtype) }
        let (end, all) = scan([q, g, Tensor(0, like: q), zeros(k), zeros(v)], over: slices(inputs)) { carry, slices -> ([Tensor], [Tensor]) in
            let (q, g, dq) = (carry[0], carry[1], carry[2])
            let weights = exp(visible(q.matmul(slices[1].swappingAxes(-1, -2)), slices) - logSum)
            let opposite = weights * (shift - g.matmul(slices[2].swappingAxes(-1, -2)))
            let dk = -opposite.swappingAxes(-1, -2).matmul(q), dv = weights.swappingAxes(-1, -2).matmul(g)
            return ([q, g, dq - opposite.matmul(slices[1]), dk, dv], [dk, dv])
        }
        func joined(_ all: Tensor, _ last: Tensor) -> Tensor {
            let blocks = Tensor.concatenate([all[0..<(count - 1)], last.expanded(axis: 0)]).movingAxis(0, to: -3)
            return blocks.reshaped(to: blocks.shape.dropLast(3) + [count * block, blocks.shape[blocks.rank - 1]]).slice(axis: blocks.rank - 3, 0..<keys)
        }
        return [end[2], joined(all[0], end[3]), joined(all[1], end[4])] + inputs.dropFirst(3).map { Tensor(0, like: $0) }
    }

    /// For each block: the number of its first key, its keys, its values, its part of the mask if that differs from key to key.
    private func slices(_ inputs: [Tensor]) -> [Tensor] {
        func blocks(_ x: Tensor, axis: Int) -> Tensor {
            var sizes = x.shape.map { _ in (before: 0, after: 0) }
            sizes[axis].after = count * block - keys
            let padded = count * block > keys ? x.padded(sizes) : x
            return padded.reshaped(to: x.shape[..<axis] + [count, block] + x.shape[(axis + 1)...]).movingAxis(axis, to: 0)
        }
        var found = [Tensor.arange(count) * Double(block), blocks(inputs[1], axis: inputs[1].rank - 2), blocks(inputs[2], axis: inputs[2].rank - 2)]
        if inputs.count > 3 {
            let mask = inputs[3]
            let isByKey = mask.rank > 0 && mask.shape[mask.rank - 1] == keys
            found.append(isByKey ? blocks(mask, axis: mask.rank - 1) : mask.repeating(count, at: 0))
        }
        return found
    }

    /// The scores of a block, those of hidden keys very low.
    private func visible(_ scores: Tensor, _ slices: [Tensor]) -> Tensor {
        let places = (Tensor.arange(block) + slices[0]).expanded(axis: 0)
        var isVisible: Tensor?
        if let causalOffset { isVisible = places .<= (Tensor.arange(scores.shape[scores.rank - 2]) + Double(causalOffset)).expanded(axis: 1) }
        if count * block > keys, causalOffset.map({ $0 + scores.shape[scores.rank - 2] > keys }) ?? true {
            let isThere = places .< Double(keys)
            isVisible = isVisible.map { $0.and(isThere) } ?? isThere
        }
        if slices.count > 3 {
            let isAllowed = slices[3] .> 0.5
            isVisible = isVisible.map { $0.and(isAllowed) } ?? isAllowed
        }
        return isVisible.map { .where($0, scores, Tensor.full([], AttentionScores.hidden, dtype: scores.dtype)) } ?? scores
    }
}
