import Descent

/// A character model of the benchmark: an embedding, recurrent layers, and a linear layer on every step.
struct CharacterModel<Cell: RecurrentCell>: Module {
    let embedding: Variable
    let layers: [Recurrent<Cell>]
    let output: Linear

    init(_ cells: [Cell], embedding: Int, hidden: Int) {
        self.embedding = Variable(.zeros([65, embedding]), isTrainable: true)
        layers = cells.map { Recurrent($0, timeFirst: true) }
        output = Linear(hidden, 65)
    }

    /// Shape: tokens [time, batch], logits [time, batch, 65].
    func callAsFunction(_ tokens: Tensor) -> Tensor {
        output(layers.reduce(embedding.value.gathered(tokens)) { $1($0) })
    }
}

/// A minimal gated unit with plain matrices: a cell that no framework ships, written with public operations alone.
struct MinimalGatedUnit: RecurrentCell {
    let hiddenSize: Int
    let xf: Variable, hf: Variable, xn: Variable, hn: Variable, bf: Variable, bn: Variable

    init(_ inputs: Int, _ hidden: Int) {
        hiddenSize = hidden
        func matrix(_ columns: Int) -> Variable { Variable(.zeros([hidden, columns]), isTrainable: true) }
        (xf, hf, xn, hn) = (matrix(inputs), matrix(hidden), matrix(inputs), matrix(hidden))
        (bf, bn) = (Variable(.zeros([hidden]), isTrainable: true), Variable(.zeros([hidden]), isTrainable: true))
    }

    func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor {
        let f = sigmoid(x.matmul(xf.value.transposed()) + h.matmul(hf.value.transposed()) + bf.value)
        let n = tanh(x.matmul(xn.value.transposed()) + (f * h).matmul(hn.value.transposed()) + bn.value)
        return (1 - f) * h + f * n
    }
}

extension Generator {
    func recurrent(gates: Int, inputs: Int, hidden: Int, layers: Int = 1) -> [Tensor] {
        var found: [Tensor] = [], width = inputs
        let bound = 1 / Double(hidden).squareRoot()
        for _ in 0..<layers {
            found += [[gates * hidden, width], [gates * hidden, hidden], [gates * hidden], [gates * hidden]].map { uniform(bound, $0) }
            width = hidden
        }
        return found
    }

    func characters(gates: Int, embedding: Int, hidden: Int, layers: Int) -> Spec {
        Spec(
            inputs: [labels(65, 64, 32), labels(65, 64, 32)],
            parameters: [normal([65, embedding])] + recurrent(gates: gates, inputs: embedding, hidden: hidden, layers: layers) + dense([hidden, 65]))
    }

    func raggedSequences() -> Spec {
        let lengths = labels(96, 32).ints.map { $0 + 5 }
        return Spec(
            inputs: [labels(65, 100, 32), labels(65, 100, 32), Tensor(int64: [100] + lengths.dropFirst())],
            parameters: [normal([65, 128])] + recurrent(gates: 4, inputs: 128, hidden: 256) + dense([256, 65]))
    }

    func transformer(vocabulary: Int, size: Int, layers: Int, time: Int, batch: Int) -> Spec {
        var parameters = [normal([vocabulary, size]) * 0.02, normal([time, size]) * 0.02]
        func norm() -> [Tensor] { [.ones([size]), .zeros([size])] }
        for _ in 0..<layers {
            parameters += norm() + dense([size, 3 * size]) + dense([size, size]) + norm() + dense([size, 4 * size]) + dense([4 * size, size])
        }
        return Spec(inputs: [labels(vocabulary, batch, time), labels(vocabulary, batch, time)], parameters: parameters + norm() + dense([size, vocabulary]))
    }

    func minimalUnit() -> Spec {
        let bound = 1 / 256.0.squareRoot()
        let shapes = [[256, 128], [256, 256], [256, 128], [256, 256], [256], [256]]
        return Spec(inputs: [labels(65, 64, 32), labels(65, 64, 32)], parameters: [normal([65, 128])] + shapes.map { uniform(bound, $0) } + dense([256, 65]))
    }
}

