/// Which nodes of a pending graph somebody still holds.
///
/// When a graph is run because it has become long, nobody has said which of its values will be asked for. Those that a tensor outside the
/// graph refers to are kept, a loss in an array for instance; with its value each lets go of its inputs, and the graph behind them is freed.
/// Without this they would be computed again later, and would keep the graph alive until then.
package enum PendingGraph {
    /// The nodes behind `roots`, these left out, to which there are more references than from the graph itself.
    package static func heldNodes(behind roots: [Node]) -> [Node] {
        let nodes = Graph.nodes(behind: roots.map { Tensor($0) }) { !$0.isComputed }
        // Numbers, and not the nodes, which would be held by that.
        guard let first = nodes.first?.id, let last = nodes.last?.id else { return [] }
        var references = TensorTable<Int>(from: first, through: last, count: nodes.count)
        for node in nodes {
            for position in 0..<node.inputCount {
                let key = TensorKey(node: node.input(position).node.id, index: 0)
                references[key] = (references[key] ?? 0) + 1
            }
        }
        // What looking itself adds to a count, which is not the same in every build.
        let own = referenceCount([Node(Fill([], ScalarBits(0, .float32)), [], [TensorType([], .float32)])], 0)
        let isRoot = Set(roots.map(\.id))
        // A number costs nothing to make again.
        let held = nodes.indices.filter { position in
            referenceCount(nodes, position) > own + (references[TensorKey(node: nodes[position].id, index: 0)] ?? 0)
        }
        return held.map { nodes[$0] }.filter { !isRoot.contains($0.id) && type(of: $0.primitive) != Fill.self && !$0.isPlaceholder }
    }

    /// References to a node of an array. Never inlined, so that those that looking adds are always equally many.
    @inline(never)
    private static func referenceCount(_ nodes: [Node], _ position: Int) -> Int { Int(_getRetainCount(nodes[position])) }
}
