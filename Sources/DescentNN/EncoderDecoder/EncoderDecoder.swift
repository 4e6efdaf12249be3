import DescentCore

/// Two recurrent networks: an encoder reads a sequence, a decoder writes another of any length, token by token, from what the encoder gave.
/// Sutskever, Vinyals and Le 2014; Cho et al. 2014; with attention Bahdanau, Cho and Bengio 2015, Luong, Pham and Manning 2015.
///
///     var sizes = EncoderDecoderSizes(sourceTokens: 4000, targetTokens: 4000, embedding: 128, hidden: 256)
///     sizes.attention = .additive
///     let network = EncoderDecoder(sizes) { GRUCell($0, $1) }
///     let logits = network(source, lengths: lengths, target: shifted)           // [batch, time, target tokens]
///
/// Any cell will do. The decoder is one `scan`: nothing about attention is special to the compiler, so a network of your own is as fast.
public struct EncoderDecoder<Cell: RecurrentCell>: SequenceGenerator {
    public let sizes: EncoderDecoderSizes
    public let source: Embedding
    /// The encoder's layers, the lowest first: one that reads forward, and where the encoder is bidirectional one that reads from the end.
    public let encoder: [[Recurrent<Cell>]]
    /// For each layer and each tensor of a state, what makes the decoder's first state of the encoder's last; empty where they are the same.
    public let bridge: [Linear]
    public let target: Embedding
    /// The decoder's cells, the lowest first.
    public let decoder: [Cell]
    public let attention: SourceAttention?
    /// With multiplicative attention: what is made of a step's context and state, `tanh(W [c, h])`.
    public let combination: Linear?
    public let output: Linear
    private let dropout: Dropout
    private let random: Random
    public let isTraining = ModeFlag(true)

    /// - Parameter cell: Makes a cell of so many inputs and so large a state.
    public init(_ sizes: EncoderDecoderSizes, cell: (_ inputs: Int, _ hidden: Int) -> Cell) {
        if sizes.layers < 1 { stop("EncoderDecoder: \(sizes.layers) layers; there must be at least 1.") }
        self.sizes = sizes
        let (hidden, width) = (sizes.hidden, sizes.encoderWidth)
        source = Embedding(sizes.sourceTokens, sizes.embedding)
        encoder = (0..<sizes.layers).map { layer in
            (0..<(sizes.isBidirectional ? 2 : 1)).map { Recurrent(cell(layer == 0 ? sizes.embedding : width, hidden), reversed: $0 == 1, timeFirst: true) }
        }
        let states = encoder[0][0].cell.initialState(batch: 1, dtype: .float32).tensors.map { $0.shape.last! }
        bridge = sizes.bridges ? (0..<sizes.layers).flatMap { _ in states.map { Linear($0 * (sizes.isBidirectional ? 2 : 1), $0) } } : []
        target = Embedding(sizes.targetTokens, sizes.embedding)
        decoder = (0..<sizes.layers).map { cell($0 == 0 ? sizes.decoderInputs : hidden, hidden) }
        attention = SourceAttention.Score(rawValue: sizes.attention.rawValue).map { SourceAttention($0, hidden: hidden, width: width) }
        combination = sizes.attention == .multiplicative ? Linear(hidden + width, hidden, bias: false) : nil
        output = Linear(sizes.features, sizes.targetTokens)
        dropout = Dropout(sizes.dropout)
        random = Random(seed: 0).stream("scheduled sampling \(ParameterNumbers.next())")
    }

    // MARK: - Reading

    public func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource { encode(tokens, lengths: lengths) }

