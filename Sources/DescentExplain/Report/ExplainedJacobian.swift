import DescentCore

/// The Jacobian of one value by one variable: output indices x input indices.
public struct ExplainedJacobian: Sendable {
    /// The value's name and shape.
    public let output: String, outputShape: [Int]
    /// The variable's name and shape.
    public let input: String, inputShape: [Int]
    /// The derivatives: the value's shape followed by the variable's.
    public let value: Tensor

    /// How it is indexed: "dy_i/dW_jk".
    public var indexing: String {
        let letters = Array("ijklmnpqrstuvw").map(String.init)
        let out = letters.prefix(outputShape.count).joined(), inner = letters.dropFirst(outputShape.count).prefix(inputShape.count).joined()
        return "d\(output)\(out.isEmpty ? "" : "_" + out)/d\(input)\(inner.isEmpty ? "" : "_" + inner)"
    }

    /// The indexing and the shape, then the numbers: a table of two axes, or one for each index before them.
    public func text() -> String {
        let shape = value.shape
        let rank = shape.count == 0 ? "a single number" : shape.count == 1 ? "a vector" : shape.count == 2 ? "a matrix" : "rank \(shape.count)"
        var lines = ["\(indexing): \(outputShape) x \(inputShape), \(rank)"]
        let numbers = value.doubles
        guard numbers.count <= 400 else { return lines[0] + "\n  " + DescentExplain.text(of: value) }
        let columns = shape.last ?? 1, rows = shape.count > 1 ? shape[shape.count - 2] : 1
        let blocks = indexes(of: Array(shape.dropLast(2)))
        let letters = Array("ijklmnpqrstuvw").map(String.init)
        for (number, block) in blocks.enumerated() {
            if shape.count > 2 {
                lines.append("  " + block.enumerated().map { "\(letters[$0]) = \($1)" }.joined(separator: ", ") + ":")
            }
            let cells = (0..<rows).map { row in (0..<columns).map { short(numbers[(number * rows + row) * columns + $0]) } }
            let widths = (0..<columns).map { column in cells.map { $0[column].count }.max() ?? 0 }
            for row in cells {
                let texts = zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
                lines.append((shape.count > 2 ? "    " : "  ") + texts.joined(separator: "  "))
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension Explanation {
    /// The Jacobians of values by the variables, one for each pair.
    ///
    /// - Parameter names: the values; by default those that no definition uses.
    public func jacobians(of names: [String]? = nil) -> [ExplainedJacobian] {
        (names ?? graph.outputs.map(\.name)).flatMap { name in
            variables.map { variable in
                let function = GraphFunction(self, output: name)
                let derivative = jacobian(at: inputs[variable]!) { value in
                    var values = inputs
                    values[variable] = value
                    return function.value(values)
                }
                let shape = inputs[variable]!.shape
                return ExplainedJacobian(
                    output: name, outputShape: Array(derivative.shape.dropLast(shape.count)), input: variable, inputShape: shape, value: derivative)
            }
        }
    }
}

extension ExplainedJacobian {
    /// Derivatives of numbers by numbers as one matrix: a row for each output, a column for each variable.
    public static func table(_ jacobians: [ExplainedJacobian]) -> String {
        func unique(_ names: [String]) -> [String] { names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        let rows = unique(jacobians.map(\.output)), columns = unique(jacobians.map(\.input))
        var table = TextColumns([""] + columns.map { "d/d\($0)" })
        for row in rows {
            table.add(
                [row]
                    + columns.map { column in
                        jacobians.first { $0.output == row && $0.input == column }.map { DescentExplain.text(of: $0.value) } ?? ""
                    })
        }
        return (["Jacobian [\(rows.count)] x [\(columns.count)]:"] + table.lines(right: Set(1...max(columns.count, 1))).map { "  " + $0 }).joined(separator: "\n")
    }
}
