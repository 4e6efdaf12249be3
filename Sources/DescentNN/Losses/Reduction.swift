import DescentCore

/// The reduction of a loss's values.
///
/// With weights, `.mean` is `Σ w l / Σ w`, so that what is masked counts neither above nor below the line; `.sum` is `Σ w l`, `.none` is
/// `w l`. The mean of nothing (no values, or only weights of 0) is NaN, as in PyTorch.
public enum Reduction: Sendable {
    case mean, sum
    /// One value for each example or element.
    case none

    /// - Parameters:
    ///   - weights: What each value was multiplied by, in the values' shape; nil: 1.
    func callAsFunction(_ values: Tensor, weights: Tensor? = nil) -> Tensor {
        switch self {
        case .mean: weights.map { values.sum() / $0.sum() } ?? values.mean()
        case .sum: values.sum()
        case .none: values
        }
    }
}

func requireEqualShapes(_ name: String, _ prediction: Tensor, _ target: Tensor) {
    if prediction.shape != target.shape {
        raise("\(name): predictions have shape \(prediction.shape), targets \(target.shape); they must be equal. (They would broadcast, but a loss over all pairs is rarely meant.)")
    }
}

/// A loss of each element by itself, weighted and reduced. Where the weight is 0, predictions and targets don't matter, be they NaN.
func elementwiseLoss(
    _ name: String, _ prediction: Tensor, _ target: Tensor, _ weights: Tensor?, _ reduction: Reduction, _ loss: (Tensor, Tensor) -> Tensor
) -> Tensor {
    requireEqualShapes(name, prediction, target)
    let (p, t) = (prediction.floating, target.floating)
    guard let weights else { return reduction(loss(p, t)) }
    let w = lossWeights(name, weights, for: p.shape, p.dtype)
    let isUsed = w .!= 0
    let values = loss(Tensor.where(isUsed, p, Tensor(0, like: p)), Tensor.where(isUsed, t, Tensor(0, like: t)))
    return reduction(values * w, weights: w)
}

/// A loss's weights in the shape and element type of its values: the given ones belong to the first axes and are repeated over the others.
func lossWeights(_ name: String, _ weights: Tensor, for shape: [Int], _ dtype: DType) -> Tensor {
    guard weights.rank <= shape.count, Array(shape.prefix(weights.rank)) == weights.shape else {
        return standIn("\(name): weights of shape \(weights.shape) for values of shape \(shape); they must have that shape, or that of its first axes.", shape, dtype)
    }
    let further = [Int](repeating: 1, count: shape.count - weights.rank)
    return weights.cast(to: dtype).reshaped(to: weights.shape + further).broadcast(to: shape)
}
