import DescentCore

/// Adds up gradients of parts of a batch that doesn't fit into memory at once.
///
///     for part in parts { accumulator.add(gradients(part), weight: Double(part.count)) }
///     optimizer.update(model, with: accumulator.take())
///
/// The sums are variables, so that `add` and `take` work inside compiled steps (one for the parts, one for the update). The means are those of
/// the whole batch if each part's loss is a mean over its examples and the weight their number.
public final class GradientAccumulator {
    private let sums = Moments("gradient_sum")
    private let weight = optimizerScalar(0, "gradient_weight")
    private var parameters: [NamedVariable] = []
    private var known = Set<ObjectIdentifier>()

    public init() {}

    /// The sums, by path, for a checkpoint between the parts of a batch.
    public var variables: [NamedVariable] { [weight] + sums.variables }

    /// Makes the sums for a model's parameters, which the first `add` would make otherwise.
    public func prepare(for model: some Module) { for parameter in model.parameters where !parameter.variable.isFrozen { note(parameter) } }

    /// Adds gradients, multiplied by the weight. A parameter that they don't name gets nothing.
    public func add(_ gradients: Gradients, weight: Double = 1) {
        if !(weight > 0) { stop("GradientAccumulator.add: the weight is \(weight); it must be above 0.") }
        for (parameter, gradient) in gradients.entries {
            note(parameter)
            let sum = sums(parameter)
            sum.value = sum.value + gradient * weight
        }
        self.weight.variable.value = self.weight.variable.value + weight
    }

    /// The mean of the gradients added since the last call, which starts over. With nothing added: NaN.
    public func take() -> Gradients {
        let total = weight.variable.value
        weight.variable.value = Tensor(0, like: total)
        return Gradients(
            parameters.map { parameter in
                let sum = sums(parameter), value = sum.value
                sum.value = Tensor(0, like: value)
                return (parameter, value / total.cast(to: value.dtype))
            })
    }

    private func note(_ parameter: NamedVariable) {
        if known.insert(ObjectIdentifier(parameter.variable)).inserted {
            parameters.append(parameter)
            _ = sums(parameter)
        }
    }
}
