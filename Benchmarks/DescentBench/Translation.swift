import Descent

extension Generator {
    /// Tokens of 20 steps for 32 sentences: [time, batch], as the peers have them.
    private func tokens() -> Tensor { labels(4000, 20, 32) }

    /// 1 for the real steps of sentences of 10 to 20 tokens [time, batch].
    private func mask() -> Tensor {
        let lengths = labels(11, 32).ints.map { $0 + 10 }
        return Tensor((0..<20).flatMap { step in lengths.map { step < $0 ? Float(1) : 0 } }, shape: [20, 32])
    }

    func contextTranslation() -> Spec {
        Spec(
            inputs: [tokens(), tokens(), tokens(), mask()],
            parameters: [normal([4000, 128])] + recurrent(gates: 3, inputs: 128, hidden: 256) + [normal([4000, 128])] + recurrent(gates: 3, inputs: 384, hidden: 256)
                + dense([256, 4000]))
    }

    func attentionTranslation() -> Spec {
        let bound = 1 / 256.0.squareRoot()
        return Spec(
            inputs: [tokens(), tokens(), tokens(), mask(), mask()],
            parameters: [normal([4000, 128])] + recurrent(gates: 3, inputs: 128, hidden: 256) + [normal([4000, 128])] + recurrent(gates: 3, inputs: 384, hidden: 256)
                + [[256, 256], [256, 256], [256]].map { uniform(bound, $0) } + dense([512, 4000]))
    }
}

/// The peers' network: an encoder that reads padding too, and a decoder with additive attention or none, written with public parts.
struct BenchmarkTranslator: SequenceGenerator {
    let source = Embedding(4000, 128)
    let encoder = Recurrent(GRUCell(128, 256), timeFirst: true)
    let target = Embedding(4000, 128)
    let decoder = GRUCell(384, 256)
    let attention: SourceAttention?
    let output: Linear
    /// 0 where a source has a token, far below where it has padding [batch, time].
    let bias: Tensor?

    init(bias: Tensor?) {
        self.bias = bias
        attention = bias.map { _ in SourceAttention(.additive, hidden: 256, width: 256) }
        output = Linear(bias == nil ? 256 : 512, 4000)
    }

    var children: [(name: String, value: Any)] {
        [("source", source), ("encoder", encoder), ("target", target), ("decoder", decoder), ("attention", attention as Any), ("output", output)]
    }

    /// Shape: tokens [time, batch].
    private func read(_ tokens: Tensor) -> (memory: [Tensor], state: Tensor) {
        let (outputs, state) = encoder(source(tokens), from: nil)
        guard let attention, let bias else { return ([state], state) }
        let values = outputs.movingAxis(0, to: 1)
        return ([values, attention.keys(values), bias], state)
    }

    /// Shapes: x [batch, beams, 128], h [batch, beams, 256].
    private func decode(_ x: Tensor, _ h: Tensor, _ memory: [Tensor]) -> (features: Tensor, state: Tensor, weights: Tensor?) {
        let (batch, beams) = (x.shape[0], x.shape[1])
        let found = attention.map { $0(h, AttendedSource(outputs: memory[0], keys: memory[1], bias: memory[2])) }
        let context = found?.context ?? memory[0].expanded(axis: 1)
        let next = decoder(Tensor.concatenate([x, context], axis: -1).reshaped(batch * beams, 384), h.reshaped(batch * beams, 256)).reshaped(batch, beams, 256)
        return (found == nil ? next : .concatenate([next, context], axis: -1), next, found?.weights)
    }

    /// Shapes: tokens and target [time, batch], logits [time, batch, 4000].
    func callAsFunction(_ tokens: Tensor, _ target: Tensor) -> Tensor {
        let (memory, state) = read(tokens)
        let batch = tokens.shape[1]
        let features = scan(state.expanded(axis: 1), over: self.target(target)) { h, x in
            let step = decode(x.expanded(axis: 1), h, memory)
            return (step.state, step.features.reshaped(batch, step.features.shape[2]))
        }.outputs
        return output(features)
    }

    func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource {
        let (memory, state) = read(tokens.transposed())
        return EncodedSource(memory: memory, state: [state])
    }

    func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep {
        let step = decode(target(tokens), state[0], memory)
        return GeneratorStep(logits: output(step.features), state: [step.state], attention: nil)
    }
}

extension Workload {
    static let translation: [String: Workload] = [
        "seq2seq_gru_step": Workload(spec: { $0.contextTranslation() }) { translation($0, bias: nil, mask: $0.inputs[3]) },
        "seq2seq_attention_step": Workload(spec: { $0.attentionTranslation() }) { spec in
            translation(spec, bias: (spec.inputs[3].transposed() - 1) * 1e9, mask: spec.inputs[4])
        },
        "translate_beam5": Workload(spec: { generator in
            let spec = generator.attentionTranslation()
            return Spec(inputs: [spec.inputs[0], spec.inputs[3]], parameters: spec.parameters)
        }) { spec in
            let network = BenchmarkTranslator(bias: (spec.inputs[1].transposed() - 1) * 1e9)
            load(network, spec.parameters)
            let writer = SequenceWriter(network, beginning: 0, end: nil)
            var search = BeamSearch(beams: 5)
            (search.lengthPenalty, search.lengthFactor, search.lengthMargin) = (0, 0, 20)
            let tokens = spec.inputs[0].transposed().ints.map { Int32($0) }
            let sources = (0..<32).map { Array(tokens[$0 * 20..<($0 + 1) * 20]) }
            return { Tensor(writer.search(sources, search).map { Float($0[0].logProbability) }).sum() }
        },
    ]

    private static func translation(_ spec: Spec, bias: Tensor?, mask: Tensor) -> () -> Tensor {
        if let bias { evaluate(bias) }
        let network = BenchmarkTranslator(bias: bias), optimizer = Adam(learningRate: 1e-3)
        load(network, spec.parameters)
        let step = compile { (source: Tensor, target: Tensor, answer: Tensor, mask: Tensor) in
            let (value, gradients) = valueWithGradient(at: network) { softmaxCrossEntropy($0(source, target), answer, weights: mask) }
            optimizer.update(network, with: gradients)
            return value
        }
        return { step(spec.inputs[0], spec.inputs[1], spec.inputs[2], mask) }
    }
}
