import DescentCore
import DescentNN

/// A cell whose step can be looked into: its gates and its state, by name. Conform a cell of your own to see it in `descent explain`'s pictures.
public protocol InspectableCell: RecurrentCell {
    /// The cell in short, for pictures: "LSTM".
    static var shortName: String { get }
    /// What a step hands on, for pictures: "h, c".
    static var stateName: String { get }
    /// A step with the values worth looking at, each [batch, hiddenSize]; the names and the order are the same at every step.
    func inspected(_ x: Tensor, _ state: State) -> (state: State, values: [InspectedValue])
}

extension InspectableCell {
    public static var stateName: String { "h" }
}

/// A gate or a state of a cell, at one step.
public struct InspectedValue {
    /// "forget gate", "cell state".
    public let name: String
    /// [batch, hiddenSize].
    public let value: Tensor
    /// Whether it lies between 0 and 1, as a gate does.
    public let isGate: Bool

    /// A value of your own cell.
    public init(_ name: String, _ value: Tensor, isGate: Bool) { (self.name, self.value, self.isGate) = (name, value, isGate) }
}

extension RNNCell: InspectableCell {
    public static var shortName: String { "RNN" }

    public func inspected(_ x: Tensor, _ h: Tensor) -> (state: Tensor, values: [InspectedValue]) {
        let next = self(x, h)
        return (next, [InspectedValue("hidden state", next, isGate: false)])
    }
}

extension LSTMCell: InspectableCell {
    public static var shortName: String { "LSTM" }
    public static var stateName: String { "h, c" }

    public func inspected(_ x: Tensor, _ state: LSTMState) -> (state: LSTMState, values: [InspectedValue]) {
        let (next, gates) = step(x, state)
        return (
            next,
            [
                InspectedValue("input gate", gates.input, isGate: true), InspectedValue("forget gate", gates.forget, isGate: true),
                InspectedValue("output gate", gates.output, isGate: true), InspectedValue("cell state", next.cell, isGate: false),
            ]
        )
    }
}

extension GRUCell: InspectableCell {
    public static var shortName: String { "GRU" }

    public func inspected(_ x: Tensor, _ h: Tensor) -> (state: Tensor, values: [InspectedValue]) {
        let (next, gates) = step(x, h)
        return (
            next,
            [
                InspectedValue("reset gate", gates.reset, isGate: true), InspectedValue("update gate", gates.update, isGate: true),
                InspectedValue("hidden state", next, isGate: false),
            ]
        )
    }
}
