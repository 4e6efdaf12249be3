import DescentCore
import DescentNN

/// Which recurrent cell a network is made of.
public enum CellKind: String, CaseIterable, Sendable {
    /// `RNNCell`: the simple one.
    case rnn
    /// `LSTMCell`: with a cell state that passes many steps.
    case lstm
    /// `GRUCell`: nearly as able as an LSTM, with three quarters of its work.
    case gru

    /// How many rows of weights each of its units has.
    package var gates: Int {
        switch self {
        case .rnn: 1
        case .lstm: 4
        case .gru: 3
        }
    }

    /// How many tensors [batch, hidden] its state is.
    package var stateCount: Int { self == .lstm ? 2 : 1 }
}

/// A recurrent layer whose cell was chosen at run time; its state is a list of tensors [batch, hidden].
///
/// Time comes first: x [time, batch, inputs].
package enum ChosenRecurrent: Module {
    case rnn(Recurrent<RNNCell>)
    case lstm(Recurrent<LSTMCell>)
    case gru(Recurrent<GRUCell>)

    package init(_ kind: CellKind, _ inputs: Int, _ hidden: Int, reversed: Bool = false) {
        self =
            switch kind {
            case .rnn: .rnn(Recurrent(RNNCell(inputs, hidden), reversed: reversed, timeFirst: true))
            case .lstm: .lstm(Recurrent(LSTMCell(inputs, hidden), reversed: reversed, timeFirst: true))
            case .gru: .gru(Recurrent(GRUCell(inputs, hidden), reversed: reversed, timeFirst: true))
            }
    }

    package var children: [(name: String, value: Any)] {
        switch self {
        case .rnn(let layer): layer.children
        case .lstm(let layer): layer.children
        case .gru(let layer): layer.children
        }
    }

    /// All steps, from a state (nil: zeros), and the state after the last.
    package func callAsFunction(_ x: Tensor, from state: [Tensor]? = nil, lengths: Tensor? = nil) -> (outputs: Tensor, state: [Tensor]) {
        func run<Cell: RecurrentCell>(_ layer: Recurrent<Cell>) -> (outputs: Tensor, state: [Tensor]) {
            let start = layer.cell.initialState(batch: x.shape[1], dtype: x.dtype)
            let result = layer(x, from: state.map { start.rebuilt(from: TensorReader($0)) } ?? start, lengths: lengths)
            return (result.outputs, result.state.tensors)
        }
        return switch self {
        case .rnn(let layer): run(layer)
        case .lstm(let layer): run(layer)
        case .gru(let layer): run(layer)
        }
    }

    /// One step of x [batch, inputs].
    package func step(_ x: Tensor, _ state: [Tensor]) -> (output: Tensor, state: [Tensor]) {
        func run<Cell: RecurrentCell>(_ cell: Cell) -> (output: Tensor, state: [Tensor]) {
            let next = cell(x, cell.initialState(batch: x.shape[0], dtype: x.dtype).rebuilt(from: TensorReader(state)))
            return (cell.output(next), next.tensors)
        }
        return switch self {
        case .rnn(let layer): run(layer.cell)
        case .lstm(let layer): run(layer.cell)
        case .gru(let layer): run(layer.cell)
        }
    }
}
