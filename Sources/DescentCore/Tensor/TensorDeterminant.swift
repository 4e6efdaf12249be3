extension Tensor {
    /// The determinant of square matrices [..., n, n]: [...].
    ///
    /// Its derivative is the matrix of cofactors (Jacobi), which every matrix has: at a singular one too, of any rank. First and second derivatives
    /// are right everywhere, higher ones where the matrix is invertible or its singular values differ.
    public func determinant() -> Tensor {
        let x = floating
        return apply(CustomDerivative(Self.determinantRule), [stopGradient(x).productOfPivots, x])[0]
    }

    /// `d det(A) = Σ cofactor(A) ∘ dA`.
    private static let determinantRule = DerivativeRule(
        .forward { inputs, _, tangents in (inputs[0].cofactors * tangents[0]).sum(axes: [inputs[0].rank - 2, inputs[0].rank - 1]) })

    /// The determinant from its triangular factors.
    private var productOfPivots: Tensor {
        let parts = apply(LUDecomposition(), [self])
        return parts[0].diagonal().product(axis: -1) * parts[2]
    }

    /// The signed minors of square matrices: `det(A) A⁻ᵀ` where A is invertible.
    private var cofactors: Tensor {
        let size = shape[rank - 1]
        if size == 0 { return self }
        let pivots = abs(apply(LUDecomposition(), [stopGradient(self)])[0].diagonal())
        let step = (dtype == .float32 ? 0x1p-23 : 0x1p-52) * Double(size)
        // Not "at most", so that NaN counts as singular.
        let isSingular = !(pivots.min(axis: -1) .> pivots.max(axis: -1) * step)
        let chosen = isSingular.expanded(axis: -1).expanded(axis: -1).broadcast(to: shape)
        let identity = Tensor.eye(size, dtype: dtype).broadcast(to: shape)
        // Each way gets the identity in place of the matrices that go the other: neither stumbles, and singular values of the identity are quick.
        let regular = Tensor.where(chosen, identity, self), singular = Tensor.where(chosen, self, identity)
        let byInverse = regular.inverse().swappingAxes(-1, -2) * regular.determinant().expanded(axis: -1).expanded(axis: -1)
        return Tensor.where(chosen, singular.cofactorsBySingularValues, byInverse)
    }

    /// The cofactors of `U diag(s) Vᵀ`: `det(U Vᵀ) U diag(Π_{j≠i} s_j) Vᵀ`, for any rank.
    private var cofactorsBySingularValues: Tensor {
        let (u, s, v) = stopGradient(self).svd()
        let others = s.productsWithout([-1])
        let value = Self.rotationSign(u, v) * (u * others.expanded(axis: -2)).matmul(v.swappingAxes(-1, -2))
        return apply(CustomDerivative(Self.cofactorRule), [value, self])[0]
    }

    /// In the bases of the singular vectors the matrix is diagonal, and B the change. The cofactors then change by `P_ij = Π_{k≠i,j} s_k` times -B_ji
    /// beside the diagonal, and by `Σ_k P_ik B_kk` on it.
    private static let cofactorRule = DerivativeRule(
        .forward { inputs, _, tangents in
            let (u, s, v) = inputs[0].svd()
            let size = s.shape[s.rank - 1], across = v.swappingAxes(-1, -2)
            let change = u.swappingAxes(-1, -2).matmul(tangents[0].matmul(v))
            let isDiagonal = Tensor.eye(size, dtype: .bool).broadcast(to: change.shape)
            let pairs = Tensor.where(isDiagonal, Tensor(0, like: change), s.productsWithout([-1, -2]))
            let onDiagonal = pairs.matmul(change.diagonal().expanded(axis: -1)).broadcast(to: change.shape)
            let moved = Tensor.where(isDiagonal, onDiagonal, -pairs * change.swappingAxes(-1, -2))
            return rotationSign(u, v) * u.matmul(moved).matmul(across)
        })

    /// The determinant of `U Vᵀ` for orthogonal U and V, 1 or -1: [..., 1, 1].
    private static func rotationSign(_ u: Tensor, _ v: Tensor) -> Tensor {
        sign(stopGradient(u.matmul(v.swappingAxes(-1, -2))).productOfPivots).expanded(axis: -1).expanded(axis: -1)
    }

    /// For numbers [..., n], the products of all but one: [..., n]; or, for two axes, of all but two: [..., n, n].
    private func productsWithout(_ left: [Int]) -> Tensor {
        let size = shape[rank - 1], space = shape.dropLast() + [Int](repeating: size, count: left.count + 1)
        let numbers = left.reduce(self) { x, _ in x.expanded(axis: -2) }.broadcast(to: space)
        let isLeft = left.indices.reduce(Tensor.full(space, 0, dtype: .bool)) { found, axis in
            let same = Tensor.eye(size, dtype: .bool)
            let placed = applySingle(Broadcast(space, axes: [rank - 1 + axis, space.count - 1]), same)
            return found.or(placed)
        }
        return Tensor.where(isLeft, Tensor(1, like: numbers), numbers).product(axis: -1)
    }
}
