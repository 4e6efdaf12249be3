import CKernels

/// The checks and kernels that the matrix decompositions share. Their matrices lie in the last two axes; all axes before are a batch.
enum Matrices {
    /// The shape of a floating matrix, or of a batch of them, split into batch, rows and columns.
    static func split(_ type: TensorType, for name: String) throws(ShapeError) -> (batch: [Int], rows: Int, columns: Int) {
        let shape = type.shape
        guard shape.count >= 2 else { throw ShapeError("\(name): a tensor of shape \(shape) is not a matrix; it needs two axes, or more for a batch.") }
        guard type.dtype.isFloating else { throw ShapeError("\(name): the matrix is \(type.dtype); it must be float32 or float64. Use cast(to:).") }
        return (Array(shape.dropLast(2)), shape[shape.count - 2], shape[shape.count - 1])
    }

    static func square(_ type: TensorType, for name: String) throws(ShapeError) -> (batch: [Int], size: Int) {
        let (batch, rows, columns) = try split(type, for: name)
        guard rows == columns else { throw ShapeError("\(name): the matrix is \(rows) x \(columns); it must be square.") }
        return (batch, rows)
    }

    static func tall(_ type: TensorType, for name: String) throws(ShapeError) -> (batch: [Int], rows: Int, columns: Int) {
        let (batch, rows, columns) = try split(type, for: name)
        guard rows >= columns else { throw ShapeError("\(name): the matrix is \(rows) x \(columns); it must have at least as many rows as columns.") }
        return (batch, rows, columns)
    }

    /// One matrix in, up to three results out.
    static func kernel(_ run: @escaping dk_kernel, tolerance: Double = 0) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape, x = emitter.input(0)
            var arguments = dk_matrix_arguments()
            (arguments.in, arguments.in_offset) = (x.buffer, x.offset)
            let outputs = emitter.outputs.indices.map { emitter.output($0) }
            (arguments.out0, arguments.out1, arguments.out2) = (outputs[0], outputs.count > 1 ? outputs[1] : -1, outputs.count > 2 ? outputs[2] : -1)
            arguments.batch = Int64(Array(shape.dropLast(2)).elementCount)
            (arguments.rows, arguments.columns) = (Int64(shape[shape.count - 2]), Int64(shape[shape.count - 1]))
            arguments.tolerance = tolerance
            arguments.dtype = emitter.inputType(0).dtype.rawValue
            emitter.emit(run, arguments)
        }
    }

    /// The tangents of a decomposition's results. Each matrix of a batch is decomposed by itself: one whose tangent is masked throughout may be
    /// singular or hold NaN.
    static func tangents(_ primitive: some Primitive, _ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        guard let tangent = tangents[0], let mask = tangent.mask, !mask.isFromRelu else { return nil }
        return primitive.jvp(call, [tangent.resolved]).map { result in
            result.map { Masked($0, mask.ofMembers(tangent.tensor.rank, inner: 2, into: $0.shape), isExact: false) }
        }
    }

    /// What becomes of the mask of a matrix, for the matrix that is made of it.
    static func flow(_ mask: Mask, _ matrix: Tensor, into result: Tensor) -> MaskFlow {
        mask.isFromRelu ? .ends : .members(mask.ofMembers(matrix.rank, inner: 2, into: result.shape))
    }

    /// Every result with the batch in front.
    static func batched(_ primitive: some Primitive, _ inputs: [Batched], size: Int) -> [Batched] {
        apply(primitive, inputs.map { $0.front(size) }).map { Batched($0, axis: 0) }
    }

    /// A symmetric matrix from the lower triangle of `x`.
    static func mirrored(_ x: Tensor) -> Tensor { x.lowerTriangle() + x.lowerTriangle(diagonal: -1).swappingAxes(-1, -2) }

    /// `1 / gap` for the differences between each two of n numbers [..., n, n]: 0 on the diagonal, NaN where two numbers are equal.
    static func reciprocal(ofGaps gaps: Tensor) -> Tensor {
        let isDiagonal = Tensor.eye(gaps.shape[gaps.rank - 1], dtype: .bool).broadcast(to: gaps.shape)
        let reciprocals = Tensor.where(gaps .== 0, Tensor(.nan, like: gaps), 1 / gaps)
        return Tensor.where(isDiagonal, Tensor(0, like: gaps), reciprocals)
    }

    /// `1 / x`, and 0 where x is 0.
    static func safeReciprocal(_ x: Tensor) -> Tensor {
        Tensor.where(x .== 0, Tensor(0, like: x), 1 / x)
    }
}

/// The lower triangular L with `L Lᵀ = A`, for symmetric positive definite A, of which the lower triangle is read.
///
/// Derivative: `dL = L Φ(L⁻¹ dA L⁻ᵀ)`, Φ the lower triangle with half of the diagonal (Murray 2016; Giles 2008). Where the leading minor of
/// order j + 1 is the first that is not positive, columns from j on are NaN.
package struct Cholesky: Primitive {
    package static let name = "cholesky"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        _ = try Matrices.square(inputs[0], for: "cholesky")
        return [inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil] }
        let l = call.output, solve = TriangularSolve(lower: true)
        let half = applySingle(solve, l, Matrices.mirrored(tangent))
        let inner = applySingle(solve, l, half.swappingAxes(-1, -2))
        return [l.matmul((inner.lowerTriangle() + inner.lowerTriangle(diagonal: -1)) * 0.5)]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_cholesky) }
    package static var samples: [PrimitiveSample] {
        [[3, 3], [2, 2, 2], [1, 1], [0, 0]].map { PrimitiveSample(Cholesky(), [.definite($0)]) }
    }
}

