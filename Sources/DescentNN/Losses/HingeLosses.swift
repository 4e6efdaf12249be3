import DescentCore

/// `max(0, margin - y s)` for scores s and labels y of -1 or 1, or false and true: the loss of the support vector machine (Cortes and
/// Vapnik 1995). Its gradient at the kink is 0. Shapes: both equal.
///
/// - Parameters:
///   - isSquared: The square of it, which is smooth at the kink.
///   - weights: A number or a mask's true or false for each value, or for each member of the first axes; see `Reduction`.
public func hingeLoss(
    _ scores: Tensor, _ labels: Tensor, margin: Double = 1, isSquared: Bool = false, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    let signs = labels.dtype == .bool ? labels.cast(to: .float32) * 2 - 1 : labels
    return elementwiseLoss("hingeLoss", scores, signs.cast(to: scores.floating.dtype), weights, reduction) { s, y in
        let excess = relu(margin - y * s)
        return isSquared ? excess.squared : excess
    }
}

/// How the multiclass hinge loss counts the classes that come too near to the right one.
public enum MulticlassHinge: Sendable {
    /// All of them: `Σ_{c≠y} max(0, margin - s[y] + s[c]) / classes`. Weston and Watkins 1999; PyTorch's `multi_margin_loss`.
    case all
    /// The nearest alone: `max(0, margin - s[y] + max_{c≠y} s[c])`. Crammer and Singer 2001; scikit-learn's `hinge_loss`.
    case nearest
}

/// The hinge loss of scores s [..., classes] and class numbers y [...] (integers): each wrong class should lie the margin below the right one.
/// A label outside 0 ..< classes stops the program when it runs.
///
/// - Parameter weights: A number or a mask's true or false for each example [...]; see `Reduction`.
public func multiclassHingeLoss(
    _ scores: Tensor, _ labels: Tensor, margin: Double = 1, counting: MulticlassHinge = .all, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    guard scores.rank > 0, labels.dtype.isInteger, Array(scores.shape.dropLast()) == labels.shape else {
        let types = "scores have shape \(scores.shape), labels are \(labels.dtype) of shape \(labels.shape)"
        return standIn("multiclassHingeLoss: \(types); labels are integers in the same shape without the last axis.", reduction == .none ? labels.shape : [], scores.dtype)
    }
    let classes = scores.shape.last!
    let examples = ExampleWeights("multiclassHingeLoss", scores.floating, labels, weights, ignoring: nil, takesIgnored: false)
    let s = examples.withoutUnused(scores.floating)
    let places = examples.places(labels)
    let isLabel = places.oneHot(classes, dtype: .bool)
    let chosen = s.gatheredAlong(checked: places.expanded(axis: -1), axis: s.rank - 1)
    switch counting {
    case .all:
        let excess = Tensor.where(isLabel, Tensor(0, like: s), relu(margin - chosen + s))
        return examples.reduce(excess.sum(axis: -1) / Double(classes), reduction)
    case .nearest:
        let nearest = Tensor.where(isLabel, Tensor(-.infinity, like: s), s).max(axis: -1)
        return examples.reduce(relu(margin - chosen.squeezed(axis: -1) + nearest), reduction)
    }
}
