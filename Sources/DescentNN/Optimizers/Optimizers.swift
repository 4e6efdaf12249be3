import DescentCore

/// Changes a model's parameters along their gradients. Everything that changes from step to step is a `Variable`: the learning
/// rate too, so that a compiled step follows it.
public protocol Optimizer: AnyObject {
    /// A float32 scalar.
    var learningRate: Variable { get }
    /// State beside the parameters (moments, counters), by name, for checkpoints.
    var variables: [NamedVariable] { get }
    /// One step: new values for the parameters that the gradients name.
    func update(_ model: some Module, with gradients: Gradients)
}

/// One variable of an optimizer for each parameter, made when first needed.
final class Moments {
    private let name: String
    private var byParameter: [ObjectIdentifier: NamedVariable] = [:]
    private var order: [ObjectIdentifier] = []

    init(_ name: String) { self.name = name }

    func callAsFunction(_ parameter: NamedVariable) -> Variable {
        let key = ObjectIdentifier(parameter.variable)
        if let known = byParameter[key] { return known.variable }
        let path = "\(parameter.path).\(name)"
        let fresh = Variable(Tensor.zeros(parameter.variable.shape, dtype: parameter.variable.dtype), name: path)
        byParameter[key] = NamedVariable(path: path, variable: fresh)
        order.append(key)
        return fresh
    }

    var variables: [NamedVariable] { order.map { byParameter[$0]! } }
}

/// Gradient descent: `p ← p - η g`; with momentum μ: `b ← μ b + g`, `p ← p - η b`, as in PyTorch.
public final class SGD: Optimizer {
    public let learningRate: Variable
    public let momentum: Double
    private let velocity = Moments("velocity")

    public init(learningRate: Double, momentum: Double = 0) {
        self.learningRate = Variable(Tensor(Float(learningRate)), name: "learning_rate")
        self.momentum = momentum
    }

    public var variables: [NamedVariable] { [NamedVariable(path: "learning_rate", variable: learningRate)] + velocity.variables }

    public func update(_ model: some Module, with gradients: Gradients) {
        let rate = learningRate.value
        for (parameter, gradient) in gradients.entries {
            var direction = gradient
            if momentum != 0 {
                let velocity = velocity(parameter)
                direction = velocity.value * momentum + gradient
                velocity.value = direction
            }
            parameter.variable.value = parameter.variable.value - rate.cast(to: gradient.dtype) * direction
        }
    }
}

/// Adam (Kingma and Ba 2015): steps along the mean gradient, divided by the root of its mean square.
///
///     m ← β₁ m + (1 - β₁) g        v ← β₂ v + (1 - β₂) g²
///     p ← p - η / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)
///
/// With `weightDecay` λ, parameters also shrink by `η λ p` at each step, apart from the gradient (AdamW, Loshchilov and Hutter 2019);
/// vectors, such as biases, do not.
public final class Adam: Optimizer {
    public let learningRate: Variable
    public let beta1: Double, beta2: Double
    public let epsilon: Double
    public let weightDecay: Double
    private let step = Variable(Tensor(Float(0)), name: "step")
    private let mean = Moments("mean")
    private let square = Moments("square")

    public init(learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
        self.learningRate = Variable(Tensor(Float(learningRate)), name: "learning_rate")
        (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    }

    public var variables: [NamedVariable] {
        [NamedVariable(path: "learning_rate", variable: learningRate), NamedVariable(path: "step", variable: step)] + mean.variables + square.variables
    }

    public func update(_ model: some Module, with gradients: Gradients) {
        let count = step.value + 1
        step.value = count
        // 1 - βᵗ without cancellation.
        let correction1 = -expm1(count * logarithm(beta1)), correction2 = -expm1(count * logarithm(beta2))
        let rate = learningRate.value / correction1
        let scale = rsqrt(correction2)
        let decay = 1 - learningRate.value * weightDecay
        for (parameter, gradient) in gradients.entries {
            let mean = mean(parameter), square = square(parameter)
            let m = mean.value * beta1 + gradient * (1 - beta1)
            let v = square.value * beta2 + gradient * gradient * (1 - beta2)
            mean.value = m
            square.value = v
            let dtype = gradient.dtype
            let old = parameter.variable.value
            let shrunk = weightDecay != 0 && old.rank > 1 ? old * decay.cast(to: dtype) : old
            parameter.variable.value = shrunk - rate.cast(to: dtype) * m / (sqrt(v) * scale.cast(to: dtype) + epsilon)
        }
    }
}