/// X with `op(T) X = B`: T is a triangle of the first input [..., n, n], B the second [..., n, k]; op may transpose.
///
/// Derivative: `op(T)⁻¹ (dB - op(dT) X)`.
package struct TriangularSolve: Primitive {
    package static let name = "triangular_solve"
    let lower: Bool
    var isTransposed = false
    /// Whether the diagonal counts as ones.
    var hasUnitDiagonal = false
    package init(lower: Bool, transposed: Bool = false, unitDiagonal: Bool = false) {
        (self.lower, isTransposed, hasUnitDiagonal) = (lower, transposed, unitDiagonal)
    }
    package var detail: String { (lower ? "lower" : "upper") + (isTransposed ? ", transposed" : "") + (hasUnitDiagonal ? ", unit diagonal" : "") }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, size) = try Matrices.square(inputs[0], for: "triangular solve")
        let right = try Matrices.split(inputs[1], for: "triangular solve")
        guard right.batch == batch, right.rows == size, inputs[0].dtype == inputs[1].dtype else {
            throw ShapeError("triangular solve: a matrix \(inputs[0]) and a right side \(inputs[1]): batch, rows and element type must be equal.")
        }
        return [inputs[1]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        var change = tangents[1]
        if let matrix = tangents[0] {
            let kept = lower ? matrix.lowerTriangle(diagonal: hasUnitDiagonal ? -1 : 0) : matrix.upperTriangle(diagonal: hasUnitDiagonal ? 1 : 0)
            let moved = (isTransposed ? kept.swappingAxes(-1, -2) : kept).matmul(call.output)
            change = change.map { $0 - moved } ?? -moved
        }
        return [change.map { applySingle(self, call.inputs[0], $0) }]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        let turned = TriangularSolve(lower: lower, transposed: !isTransposed, unitDiagonal: hasUnitDiagonal)
        return [nil, cotangents[0].map { applySingle(turned, call.inputs[0], $0) }]
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { Matrices.flow(mask, call.inputs[1], into: call.inputs[1]) }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { Matrices.flow(mask, call.inputs[position], into: call.output) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(1).shape, matrix = emitter.input(0), right = emitter.input(1)
            var arguments = dk_matrix_arguments()
            (arguments.in, arguments.in_offset, arguments.right, arguments.right_offset) = (matrix.buffer, matrix.offset, right.buffer, right.offset)
            arguments.out0 = emitter.output(0)
            arguments.batch = Int64(Array(shape.dropLast(2)).elementCount)
            (arguments.rows, arguments.columns, arguments.rights) = (Int64(shape[shape.count - 2]), Int64(shape[shape.count - 2]), Int64(shape[shape.count - 1]))
            arguments.dtype = emitter.inputType(0).dtype.rawValue
            (arguments.lower, arguments.transposed, arguments.unit) = (lower ? 1 : 0, isTransposed ? 1 : 0, hasUnitDiagonal ? 1 : 0)
            emitter.emit(dk_triangular_solve, arguments)
        }
    }
    package static var samples: [PrimitiveSample] {
        func sample(_ primitive: Self, _ n: Int, _ k: Int, batch: [Int] = []) -> PrimitiveSample {
            PrimitiveSample(primitive, [.definite(batch + [n, n]), .numbers(batch + [n, k], -2...2)])
        }
        return [
            sample(Self(lower: true), 3, 2), sample(Self(lower: false), 3, 2), sample(Self(lower: true, transposed: true), 3, 1),
            sample(Self(lower: false, transposed: true), 3, 2, batch: [2]), sample(Self(lower: true, unitDiagonal: true), 3, 2),
            sample(Self(lower: false, unitDiagonal: true), 2, 2), sample(Self(lower: true), 0, 2), sample(Self(lower: true), 2, 0),
        ]
    }
}

/// Gauss's elimination with partial pivoting, for A [..., n, n]: L (unit diagonal) and U packed in one matrix, the order of the rows with
/// `A[order] = L U` (int64 [..., n]), and the order's sign ([...]).
///
/// Derivative, with `M = L⁻¹ dA[order] U⁻¹`: `dL = L · (M below the diagonal)`, `dU = (M on and above it) · U`. A must be invertible for it.
package struct LUDecomposition: Primitive {
    package static let name = "lu"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let (batch, size) = try Matrices.square(inputs[0], for: "lu")
        return [inputs[0], TensorType(batch + [size], .int64), TensorType(batch, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0] else { return [nil, nil, nil] }
        let packed = call.outputs[0]
        let ordered = tangent.rowsOrdered(call.outputs[1])
        let left = applySingle(TriangularSolve(lower: true, unitDiagonal: true), packed, ordered)
        let middle = applySingle(TriangularSolve(lower: false, transposed: true), packed, left.swappingAxes(-1, -2)).swappingAxes(-1, -2)
        let below = middle.lowerTriangle(diagonal: -1)
        // L = I + what is packed below the diagonal.
        let lower = below + packed.lowerTriangle(diagonal: -1).matmul(below)
        return [lower + middle.upperTriangle().matmul(packed.upperTriangle()), nil, nil]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { Matrices.tangents(self, call, tangents) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { Matrices.batched(self, inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel { Matrices.kernel(dk_lu) }
    package static var samples: [PrimitiveSample] {
        [[3, 3], [2, 2, 2], [1, 1], [0, 0]].map { PrimitiveSample(LUDecomposition(), [.numbers($0, 0.5...2)]) }
    }
}

extension Tensor {
    /// The rows of each matrix in another order: `order` is int64 [..., n].
    func rowsOrdered(_ order: Tensor) -> Tensor {
        applySingle(GatherAlong(axis: rank - 2), self, order.expanded(axis: order.rank).broadcast(to: shape))
    }
}
