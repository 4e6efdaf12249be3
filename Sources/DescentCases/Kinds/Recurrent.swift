import Descent

extension CaseKind {
    /// Recurrent cells over sequences.
    static let recurrent = [CaseKind("recurrent", recurrentCell)]
}

@Sendable private func recurrentCell(_ inputs: CaseInputs) throws -> Answers {
    let name = try inputs.text("cell")
    switch name {
    case "rnn": return try simple(inputs)
    case "lstm": return try longShortTerm(inputs)
    case "gru": return try gated(inputs, reset: .beforeProduct, blend: .updateReplaces)
    case "gru_pytorch": return try gated(inputs, reset: .afterProduct, blend: .updateKeeps)
    default: throw inputs.error("cell", "is \"\(name)\"; there are rnn, lstm, gru and gru_pytorch")
    }
}

/// A simple cell with any activation, where `RNNCell` has three: `h' = f(W x + b + U h)`.
struct ElmanCell: RecurrentCell {
    let input: Linear
    let hidden: Linear
    let activation: Activation
    var hiddenSize: Int { hidden.weight.shape[0] }

    func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor { activation(input(x) + hidden(h)) }
}

extension RNNCell {
    /// A cell of given weights, with one bias.
    init(input: Tensor, hidden: Tensor, bias: Tensor, function: Function = .tanh) {
        self = withParameters(of: input.dtype) { RNNCell(input.shape[1], input.shape[0], function: function) }
        inputWeight.value = input
        hiddenWeight.value = hidden
        inputBias.value = bias
        hiddenBias.value = Tensor(0, like: bias)
    }
}

/// A cell's run over the sequence `xs`: its outputs, the loss `Σ upstream · h`, and its gradient by the cell's parameters (by path), by
/// `xs`, and by the states at the start (by their names).
private struct SequenceRun {
    let outputs: Tensor
    let loss: Tensor
    let slopes: [String: Tensor]
    /// The gradients by what is not a parameter.
    private let outer: [String]

    /// - Parameters:
    ///   - start: the inputs that are the cell's state at the start, h0 first.
    ///   - state: the cell's state of those, each [1, hidden].
    init<Cell: RecurrentCell>(
        _ cell: Cell, _ inputs: CaseInputs, start: [String], state: @escaping ([Tensor]) -> Cell.State
    ) throws {
        let xs = Variable(try inputs.matrix("xs").expanded(axis: 1), isTrainable: true)
        let starts = try start.map { Variable(try inputs.matrix(row: $0, cell.hiddenSize), isTrainable: true) }
        let upstream = try inputs.matrix("upstream", xs.shape[0], cell.hiddenSize)
        let layer = Recurrent(cell, timeFirst: true)
        let run = { layer(xs.value, from: state(starts.map(\.value))).outputs.squeezed(axis: 1) }
        outputs = run()
        let parameters = cell.parameters
        let (loss, found) = valueWithGradient(at: parameters.map(\.variable) + [xs] + starts) { (upstream * run()).sum() }
        self.loss = loss
        outer = ["xs"] + start
        // The batch of one is no axis of the case.
        let axes = [1] + start.map { _ in 0 }
        let others = zip(outer, zip(found.suffix(outer.count), axes)).map { ($0, $1.0.squeezed(axis: $1.1)) }
        slopes = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.path), found) + others)
    }

    /// The answers that all cells have, with the gradients by the cell's weights.
    func answers(_ weights: Answers) -> Answers {
        var all = weights
        for name in outer { all[name] = slopes[name]! }
        return ["h": outputs, "loss": loss, "gradient": all]
    }

    /// The gradient by a gate's weight for `[h, x]` joined, and by its bias.
    func joined(_ gate: Int, hidden: Int) -> (weight: Tensor, bias: Tensor) {
        let rows = (gate * hidden)..<((gate + 1) * hidden)
        let weight = Tensor.concatenate([slopes["hiddenWeight"]![rows], slopes["inputWeight"]![rows]], axis: 1)
        return (weight, slopes["inputBias"]![rows])
    }
}

extension CaseInputs {
    /// A vector as a batch of one: [1, size].
    fileprivate func matrix(row name: String, _ size: Int) throws -> Tensor { try vector(name, size).expanded(axis: 0) }

    /// The sizes of a cell: of the inputs `xs`, and of the state `h0`.
    fileprivate func cellSizes() throws -> (inputs: Int, hidden: Int) {
        let xs = try matrix("xs"), h = try vector("h0")
        return (xs.shape[1], h.count)
    }

    /// A gate's weight for `[h, x]` joined and its bias, by the gate's letter.
    fileprivate func gate(_ letter: String, _ sizes: (inputs: Int, hidden: Int)) throws -> (weight: Tensor, bias: Tensor) {
        let params = self["params"]
        return (try params.matrix("W_\(letter)", sizes.hidden, sizes.hidden + sizes.inputs), try params.vector("b_\(letter)", sizes.hidden))
    }
}

