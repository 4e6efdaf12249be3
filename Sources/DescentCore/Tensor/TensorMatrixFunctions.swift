// Products of tensors, diagonals and functions of matrices beside those of TensorProducts.swift and TensorLinearAlgebra.swift.

extension Tensor {
    // MARK: Products

    /// The sums of products over the last `axes` axes of this tensor and the first `axes` of the other.
    public func tensordot(_ other: Tensor, axes: Int = 2) -> Tensor {
        guard axes >= 0, axes <= Swift.min(rank, other.rank) else {
            return standIn("tensordot: \(axes) axes of \(shape) and \(other.shape); both must have as many.", [])
        }
        return tensordot(other, axes: Array((rank - axes)..<rank), Array(0..<axes))
    }

    /// The sums of products over pairs of axes, the first of this tensor with the first of the other and so on. The result has the other axes of this tensor, then
    /// those of the other.
    public func tensordot(_ other: Tensor, axes: [Int], _ otherAxes: [Int]) -> Tensor {
        do {
            let left = try normalizedAxes(axes, rank: rank, for: "tensordot"), right = try normalizedAxes(otherAxes, rank: other.rank, for: "tensordot")
            guard left.count == right.count else { throw ShapeError("tensordot: axes \(axes) and \(otherAxes); there must be as many of both.") }
            for (i, j) in zip(left, right) where shape[i] != other.shape[j] {
                throw ShapeError("tensordot: axis \(i) of \(shape) and axis \(j) of \(other.shape) have sizes \(shape[i]) and \(other.shape[j]); they must be equal.")
            }
            let promoted = DType.promoted(dtype, other.dtype), common = promoted == .bool ? .int32 : promoted
            return applySingle(Product(ProductDimensions(leftContracted: left, rightContracted: right)), cast(to: common), other.cast(to: common))
        } catch { return standIn(error, like: self) }
    }

    /// The sums of products along an axis (of the shapes broadcast together), which is dropped.
    public func vecdot(_ other: Tensor, axis: Int = -1) -> Tensor { (self * other).sum(axis: axis) }

    /// The cross product of vectors of three elements along an axis; shapes broadcast.
    public func cross(_ other: Tensor, axis: Int = -1) -> Tensor {
        do {
            let shape = try broadcastShape(self.shape, other.shape, for: "cross"), axis = try normalizedAxis(axis, rank: shape.count, for: "cross")
            guard shape[axis] == 3 else { throw ShapeError("cross: axis \(axis) of \(shape) has size \(shape[axis]); it must be 3.") }
            let a = broadcast(to: shape), b = other.broadcast(to: shape)
            return a.rolled(-1, axis: axis) * b.rolled(1, axis: axis) - a.rolled(1, axis: axis) * b.rolled(-1, axis: axis)
        } catch { return standIn(error, like: self) }
    }

    /// Kronecker's product: each element of this tensor times the whole other one, in its place.
    public func kron(_ other: Tensor) -> Tensor {
        let rank = Swift.max(self.rank, other.rank)
        let a = [Int](repeating: 1, count: rank - self.rank) + shape, b = [Int](repeating: 1, count: rank - other.rank) + other.shape
        let left = reshaped(to: a.flatMap { [$0, 1] }), right = other.reshaped(to: b.flatMap { [1, $0] })
        return (left * right).reshaped(to: zip(a, b).map { $0 * $1 })
    }

    /// The distances between all rows of this matrix [..., n, d] and all rows of another [..., m, d]: [..., n, m]. Those of equal rows have derivative 0.
    public func pairwiseDistances(to other: Tensor, _ kind: VectorNorm = .two) -> Tensor {
        guard rank >= 2, other.rank >= 2, shape[rank - 1] == other.shape[other.rank - 1] else {
            return standIn("pairwiseDistances: \(shape) and \(other.shape); both must be matrices of rows of one size.", like: floating)
        }
        return (floating.expanded(axis: -2) - other.floating.expanded(axis: -3)).norm(kind)
    }

    /// The powers of each element of this vector, `columns` of them (by default as many as it has elements): the highest first, or with `increasing` the lowest.
    public func vander(columns: Int? = nil, increasing: Bool = false) -> Tensor {
        guard rank == 1 else { return standIn("vander: a tensor of shape \(shape); a vector is needed.", like: self, rank: 2) }
        let columns = columns ?? count
        if columns < 1 { return columns == 0 ? Tensor.zeros([count, 0], dtype: dtype) : standIn("vander: \(columns) columns; there must be 0 or more.", like: self, rank: 2) }
        // Powers by multiplication: exact for integers, and the derivative at 0 is right.
        var powers = [Tensor(1, like: self)]
        for _ in 1..<Swift.max(columns, 1) { powers.append(powers.last! * self) }
        return Tensor.stack(increasing ? powers : powers.reversed(), axis: 1)
    }

