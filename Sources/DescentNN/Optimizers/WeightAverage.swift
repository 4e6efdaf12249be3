import DescentCore

/// A running mean of a model's parameters over the steps of training, which is often the better model.
///
///     average.update(model)                   after each step (or epoch); inside a compiled step too
///     average.exchange(with: model)           the model now has the means, and the average what it had; again: as before
///
/// The first update takes the parameters as they are. Parameters only: other state, such as running means of a layer, is the model's own.
public final class WeightAverage {
    /// How steps are weighed.
    public enum Kind: Hashable, Sendable {
        /// `a ← d a + (1 - d) p`: an exponential moving average, over about 1/(1 - d) steps. Polyak and Juditsky 1992.
        case exponential(decay: Double)
        /// All alike. Stochastic weight averaging, Izmailov et al. 2018.
        case equal
    }

    public let kind: Kind
    private let means = Moments("average")
    private let count = optimizerScalar(0, "average_count")

    public init(_ kind: Kind = .exponential(decay: 0.999)) {
        if case .exponential(let decay) = kind, !(0..<1).contains(decay) {
            stop("WeightAverage: the decay is \(decay); it must be at least 0 and below 1.")
        }
        self.kind = kind
    }

    /// The means, by path, and how many steps they are of: for a checkpoint.
    public var variables: [NamedVariable] { [count] + means.variables }

    /// Makes the means for a model's parameters, which the first update would make otherwise: before a checkpoint is read into it.
    public func prepare(for model: some Module) { for parameter in model.parameters { _ = means(parameter) } }

    /// Takes the model's parameters of now into the mean.
    public func update(_ model: some Module) {
        let number = count.variable.value
        count.variable.value = number + 1
        let share: Tensor
        switch kind {
        case .exponential(let decay): share = Tensor.where(number .== 0, Tensor(1, like: number), Tensor(1 - decay, like: number))
        case .equal: share = 1 / (number + 1)
        }
        for parameter in model.parameters {
            let mean = means(parameter), old = mean.value
            mean.value = old + share.cast(to: old.dtype) * (parameter.variable.value - old)
        }
    }

    /// Swaps the means with what the model has.
    public func exchange(with model: some Module) {
        for parameter in model.parameters {
            let mean = means(parameter), old = mean.value
            mean.value = parameter.variable.value
            parameter.variable.value = old
        }
    }
}
