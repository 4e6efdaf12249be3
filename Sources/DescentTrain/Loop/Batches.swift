import DescentCore
import DescentData

/// Shuffled batches of your own data, for `Trainer`.
///
///     Batches(images, labels, size: 32, seed: 1)                       // tensors in memory
///     Batches(table, encoder, target, size: 32, seed: 1)               // rows of a table
///     Batches(of: files, size: 8, seed: 1) { files in [read(files)] }  // anything else, made ahead on another thread
///
/// Every epoch visits each example once, in an order of its own that depends on the seed and the epoch's number alone: a run can be resumed at
/// any step.
public struct Batches: BatchSource {
    private let order: ExampleBatches
    private let make: @Sendable ([Int]) throws -> [Tensor]
    public let isPreparedAhead: Bool

    /// Batches of tensors: the first axis of each counts the examples.
    ///
    /// - Parameters:
    ///   - size: Batch size; batches are nearly equal.
    ///   - seed: The seed of the orders; `nil` to keep the examples' own order.
    /// - Precondition: all tensors have the same number of examples, at least one.
    public init(_ tensors: Tensor..., size: Int, seed: Int?) {
        let counts = Set(tensors.map { $0.shape.first ?? 0 })
        guard counts.count == 1, let count = counts.first, count >= 1 else {
            stop("Batches: tensors of shapes \(tensors.map(\.shape)); all must have the same number of examples, at least 1.")
        }
        self.init(count: count, size: size, seed: seed, isPreparedAhead: false) { rows in tensors.map { Examples.gather($0, rows[...]) } }
    }

    /// Batches of a table's rows: features [batch, features], and targets as the losses take them ([batch, 1] for numbers and two classes,
    /// [batch] int32 for more).
    ///
    /// - Parameters:
    ///   - encoder: Turns rows into features; fitted on the training rows.
    ///   - target: Turns the target's cells into numbers or classes.
    ///   - rows: Which rows, from 0; `nil` for all.
    /// - Throws: `DataError` for a cell that does not fit its column.
    public init(_ table: Table, _ encoder: TableEncoder, _ target: TargetEncoder, rows: [Int]? = nil, size: Int, seed: Int?) throws(DataError) {
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
    public init<Element: Sendable>(of elements: [Element], size: Int, seed: Int?, make: @escaping @Sendable ([Element]) throws -> [Tensor]) {
        self.init(count: elements.count, size: size, seed: seed, isPreparedAhead: true) { rows in try make(rows.map { elements[$0] }) }
    }

    private init(count: Int, size: Int, seed: Int?, isPreparedAhead: Bool, make: @escaping @Sendable ([Int]) throws -> [Tensor]) {
        if count < 1 || size < 1 { stop("Batches: \(count) examples in batches of \(size); both must be at least 1.") }
        order = ExampleBatches([Tensor(int64: Array(0..<count))], batchSize: size, seed: seed)
        self.make = make
        self.isPreparedAhead = isPreparedAhead
    }

    public var examplesPerEpoch: Int { order.examplesPerEpoch }
    public func steps(inEpoch epoch: Int) -> Int { order.steps(inEpoch: epoch) }

    public func batch(_ step: Int, ofEpoch epoch: Int) throws -> Batch {
        let rows = order.batch(step, ofEpoch: epoch).tensors[0].ints
        return Batch(try make(rows), count: rows.count)
    }
}
