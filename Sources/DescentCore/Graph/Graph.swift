/// Walks over the graph behind tensors.
package enum Graph {
    /// All nodes that the tensors depend on and that `into` lets the walk pass, inputs before the nodes that read them.
    package static func nodes(behind tensors: [Tensor], into enters: (Node) -> Bool) -> [Node] {
        var seen = NodeSet(upTo: newest(tensors))
        var found: [Node] = []
        var open: [Node] = []
        for tensor in tensors where enters(tensor.node) && seen.insert(tensor.node.id) { open.append(tensor.node) }
        while let node = open.popLast() {
            found.append(node)
            for position in 0..<node.inputCount {
                let input = node.input(position).node
                if enters(input), seen.insert(input.id) { open.append(input) }
            }
        }
        found.sort { $0.id < $1.id }
        return found
    }

    /// The nodes between `sources` and the tensors: those that depend on a source, in order.
    package static func nodes(from sources: Set<Int>, to tensors: [Tensor]) -> [Node] {
        let earliest = sources.min() ?? 0
        let all = nodes(behind: tensors) { $0.id >= earliest }
        var depends = NodeSet(upTo: newest(tensors))
        return all.filter { node in
            if sources.contains(node.id) {
                _ = depends.insert(node.id)
                return false
            }
            for position in 0..<node.inputCount where depends.contains(node.input(position).node.id) { return depends.insert(node.id) }
            return false
        }
    }

    /// The highest node number among some tensors.
    package static func newest(_ tensors: [Tensor]) -> Int { tensors.reduce(0) { Swift.max($0, $1.node.id) } }

    /// The tensors with some of the tensors that they depend on replaced, everything in between made again.
    package static func substitute(_ replacements: [TensorKey: Tensor], in tensors: [Tensor]) -> [Tensor] {
        var known = replacements
        let between = nodes(from: Set(replacements.keys.map(\.node)), to: tensors)
        for node in between {
            let inputs = node.inputs.map { known[$0.key] ?? $0 }
            let outputs = apply(node.primitive, inputs)
            for (index, output) in outputs.enumerated() { known[TensorKey(node: node.id, index: index)] = output }
        }
        return tensors.map { known[$0.key] ?? $0 }
    }
}
