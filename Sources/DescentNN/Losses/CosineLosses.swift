import DescentCore

/// The cosine of the angle between two vectors, `a · b / (|a| |b|)`, along an axis, which is dropped. Shapes broadcast.
///
/// Lengths below epsilon count as epsilon, so that a vector of zeros gives 0, with a gradient of 0 by itself and a finite one by the other.
public func cosineSimilarity(_ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Double = 1e-8) -> Tensor {
    let (x, y) = (a.floating, b.floating)
    func inverseLength(_ v: Tensor) -> Tensor {
        let square = v.squared.sum(axis: axis)
        // The floor is under the square: the root of 0 has no finite slope.
        return rsqrt(maximum(square, Tensor(Swift.max(epsilon * epsilon, 1e-36), like: square)))
    }
    return (x * y).sum(axis: axis) * inverseLength(x) * inverseLength(y)
}

/// `1 - cos(p, t)`: 0 for vectors [..., size] of the same direction, 2 for opposite ones. Shapes: both equal.
///
/// - Parameter weights: A number or a mask's true or false for each pair [...]; see `Reduction`.
public func cosineLoss(_ prediction: Tensor, _ target: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean) -> Tensor {
    pairedLoss("cosineLoss", prediction, target, weights, reduction) { 1 - $0 }
}

/// For pairs of vectors [..., size] and labels y [...]: `1 - cos` for those that belong together (y = 1 or true), `max(0, cos - margin)` for
/// those that don't (y = -1 or false). Its gradient at the kink is 0.
///
/// - Parameter weights: A number or a mask's true or false for each pair [...]; see `Reduction`.
public func cosineEmbeddingLoss(
    _ a: Tensor, _ b: Tensor, _ labels: Tensor, margin: Double = 0, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    if labels.shape != Array(a.shape.dropLast()) {
        raise("cosineEmbeddingLoss: vectors have shape \(a.shape), labels \(labels.shape); labels have the same shape without the last axis.")
    }
    return pairedLoss("cosineEmbeddingLoss", a, b, weights, reduction) { Tensor.where(labels .> 0, 1 - $0, relu($0 - margin)) }
}

private func pairedLoss(
    _ name: String, _ a: Tensor, _ b: Tensor, _ weights: Tensor?, _ reduction: Reduction, _ loss: (Tensor) -> Tensor
) -> Tensor {
    requireEqualShapes(name, a, b)
    if a.rank == 0 { return standIn("\(name): needs vectors; these are scalars.", like: a) }
    let examples = ExampleWeights(name, a.floating, b, weights, ignoring: nil, takesIgnored: false)
    return examples.reduce(loss(cosineSimilarity(examples.withoutUnused(a.floating), examples.withoutUnused(b.floating))), reduction)
}
