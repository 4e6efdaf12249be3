extension ComplexTensor {
    public static func + (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: a.real + b.real, a.imaginary + b.imaginary).fitted }
    public static func + (a: ComplexTensor, b: Tensor) -> ComplexTensor { a + ComplexTensor(b) }
    public static func + (a: Tensor, b: ComplexTensor) -> ComplexTensor { ComplexTensor(a) + b }
    public static func + (a: ComplexTensor, b: Double) -> ComplexTensor { ComplexTensor(parts: a.real + b, a.imaginary) }
    public static func + (a: Double, b: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: a + b.real, b.imaginary) }

    public static func - (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: a.real - b.real, a.imaginary - b.imaginary).fitted }
    public static func - (a: ComplexTensor, b: Tensor) -> ComplexTensor { a - ComplexTensor(b) }
    public static func - (a: Tensor, b: ComplexTensor) -> ComplexTensor { ComplexTensor(a) - b }
    public static func - (a: ComplexTensor, b: Double) -> ComplexTensor { ComplexTensor(parts: a.real - b, a.imaginary) }
    public static func - (a: Double, b: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: a - b.real, -b.imaginary) }
    public static prefix func - (x: ComplexTensor) -> ComplexTensor { x.map { -$0 } }

    /// Element by element; for the matrix product see `matmul`.
    public static func * (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
        ComplexTensor(parts: a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    public static func * (a: ComplexTensor, b: Tensor) -> ComplexTensor { a.map { $0 * b } }
    public static func * (a: Tensor, b: ComplexTensor) -> ComplexTensor { b.map { a * $0 } }
    public static func * (a: ComplexTensor, b: Double) -> ComplexTensor { a.map { $0 * b } }
    public static func * (a: Double, b: ComplexTensor) -> ComplexTensor { b.map { a * $0 } }

    /// Element by element. The divisor is scaled first, so that no square overflows.
    public static func / (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
        let scale = b.scale
        let c = b.real / scale, d = b.imaginary / scale
        let size = (c * c + d * d) * scale
        return ComplexTensor(parts: (a.real * c + a.imaginary * d) / size, (a.imaginary * c - a.real * d) / size)
    }
    public static func / (a: ComplexTensor, b: Tensor) -> ComplexTensor { a.map { $0 / b } }
    public static func / (a: Tensor, b: ComplexTensor) -> ComplexTensor { ComplexTensor(a) / b }
    public static func / (a: ComplexTensor, b: Double) -> ComplexTensor { a.map { $0 / b } }
    public static func / (a: Double, b: ComplexTensor) -> ComplexTensor { ComplexTensor(Tensor(a, like: b.real)) / b }

    /// Whether the numbers are equal, one by one: both parts. Complex numbers have no order: compare `abs`, `real` or `imaginary`.
    public static func .== (a: ComplexTensor, b: ComplexTensor) -> Tensor { (a.real .== b.real).and(a.imaginary .== b.imaginary) }
    /// Whether the numbers differ, one by one.
    public static func .!= (a: ComplexTensor, b: ComplexTensor) -> Tensor { (a.real .!= b.real).or(a.imaginary .!= b.imaginary) }

    /// With the opposite imaginary parts.
    public var conjugate: ComplexTensor { ComplexTensor(parts: real, -imaginary) }
    /// The angle of each number, -π to π.
    public var angle: Tensor { atan2(imaginary, real) }
    /// `|z|²`.
    public var squaredMagnitude: Tensor { real * real + imaginary * imaginary }
    /// `z / |z|`, and 0 at 0.
    public var sign: ComplexTensor {
        let size = abs(self), isZero = size .== 0
        return map { Tensor.where(isZero, Tensor(0, like: $0), $0 / size) }
    }
    /// Whether either part is NaN.
    public var isNaN: Tensor { real.isNaN.or(imaginary.isNaN) }
    /// Whether both parts are neither NaN nor infinite.
    public var isFinite: Tensor { real.isFinite.and(imaginary.isFinite) }

    /// To a whole power, by multiplications.
    public func pow(_ exponent: Int) -> ComplexTensor {
        if exponent < 0 { return 1 / pow(-exponent) }
        var result: ComplexTensor?, factor = self, rest = exponent
        while rest > 0 {
            if rest % 2 == 1 { result = result.map { $0 * factor } ?? factor }
            rest /= 2
            if rest > 0 { factor = factor * factor }
        }
        return result ?? ComplexTensor(Tensor(1, like: real))
    }
    /// To a power: `exp(exponent · log(z))`, the principal value. 0 to any power is NaN; see `pow` of an `Int`.
    public func pow(_ exponent: ComplexTensor) -> ComplexTensor { exp(exponent * log(self)) }

    /// The larger part's size, without a derivative, and 1 where it is 0 or infinite: what both parts can be divided by.
    fileprivate var scale: Tensor {
        let largest = maximum(abs(real), abs(imaginary))
        return stopGradient(Tensor.where((largest .== 0).or(largest .== .infinity), Tensor(1, like: largest), largest))
    }

    /// Both parts in one shape and type, where broadcasting gave one of them more.
    private var fitted: ComplexTensor { real.type == imaginary.type ? self : ComplexTensor(real: real, imaginary: imaginary) }
}

/// The size `|z|` of each number, without overflow. Its derivative at 0 is 0.
public func abs(_ z: ComplexTensor) -> Tensor {
    let scale = z.scale, isZero = (z.real .== 0).and(z.imaginary .== 0)
    let size = sqrt((z.real / scale).squared + (z.imaginary / scale).squared) * scale
    return Tensor.where(isZero, Tensor(0, like: size), size)
}

/// `e` to the power of each number.
public func exp(_ z: ComplexTensor) -> ComplexTensor {
    let size = exp(z.real)
    return ComplexTensor(parts: size * cos(z.imaginary), size * sin(z.imaginary))
}

/// The natural logarithm, the principal value: imaginary parts from -π to π, the cut along the negative real numbers.
public func log(_ z: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: log(abs(z)), z.angle) }

