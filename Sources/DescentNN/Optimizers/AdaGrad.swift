import DescentCore

/// AdaGrad (Duchi, Hazan and Singer 2011): each element's rate shrinks with the sum of its squared gradients. For gradients that are mostly 0.
///
///     s ← s + g²        p ← p - η g / (√s + ε)
public final class AdaGrad: ParameterwiseOptimizer, @unchecked Sendable {
    public let epsilon: Double
    public let epsilonPlace: EpsilonPlace

    /// - Parameter initialSum: What s starts from.
    public init(
        learningRate: Double = 1e-2, epsilon: Double = 1e-10, epsilonPlace: EpsilonPlace = .outsideRoot, initialSum: Double = 0,
        regularization: Regularization = .none, groups: [ParameterGroup] = []
    ) {
        (self.epsilon, self.epsilonPlace) = (epsilon, epsilonPlace)
        super.init(learningRate: learningRate, regularization: regularization, groups: groups, moments: [Moments("sum", start: initialSum)])
    }

    override func beginStep() -> (Tensor, DType) -> Rule {
        { [epsilon, epsilonPlace] rate, dtype in
            let rate = rate.cast(to: dtype)
            return { gradient, state in
                let sum = state[0].value + gradient.squared
                state[0].value = sum
                return rate * gradient / epsilonPlace.root(sum, epsilon)
            }
        }
    }
}
