import DescentCore
import DescentData
import Synchronization

/// Batches of examples that are all in memory. Each epoch visits every example once, in an order of its own that depends on the seed and the
/// epoch's number alone.
public final class ExampleBatches: BatchSource {
    private let tensors: [Tensor]
    private let sizes: [Int]
    private let seed: Int?
    /// The order of the epoch asked for last.
    private let known = Mutex<(epoch: Int, rows: [Int])?>(nil)

    /// Batches of inputs and targets.
    ///
    /// - Parameters:
    ///   - examples: At least one.
    ///   - batchSize: The most examples of a batch; batches are nearly equal (`Examples.batchSizes`).
    ///   - seed: What the orders are drawn from; `nil` to keep the examples' own order.
    public convenience init(_ examples: Examples, batchSize: Int, seed: Int?) {
        self.init([examples.inputs, examples.targets], batchSize: batchSize, seed: seed)
    }

    /// Batches of several tensors, the first axis of each counting the examples.
    ///
    /// - Parameters: as above.
    public init(_ tensors: [Tensor], batchSize: Int, seed: Int?) {
        let counts = Set(tensors.map { $0.shape.first ?? 0 })
        guard counts.count == 1, let count = counts.first, count >= 1, batchSize >= 1 else {
            stop("ExampleBatches: tensors of shapes \(tensors.map(\.shape)) in batches of \(batchSize); all must have the same number of examples, and both numbers be at least 1.")
        }
        self.tensors = tensors
        self.seed = seed
        examplesPerEpoch = count
        sizes = Examples.batchSizes(count: count, limit: batchSize)
    }

    public let examplesPerEpoch: Int

    /// False: some rows are copied sooner than they are handed from thread to thread.
    public var isPreparedAhead: Bool { false }

    public func steps(inEpoch epoch: Int) -> Int { sizes.count }

    public func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        // Sizes differ by one at most, the larger ones first.
        let larger = examplesPerEpoch % sizes.count
        let first = step * sizes[sizes.count - 1] + Swift.min(step, larger)
        let rows = order(epoch)[first..<first + sizes[step]]
        return Batch(tensors.map { Examples.gather($0, rows) }, count: sizes[step])
    }

    private func order(_ epoch: Int) -> [Int] {
        guard let seed else { return known.withLock { Self.kept(&$0, 1) { Array(0..<self.examplesPerEpoch) } } }
        return known.withLock { known in
            Self.kept(&known, epoch) {
                var rows = Array(0..<self.examplesPerEpoch)
                var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
                var random = SplitMix64(seed: seeds.next() ^ UInt64(bitPattern: Int64(epoch)))
                random.shuffle(&rows)
                return rows
            }
        }
    }

    private static func kept(_ known: inout (epoch: Int, rows: [Int])?, _ epoch: Int, _ make: () -> [Int]) -> [Int] {
        if let known, known.epoch == epoch { return known.rows }
        let rows = make()
        known = (epoch, rows)
        return rows
    }
}