extension Workload {
    static let sequences: [String: Workload] = [
        "rnn_charlm_step": Workload(spec: { $0.characters(gates: 1, embedding: 64, hidden: 128, layers: 1) }) { spec in
            characters(CharacterModel([RNNCell(64, 128)], embedding: 64, hidden: 128), spec, clip: 1)
        },
        "lstm_charlm_step": Workload(spec: { $0.characters(gates: 4, embedding: 128, hidden: 256, layers: 2) }) { spec in
            characters(CharacterModel([LSTMCell(128, 256), LSTMCell(256, 256)], embedding: 128, hidden: 256), spec, clip: 1)
        },
        "gru_charlm_step": Workload(spec: { $0.characters(gates: 3, embedding: 128, hidden: 256, layers: 2) }) { spec in
            characters(CharacterModel([GRUCell(128, 256), GRUCell(256, 256)], embedding: 128, hidden: 256), spec, clip: 1)
        },
        "custom_cell_step": Workload(spec: { $0.minimalUnit() }) { spec in
            characters(CharacterModel([MinimalGatedUnit(128, 256)], embedding: 128, hidden: 256), spec, clip: nil)
        },
        "ragged_lstm_step": Workload(spec: { $0.raggedSequences() }) { ragged($0) },
        "lstm_small_step": Workload(spec: { generator in
            Spec(
                inputs: [generator.normal([32, 16, 32]), generator.labels(2, 16)],
                parameters: generator.recurrent(gates: 4, inputs: 32, hidden: 64) + generator.dense([64, 2]))
        }) { spec in
            let model = LastState(reader: Recurrent(LSTMCell(32, 64), timeFirst: true), output: Linear(64, 2)), optimizer = Adam(learningRate: 1e-3)
            load(model, spec.parameters)
            let step = compile { (x: Tensor, y: Tensor) in
                let (value, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(x), y) }
                optimizer.update(model, with: gradients)
                return value
            }
            return { step(spec.inputs[0], spec.inputs[1]) }
        },
        "transformer_lm_step": Workload(spec: { $0.transformer(vocabulary: 65, size: 128, layers: 4, time: 128, batch: 16) }) { transformer($0) },
        "infer_lstm_b1": Workload(spec: { generator in
            Spec(inputs: [generator.normal([64, 1, 128])], parameters: generator.recurrent(gates: 4, inputs: 128, hidden: 256, layers: 2))
        }) { spec in
            let layers = Sequential(Recurrent(LSTMCell(128, 256), timeFirst: true), Recurrent(LSTMCell(256, 256), timeFirst: true))
            load(layers, spec.parameters)
            let run = compile { (x: Tensor) in layers(x) }
            return { run(spec.inputs[0]) }
        },
    ]
}

/// A sequence's last state, classified.
struct LastState: Module {
    let reader: Recurrent<LSTMCell>
    let output: Linear
    func callAsFunction(_ x: Tensor) -> Tensor { output(reader(x, from: nil).state.hidden) }
}

func characters<Cell>(_ model: CharacterModel<Cell>, _ spec: Spec, clip: Double?) -> () -> Tensor {
    let optimizer = Adam(learningRate: 1e-3)
    load(model, spec.parameters)
    let step = compile { (x: Tensor, y: Tensor) in
        let (value, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(x), y) }
        optimizer.update(model, with: clip.map { gradients.clipped(toNorm: $0) } ?? gradients)
        return value
    }
    return { step(spec.inputs[0], spec.inputs[1]) }
}

/// Sequences of 5 to 100 steps; the loss is over the real ones.
struct RaggedModel: Module {
    let embedding: Variable
    let reader = Recurrent(LSTMCell(128, 256), timeFirst: true)
    let output = Linear(256, 65)

    func loss(_ tokens: Tensor, _ labels: Tensor, _ lengths: SequenceLengths) -> Tensor {
        let states = reader(embedding.value.gathered(tokens), from: nil, lengths: lengths).outputs
        return softmaxCrossEntropy(output(lengths.joined(states, timeFirst: true)), lengths.joined(labels, timeFirst: true))
    }
}

func ragged(_ spec: Spec) -> () -> Tensor {
    let model = RaggedModel(embedding: Variable(.zeros([65, 128]), isTrainable: true)), optimizer = Adam(learningRate: 1e-3)
    load(model, spec.parameters)
    let lengths = SequenceLengths(spec.inputs[2].ints)
    let step = compile { (x: Tensor, y: Tensor) in
        let (value, gradients) = valueWithGradient(at: model) { $0.loss(x, y, lengths) }
        optimizer.update(model, with: gradients)
        return value
    }
    return { step(spec.inputs[0], spec.inputs[1]) }
}

/// A decoder-only transformer: learned positions, norm first, an output matrix of its own.
func transformer(_ spec: Spec) -> () -> Tensor {
    let settings = TransformerSettings(size: 128, heads: 4, activation: .gelu, normFirst: true, dropout: 0)
    let model = TransformerLanguageModel(vocabulary: 65, layers: 4, settings, positions: .learned, context: 128, tiesHead: false, headBias: true)
    let optimizer = Adam(learningRate: 1e-3)
    let byPath = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.path, $0.variable) })
    func pair(_ path: String) -> [String] { [path + "weight", path + "bias"] }
    var names = ["embedding.weight", "positions.weight"]
    for layer in (0..<4).map({ "layers.\($0)." }) {
        names += pair(layer + "norm1.") + pair(layer + "self_attn.in_proj_") + pair(layer + "self_attn.out_proj.")
        names += pair(layer + "norm2.") + pair(layer + "linear1.") + pair(layer + "linear2.")
    }
    names += pair("norm.") + pair("head.")
    for (name, value) in zip(names, spec.parameters) { byPath[name]!.value = value + 0 }
    evaluate(model.parameters.map(\.variable.value))
    let step = compile { (x: Tensor, y: Tensor) in
        let (value, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(x), y) }
        optimizer.update(model, with: gradients)
        return value
    }
    return { step(spec.inputs[0], spec.inputs[1]) }
}
