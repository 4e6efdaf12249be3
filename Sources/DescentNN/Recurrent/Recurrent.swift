import DescentCore

/// A cell applied to sequences, step by step.
///
///     let reader = Recurrent(LSTMCell(128, 256))
///     let outputs = reader(x)                                    // [batch, time, 256]
///     let (outputs, last) = reader(x, from: state)               // a state that is carried on
///
/// Shapes: x [batch, time, inputs], outputs [batch, time, hiddenSize]; with `timeFirst` [time, batch, ...], which saves a transposition.
public struct Recurrent<Cell: RecurrentCell>: Layer {
    public let cell: Cell
    /// Whether the sequence is read from its end. Outputs stay in the order of the inputs.
    public let isReversed: Bool
    /// Whether time is the first axis.
    public let timeFirst: Bool

    public init(_ cell: Cell, reversed: Bool = false, timeFirst: Bool = false) {
        (self.cell, isReversed, self.timeFirst) = (cell, reversed, timeFirst)
    }

    public var children: [(name: String, value: Any)] { cell.children }

    /// The outputs of all steps, from the cell's initial state.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: nil).outputs }

    /// The outputs of all steps, and the state after the last.
    ///
    /// - Parameters:
    ///   - state: the state before the first step; nil for the cell's initial one.
    ///   - lengths: how many steps of each sequence are real: integers [batch]. The state stays as it is in the others, and the outputs
    ///     there are zero; they cost as much as real ones (where lengths are known ahead, see `SequenceLengths`). Nil: all are.
    public func callAsFunction(_ x: Tensor, from state: Cell.State?, lengths: Tensor? = nil) -> (outputs: Tensor, state: Cell.State) {
        guard x.rank == 3 else {
            let axes = timeFirst ? "[time, batch, features]" : "[batch, time, features]"
            return self(standIn("Recurrent: the input has shape \(x.shape); sequences are \(axes).", like: x, rank: 3), from: nil)
        }
        let steps = timeFirst ? x : x.movingAxis(1, to: 0)
        let batch = steps.shape[1]
        let start = state ?? cell.initialState(batch: batch, dtype: x.dtype)
        var real: Tensor?
        if let lengths, lengths.shape != [batch] || lengths.dtype.isFloating {
            raise("Recurrent: lengths are \(lengths.type) for a batch of \(batch); they must be integers of shape [\(batch)].")
        } else if let lengths {
            real = Tensor.arange(steps.shape[0]).reshaped(-1, 1, 1) .< lengths.cast(to: .int64).reshaped(1, batch, 1)
        }
        let result = scanned(steps, start, real)
        return (timeFirst ? result.outputs : result.outputs.movingAxis(0, to: 1), result.carry)
    }
    /// The loop over [time, batch, features]. Where `real` [time, batch, 1] says no, the state stays and the output is zero.
    func scanned(_ steps: Tensor, _ start: Cell.State, _ real: Tensor?) -> (carry: Cell.State, outputs: Tensor) {
        guard let real else {
            return scan(start, over: steps, reversed: isReversed) { state, x in
                let next = cell(x, state)
                return (next, cell.output(next))
            }
        }
        return scan(start, over: [steps, real], reversed: isReversed) { state, slices in
            let next = cell(slices[0], state)
            let kept = zip(next.tensors, state.tensors).map { Tensor.where(slices[1], $0, $1) }
            let output = cell.output(next)
            return (state.rebuilt(from: TensorReader(kept)), Tensor.where(slices[1], output, Tensor(0, like: output)))
        }
    }
}

extension Recurrent: Sendable where Cell: Sendable {}
