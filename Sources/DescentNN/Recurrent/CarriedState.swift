import DescentCore

/// A recurrent layer's state, kept from one training step to the next: truncated back-propagation through time (Williams and Peng 1990). The
/// text goes on where the last piece ended, but no gradient goes back into it.
///
///     let carried = CarriedState(layer.initialState(batch: 32))
///     let step = compile { (x: Tensor, y: Tensor) in
///         let (loss, gradients) = valueWithGradient(at: model) { model in
///             let (outputs, state) = model.layer(x, from: carried.value)
///             carried.keep(state)
///             return softmaxCrossEntropy(model.head(outputs), y)
///         }
///         optimizer.update(model, with: gradients)
///         return loss
///     }
///
/// It is state like a running mean: variables that are not learned, which a compiled step reads and assigns and a checkpoint saves.
public struct CarriedState<State: TensorGroup>: Module {
    public let tensors: [Variable]
    private let start: State

    /// - Parameter start: the state before the first step, to which `reset()` returns.
    public init(_ start: State) {
        self.start = start
        tensors = start.tensors.map { Variable($0) }
    }

    public var children: [(name: String, value: Any)] { [("state", tensors)] }

    /// The state that was kept last. No derivative flows back through it.
    public var value: State { start.rebuilt(from: TensorReader(tensors.map { stopGradient($0.value) })) }

    /// Keeps a state for the next step.
    public func keep(_ state: State) {
        let fresh = state.tensors
        guard fresh.count == tensors.count else { stop("CarriedState.keep: a state of \(fresh.count) tensors; it was made for \(tensors.count).") }
        for (variable, tensor) in zip(tensors, fresh) { variable.value = stopGradient(tensor) }
    }

    /// Resets the state of all sequences, or of the given ones: between two texts the state means nothing.
    ///
    /// - Parameter ended: bool [batch]: which sequences start over with the next step; `nil` for all.
    public func reset(_ ended: Tensor? = nil) {
        for (variable, first) in zip(tensors, start.tensors) {
            guard let ended else {
                variable.value = first
                continue
            }
            guard ended.dtype == .bool, ended.shape == Array(variable.shape.prefix(1)) else {
                stop("CarriedState.reset: which sequences ended is \(ended.type); it must be bool of shape \(variable.shape.prefix(1)), the batch.")
            }
            let places = ended.reshaped(to: ended.shape + variable.shape.dropFirst().map { _ in 1 }).broadcast(to: variable.shape)
            variable.value = Tensor.where(places, first, variable.value)
        }
    }
}
