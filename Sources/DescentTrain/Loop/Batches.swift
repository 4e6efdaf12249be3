import DescentCore
import DescentData
import Synchronization

/// Shuffled batches of your own data, for `Trainer`.
///
///     Batches(images, labels, size: 32, seed: 1)                       // tensors in memory
///     Batches(table, encoder, target, size: 32, seed: 1)               // rows of a table
///     Batches(of: files, size: 8, seed: 1) { files in [read(files)] }  // anything else, made ahead on another thread
///
/// Every epoch visits each example once, in an order of its own that depends on the seed and the epoch's number alone: a run can be resumed at
/// any step.
public final class Batches: BatchSource {
    private let make: @Sendable (ArraySlice<Int>) throws -> [Tensor]
    private let sizes: [Int]
    private let seed: Int?
    /// The order of the epoch asked for last.
    private let known = Mutex<(epoch: Int, rows: [Int])?>(nil)
    public let examplesPerEpoch: Int
    /// Whether batches are made ahead on another thread. Of tensors they are not: some rows are copied sooner than they are handed over.
    public let isPreparedAhead: Bool

    /// Batches of tensors: the first axis of each counts the examples.
    ///
    /// - Parameters:
    ///   - size: Batch size; batches are nearly equal (`Examples.batchSizes`).
    ///   - seed: The seed of the orders; `nil` to keep the examples' own order.
    /// - Precondition: all tensors have the same number of examples, at least one.
    public convenience init(_ tensors: Tensor..., size: Int, seed: Int?) { self.init(tensors, size: size, seed: seed) }

    /// The same of a list of tensors.
    public convenience init(_ tensors: [Tensor], size: Int, seed: Int?) {
        let counts = Set(tensors.map { $0.shape.first ?? 0 })
        guard counts.count == 1, let count = counts.first, count >= 1 else {
            stop("Batches: tensors of shapes \(tensors.map(\.shape)); all must have the same number of examples, at least 1.")
        }
        self.init(count: count, size: size, seed: seed, isPreparedAhead: false) { rows in tensors.map { Examples.gather($0, rows) } }
    }

    /// Batches of inputs and targets.
    public convenience init(_ examples: Examples, size: Int, seed: Int?) { self.init([examples.inputs, examples.targets], size: size, seed: seed) }

    /// Batches of a table's rows: features [batch, features], and targets as the losses take them ([batch, 1] for numbers and two classes,
    /// [batch] int32 for more).
    ///
    /// - Parameters:
    ///   - encoder: Turns rows into features; fitted on the training rows.
    ///   - target: Turns the target's cells into numbers or classes.
    ///   - rows: Which rows, from 0; `nil` for all.
    /// - Throws: `DataError` for a cell that does not fit its column.
    public convenience init(_ table: Table, _ encoder: TableEncoder, _ target: TargetEncoder, rows: [Int]? = nil, size: Int, seed: Int?) throws(DataError) {
        let rows = rows ?? Array(0..<table.rowCount)
        if rows.isEmpty { throw DataError(file: table.file, "there are no rows to make batches of") }
        let encoded = try encoder.transform(table, rows: rows)
        let inputs = Tensor(encoded.values, shape: [rows.count, encoded.featureCount])
        let targets: Tensor =
            switch target.task {
            case .regression: Tensor(try target.values(table, rows: rows), shape: [rows.count, 1])
            case .binary: Tensor(try target.labels(table, rows: rows).map { Float($0) }, shape: [rows.count, 1])
            case .multiclass: Tensor(int32: try target.labels(table, rows: rows))
            }
        self.init(inputs, targets, size: size, seed: seed)
    }

    /// Batches of a list of anything: numbers of files, texts, records.
    ///
    /// - Parameter make: Makes a batch's tensors of its elements. It is called ahead of time on another thread.
    /// - Precondition: there is at least one element.
    public convenience init<Element: Sendable>(of elements: [Element], size: Int, seed: Int?, make: @escaping @Sendable ([Element]) throws -> [Tensor]) {
        self.init(count: elements.count, size: size, seed: seed, isPreparedAhead: true) { rows in try make(rows.map { elements[$0] }) }
    }

    private init(count: Int, size: Int, seed: Int?, isPreparedAhead: Bool, make: @escaping @Sendable (ArraySlice<Int>) throws -> [Tensor]) {
        if count < 1 || size < 1 { stop("Batches: \(count) examples in batches of \(size); both must be at least 1.") }
        (self.make, self.seed, self.isPreparedAhead, examplesPerEpoch) = (make, seed, isPreparedAhead, count)
        sizes = Examples.batchSizes(count: count, limit: size)
    }

    public func steps(inEpoch epoch: Int) -> Int { sizes.count }

    public func batch(_ step: Int, ofEpoch epoch: Int) throws -> Batch {
        // Sizes differ by one at most, the larger ones first.
        let larger = examplesPerEpoch % sizes.count
        let first = step * sizes[sizes.count - 1] + Swift.min(step, larger)
        let rows = order(epoch)[first..<first + sizes[step]]
        return Batch(try make(rows), count: sizes[step])
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
