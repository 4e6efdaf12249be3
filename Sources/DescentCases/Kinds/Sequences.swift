import Descent

extension CaseKind {
    /// Tasks over sequences: labels at every step or the last, padded batches, encoder and decoder.
    static let sequences = [
        CaseKind("rnn_task", recurrentTask),
        CaseKind("masked_rnn", maskedSequences),
        CaseKind("seq2seq", encoderDecoder),
    ]
}

/// A recurrent network with a linear layer on each of its states.
private struct Tagger: Module {
    let cell: RNNCell
    let head: Linear

    /// The weights `W_h`, `W_x`, `b`, `W_y` and `c`, the first three with an infix: "We_h".
    init(_ params: CaseInputs, infix: String = "", bias: String = "b") throws {
        let hidden = try params.matrix("W\(infix)_h"), size = hidden.shape[0]
        if hidden.shape[1] != size { throw params.error("W\(infix)_h", "has shape \(hidden.shape); it must be square") }
        cell = RNNCell(input: try params.matrix("W\(infix)_x", size, nil), hidden: hidden, bias: try params.vector(bias, size))
        let output = try params.matrix("W_y", nil, size)
        head = Linear(output, bias: try params.vector("c", output.shape[0]))
    }

    var inputs: Int { cell.inputWeight.shape[1] }
    var outputs: Int { head.weight.shape[0] }

    /// The gradients by the names of the cases.
    static func named(_ gradients: Gradients) -> Answers {
        let names = [
            "W_x": "cell.inputWeight", "W_h": "cell.hiddenWeight", "b": "cell.inputBias", "W_y": "head.weight", "c": "head.bias",
        ]
        return names.mapValues { gradients[$0]! }
    }
}

@Sendable private func recurrentTask(_ inputs: CaseInputs) throws -> Answers {
    let network = try Tagger(inputs["params"])
    let xs = try inputs.matrix("xs", nil, network.inputs), h = try inputs.vector("h0", network.cell.hiddenSize)
    let labels = try inputs.ints("labels", in: 0..<network.outputs)
    let task = try inputs.text("task")
    var steps = xs
    switch task {
    case "one_to_many":
        // One input; then zeros for as long as there are labels.
        steps = xs[0..<1].padded([(0, max(xs.shape[0], labels.count) - 1), (0, 0)])
    case "one_to_one", "many_to_many_sync", "many_to_one": break
    default: throw inputs.error("task", "is \"\(task)\"; there are one_to_one, one_to_many, many_to_one and many_to_many_sync")
    }
    let isLastOnly = task == "many_to_one"
    if labels.count != (isLastOnly ? 1 : steps.shape[0]) {
        throw inputs.error("labels", "has \(labels.count) labels for \(isLastOnly ? 1 : steps.shape[0]) labelled steps")
    }
    let logits = { (network: Tagger) in
        let states = Recurrent(network.cell)(steps.expanded(axis: 0), from: h.expanded(axis: 0)).outputs[0]
        return network.head(isLastOnly ? states[(-1)...] : states)
    }
    let (value, gradients) = valueWithGradient(at: network) { softmaxCrossEntropy(logits($0), Tensor(int64: labels), reduction: .sum) }
    return [
        "Tx": task == "one_to_many" ? 1 : xs.shape[0], "Ty": labels.count, "probs": softmax(logits(network)), "loss": value,
        "gradient": Tagger.named(gradients),
    ]
}