    // MARK: Diagonals

    /// The elements of the last two axes on a diagonal, `offset` places to the right of the main one: [..., n].
    public func diagonal(offset: Int) -> Tensor {
        guard rank >= 2 else { return standIn("diagonal: a tensor of shape \(shape) has no last two axes.", like: self) }
        let rows = shape[rank - 2], columns = shape[rank - 1], firstRow = Swift.max(0, -offset), firstColumn = Swift.max(0, offset)
        let length = Swift.max(0, Swift.min(rows - firstRow, columns - firstColumn))
        let places = Tensor.arange(length) * Double(columns + 1) + Double(firstRow * columns + firstColumn)
        return flattened(fromAxis: rank - 2).gathered(checked: places, axis: rank - 2)
    }

    /// The sum of a diagonal of the last two axes, `offset` places to the right of the main one: [...].
    public func trace(offset: Int) -> Tensor { diagonal(offset: offset).sum(axis: -1) }

    /// Square matrices with these vectors [..., n] on a diagonal, `offset` places to the right of the main one, and zeros elsewhere.
    public func diagonalMatrix(offset: Int = 0) -> Tensor {
        guard rank >= 1 else { return standIn("diagonalMatrix: a scalar; a vector is needed.", like: self, rank: 2) }
        let size = shape[rank - 1] + Swift.abs(offset)
        let before = Swift.max(offset, 0)
        let row = padded(shape.indices.map { $0 == rank - 1 ? (before, size - before - shape[rank - 1]) : (0, 0) })
        let isThere = Tensor.arange(size).expanded(axis: 0) .== (Tensor.arange(size).expanded(axis: 1) + Double(offset))
        return Tensor.where(isThere, row.expanded(axis: -2), Tensor(0, like: row.expanded(axis: -2)))
    }

    // MARK: Functions of matrices

    /// Square matrices [..., n, n] multiplied with themselves; a negative power is that of the inverse.
    public func matrixPower(_ power: Int) -> Tensor {
        guard rank >= 2, shape[rank - 1] == shape[rank - 2] else { return standIn("matrixPower: \(shape) is not a square matrix.", like: self, rank: Swift.max(rank, 2)) }
        var base = power < 0 ? inverse() : self, rest = power.magnitude
        var result: Tensor?
        while rest > 0 {
            if rest & 1 == 1 { result = result.map { $0.matmul(base) } ?? base }
            rest >>= 1
            if rest > 0 { base = base.matmul(base) }
        }
        return result ?? Tensor.eye(shape[rank - 1], dtype: dtype).broadcast(to: shape)
    }

    /// The exponential `I + A + A²/2 + A³/6 + ...` of square matrices [..., n, n].
    ///
    /// By a Padé approximation of order 13 of the matrix divided by a power of 2, squared as often again (Higham 2005); matrices of a norm above 10⁵ give NaN.
    public func matrixExponential() -> Tensor {
        guard rank >= 2, shape[rank - 1] == shape[rank - 2] else { return standIn("matrixExponential: \(shape) is not a square matrix.", like: floating, rank: Swift.max(rank, 2)) }
        if shape[rank - 1] == 0 { return floating }
        // How often to halve the matrix until its norm is at most 5.37, where the approximation is exact to float64.
        let most = 15
        let halvings = clamp(ceil(log2(stopGradient(self).matrixNorm(.one) / 5.371920351148152)), min: 0).expanded(axis: -1).expanded(axis: -1)
        let a = floating * exp2(-halvings), identity = Tensor.eye(shape[rank - 1], dtype: a.dtype).broadcast(to: shape)
        let b: [Double] = [
            64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800, 129_060_195_264_000, 10_559_470_521_600, 670_442_572_800,
            33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
        ]
        let a2 = a.matmul(a), a4 = a2.matmul(a2), a6 = a4.matmul(a2)
        let odd = a.matmul(a6.matmul(a6 * b[13] + a4 * b[11] + a2 * b[9]) + a6 * b[7] + a4 * b[5] + a2 * b[3] + identity * b[1])
        let even = a6.matmul(a6 * b[12] + a4 * b[10] + a2 * b[8]) + a6 * b[6] + a4 * b[4] + a2 * b[2] + identity * b[0]
        var result = (even - odd).solve(even + odd)
        for square in 0..<most { result = Tensor.where((halvings .> Double(square)).broadcast(to: result.shape), result.matmul(result), result) }
        return Tensor.where((halvings .> Double(most)).broadcast(to: result.shape), Tensor(.nan, like: result), result)
    }

    /// The eigenvalues, ascending [..., n], of a symmetric matrix; without the vectors' derivatives. The symmetric part is taken.
    public func symmetricEigenvalues() -> Tensor { symmetricEigen().values }
    /// The singular values, descending [..., k].
    public func singularValues() -> Tensor { svd().singularValues }
}
