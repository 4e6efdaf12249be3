extension Tensor {
    /// Q with orthonormal columns [..., m, k] and upper triangular R [..., k, n] with `Q R = self`, k the smaller of m and n.
    ///
    /// By Householder's reflections; the diagonal of R has LAPACK's signs. Derivatives need full rank.
    public func qr() -> (q: Tensor, r: Tensor) {
        if rank < 2 { return asMatrix("qr").qr() }
        let rows = shape[rank - 2], columns = shape[rank - 1]
        if rows >= columns {
            let parts = apply(QRDecomposition(), [floating])
            return (parts[0], parts[1])
        }
        let parts = apply(QRDecomposition(), [floating.slice(axis: rank - 1, 0..<rows)])
        let rest = parts[0].swappingAxes(-1, -2).matmul(floating.slice(axis: rank - 1, rows..<columns))
        return (parts[0], Tensor.concatenate([parts[1], rest], axis: rank - 1))
    }

    /// Eigenvalues, ascending [..., n], and eigenvectors, as columns [..., n, n], of a symmetric matrix. The symmetric part is taken.
    ///
    /// The largest element of each vector is positive. Vectors of equal eigenvalues have no derivative, nor have eigenvalues a second
    /// one there: both are NaN.
    public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
        let parts = apply(SymmetricEigen(), [symmetricPart])
        return (parts[0], parts[1])
    }

    /// `U diag(s) Vᵀ = self` with orthonormal columns: U [..., m, k], singular values s, descending, [..., k], V [..., n, k]; k the smaller of m and n.
    ///
    /// Small singular values are found to their own last digits. Vectors of equal singular values have no derivative, nor have singular values a
    /// second one there: both are NaN.
    public func svd() -> (u: Tensor, singularValues: Tensor, v: Tensor) {
        if rank < 2 { return asMatrix("svd").svd() }
        if shape[rank - 2] >= shape[rank - 1] {
            let parts = apply(SingularValueDecomposition(), [floating])
            return (parts[0], parts[1], parts[2])
        }
        let parts = apply(SingularValueDecomposition(), [floating.swappingAxes(-1, -2)])
        return (parts[2], parts[1], parts[0])
    }

    /// The pseudo-inverse [..., n, m] of a matrix [..., m, n] (Moore 1920; Penrose 1955). Singular values up to `tolerance` times the largest
    /// count as 0; by default the type's rounding step times the larger side.
    public func pseudoInverse(tolerance: Double? = nil) -> Tensor {
        if rank < 2 { return asMatrix("pseudo-inverse").pseudoInverse(tolerance: tolerance) }
        let primitive = PseudoInverse(tolerance: tolerance ?? rankTolerance)
        if shape[rank - 2] >= shape[rank - 1] { return applySingle(primitive, floating) }
        return applySingle(primitive, floating.swappingAxes(-1, -2)).swappingAxes(-1, -2)
    }

    /// The X of smallest norm among those that make `‖self X - right‖` smallest; `right` is [m], or [..., m, k].
    public func leastSquares(_ right: Tensor, tolerance: Double? = nil) -> Tensor {
        let isVector = right.rank == 1
        let result = pseudoInverse(tolerance: tolerance).matmul(isVector ? right.expanded(axis: 1) : right)
        return isVector ? result.squeezed(axis: result.rank - 1) : result
    }

    /// The largest singular value over the smallest: how much a system with this matrix can magnify relative errors. Infinite when singular.
    public func conditionNumber() -> Tensor {
        let values = svd().singularValues
        return values[.rest, 0] / values[.rest, -1]
    }

    /// How many singular values are above `tolerance` times the largest: int64 [...].
    public func matrixRank(tolerance: Double? = nil) -> Tensor {
        let values = svd().singularValues
        return (values .> values[.rest, 0...0] * (tolerance ?? rankTolerance)).cast(to: .int64).sum(axis: -1)
    }

    /// What stands for this tensor where a matrix is needed.
    package func asMatrix(_ name: String) -> Tensor { standIn("\(name): a tensor of shape \(shape) is not a matrix.", like: floating, rank: 2) }

    private var rankTolerance: Double {
        (floating.dtype == .float32 ? 0x1p-23 : 0x1p-52) * Double(Swift.max(shape[rank - 2], shape[rank - 1]))
    }
}

/// Norms of vectors.
public enum VectorNorm: Hashable, Sendable {
    /// How many elements are not 0. (Not a norm in the strict sense: doubling a vector leaves it as it is. Its derivative is 0.)
    case zero
    /// The sum of sizes.
    case one
    /// The Euclidean length. Its derivative at the zero vector is 0.
    case two
    /// The largest size.
    case infinity
    /// `(Σ |x|ᵖ)^(1/p)`, p > 0.
    case power(Double)
}

/// Norms of matrices.
public enum MatrixNorm: Hashable, Sendable {
    /// The root of the sum of squares.
    case frobenius
    /// The largest singular value.
    case spectral
    /// The sum of singular values.
    case nuclear
    /// The largest sum of sizes in a column.
    case one
    /// The largest sum of sizes in a row.
    case infinity
}

extension Tensor {
    /// The norm of vectors along an axis, which is dropped.
    public func norm(_ kind: VectorNorm, axis: Int = -1) -> Tensor {
        let sizes = abs(floating)
        switch kind {
        case .zero: return (floating .!= 0).cast(to: floating.dtype).sum(axis: axis)
        case .one: return sizes.sum(axis: axis)
        case .infinity: return sizes.max(axis: axis)
        case .two: return Tensor.root(of: floating, power: 2, largest: sizes.max(axis: axis), axis: axis)
        case .power(let power):
            if !(power > 0) { raise("norm: power \(power); it must be above 0.") }
            return Tensor.root(of: sizes, power: power, largest: sizes.max(axis: axis), axis: axis)
        }
    }

    /// The norm of matrices [..., m, n]: [...].
    public func matrixNorm(_ kind: MatrixNorm) -> Tensor {
        if rank < 2 { return asMatrix("matrix norm").matrixNorm(kind) }
        switch kind {
        case .frobenius: return flattened(fromAxis: rank - 2).norm(.two)
        case .spectral: return svd().singularValues[.rest, 0]
        case .nuclear: return svd().singularValues.sum(axis: -1)
        case .one: return abs(floating).sum(axis: -2).max(axis: -1)
        case .infinity: return abs(floating).sum(axis: -1).max(axis: -1)
        }
    }

    /// `(Σ xᵖ)^(1/p)`, scaled by the largest size so that nothing overflows; 0, with derivative 0, for zeros.
    private static func root(of x: Tensor, power: Double, largest: Tensor, axis: Int) -> Tensor {
        let isZero = largest .== 0
        let scale = stopGradient(Tensor.where(isZero.or(largest .== .infinity), Tensor(1, like: largest), largest))
        let place = axis < 0 ? axis + x.rank : axis
        let sum = (x / scale.expanded(axis: place)).pow(power).sum(axis: axis)
        return Tensor.where(isZero, Tensor(0, like: sum), sum.pow(1 / power) * scale)
    }
}
