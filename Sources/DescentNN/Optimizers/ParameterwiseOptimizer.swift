import DescentCore
import Synchronization

/// The common part of optimizers that update each parameter separately: learning rate, state by path, regularization and groups. A subclass
/// gives the rule.
///
/// What changes in it are variables, so several tasks may use one optimizer; a compiled step is whole, and of two one waits.
public class ParameterwiseOptimizer: Optimizer, @unchecked Sendable {
    /// How far a parameter moves: what is subtracted from it, given its gradient and its state in the order of `moments`.
    typealias Rule = (_ gradient: Tensor, _ state: [Variable]) -> Tensor

    public final let learningRate: Variable
    public final let regularization: Regularization
    public final let groups: [ParameterGroup]
    private let moments: [Moments]
    /// State that is not one for each parameter.
    private let counters: [NamedVariable]
    private let hasCheckedGroups = Atomic(false)

    init(learningRate: Double, regularization: Regularization, groups: [ParameterGroup], moments: [Moments], counters: [NamedVariable] = []) {
        let rate = optimizerScalar(learningRate, "learning_rate")
        self.learningRate = rate.variable
        (self.regularization, self.groups, self.moments, self.counters) = (regularization, groups, moments, [rate] + counters)
    }

    /// Begins a step: counts it, and gives what makes the rule for a learning rate (a float64 scalar) and an element type.
    func beginStep() -> (_ rate: Tensor, _ dtype: DType) -> Rule { stop("\(type(of: self)): an optimizer without a rule.") }

    public final var variables: [NamedVariable] { counters + moments.flatMap(\.variables) }

    public final func prepare(for model: some Module) {
        checkGroups(model)
        for parameter in model.parameters where !parameter.variable.isFrozen && group(of: parameter).map({ groups[$0].isFrozen }) != true {
            for moment in moments { _ = moment(parameter) }
        }
    }

    public final func update(_ model: some Module, with gradients: Gradients) {
        checkGroups(model)
        let rule = beginStep()
        let rate = learningRate.value
        // What is the same for all parameters of a group is computed once.
        var prepared: [Kind: (rule: Rule, shrinking: Tensor?)] = [:]
        var moved: [(variable: Variable, value: Tensor)] = []
        for (parameter, gradient) in gradients.entries {
            let kind = Kind(group: group(of: parameter), dtype: gradient.dtype)
            let settings = kind.group.map { groups[$0] }
            if settings?.isFrozen == true { continue }
            let penalty = settings?.regularization ?? regularization
            if prepared[kind] == nil {
                let own = settings.map { $0.rate == 1 ? rate : rate * $0.rate } ?? rate
                prepared[kind] = (rule(own, kind.dtype), penalty.decay == 0 ? nil : (1 - own * penalty.decay).cast(to: kind.dtype))
            }
            let (change, shrinking) = prepared[kind]!
            var value = parameter.variable.value, direction = gradient
            if penalty.includesVectors || value.rank > 1 {
                if penalty.l2 != 0 { direction = direction + value * penalty.l2 }
                if penalty.l1 != 0 { direction = direction + sign(value) * penalty.l1 }
                if let shrinking { value = value * shrinking }
            }
            moved.append((parameter.variable, value - change(direction, moments.map { $0(parameter) })))
        }
        Variable.assign(moved)
    }

    private struct Kind: Hashable {
        let group: Int?, dtype: DType
    }

    private func group(of parameter: NamedVariable) -> Int? { groups.isEmpty ? nil : groups.firstIndex { $0.contains(parameter) } }

    /// A group without parameters is a slip of the pen.
    private func checkGroups(_ model: some Module) {
        if groups.isEmpty || hasCheckedGroups.exchange(true, ordering: .relaxed) { return }
        let parameters = model.parameters
        for group in groups where !parameters.contains(where: group.contains) {
            stop("\(type(of: self)): the group \(group.name) has no parameter. There are: \(parameters.map(\.path).joined(separator: ", ")).")
        }
    }
}

/// Where an optimizer that divides by the root of mean squares v adds its epsilon.
public enum EpsilonPlace: Hashable, Sendable {
    /// `√v + ε`, as PyTorch does.
    case outsideRoot
    /// `√(v + ε)`, as in several textbooks.
    case insideRoot

    func root(_ square: Tensor, _ epsilon: Double) -> Tensor { self == .outsideRoot ? sqrt(square) + epsilon : sqrt(square + epsilon) }
}
