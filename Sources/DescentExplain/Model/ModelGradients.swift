import DescentCore

/// The values of a run's units, and the gradients of its loss by them, by the parameters and by the states of its loops.
///
/// The graph is made again with a zero added to the result of each unit, and to the state after each step of a loop: the gradient by that zero
/// is the gradient by what flows there, and one reverse pass gives all.
struct ModelGradients {
    let loss: Double
    /// By unit: its result, and the gradient by it.
    let values: [Tensor]
    let slopes: [Tensor]
    /// By unit with a loop: the gradient by the states after each step, [steps, ...] each, in the order of time.
    let states: [Int: [Tensor]]
    /// By parameter.
    let parameters: [Tensor]

    init(_ trace: ModelTrace, _ units: [ModelUnit]) {
        var zeros: [TensorKey: Tensor] = [:]
        for unit in units { zeros[unit.result!.key] = Self.named(Tensor(0, like: unit.result!)) }
        var moves: [Int: [Tensor]] = [:]
        let loops = Dictionary(units.enumerated().flatMap { index, unit in unit.nodes.map { ($0, index) } }) { first, _ in first }
        let names = Set(trace.parameters.map(\.value.node.id))
        var known: [TensorKey: Tensor] = [:]
        for node in trace.nodes where !names.contains(node.id) && node.inputCount > 0 {
            let inputs = node.inputs.map { known[$0.key] ?? $0 }
            var outputs: [Tensor]
            if let scan = node.primitive as? Scan, let unit = loops[node.id] {
                let moved = scan.moved(inputs)
                outputs = moved.outputs
                moves[unit, default: []] += moved.moves
            } else if node.primitive is Checkpoint {
                // Its own derivative would pass by the zeros.
                outputs = [inputs[0]]
            } else {
                outputs = apply(node.primitive, inputs)
            }
            for index in outputs.indices {
                let key = Tensor(node, index).key
                if let zero = zeros[key] { outputs[index] = outputs[index] + zero }
                known[key] = outputs[index]
            }
        }
        func again(_ tensor: Tensor) -> Tensor { known[tensor.key] ?? tensor }
        let total = again(trace.loss), order = moves.keys.sorted()
        let points = units.map { zeros[$0.result!.key]! } + order.flatMap { moves[$0]! } + trace.parameters.map(\.value)
        var found = Linearization.reverse([total], [Tensor(1, like: total)], at: points)[...]
        let results = units.map { again($0.result!) }
        evaluate([total] + results + found)
        loss = total.item()
        values = results
        slopes = Array(found.prefix(units.count))
        found = found.dropFirst(units.count)
        var states: [Int: [Tensor]] = [:]
        for unit in order {
            states[unit] = Array(found.prefix(moves[unit]!.count))
            found = found.dropFirst(moves[unit]!.count)
        }
        self.states = states
        parameters = Array(found)
    }

    /// A node of its own, by which a gradient can be taken.
    fileprivate static func named(_ tensor: Tensor) -> Tensor { Tensor(Node(Identity(), tensor, nil, tensor.type)) }
}

extension Scan {
    /// The same loop, with a zero added to each state after each step, and these zeros: [steps, ...].
    fileprivate func moved(_ inputs: [Tensor]) -> (outputs: [Tensor], moves: [Tensor]) {
        let trace = Trace("explain")
        defer { trace.isRunning = false }
        let standIns = body.standIns(trace)
        let run = body.program.applied(to: standIns)
        var adding: [TensorKey: Tensor] = [:], added: [Tensor] = []
        for carry in 0..<carryCount where run.outputs[carry].dtype.isFloating {
            var state = run.outputs[carry]
            // Past the end of a sequence the state is kept; what the output is made of is the state before that choice.
            if state.node.primitive is Select, state.node.inputCount == 3, state.node.input(2).key == standIns[carry].key { state = state.node.input(1) }
            if state.node.isPlaceholder || adding[state.key] != nil { continue }
            let move = ModelGradients.named(Tensor(0, like: state))
            // The state is what the step hands on, each part by itself: that an LSTM's h comes of its c belongs to the step.
            adding[state.key] = state + move
            added.append(move)
        }
        let slices = carryCount + sliceCount
        let (changed, further) = ScanBody.capture(
            Graph.substitute(adding, in: run.outputs), from: Array(standIns[..<slices]) + added + Array(standIns[slices...]))
        let scan = Scan(changed, carries: carryCount, slices: sliceCount + added.count, stacks: stackCount, length: length, isReversed: isReversed)
        let moves = added.map { ModelGradients.named(Tensor.zeros([length] + $0.shape, dtype: $0.dtype)) }
        return (apply(scan, Array(inputs[..<slices]) + moves + Array(inputs[slices...]) + further), moves)
    }
}
