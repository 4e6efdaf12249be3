import DescentCore

/// `-t log σ(z) - (1 - t) log(1 - σ(z))` for logits z and targets t in 0...1. Shapes: both equal.
///
/// Computed as `softplus(z) - z t`, exact for any z. Its gradient is `σ(z) - t`.
///
/// - Parameters:
///   - positiveWeight: What the first term is multiplied by, for rare positives: a scalar, or one number for each member of the last axis.
///     The mean is not divided by it, as in PyTorch's `pos_weight`.
///   - weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`. (PyTorch's
///     `weight` divides the mean by the number of values instead of by the sum of weights.)
public func binaryCrossEntropy(
    logits: Tensor, _ targets: Tensor, positiveWeight: Tensor? = nil, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    elementwiseLoss("binaryCrossEntropy", logits, targets.cast(to: logits.floating.dtype), weights, reduction) { z, t in
        guard let positiveWeight else { return softplus(z) - z * t }
        return positiveWeight.cast(to: z.dtype) * t * softplus(-z) + (1 - t) * softplus(z)
    }
}

/// `-t log p - (1 - t) log(1 - p)` for probabilities p and targets t in 0...1. Shapes: both equal.
///
/// As in PyTorch a logarithm is at least -100, and the slope of one at most 10¹²: a probability of 0 for what happened costs 100 and not
/// infinity, and its gradient still leads away from there. With logits at hand, `binaryCrossEntropy(logits:)` is exact.
///
/// - Parameter weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`.
public func binaryCrossEntropy(probabilities: Tensor, _ targets: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean) -> Tensor {
    elementwiseLoss("binaryCrossEntropy", probabilities, targets.cast(to: probabilities.floating.dtype), weights, reduction) { p, t in
        -(t * limitedLogarithm(p) + (1 - t) * limitedLogarithm(1 - p))
    }
}

/// `max(log p, -100)`, with a slope of 10¹² where p is below 10⁻¹².
private func limitedLogarithm(_ p: Tensor) -> Tensor {
    let isTiny = p .< 1e-12
    // In the branch not taken the logarithm gets a number that it can be differentiated at: 0 times infinity would be NaN.
    let ordinary = log(Tensor.where(isTiny, Tensor(1, like: p), p))
    let tiny = stopGradient(maximum(log(p), Tensor(-100, like: p))) + (p - stopGradient(p)) * 1e12
    return Tensor.where(isTiny, tiny, ordinary)
}
