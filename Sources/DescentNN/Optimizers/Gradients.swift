import DescentCore

/// Gradients of a model's parameters.
public struct Gradients: TensorGroup {
    /// The parameters and, for each, the gradient in its shape.
    public private(set) var entries: [(parameter: NamedVariable, gradient: Tensor)]

    public init(_ entries: [(parameter: NamedVariable, gradient: Tensor)]) { self.entries = entries }

    public var tensors: [Tensor] { entries.map(\.gradient) }
    public func rebuilt(from reader: TensorReader) -> Gradients { Gradients(entries.map { ($0.parameter, reader.next()) }) }

    /// The gradient of the parameter at a path: "hidden.weight".
    public subscript(_ path: String) -> Tensor? { entries.first { $0.parameter.path == path }?.gradient }

    /// The root of the sum of all squares: how long the gradient is as one vector.
    public var norm: Tensor {
        let squares = tensors.map { ($0 * $0).sum() }
        guard let first = squares.first else { return Tensor(Float(0)) }
        return sqrt(squares.dropFirst().reduce(first) { $0 + $1.cast(to: first.dtype) })
    }

    /// Scaled down to the given norm where it is longer: `g min(1, limit / (‖g‖ + ε))`. Pascanu et al. 2013.
    ///
    /// - Parameter epsilon: PyTorch's is the default; with 0 the norm is the limit exactly.
    public func clipped(toNorm limit: Double, epsilon: Double = 1e-6) -> Gradients {
        let length = norm + epsilon
        let one = Tensor(1, like: length)
        let scale = Tensor.where(length .<= limit, one, limit / length)
        return Gradients(entries.map { ($0.parameter, $0.gradient * scale.cast(to: $0.gradient.dtype)) })
    }

    /// Each element limited to -limit ... limit.
    public func clipped(toValue limit: Double) -> Gradients { Gradients(entries.map { ($0.parameter, $0.gradient.clipped(to: -limit...limit)) }) }
}

/// The value of a function of a model, and its gradient by each parameter that is learned and not frozen.
public func valueWithGradient<Model: Module>(at model: Model, of function: (Model) -> Tensor) -> (value: Tensor, gradients: Gradients) {
    let parameters = model.parameters.filter { !$0.variable.isFrozen }
    let (value, found) = valueWithGradient(at: parameters.map(\.variable)) { function(model) }
    return (value, Gradients(zip(parameters, found).map { ($0, $1) }))
}