/// The square root with a real part of at least 0; the cut along the negative real numbers.
public func sqrt(_ z: ComplexTensor) -> ComplexTensor {
    let isZero = (z.real .== 0).and(z.imaginary .== 0)
    let size = sqrt(abs(z.real) * 0.5 + abs(z) * 0.5)
    let other = abs(z.imaginary) / (size * 2)
    let isRight = z.real .>= 0, isBelow = z.imaginary .< 0
    let real = Tensor.where(isRight, size, other), imaginary = Tensor.where(isRight, other, size)
    let zero = Tensor(0, like: size)
    return ComplexTensor(parts: Tensor.where(isZero, zero, real), Tensor.where(isZero, zero, Tensor.where(isBelow, -imaginary, imaginary)))
}

/// The sine.
public func sin(_ z: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: sin(z.real) * cosh(z.imaginary), cos(z.real) * sinh(z.imaginary)) }
/// The cosine.
public func cos(_ z: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: cos(z.real) * cosh(z.imaginary), -(sin(z.real) * sinh(z.imaginary))) }
/// The tangent.
public func tan(_ z: ComplexTensor) -> ComplexTensor {
    let turned = tanh(ComplexTensor(parts: -z.imaginary, z.real))
    return ComplexTensor(parts: turned.imaginary, -turned.real)
}
/// The hyperbolic sine.
public func sinh(_ z: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: sinh(z.real) * cos(z.imaginary), cosh(z.real) * sin(z.imaginary)) }
/// The hyperbolic cosine.
public func cosh(_ z: ComplexTensor) -> ComplexTensor { ComplexTensor(parts: cosh(z.real) * cos(z.imaginary), sinh(z.real) * sin(z.imaginary)) }
/// The hyperbolic tangent, without overflow.
public func tanh(_ z: ComplexTensor) -> ComplexTensor {
    let t = tanh(z.real), c = cos(z.imaginary), s = sin(z.imaginary)
    let size = c * c + (t * s).squared
    return ComplexTensor(parts: t / size, (1 - t * t) * s * c / size)
}
