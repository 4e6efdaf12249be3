/// Why a matrix has no decomposition, as a sentence that says what is wrong and where.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The leading minor of this order (from 1) is the first that is not positive. `member`: which matrix of a batch.
    case notPositiveDefinite(minor: Int, size: Int, member: Int?)
    /// Elimination found no pivot in this column (from 0).
    case singular(column: Int, size: Int, member: Int?)
    /// An element is NaN or infinite.
    case notFinite(row: Int, column: Int)

    public var description: String {
        func matrix(_ size: Int, _ member: Int?) -> String { "the \(size) x \(size) matrix" + (member.map { " number \($0) of the batch" } ?? "") }
        switch self {
        case .notPositiveDefinite(let minor, let size, let member):
            return "cholesky: \(matrix(size, member)) is not positive definite: its leading minor of order \(minor) is not positive."
                + " Adding a small multiple of the identity (a ridge penalty) helps if it should be."
        case .singular(let column, let size, let member):
            return "solve: \(matrix(size, member)) is singular: column \(column) depends on the columns before it."
                + " Use leastSquares or pseudoInverse for the minimum-norm answer."
        case .notFinite(let row, let column):
            return "The matrix has an element that is NaN or infinite, in row \(row), column \(column)."
        }
    }
}

// Matrices lie in the last two axes; all axes before are a batch. Everything here is lazy and can be differentiated any number of times. A
// matrix that lacks what an operation needs gives NaN or infinity; the functions that begin with `checked` compute at once and throw instead.

extension Tensor {
    /// The lower triangular L with `L Lᵀ = self`, for a symmetric positive definite matrix [..., n, n].
    ///
    /// The symmetric part is taken. Where the leading minor of order j + 1 is the first that is not positive, columns from j on are NaN.
    public func cholesky() -> Tensor { applySingle(Cholesky(), symmetricPart) }

    /// `cholesky()`, computed now.
    ///
    /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the first leading minor that isn't positive.
    public func checkedCholesky() throws(LinearAlgebraError) -> Tensor {
        try requireFinite()
        let factor = cholesky(), size = shape[rank - 1]
        if let place = factor.diagonal().doubles.firstIndex(where: \.isNaN) {
            throw .notPositiveDefinite(minor: place % size + 1, size: size, member: rank > 2 ? place / size : nil)
        }
        return factor
    }

    /// X with `T X = right`, T the lower (or upper) triangle of this matrix [..., n, n]; `right` is [n], or [..., n, k].
    ///
    /// - Parameters:
    ///   - transposed: solves with Tᵀ.
    ///   - unitDiagonal: the diagonal counts as ones.
    public func solveTriangular(_ right: Tensor, lower: Bool, transposed: Bool = false, unitDiagonal: Bool = false) -> Tensor {
        solving(right, "triangular solve") { applySingle(TriangularSolve(lower: lower, transposed: transposed, unitDiagonal: unitDiagonal), $0, $1) }
    }

    /// X with `L Lᵀ X = right`, for a matrix L that `cholesky()` gave.
    public func solveCholesky(_ right: Tensor) -> Tensor {
        solving(right, "cholesky solve") {
            applySingle(TriangularSolve(lower: true, transposed: true), $0, applySingle(TriangularSolve(lower: true), $0, $1))
        }
    }

    /// L (ones on its diagonal), U, and the order of rows (int64) with `self[order] = L U`, for a matrix [..., n, n].
    public func lu() -> (lower: Tensor, upper: Tensor, order: Tensor) {
        let parts = apply(LUDecomposition(), [floating])
        return (parts[0].lowerTriangle(diagonal: -1) + Tensor.eye(shape[rank - 1], dtype: parts[0].dtype), parts[0].upperTriangle(), parts[1])
    }

    /// X with `self X = right`, for a square matrix [..., n, n] and a right side [n] or [..., n, k]. A singular matrix gives infinities or NaN.
    public func solve(_ right: Tensor) -> Tensor {
        solving(right, "solve") { matrix, right in
            let parts = apply(LUDecomposition(), [matrix])
            return Tensor.solve(packed: parts[0], order: parts[1], right)
        }
    }

