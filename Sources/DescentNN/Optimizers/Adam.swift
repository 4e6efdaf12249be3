import DescentCore

/// Adam (Kingma and Ba 2015): steps along the mean gradient, divided by the root of its mean square.
///
///     m ← β₁ m + (1 - β₁) g        v ← β₂ v + (1 - β₂) g²
///     p ← p - η / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)
///
/// With `weightDecay` λ, parameters also shrink by `η λ p` at each step, apart from the gradient (AdamW, Loshchilov and Hutter 2019);
/// vectors, such as biases, do not. It is short for `regularization: Regularization(decay: λ)`.
public class Adam: ParameterwiseOptimizer, @unchecked Sendable {
    public final let beta1: Double, beta2: Double
    public final let epsilon: Double
    /// Whether the powers of β in the formula stand there, which make up for means that start at 0.
    public final let correctsBias: Bool
    private let step: Variable

    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
        correctsBias: Bool = true, regularization: Regularization = .none, groups: [ParameterGroup] = []
    ) {
        (self.beta1, self.beta2, self.epsilon, self.correctsBias) = (beta1, beta2, epsilon, correctsBias)
        var penalty = regularization
        if weightDecay != 0 {
            if penalty.decay != 0 { stop("Adam: the decay is given twice, as weightDecay and in regularization.") }
            penalty.decay = weightDecay
        }
        let step = optimizerScalar(0, "step")
        self.step = step.variable
        super.init(learningRate: learningRate, regularization: penalty, groups: groups, moments: [Moments("mean"), Moments("square")], counters: [step])
    }

    public final var weightDecay: Double { regularization.decay }

    override func beginStep() -> (Tensor, DType) -> Rule {
        let count = step.value + 1
        step.value = count
        return { [beta1, beta2, epsilon, correctsBias] rate, dtype in
            let own = correctsBias ? (rate / biasCorrection(beta1, count)).cast(to: dtype) : rate.cast(to: dtype)
            let scale = correctsBias ? rsqrt(biasCorrection(beta2, count)).cast(to: dtype) : nil
            return { gradient, state in
                // β m + (1 - β) g, written as a step from m towards g.
                let m = state[0].value + (gradient - state[0].value) * (1 - beta1)
                let v = state[1].value + (gradient.squared - state[1].value) * (1 - beta2)
                state[0].value = m
                state[1].value = v
                let root = sqrt(v)
                return own * m / ((scale.map { root * $0 } ?? root) + epsilon)
            }
        }
    }
}

/// `1 - βᵗ` without cancellation, for a count t in float64.
func biasCorrection(_ beta: Double, _ count: Tensor) -> Tensor { -expm1(count * logarithm(beta)) }

/// Adam with a decay of 0.01 apart from the gradient (Loshchilov and Hutter 2019), PyTorch's default. Unlike there, vectors are not decayed,
/// unless `decaysVectors` says so.
public final class AdamW: Adam, @unchecked Sendable {
    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01,
        decaysVectors: Bool = false, groups: [ParameterGroup] = []
    ) {
        super.init(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
            regularization: Regularization(decay: weightDecay, includesVectors: decaysVectors), groups: groups)
    }
}
