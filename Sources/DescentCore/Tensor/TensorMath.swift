extension Tensor {
    /// Itself if floating, else as float32: what functions such as `exp` work on.
    package var floating: Tensor { dtype.isFloating ? self : cast(to: .float32) }

    /// The same numbers as another element type. Fractions are cut off towards zero; to `bool`, anything but 0 is true.
    public func cast(to dtype: DType) -> Tensor {
        dtype == self.dtype ? self : Tensor(Node(Cast(dtype), self, nil, TensorType(shape, dtype)))
    }

    /// Limits the elements to a range.
    public func clipped(to range: ClosedRange<Double>) -> Tensor {
        minimum(maximum(self, Tensor(range.lowerBound, like: self)), Tensor(range.upperBound, like: self))
    }
    /// To a power.
    public func pow(_ exponent: Double) -> Tensor {
        switch exponent {
        case 1: self
        case 2: self * self
        case 0.5: sqrt(self)
        default: Power.node(floating, Tensor(exponent, like: floating))
        }
    }
    public func pow(_ exponent: Tensor) -> Tensor { Power.node(self, exponent) }
    /// The square of each element.
    public var squared: Tensor { self * self }
    /// Whether each element is NaN.
    public var isNaN: Tensor { IsNaN.node(floating) }
    /// Whether each element is neither NaN nor infinite.
    public var isFinite: Tensor { IsFinite.node(floating) }
}

/// `e` to the power of each element.
public func exp(_ x: Tensor) -> Tensor { Exp.node(x.floating) }
/// `exp(x) - 1`, exact for small x.
public func expm1(_ x: Tensor) -> Tensor { Expm1.node(x.floating) }
/// The natural logarithm.
public func log(_ x: Tensor) -> Tensor { Log.node(x.floating) }
/// `log(1 + x)`, exact for small x.
public func log1p(_ x: Tensor) -> Tensor { Log1p.node(x.floating) }
/// The square root.
public func sqrt(_ x: Tensor) -> Tensor { SquareRoot.node(x.floating) }
/// `1 / sqrt(x)`.
public func rsqrt(_ x: Tensor) -> Tensor { ReciprocalSquareRoot.node(x.floating) }
/// The sine, of radians.
public func sin(_ x: Tensor) -> Tensor { Sine.node(x.floating) }
/// The cosine, of radians.
public func cos(_ x: Tensor) -> Tensor { Cosine.node(x.floating) }
/// The tangent, of radians.
public func tan(_ x: Tensor) -> Tensor { Tangent.node(x.floating) }
/// The inverse of the sine.
public func asin(_ x: Tensor) -> Tensor { ArcSine.node(x.floating) }
/// The inverse of the cosine.
public func acos(_ x: Tensor) -> Tensor { ArcCosine.node(x.floating) }
/// The inverse of the tangent.
public func atan(_ x: Tensor) -> Tensor { ArcTangent.node(x.floating) }
/// The angle of the point (x, y).
public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor { ArcTangent2.node(y.floating, x.floating) }
/// The hyperbolic sine.
public func sinh(_ x: Tensor) -> Tensor { HyperbolicSine.node(x.floating) }
/// The hyperbolic cosine.
public func cosh(_ x: Tensor) -> Tensor { HyperbolicCosine.node(x.floating) }
/// The hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { HyperbolicTangent.node(x.floating) }
/// The logistic function, `1 / (1 + exp(-x))`.
public func sigmoid(_ x: Tensor) -> Tensor { Sigmoid.node(x.floating) }
/// `log(1 + exp(x))`, without overflow.
public func softplus(_ x: Tensor) -> Tensor { Softplus.node(x.floating) }
/// `log(sigmoid(x))`, without underflow.
public func logSigmoid(_ x: Tensor) -> Tensor { -softplus(-x) }
/// The error function.
public func erf(_ x: Tensor) -> Tensor { ErrorFunction.node(x.floating) }
/// `x` where positive, else 0. Its derivative at 0 is 0.
public func relu(_ x: Tensor) -> Tensor { Relu.node(x) }
/// `x` where positive, else `slope * x`. Maas et al. 2013.
public func leakyRelu(_ x: Tensor, slope: Double = 0.01) -> Tensor { Tensor.where(x .> 0, x, x * slope) }
/// `x Φ(x)`, Φ the normal distribution function. Hendrycks and Gimpel 2016, the exact form.
public func gelu(_ x: Tensor) -> Tensor { 0.5 * x * (1 + erf(x * 0.70710678118654752440)) }
/// `x sigmoid(x)`, also called swish. Ramachandran et al. 2017.
public func silu(_ x: Tensor) -> Tensor { x * sigmoid(x) }
/// `x` where positive, else `alpha (exp(x) - 1)`. Its derivative at 0 is alpha. Clevert et al. 2016.
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor {
    let isPositive = x .> 0
    // The exponential must not overflow where it isn't taken: 0 times infinity would be NaN in the gradient.
    return Tensor.where(isPositive, x, alpha * expm1(Tensor.where(isPositive, Tensor(0, like: x), x)))
}
/// The absolute value. Its derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor { Absolute.node(x) }
/// -1, 0 or 1.
public func sign(_ x: Tensor) -> Tensor { Sign.node(x) }
/// The largest whole number not above.
public func floor(_ x: Tensor) -> Tensor { x.dtype.isFloating ? Floor.node(x) : x }
/// The smallest whole number not below.
public func ceil(_ x: Tensor) -> Tensor { x.dtype.isFloating ? Ceiling.node(x) : x }
/// The nearest whole number; halves go to the even one.
public func round(_ x: Tensor) -> Tensor { x.dtype.isFloating ? Round.node(x) : x }
/// The larger of two, element by element. At a tie each gets half of the gradient.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { Maximum.node(a, b) }
/// The smaller of two, element by element. At a tie each gets half of the gradient.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { Minimum.node(a, b) }

/// `exp(x)` over its sum along an axis, for any x without overflow.
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    let e = exp(x.floating - stopGradient(x.floating.max(axis: axis, keepingAxis: true)))
    return e / e.sum(axis: axis, keepingAxis: true)
}

/// `log(sum(exp(x)))` along an axis, without overflow. The axis is dropped.
public func logSumExp(_ x: Tensor, axis: Int = -1) -> Tensor {
    let largest = x.floating.max(axis: axis)
    // Where the largest is infinite, x - largest would be NaN; there 0 is taken off instead.
    let shift = stopGradient(Tensor.where(largest.isFinite, largest, Tensor(0, like: largest)))
    return shift + log(exp(x.floating - shift.expanded(axis: axis)).sum(axis: axis))
}

/// The logarithm of `softmax`, exact where the softmax underflows.
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor { x - logSumExp(x, axis: axis).expanded(axis: axis) }
