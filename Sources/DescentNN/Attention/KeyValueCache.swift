import DescentCore

/// The keys and values of the steps so far, for decoding step by step without computing them again. Its tensors keep their shapes as steps come, so a
/// compiled decoding step keeps one form.
///
/// Shapes: keys [batch, heads, capacity, size], values [batch, heads, capacity, valueSize], length one int64: places from it on are not yet filled.
public struct KeyValueCache: TensorGroup, Sendable {
    public var keys: Tensor
    public var values: Tensor
    /// The number of steps held.
    public var length: Tensor

    /// A cache of the given content.
    ///
    /// - Parameter length: nil if all places are filled.
    public init(keys: Tensor, values: Tensor, length: Tensor? = nil) {
        guard keys.rank == 4, values.rank == 4, keys.shape[..<3] == values.shape[..<3] else {
            stop("KeyValueCache: keys \(keys.shape) and values \(values.shape); both must be [batch, heads, capacity, size], the first three axes equal.")
        }
        (self.keys, self.values) = (keys, values)
        self.length = length ?? Tensor(int64: [keys.shape[2]], shape: [])
    }

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - capacity: The largest number of steps.
    ///   - valueSize: nil for the keys' size.
    public init(batch: Int, heads: Int, capacity: Int, size: Int, valueSize: Int? = nil, dtype: DType = .float32) {
        if batch < 1 || heads < 1 || capacity < 1 || size < 1 { stop("KeyValueCache: \(batch) x \(heads) x \(capacity) x \(size); each must be at least 1.") }
        self.init(
            keys: .zeros([batch, heads, capacity, size], dtype: dtype), values: .zeros([batch, heads, capacity, valueSize ?? size], dtype: dtype),
            length: Tensor(int64: [0], shape: []))
    }

    public var capacity: Int { keys.shape[2] }

    public var tensors: [Tensor] { [keys, values, length] }
    public func rebuilt(from reader: TensorReader) -> KeyValueCache {
        let keys = reader.next(), values = reader.next()
        return KeyValueCache(unchecked: keys, values, reader.next())
    }

    /// Under `vmap` and `scan` the tensors have an axis more.
    private init(unchecked keys: Tensor, _ values: Tensor, _ length: Tensor) { (self.keys, self.values, self.length) = (keys, values, length) }

    /// The cache with one or several steps more.
    ///
    /// Shapes: keys [batch, heads, steps, size], values [batch, heads, steps, valueSize]. A step beyond the capacity stops the program when it runs.
    public func updated(keys newKeys: Tensor, values newValues: Tensor) -> KeyValueCache {
        let steps = newKeys.rank == 4 ? newKeys.shape[2] : 0
        guard newKeys.rank == 4, newValues.rank == 4, newKeys.shape == keys.shape.replacing(at: 2, by: steps), newValues.shape == values.shape.replacing(at: 2, by: steps),
            (1...capacity).contains(steps)
        else {
            stop("KeyValueCache.updated: keys \(newKeys.shape) and values \(newValues.shape) for a cache of \(keys.shape) and \(values.shape); all but the number of steps must be equal.")
        }
        // A gather finds a place outside its axis: the new length is looked up.
        let after = (Tensor.arange(capacity) + 1).gathered(length + Double(steps - 1))
        let places = Tensor.arange(capacity) - length
        let isNew = (places .>= 0).and(places .< Double(steps)).expanded(axis: 1)
        let sources = minimum(maximum(places, Tensor(0, like: places)), Tensor(Double(steps - 1), like: places))
        func written(_ old: Tensor, _ new: Tensor) -> Tensor {
            .where(isNew, steps == 1 ? new.broadcast(to: old.shape) : new.gathered(sources, axis: 2), old)
        }
        return KeyValueCache(keys: written(keys, newKeys), values: written(values, newValues), length: after)
    }

    /// Which keys each of the last `queries` steps may look at: bool [queries, capacity]. None looks ahead, nor at a place that is not filled.
    public func mask(queries: Int) -> Tensor {
        let last = Tensor.arange(queries) + (length - Double(queries))
        return Tensor.arange(capacity).expanded(axis: 0) .<= last.expanded(axis: 1)
    }

    /// The rows of the batch in another order, or some of them several times: for the beams of a search that go on.
    ///
    /// - Parameter rows: int64 [new batch].
    public func gathered(_ rows: Tensor) -> KeyValueCache { KeyValueCache(keys: keys.gathered(rows), values: values.gathered(rows), length: length) }
}

extension Array where Element == KeyValueCache {
    /// The rows of the batch of all caches: see `KeyValueCache.gathered`.
    public func gathered(_ rows: Tensor) -> [KeyValueCache] { map { $0.gathered(rows) } }
}

extension Array where Element == Int {
    fileprivate func replacing(at place: Int, by size: Int) -> [Int] {
        var copy = self
        copy[place] = size
        return copy
    }
}
