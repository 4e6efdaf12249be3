/// An operation of the graph, with all its rules side by side: what it makes of its inputs' types, its derivative, its batched
/// form, how the engine runs it, and samples that drive the generic checks.
///
/// Rules are written in tensors, so they can be differentiated and batched again. Each primitive has one derivative rule, the
/// forward one (`jvp`); those that are linear in an input also say their transpose. Reverse mode is linearise-and-transpose.
package protocol Primitive: Hashable, Sendable {
    static var name: String { get }
    /// Attributes, for people: "axes=[0]". Empty when there are none.
    var detail: String { get }
    /// The types of the results, or a sentence that says why the inputs don't fit.
    func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType]
    /// Tangents of the results, given those of the inputs; nil is zero.
    func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?]
    /// For an operation that is linear in the inputs marked so: cotangents of those, given the results'.
    func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?]
    /// What becomes of the mask on the tangent of input `position`, on the way to the result's tangent.
    func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow
    /// What becomes of the mask on the result's cotangent, on the way to that of the linear input `position`.
    func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow
    /// `jvp` on tangents with masks, for what makes masks itself, as a selection does; nil: it follows from `forwardFlow`.
    func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]?
    /// `transpose` on cotangents with masks, for what makes masks itself; nil: it follows from `backwardFlow`.
    func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]?
    /// The operation over a batch: some inputs have one axis more.
    func batch(_ inputs: [Batched], size: Int) -> [Batched]
    /// How the engine runs it.
    func kernel(_ inputs: [TensorType]) -> Kernel
    static var samples: [PrimitiveSample] { get }
}

extension Primitive {
    package var detail: String { "" }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        stop("\(Self.name) is not linear and has no transpose; a derivative rule used it on a tangent.")
    }

    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { nil }
    package func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]? { nil }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .ends }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .ends }

    /// Equality across types.
    package func isEqual(_ other: any Primitive) -> Bool {
        // Compares the types and not `as? Self`: a cast would look for conformances, at every operation of every graph.
        func same<Other: Primitive>(_ other: Other) -> Bool { Other.self == Self.self && unsafeBitCast(other, to: Self.self) == self }
        return same(other)
    }
}

/// An operation with its inputs and results, as a derivative rule sees it.
package struct Call {
    package let inputs: [Tensor]
    package let outputs: [Tensor]
    package var output: Tensor { outputs[0] }
}

/// An operation in a linear graph: which inputs are linear. Of those, only the types mean something.
package struct LinearCall {
    package let inputs: [Tensor]
    package let isLinear: [Bool]
    package let outputTypes: [TensorType]
}

/// A tensor that may have an axis for the batch.
package struct Batched {
    package var tensor: Tensor
    package var axis: Int?

    package init(_ tensor: Tensor, axis: Int?) {
        self.tensor = tensor
        self.axis = axis
    }

    /// The shape of one member of the batch.
    package var memberShape: [Int] {
        var shape = tensor.shape
        if let axis { shape.remove(at: axis) }
        return shape
    }

    /// With the batch in the first axis: moved there, or repeated if there is none.
    package func front(_ size: Int) -> Tensor {
        if let axis { return axis == 0 ? tensor : tensor.movingAxis(axis, to: 0) }
        return tensor.broadcast(to: [size] + tensor.shape)
    }
}

/// How the engine runs a primitive. A second engine maps each case to its own operations.
package enum Kernel: Sendable {
    /// One result element from the elements at the same place.
    case elementwise(ElementwiseKernel)
    /// The same number everywhere.
    case fill(ScalarBits)
    /// A dense reshape: the same memory.
    case reshape
    /// The same memory seen with other strides.
    case view(@Sendable (StridedView) -> StridedView)
    /// Sum, product, largest, smallest, or their place, over axes.
    case reduce(ReductionKind, axes: [Int])
    case product(ProductDimensions)
    /// A kernel of its own, on dense inputs.
    case instruction(@Sendable (inout InstructionEmitter) -> Void)
    /// A kernel of its own, on dense inputs, that runs a group on its result while that is hot: `rows` rows of `columns` elements. It finds the
    /// group in `InstructionEmitter.epilogue`.
    case instructionWithEpilogue(rows: Int, columns: Int, @Sendable (inout InstructionEmitter) -> Void)
    /// A kernel of its own that takes its inputs with any strides.
    case movement(@Sendable (inout InstructionEmitter) -> Void)
    /// For each row of the first input, along its last axis, the element at the place that the second gives.
    case pick
    /// For each row, zeros of the given length but for the first input's one number at the place that the second gives.
    case place
    /// A loop, whose body is planned by itself.
    case loop(Scan)
    /// The first input, unchanged: removed before anything runs.
    case identity
    /// Has no value of its own: a stand-in.
    case none
}

/// A stand-in for a value that comes later. Asking for it is an error.
package struct Placeholder: Primitive {
    package static let name = "placeholder"
    package let trace: Trace

    package static func == (a: Self, b: Self) -> Bool { a.trace === b.trace }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(trace)) }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { throw ShapeError("placeholder: its type is given, not inferred.") }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [] }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .none }
    package static var samples: [PrimitiveSample] { [] }
}

/// A value that was there from the start.
package struct Constant: Primitive {
    package static let name = "constant"
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { throw ShapeError("constant: its type is given, not inferred.") }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [] }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .none }
    package static var samples: [PrimitiveSample] { [] }
}
