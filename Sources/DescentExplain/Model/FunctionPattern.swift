import DescentCore
import DescentNN

/// Finds functions such as `gelu` or `softmax`, which are compositions of primitives, in a graph: by the graph that they make themselves.
struct FunctionPattern {
    let name: String
    private let output: Tensor
    private let input: Tensor
    private let size: Int

    private init(_ name: String, _ type: TensorType, _ function: (Tensor) -> Tensor) {
        self.name = name
        let input = Tensor(Node(Identity(), Tensor.zeros(type.shape, dtype: type.dtype), nil, type))
        self.input = input
        output = function(input)
        size = Graph.nodes(behind: [output]) { $0.id > input.node.id }.count
    }

    /// The functions that keep their argument's type, the ones with more operations first.
    static func all(_ type: TensorType) -> [FunctionPattern] {
        let others = ["identity", "swish"] + (type.shape.isEmpty ? ["softmax", "log_softmax"] : [])
        var found = Activation.all.filter { !others.contains($0.name) }.map { activation in FunctionPattern(activation.name, type) { activation($0) } }
        if let width = type.shape.last, width > 0 {
            for axis in type.shape.indices.dropLast() {
                found.append(FunctionPattern("softmax over axis \(axis)", type) { softmax($0, axis: axis) })
                found.append(FunctionPattern("log_softmax over axis \(axis)", type) { logSoftmax($0, axis: axis) })
            }
            found.append(FunctionPattern("layer norm", type) { LayerNorm(width, isScaled: false)($0) })
            found.append(FunctionPattern("RMS norm", type) { RMSNorm(width, isScaled: false)($0) })
        }
        return found.filter { $0.size > 0 }.sorted { $0.size > $1.size }
    }

    /// The nodes of the function that ends in a tensor, and what it is of; nil where the graph is another.
    func match(_ tensor: Tensor, allowed: (Node) -> Bool) -> (nodes: [Int], argument: Tensor)? {
        guard output.node.primitive.isEqual(tensor.node.primitive) else { return nil }
        var bound: Tensor?
        var nodes: [Int] = []
        func unify(_ pattern: Tensor, _ found: Tensor) -> Bool {
            if pattern.key == input.key {
                if let bound { return bound.key == found.key }
                bound = found
                return found.type == input.type
            }
            guard pattern.index == found.index, pattern.node.inputCount == found.node.inputCount, !(pattern.node.primitive is Constant),
                pattern.node.primitive.isEqual(found.node.primitive)
            else { return false }
            if pattern.node.inputCount > 0 {
                guard allowed(found.node) else { return false }
                nodes.append(found.node.id)
            }
            return zip(pattern.node.inputs, found.node.inputs).allSatisfy { unify($0, $1) }
        }
        guard unify(output, tensor), let bound else { return nil }
        return (nodes, bound)
    }
}
