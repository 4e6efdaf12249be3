import DescentCore
import DescentNN

/// What happens to one batch in a model, layer by layer: shapes, values forward, gradients backward, and where learning is in trouble.
///
///     let network = Sequential(Linear(4, 32), Activation.relu, Linear(32, 1))
///     print(network.explain(inputs) { meanSquaredError($0, targets) })
public struct ModelExplanation: Sendable, CustomStringConvertible {
    /// The layers in the order of the values' way.
    public let layers: [LayerReport]
    /// The loss of the batch.
    public let loss: Double

    /// One layer with its numbers.
    public struct LayerReport: Sendable {
        /// Where it is in the model, "0" or "2.1", and its type or activation.
        public let path: String, kind: String
        /// The shape of its result.
        public let shape: [Int]
        /// How many numbers it learns.
        public let parameterCount: Int
        /// Its result, and the gradient of the loss by its result.
        public let activations: Spread, gradients: Spread
        /// The gradient of the loss by its parameters; `nil` where it has none.
        public let parameterGradients: Spread?
        /// Units (places of the last axis) that are 0 for the whole batch after an activation that can be 0 for good, and how many there are.
        public let deadUnits: Int, units: Int
        /// The share of values where a sigmoid or tanh is within a hundredth of its limits, so that its slope is near 0.
        public let saturatedShare: Double
    }

    /// The numbers of a tensor in three figures.
    public struct Spread: Sendable {
        /// The mean, the standard deviation (by the count), the root of the mean square.
        public let mean: Double, deviation: Double, size: Double
        /// The share of exact zeros.
        public let zeroShare: Double

        /// The figures of numbers; all 0 for none.
        public init(_ numbers: [Double]) {
            let count = Double(max(numbers.count, 1))
            let mean = numbers.reduce(0, +) / count
            self.mean = mean
            deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            size = (numbers.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
            zeroShare = Double(numbers.count { $0 == 0 }) / count
        }
    }

    /// A gradient that is smaller at the first layer than at the last by this factor vanishes; larger by its inverse, it explodes.
    public static let vanishingRatio = 1e-3

    /// What is wrong, in sentences; empty where nothing is.
    public var words: [String] {
        var words: [String] = []
        // The layers whose results have the gradient that reaches the parameters, from the end back.
        if let first = layers.first, let last = layers.last, layers.count > 1 {
            let sizes = layers.map(\.gradients.size)
            if sizes.contains(where: { !$0.isFinite }) || !loss.isFinite {
                words.append("The loss or a gradient is not finite: lower the learning rate, or look at the inputs.")
            } else if last.gradients.size == 0 {
                words.append("The gradient is 0 at the end already: the loss does not depend on the model's result here.")
            } else if first.gradients.size == 0 {
                let place = layers.last { $0.gradients.size == 0 }!
                words.append("No gradient reaches layer \(place.path) (\(place.kind)) or those before it: all of it is lost on the way back.")
            } else {
                let ratio = first.gradients.size / last.gradients.size
                let steps = zip(layers.dropFirst(), zip(sizes, sizes.dropFirst()).map { $0 / $1 })
                if ratio < Self.vanishingRatio, let worst = steps.min(by: { $0.1 < $1.1 }) {
                    words.append("The gradient vanishes: from layer \(last.path) back to layer \(first.path) it shrinks by the factor \(short(ratio, digits: 2)), most of all in layer \(worst.0.path) (\(worst.0.kind)). Other activations (relu, gelu), larger first weights or normalisation keep it.")
                } else if ratio > 1 / Self.vanishingRatio, let worst = steps.max(by: { $0.1 < $1.1 }) {
                    words.append("The gradient explodes: from layer \(last.path) back to layer \(first.path) it grows by the factor \(short(ratio, digits: 2)), most of all in layer \(worst.0.path) (\(worst.0.kind)). Smaller first weights, normalisation or clipping hold it.")
                }
            }
        }
        for layer in layers where layer.deadUnits > 0 {
            words.append("Layer \(layer.path) (\(layer.kind)): \(layer.deadUnits) of \(layer.units) units are 0 for the whole batch, and learn nothing from it.")
        }
        for layer in layers where layer.saturatedShare > 0.5 {
            words.append("Layer \(layer.path) (\(layer.kind)): \(short((layer.saturatedShare * 100).rounded(), digits: 3))% of its values are saturated, where its slope is near 0.")
        }
        return words
    }

    /// The layers as a table, then what is wrong.
    public var description: String {
        var table = TextColumns(["layer", "", "result", "parameters", "value: mean", "spread", "zeros", "gradient: mean", "spread", "zeros", "parameters' gradient"])
        func percent(_ share: Double) -> String { share == 0 ? "" : "\(short((share * 1000).rounded() / 10, digits: 3))%" }
        for layer in layers {
            table.add([
                layer.path, layer.kind, "\(layer.shape)", layer.parameterCount == 0 ? "" : "\(layer.parameterCount)",
                short(layer.activations.mean, digits: 3), short(layer.activations.deviation, digits: 3), percent(layer.activations.zeroShare),
                short(layer.gradients.mean, digits: 3), short(layer.gradients.deviation, digits: 3), percent(layer.gradients.zeroShare),
                layer.parameterGradients.map { short($0.size, digits: 3) } ?? "",
            ])
        }
        let verdict = words.isEmpty ? ["No layer is dead or saturated, and the gradient neither vanishes nor explodes."] : words
        return (table.lines(right: [3, 4, 5, 6, 7, 8, 9, 10]) + ["loss \(short(loss))", ""] + verdict).joined(separator: "\n")
    }
}
