import DescentCore
import DescentPlot

extension Explanation {
    /// The graph as a picture: boxes are operations, arrows carry the value forward (above) and the gradient that is sent back (below). A box
    /// whose value is used several times says what its gradient is the sum of.
    public func picture(_ title: String? = nil, direction: GraphPicture.Direction = .right) -> GraphPicture {
        let isUsed = Set(graph.nodes.flatMap(\.arguments))
        let shown = graph.nodes.indices.filter { isUsed.contains($0) || nodes[$0].name == output || graph.outputs.map(\.node).contains($0) }
        var edges: [GraphEdge] = []
        for index in shown {
            for (position, argument) in graph.nodes[index].arguments.enumerated() {
                let gradient = nodes[index].arguments[position].gradient
                edges.append(GraphEdge(
                    from: "n\(argument)", to: "n\(index)", above: graph.isConstant(argument) ? "" : line(nodes[argument].value),
                    below: gradient.map(line) ?? ""))
            }
        }
        return GraphPicture(title ?? graph.source, nodes: shown.map(box), edges: edges, direction: direction)
    }

    private func box(_ index: Int) -> GraphNode {
        let node = nodes[index], isOutput = node.name == output
        guard !graph.isConstant(index) else { return GraphNode("n\(index)", lines: [node.name], kind: .constant) }
        var lines = [label(index)]
        // Where an arrow carries the value and the gradient on, the box need not repeat them.
        if node.summands.count != 1 {
            lines.append(line(node.value))
            if let gradient = node.gradient {
                lines.append(node.summands.isEmpty || gradient.count > 2 ? line(gradient) : sum(node.summands.map { line($0.gradient) }) + " = " + line(gradient))
            }
        }
        let isInput = graph.nodes[index].arguments.isEmpty
        let kind: GraphNode.Kind = isOutput ? .output : !isInput ? .operation : variables.contains(node.name) && variables.count < graph.inputs.count ? .parameter : .input
        return GraphNode("n\(index)", lines: lines, kind: kind, emphasis: isOutput)
    }

    /// "x", "sigmoid", "s = sigmoid"
    private func label(_ index: Int) -> String {
        guard case .operation(let function) = graph.nodes[index].content else { return nodes[index].name }
        let symbols = ["*": "×", "**": "power", "-": "−", "list": "[ ]"]
        let isNegation = function.name == "-" && graph.nodes[index].arguments.count == 1
        let operation = isNegation ? "−( )" : symbols[function.name] ?? function.name
        let isDefined = graph.definedNames.contains(nodes[index].name)
        return isDefined ? "\(nodes[index].name) = \(operation)" : operation
    }

    /// "6 + 0", "2 − 1": what several uses send back, of which a negative one is subtracted.
    private func sum(_ terms: [String]) -> String {
        terms.dropFirst().reduce(terms[0]) { text, term in term.hasPrefix("−") ? text + " − " + term.dropFirst() : text + " + " + term }
    }

    /// Small matrices in full, with true minus signs.
    private func line(_ value: Tensor) -> String {
        String(DescentExplain.text(of: value, most: value.rank == 2 ? 4 : 3, digits: 4).map { $0 == "-" ? "−" : $0 })
    }
}