    /// `solve`, computed now.
    ///
    /// - Throws: `LinearAlgebraError.singular` where elimination finds no pivot above the rounding errors.
    public func checkedSolve(_ right: Tensor) throws(LinearAlgebraError) -> Tensor {
        try requireFinite()
        let size = shape[rank - 1], step = dtype == .float32 ? 1.2e-7 : 2.3e-16
        let parts = apply(LUDecomposition(), [floating])
        let pivots = abs(parts[0].diagonal()).doubles, sizes = abs(floating).max(axes: [rank - 2]).doubles
        if let place = pivots.indices.first(where: { pivots[$0] <= step * Double(size) * sizes[$0] }) {
            throw .singular(column: place % size, size: size, member: rank > 2 ? place / size : nil)
        }
        return solving(right, "solve") { _, right in Tensor.solve(packed: parts[0], order: parts[1], right) }
    }

    /// The inverse of a square matrix [..., n, n]. To solve a system, `solve` is quicker and more accurate. A singular matrix gives infinities or NaN.
    public func inverse() -> Tensor {
        if rank < 2 { return asMatrix("inverse") }
        return solve(Tensor.eye(shape[rank - 1], dtype: floating.dtype).broadcast(to: shape))
    }

    /// The sign of the determinant and the logarithm of its size, which neither overflow nor underflow: both [...]. A singular matrix has 0 and
    /// -infinity, and no derivative.
    public func logDeterminant() -> (sign: Tensor, logarithm: Tensor) {
        let parts = apply(LUDecomposition(), [floating])
        let pivots = parts[0].diagonal()
        return (sign(pivots).product(axis: -1) * parts[2], log(abs(pivots)).sum(axis: -1))
    }

    /// The diagonals of matrices [..., n, n]: [..., n].
    public func diagonal() -> Tensor {
        guard rank >= 2, shape[rank - 1] == shape[rank - 2] else { return standIn("diagonal: \(shape) is not a square matrix.", like: self, rank: rank - 1) }
        return Tensor.where(Tensor.eye(shape[rank - 1], dtype: .bool), self, Tensor(0, like: self)).sum(axis: -1).cast(to: dtype)
    }

    /// The sum of the diagonal of matrices [..., n, n]: [...].
    public func trace() -> Tensor { diagonal().sum(axis: -1) }

    /// Half of the sum of a square matrix and its transpose.
    package var symmetricPart: Tensor {
        guard rank >= 2, shape[rank - 1] == shape[rank - 2] else { return standIn("A symmetric matrix is square; this tensor's shape is \(shape).", like: floating, rank: Swift.max(rank, 2)) }
        return (floating + floating.swappingAxes(-1, -2)) * 0.5
    }

    /// Brings a right side to the matrix's batch and type, and back: a vector is a column.
    private func solving(_ right: Tensor, _ name: String, _ body: (Tensor, Tensor) -> Tensor) -> Tensor {
        guard rank >= 2, right.rank >= 1 else {
            return standIn("\(name): the matrix has shape \(shape), the right side \(right.shape); a matrix and a vector or matrix are needed.", like: right)
        }
        let dtype = DType.promoted(floating.dtype, right.floating.dtype), isVector = right.rank == 1
        let column = isVector ? right.expanded(axis: 1) : right
        do {
            let batch = try broadcastShape(Array(shape.dropLast(2)), Array(column.shape.dropLast(2)), for: name)
            let matrix = cast(to: dtype).broadcast(to: batch + shape.suffix(2))
            let result = body(matrix, column.cast(to: dtype).broadcast(to: batch + column.shape.suffix(2)))
            return isVector ? result.squeezed(axis: result.rank - 1) : result
        } catch { return standIn(error, like: right) }
    }

    private static func solve(packed: Tensor, order: Tensor, _ right: Tensor) -> Tensor {
        let ordered = applySingle(GatherAlong(axis: right.rank - 2), right, order.expanded(axis: order.rank).broadcast(to: right.shape))
        let factors = packed.broadcast(to: right.shape.dropLast(2) + packed.shape.suffix(2))
        return applySingle(TriangularSolve(lower: false), factors, applySingle(TriangularSolve(lower: true, unitDiagonal: true), factors, ordered))
    }

    package func requireFinite() throws(LinearAlgebraError) {
        if floating.isFinite.all().bools[0] { return }
        let place = doubles.firstIndex { !$0.isFinite }!, columns = shape.last ?? 1
        throw .notFinite(row: place / columns % (rank > 1 ? shape[rank - 2] : 1), column: place % columns)
    }
}