    /// Reads sources. Shapes: tokens [batch, time], lengths [batch].
    public func encode(_ tokens: Tensor, lengths: Tensor) -> EncodedSource {
        guard tokens.rank == 2, lengths.shape == [tokens.shape[0]] else {
            raise("EncoderDecoder: sources are \(tokens.type) with lengths \(lengths.type); they must be [batch, time] and [batch].")
            return encode(.zeros([1, 1], dtype: .int64), lengths: .ones([1], dtype: .int64))
        }
        var x = dropout(source(tokens.transposed()))
        var first: [Tensor] = [], last: [Tensor] = []
        for (number, directions) in encoder.enumerated() {
            let results = directions.map { $0(x, from: nil, lengths: lengths) }
            x = results.count == 1 ? results[0].outputs : Tensor.concatenate(results.map(\.outputs), axis: -1)
            if number < encoder.count - 1 { x = dropout(x, sharedAlong: 0) }
            last = zip(directions, results).map { $0.cell.output($1.state) }
            let states = results.map(\.state.tensors)
            for place in states[0].indices {
                let state = states.count == 1 ? states[0][place] : Tensor.concatenate(states.map { $0[place] }, axis: -1)
                first.append(bridge.isEmpty ? state : tanh(bridge[first.count](state)))
            }
        }
        if sizes.feedsInput, sizes.attention == .multiplicative { first.append(.zeros([tokens.shape[0], sizes.hidden], dtype: x.dtype)) }
        guard let attention else { return EncodedSource(memory: [last.count == 1 ? last[0] : Tensor.concatenate(last, axis: -1)], state: first) }
        let outputs = x.movingAxis(0, to: 1)
        let bias = AttendedSource.bias(lengths: lengths, time: tokens.shape[1], dtype: x.dtype)
        return EncodedSource(memory: [outputs, attention.keys(outputs), bias], state: first)
    }

    // MARK: - Writing

    /// What a decoder's step gives: what scores are made from [batch, beams, features], the next state, and the weights of its attention.
    private struct Step {
        var inputs: Tensor
        var features: Tensor
        var state: [Tensor]
        var weights: Tensor?
    }

    /// One step. Shapes: x [batch, beams, embedding], each state [batch, beams, size].
    private func decode(_ x: Tensor, _ state: [Tensor], _ memory: [Tensor], masks: [Tensor]) -> Step {
        let (batch, beams) = (x.shape[0], x.shape[1])
        func rows(_ tensor: Tensor) -> Tensor { tensor.reshaped(batch * beams, tensor.shape[2]) }
        func parted(_ tensor: Tensor) -> Tensor { tensor.reshaped(batch, beams, tensor.shape[1]) }
        let template = decoder[0].initialState(batch: batch * beams, dtype: x.dtype)
        let perLayer = template.tensors.count
        func cellState(_ layer: Int) -> Cell.State {
            template.rebuilt(from: TensorReader(state[layer * perLayer..<(layer + 1) * perLayer].map(rows)))
        }
        let attended = attention == nil ? nil : AttendedSource(outputs: memory[0], keys: memory[1], bias: memory[2])
        var input = x, context: Tensor?, weights: Tensor?
        switch sizes.attention {
        case .none:
            input = .concatenate([x, memory[0].expanded(axis: 1).broadcast(to: [batch, beams, memory[0].shape[1]])], axis: -1)
        case .additive:
            let found = attention!(parted(decoder.last!.output(cellState(decoder.count - 1))), attended!)
            (context, weights) = (found.context, found.weights)
            input = .concatenate([x, found.context], axis: -1)
        case .multiplicative:
            if sizes.feedsInput { input = .concatenate([x, state.last!], axis: -1) }
        }
        var value = rows(input)
        var next: [Tensor] = []
        for (layer, cell) in decoder.enumerated() {
            if layer > 0, !masks.isEmpty { value = value * masks[layer - 1] }
            let after = cell(value, cellState(layer))
            value = cell.output(after)
            next += after.tensors.map(parted)
        }
        var features = parted(value)
        if let context { features = .concatenate([features, context], axis: -1) }
        if let combination {
            let found = attention!(features, attended!)
            weights = found.weights
            features = tanh(combination(.concatenate([found.context, features], axis: -1)))
            if sizes.feedsInput { next.append(features) }
        }
        return Step(inputs: input, features: features, state: next, weights: weights)
    }

