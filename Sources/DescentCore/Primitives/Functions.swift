import CKernels

/// `e` to the power of `x`.
package struct Exp: UnaryElementwise {
    package static let name = "exp"
    package static let operation = DK_exp
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { y }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Exp(), in: -2...2) }
}

/// `exp(x) - 1`, exact for small `x`.
package struct Expm1: UnaryElementwise {
    package static let name = "expm1"
    package static let operation = DK_expm1
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { y + 1 }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Expm1(), in: -2...2) }
}

/// The natural logarithm. -infinity at 0, NaN below.
package struct Log: UnaryElementwise {
    package static let name = "log"
    package static let operation = DK_log
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 / x }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { $0 / call.inputs[0] }] }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Log(), in: 0.3...3) }
}

/// `log(1 + x)`, exact for small `x`.
package struct Log1p: UnaryElementwise {
    package static let name = "log1p"
    package static let operation = DK_log1p
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 / (x + 1) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Log1p(), in: -0.5...2) }
}

/// The square root. Derivative `1 / (2 sqrt x)`: infinite at 0.
package struct SquareRoot: UnaryElementwise {
    package static let name = "sqrt"
    package static let operation = DK_sqrt
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 0.5 / y }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(SquareRoot(), in: 0.3...3) }
}

/// `1 / sqrt(x)`.
package struct ReciprocalSquareRoot: UnaryElementwise {
    package static let name = "rsqrt"
    package static let operation = DK_rsqrt
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { -0.5 * y / x }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ReciprocalSquareRoot(), in: 0.3...3) }
}

/// The sine of an angle in radians.
package struct Sine: UnaryElementwise {
    package static let name = "sin"
    package static let operation = DK_sin
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Cosine.node(x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Sine(), in: -3...3) }
}

/// The cosine of an angle in radians.
package struct Cosine: UnaryElementwise {
    package static let name = "cos"
    package static let operation = DK_cos
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { -Sine.node(x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Cosine(), in: -3...3) }
}

/// The tangent of an angle in radians.
package struct Tangent: UnaryElementwise {
    package static let name = "tan"
    package static let operation = DK_tan
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 + y * y }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Tangent(), in: -1...1) }
}

/// The angle, -π/2 to π/2, whose sine is `x`.
package struct ArcSine: UnaryElementwise {
    package static let name = "asin"
    package static let operation = DK_asin
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { ReciprocalSquareRoot.node(1 - x * x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ArcSine(), in: -0.8...0.8) }
}

/// The angle, 0 to π, whose cosine is `x`.
package struct ArcCosine: UnaryElementwise {
    package static let name = "acos"
    package static let operation = DK_acos
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { -ReciprocalSquareRoot.node(1 - x * x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ArcCosine(), in: -0.8...0.8) }
}

/// The angle, -π/2 to π/2, whose tangent is `x`.
package struct ArcTangent: UnaryElementwise {
    package static let name = "atan"
    package static let operation = DK_atan
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 / (1 + x * x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ArcTangent(), in: -2...2) }
}

/// The hyperbolic sine.
package struct HyperbolicSine: UnaryElementwise {
    package static let name = "sinh"
    package static let operation = DK_sinh
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { HyperbolicCosine.node(x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(HyperbolicSine(), in: -2...2) }
}

/// The hyperbolic cosine.
package struct HyperbolicCosine: UnaryElementwise {
    package static let name = "cosh"
    package static let operation = DK_cosh
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { HyperbolicSine.node(x) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(HyperbolicCosine(), in: -2...2) }
}

/// The hyperbolic tangent.
///
/// Derivative: `1 - tanh(x)²`, never above 1, so repeated through time it shrinks a gradient.
package struct HyperbolicTangent: UnaryElementwise {
    package static let name = "tanh"
    package static let operation = DK_tanh
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { 1 - y * y }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(HyperbolicTangent(), in: -2...2) }
}