@Sendable private func maskedSequences(_ inputs: CaseInputs) throws -> Answers {
    let network = try Tagger(inputs["params"])
    let sequences = try inputs.reader["seqs"].elements().map { try inputs.tensor($0, [nil, network.inputs]) }
    let labels = try inputs.reader["labels"].elements().map { try CaseInputs.ints($0, in: 0..<network.outputs) }
    let padLabel = try inputs.count("pad_label")
    if padLabel >= network.outputs { throw inputs.error("pad_label", "is \(padLabel); there are \(network.outputs) classes") }
    if sequences.isEmpty || labels.map(\.count) != sequences.map({ $0.shape[0] }) {
        throw inputs.error("labels", "must have one label for each step of each sequence, and there must be a sequence")
    }
    let longest = sequences.map { $0.shape[0] }.max()!
    let padded = Tensor.stack(sequences.map { $0.padded([(0, longest - $0.shape[0]), (0, 0)]) })
    let lengths = Tensor(int64: sequences.map { $0.shape[0] })
    let mask = Tensor.arange(longest) .< lengths.expanded(axis: 1)
    func filled(_ label: Int) -> Tensor { Tensor(int64: labels.flatMap { $0 + Array(repeating: label, count: longest - $0.count) }, shape: mask.shape) }
    let layer = Recurrent(network.cell)
    let loss = { (reduction: Reduction) in
        { (network: Tagger) in
            let states = Recurrent(network.cell)(padded, from: nil, lengths: lengths).outputs
            return softmaxCrossEntropy(network.head(states), filled(-1), ignoring: -1, reduction: reduction)
        }
    }
    let (mean, gradients) = valueWithGradient(at: network, of: loss(.mean))
    return [
        "padded": padded, "mask": mask.cast(to: .int64), "masked_sum": loss(.sum)(network), "masked_mean": mean,
        "unmasked_mean": softmaxCrossEntropy(network.head(layer(padded)), filled(padLabel)),
        "last_h": layer(padded, from: nil, lengths: lengths).state, "gradient": Tagger.named(gradients),
    ]
}

/// One recurrent network reads, another writes from its last state.
private struct Translator: Module {
    let encoder: RNNCell
    let decoder: Tagger
}

@Sendable private func encoderDecoder(_ inputs: CaseInputs) throws -> Answers {
    let params = inputs["params"]
    let decoder = try Tagger(params, infix: "d", bias: "bd"), size = decoder.cell.hiddenSize, targets = decoder.outputs
    let encoder = RNNCell(
        input: try params.matrix("We_x", size, nil), hidden: try params.matrix("We_h", size, size), bias: try params.vector("be", size))
    if decoder.inputs != targets { throw params.error("Wd_x", "takes \(decoder.inputs) tokens, and W_y gives \(targets)") }
    let network = Translator(encoder: encoder, decoder: decoder)
    let source = try inputs.ints("src", in: 0..<encoder.inputWeight.shape[1]), target = try inputs.ints("target", in: 0..<targets)
    let start = try inputs.int("sos"), end = try inputs.int("eos")
    if !(0..<targets).contains(start) { throw inputs.error("sos", "is \(start); it must be in 0 ..< \(targets)") }
    if target.isEmpty { throw inputs.error("target", "is empty; it ends with the token eos") }
    func oneHot(_ tokens: [Int], _ count: Int) -> Tensor { Tensor(int64: tokens, shape: [1, tokens.count]).oneHot(count, dtype: inputs.dtype) }
    let encoded = { (network: Translator) in
        Recurrent(network.encoder)(oneHot(source, network.encoder.inputWeight.shape[1]), from: nil).state
    }
    // Teacher forcing: the decoder is fed what it should have written.
    let (loss, gradients) = valueWithGradient(at: network) { network in
        let fed = oneHot([start] + target.dropLast(), targets)
        let states = Recurrent(network.decoder.cell)(fed, from: encoded(network)).outputs
        return softmaxCrossEntropy(network.decoder.head(states[0]), Tensor(int64: target), reduction: .sum)
    }
    let state = encoded(network)
    var h = state, token = start, written: [Int] = []
    let limit = try inputs.count("max_len")
    while written.count < limit, written.isEmpty || token != end {
        h = decoder.cell(oneHot([token], targets)[0], h)
        token = decoder.head(h)[0].argmax().ints[0]
        written.append(token)
    }
    let names = [
        "We_x": "encoder.inputWeight", "We_h": "encoder.hiddenWeight", "be": "encoder.inputBias", "Wd_x": "decoder.cell.inputWeight",
        "Wd_h": "decoder.cell.hiddenWeight", "bd": "decoder.cell.inputBias", "W_y": "decoder.head.weight", "c": "decoder.head.bias",
    ]
    return [
        "encoder_state": state[0], "loss": loss, "mean_loss": loss / Double(target.count),
        "gradient": names.mapValues { gradients[$0]! as any CaseValue }, "greedy": written, "Tx": source.count, "Ty": target.count,
    ]
}
