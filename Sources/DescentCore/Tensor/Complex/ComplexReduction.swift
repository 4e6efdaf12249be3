extension ComplexTensor {
    /// The sum over axes (all, if none are named), which are dropped or, with `keepingAxes`, left with size 1.
    public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> ComplexTensor { map { $0.sum(axes: axes, keepingAxes: keepingAxes) } }
    public func sum(axis: Int, keepingAxis: Bool = false) -> ComplexTensor { sum(axes: [axis], keepingAxes: keepingAxis) }
    /// The mean over axes (all, if none are named). Of no elements: NaN.
    public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> ComplexTensor { map { $0.mean(axes: axes, keepingAxes: keepingAxes) } }
    public func mean(axis: Int, keepingAxis: Bool = false) -> ComplexTensor { mean(axes: [axis], keepingAxes: keepingAxis) }
    /// The mean squared distance from the mean, a real number. `correction` is taken off the count.
    public func variance(axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false) -> Tensor {
        real.variance(axes: axes, correction: correction, keepingAxes: keepingAxes) + imaginary.variance(axes: axes, correction: correction, keepingAxes: keepingAxes)
    }
    /// Running sums along an axis.
    public func cumulativeSum(axis: Int = 0, reverse: Bool = false) -> ComplexTensor { map { $0.cumulativeSum(axis: axis, reverse: reverse) } }

    /// The product along an axis, by halves. Of no elements: 1.
    public func product(axis: Int) -> ComplexTensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "product")
            var rest = self
            if shape[axis] == 0 {
                var left = shape
                left.remove(at: axis)
                return ComplexTensor(Tensor.full(left, 1, dtype: real.dtype))
            }
            while rest.shape[axis] > 1 {
                let size = rest.shape[axis], half = size / 2
                let folded = rest.slice(axis: axis, 0..<half) * rest.slice(axis: axis, half..<(2 * half))
                rest = size == 2 * half ? folded : .concatenate([folded, rest.slice(axis: axis, (size - 1)..<size)], axis: axis)
            }
            return rest.squeezed(axis: axis)
        } catch { return map { standIn(error, like: $0, rank: rank - 1) } }
    }
    /// The product of all elements.
    public func product() -> ComplexTensor { flattened().product(axis: 0) }

    /// The length of all elements as one vector. Its derivative at zero is 0.
    public var norm: Tensor { interleaved.norm }

    private func slice(axis: Int, _ range: Range<Int>) -> ComplexTensor { map { $0.slice(axis: axis, range) } }
}

extension ComplexTensor {
    /// The matrix product, as in NumPy: [..., m, k] · [..., k, n] gives [..., m, n]; leading axes broadcast. Nothing is conjugated; see `adjoint`.
    public func matmul(_ other: ComplexTensor) -> ComplexTensor {
        ComplexTensor(
            parts: real.matmul(other.real) - imaginary.matmul(other.imaginary), real.matmul(other.imaginary) + imaginary.matmul(other.real))
    }
    /// The product with a real matrix.
    public func matmul(_ other: Tensor) -> ComplexTensor { map { $0.matmul(other) } }
    /// The sum of products of two vectors; nothing is conjugated.
    public func dot(_ other: ComplexTensor) -> ComplexTensor { matmul(other) }
    /// The sum of `conjugate(self) · other` over all elements, NumPy's `vdot`.
    public func conjugateDot(_ other: ComplexTensor) -> ComplexTensor { conjugate.flattened().matmul(other.flattened()) }

    /// X with `self X = right`, for square matrices [..., n, n] and right sides [n] or [..., n, k]; as a real system of twice the size.
    public func solve(_ right: ComplexTensor) -> ComplexTensor {
        if rank < 2 || shape[rank - 1] != shape[rank - 2] {
            let sentence = "solve: a complex matrix of shape \(shape); its last two axes must be equal."
            return right.map { standIn(sentence, like: $0) }
        }
        let size = shape[rank - 1], isVector = right.rank == 1
        let side = isVector ? right.expanded(axis: 1) : right
        let matrix = Tensor.concatenate(
            [Tensor.concatenate([real, -imaginary], axis: -1), Tensor.concatenate([imaginary, real], axis: -1)], axis: -2)
        let result = matrix.solve(Tensor.concatenate([side.real, side.imaginary], axis: -2))
        let parts = result.split(sizes: [size, size], axis: -2)
        let solution = ComplexTensor(parts: parts[0], parts[1])
        return isVector ? solution.squeezed(axis: -1) : solution
    }
    /// The matrix's inverse.
    public func inverse() -> ComplexTensor {
        solve(ComplexTensor(Tensor.eye(shape.last ?? 0, dtype: real.dtype).broadcast(to: shape)))
    }
}
