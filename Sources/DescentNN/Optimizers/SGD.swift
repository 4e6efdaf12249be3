import DescentCore

/// Gradient descent: `p ← p - η g`; with momentum μ (Polyak 1964), as in PyTorch:
///
///     b ← μ b + g        p ← p - η b                 momentum
///                        p ← p - η (g + μ b)         Nesterov's (1983), in Sutskever et al.'s form (2013)
///
/// With `velocityHoldsRate` the velocity has the learning rate in it, `b ← μ b + η g`, `p ← p - b` or `p ← p - (η g + μ b)`, as in
/// several textbooks. The two differ only when the learning rate changes: a new one then acts on new gradients alone.
///
/// Nesterov's own rule takes the gradient at `p - μ b`, ahead of p. Here the parameters are that point: with the velocity v of
/// `velocityHoldsRate`, p + μ v is where the own rule is.
public final class SGD: ParameterwiseOptimizer, @unchecked Sendable {
    public let momentum: Double
    public let isNesterov: Bool
    public let velocityHoldsRate: Bool

    public init(
        learningRate: Double, momentum: Double = 0, isNesterov: Bool = false, velocityHoldsRate: Bool = false,
        regularization: Regularization = .none, groups: [ParameterGroup] = []
    ) {
        if isNesterov, momentum == 0 { stop("SGD: Nesterov's rule needs a momentum, 0.9 say.") }
        (self.momentum, self.isNesterov, self.velocityHoldsRate) = (momentum, isNesterov, velocityHoldsRate)
        super.init(learningRate: learningRate, regularization: regularization, groups: groups, moments: momentum == 0 ? [] : [Moments("velocity")])
    }

    override func beginStep() -> (Tensor, DType) -> Rule {
        { [momentum, isNesterov, velocityHoldsRate] rate, dtype in
            let rate = rate.cast(to: dtype)
            if momentum == 0 { return { gradient, _ in rate * gradient } }
            return { gradient, state in
                let push = velocityHoldsRate ? rate * gradient : gradient
                let velocity = state[0].value * momentum + push
                state[0].value = velocity
                let change = isNesterov ? push + velocity * momentum : velocity
                return velocityHoldsRate ? change : rate * change
            }
        }
    }
}
