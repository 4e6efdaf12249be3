import CKernels

/// Eigenvalues [..., n] and right eigenvectors, as columns [..., n, n], of general matrices: from real and imaginary parts, in real and imaginary parts.
/// By real parts and then imaginary ones, ascending. A vector has length 1, and its largest element is real and positive.
///
/// Derivative for eigenvalues that differ from all others (Giles 2008), with `P = V⁻¹ dA V`: `dλ = diag(P)`, `U = V (F ∘ P)`, `F_ij = 1 / (λ_j - λ_i)`,
/// and `dV = U - V diag(c)` with the c that keeps lengths and the largest elements' angles. F is NaN for equal eigenvalues.
package struct GeneralEigen: Primitive {
    package static let name = "general_eigen"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, size) = try Matrices.square(inputs[0], for: "eigen")
        guard inputs[1] == inputs[0] else { throw ShapeError("eigen: real parts \(inputs[0]) and imaginary parts \(inputs[1]); shape and element type must be equal.") }
        let values = TensorType(batch + [size], inputs[0].dtype)
        return [values, values, inputs[0], inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let some = tangents[0] ?? tangents[1], some.count > 0 else { return [nil, nil, nil, nil] }
        let tangent = ComplexTensor(parts: tangents[0] ?? Tensor(0, like: some), tangents[1] ?? Tensor(0, like: some))
        let values = ComplexTensor(parts: call.outputs[0], call.outputs[1]), vectors = ComplexTensor(parts: call.outputs[2], call.outputs[3])
        let p = vectors.solve(tangent.matmul(vectors))
        let gaps = values.expanded(axis: -2) - values.expanded(axis: -1)
        let turned = vectors.matmul(Self.reciprocal(ofGaps: gaps) * p)
        // Along its own vector a change is free; this much of it is taken back.
        let squares = vectors.squaredMagnitude
        let stretch = (vectors.conjugate * turned).real.sum(axis: -2, keepingAxis: true)
        // The element that the kernel made real: its imaginary part is 0 exactly. Others may be as large but for rounding.
        let margin = squares.dtype == .float32 ? 1e-6 : 1e-9
        let isLargest = (squares .>= squares.max(axis: -2, keepingAxis: true) * (1 - margin)).and(vectors.imaginary .== 0)
        let largest = isLargest.cast(to: .int32).argmax(axis: -2).expanded(axis: -2)
        let turn = turned.imaginary.gatheredAlong(largest, axis: -2) / vectors.real.gatheredAlong(largest, axis: -2)
        let change = turned - vectors * ComplexTensor(parts: stretch, turn)
        let slopes = p.diagonal()
        return [slopes.real, slopes.imaginary, change.real, change.imaginary]
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape, x = emitter.input(0), y = emitter.input(1)
            emitter.emit(
                dk_eigen,
                dk_eigen_arguments(
                    real: x.buffer, imaginary: y.buffer, values_real: emitter.output(0), values_imaginary: emitter.output(1),
                    vectors_real: emitter.output(2), vectors_imaginary: emitter.output(3), real_offset: x.offset, imaginary_offset: y.offset,
                    batch: Int64(Array(shape.dropLast(2)).elementCount), size: Int64(shape[shape.count - 1]), dtype: emitter.inputType(0).dtype.rawValue))
        }
    }
    package static var samples: [PrimitiveSample] {
        let x: [Double] = [2, 0.5, -0.25, 0.75, -1, 0.5, 0.25, -0.5, 0.5], y: [Double] = [0.25, -0.5, 0.5, 1, 0.75, -0.25, 0.5, 0.125, -1.5]
        return [
            PrimitiveSample(GeneralEigen(), [.floats(x, [3, 3]), .floats(y, [3, 3])]),
            PrimitiveSample(GeneralEigen(), [.floats([2, 0.5, 0.25, -1], [2, 2]), .floats([0, 0, 0, 0], [2, 2])]),
            PrimitiveSample(GeneralEigen(), [.floats(x.prefix(8) + [], [2, 2, 2]), .floats(y.prefix(8) + [], [2, 2, 2])]),
            PrimitiveSample(GeneralEigen(), [.floats([1.5], [1, 1]), .floats([-0.5], [1, 1])]),
            PrimitiveSample(GeneralEigen(), [.floats([], [0, 0]), .floats([], [0, 0])]),
        ]
    }

    /// `1 / gap` for the differences between each two of n numbers [..., n, n]: 0 on the diagonal, NaN where two numbers are equal.
    private static func reciprocal(ofGaps gaps: ComplexTensor) -> ComplexTensor {
        let isDiagonal = Tensor.eye(gaps.shape[gaps.rank - 1], dtype: .bool).broadcast(to: gaps.shape)
        let isZero = (gaps.real .== 0).and(gaps.imaginary .== 0)
        let reciprocals = (1 / gaps).map { Tensor.where(isZero, Tensor(.nan, like: $0), $0) }
        return reciprocals.map { Tensor.where(isDiagonal, Tensor(0, like: $0), $0) }
    }
}
