import DescentCore
import DescentNN

extension Layer {
    /// A table of the layers that an input of this shape passes: output shape, parameters and multiply-adds of each. Nothing is computed.
    ///
    ///     print(network.summary(input: [1, 1, 28, 28]))
    ///
    /// Multiply-adds are those of convolutions and products; what is done element by element is not counted.
    ///
    /// - Parameter shape: The input's, with the batch first.
    /// - Precondition: the shape fits the model.
    public func summary(input shape: [Int]) -> String {
        let input = Tensor.zeros(shape)
        let trace = ModelTrace(self, input: input) {
            let result = self(input)
            return (result, result.sum())
        }
        let nodes = Dictionary(trace.nodes.map { ($0.id, $0) }) { first, _ in first }
        var rows: [[String]] = [], total = 0
        for unit in ModelUnits(trace, ModulePlaces(self)).units where !unit.nodes.isEmpty {
            guard let result = unit.result, unit.path != nil || unit.isNamed else { continue }
            let parameters = unit.parameters.reduce(0) { $0 + trace.parameters[$1].variable.shape.reduce(1, *) }
            let work = unit.nodes.reduce(0) { $0 + (nodes[$1]?.multiplyAdds ?? 0) }
            total += work
            rows.append([unit.path ?? "", unit.kind, "\(result.shape)", parameters > 0 ? "\(parameters)" : "", work > 0 ? "\(work)" : ""])
        }
        let header = ["layer", "", "output", "parameters", "multiply-adds"]
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max()! }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column -> String in
                let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
                return column >= 3 ? blanks + cells[column] : cells[column] + blanks
            }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        return ([line(header)] + rows.map(line) + ["\(String(describing: type(of: self))) on \(shape): \(parameterCount) parameters, \(total) multiply-adds"]).joined(separator: "\n")
    }
}

extension Node {
    /// The multiply-adds of a product or a convolution; 0 for other operations.
    fileprivate var multiplyAdds: Int {
        switch primitive {
        case let product as Product:
            return type.shape.reduce(1, *) * product.dimensions.leftContracted.reduce(1) { $0 * inputs[0].shape[$1] }
        case let convolution as Convolution:
            // A filter is applied once for each output element; in a transposed convolution the output is the input.
            let output = convolution.role == .output ? type.shape : inputs[0].shape
            return output.reduce(1, *) * inputs[1].shape.dropFirst().reduce(1, *)
        default: return 0
        }
    }
}
