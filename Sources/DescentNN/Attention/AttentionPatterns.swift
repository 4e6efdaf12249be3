import DescentCore

// Where a transformer looks: the weights of each layer, for pictures. Memory grows with the square of the length.

extension TransformerEncoderLayer {
    /// The output, and the weights of each head, [batch, heads, length, length]. The parameters are those of `MultiHeadAttention`.
    public func withWeights(_ x: Tensor, mask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false) -> (output: Tensor, weights: Tensor) {
        run(x) { selfAttention.withWeights($0, $0, $0, mask: mask, keyLengths: keyLengths, causal: causal, rotary: settings.rotary) }
    }
}

extension TransformerEncoder {
    /// The output, and for each layer the weights of each head, [batch, heads, length, length]. The parameters are those of `MultiHeadAttention`.
    public func withWeights(_ x: Tensor, mask: Tensor? = nil, keyLengths: Tensor? = nil, causal: Bool = false) -> (output: Tensor, weights: [Tensor]) {
        run(x, Array(repeating: (), count: layers.count), "withWeights") { layer, x, _ in layer.withWeights(x, mask: mask, keyLengths: keyLengths, causal: causal) }
    }
}

extension TransformerLanguageModel {
    /// Where each token looks, for each layer: [batch, heads, time, time]. Shapes: tokens [batch, time].
    ///
    /// - Parameter reach: How many tokens before it each may look at: the length of the memory of `continued`; nil for all.
    public func attention(_ tokens: Tensor, reach: Int? = nil) -> [Tensor] {
        let x = embedded(tokens), time = x.shape[1]
        let far = reach.map { Tensor.arange(time).expanded(axis: 0) .>= Tensor.arange(time).expanded(axis: 1) - Double($0) }
        return layers.withWeights(x, mask: far, causal: true).weights
    }
}
