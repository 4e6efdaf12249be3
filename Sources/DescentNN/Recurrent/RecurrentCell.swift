import DescentCore

/// One step of a recurrent network: from a step's input and a state to the next state. A cell of your own is its parameters and this one
/// function:
///
///     struct MinimalGatedUnit: RecurrentCell {           // Zhou et al. 2016
///         let hiddenSize: Int
///         let forget: Linear, candidate: Linear
///         init(_ inputs: Int, _ hidden: Int) {
///             (hiddenSize, forget, candidate) = (hidden, Linear(inputs + hidden, hidden), Linear(inputs + hidden, hidden))
///         }
///         func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor {
///             let f = sigmoid(forget(.concatenate([x, h], axis: -1)))
///             let n = tanh(candidate(.concatenate([x, f * h], axis: -1)))
///             return (1 - f) * h + f * n
///         }
///     }
///
/// `Recurrent(cell)` applies it to sequences, as fast as the cells that are built in: the compiler finds what need not be in the loop.
public protocol RecurrentCell: Module {
    /// The state carried from step to step: a tensor [batch, hiddenSize], or a group of tensors.
    associatedtype State: TensorGroup = Tensor
    /// The width of what the cell gives at each step.
    var hiddenSize: Int { get }
    /// The state before the first step.
    func initialState(batch: Int, dtype: DType) -> State
    /// The state after a step. Shape of x: [batch, inputs].
    func callAsFunction(_ x: Tensor, _ state: State) -> State
    /// The layer's output for a state: [batch, hiddenSize].
    func output(_ state: State) -> Tensor
    /// By what a step multiplies each element of what is remembered, on the path that only the gates touch: an LSTM's forget gate, a GRU's
    /// update gate. Shape: [batch, hiddenSize]. Nil for a cell without one. For `GradientFlow`.
    func keptShare(_ x: Tensor, _ state: State) -> Tensor?
}

extension RecurrentCell {
    public func keptShare(_ x: Tensor, _ state: State) -> Tensor? { nil }
}

extension RecurrentCell where State == Tensor {
    /// Zeros.
    public func initialState(batch: Int, dtype: DType) -> Tensor { .zeros([batch, hiddenSize], dtype: dtype) }
    /// The state itself.
    public func output(_ state: Tensor) -> Tensor { state }
}

extension Variable {
    /// A recurrent cell's weight or bias: uniform within ±1/√hidden, as PyTorch has it.
    static func recurrent(_ shape: [Int], hidden: Int, of module: String) -> Variable {
        let bound = 1 / Double(hidden).squareRoot()
        return .parameter(shape, .uniform(-bound..<bound), of: module)
    }
}

/// A simple recurrent cell: `h' = f(W x + b + U h + c)`. Elman 1990.
///
/// Shapes: x [batch, inputs], h [batch, hidden]; inputWeight W [hidden, inputs], hiddenWeight U [hidden, hidden], inputBias b and
/// hiddenBias c [hidden], as PyTorch's `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`.
public struct RNNCell: RecurrentCell, Sendable {
    /// The new state.
    public enum Function: String, CaseIterable, Sendable { case tanh, relu, identity }
    public let hiddenSize: Int
    public let inputWeight: Variable, hiddenWeight: Variable, inputBias: Variable, hiddenBias: Variable
    public let function: Function
    /// Dropout masks of the input and the state in training: see `CellDropout`.
    public let dropout: CellDropout?

    public init(_ inputs: Int, _ hidden: Int, function: Function = .tanh, dropout: CellDropout? = nil) {
        if inputs < 1 || hidden < 1 { stop("RNNCell(\(inputs), \(hidden)): both sizes must be at least 1.") }
        hiddenSize = hidden
        (self.function, self.dropout) = (function, dropout)
        inputWeight = .recurrent([hidden, inputs], hidden: hidden, of: "RNNCell: it takes \(inputs) inputs")
        hiddenWeight = .recurrent([hidden, hidden], hidden: hidden, of: "RNNCell: its state has \(hidden) numbers")
        inputBias = .recurrent([hidden], hidden: hidden, of: "RNNCell: its state has \(hidden) numbers")
        hiddenBias = .recurrent([hidden], hidden: hidden, of: "RNNCell: its state has \(hidden) numbers")
    }

    public func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor {
        let z = projected(CellDropout.input(x, dropout), inputWeight, inputBias) + projected(CellDropout.state(h, dropout), hiddenWeight, hiddenBias)
        return switch function {
        case .tanh: tanh(z)
        case .relu: relu(z)
        case .identity: z
        }
    }
}

/// `x Wᵀ + b`, with the module named where the sizes don't fit.
func projected(_ x: Tensor, _ weight: Variable, _ bias: Variable?) -> Tensor {
    Scope.inModule(of: weight) {
        let w = weight.value
        guard let size = x.shape.last, size == w.shape[1] else {
            let sizes = "\(x.shape.last.map(String.init) ?? "none") and \(w.shape[1])"
            return standIn("matmul: inner sizes differ: \(x.shape) · \([w.shape[1], w.shape[0]]) (\(sizes)).", x.shape.dropLast() + [w.shape[0]], x.dtype)
        }
        let y = x.product(with: w)
        return bias.map { y + $0.value } ?? y
    }
}
