import DescentCore

/// Gated recurrent unit. Cho et al. 2014.
///
///     r = sigmoid(W_r x + U_r h + b_r)                       reset
///     z = sigmoid(W_z x + U_z h + b_z)                       update
///     n = tanh(W_n x + b_n + r * (U_n h + c_n))              candidate, reset after the product (PyTorch)
///     n = tanh(W_n x + b_n + U_n (r * h) + c_n)              candidate, reset before the product (the paper)
///     h' = (1 - z) * n + z * h                               blend: z near 1 keeps the state (PyTorch)
///     h' = (1 - z) * h + z * n                               blend: z near 1 takes the candidate (the notes)
///
/// Both conventions of each are in use; `convertBlend` gives the weights for the other blend.
///
/// Shapes: x [batch, inputs], h [batch, hidden]; inputWeight [3 hidden, inputs], hiddenWeight [3 hidden, hidden], inputBias and hiddenBias
/// [3 hidden], with the gates in the order r, z, n, as PyTorch's.
public struct GRUCell: RecurrentCell, Sendable {
    /// Where the reset gate acts.
    public enum Reset: String, CaseIterable, Sendable { case afterProduct, beforeProduct }
    /// The meaning of an update gate near 1.
    public enum Blend: String, CaseIterable, Sendable { case updateKeeps, updateReplaces }

    public let hiddenSize: Int
    public let inputWeight: Variable, hiddenWeight: Variable, inputBias: Variable, hiddenBias: Variable
    public let reset: Reset
    public let blend: Blend
    /// Dropout masks of the input and of h before the gates' products, in training: see `CellDropout`. The h that is blended in is not masked.
    public let dropout: CellDropout?

    public init(_ inputs: Int, _ hidden: Int, reset: Reset = .afterProduct, blend: Blend = .updateKeeps, dropout: CellDropout? = nil) {
        if inputs < 1 || hidden < 1 { stop("GRUCell(\(inputs), \(hidden)): both sizes must be at least 1.") }
        hiddenSize = hidden
        (self.reset, self.blend, self.dropout) = (reset, blend, dropout)
        inputWeight = .recurrent([3 * hidden, inputs], hidden: hidden, of: "GRUCell: it takes \(inputs) inputs")
        hiddenWeight = .recurrent([3 * hidden, hidden], hidden: hidden, of: "GRUCell: its state has \(hidden) numbers")
        inputBias = .recurrent([3 * hidden], hidden: hidden, of: "GRUCell: its state has \(hidden) numbers")
        hiddenBias = .recurrent([3 * hidden], hidden: hidden, of: "GRUCell: its state has \(hidden) numbers")
    }

    /// The values of a step's gates, for looking at them: each [batch, hidden].
    public struct Gates {
        public let reset: Tensor, update: Tensor, candidate: Tensor
    }

    public func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor { step(x, h).state }

    public func keptShare(_ x: Tensor, _ h: Tensor) -> Tensor? {
        let update = step(x, h).gates.update
        return blend == .updateKeeps ? update : 1 - update
    }

    /// A step, with its gates.
    public func step(_ x: Tensor, _ h: Tensor) -> (state: Tensor, gates: Gates) {
        let fromInput = projected(CellDropout.input(x, dropout), inputWeight, inputBias).split(into: 3, axis: -1)
        let seen = CellDropout.state(h, dropout)
        let r: Tensor, z: Tensor, n: Tensor
        switch reset {
        case .afterProduct:
            let fromState = projected(seen, hiddenWeight, hiddenBias).split(into: 3, axis: -1)
            r = sigmoid(fromInput[0] + fromState[0])
            z = sigmoid(fromInput[1] + fromState[1])
            n = tanh(fromInput[2] + r * fromState[2])
        case .beforeProduct:
            let weights = hiddenWeight.value.split(sizes: [2 * hiddenSize, hiddenSize], axis: 0)
            let biases = hiddenBias.value.split(sizes: [2 * hiddenSize, hiddenSize], axis: 0)
            let fromState = (seen.product(with: weights[0]) + biases[0]).split(into: 2, axis: -1)
            r = sigmoid(fromInput[0] + fromState[0])
            z = sigmoid(fromInput[1] + fromState[1])
            n = tanh(fromInput[2] + (r * seen).product(with: weights[1]) + biases[1])
        }
        let state = blend == .updateKeeps ? (1 - z) * n + z * h : (1 - z) * h + z * n
        return (state, Gates(reset: r, update: z, candidate: n))
    }

    /// Changes the weights of the update gate to those of the other blend: `1 - sigmoid(a) = sigmoid(-a)`, so their signs turn. A cell with
    /// the other `blend` and these weights gives the same.
    public func convertBlend() {
        for variable in [inputWeight, hiddenWeight, inputBias, hiddenBias] {
            let parts = variable.value.split(into: 3, axis: 0)
            variable.value = Tensor.concatenate([parts[0], -parts[1], parts[2]], axis: 0)
        }
    }

    /// Takes the weights of the textbook's form, in which each gate has one matrix for `[h, x]` joined, h first. Of a cell with `reset`
    /// `.beforeProduct` these are its meaning; with `.afterProduct` the candidate's two parts are taken apart alike.
    ///
    /// - Parameters: for each gate a weight [hidden, hidden + inputs] and a bias [hidden].
    public func loadJoined(
        reset: (weight: Tensor, bias: Tensor), update: (weight: Tensor, bias: Tensor), candidate: (weight: Tensor, bias: Tensor)
    ) {
        loadJoinedGates([reset, update, candidate], hiddenSize, inputWeight, hiddenWeight, inputBias, hiddenBias, "GRUCell")
    }
}
