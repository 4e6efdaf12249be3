import DescentCore

extension ExpressionGraph {
    /// The values of all nodes.
    ///
    /// - Parameters:
    ///   - inputs: a tensor for each input.
    ///   - dtype: the element type of numbers that stand in the formulas.
    ///   - onEdge: what the operation of node `node` takes as its argument number `argument`; here derivatives are hooked in.
    ///   - onNode: what a node's value becomes.
    /// - Throws: `ExpressionError` where shapes don't fit, with the node marked.
    func values(
        of inputs: [String: Tensor], dtype: DType = .float64, onEdge: (_ node: Int, _ argument: Int, Tensor) -> Tensor = { $2 },
        onNode: (_ node: Int, Tensor) -> Tensor = { $1 }
    ) throws(ExpressionError) -> [Tensor] {
        var values: [Tensor] = []
        for (index, node) in nodes.enumerated() {
            switch node.content {
            case .input:
                guard let value = inputs[node.name] else { stop("ExpressionGraph: no value for \(node.name).") }
                values.append(onNode(index, value))
            case .constant(let value): values.append(Tensor.full([], value, dtype: dtype))
            case .operation(let function):
                let shapes = node.arguments.map { values[$0].shape }
                if let wrong = function.misplaced(shapes) {
                    throw ExpressionError(source: source, place: wrong.place, reason: "node \(node.name) = \(text(of: index)): \(wrong.reason)")
                }
                if let reason = function.misfit(shapes) { throw error(reason, at: index) }
                let arguments = node.arguments.enumerated().map { isConstant($1) ? values[$1] : onEdge(index, $0, values[$1]) }
                values.append(onNode(index, apply(function, node.arguments, arguments)))
            }
        }
        return values
    }

    /// An operation's value. A power's exponent that is a number is given as one: its derivative would need the logarithm of the base.
    func apply(_ function: ExpressionFunction, _ nodes: [Int], _ arguments: [Tensor]) -> Tensor {
        if function.name == "**" || function.name == "Pow", case .constant(let exponent) = self.nodes[nodes[1]].content { return arguments[0].pow(exponent) }
        return function.apply(arguments)
    }

    func isConstant(_ node: Int) -> Bool {
        if case .constant = nodes[node].content { true } else { false }
    }

    /// Says at which node what is wrong: "node v2 = log(v1): log of -1: it takes numbers above 0".
    func error(_ reason: String, at node: Int) -> ExpressionError {
        ExpressionError(source: source, place: nodes[node].place, reason: reason)
    }

    /// A node's operation on its arguments' names: "w1 * x".
    func text(of node: Int) -> String {
        switch nodes[node].content {
        case .input: "input"
        case .constant: "number"
        case .operation(let function): function.text(nodes[node].arguments.map { nodes[$0].name })
        }
    }

    /// The nodes that take this one, with the number of the argument, in order.
    func uses(of node: Int) -> [(node: Int, argument: Int)] {
        nodes.indices.flatMap { user in nodes[user].arguments.enumerated().filter { $0.element == node }.map { (user, $0.offset) } }
    }
}
