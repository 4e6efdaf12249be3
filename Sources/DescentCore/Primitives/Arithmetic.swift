import CKernels

/// `a + b`.
package struct Add: BinaryElementwise {
    package static let name = "add"
    package static let operation = DK_add
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let a = tangents[0] else { return [tangents[1]] }
        guard let b = tangents[1] else { return [a] }
        return [a + b]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0], cotangents[0]] }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { true }
    package static var samples: [PrimitiveSample] { .binarySamples(Add(), -2...2, -2...2) }
}

/// `a - b`.
package struct Subtract: BinaryElementwise {
    package static let name = "subtract"
    package static let operation = DK_subtract
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard let b = tangents[1] else { return [tangents[0]] }
        guard let a = tangents[0] else { return [-b] }
        return [a - b]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0], call.isLinear[1] ? cotangents[0].map { -$0 } : nil]
    }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { true }
    package static var samples: [PrimitiveSample] { .binarySamples(Subtract(), -2...2, -2...2) }
}

/// `a * b`, element by element.
package struct Multiply: BinaryElementwise {
    package static let name = "multiply"
    package static let operation = DK_multiply
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let first = tangents[0].map { $0 * call.inputs[1] }
        let second = tangents[1].map { call.inputs[0] * $0 }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        call.isLinear[0] ? [cotangents[0].map { $0 * call.inputs[1] }, nil] : [nil, cotangents[0].map { call.inputs[0] * $0 }]
    }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { inputs[1 - position].isFiniteNumber }
    package static var samples: [PrimitiveSample] { .binarySamples(Multiply(), -2...2, -2...2) }
}

/// `a / b`. For integers, rounded down; a division by zero gives 0 for those.
package struct Divide: BinaryElementwise {
    package static let name = "divide"
    package static let operation = DK_divide
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let first = tangents[0].map { $0 / call.inputs[1] }
        let second = tangents[1].map { -(call.output / call.inputs[1]) * $0 }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { $0 / call.inputs[1] }, nil] }
    package static var samples: [PrimitiveSample] { .binarySamples(Divide(), -2...2, 0.5...2) }
}

/// `-x`.
package struct Negate: UnaryElementwise {
    package static let name = "negate"
    package static let operation = DK_negate
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isNumeric }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { -$0 }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { -$0 }] }
    package func keepsZeros(of position: Int, _ inputs: [Tensor]) -> Bool { true }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Negate(), in: -2...2) }
}

/// `a` to the power of `b`.
///
/// Derivative: `b a^(b-1)` in a (0 where b is 0, so that x^0 has derivative 0 at 0 too), `a^b log a` in b (0 where a is 0).
package struct Power: BinaryElementwise {
    package static let name = "power"
    package static let operation = DK_power
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let a = call.inputs[0], b = call.inputs[1]
        let first = tangents[0].map { tangent -> Tensor in
            let zero = b .== Tensor(0, like: b)
            let exponent = Tensor.where(zero, Tensor(1, like: b), b - 1)
            return tangent * Tensor.where(zero, Tensor(0, like: b), b * Power.node(a, exponent))
        }
        let second = tangents[1].map { tangent -> Tensor in
            let zero = a .== Tensor(0, like: a)
            return tangent * Tensor.where(zero, Tensor(0, like: a), call.output * Log.node(Tensor.where(zero, Tensor(1, like: a), a)))
        }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }
    package static var samples: [PrimitiveSample] { .binarySamples(Power(), 0.5...2, -2...2) }
}

/// The larger of `a` and `b`; NaN if either is. At a tie each takes half of the gradient.
package struct Maximum: BinaryElementwise {
    package static let name = "maximum"
    package static let operation = DK_maximum
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { maskedJVP(call, tangents.map { $0.map { Masked($0) } })!.map { $0?.resolved } }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        let a = call.inputs[0], b = call.inputs[1]
        return tieSharing(call, tangents, lost: (a .< b, b .< a))
    }
    package static var samples: [PrimitiveSample] {
        .binarySamples(Maximum(), -2...2, -2...2) + [PrimitiveSample(Maximum(), [.floats([1, 2], [2]), .floats([1, 3], [2])], smooth: false)]
    }
}

/// The smaller of `a` and `b`; NaN if either is. At a tie each takes half of the gradient.
package struct Minimum: BinaryElementwise {
    package static let name = "minimum"
    package static let operation = DK_minimum
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { maskedJVP(call, tangents.map { $0.map { Masked($0) } })!.map { $0?.resolved } }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        let a = call.inputs[0], b = call.inputs[1]
        return tieSharing(call, tangents, lost: (a .> b, b .> a))
    }
    package static var samples: [PrimitiveSample] {
        .binarySamples(Minimum(), -2...2, -2...2) + [PrimitiveSample(Minimum(), [.floats([1, 2], [2]), .floats([1, 3], [2])], smooth: false)]
    }
}

/// The rule of maximum and minimum: each input's tangent passes where the other is not the result, half of it at a tie.
private func tieSharing(_ call: Call, _ tangents: [Masked?], lost: (Tensor, Tensor)) -> [Masked?] {
    let y = call.output
    let share = Tensor.where(call.inputs[0] .== call.inputs[1], Tensor(0.5, like: y), Tensor(1, like: y))
    let first = tangents[0].map { $0.scaled(by: share).limited(to: Mask(lost.0, is: false)) }
    let second = tangents[1].map { $0.scaled(by: share).limited(to: Mask(lost.1, is: false)) }
    guard let first else { return [second] }
    guard let second else { return [first] }
    return [first + second]
}

/// `a - b floor(a / b)`: the remainder with the sign of the divisor, as in NumPy.
package struct Remainder: BinaryElementwise {
    package static let name = "remainder"
    package static let operation = DK_remainder
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let first = tangents[0]
        let second = tangents[1].map { -(Floor.node(call.inputs[0] / call.inputs[1])) * $0 }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(Remainder(), [.floats([5.3, -5.3, 7.1, 0.4], [4]), .floats([2, 2, -3, 1.5], [4])])]
    }
}

/// The angle of the point (b, a) = (x, y), in radians, -π to π. At (0, 0) its derivative is 0.
package struct ArcTangent2: BinaryElementwise {
    package static let name = "atan2"
    package static let operation = DK_atan2
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        // Scaled by the larger size, so that the squares neither overflow nor vanish. The derivatives do not depend on the scale.
        let largest = stopGradient(maximum(abs(call.inputs[0]), abs(call.inputs[1])))
        let scale = Tensor.where((largest .> 0).and(largest .< .infinity), largest, Tensor(1, like: largest))
        let a = call.inputs[0] / scale, b = call.inputs[1] / scale
        let square = a * a + b * b
        // 1 in place of 0: the numerators are 0 there.
        let safe = Tensor.where(square .== 0, Tensor(1, like: square), square)
        let first = tangents[0].map { $0 * (b / safe / scale) }
        let second = tangents[1].map { -$0 * (a / safe / scale) }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }
    package static var samples: [PrimitiveSample] { .binarySamples(ArcTangent2(), -2...2, 0.5...2) }
}

extension [PrimitiveSample] {
    static func binarySamples(_ primitive: any Primitive, _ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> [PrimitiveSample] {
        PrimitiveSample.binary(primitive, in: a, b)
    }
}
