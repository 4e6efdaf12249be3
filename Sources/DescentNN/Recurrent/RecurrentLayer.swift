import DescentCore

/// A layer that reads sequences and has a state to hand on: `Recurrent`, `Bidirectional`, `StackedRecurrent`.
///
/// Shapes: x [batch, time, inputs], outputs [batch, time, outputSize]; with `timeFirst` [time, batch, ...].
public protocol RecurrentLayer: Layer {
    associatedtype State: TensorGroup
    /// The last axis of its outputs.
    var outputSize: Int { get }
    /// Whether time is the first axis of inputs and outputs.
    var timeFirst: Bool { get }
    /// The state before the first step.
    func initialState(batch: Int, dtype: DType) -> State
    /// The outputs of all steps, and the state after the last.
    ///
    /// - Parameters:
    ///   - state: the state before the first step; nil for the initial one.
    ///   - lengths: how many steps of each sequence are real: integers [batch]. Nil: all are.
    func callAsFunction(_ x: Tensor, from state: State?, lengths: Tensor?) -> (outputs: Tensor, state: State)
}

extension RecurrentLayer {
    /// The outputs of all steps, from the initial state.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: nil, lengths: nil).outputs }
}

extension Recurrent: RecurrentLayer {
    public typealias State = Cell.State
    public var outputSize: Int { cell.hiddenSize }
    public func initialState(batch: Int, dtype: DType = .float32) -> Cell.State { cell.initialState(batch: batch, dtype: dtype) }

    /// One step, for use as the inputs come. Shapes: x [batch, inputs], output [batch, outputSize].
    public func step(_ x: Tensor, _ state: Cell.State) -> (output: Tensor, state: Cell.State) {
        if isReversed { stop("Recurrent.step: this layer reads from the end of a sequence, which is not there yet; only whole sequences can be read so.") }
        let next = cell(x, state)
        return (cell.output(next), next)
    }
}
