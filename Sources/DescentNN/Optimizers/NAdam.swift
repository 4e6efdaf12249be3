import DescentCore

/// Adam with Nesterov's momentum (Dozat 2016), as in PyTorch: the momentum grows along a schedule of its own, and the next step's is applied
/// ahead of time.
///
///     μₜ = β₁ (1 - 0.96^(t ψ) / 2)        m, v as in Adam        d = √(v / (1 - β₂ᵗ)) + ε
///     p ← p - η (1 - μₜ) / (1 - Πₜ) · g/d - η μₜ₊₁ / (1 - Πₜ μₜ₊₁) · m/d        Πₜ = μ₁ ... μₜ
public final class NAdam: ParameterwiseOptimizer, @unchecked Sendable {
    public let beta1: Double, beta2: Double
    public let epsilon: Double
    /// ψ: how fast the momentum reaches β₁.
    public let momentumDecay: Double
    private let step: Variable, product: Variable

    public init(
        learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double = 4e-3,
        regularization: Regularization = .none, groups: [ParameterGroup] = []
    ) {
        (self.beta1, self.beta2, self.epsilon, self.momentumDecay) = (beta1, beta2, epsilon, momentumDecay)
        let step = optimizerScalar(0, "step"), product = optimizerScalar(1, "momentum_product")
        (self.step, self.product) = (step.variable, product.variable)
        super.init(
            learningRate: learningRate, regularization: regularization, groups: groups, moments: [Moments("mean"), Moments("square")],
            counters: [step, product])
    }

    override func beginStep() -> (Tensor, DType) -> Rule {
        let count = step.value + 1
        step.value = count
        func momentum(_ time: Tensor) -> Tensor { beta1 * (1 - 0.5 * exp(time * (momentumDecay * logarithm(0.96)))) }
        let now = momentum(count), next = momentum(count + 1)
        let soFar = product.value * now
        product.value = soFar
        return { [beta1, beta2, epsilon] rate, dtype in
            let gradientRate = (rate * (1 - now) / (1 - soFar)).cast(to: dtype)
            let meanRate = (rate * next / (1 - soFar * next)).cast(to: dtype)
            let scale = rsqrt(biasCorrection(beta2, count)).cast(to: dtype)
            return { gradient, state in
                let m = state[0].value * beta1 + gradient * (1 - beta1)
                let v = state[1].value * beta2 + gradient.squared * (1 - beta2)
                state[0].value = m
                state[1].value = v
                return (gradientRate * gradient + meanRate * m) / (sqrt(v) * scale + epsilon)
            }
        }
    }
}
