import CKernels

/// Q with orthonormal columns and upper triangular R, `Q R = A`, for A [..., m, n] with m >= n: Q is [..., m, n], R [..., n, n].
/// By Householder's reflections, with LAPACK's signs.
///
/// Derivative (Walter and Lehmann 2018), with `W = dA R⁻¹`, `M = Qᵀ W` and `Ω` the antisymmetric matrix that M has below its diagonal:
/// `dQ = Q Ω + W - Q M`, `dR = (M - Ω) R`. A must have full rank for it.
package struct QRDecomposition: Primitive {
    package static let name = "qr"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, _, columns) = try Matrices.tall(inputs[0], for: "qr")
        return [inputs[0], TensorType(batch + [columns, columns], inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil, nil] }
        let q = call.outputs[0], r = call.outputs[1]
        let w = applySingle(TriangularSolve(lower: false, transposed: true), r, tangent.swappingAxes(-1, -2)).swappingAxes(-1, -2)
        let m = q.swappingAxes(-1, -2).matmul(w)
        let below = m.lowerTriangle(diagonal: -1)
        let turn = below - below.swappingAxes(-1, -2)
        return [w + q.matmul(turn - m), (m - turn).matmul(r)]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_qr) }
    package static var samples: [PrimitiveSample] {
        [[3, 3], [5, 2], [2, 3, 2], [1, 1], [3, 0]].map { PrimitiveSample(QRDecomposition(), [.numbers($0, 0.5...2)]) }
    }
}

/// Eigenvalues, ascending [..., n], and eigenvectors, as columns [..., n, n], of a symmetric matrix, of which the lower triangle is read. The
/// largest element of each vector is positive.
///
/// Derivative (Giles 2008), with `P = Vᵀ dA V`: `dλ = diag(P)`, `dV = V (F ∘ P)`, `F_ij = 1 / (λ_j - λ_i)`. Eigenvectors of equal eigenvalues
/// have no derivative: F is NaN there, and 0 on its diagonal. (0 in all places would leave what depends on the space of such vectors alone right, but
/// `V diag(λ) Vᵀ` wrong.) Derivatives of the eigenvalues themselves do not need F.
package struct SymmetricEigen: Primitive {
    package static let name = "symmetric_eigen"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, size) = try Matrices.square(inputs[0], for: "symmetric eigen")
        return [TensorType(batch + [size], inputs[0].dtype), inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil, nil] }
        let values = call.outputs[0], vectors = call.outputs[1]
        let p = vectors.swappingAxes(-1, -2).matmul(Matrices.mirrored(tangent).matmul(vectors))
        let gaps = values.expanded(axis: -2) - values.expanded(axis: -1)
        return [p.diagonal(), vectors.matmul(Matrices.reciprocal(ofGaps: gaps) * p)]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_symmetric_eigen) }
    package static var samples: [PrimitiveSample] {
        [[3, 3], [2, 2, 2], [1, 1], [0, 0]].map { PrimitiveSample(SymmetricEigen(), [.numbers($0, -2...2)]) }
    }
}

/// `A = U diag(s) Vᵀ` for A [..., m, n] with m >= n: U [..., m, n], singular values, descending, [..., n], V [..., n, n].
/// The largest element of each column of V is positive.
///
/// Derivative (Townsend 2016), with `P = Uᵀ dA V` and `F_ij = 1 / (s_j² - s_i²)`: `ds = diag(P)`, `dV = V (F ∘ (s_i P + Pᵀ s_j))`,
/// `dU = U (F ∘ (P s_j + s_i Pᵀ)) + (I - U Uᵀ) dA V diag(1/s)`. Vectors of equal singular values have no derivative: F is NaN
/// there.
package struct SingularValueDecomposition: Primitive {
    package static let name = "svd"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, _, columns) = try Matrices.tall(inputs[0], for: "svd")
        return [inputs[0], TensorType(batch + [columns], inputs[0].dtype), TensorType(batch + [columns, columns], inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil, nil, nil] }
        let u = call.outputs[0], s = call.outputs[1], v = call.outputs[2]
        let moved = tangent.matmul(v)
        let p = u.swappingAxes(-1, -2).matmul(moved), turned = p.swappingAxes(-1, -2)
        let across = s.expanded(axis: -2), down = s.expanded(axis: -1)
        let f = Matrices.reciprocal(ofGaps: (across - down) * (across + down))
        var du = u.matmul(f * (p * across + down * turned))
        if u.shape[u.rank - 2] > u.shape[u.rank - 1] { du = du + (moved - u.matmul(p)) * Matrices.safeReciprocal(across) }
        return [du, p.diagonal(), v.matmul(f * (down * p + turned * across))]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_svd) }
    package static var samples: [PrimitiveSample] {
        [[3, 3], [4, 2], [2, 3, 2], [1, 1], [3, 0]].map { PrimitiveSample(SingularValueDecomposition(), [.numbers($0, -2...2)]) }
    }
}

/// The pseudo-inverse A⁺ [..., n, m] of A [..., m, n] with m >= n (Moore 1920; Penrose 1955). Singular values up to `tolerance` times the
/// largest count as 0.
///
/// Derivative (Golub and Pereyra 1973): `-A⁺ dA A⁺ + A⁺ A⁺ᵀ dAᵀ (I - A A⁺) + (I - A⁺ A) dAᵀ A⁺ᵀ A⁺`, where the rank doesn't change.
/// Unlike one through the singular vectors it minds no equal singular values.
package struct PseudoInverse: Primitive {
    package static let name = "pseudo_inverse"
    let tolerance: Double
    package init(tolerance: Double) { self.tolerance = tolerance }
    package var detail: String { "tolerance \(tolerance)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, rows, columns) = try Matrices.tall(inputs[0], for: "pseudo-inverse")
        return [TensorType(batch + [columns, rows], inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil] }
        let a = call.inputs[0], p = call.output
        let pt = p.swappingAxes(-1, -2), turned = tangent.swappingAxes(-1, -2)
        let first = p.matmul(pt.matmul(turned)), second = turned.matmul(pt.matmul(p))
        let change = p.matmul(tangent.matmul(p))
        return [first - first.matmul(a).matmul(p) + second - p.matmul(a.matmul(second)) - change]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_pseudo_inverse, tolerance: tolerance) }
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(PseudoInverse(tolerance: 1e-12), [.definite([3, 3])])]
            + [[4, 2], [2, 3, 2], [3, 0]].map { PrimitiveSample(PseudoInverse(tolerance: 1e-12), [.numbers($0, 0.5...2)]) }
    }
}
