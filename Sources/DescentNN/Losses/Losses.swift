import DescentCore

/// What a loss does with the values of the examples.
public enum Reduction: Sendable {
    case mean, sum
    /// One value for each example.
    case none

    func callAsFunction(_ values: Tensor) -> Tensor {
        switch self {
        case .mean: values.mean()
        case .sum: values.sum()
        case .none: values
        }
    }
}

private func requireEqualShapes(_ name: String, _ prediction: Tensor, _ target: Tensor) {
    if prediction.shape != target.shape {
        stop("\(name): predictions have shape \(prediction.shape), targets \(target.shape); they must be equal. (They would broadcast, but a loss over all pairs is rarely meant.)")
    }
}

/// The squared distance from the target, `(p - t)²`. Shapes: both equal.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
    requireEqualShapes("meanSquaredError", prediction, target)
    let distance = prediction - target
    return reduction(distance * distance)
}

/// `-t log σ(z) - (1 - t) log(1 - σ(z))` for logits z and targets t in 0...1. Shapes: both equal.
///
/// Computed as `softplus(z) - z t`, exact for any z. Its gradient is `σ(z) - t`.
public func binaryCrossEntropy(logits: Tensor, _ targets: Tensor, reduction: Reduction = .mean) -> Tensor {
    requireEqualShapes("binaryCrossEntropy", logits, targets)
    return reduction(softplus(logits) - logits * targets.cast(to: logits.dtype))
}

/// `-log softmax(z)[label]` for logits z [..., classes]; labels [...] are class numbers (integers), or [..., classes] probabilities.
///
/// Its gradient is `softmax(z) - t` where the probabilities t add up to 1. A label outside 0 ..< classes stops the program when it runs.
public func softmaxCrossEntropy(_ logits: Tensor, _ labels: Tensor, reduction: Reduction = .mean) -> Tensor {
    let scores = logits.floating
    if labels.dtype.isFloating { requireEqualShapes("softmaxCrossEntropy", logits, labels) }
    guard labels.dtype.isFloating || Array(logits.shape.dropLast()) == labels.shape, logits.rank > 0 else {
        stop("softmaxCrossEntropy: logits have shape \(logits.shape), labels \(labels.shape); integer labels have the logits' shape without the last axis.")
    }
    // Everything is measured from the largest logit, so that large ones cost no digits. Where that is infinite the difference would be NaN.
    let largest = scores.max(axis: -1)
    let origin = stopGradient(Tensor.where(largest.isFinite, largest, Tensor(0, like: largest)))
    let distances = scores - origin.expanded(axis: -1)
    let logSum = log(exp(distances).sum(axis: -1))
    if labels.dtype.isFloating { return reduction(labels.sum(axis: -1) * logSum - (labels * distances).sum(axis: -1)) }
    // For a gather a negative number counts from the end; a negative label is a mistake, and is moved out of reach.
    let places = Tensor.where(labels .< 0, labels - Double(logits.shape.last!), labels)
    let chosen = scores.gatheredAlong(places.expanded(axis: -1)).squeezed(axis: -1)
    return reduction(logSum - (chosen - origin))
}