/// The logistic function `1 / (1 + exp(-x))`. Derivative `y (1 - y)`, at most 1/4.
package struct Sigmoid: UnaryElementwise {
    package static let name = "sigmoid"
    package static let operation = DK_sigmoid
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { y * (1 - y) }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Sigmoid(), in: -3...3) }
}

/// `log(1 + exp(x))`, without overflow. Derivative: the logistic function.
///
/// A primitive and not a composition: written with `abs` or `relu` its derivative at 0 would be 0 instead of 1/2.
package struct Softplus: UnaryElementwise {
    package static let name = "softplus"
    package static let operation = DK_softplus
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Sigmoid.node(x) }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.unary(Softplus(), in: -3...3) + [PrimitiveSample(Softplus(), [.floats([0, -0.0], [2])])]
    }
}

/// The error function, `2/√π` times the integral of `exp(-t²)` from 0 to x.
package struct ErrorFunction: UnaryElementwise {
    package static let name = "erf"
    package static let operation = DK_erf
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Exp.node(-(x * x)) * 1.1283791670955125739 }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(ErrorFunction(), in: -2...2) }
}

/// `x` where positive, else 0. Derivative 1 above 0, else 0: relu'(0) = 0.
package struct Relu: UnaryElementwise {
    package static let name = "relu"
    package static let operation = DK_relu
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isNumeric }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { (x .> Tensor(0, like: x)).cast(to: x.dtype) }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[0].map { applySingle(ReluGradient(), call.output, $0) }]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { [tangents[0].map { $0.whereRelu(call.output) }] }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.unary(Relu(), in: 0.2...2) + PrimitiveSample.unary(Relu(), in: -2 ... -0.2)
            + [PrimitiveSample(Relu(), [.floats([0, -0.0, 1], [3])], smooth: false)]
    }
}

/// `b` where `a` is positive, else 0: the derivative of relu, linear in `b`.
package struct ReluGradient: BinaryElementwise {
    package static let name = "relu_gradient"
    package static let operation = DK_relu_gradient
    package init() {}
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[1].map { applySingle(ReluGradient(), call.inputs[0], $0) }]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [nil, cotangents[0].map { applySingle(ReluGradient(), call.inputs[0], $0) }]
    }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { [tangents[1].map { $0.whereRelu(call.inputs[0]) }] }
    package func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]? { [nil, cotangents[0].map { $0.whereRelu(call.inputs[0]) }] }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.binary(ReluGradient(), in: 0.2...2, -2...2) + PrimitiveSample.binary(ReluGradient(), in: -2 ... -0.2, -2...2)
    }
}

/// `|x|`. Derivative: the sign; 0 at 0.
package struct Absolute: UnaryElementwise {
    package static let name = "abs"
    package static let operation = DK_abs
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isNumeric }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { Sign.node(x) }
    package static var samples: [PrimitiveSample] {
        PrimitiveSample.unary(Absolute(), in: 0.2...2) + PrimitiveSample.unary(Absolute(), in: -2 ... -0.2)
            + [PrimitiveSample(Absolute(), [.floats([0, 1], [2])], smooth: false)]
    }
}

/// -1, 0 or 1. Derivative 0.
package struct Sign: UnaryElementwise {
    package static let name = "sign"
    package static let operation = DK_sign
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isNumeric }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Sign(), in: 0.2...2) }
}

/// The largest whole number not above `x`. Derivative 0.
package struct Floor: UnaryElementwise {
    package static let name = "floor"
    package static let operation = DK_floor
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Floor(), in: 0.1...0.9) }
}

/// The smallest whole number not below `x`. Derivative 0.
package struct Ceiling: UnaryElementwise {
    package static let name = "ceil"
    package static let operation = DK_ceil
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Ceiling(), in: 0.1...0.9) }
}

/// The nearest whole number, halves to the even one. Derivative 0.
package struct Round: UnaryElementwise {
    package static let name = "round"
    package static let operation = DK_round
    package init() {}
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Round(), in: 0.6...0.9) }
}
