import DescentCore

extension Explanation {
    /// The graph as a table: a node a block, with its value, the derivative by each argument, the gradient that comes in (as a sum where the node
    /// is used several times) and the gradients that go out. Below it, what is to be known of ties and kinks, and the gradients by the variables.
    public func text() -> String {
        let hasGradients = !value.shape.isEmpty ? false : true
        var table = TextColumns(
            ["node", "operation", "value", "local derivative"] + (hasGradients ? ["incoming gradient", "outgoing gradient"] : []))
        for node in nodes where node.gradient != nil || !hasGradients || !node.arguments.isEmpty {
            if node.operation == "number", node.arguments.isEmpty, node.name == short(node.value.item()) { continue }
            let paths = node.arguments.filter { $0.derivative != nil }.reduce(into: [Argument]()) { $0.append($1) }
            for row in 0..<max(paths.count, 1) {
                var cells = row == 0 ? [node.name, node.operation, DescentExplain.text(of: node.value)] : ["", "", ""]
                cells.append(row < paths.count ? "by \(paths[row].name): \(localText(paths[row].derivative!))" : "")
                if hasGradients {
                    cells.append(row == 0 ? incomingText(node) : "")
                    cells.append(row < paths.count ? paths[row].gradient.map { "to \(paths[row].name): \(DescentExplain.text(of: $0))" } ?? "" : "")
                }
                table.add(cells)
            }
        }
        var lines = table.lines()
        let remarks = nodes.compactMap { node in node.remark.map { "\(node.name) = \(node.operation): \($0)." } }
        if !remarks.isEmpty { lines += [""] + remarks }
        lines += ["", "\(output) = \(DescentExplain.text(of: value))"]
        if !hasGradients {
            lines.append("\(output) has the shape \(value.shape); gradients are of a single number: take sum(...) of it, or ask for the Jacobian.")
        }
        for name in variables {
            if let gradient = gradient(by: name) { lines.append("d\(output)/d\(name) = \(DescentExplain.text(of: gradient, most: 24))") }
        }
        return lines.joined(separator: "\n")
    }

    /// "0.5", or "0.2 (v1) + 0.3 (v2) = 0.5" where the node is used several times.
    private func incomingText(_ node: Node) -> String {
        guard let gradient = node.gradient else { return "" }
        let sum = DescentExplain.text(of: gradient)
        guard node.summands.count > 1 else { return sum }
        if gradient.count > 3 { return sum + ", from " + node.summands.map(\.node).joined(separator: ", ") }
        return node.summands.map { "\(DescentExplain.text(of: $0.gradient)) (\($0.node))" }.joined(separator: " + ") + " = \(sum)"
    }

    private func localText(_ derivative: LocalDerivative) -> String {
        switch derivative {
        case .elementwise(let value): DescentExplain.text(of: value)
        case .jacobian(let value) where value.count <= 6: DescentExplain.text(of: value)
        case .jacobian(let value): "Jacobian \(value.shape)"
        }
    }
}
