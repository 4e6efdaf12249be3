import CKernels

/// How the engine runs an element-by-element primitive on a tile.
package enum ElementwiseKernel: Hashable, Sendable {
    case operation(UInt32)
    case cast

    package static func tile(_ operation: dk_operation) -> Kernel { .elementwise(.operation(operation.rawValue)) }
}

/// An operation on each element by itself. Inputs have one shape; broadcasting is a primitive of its own.
package protocol ElementwisePrimitive: Primitive {
    /// Whether a zero tangent (or cotangent) of an input gives zero, though other inputs may be infinite or NaN.
    func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool
}

extension ElementwisePrimitive {
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let axes = inputs.compactMap(\.axis)
        // The axis of the first batched input serves all that have theirs in the same place; the others are moved or repeated.
        let axis = axes[0]
        let aligned = inputs.map { input -> Tensor in
            if input.axis == axis { return input.tensor }
            if let other = input.axis { return input.tensor.movingAxis(other, to: axis) }
            return input.tensor.repeating(size, at: axis)
        }
        return [Batched(apply(self, aligned)[0], axis: axis)]
    }

    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow {
        .stays(keepsZeros: keepsZeros(of: position, call.inputs) || isScaling(mask, position, call.inputs))
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow {
        .stays(keepsZeros: keepsZeros(of: position, call.inputs) || isScaling(mask, position, call.inputs))
    }
    /// A relu is in every inner loop, and to select its zeros again would cost time in each normalization. So after a factor that comes from a sum or
    /// product of finite numbers, or belongs to a whole row or channel, they count as zeros still; not after a quotient, a power or an exponential.
    private func isScaling(_ mask: Mask, _ position: Int, _ inputs: [Tensor]) -> Bool {
        guard mask.isFromRelu, inputs.count == 2, self is Multiply else { return false }
        switch inputs[1 - position].node.primitive {
        case is Divide, is Power, is Exp, is ReciprocalSquareRoot, is Log: return false
        default: return true
        }
    }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { false }

    /// The common shape of the inputs, which must agree.
    package func commonShape(_ inputs: [TensorType]) throws(ShapeError) -> [Int] {
        for input in inputs.dropFirst() where input.shape != inputs[0].shape {
            throw ShapeError("\(Self.name): shapes \(inputs[0].shape) and \(input.shape) differ; they must be equal here.")
        }
        return inputs[0].shape
    }
}

/// One input.
package protocol UnaryElementwise: ElementwisePrimitive {
    static var operation: dk_operation { get }
    init()
    /// Which element types it takes; the result has the same.
    static func accepts(_ dtype: DType) -> Bool
    /// The local derivative dy/dx, element by element; nil where it is zero everywhere.
    func derivative(x: Tensor, y: Tensor) -> Tensor?
    static var samples: [PrimitiveSample] { get }
}

extension UnaryElementwise {
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func kernel(_ inputs: [TensorType]) -> Kernel { ElementwiseKernel.tile(Self.operation) }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard Self.accepts(inputs[0].dtype) else {
            throw ShapeError("\(Self.name): takes a floating type, not \(inputs[0].dtype). Cast it first.")
        }
        return [inputs[0]]
    }

    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let tangent = tangents[0], let slope = derivative(x: call.inputs[0], y: call.output) else { return [nil] }
        return [tangent * slope]
    }

    /// Builds the node without the general path's arrays.
    package static func node(_ x: Tensor) -> Tensor {
        guard accepts(x.dtype) else { return applySingle(Self(), x) }
        return Tensor(Node(Self(), x, nil, x.type))
    }
}

/// Two inputs of one type.
package protocol BinaryElementwise: ElementwisePrimitive {
    static var operation: dk_operation { get }
    init()
    static func accepts(_ dtype: DType) -> Bool
    static func result(_ dtype: DType) -> DType
}

extension BinaryElementwise {
    package static func accepts(_ dtype: DType) -> Bool { dtype.isNumeric }
    package static func result(_ dtype: DType) -> DType { dtype }
    package func kernel(_ inputs: [TensorType]) -> Kernel { ElementwiseKernel.tile(Self.operation) }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0].dtype == inputs[1].dtype else {
            throw ShapeError("\(Self.name): element types \(inputs[0].dtype) and \(inputs[1].dtype) differ. Cast one of them.")
        }
        guard Self.accepts(inputs[0].dtype) else { throw ShapeError("\(Self.name): does not take \(inputs[0].dtype). Cast it first.") }
        return [TensorType(try commonShape(inputs), Self.result(inputs[0].dtype))]
    }

    /// The operation on any two tensors: types promoted, shapes broadcast.
    package static func node(_ a: Tensor, _ b: Tensor) -> Tensor {
        let ta = a.type, tb = b.type
        if ta == tb, accepts(ta.dtype) {
            return Tensor(Node(Self(), a, b, TensorType(ta.shape, result(ta.dtype))))
        }
        var dtype = DType.promoted(ta.dtype, tb.dtype)
        if !accepts(dtype), dtype == .bool { dtype = .int32 }
        do {
            let shape = try broadcastShape(ta.shape, tb.shape, for: name)
            return applySingle(Self(), a.cast(to: dtype).broadcast(to: shape), b.cast(to: dtype).broadcast(to: shape))
        } catch { return standIn(error, like: a.rank > b.rank ? a : b) }
    }
}
