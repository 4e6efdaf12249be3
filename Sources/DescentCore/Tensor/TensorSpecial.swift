// Functions of elements beside those of TensorMath.swift: hyperbolic inverses, logarithms, gamma and error functions, and what handles signs,
// infinities and NaN.

/// The inverse of the hyperbolic sine.
public func asinh(_ x: Tensor) -> Tensor { InverseHyperbolicSine.node(x.floating) }
/// The inverse of the hyperbolic cosine. NaN below 1.
public func acosh(_ x: Tensor) -> Tensor { InverseHyperbolicCosine.node(x.floating) }
/// The inverse of the hyperbolic tangent. Infinite at -1 and 1, NaN beyond.
public func atanh(_ x: Tensor) -> Tensor { InverseHyperbolicTangent.node(x.floating) }
/// The logarithm to base 2.
public func log2(_ x: Tensor) -> Tensor { Log2.node(x.floating) }
/// The logarithm to base 10.
public func log10(_ x: Tensor) -> Tensor { Log10.node(x.floating) }
/// 2 to the power of each element.
public func exp2(_ x: Tensor) -> Tensor { Power.node(Tensor(2, like: x.floating), x.floating) }
/// The next whole number on the side of 0. Its derivative is 0.
public func trunc(_ x: Tensor) -> Tensor { x.dtype.isFloating ? Truncate.node(x) : x }
/// `√(x² + y²)`, without overflow. At (0, 0) its derivatives are 0.
public func hypot(_ x: Tensor, _ y: Tensor) -> Tensor { Hypotenuse.node(x.floating, y.floating) }
/// `log(exp(x) + exp(y))`, without overflow.
public func logAddExp(_ x: Tensor, _ y: Tensor) -> Tensor { LogAddExp.node(x.floating, y.floating) }
/// The size of x with the sign of y, that of a zero included. Its derivative by x is 1 or -1, at 0 too.
public func copysign(_ x: Tensor, _ y: Tensor) -> Tensor {
    let x = x.floating
    return Tensor.where(x.signBit.xor(y.floating.signBit), -x, x)
}
/// The next number of the type after x on the way to y; no derivative.
public func nextAfter(_ x: Tensor, _ y: Tensor) -> Tensor { NextAfter.node(x.floating, y.floating) }

/// `1 - erf(x)`, exact where that is tiny.
public func erfc(_ x: Tensor) -> Tensor { ComplementaryErrorFunction.node(x.floating) }
/// The y with `erf(y) = x`. Infinite at -1 and 1, NaN beyond.
public func erfinv(_ x: Tensor) -> Tensor { InverseErrorFunction.node(x.floating) }
/// The y with `erfc(y) = x`, exact for tiny x too. Infinite at 0 and 2, NaN beyond.
public func erfcinv(_ x: Tensor) -> Tensor { InverseComplementaryErrorFunction.node(x.floating) }
/// The logarithm of the size of the gamma function. Infinite at 0, -1, -2, ...
public func lgamma(_ x: Tensor) -> Tensor { LogGamma.node(x.floating) }
/// The derivative of `lgamma`. NaN at -1, -2, ...
public func digamma(_ x: Tensor) -> Tensor { Digamma.node(x.floating) }
/// The derivative of this order of `digamma`: 1 is trigamma, 0 digamma itself.
public func polygamma(_ order: Int, _ x: Tensor) -> Tensor {
    if order < 0 { return standIn("polygamma: order \(order); it must be 0 or more.", like: x.floating) }
    return Polygamma.node(Tensor(Double(order), like: x.floating), x.floating)
}
/// The logarithm of the beta function, `lgamma(a) + lgamma(b) - lgamma(a + b)`, for positive a and b.
public func logBeta(_ a: Tensor, _ b: Tensor) -> Tensor { lgamma(a) + lgamma(b) - lgamma(a + b) }

/// `x log(1 + y)`, and 0 where x is 0, for any y that is not NaN.
public func xlog1py(_ x: Tensor, _ y: Tensor) -> Tensor {
    let x = x.floating, y = y.floating
    let isGone = (x .== 0).and((y .<= -1).or(y .== .infinity))
    return x * Tensor.where(isGone, Tensor(0, like: y), log1p(y))
}

/// `sin(π x) / (π x)`, and 1 at 0. Derivatives of any order are right near 0 too.
public func sinc(_ x: Tensor) -> Tensor {
    let angle = x.floating * Double.pi, square = angle * angle
    // Near 0 the Taylor series, whose derivatives do not cancel; its next term is below 1e-16 in the first eight of them.
    var series = Tensor(1, like: angle)
    for term in stride(from: 26, through: 2, by: -2) { series = 1 - series * square / Double(term * (term + 1)) }
    return Tensor.where(abs(angle) .< 1.5, series, sin(angle) / angle)
}

/// Limits the elements to at least `min` and at most `max`; NaN stays. At a bound each side gets half of the gradient.
public func clamp(_ x: Tensor, min lower: Double? = nil, max upper: Double? = nil) -> Tensor {
    if let lower, let upper, lower > upper { return standIn("clamp: min \(lower) is above max \(upper).", like: x) }
    let raised = lower.map { maximum(x, Tensor($0, like: x)) } ?? x
    return upper.map { minimum(raised, Tensor($0, like: x)) } ?? raised
}
/// The same with bounds that are tensors, broadcast to the elements.
public func clamp(_ x: Tensor, min lower: Tensor, max upper: Tensor) -> Tensor { minimum(maximum(x, lower), upper) }

extension Tensor {
    /// Whether each element is infinite, of either sign.
    public var isInfinite: Tensor { abs(floating) .== .infinity }
    /// Whether the sign is negative, that of -0 too.
    public var signBit: Tensor { dtype.isFloating ? SignBit.node(self) : self .< 0 }
    /// `1 / x`. Integers become float32.
    public var reciprocal: Tensor { 1 / floating }

    /// The elements, with numbers in place of NaN and of infinities; without those, the type's largest and smallest. What is replaced has derivative 0.
    public func replacingNaN(with value: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil) -> Tensor {
        if !dtype.isFloating { return self }
        let largest = dtype == .float32 ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
        let finite = Tensor.where(self .== .infinity, Tensor(positiveInfinity ?? largest, like: self), self)
        let bounded = Tensor.where(self .== -.infinity, Tensor(negativeInfinity ?? -largest, like: self), finite)
        return Tensor.where(isNaN, Tensor(value, like: self), bounded)
    }
}
