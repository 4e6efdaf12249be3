import DescentCore

/// RMSProp (Tieleman and Hinton 2012): gradients divided by the root of their mean square, as in PyTorch.
///
///     v ← α v + (1 - α) g²        d = g / (√v + ε)        p ← p - η d
///     with momentum μ:            b ← μ b + d             p ← p - η b
///
/// Centred, the variance stands for the mean square: `√(v - a²) + ε` with `a ← α a + (1 - α) g` (Graves 2013). With `velocityHoldsRate`,
/// `b ← μ b + η d` and `p ← p - b`.
public final class RMSProp: ParameterwiseOptimizer, @unchecked Sendable {
    public let smoothing: Double
    public let epsilon: Double
    public let epsilonPlace: EpsilonPlace
    public let momentum: Double
    public let isCentered: Bool
    public let velocityHoldsRate: Bool

    /// - Parameter smoothing: α: how much of the mean is kept at each step.
    public init(
        learningRate: Double = 1e-2, smoothing: Double = 0.99, epsilon: Double = 1e-8, epsilonPlace: EpsilonPlace = .outsideRoot,
        momentum: Double = 0, isCentered: Bool = false, velocityHoldsRate: Bool = false, regularization: Regularization = .none,
        groups: [ParameterGroup] = []
    ) {
        (self.smoothing, self.epsilon, self.epsilonPlace) = (smoothing, epsilon, epsilonPlace)
        (self.momentum, self.isCentered, self.velocityHoldsRate) = (momentum, isCentered, velocityHoldsRate)
        super.init(
            learningRate: learningRate, regularization: regularization, groups: groups,
            moments: [Moments("square")] + (momentum == 0 ? [] : [Moments("velocity")]) + (isCentered ? [Moments("mean")] : []))
    }

    override func beginStep() -> (Tensor, DType) -> Rule {
        { [smoothing, epsilon, epsilonPlace, momentum, isCentered, velocityHoldsRate] rate, dtype in
            let rate = rate.cast(to: dtype)
            return { gradient, state in
                let square = state[0].value * smoothing + gradient.squared * (1 - smoothing)
                state[0].value = square
                var spread = square
                if isCentered {
                    let mean = state[state.count - 1].value * smoothing + gradient * (1 - smoothing)
                    state[state.count - 1].value = mean
                    // Rounding can take a variance of 0 below it.
                    spread = relu(square - mean.squared)
                }
                let direction = gradient / epsilonPlace.root(spread, epsilon)
                if momentum == 0 { return rate * direction }
                let velocity = state[1].value * momentum + (velocityHoldsRate ? rate * direction : direction)
                state[1].value = velocity
                return velocityHoldsRate ? velocity : rate * velocity
            }
        }
    }
}
