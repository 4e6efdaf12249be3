import DescentCore

/// The squared distance from the target, `(p - t)²`. Shapes: both equal.
///
/// - Parameter weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean) -> Tensor {
    elementwiseLoss("meanSquaredError", prediction, target, weights, reduction) { p, t in (p - t).squared }
}

/// The distance from the target, `|p - t|`. Its gradient is the sign, 0 where they are equal. Shapes: both equal.
///
/// - Parameter weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`.
public func meanAbsoluteError(_ prediction: Tensor, _ target: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean) -> Tensor {
    elementwiseLoss("meanAbsoluteError", prediction, target, weights, reduction) { p, t in abs(p - t) }
}

/// Huber's loss (1964): squared near the target, straight beyond, so that outliers pull no harder than `delta`. Shapes: both equal.
///
///     d²/2             where |d| <= δ, d = p - t
///     δ (|d| - δ/2)    elsewhere
///
/// - Parameter weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`.
public func huberLoss(_ prediction: Tensor, _ target: Tensor, delta: Double = 1, weights: Tensor? = nil, reduction: Reduction = .mean) -> Tensor {
    if !(delta > 0) { raise("huberLoss: delta is \(delta); it must be above 0.") }
    return elementwiseLoss("huberLoss", prediction, target, weights, reduction) { p, t in
        let d = p - t
        let size = abs(d)
        return Tensor.where(size .<= delta, 0.5 * d.squared, delta * (size - delta / 2))
    }
}
