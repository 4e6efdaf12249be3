// Elements replaced at places that are only known when they are computed, and places of triangles.

extension Tensor {
    /// This tensor with `values` along an axis at the places that `numbers` gives: `out[i, numbers[i, j]] = values[i, j]`. `numbers` (integers, negative from the
    /// end) has this tensor's shape but for that axis; `values` has the shape of `numbers`, or stretches to it. Where a place occurs twice, the last value stays.
    ///
    /// What is replaced has derivative 0, and so have values that did not stay. A number outside the axis stops the program when it runs.
    public func replacingAlong(_ numbers: Tensor, with values: Tensor, axis: Int = -1) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "replacingAlong")
            var expected = shape
            if numbers.rank == rank { expected[axis] = numbers.shape[axis] }
            guard numbers.shape == expected else {
                throw ShapeError("replacingAlong: numbers \(numbers.shape) beside \(shape): all axes but axis \(axis) must be equal.")
            }
            let size = shape[axis], count = numbers.shape[axis]
            let values = values.cast(to: dtype).broadcast(to: numbers.shape)
            let checked = numbers.checked(as: IndexUse("replacingAlong"), size: size)
            let places = Tensor.where(checked .< Tensor(0, like: checked), checked + Double(size), checked)
            guard count > 0 else { return self }
            // The last of those that want one place: in stable order its successor wants another.
            let order = places.argsort(axis: axis), sorted = places.gatheredAlong(checked: order, axis: axis)
            let differs = sorted.slice(axis: axis, 1..<count) .!= sorted.slice(axis: axis, 0..<(count - 1))
            let isLast = differs.cast(to: .uint8).padded(shape.indices.map { (0, $0 == axis ? 1 : 0) }, with: 1)
            let stays = isLast.gatheredAlong(checked: order.argsort(axis: axis), axis: axis)
            // Others go to a place behind the end, which is cut off.
            let targets = Tensor.where(stays.cast(to: .bool), places, Tensor(Double(size), like: places))
            func spread(_ x: Tensor) -> Tensor { applySingle(ScatterAddAlong(axis: axis, size: size + 1), x, targets).slice(axis: axis, 0..<size) }
            let isReplaced = spread(stays).cast(to: .bool)
            return Tensor.where(isReplaced, spread(dtype == .bool ? values.cast(to: .uint8) : values).cast(to: dtype), self)
        } catch { return standIn(error, like: self) }
    }

    /// This tensor with members of an axis replaced: member `numbers[j]` (integers, negative from the end) by part j of `values` along that axis. `values` has this
    /// tensor's shape but for the axis, or stretches to it. Where a number occurs twice, the last part stays.
    public func replacing(_ numbers: Tensor, with values: Tensor, axis: Int = 0) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "replacing")
            guard numbers.rank == 1 else { throw ShapeError("replacing: numbers of shape \(numbers.shape); a vector is needed.") }
            var shape = self.shape
            shape[axis] = numbers.count
            return replacingAlong(applySingle(Broadcast(shape, axes: [axis]), numbers), with: values.broadcast(to: shape), axis: axis)
        } catch { return standIn(error, like: self) }
    }

    /// `condition ? a : b` with a number for all elements, of the tensor's type; float32 if that can't hold it.
    public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Double) -> Tensor { `where`(condition, a, a.number(b)) }
    /// The same with a number where the condition is true.
    public static func `where`(_ condition: Tensor, _ a: Double, _ b: Tensor) -> Tensor { `where`(condition, b.number(a), b) }
    private func number(_ value: Double) -> Tensor {
        let fits = dtype.isFloating || dtype.isStorageOnly || (dtype != .bool && ScalarBits(value, dtype).value == value)
        return .full([], value, dtype: fits ? dtype : .float32)
    }

    /// The first true condition decides which of the choices an element comes from; the last argument, where none is true. Shapes broadcast.
    public static func select(_ conditions: [Tensor], _ choices: [Tensor], otherwise: Tensor) -> Tensor {
        guard conditions.count == choices.count else { return standIn("select: \(conditions.count) conditions for \(choices.count) choices.", like: otherwise) }
        return zip(conditions, choices).reversed().reduce(otherwise) { Tensor.where($1.0, $1.1, $0) }
    }

    /// The rows and columns, int64, of the places on and below a diagonal of a matrix [rows, columns], `offset` to the right of the main one.
    public static func lowerTrianglePlaces(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> (rows: Tensor, columns: Tensor) {
        places(rows, columns ?? rows) { $1 <= $0 + offset }
    }
    /// The rows and columns, int64, of the places on and above a diagonal of a matrix [rows, columns], `offset` to the right of the main one.
    public static func upperTrianglePlaces(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> (rows: Tensor, columns: Tensor) {
        places(rows, columns ?? rows) { $1 >= $0 + offset }
    }
    private static func places(_ rows: Int, _ columns: Int, _ isIn: (Int, Int) -> Bool) -> (rows: Tensor, columns: Tensor) {
        if rows < 0 || columns < 0 { raise("trianglePlaces: a matrix of \(rows) x \(columns); sizes must not be negative.") }
        let all = (0..<Swift.max(rows, 0)).flatMap { row in (0..<Swift.max(columns, 0)).filter { isIn(row, $0) }.map { (row, $0) } }
        return (Tensor(int64: all.map(\.0)), Tensor(int64: all.map(\.1)))
    }
}
