import CKernels

/// The inverse of the hyperbolic sine.
package struct InverseHyperbolicSine: UnaryElementwise {
    package static let name = "asinh"
    package static let operation = DK_asinh
    package init() {}
    // Not `rsqrt(x² + 1)`, whose square overflows.
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 / Hypotenuse.node(x, Tensor(1, like: x)) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(InverseHyperbolicSine(), in: -2...2) }
}

/// The inverse of the hyperbolic cosine. NaN below 1.
package struct InverseHyperbolicCosine: UnaryElementwise {
    package static let name = "acosh"
    package static let operation = DK_acosh
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { ReciprocalSquareRoot.node(x - 1) * ReciprocalSquareRoot.node(x + 1) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(InverseHyperbolicCosine(), in: 1.3...3) }
}

/// The inverse of the hyperbolic tangent. Infinite at -1 and 1, NaN beyond.
package struct InverseHyperbolicTangent: UnaryElementwise {
    package static let name = "atanh"
    package static let operation = DK_atanh
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 / ((1 - x) * (1 + x)) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(InverseHyperbolicTangent(), in: -0.8...0.8) }
}

/// The logarithm to base 2, exact for powers of 2.
package struct Log2: UnaryElementwise {
    package static let name = "log2"
    package static let operation = DK_log2
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1.4426950408889634074 / x }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Log2(), in: 0.3...3) }
}

/// The logarithm to base 10.
package struct Log10: UnaryElementwise {
    package static let name = "log10"
    package static let operation = DK_log10
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 0.43429448190325182765 / x }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Log10(), in: 0.3...3) }
}

/// The whole number next to `x` on the side of 0. Derivative 0.
package struct Truncate: UnaryElementwise {
    package static let name = "trunc"
    package static let operation = DK_trunc
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Truncate(), in: -0.9 ... -0.1) }
}

/// `1 - erf(x)`, exact where that is tiny.
package struct ComplementaryErrorFunction: UnaryElementwise {
    package static let name = "erfc"
    package static let operation = DK_erfc
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Exp.node(-(x * x)) * -1.1283791670955125739 }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ComplementaryErrorFunction(), in: -2...2) }
}

/// The y with `erf(y) = x`. Infinite at -1 and 1, NaN beyond.
package struct InverseErrorFunction: UnaryElementwise {
    package static let name = "erfinv"
    package static let operation = DK_inverse_erf
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Exp.node(y * y) * 0.88622692545275801365 }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(InverseErrorFunction(), in: -0.8...0.8) }
}

/// The y with `erfc(y) = x`, exact for tiny x too. Infinite at 0 and 2, NaN beyond.
package struct InverseComplementaryErrorFunction: UnaryElementwise {
    package static let name = "erfcinv"
    package static let operation = DK_inverse_erfc
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Exp.node(y * y) * -0.88622692545275801365 }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(InverseComplementaryErrorFunction(), in: 0.2...1.8) }
}

/// The logarithm of the size of the gamma function. Derivative: digamma.
package struct LogGamma: UnaryElementwise {
    package static let name = "lgamma"
    package static let operation = DK_log_gamma
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Digamma.node(x) }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.unary(LogGamma(), in: 0.5...4) + PrimitiveSample.unary(LogGamma(), in: -1.7 ... -1.3)
    }
}

/// The derivative of `lgamma`. NaN at -1, -2, ...
package struct Digamma: UnaryElementwise {
    package static let name = "digamma"
    package static let operation = DK_digamma
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Polygamma.node(Tensor(1, like: x), x) }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.unary(Digamma(), in: 0.5...4) + PrimitiveSample.unary(Digamma(), in: -1.7 ... -1.3)
    }
}

/// Derivative number `a` of digamma at `b`. No derivative by `a`, which is a whole number; NaN for others.
package struct Polygamma: BinaryElementwise {
    package static let name = "polygamma"
    package static let operation = DK_polygamma
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[1].map { $0 * Polygamma.node(call.inputs[0] + 1, call.inputs[1]) }]
    }
    // Not smooth: the check of differences would move `a`.
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(Polygamma(), [.floats([0, 1, 2, 3, 1], [5]), .floats([0.75, 2.5, 1, 4, -0.5], [5])], smooth: false)]
    }
}

/// Whether the sign is negative: true for -0 too, and for a NaN whose sign bit is set.
package struct SignBit: UnaryElementwise {
    package static let name = "sign_bit"
    package static let operation = DK_sign_bit
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard Self.accepts(inputs[0].dtype) else { throw ShapeError("sign_bit: takes a floating type, not \(inputs[0].dtype).") }
        return [TensorType(inputs[0].shape, .bool)]
    }
    package static func node(_ x: Tensor) -> Tensor { applySingle(SignBit(), x) }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(SignBit(), [.floats([0, -0.0, -2, .infinity], [4])], smooth: false)] }
}

/// `√(a² + b²)`, without overflow. At (0, 0) its derivatives are 0.
package struct Hypotenuse: BinaryElementwise {
    package static let name = "hypot"
    package static let operation = DK_hypot
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let isZero = call.output .== 0, zero = Tensor(0, like: call.output)
        func share(_ position: Int) -> Tensor? {
            tangents[position].map { $0 * Tensor.where(isZero, zero, call.inputs[position] / call.output) }
        }
        guard let first = share(0) else { return [share(1)] }
        return [share(1).map { first + $0 } ?? first]
    }
    package static var samples: [PrimitiveSample] {
        .binarySamples(Hypotenuse(), -2...2, 0.5...2) + [PrimitiveSample(Hypotenuse(), [.floats([0, 3], [2]), .floats([0, 4], [2])], smooth: false)]
    }
}

/// `log(exp(a) + exp(b))`, without overflow. Derivatives: the logistic function of the differences.
///
/// A primitive and not a composition: written with `maximum` and `abs`, its second derivative at a tie would be 0 instead of 1/4.
package struct LogAddExp: BinaryElementwise {
    package static let name = "logaddexp"
    package static let operation = DK_log_add_exp
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        // Equal infinities have no difference; they share as equal numbers do.
        let a = call.inputs[0], b = call.inputs[1]
        let isInfiniteTie = (a .== b).and(!a.isFinite)
        let difference = Tensor.where(isInfiniteTie, Tensor(0, like: a), a - b)
        let first = tangents[0].map { $0 * Sigmoid.node(difference) }, second = tangents[1].map { $0 * Sigmoid.node(-difference) }
        guard let first else { return [second] }
        return [second.map { first + $0 } ?? first]
    }
    package static var samples: [PrimitiveSample] {
        .binarySamples(LogAddExp(), -2...2, -2...2) + [PrimitiveSample(LogAddExp(), [.floats([1, -800], [2]), .floats([1, 0], [2])])]
    }
}

/// The next number after `a` on the way to `b`. No derivative.
package struct NextAfter: BinaryElementwise {
    package static let name = "nextafter"
    package static let operation = DK_next_after
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(NextAfter(), [.floats([1, 0, -2], [3]), .floats([2, -1, -2], [3])], smooth: false)] }
}
