import DescentCore

/// A network that reads a sequence and writes another, token by token: an encoder-decoder, a transformer, or one of your own. `BeamSearch` and `Sampler` write with it.
public protocol SequenceGenerator: Module {
    /// Reads sources. Shapes: tokens [batch, time], lengths [batch].
    ///
    /// - Parameter capacity: The most tokens that will be written, for a network that keeps them.
    func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource

    /// One step of writing: some beams for each source.
    ///
    /// - Parameters:
    ///   - tokens: The last tokens written [batch, beams].
    ///   - position: How many tokens were written before these: int64, a scalar.
    ///   - state: What the last step left, each [batch, beams, ...].
    ///   - memory: What was read, each [batch, ...].
    func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep
}

/// What a source was read as.
public struct EncodedSource: TensorGroup {
    /// What stays the same while a target is written, each [batch, ...].
    public var memory: [Tensor]
    /// The state before the first token, each [batch, ...].
    public var state: [Tensor]

    public init(memory: [Tensor], state: [Tensor]) { (self.memory, self.state) = (memory, state) }
    public var tensors: [Tensor] { memory + state }
    public func rebuilt(from reader: TensorReader) -> EncodedSource { EncodedSource(memory: memory.map { _ in reader.next() }, state: state.map { _ in reader.next() }) }
}

/// What a step of writing gives.
public struct GeneratorStep {
    /// The score of each token that may follow [batch, beams, tokens].
    public var logits: Tensor
    /// The state for the next step, each [batch, beams, ...].
    public var state: [Tensor]
    /// How much each step of the source was looked at [batch, beams, time]; `nil` for a network that doesn't look back.
    public var attention: Tensor?

    public init(logits: Tensor, state: [Tensor], attention: Tensor?) { (self.logits, self.state, self.attention) = (logits, state, attention) }
}
