import DescentCore

/// Pulls parameters towards 0 besides their gradient.
///
///     l1       g ← g + l1 sign(p)     adds l1 Σ|p| to the loss
///     l2       g ← g + l2 p           adds l2/2 Σp² to the loss (PyTorch's `weight_decay`, but for AdamW)
///     decay    p ← p - η decay p      apart from the gradient, before the step (AdamW, Loshchilov and Hutter 2019)
///
/// Where an optimizer divides by the gradient's size, as Adam does, l1 and l2 are divided too, decay is not. The gradient that l1 and l2 are
/// added to is the one that `update` is given: clipped, if it was.
public struct Regularization: Hashable, Sendable {
    public var l1: Double, l2: Double, decay: Double
    /// Whether vectors, such as biases and the scales of norms, are pulled too. PyTorch pulls them.
    public var includesVectors: Bool

    public init(l1: Double = 0, l2: Double = 0, decay: Double = 0, includesVectors: Bool = false) {
        if !(l1 >= 0 && l2 >= 0 && decay >= 0) { stop("Regularization(l1: \(l1), l2: \(l2), decay: \(decay)): none can be below 0.") }
        (self.l1, self.l2, self.decay, self.includesVectors) = (l1, l2, decay, includesVectors)
    }

    public static let none = Regularization()
}