    /// The scores of each token after those of the target so far (teacher forcing: the decoder reads the right tokens, whatever it would have written).
    ///
    /// Shapes: tokens [batch, source time], lengths [batch], target [batch, target time] (it begins with `<bos>`), result [batch, target time, target tokens].
    ///
    /// - Parameter sampling: With this probability a step reads what the decoder finds most probable in place of the right token, so that it
    ///   learns to go on after its own mistakes. Bengio et al. 2015. In training alone.
    public func callAsFunction(_ tokens: Tensor, lengths: Tensor, target written: Tensor, sampling: Double = 0) -> Tensor {
        guard written.rank == 2, written.shape[0] == tokens.shape[0] else {
            let sentence = "EncoderDecoder: targets are \(written.type) for sources \(tokens.type); both must be [batch, time] of one batch."
            return standIn(sentence, written.shape + [sizes.targetTokens])
        }
        if !(0...1).contains(sampling) { raise("EncoderDecoder: a sampling probability of \(sampling); it must be 0 to 1.") }
        let encoded = encode(tokens, lengths: lengths)
        let (batch, time) = (written.shape[0], written.shape[1])
        let start = encoded.state.map { $0.expanded(axis: 1) }
        // Masks between the layers are the same for all steps.
        let masks = decoder.count > 1 && sizes.dropout > 0 && isTraining.value ? decoder.dropFirst().map { _ in dropout(Tensor.ones([batch, sizes.hidden])) } : []
        let inputs = written.transposed()
        if sampling > 0, isTraining.value { return sampled(inputs, start, encoded.memory, masks, sampling) }
        let vectors = dropout(target(inputs))
        let features = scan(start, over: vectors) { state, x in
            let step = decode(x.expanded(axis: 1), state, encoded.memory, masks: masks)
            return (step.state, step.features.reshaped(batch, sizes.features))
        }.outputs
        return output(dropout(features)).movingAxis(0, to: 1).reshaped(batch, time, sizes.targetTokens)
    }

    /// What the decoder's lowest layer reads at each step of a target, for looking into it: [target time, batch, inputs]. Shapes: as for the scores.
    public func decoderInputs(_ tokens: Tensor, lengths: Tensor, target written: Tensor) -> Tensor {
        let encoded = encode(tokens, lengths: lengths), batch = tokens.shape[0]
        return scan(encoded.state.map { $0.expanded(axis: 1) }, over: target(written.transposed())) { state, x in
            let step = decode(x.expanded(axis: 1), state, encoded.memory, masks: [])
            return (step.state, step.inputs.reshaped(batch, sizes.decoderInputs))
        }.outputs
    }

    /// The same with some steps reading the decoder's own answer.
    private func sampled(_ inputs: Tensor, _ start: [Tensor], _ memory: [Tensor], _ masks: [Tensor], _ probability: Double) -> Tensor {
        let (time, batch) = (inputs.shape[0], inputs.shape[1])
        let isOwn = random.uniform([time, batch]) .< probability
        let dropped = dropout(Tensor.ones([time, batch, sizes.embedding]))
        let carry = start + [inputs[0].cast(to: .int64)]
        let outputs = scan(carry, over: [inputs.cast(to: .int64), isOwn, dropped]) { carry, slices in
            // Of the first step the carried token is the right one.
            let token = Tensor.where(slices[1], carry.last!, slices[0])
            let step = decode((target(token) * slices[2]).expanded(axis: 1), Array(carry.dropLast()), memory, masks: masks)
            let logits = output(dropout(step.features.reshaped(batch, sizes.features)))
            return (step.state + [stopGradient(logits).argmax(axis: -1)], logits)
        }.outputs
        return outputs.movingAxis(0, to: 1)
    }

    public func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep {
        let step = decode(target(tokens), state, memory, masks: [])
        return GeneratorStep(logits: output(step.features), state: step.state, attention: step.weights)
    }
}
