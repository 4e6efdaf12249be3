import DescentCore

/// 1 where positive, else 0 (at 0 too): Rosenblatt's threshold (1958). Its derivative is 0 everywhere, so nothing before it learns.
public func step(_ x: Tensor) -> Tensor {
    let y = x.floating
    // Neither above 0 nor not above it is NaN, which stays.
    return Tensor.where(y .> 0, Tensor(1, like: y), Tensor.where(y .<= 0, Tensor(0, like: y), stopGradient(y)))
}

/// The sigmoid in three straight pieces: 0 up to -3, `x/6 + 1/2`, 1 from 3 on. Its derivative at the kinks is 0. Howard et al. 2019.
public func hardSigmoid(_ x: Tensor) -> Tensor {
    let y = x.floating
    return Tensor.where(y .<= -3, Tensor(0, like: y), Tensor.where(y .>= 3, Tensor(1, like: y), y * (1 / 6.0) + 0.5))
}

/// `λ x` where positive, else `λ α (exp(x) - 1)`, with the constants that keep mean 0 and variance 1 from layer to layer
/// (α = 1.6733, λ = 1.0507; weights by `Initializer.lecunNormal`). Its derivative at 0 is `λ α`. Klambauer et al. 2017.
public func selu(_ x: Tensor) -> Tensor { 1.0507009873554804934193349852946 * elu(x, alpha: 1.6732632423543772848170429916717) }

/// The form of `gelu` that GPT-2 and BERT's first code use, `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`: within 0.0005 of the exact one.
/// Hendrycks and Gimpel 2016.
public func geluTanh(_ x: Tensor) -> Tensor {
    let y = x.floating
    return 0.5 * y * (1 + tanh(0.79788456080286535588 * (y + 0.044715 * y * y.squared)))
}

/// `x tanh(softplus(x))`. Misra 2019.
public func mish(_ x: Tensor) -> Tensor { x * tanh(softplus(x)) }

/// `x` where positive, else `slope * x`, with slopes that are learned. Its derivative at 0 is the slope. He et al. 2015.
///
/// - Parameter slope: A scalar or [1]: one for all; [channels]: one for each member of axis 1 (of the only axis, if x is a vector).
public func prelu(_ x: Tensor, slope: Tensor) -> Tensor {
    if slope.count == 1 { return Tensor.where(x .> 0, x, x * slope.reshaped(to: [])) }
    let axis = Swift.min(1, x.rank - 1)
    guard slope.rank == 1, axis >= 0, x.shape[axis] == slope.shape[0] else {
        let count = "there is one slope, or one for each member of axis \(Swift.max(axis, 0))"
        return standIn("prelu: \(slope.shape) slopes for x of shape \(x.shape); \(count).", like: x)
    }
    return Tensor.where(x .> 0, x, x * slope.reshaped(to: slope.shape + [Int](repeating: 1, count: x.rank - axis - 1)))
}
