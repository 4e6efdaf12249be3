extension Tensor {
    // MARK: From Swift values

    /// A tensor of any scalar type from its elements, row by row. Shape: the given one, or one axis.
    ///
    /// - Precondition: the count of `scalars` is the product of `shape`.
    public static func of<Scalar: TensorScalar>(_ scalars: [Scalar], shape: [Int]? = nil) -> Tensor {
        let type = TensorType(shape ?? [scalars.count], Scalar.dtype)
        guard type.count == scalars.count else {
            return standIn("Tensor: \(scalars.count) values for shape \(type.shape), which needs \(type.count).", type.shape, type.dtype)
        }
        let storage = Storage(byteCount: type.byteCount)
        scalars.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress, type.byteCount > 0 { storage.pointer.copyMemory(from: base, byteCount: type.byteCount) }
        }
        return Tensor(Node(storage, type))
    }

    /// A float32 scalar.
    public init(_ scalar: Float) { self = .of([scalar], shape: []) }
    /// A float32 vector.
    public init(_ values: [Float]) { self = .of(values) }
    /// A float32 tensor of the given shape, from its elements row by row.
    public init(_ values: [Float], shape: [Int]) { self = .of(values, shape: shape) }
    /// A float32 matrix from its rows, which must be equally long.
    public init(_ rows: [[Float]]) { self = Tensor.fromRows(rows) }
    /// A float32 tensor of rank 3.
    public init(_ values: [[[Float]]]) {
        let matrices = values.map { Tensor.fromRows($0) }
        self = matrices.isEmpty ? Tensor.zeros([0, 0, 0]) : Tensor.stack(matrices)
    }
    /// A float64 vector, or tensor of the given shape.
    public init(float64 values: [Double], shape: [Int]? = nil) { self = .of(values, shape: shape) }
    /// A float64 matrix from its rows.
    public init(float64 rows: [[Double]]) { self = Tensor.fromRows(rows) }
    /// An int64 vector, or tensor of the given shape.
    public init(int64 values: [Int], shape: [Int]? = nil) { self = .of(values, shape: shape) }
    /// An int32 vector, or tensor of the given shape.
    public init(int32 values: [Int32], shape: [Int]? = nil) { self = .of(values, shape: shape) }
    /// A uint8 vector, or tensor of the given shape.
    public init(uint8 values: [UInt8], shape: [Int]? = nil) { self = .of(values, shape: shape) }
    /// A bool vector, or tensor of the given shape.
    public init(bool values: [Bool], shape: [Int]? = nil) { self = .of(values, shape: shape) }

    private static func fromRows<Scalar: TensorScalar>(_ rows: [[Scalar]]) -> Tensor {
        let columns = rows.first?.count ?? 0
        for (row, values) in rows.enumerated() where values.count != columns {
            let sentence = "Tensor: row \(row) has \(values.count) values, row 0 has \(columns). Rows must be equally long."
            return standIn(sentence, [rows.count, columns], Scalar.dtype)
        }
        return .of(rows.flatMap { $0 }, shape: [rows.count, columns])
    }

    /// A tensor over memory that you keep, without a copy. The memory must stay valid and unchanged until `onRelease` is called.
    public init(
        borrowing memory: UnsafeMutableRawPointer, shape: [Int], dtype: DType, onRelease: @escaping @Sendable () -> Void
    ) {
        let type = TensorType(shape, dtype)
        self.init(Node(Storage(borrowing: memory, byteCount: type.byteCount, onRelease: onRelease), type))
    }

    /// A tensor filled by the closure, which gets its uninitialised memory.
    public init(shape: [Int], dtype: DType, filling: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        let type = TensorType(shape, dtype)
        let storage = Storage(byteCount: type.byteCount)
        try filling(UnsafeMutableRawBufferPointer(start: storage.pointer, count: type.byteCount))
        self.init(Node(storage, type))
    }

    // MARK: Patterns

    /// One number everywhere.
    public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) -> Tensor {
        if shape.contains(where: { $0 < 0 }) { return standIn("full: a shape of \(shape); sizes must not be negative.", shape, dtype) }
        return Tensor(Node(Fill(shape, ScalarBits(value, dtype)), nil, nil, TensorType(shape, dtype)))
    }
    /// Zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 0, dtype: dtype) }
    /// Ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 1, dtype: dtype) }
    /// One number, in the shape and element type of another tensor.
    public init(_ value: Double, like other: Tensor) { self = .full(other.shape, value, dtype: other.dtype) }

    /// 0, 1, ... count - 1.
    public static func arange(_ count: Int, dtype: DType = .int64) -> Tensor { arange(0, Double(count), dtype: dtype) }
    /// `start`, `start + step`, ... up to but not including `end`.
    public static func arange(_ start: Double, _ end: Double, step: Double = 1, dtype: DType = .float32) -> Tensor {
        if step == 0 { return standIn("arange: a step of 0 never gets from \(start) to \(end).", [0], dtype) }
        let count = Swift.max(0, Int(((end - start) / step).rounded(.up)))
        return ramp(count, start: start, step: step, dtype)
    }
    /// `count` numbers from `start` to `end`, both included, evenly spaced.
    public static func linspace(_ start: Double, _ end: Double, count: Int, dtype: DType = .float32) -> Tensor {
        ramp(count, start: start, step: count > 1 ? (end - start) / Double(count - 1) : 0, dtype)
    }
    /// What is only stored is made in float32.
    private static func ramp(_ count: Int, start: Double, step: Double, _ dtype: DType) -> Tensor {
        applySingle(Iota(count, start: start, step: step, dtype: dtype.isStorageOnly ? .float32 : dtype)).cast(to: dtype)
    }
    /// The identity matrix, [size, size].
    public static func eye(_ size: Int, dtype: DType = .float32) -> Tensor {
        let places = Tensor.arange(size)
        let rows = applySingle(Broadcast([size, size], axes: [0]), places)
        return (rows .== applySingle(Broadcast([size, size], axes: [1]), places)).cast(to: dtype)
    }

    /// Ones where the number in the tensor is the place on a new last axis of `classes`; zeros elsewhere.
    public func oneHot(_ classes: Int, dtype: DType = .float32) -> Tensor {
        let shape = self.shape + [classes]
        let numbers = applySingle(Broadcast(shape, axes: Array(0..<rank)), cast(to: .int64))
        return (numbers .== applySingle(Broadcast(shape, axes: [rank]), Tensor.arange(classes))).cast(to: dtype)
    }
}
