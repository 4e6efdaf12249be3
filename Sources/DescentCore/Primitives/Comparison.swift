import CKernels

/// A comparison: numbers in, `bool` out, no derivative.
package protocol ComparisonPrimitive: BinaryElementwise {}

extension ComparisonPrimitive {
    package static func accepts(_ dtype: DType) -> Bool { !dtype.isStorageOnly }
    package static func result(_ dtype: DType) -> DType { .bool }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Self(), [.floats([1, 2, 3, 2], [2, 2]), .floats([2, 2, 1, 3], [2, 2])], smooth: false),
            PrimitiveSample(Self(), [.exact([1, 2, 3], [3], .int64), .exact([1, 3, 2], [3], .int64)], smooth: false),
        ]
    }
}

package struct Equal: ComparisonPrimitive {
    package static let name = "equal"
    package static let operation = DK_equal
    package init() {}
}

package struct NotEqual: ComparisonPrimitive {
    package static let name = "not_equal"
    package static let operation = DK_not_equal
    package init() {}
}

package struct Less: ComparisonPrimitive {
    package static let name = "less"
    package static let operation = DK_less
    package init() {}
}

package struct LessEqual: ComparisonPrimitive {
    package static let name = "less_equal"
    package static let operation = DK_less_equal
    package init() {}
}

package struct Greater: ComparisonPrimitive {
    package static let name = "greater"
    package static let operation = DK_greater
    package init() {}
}

package struct GreaterEqual: ComparisonPrimitive {
    package static let name = "greater_equal"
    package static let operation = DK_greater_equal
    package init() {}
}

/// A logical operation on `bool`.
package protocol LogicalPrimitive: BinaryElementwise {}

extension LogicalPrimitive {
    package static func accepts(_ dtype: DType) -> Bool { dtype == .bool }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(Self(), [.exact([0, 0, 1, 1], [4], .bool), .exact([0, 1, 0, 1], [4], .bool)], smooth: false)]
    }
}

package struct LogicalAnd: LogicalPrimitive {
    package static let name = "logical_and"
    package static let operation = DK_logical_and
    package init() {}
}

package struct LogicalOr: LogicalPrimitive {
    package static let name = "logical_or"
    package static let operation = DK_logical_or
    package init() {}
}

package struct LogicalXor: LogicalPrimitive {
    package static let name = "logical_xor"
    package static let operation = DK_logical_xor
    package init() {}
}

package struct LogicalNot: UnaryElementwise {
    package static let name = "logical_not"
    package static let operation = DK_logical_not
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype == .bool }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(LogicalNot(), [.exact([0, 1], [2], .bool)], smooth: false)] }
}

/// Whether each element is NaN.
package struct IsNaN: UnaryElementwise {
    package static let name = "is_nan"
    package static let operation = DK_is_nan
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { try floatingToBool(Self.name, inputs) }
    package static func node(_ x: Tensor) -> Tensor { applySingle(IsNaN(), x) }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(IsNaN(), [.floats([0, .nan, .infinity], [3])], smooth: false)] }
}

/// Whether each element is neither NaN nor infinite.
package struct IsFinite: UnaryElementwise {
    package static let name = "is_finite"
    package static let operation = DK_is_finite
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { try floatingToBool(Self.name, inputs) }
    package static func node(_ x: Tensor) -> Tensor { applySingle(IsFinite(), x) }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(IsFinite(), [.floats([0, .nan, .infinity], [3])], smooth: false)] }
}

private func floatingToBool(_ name: String, _ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
    guard inputs[0].dtype.isFloating else { throw ShapeError("\(name): takes a floating type, not \(inputs[0].dtype).") }
    return [TensorType(inputs[0].shape, .bool)]
}

/// `condition ? a : b`, element by element. Linear in a and b; the branch not taken gets no gradient.
package struct Select: ElementwisePrimitive {
    package static let name = "select"
    package init() {}
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0].dtype == .bool else { throw ShapeError("select: the condition is \(inputs[0].dtype); it must be bool (a comparison gives one).") }
        guard inputs[1].dtype == inputs[2].dtype else { throw ShapeError("select: element types \(inputs[1].dtype) and \(inputs[2].dtype) differ. Cast one of them.") }
        return [TensorType(try commonShape(inputs), inputs[1].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        if tangents[1] == nil, tangents[2] == nil { return [nil] }
        let zero = Tensor(0, like: call.output)
        return [applySingle(Select(), call.inputs[0], tangents[1] ?? zero, tangents[2] ?? zero)]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil, nil, nil] }
        let zero = Tensor(0, like: cotangent)
        return [
            nil,
            call.isLinear[1] ? applySingle(Select(), call.inputs[0], cotangent, zero) : nil,
            call.isLinear[2] ? applySingle(Select(), call.inputs[0], zero, cotangent) : nil,
        ]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        let taken = Mask(call.inputs[0]), other = Mask(call.inputs[0], is: false)
        switch (tangents[1], tangents[2]) {
        case (nil, nil): return [nil]
        case (let a?, nil): return [a.limited(to: taken)]
        case (nil, let b?): return [b.limited(to: other)]
        case (let a?, let b?): return [a.limited(to: taken) + b.limited(to: other)]
        }
    }
    package func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]? {
        guard let cotangent = cotangents[0] else { return [nil, nil, nil] }
        return [
            nil, call.isLinear[1] ? cotangent.limited(to: Mask(call.inputs[0])) : nil,
            call.isLinear[2] ? cotangent.limited(to: Mask(call.inputs[0], is: false)) : nil,
        ]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { ElementwiseKernel.tile(DK_select) }
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(Select(), [.exact([1, 0, 1, 0, 0, 1], [2, 3], .bool), .numbers([2, 3], -2...2), .numbers([2, 3], -1...3)])]
    }
}

/// Another element type. Linear between floating types; no derivative to or from the others.
package struct Cast: ElementwisePrimitive {
    package static let name = "cast"
    let dtype: DType
    package init(_ dtype: DType) { self.dtype = dtype }
    package var detail: String { "\(dtype)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [TensorType(inputs[0].shape, dtype)] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { dtype.isFloating ? [tangents[0].map { $0.cast(to: dtype) }] : [nil] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { $0.cast(to: call.inputs[0].dtype) }] }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { true }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .elementwise(.cast) }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Cast(.float64), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(Cast(.int32), [.floats([1.7, -1.7, 0], [3])], smooth: false),
            PrimitiveSample(Cast(.bool), [.floats([1.7, 0, -2], [3])], smooth: false),
        ]
    }
}
