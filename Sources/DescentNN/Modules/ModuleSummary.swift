import DescentCore

extension Module {
    /// A table of the parameters: path, shape, how many numbers, and whether they are frozen.
    public func summary() -> String {
        let rows = parameters.map { entry in
            [entry.path, "\(entry.variable.shape)", "\(entry.variable.shape.reduce(1, *))", entry.variable.isFrozen ? "frozen" : ""]
        }
        return textTable([["parameter", "shape", "count", ""]] + rows) + "\n" + total
    }

    private var total: String {
        let frozen = parameters.filter(\.variable.isFrozen).reduce(0) { $0 + $1.variable.shape.reduce(1, *) }
        return "\(String(describing: type(of: self))): \(parameterCount) parameter\(parameterCount == 1 ? "" : "s")" + (frozen > 0 ? ", \(frozen) of them frozen" : "")
    }

    /// What `print` shows of a model: how many parameters it has, and of each variable the path, type, number of elements and first values.
    public var description: String {
        let rows = variables.map { entry -> [String] in
            let variable = entry.variable
            let role = !variable.isTrainable ? "state" : variable.isFrozen ? "frozen" : ""
            return [entry.path, "\(variable.type)", "\(variable.type.count)", [role, variable.firstValues ?? ""].filter { !$0.isEmpty }.joined(separator: " ")]
        }
        return rows.isEmpty ? total : total + "\n" + textTable(rows, indent: "  ")
    }
}

extension NamedVariable: CustomStringConvertible {
    /// The path, type and first values.
    public var description: String { "\(path) \(variable.type)" + (variable.firstValues.map { " \($0)" } ?? "") }
}

extension Gradients: CustomStringConvertible {
    /// What `print` shows of gradients: the norm of all, and of each parameter's the path, type, norm and first values. Inside a compiled
    /// function or another transform there are no values.
    public var description: String {
        let count = tensors.reduce(0) { $0 + $1.count }
        let head = "Gradients of \(entries.count) parameter\(entries.count == 1 ? "" : "s"), \(count) number\(count == 1 ? "" : "s")"
        if entries.isEmpty { return head }
        if Scope.isActive { return head + "\n" + textTable(entries.map { [$0.parameter.path, "\($0.gradient.type)"] }, indent: "  ") }
        let norms = tensors.map { $0.norm.cast(to: .float64) }
        evaluate(norms + tensors)
        let rows = zip(entries, norms).map { entry, norm in
            [entry.parameter.path, "\(entry.gradient.type)", "norm " + briefly(norm.item()), entry.gradient.firstValues]
        }
        return "\(head), norm \(briefly(norm.cast(to: .float64).item()))\n" + textTable(rows, indent: "  ")
    }
}

/// Rows of cells in columns as wide as their widest cell; a column of counts is aligned on the right.
private func textTable(_ rows: [[String]], indent: String = "") -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    let isCount = rows[0].indices.map { column in rows.last![column].allSatisfy(\.isNumber) }
    func line(_ cells: [String]) -> String {
        var text = indent
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            text += (isCount[column] ? padding + cell : cell + padding) + "  "
        }
        while text.last == " " { text.removeLast() }
        return text
    }
    return rows.map(line).joined(separator: "\n")
}
