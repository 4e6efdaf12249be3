import DescentCore

/// A value of a graph as a function of its variables, joined to one vector: what second derivatives, finite differences and steps work on.
struct GraphFunction: Sendable {
    let explanation: Explanation
    let output: String
    /// The variables' values, one after another. Float64, one axis.
    let point: Tensor
    /// The name of each element: "w", "W[0, 1]".
    let labels: [String]

    init(_ explanation: Explanation, output: String? = nil) {
        self.explanation = explanation
        self.output = output ?? explanation.output
        let values = explanation.variables.map { explanation.inputs[$0]! }
        point = values.isEmpty ? Tensor.zeros([0], dtype: .float64) : Tensor.concatenate(values.map { $0.reshaped(to: [$0.count]) })
        labels = zip(explanation.variables, values).flatMap { name, value in
            value.shape.isEmpty ? [name] : indexes(of: value.shape).map { "\(name)[\($0.map(String.init).joined(separator: ", "))]" }
        }
    }

    /// The output's value where the variables are the elements of a vector.
    func callAsFunction(_ vector: Tensor) -> Tensor {
        var inputs = explanation.inputs, start = 0
        for name in explanation.variables {
            let shape = inputs[name]!.shape, count = shape.reduce(1, *)
            inputs[name] = vector[start..<(start + count)].reshaped(to: shape)
            start += count
        }
        return value(inputs)
    }

    /// The output's value for values of all inputs.
    func value(_ inputs: [String: Tensor]) -> Tensor {
        let graph = explanation.graph
        do throws(ExpressionError) {
            return try graph.values(of: inputs)[graph.nodes.firstIndex { $0.name == output && !$0.isNumber }!]
        } catch { stop("\(error)") }
    }
}

/// All places of a shape, the last axis fastest.
func indexes(of shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { places, size in places.flatMap { place in (0..<size).map { place + [$0] } } }
}
