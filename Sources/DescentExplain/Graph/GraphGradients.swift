import DescentCore

/// The gradients of one node of a graph by every node and every edge, from a single reverse pass.
///
/// Each edge and each node gets a zero added. The gradient by that zero is the gradient by what flows there, so that what fan-out sums up is
/// seen before the sum.
struct GraphGradients {
    /// The gradient that a node sends to its argument of this number.
    struct Edge: Hashable {
        let node, argument: Int

        init(_ node: Int, _ argument: Int) { (self.node, self.argument) = (node, argument) }
    }

    let nodes: [Int: Tensor]
    let edges: [Edge: Tensor]

    init(_ graph: ExpressionGraph, _ values: [Tensor], _ inputs: [String: Tensor], output: Int) {
        let nodes = graph.nodes.indices.filter { !graph.isConstant($0) }
        let edges = graph.nodes.indices.flatMap { node in
            graph.nodes[node].arguments.indices.filter { !graph.isConstant(graph.nodes[node].arguments[$0]) }.map { Edge(node, $0) }
        }
        func zero(_ node: Int) -> Tensor { Tensor(0, like: values[node]) }
        let nodeZeros = nodes.map(zero), edgeZeros = edges.map { zero(graph.nodes[$0.node].arguments[$0.argument]) }
        let nodePlaces = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        let edgePlaces = Dictionary(uniqueKeysWithValues: edges.enumerated().map { ($1, $0) })
        let slopes: ([Tensor], [Tensor])
        if nodes.isEmpty || graph.isConstant(output) {
            // Where the output is a plain number, nothing has a gradient.
            slopes = (nodeZeros, edgeZeros)
        } else {
            slopes = gradient(at: nodeZeros, edgeZeros) { atNodes, atEdges in
                do throws(ExpressionError) {
                    return try graph.values(
                        of: inputs, onEdge: { node, argument, value in edgePlaces[Edge(node, argument)].map { value + atEdges[$0] } ?? value },
                        onNode: { node, value in nodePlaces[node].map { value + atNodes[$0] } ?? value })[output]
                } catch { stop("\(error)") }
            }
        }
        // Together: one by one, each would have a plan of its own.
        evaluate(slopes.0 + slopes.1)
        self.nodes = Dictionary(uniqueKeysWithValues: zip(nodes, slopes.0))
        self.edges = Dictionary(uniqueKeysWithValues: zip(edges, slopes.1))
    }
}

extension ExpressionGraph {
    /// Looks for the first node without a value: outside of a function's domain, or too large for 64 bits.
    func requireDomains(_ values: [Tensor]) throws(ExpressionError) {
        for (index, node) in nodes.enumerated() {
            guard case .operation(let function) = node.content else { continue }
            let reason =
                function.gap(node.arguments.map { values[$0] })
                ?? values[index].doubles.first { !$0.isFinite }.map { $0.isNaN ? "the result is not a number" : "the result is too large for 64 bits" }
            if let reason { throw error("node \(node.name) = \(text(of: index)): \(reason)", at: index) }
        }
    }
}

extension ExpressionGraph.Node {
    /// Whether it is a plain number without a name of its own.
    var isNumber: Bool {
        if case .constant(let value) = content { name == short(value) } else { false }
    }
}