@Sendable private func simple(_ inputs: CaseInputs) throws -> Answers {
    let sizes = try inputs.cellSizes(), params = inputs["params"]
    let input = try params.matrix("W_x", sizes.hidden, sizes.inputs), hidden = try params.matrix("W_h", sizes.hidden, sizes.hidden)
    let bias = try params.vector("b", sizes.hidden)
    let activation = try inputs.activation("activation", orElse: "tanh")
    let run: SequenceRun
    if let function = RNNCell.Function(rawValue: activation.name) {
        let cell = RNNCell(input: input, hidden: hidden, bias: bias, function: function)
        run = try SequenceRun(cell, inputs, start: ["h0"]) { $0[0] }
        return run.answers(["W_x": run.slopes["inputWeight"]!, "W_h": run.slopes["hiddenWeight"]!, "b": run.slopes["inputBias"]!])
    }
    let cell = ElmanCell(input: Linear(input, bias: bias), hidden: Linear(hidden, bias: nil), activation: activation)
    run = try SequenceRun(cell, inputs, start: ["h0"]) { $0[0] }
    return run.answers(["W_x": run.slopes["input.weight"]!, "W_h": run.slopes["hidden.weight"]!, "b": run.slopes["input.bias"]!])
}

@Sendable private func longShortTerm(_ inputs: CaseInputs) throws -> Answers {
    let sizes = try inputs.cellSizes()
    let cell = withParameters(of: inputs.dtype) { LSTMCell(sizes.inputs, sizes.hidden) }
    cell.loadJoined(
        input: try inputs.gate("i", sizes), forget: try inputs.gate("f", sizes), candidate: try inputs.gate("c", sizes),
        output: try inputs.gate("o", sizes))
    let run = try SequenceRun(cell, inputs, start: ["h0", "c0"]) { LSTMState(hidden: $0[0], cell: $0[1]) }
    var weights: Answers = [:]
    for (place, letter) in ["i", "f", "c", "o"].enumerated() {
        let gate = run.joined(place, hidden: sizes.hidden)
        (weights["W_\(letter)"], weights["b_\(letter)"]) = (gate.weight, gate.bias)
    }
    var answers = run.answers(weights)
    var state = LSTMState(hidden: try inputs.matrix(row: "h0", sizes.hidden), cell: try inputs.matrix(row: "c0", sizes.hidden))
    var cells: [Tensor] = [], gates: [String: [Tensor]] = [:]
    for x in try inputs.matrix("xs").rows {
        let step = cell.step(x.expanded(axis: 0), state)
        state = step.state
        cells.append(state.cell[0])
        gates["i", default: []].append(step.gates.input[0])
        gates["f", default: []].append(step.gates.forget[0])
        gates["candidate", default: []].append(step.gates.candidate[0])
        gates["o", default: []].append(step.gates.output[0])
    }
    answers["c"] = cells
    answers["gates"] = gates.mapValues { $0 as any CaseValue }
    return answers
}

private func gated(_ inputs: CaseInputs, reset: GRUCell.Reset, blend: GRUCell.Blend) throws -> Answers {
    let sizes = try inputs.cellSizes()
    let cell = withParameters(of: inputs.dtype) { GRUCell(sizes.inputs, sizes.hidden, reset: reset, blend: blend) }
    cell.loadJoined(reset: try inputs.gate("r", sizes), update: try inputs.gate("z", sizes), candidate: try inputs.gate("c", sizes))
    if reset == .afterProduct {
        let bias = try inputs["params"].vector("b_hc", sizes.hidden)
        cell.hiddenBias.value = bias.padded([(2 * sizes.hidden, 0)])
    }
    let run = try SequenceRun(cell, inputs, start: ["h0"]) { $0[0] }
    var weights: Answers = [:]
    for (place, letter) in ["r", "z", "c"].enumerated() {
        let gate = run.joined(place, hidden: sizes.hidden)
        (weights["W_\(letter)"], weights["b_\(letter)"]) = (gate.weight, gate.bias)
    }
    if reset == .afterProduct { weights["b_hc"] = run.slopes["hiddenBias"]![(2 * sizes.hidden)...] }
    var answers = run.answers(weights)
    var state = try inputs.matrix(row: "h0", sizes.hidden)
    var gates: [String: [Tensor]] = [:]
    for x in try inputs.matrix("xs").rows {
        let step = cell.step(x.expanded(axis: 0), state)
        state = step.state
        gates["r", default: []].append(step.gates.reset[0])
        gates["z", default: []].append(step.gates.update[0])
        gates["candidate", default: []].append(step.gates.candidate[0])
    }
    answers["gates"] = gates.mapValues { $0 as any CaseValue }
    return answers
}
