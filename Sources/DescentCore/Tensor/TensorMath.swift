extension Tensor {
    /// Itself if floating, else as float32: what functions such as `exp` work on. What is for storage stays, and is refused by them.
    package var floating: Tensor { dtype.isFloating || dtype.isStorageOnly ? self : cast(to: .float32) }

    /// The same numbers as another element type. Fractions are cut off towards zero; to `bool`, anything but 0 is true.
    public func cast(to dtype: DType) -> Tensor {
        dtype == self.dtype ? self : Tensor(Node(Cast(dtype), self, nil, TensorType(shape, dtype)))
    }

    /// Limits the elements to a range.
    public func clipped(to range: ClosedRange<Double>) -> Tensor {
        clamp(self, min: range.lowerBound, max: range.upperBound)
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
/// The angle of the point (x, y), in radians, -π to π. At (0, 0) its derivative is 0.
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
    Tensor.where(x .> 0, x, alpha * expm1(x))
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

/// `x log(y)`, and 0 where x is 0, for any y that is not NaN: for entropies and likelihoods.
///
/// Derivatives: `log y` in x, `x / y` in y; where both x and y are 0 they are 0. So `xlogy(p, p)` has value and derivative 0 at 0.
public func xlogy(_ x: Tensor, _ y: Tensor) -> Tensor {
    let x = x.floating, y = y.floating
    // Where x is 0, a logarithm that is infinite or NaN counts as 0; a finite one stays, since it is the derivative in x.
    let isGone = (x .== 0).and((y .<= 0).or(y .== .infinity))
    return x * Tensor.where(isGone, Tensor(0, like: y), log(y))
}

/// `exp(x)` over its sum along an axis, for any x without overflow. Where all x are -infinity (masked), it is 0, and so is its derivative.
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    let e = exp(distancesFromLargest(x.floating, axis))
    return e / sumOrOne(e, axis)
}

/// The logarithm of `softmax`, exact where the softmax underflows. Where all x are -infinity, it is -infinity.
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    let distances = distancesFromLargest(x.floating, axis)
    return distances - log(sumOrOne(exp(distances), axis))
}

/// What is taken off the largest of an axis, so that nothing overflows. With a finite number in place of -infinity: the differences are -infinity then,
/// and not NaN.
private func distancesFromLargest(_ x: Tensor, _ axis: Int) -> Tensor {
    let largest = x.max(axis: axis, keepingAxis: true)
    let lowest = x.dtype == .float32 ? -Double(Float.greatestFiniteMagnitude) : -Double.greatestFiniteMagnitude
    return x - stopGradient(maximum(largest, Tensor(lowest, like: largest)))
}

/// The sum of an axis of exponentials, and 1 where all of them are 0.
private func sumOrOne(_ e: Tensor, _ axis: Int) -> Tensor {
    let total = e.sum(axis: axis, keepingAxis: true)
    return total + (total .== 0).cast(to: e.dtype)
}

/// `log(sum(exp(x)))` along an axis, without overflow. The axis is dropped. Where all x are -infinity, it is -infinity, and its derivative 0.
public func logSumExp(_ x: Tensor, axis: Int = -1) -> Tensor {
    let largest = x.floating.max(axis: axis)
    // Where the largest is infinite, x - largest would be NaN; there 0 is taken off instead.
    let shift = stopGradient(Tensor.where(largest.isFinite, largest, Tensor(0, like: largest)))
    let total = exp(x.floating - shift.expanded(axis: axis)).sum(axis: axis)
    return shift + Tensor.where(total .== 0, Tensor(-.infinity, like: total), log(total))
}
