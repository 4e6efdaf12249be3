/// The two walks that all derivatives are made of.
///
/// Forward: from the inputs to the results, each primitive's `jvp` turns tangents of inputs into tangents of results. Run on
/// stand-ins it gives a linear graph. Reverse: back through that linear graph, each primitive's `transpose` turns cotangents
/// of results into cotangents of inputs, and where a value was used twice they are added.
///
/// Which tensors a derivative is taken at is a matter of nodes, not of values: each transform makes fresh ones. So nested
/// derivatives can't mistake each other's tangents, and rules need to know nothing of nesting.
package enum Linearization {
    /// Tangents of the outputs, given those of some tensors that they depend on; nil where there is no dependence.
    ///
    /// - Parameter isTransposed: whether the result is only ever transposed. Then no mask travels: the way back meets the same selections.
    package static func pushForward(_ outputs: [Tensor], _ seeds: [TensorKey: Tensor], isTransposed: Bool = false) -> [Tensor?] {
        pushForward(outputs, seeds.mapValues { Masked($0) }, isTransposed: isTransposed).map { $0?.resolved }
    }

    /// The same for tangents with masks.
    static func pushForward(_ outputs: [Tensor], _ seeds: [TensorKey: Masked], isTransposed: Bool = false) -> [Masked?] {
        let nodes = Graph.nodes(from: Set(seeds.keys.map(\.node)), to: outputs)
        var tangents = TensorTable<Masked>(from: seeds.keys.reduce(.max) { Swift.min($0, $1.node) }, through: Graph.newest(outputs), count: nodes.count)
        for (key, tangent) in seeds { tangents[key] = tangent }
        for node in nodes {
            let inputs = node.inputs
            let incoming = inputs.map { tangents[$0.key] }
            if incoming.allSatisfy({ $0 == nil }) { continue }
            let results = node.outputs
            guard results.contains(where: { $0.dtype.isFloating }) else { continue }
            let call = Call(inputs: inputs, outputs: results)
            let outgoing =
                isTransposed
                ? node.primitive.jvp(call, incoming.map { $0?.tensor }).map { $0.map { Masked($0) } } : Linearization.tangents(of: node, call, incoming)
            for (result, tangent) in zip(results, outgoing) where tangent != nil && result.dtype.isFloating {
                tangents[result.key] = tangent
            }
        }
        return outputs.map { tangents[$0.key] }
    }

    /// Cotangents of the stand-ins, given those of tensors that depend on them linearly.
    package static func pullBack(_ outputs: [Tensor], _ cotangents: [Tensor], to standIns: [Tensor]) -> [Tensor?] {
        let sources = Set(standIns.map { $0.node.id })
        let nodes = Graph.nodes(from: sources, to: outputs)
        let first = sources.min() ?? 0, last = Graph.newest(outputs)
        var linear = NodeSet(upTo: Swift.max(last, sources.max() ?? 0))
        for source in sources { _ = linear.insert(source) }
        for node in nodes { _ = linear.insert(node.id) }
        var accumulated = TensorTable<Masked>(from: first, through: last, count: nodes.count)
        func add(_ cotangent: Masked, to key: TensorKey) {
            accumulated[key] = accumulated[key].map { $0 + cotangent } ?? cotangent
        }
        for (output, cotangent) in zip(outputs, cotangents) where linear.contains(output.node.id) { add(Masked(cotangent), to: output.key) }
        for node in nodes.reversed() {
            let results = node.outputs
            let incoming = results.map { accumulated[$0.key] }
            if incoming.allSatisfy({ $0 == nil }) { continue }
            let inputs = node.inputs
            let isLinear = inputs.map { linear.contains($0.node.id) }
            let outgoing = Linearization.cotangents(of: node, incoming, LinearCall(inputs: inputs, isLinear: isLinear, outputTypes: results.map(\.type)))
            for position in inputs.indices where isLinear[position] {
                if let cotangent = outgoing[position] { add(cotangent, to: inputs[position].key) }
            }
        }
        return standIns.map { accumulated[$0.key]?.resolved }
    }

    /// Cotangents of `inputs`, given those of the outputs: one forward walk on stand-ins, one reverse.
    package static func reverse(_ outputs: [Tensor], _ cotangents: [Tensor], at inputs: [Tensor]) -> [Tensor] {
        LinearGraph(of: outputs, at: inputs).pullBack(cotangents)
    }

    /// The outputs for a batch: some tensors that they depend on have one axis more.
    package static func vectorize(_ outputs: [Tensor], _ seeds: [TensorKey: Batched], size: Int) -> [Batched] {
        var known = seeds
        for node in Graph.nodes(from: Set(seeds.keys.map(\.node)), to: outputs) {
            let inputs = node.inputs.map { known[$0.key] ?? Batched($0, axis: nil) }
            guard inputs.contains(where: { $0.axis != nil }) else { continue }
            let results = node.primitive.batch(inputs, size: size)
            for (index, result) in results.enumerated() { known[TensorKey(node: node.id, index: index)] = result }
        }
        return outputs.map { known[$0.key] ?? Batched($0, axis: nil) }
    }
}

/// The derivative of some outputs at some inputs, as a graph that is linear in stand-ins for the inputs' tangents.
package struct LinearGraph {
    private let inputs: [Tensor]
    private let standIns: [Tensor]
    /// Nil where an output does not depend on the inputs.
    private let tangents: [Tensor?]

    package init(of outputs: [Tensor], at inputs: [Tensor]) {
        let trace = Trace("a derivative")
        defer { trace.isRunning = false }
        let standIns = inputs.map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0.type)) }
        var seeds: [TensorKey: Tensor] = [:]
        for (input, standIn) in zip(inputs, standIns) where input.dtype.isFloating { seeds[input.key] = standIn }
        self.inputs = inputs
        self.standIns = standIns
        tangents = Linearization.pushForward(outputs, seeds, isTransposed: true)
    }

    /// Cotangents of the inputs, given those of the outputs.
    package func pullBack(_ cotangents: [Tensor]) -> [Tensor] {
        let reached = tangents.indices.filter { tangents[$0] != nil }
        let found = Linearization.pullBack(reached.map { tangents[$0]! }, reached.map { cotangents[$0] }, to: standIns)
        return zip(found, inputs).map { $0 ?? Tensor(0, like: $1) }
    }
}
