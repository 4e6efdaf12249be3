/// The part of the graph that a checkpointed function made: a template that can be made again on other inputs.
package final class GraphTemplate: @unchecked Sendable, Hashable {
    let output: Tensor
    /// The tensors that the part captures.
    let frontier: [Tensor]
    init(output: Tensor, frontier: [Tensor]) {
        self.output = output
        self.frontier = frontier
    }
    package static func == (a: GraphTemplate, b: GraphTemplate) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The value of its first input. Its derivative computes the way to that value again, from the other inputs, instead of keeping
/// the intermediate values of the first time. (Chen et al. 2016, "Training deep nets with sublinear memory cost".)
package struct Checkpoint: Primitive {
    package static let name = "checkpoint"
    let template: GraphTemplate
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }

    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { pushForward(call, tangents.map { $0.map { Masked($0) } }).map { $0?.resolved } }
    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? { pushForward(call, tangents) }

    private func pushForward(_ call: Call, _ tangents: [Masked?]) -> [Masked?] {
        var replacements: [TensorKey: Tensor] = [:]
        var seeds: [TensorKey: Masked] = [:]
        for (position, original) in template.frontier.enumerated() {
            let again = applySingle(Barrier(), call.inputs[position + 1])
            replacements[original.key] = again
            if let tangent = tangents[position + 1] { seeds[again.key] = tangent }
        }
        let recomputed = Graph.substitute(replacements, in: [template.output])
        return Linearization.pushForward(recomputed, seeds)
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0]] + call.inputs.dropFirst().map { _ in nil } }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        var seeds: [TensorKey: Batched] = [:]
        for (original, input) in zip(template.frontier, inputs.dropFirst()) {
            let name = applySingle(Identity(), input.tensor)
            seeds[original.key] = Batched(name, axis: input.axis)
        }
        let output = Linearization.vectorize([template.output], seeds, size: size)[0]
        let frontier = template.frontier.map { seeds[$0.key]!.tensor }
        let batched = Checkpoint(template: GraphTemplate(output: output.tensor, frontier: frontier))
        return [Batched(apply(batched, [output.tensor] + frontier)[0], axis: output.axis)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .identity }
    package static var samples: [PrimitiveSample] {
        let x = Tensor(Node(Placeholder(trace: Trace("a sample")), nil, nil, TensorType([3], .float64)))
        let template = GraphTemplate(output: x, frontier: [x])
        return [PrimitiveSample(Checkpoint(template: template), [.floats([0.5, 1, -2], [3]), .floats([0.5, 1, -2], [3])], smooth: false)]
    }
}

/// The same function, but its derivative computes the intermediate values again instead of keeping them: memory for time.
public func checkpoint(_ function: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
    { input in checkpointed([input]) { function($0.next()) } }
}

/// The same for a function of several inputs, of arrays, or of other groups of tensors.
public func checkpoint<each Input: TensorGroup>(
    _ function: @escaping (repeat each Input) -> Tensor
) -> (repeat each Input) -> Tensor {
    { (input: repeat each Input) in
        var tensors: [Tensor] = []
        for group in repeat each input { tensors += group.tensors }
        return checkpointed(tensors) { reader in function(repeat (each input).rebuilt(from: reader)) }
    }
}

/// Runs the function on the inputs under new names, and marks its part of the graph.
private func checkpointed(_ inputs: [Tensor], _ function: (TensorReader) -> Tensor) -> Tensor {
    let names = TensorReader(inputs.map { applySingle(Identity(), $0) })
    let inside = Node.nextID
    let output = function(names)
    guard output.node.id >= inside else { return output }
    var seen = Set<TensorKey>()
    var frontier: [Tensor] = []
    for node in Graph.nodes(behind: [output], into: { $0.id >= inside }) {
        for tensor in node.inputs where tensor.node.id < inside && seen.insert(tensor.key).inserted { frontier.append(tensor) }
    }
    return apply(Checkpoint(template: GraphTemplate(output: output, frontier: frontier)), [output] + frontier)[0]
}
