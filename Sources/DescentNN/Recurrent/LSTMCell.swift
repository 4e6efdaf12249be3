import DescentCore

/// The state of an LSTM, both [batch, hidden].
public struct LSTMState: TensorGroup, Sendable {
    /// The short-term line: what the cell gives.
    public var hidden: Tensor
    /// The long-term line.
    public var cell: Tensor

    public init(hidden: Tensor, cell: Tensor) { (self.hidden, self.cell) = (hidden, cell) }
    public var tensors: [Tensor] { [hidden, cell] }
    public func rebuilt(from reader: TensorReader) -> LSTMState {
        let hidden = reader.next()
        return LSTMState(hidden: hidden, cell: reader.next())
    }
}

/// Long short-term memory. Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
///
///     i = sigmoid(W_i x + U_i h + b_i)        input gate: how much of the candidate comes in
///     f = sigmoid(W_f x + U_f h + b_f)        forget gate: 1 keeps the cell, 0 clears it
///     g = tanh(W_g x + U_g h + b_g)           candidate
///     o = sigmoid(W_o x + U_o h + b_o)        output gate
///     c' = f * c + i * g
///     h' = o * tanh(c')
///
/// The derivative of c' in c along the direct path is f: near 1, a gradient passes many steps unharmed.
///
/// Shapes: x [batch, inputs], h and c [batch, hidden]; inputWeight [4 hidden, inputs], hiddenWeight [4 hidden, hidden], inputBias and
/// hiddenBias [4 hidden], with the gates in the order i, f, g, o, as PyTorch's. With peepholes (Gers and Schmidhuber 2000) the gates also
/// see the cell: `p_i * c` in i, `p_f * c` in f, `p_o * c'` in o.
public struct LSTMCell: RecurrentCell, Sendable {
    public let hiddenSize: Int
    public let inputWeight: Variable, hiddenWeight: Variable, inputBias: Variable, hiddenBias: Variable
    /// [3, hidden]: for i, f and o.
    public let peepholes: Variable?
    /// Dropout masks of the input and of h before the gates' products, in training: see `CellDropout`. The cell state is not masked.
    public let dropout: CellDropout?

    /// - Parameter forgetBias: added to the forget gate's first bias, so that the cell keeps what it has until it learns otherwise
    ///   (Jozefowicz et al. 2015). PyTorch's cells start at 0.
    public init(_ inputs: Int, _ hidden: Int, forgetBias: Double = 1, hasPeepholes: Bool = false, dropout: CellDropout? = nil) {
        if inputs < 1 || hidden < 1 { stop("LSTMCell(\(inputs), \(hidden)): both sizes must be at least 1.") }
        (hiddenSize, self.dropout) = (hidden, dropout)
        inputWeight = .recurrent([4 * hidden, inputs], hidden: hidden, of: "LSTMCell: it takes \(inputs) inputs")
        hiddenWeight = .recurrent([4 * hidden, hidden], hidden: hidden, of: "LSTMCell: its state has \(hidden) numbers")
        let bound = 1 / Double(hidden).squareRoot()
        inputBias = .parameter([4 * hidden], of: "LSTMCell: its state has \(hidden) numbers") { shape, random in
            let gates = Tensor.concatenate([.zeros([hidden]), .full([hidden], forgetBias), .zeros([2 * hidden])], axis: 0)
            return random.uniform(shape, in: -bound..<bound) + gates
        }
        hiddenBias = .recurrent([4 * hidden], hidden: hidden, of: "LSTMCell: its state has \(hidden) numbers")
        peepholes = hasPeepholes ? .recurrent([3, hidden], hidden: hidden, of: "LSTMCell: its state has \(hidden) numbers") : nil
    }

    /// Zeros.
    public func initialState(batch: Int, dtype: DType) -> LSTMState {
        LSTMState(hidden: .zeros([batch, hiddenSize], dtype: dtype), cell: .zeros([batch, hiddenSize], dtype: dtype))
    }

    public func output(_ state: LSTMState) -> Tensor { state.hidden }

    public func callAsFunction(_ x: Tensor, _ state: LSTMState) -> LSTMState { step(x, state).state }

    public func keptShare(_ x: Tensor, _ state: LSTMState) -> Tensor? { step(x, state).gates.forget }

    /// The values of a step's gates, for looking at them: each [batch, hidden].
    public struct Gates {
        public let input: Tensor, forget: Tensor, candidate: Tensor, output: Tensor
    }

    /// A step, with its gates.
    public func step(_ x: Tensor, _ state: LSTMState) -> (state: LSTMState, gates: Gates) {
        let fromInput = projected(CellDropout.input(x, dropout), inputWeight, inputBias)
        let z = (fromInput + projected(CellDropout.state(state.hidden, dropout), hiddenWeight, hiddenBias)).split(into: 4, axis: -1)
        let peeps = peepholes?.value
        let i = sigmoid(peeps.map { z[0] + $0[0] * state.cell } ?? z[0])
        let f = sigmoid(peeps.map { z[1] + $0[1] * state.cell } ?? z[1])
        let g = tanh(z[2])
        let cell = f * state.cell + i * g
        let o = sigmoid(peeps.map { z[3] + $0[2] * cell } ?? z[3])
        return (LSTMState(hidden: o * tanh(cell), cell: cell), Gates(input: i, forget: f, candidate: g, output: o))
    }

    /// Takes the weights of the textbook's form, in which each gate has one matrix for `[h, x]` joined, h first.
    ///
    /// - Parameters: for each gate a weight [hidden, hidden + inputs] and a bias [hidden].
    public func loadJoined(
        input: (weight: Tensor, bias: Tensor), forget: (weight: Tensor, bias: Tensor), candidate: (weight: Tensor, bias: Tensor),
        output: (weight: Tensor, bias: Tensor)
    ) {
        let gates = [input, forget, candidate, output]
        loadJoinedGates(gates, hiddenSize, inputWeight, hiddenWeight, inputBias, hiddenBias, "LSTMCell")
    }
}

/// Splits matrices for `[h, x]` into those for x and for h. The second bias becomes zero.
func loadJoinedGates(
    _ gates: [(weight: Tensor, bias: Tensor)], _ hidden: Int, _ inputWeight: Variable, _ hiddenWeight: Variable, _ inputBias: Variable,
    _ hiddenBias: Variable, _ cell: String
) {
    let inputs = inputWeight.shape[1]
    for gate in gates where gate.weight.shape != [hidden, hidden + inputs] || gate.bias.shape != [hidden] {
        stop("\(cell).loadJoined: a weight of \(gate.weight.shape) and a bias of \(gate.bias.shape); for [h, x] they must be [\(hidden), \(hidden + inputs)] and [\(hidden)].")
    }
    let joined = Tensor.concatenate(gates.map { $0.weight.cast(to: inputWeight.dtype) }, axis: 0)
    hiddenWeight.value = joined[.rest, 0..<hidden]
    inputWeight.value = joined[.rest, hidden..<(hidden + inputs)]
    inputBias.value = Tensor.concatenate(gates.map { $0.bias.cast(to: inputBias.dtype) }, axis: 0)
    hiddenBias.value = .zeros(hiddenBias.shape, dtype: hiddenBias.dtype)
}
