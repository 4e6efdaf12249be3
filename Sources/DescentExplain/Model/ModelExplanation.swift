import DescentCore
import DescentNN

/// One batch in a model, part by part: shapes, values forward, gradients backward, and problems in learning.
///
///     let network = Sequential(Linear(4, 32), Activation.relu, Linear(32, 1))
///     print(network.explain(inputs) { meanSquaredError($0, targets) })
public struct ModelExplanation: Sendable, CustomStringConvertible {
    /// The layers, and what lies between them, in the order of the values' way.
    public let layers: [LayerReport]
    /// The loss of the batch.
    public let loss: Double
    /// The parameters that no part of the run has read, by path.
    public let unusedParameters: [String]

    /// One part of the run with its numbers: a layer's call, or what the code does between layers.
    public struct LayerReport: Sendable {
        /// Where it is in the model, "0", "body.2" or "hidden (2)" for a second call; "after hidden" for what lies between.
        public let path: String
        /// The layer's type or activation; the function; "residual sum"; else the names of the operations.
        public let kind: String
        /// Whether it is a layer of the model, and not what the code does after one.
        public let isModule: Bool
        /// The shapes of what comes in from other parts and from outside.
        public let inputShapes: [[Int]]
        /// The shape of its result.
        public let shape: [Int]
        /// How many numbers it learns.
        public let parameterCount: Int
        /// Its result, and the gradient of the loss by its result; of a loop over time by its states after each step.
        public let activations: Spread, gradients: Spread
        /// The gradient of the loss by its parameters together; `nil` where it has none, or all are frozen.
        public let parameterGradients: Spread?
        /// Its parameters that are not frozen. Those of a layer that is called several times have the gradient of all calls.
        public let parameters: [Parameter]
        /// Units (places of the last axis) that are 0 for the whole batch after an activation that can be 0 for good, and how many there are.
        public let deadUnits: Int, units: Int
        /// Units for which a sigmoid or tanh is within a hundredth of its limits for the whole batch, so that its slope is near 0.
        public let saturatedUnits: Int
        /// The share of values of which that is true.
        public let saturatedShare: Double
        /// Of a loop over time: the norm of the gradient by the state after each step, in the order in which the steps are read.
        public let stateGradients: [Double]
        /// The parts that it takes from, by number.
        let sources: [Int]

        /// "layer hidden", "relu after hidden"
        var title: String { isModule ? "layer \(path)" : "\(kind) \(path)" }
        /// The same with the layer's kind.
        var fullTitle: String { isModule ? "layer \(path) (\(kind))" : title }
    }

    /// A parameter and the gradient of the loss by it.
    public struct Parameter: Sendable {
        /// Where it is in the model: "hidden.weight".
        public let path: String
        public let shape: [Int]
        public let gradients: Spread
    }

    /// The numbers of a tensor in a few figures.
    public struct Spread: Sendable {
        /// The mean, the standard deviation (by the count), the root of the mean square, the root of the sum of squares.
        public let mean: Double, deviation: Double, size: Double, norm: Double
        /// The share of exact zeros.
        public let zeroShare: Double

        /// The figures of numbers; all 0 for none.
        public init(_ numbers: [Double]) {
            let count = Double(max(numbers.count, 1))
            let mean = numbers.reduce(0, +) / count
            self.mean = mean
            deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            let squares = numbers.reduce(0) { $0 + $1 * $1 }
            size = (squares / count).squareRoot()
            norm = squares.squareRoot()
            zeroShare = Double(numbers.count { $0 == 0 }) / count
        }
    }

    /// A table has at most this many rows; of more parts the first and the last are shown.
    private static let rowLimit = 80

    /// The parts as a table, then what is wrong.
    public var description: String {
        var table = TextColumns(["layer", "", "input", "result", "parameters", "value: mean", "spread", "zeros", "gradient: mean", "spread", "zeros", "parameters' gradient"])
        func percent(_ share: Double) -> String { share == 0 ? "" : share < 0.0005 ? "< 0.1%" : "\(short((share * 1000).rounded() / 10, digits: 3))%" }
        func text(_ shapes: [[Int]]) -> String {
            let isOne = shapes.count > 1 && shapes.allSatisfy { $0 == shapes[0] }
            return isOne ? "\(shapes.count) x \(shapes[0])" : shapes.map { "\($0)" }.joined(separator: ", ")
        }
        let shown = layers.count <= Self.rowLimit ? Array(layers.indices) : Array(0..<Self.rowLimit / 2) + Array((layers.count - Self.rowLimit / 2)..<layers.count)
        var last = -1
        for index in shown {
            if index != last + 1 { table.add(["... \(index - last - 1) more"] + [String](repeating: "", count: 11)) }
            last = index
            let layer = layers[index]
            table.add([
                layer.path, layer.kind, text(layer.inputShapes), "\(layer.shape)",
                layer.parameterCount == 0 ? "" : "\(layer.parameterCount)",
                short(layer.activations.mean, digits: 3), short(layer.activations.deviation, digits: 3), percent(layer.activations.zeroShare),
                short(layer.gradients.mean, digits: 3), short(layer.gradients.deviation, digits: 3), percent(layer.gradients.zeroShare),
                layer.parameterGradients.map { short($0.norm, digits: 3) } ?? "",
            ])
        }
        let verdict = words.isEmpty ? ["No layer is dead or saturated, and the gradient neither vanishes nor explodes."] : words
        return (table.lines(right: [4, 5, 6, 7, 8, 9, 10, 11]) + ["loss \(short(loss))", ""] + verdict).joined(separator: "\n")
    }
}
