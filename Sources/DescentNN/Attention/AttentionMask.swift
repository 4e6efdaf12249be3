import DescentCore

/// Which keys each query may look at when none may look ahead: bool [queries, keys], true where it may.
///
/// Query i sees the keys up to i + offset.
///
/// - Parameter offset: nil for keys - queries, so that the last query sees all keys.
public func causalMask(queries: Int, keys: Int, offset: Int? = nil) -> Tensor {
    if queries < 0 || keys < 0 {
        return standIn("causalMask(queries: \(queries), keys: \(keys)): there can't be fewer than 0.", [queries, keys], .bool)
    }
    let last = Tensor.arange(queries) + Double(offset ?? keys - queries)
    return Tensor.arange(keys).expanded(axis: 0) .<= last.expanded(axis: 1)
}

/// Which places of padded sequences are real: bool [batch, count], true where they are. As `keyMask` of `MultiHeadAttention`, it hides the padding.
///
/// - Parameters:
///   - lengths: Integers [batch].
///   - count: Places of each sequence.
public func paddingMask(lengths: Tensor, count: Int) -> Tensor {
    guard lengths.rank == 1, lengths.dtype.isInteger else {
        return standIn("paddingMask: lengths are \(lengths.type); they must be integers of shape [batch].", [lengths.shape.first ?? 1, count], .bool)
    }
    return Tensor.arange(count).expanded(axis: 0) .< lengths.cast(to: .int64).expanded(axis: 1)
}
