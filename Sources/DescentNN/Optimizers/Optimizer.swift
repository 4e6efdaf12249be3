import DescentCore

/// Changes a model's parameters along their gradients. Everything that changes from step to step is a `Variable`: the learning
/// rate too, so that a compiled step follows it.
public protocol Optimizer: AnyObject {
    /// A float64 scalar.
    var learningRate: Variable { get }
    /// All state beside the parameters (learning rate, moments, counters), each by a path that stays the same: "hidden.weight.mean". What
    /// a checkpoint keeps.
    var variables: [NamedVariable] { get }
    /// Makes the state for a model's parameters, which the first steps would make otherwise: before a checkpoint is read into it.
    func prepare(for model: some Module)
    /// One step: new values for the parameters that the gradients name.
    func update(_ model: some Module, with gradients: Gradients)
}

extension Optimizer {
    /// Another learning rate from the next step on, compiled or not.
    public func setLearningRate(_ rate: Double) { learningRate.value = Tensor(float64: [rate], shape: []).cast(to: learningRate.dtype) }
}

/// One variable of an optimizer for each parameter, made when first needed.
final class Moments: @unchecked Sendable {
    private let name: String
    private let start: Double
    // Guarded by the lock: several tasks may step one optimizer.
    private let lock = SpinLock()
    private var byParameter: [ObjectIdentifier: NamedVariable] = [:]
    private var order: [ObjectIdentifier] = []

    /// - Parameter start: What its elements are at first.
    init(_ name: String, start: Double = 0) { (self.name, self.start) = (name, start) }

    func callAsFunction(_ parameter: NamedVariable) -> Variable {
        let key = ObjectIdentifier(parameter.variable)
        lock.lock()
        defer { lock.unlock() }
        if let known = byParameter[key] { return known.variable }
        let path = "\(parameter.path).\(name)"
        let fresh = Variable(Tensor.full(parameter.variable.shape, start, dtype: parameter.variable.dtype), name: path)
        byParameter[key] = NamedVariable(path: path, variable: fresh)
        order.append(key)
        return fresh
    }

    var variables: [NamedVariable] {
        lock.lock()
        defer { lock.unlock() }
        return order.map { byParameter[$0]! }
    }
}

/// A number that an optimizer keeps: float64, so that a step count is exact and corrections made of it are too.
func optimizerScalar(_ value: Double, _ name: String) -> NamedVariable {
    NamedVariable(path: name, variable: Variable(Tensor(float64: [value], shape: []), name: name))
}
