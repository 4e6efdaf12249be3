import CKernels

/// The tables of Fourier transforms of one length and element type, made once and shared by the plans that need them.
final class FourierPlan: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(_ key: Key) {
        pointer = dk_fourier_make_plan(Int64(key.count), key.dtype.kernel, key.isReal ? 1 : 0)
    }

    deinit { dk_fourier_free_plan(pointer) }

    private struct Key: Hashable {
        let count: Int, dtype: DType, isReal: Bool
    }
    private struct Known {
        weak var plan: FourierPlan?
    }
    private final class Registry: Sendable {
        let known = Mutex<[Key: Known]>([:])
    }
    private static let registry = Registry()

    /// The plan for transforms of `count` numbers; `isReal`: of real numbers, or to real numbers.
    static func of(_ count: Int, _ dtype: DType, isReal: Bool) -> FourierPlan {
        let key = Key(count: count, dtype: dtype, isReal: isReal)
        return registry.known.withLock { known in
            if let plan = known[key]?.plan { return plan }
            known = known.filter { $0.value.plan != nil }
            let plan = FourierPlan(key)
            known[key] = Known(plan: plan)
            return plan
        }
    }
}

/// What the three transforms share: their checks and their kernel.
enum FourierKernels {
    /// The axis may be in front of others up to this length; longer ones are moved to the end first.
    static let columnLimit = Int(DK_FOURIER_COLUMN_LIMIT)

    /// The inputs are floating, alike, and have the axis.
    static func check(_ inputs: [TensorType], axis: Int, for name: String) throws(ShapeError) {
        let shape = inputs[0].shape
        guard shape.indices.contains(axis) else { throw ShapeError("\(name): axis \(axis) is outside a tensor of rank \(shape.count).") }
        guard inputs[0].dtype.isFloating else { throw ShapeError("\(name): element type \(inputs[0].dtype); it must be float32 or float64. Use cast(to:).") }
        if let other = inputs.dropFirst().first, other != inputs[0] {
            throw ShapeError("\(name): real parts \(inputs[0]) and imaginary parts \(other); shape and element type must be equal.")
        }
    }

    /// At least one number, since a transform of none has no meaning.
    static func check(count: Int, for name: String) throws(ShapeError) {
        guard count >= 1 else { throw ShapeError("\(name): \(count) numbers along the axis; a transform needs at least 1.") }
    }

    static func kernel(axis: Int, count: Int, scale: Double, role: Int, inverse: Bool = false) -> Kernel {
        .instruction { emitter in
            let type = emitter.inputType(0), x = emitter.input(0)
            let plan = FourierPlan.of(count, type.dtype, isReal: role != DK_FOURIER_COMPLEX)
            emitter.memory.keep(plan)
            var arguments = dk_fourier_arguments()
            (arguments.real, arguments.real_offset) = (x.buffer, x.offset)
            arguments.imaginary = -1
            if emitter.inputCount > 1 {
                let y = emitter.input(1)
                (arguments.imaginary, arguments.imaginary_offset) = (y.buffer, y.offset)
            }
            arguments.out_real = emitter.output(0)
            arguments.out_imaginary = emitter.outputs.count > 1 ? emitter.output(1) : -1
            arguments.outer = Int64(Array(type.shape[..<axis]).elementCount)
            arguments.inner = Int64(Array(type.shape[(axis + 1)...]).elementCount)
            (arguments.scale, arguments.role, arguments.inverse) = (scale, Int32(role), inverse ? 1 : 0)
            arguments.plan = plan.pointer
            emitter.emit(dk_fourier, arguments)
        }
    }

    /// With the batch in front; what lies behind the transformed axis stays as it is.
    static func batched(_ primitive: some Primitive, _ inputs: [Batched], size: Int) -> [Batched] {
        apply(primitive, inputs.map { $0.front(size) }).map { Batched($0, axis: 0) }
    }

    /// Factors for the bins of a real transform of `count` numbers: 1 for those that are their own conjugates, `otherwise` for the others.
    static func binFactors(count: Int, otherwise: Double, axis: Int, like tensor: Tensor) -> Tensor {
        let bins = count / 2 + 1
        let factors = (0..<bins).map { $0 == 0 || 2 * $0 == count ? 1 : otherwise }
        var shape = [Int](repeating: 1, count: tensor.rank)
        shape[axis] = bins
        return Tensor(float64: factors, shape: shape).cast(to: tensor.dtype).broadcast(to: tensor.shape)
    }
}
