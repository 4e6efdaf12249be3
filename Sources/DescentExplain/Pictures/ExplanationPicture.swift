import DescentCore
import DescentPlot

extension Explanation {
    /// The graph as a picture: boxes are operations, arrows carry the value forward (above) and the gradient that is sent back (below). A box
    /// whose value is used several times says what its gradient is the sum of.
    ///
    /// Of a large graph `foldedPicture` shows more at a glance.
    ///
    /// - Parameters:
    ///   - title: What it shows; nil for the formulas.
    ///   - direction: Which way the arrows go; nil for rightwards, and downwards where the way is long.
    public func picture(_ title: String? = nil, direction: GraphPicture.Direction? = nil) -> GraphPicture {
        let isUsed = Set(graph.nodes.flatMap(\.arguments))
        let shown = graph.nodes.indices.filter { isUsed.contains($0) || nodes[$0].name == output || graph.outputs.map(\.node).contains($0) }
        var edges: [GraphEdge] = []
        for index in shown {
            for (position, argument) in graph.nodes[index].arguments.enumerated() {
                let gradient = nodes[index].arguments[position].gradient
                edges.append(
                    GraphEdge(
                        from: "n\(argument)", to: "n\(index)", above: graph.isConstant(argument) ? "" : line(nodes[argument].value),
                        below: gradient.map(line) ?? ""))
            }
        }
        let source = graph.source.count > Self.titleLimit ? graph.source.prefix(Self.titleLimit) + "…" : graph.source
        return GraphPicture(title ?? source, nodes: shown.map(box), edges: edges, direction: direction ?? (depth > Self.rightwardLimit ? .down : .right))
    }

    /// More of the formulas is no title.
    private static let titleLimit = 160
    /// So many nodes one behind the other fit a screen side by side.
    private static let rightwardLimit = 14

    /// How many nodes are one behind the other at most.
    private var depth: Int {
        var depths = [Int](repeating: 1, count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() { depths[index] = 1 + (node.arguments.map { depths[$0] }.max() ?? 0) }
        return depths.max() ?? 0
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
