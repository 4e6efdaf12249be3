import DescentCore
import DescentNN

extension Layer {
    /// What happens to one batch, layer by layer. A `Sequential` is looked into, those in it too; any other layer counts as one.
    ///
    /// The model is left in the mode that it is in, and no parameter changes. Random layers draw as they do in any call.
    ///
    /// - Parameters:
    ///   - input: A batch, the first axis counting examples.
    ///   - loss: A scalar from the model's result.
    public func explain(_ input: Tensor, loss: (Tensor) -> Tensor) -> ModelExplanation {
        let layers = flattened(path: "")
        // Forward once, each layer on the value of the one before, for the values.
        var results: [Tensor] = [], value = input
        for entry in layers {
            value = entry.layer(value)
            results.append(value)
        }
        // A zero is added to each result: the gradient by it is the gradient by the result. The draws of random layers are made again, so
        // values and gradients belong together where there are none, and to two draws where there are.
        let (total, (slopes, _)) = valueWithGradient(at: results.map { Tensor(0, like: $0) }, [Tensor]()) { added, _ in
            var value = input
            for (entry, zero) in zip(layers, added) { value = entry.layer(value) + zero }
            return loss(value)
        }
        let variables = layers.map { $0.layer.parameters.filter { !$0.variable.isFrozen }.map(\.variable) }
        let (_, gradients) = valueWithGradient(at: variables.flatMap { $0 }) { loss(layers.reduce(input) { $1.layer($0) }) }
        var start = 0
        let reports = layers.enumerated().map { index, entry in
            let own = gradients[start..<(start + variables[index].count)]
            start += variables[index].count
            return report(entry, results[index].doubles, results[index].shape, slopes[index].doubles, own.flatMap(\.doubles))
        }
        return ModelExplanation(layers: reports, loss: total.item())
    }

    private func report(
        _ entry: (path: String, layer: any Layer), _ values: [Double], _ shape: [Int], _ slopes: [Double], _ gradients: [Double]
    ) -> ModelExplanation.LayerReport {
        let name = (entry.layer as? Activation)?.name
        let units = shape.last ?? 1
        var dead = 0
        if let name, ["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "hard_sigmoid", "step"].contains(name), units > 0 {
            dead = (0..<units).count { unit in stride(from: unit, to: values.count, by: units).allSatisfy { values[$0] == 0 } }
        }
        var saturated = 0
        if name == "sigmoid" || name == "hard_sigmoid" { saturated = values.count { $0 < 0.01 || $0 > 0.99 } }
        if name == "tanh" { saturated = values.count { Swift.abs($0) > 0.99 } }
        return ModelExplanation.LayerReport(
            path: entry.path, kind: name ?? "\(type(of: entry.layer))", shape: shape, parameterCount: entry.layer.parameterCount,
            activations: .init(values), gradients: .init(slopes), parameterGradients: gradients.isEmpty ? nil : .init(gradients), deadUnits: dead,
            units: units, saturatedShare: Double(saturated) / Double(max(values.count, 1)))
    }

    /// The layers in the order of the values' way.
    private func flattened(path: String) -> [(path: String, layer: any Layer)] {
        guard let sequence = self as? Sequential else { return [(path.isEmpty ? "model" : path, self)] }
        return sequence.layers.enumerated().flatMap { index, layer in
            layer.flattened(path: path.isEmpty ? "\(index)" : "\(path).\(index)")
        }
    }
}
