import DescentCore

/// A transformer with an encoder and a decoder, as what writes sequences: the keys and values of the tokens so far are kept.
public struct TransformerWriter: SequenceGenerator {
    public let network: TransformerTranslator

    public init(_ network: TransformerTranslator) { self.network = network }
    public var children: [(name: String, value: Any)] { network.children }

    /// The memory is each layer's keys and values of the source, and the lengths; the state each layer's keys and values of what was written.
    public func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource {
        let memory = network.encode(tokens, lengths: lengths)
        let caches = network.caches(memory: memory, capacity: capacity)
        return EncodedSource(memory: caches.flatMap { [$0.memory.keys, $0.memory.values] } + [lengths], state: caches.flatMap { [$0.own.keys, $0.own.values] })
    }

    public func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep {
        let (batch, beams) = (tokens.shape[0], tokens.shape[1])
        // Beams as rows of one batch; what was read is the same for the beams of a source.
        func rows(_ tensor: Tensor) -> Tensor { tensor.reshaped(to: [batch * beams] + tensor.shape[2...]) }
        func repeated(_ tensor: Tensor) -> Tensor {
            let rest = Array(tensor.shape[1...])
            return tensor.expanded(axis: 1).broadcast(to: [batch, beams] + rest).reshaped(to: [batch * beams] + rest)
        }
        let caches = (0..<state.count / 2).map { layer in
            TransformerDecoderCache(
                own: KeyValueCache(keys: rows(state[2 * layer]), values: rows(state[2 * layer + 1]), length: position),
                memory: KeyValueCache(keys: repeated(memory[2 * layer]), values: repeated(memory[2 * layer + 1])))
        }
        let (logits, next, weights) = network.stepWithWeights(tokens.reshaped(batch * beams, 1), caches, memoryLengths: repeated(memory.last!))
        // The mean over the heads of the layer before the last says best which place a token comes from: Garg et al. 2019.
        let alignment = weights[Swift.max(0, weights.count - 2)].mean(axis: 1)
        func parted(_ tensor: Tensor) -> Tensor { tensor.reshaped(to: [batch, beams] + tensor.shape[1...]) }
        return GeneratorStep(
            logits: logits.reshaped(batch, beams, logits.shape[2]), state: next.flatMap { [parted($0.own.keys), parted($0.own.values)] },
            attention: alignment.reshaped(batch, beams, alignment.shape[2]))
    }
}
