import DescentCore

/// The states of a layer that reads in both directions.
public struct BidirectionalState<Forward: TensorGroup, Backward: TensorGroup>: TensorGroup {
    /// After the last step.
    public var forward: Forward
    /// After the first step, which is the last that is read from the end.
    public var backward: Backward

    public init(forward: Forward, backward: Backward) { (self.forward, self.backward) = (forward, backward) }
    public var tensors: [Tensor] { forward.tensors + backward.tensors }
    public func rebuilt(from reader: TensorReader) -> BidirectionalState {
        let first = forward.rebuilt(from: reader)
        return BidirectionalState(forward: first, backward: backward.rebuilt(from: reader))
    }
}

/// Two cells that read a sequence from its two ends, so that each output knows what comes before and after. Schuster and Paliwal 1997.
///
///     let reader = Bidirectional(GRUCell(64, 128), GRUCell(64, 128))       // outputs [batch, time, 256]
///
/// Shapes: x [batch, time, inputs], outputs [batch, time, both hidden sizes], the forward cell's first, as in PyTorch; with `timeFirst`
/// [time, batch, ...]. Each output of the backward cell stands at the step that it read last.
public struct Bidirectional<Forward: RecurrentCell, Backward: RecurrentCell>: RecurrentLayer {
    public let forward: Recurrent<Forward>, backward: Recurrent<Backward>

    public init(_ forward: Forward, _ backward: Backward, timeFirst: Bool = false) {
        self.forward = Recurrent(forward, timeFirst: timeFirst)
        self.backward = Recurrent(backward, reversed: true, timeFirst: timeFirst)
    }

    public var outputSize: Int { forward.outputSize + backward.outputSize }
    public var timeFirst: Bool { forward.timeFirst }

    public func initialState(batch: Int, dtype: DType = .float32) -> BidirectionalState<Forward.State, Backward.State> {
        BidirectionalState(forward: forward.initialState(batch: batch, dtype: dtype), backward: backward.initialState(batch: batch, dtype: dtype))
    }

    /// The outputs of all steps, and both last states.
    ///
    /// - Parameters:
    ///   - state: the states that the two cells start from; nil for their initial ones.
    ///   - lengths: how many steps of each sequence are real: integers [batch]. The backward cell then starts at each sequence's own end.
    public func callAsFunction(
        _ x: Tensor, from state: BidirectionalState<Forward.State, Backward.State>?, lengths: Tensor? = nil
    ) -> (outputs: Tensor, state: BidirectionalState<Forward.State, Backward.State>) {
        let first = forward(x, from: state?.forward, lengths: lengths), second = backward(x, from: state?.backward, lengths: lengths)
        return (Tensor.concatenate([first.outputs, second.outputs], axis: -1), BidirectionalState(forward: first.state, backward: second.state))
    }
}

extension Bidirectional: Sendable where Forward: Sendable, Backward: Sendable {}
