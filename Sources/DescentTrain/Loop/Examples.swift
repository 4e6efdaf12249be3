import DescentCore

/// Training data: inputs and, for each, the target.
public struct Examples: Sendable {
    /// Shape: [count, ...].
    public let inputs: Tensor
    /// Shape: [count, ...].
    public let targets: Tensor
    /// The number of examples.
    public var count: Int { inputs.shape[0] }

    /// - Precondition: both have the same number of rows.
    public init(inputs: Tensor, targets: Tensor) {
        guard let count = inputs.shape.first, count == targets.shape.first else {
            stop("Examples: inputs have shape \(inputs.shape), targets \(targets.shape); the first axis of both counts the examples.")
        }
        self.inputs = inputs
        self.targets = targets
    }

    /// Some of the examples, in the order given.
    public func batch(_ rows: ArraySlice<Int>) -> (inputs: Tensor, targets: Tensor) {
        (Self.gather(inputs, rows), Self.gather(targets, rows))
    }

    /// Copies whole rows: a batch of any element type costs its bytes.
    static func gather(_ source: Tensor, _ rows: ArraySlice<Int>) -> Tensor {
        let shape = source.shape.dropFirst()
        let rowBytes = shape.reduce(source.dtype.byteCount, *)
        return source.withUnsafeBytes { bytes in
            Tensor(shape: [rows.count] + shape, dtype: source.dtype) { memory in
                guard rowBytes > 0, let from = bytes.baseAddress, let to = memory.baseAddress else { return }
                for (place, row) in rows.enumerated() {
                    (to + place * rowBytes).copyMemory(from: from + row * rowBytes, byteCount: rowBytes)
                }
            }
        }
    }

    /// The sizes of the batches that a number of examples is divided into: as few as possible, none larger than `limit`, all nearly
    /// equal. So there are at most two sizes, and no small rest that would count as much as a whole batch.
    package static func batchSizes(count: Int, limit: Int) -> [Int] {
        let batches = (count + limit - 1) / limit
        return (0..<batches).map { count / batches + ($0 < count % batches ? 1 : 0) }
    }
}
