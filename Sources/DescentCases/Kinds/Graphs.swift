import Descent

extension CaseKind {
    /// Graphs of scalars.
    static let graphs = [CaseKind("graph", graph)]
}

/// The operations that a node can be. `scale` also has a constant.
private let operations: [String: (arguments: Int, apply: @Sendable ([Tensor]) -> Tensor)] = [
    "add": (2, { $0[0] + $0[1] }), "sub": (2, { $0[0] - $0[1] }), "mul": (2, { $0[0] * $0[1] }), "div": (2, { $0[0] / $0[1] }),
    "max": (2, { maximum($0[0], $0[1]) }), "min": (2, { minimum($0[0], $0[1]) }), "copy": (1, { $0[0] }), "neg": (1, { -$0[0] }),
    "exp": (1, { exp($0[0]) }), "log": (1, { log($0[0]) }), "square": (1, { $0[0].squared }), "sigmoid": (1, { sigmoid($0[0]) }),
    "tanh": (1, { tanh($0[0]) }), "relu": (1, { relu($0[0]) }),
]

private struct GraphNode {
    let name: String
    let arguments: [Int]
    let apply: ([Tensor]) -> Tensor
}

@Sendable private func graph(_ inputs: CaseInputs) throws -> Answers {
    var names: [String] = [], start: [Tensor] = []
    for (name, value) in try inputs.reader["inputs"].members() {
        names.append(name)
        start.append(try inputs.tensor(value, []))
    }
    var nodes: [GraphNode] = []
    for entry in try inputs.reader["nodes"].elements() {
        let operation = try entry["op"].string()
        var arguments: [Int] = []
        for argument in try entry["args"].elements() {
            let name = try argument.string()
            guard let place = names.lastIndex(of: name) else { throw argument.error("is \"\(name)\", which no input or node before it is called") }
            arguments.append(place)
        }
        let apply: ([Tensor]) -> Tensor, count: Int
        if operation == "scale" {
            let factor = try entry["c"].double()
            (count, apply) = (1, { $0[0] * factor })
        } else if let known = operations[operation] {
            (count, apply) = known
        } else {
            throw entry["op"].error("is \"\(operation)\"; there are scale, \(operations.keys.sorted().joined(separator: ", "))")
        }
        if arguments.count != count { throw entry["args"].error("has \(arguments.count) names; \(operation) takes \(count)") }
        nodes.append(GraphNode(name: try entry["name"].string(), arguments: arguments, apply: apply))
        names.append(nodes.last!.name)
    }
    let output = try inputs.text("output")
    guard let goal = names.lastIndex(of: output) else { throw inputs.error("output", "is \"\(output)\", which no input or node is called") }
    // To each value a zero is added, by which the output is differentiated: the derivative by the value itself.
    func values(_ zeros: [Tensor]) -> [Tensor] {
        var values = zip(start, zeros).map { $0 + $1 }
        for node in nodes { values.append(node.apply(node.arguments.map { values[$0] }) + zeros[values.count]) }
        return values
    }
    let zeros = names.map { _ in Tensor.zeros([], dtype: inputs.dtype) }
    let slopes = gradient(at: zeros) { values($0)[goal] }
    func named(_ tensors: [Tensor]) -> Answers { Dictionary(zip(names, tensors)) { $1 } }
    return ["forward": named(values(zeros)), "backward": named(slopes)]
}
