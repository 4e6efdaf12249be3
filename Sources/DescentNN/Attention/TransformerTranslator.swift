import DescentCore

/// A transformer with an encoder and a decoder: from a source sequence to a target sequence. Vaswani et al. 2017.
///
/// Shapes: source [batch, places] and target [batch, time] of integers, logits [batch, time, targetVocabulary]. Parameters: `source.weight`, `target.weight` (one, if
/// shared), `source_positions.weight` and `target_positions.weight` (learned positions), `encoder.*` and `decoder.*` with the names of PyTorch's `nn.Transformer`,
/// `head.weight` and `head.bias` where the head is not tied.
public struct TransformerTranslator: Module, Sendable {
    public let encoder: TransformerEncoder
    public let decoder: TransformerDecoder
    /// The output layer; nil if the target embedding's weight is used.
    public let head: Linear?
    private let source: TokenEmbedding, target: TokenEmbedding

    /// - Parameters:
    ///   - targetVocabulary: nil: source and target share one vocabulary and one embedding.
    ///   - decoderLayers: nil for as many as the encoder's.
    ///   - context: The number of positions, where they are learned.
    ///   - tiesHead: Whether the output layer uses the target embedding's weight (Press and Wolf 2017).
    ///   - scalesEmbeddings: Whether embeddings are multiplied by √size, as in the paper.
    ///   - hasFinalNorms: Whether the last outputs of encoder and decoder are normalised: as `nn.Transformer`. nil: if the layers normalise first.
    public init(
        sourceVocabulary: Int, targetVocabulary: Int? = nil, layers: Int, decoderLayers: Int? = nil, _ settings: TransformerSettings,
        positions: TransformerPositions = .sinusoidal, context: Int? = nil, tiesHead: Bool = true, scalesEmbeddings: Bool = true, hasFinalNorms: Bool? = nil
    ) {
        var settings = settings
        settings.rotary = positions.rotary(settings)
        let scale = scalesEmbeddings ? Double(settings.size).squareRoot() : 1
        let isSinusoidal = if case .sinusoidal = positions { true } else { false }
        func learned() -> PositionEmbedding? {
            guard case .learned = positions else { return nil }
            guard let context else { stop("TransformerTranslator: learned positions need a context, the number of positions.") }
            return PositionEmbedding(context, settings.size)
        }
        func embedding(_ tokens: Embedding) -> TokenEmbedding {
            TokenEmbedding(
                tokens: tokens, positions: learned(), isSinusoidal: isSinusoidal, scale: scale, dropout: settings.dropout == 0 ? nil : Dropout(settings.dropout))
        }
        func table(_ count: Int) -> Embedding { Embedding(count, settings.size, initializer: .normal(deviation: 1 / Double(settings.size).squareRoot())) }
        source = embedding(table(sourceVocabulary))
        target = embedding(targetVocabulary.map(table) ?? source.tokens)
        encoder = TransformerEncoder(layers: layers, settings, hasFinalNorm: hasFinalNorms)
        decoder = TransformerDecoder(layers: decoderLayers ?? layers, settings, hasFinalNorm: hasFinalNorms)
        head = tiesHead ? nil : Linear(settings.size, targetVocabulary ?? sourceVocabulary)
    }

    public var children: [(name: String, value: Any)] {
        [
            ("source", source.tokens), ("target", target.tokens), ("source_positions", source.positions as Any), ("target_positions", target.positions as Any),
            ("source_dropout", source.dropout as Any), ("target_dropout", target.dropout as Any), ("encoder", encoder), ("decoder", decoder), ("head", head as Any),
        ]
    }

    /// The logits of each next target token, for training: target is what the decoder has read, from the start token on.
    ///
    /// - Parameters:
    ///   - sourceLengths: integers [batch], the number of real places of each source; nil: all are.
    public func callAsFunction(_ source: Tensor, target: Tensor, sourceLengths: Tensor? = nil) -> Tensor {
        decode(target, memory: encode(source, lengths: sourceLengths), memoryLengths: sourceLengths)
    }

    /// The encoder's output, the memory: [batch, places, size].
    public func encode(_ source: Tensor, lengths: Tensor? = nil) -> Tensor {
        encoder(self.source(source, .fixed(0), "TransformerTranslator.encode"), mask: nil, keyLengths: lengths)
    }

    /// The logits of each next token, for a memory [batch, places, size].
    public func decode(_ target: Tensor, memory: Tensor, memoryLengths: Tensor? = nil) -> Tensor {
        logits(decoder(self.target(target, .fixed(0), "TransformerTranslator.decode"), memory: memory, memoryLengths: memoryLengths))
    }

    /// The caches before the first step: see `TransformerDecoder.caches`.
    public func caches(memory: Tensor, capacity: Int) -> [TransformerDecoderCache] { decoder.caches(memory: memory, capacity: capacity) }

    /// The logits of the next tokens, for one or several tokens more. Shapes: tokens [batch, steps], logits [batch, steps, targetVocabulary].
    public func step(
        _ tokens: Tensor, _ caches: [TransformerDecoderCache], memoryLengths: Tensor? = nil
    ) -> (logits: Tensor, caches: [TransformerDecoderCache]) {
        let (logits, next, _) = stepWithWeights(tokens, caches, memoryLengths: memoryLengths)
        return (logits, next)
    }

    /// The same, and where each decoder layer's heads looked in the source, each [batch, heads, steps, places].
    public func stepWithWeights(
        _ tokens: Tensor, _ caches: [TransformerDecoderCache], memoryLengths: Tensor? = nil
    ) -> (logits: Tensor, caches: [TransformerDecoderCache], weights: [Tensor]) {
        guard let length = caches.first?.own.length else { stop("TransformerTranslator.step: there are no caches; make them with caches(memory:capacity:).") }
        let result = decoder.stepWithWeights(target(tokens, .computed(length), "TransformerTranslator.step"), caches, memoryLengths: memoryLengths)
        return (logits(result.output), result.caches, result.weights)
    }

    private func logits(_ x: Tensor) -> Tensor { head.map { $0(x) } ?? x.product(with: target.tokens.weight.value) }
}
