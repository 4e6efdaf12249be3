import DescentCore

/// Variational dropout in a recurrent cell: in training, the same elements of the inputs, and of the state that the gates see, are set to 0
/// at every step of a sequence; another sequence and another call have other ones. Gal and Ghahramani 2016. A mask that changed at every
/// step would wipe out what the state should remember.
///
///     let layer = Recurrent(LSTMCell(64, 256, dropout: CellDropout(inputs: 0.25, states: 0.25)))
///
/// A cell of your own gets the same by a plain `Dropout` in its step: what a loop's body draws is drawn once, and holds at every step. In
/// step-by-step use each call draws new numbers; switch the model to use with `infer()`.
public struct CellDropout: Module, Sendable {
    public let inputs: Dropout?, states: Dropout?

    /// - Parameters:
    ///   - inputs: the probability that an element of the cell's input is set to 0.
    ///   - states: the same for the state.
    public init(inputs: Double = 0, states: Double = 0) {
        self.inputs = inputs == 0 ? nil : Dropout(inputs)
        self.states = states == 0 ? nil : Dropout(states)
    }

    static func input(_ x: Tensor, _ dropout: CellDropout?) -> Tensor { dropout?.inputs?(x) ?? x }
    static func state(_ h: Tensor, _ dropout: CellDropout?) -> Tensor { dropout?.states?(h) ?? h }
}
