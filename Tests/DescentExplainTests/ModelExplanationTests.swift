import DescentCore
import DescentExplain
import DescentNN
import Testing

/// What a model does to a batch, against the same computed by hand, and what is said of models in trouble.
@Suite struct ModelExplanationTests {
    private let input = Tensor.linspace(-1, 1, count: 40).reshaped(10, 4)

    @Test func figuresAreThoseOfTheBatch() {
        let model = Sequential(Linear(4, 3), Sequential(Activation.relu, Linear(3, 1)))
        model.initialize(seed: 5)
        let explanation = model.explain(input) { ($0 * $0).sum() }
        #expect(explanation.layers.map(\.path) == ["0", "1.0", "1.1"])
        #expect(explanation.layers.map(\.kind) == ["Linear", "relu", "Linear"])
        #expect(explanation.layers.map(\.shape) == [[10, 3], [10, 3], [10, 1]])
        #expect(explanation.layers.map(\.parameterCount) == [15, 0, 4])
        let result = model(input).doubles
        #expect(abs(explanation.loss - result.reduce(0) { $0 + $1 * $1 }) < 1e-5)
        #expect(abs(explanation.layers[2].activations.mean - result.reduce(0, +) / 10) < 1e-6)
        // The gradient by the result is twice the result; by relu's result, that times the last weights.
        #expect(abs(explanation.layers[2].gradients.mean - 2 * result.reduce(0, +) / 10) < 1e-6)
        let weights = model.parameters[2].variable.value.doubles
        let mean = 2 * result.reduce(0, +) / 10 * weights.reduce(0, +) / 3
        #expect(abs(explanation.layers[1].gradients.mean - mean) < 1e-6)
        let (_, gradients) = valueWithGradient(at: model) {
            let y = $0(input); return (y * y).sum()
        }
        let last = gradients.tensors.suffix(2).flatMap(\.doubles)
        let size = (last.reduce(0) { $0 + $1 * $1 } / 4).squareRoot()
        #expect(abs(explanation.layers[2].parameterGradients!.size - size) < 1e-5 * size)
        let zeros = relu(model.layers[0](input)).doubles.count { $0 == 0 }
        #expect(zeros > 0)
        #expect(explanation.layers[1].activations.zeroShare == Double(zeros) / 30)
    }

    @Test func vanishingGradientsAndSaturationAreSaid() {
        var layers: [any Layer] = []
        for _ in 0..<8 { layers += [Linear(4, 4, initializer: .normal(deviation: 0.3)), Activation.sigmoid] as [any Layer] }
        let model = Sequential(layers)
        model.initialize(seed: 1)
        let words = model.explain(input) { ($0 * $0).sum() }.words
        #expect(words.contains { $0.hasPrefix("The gradient vanishes: from layer 15 back to layer 0 it shrinks by the factor ") })
        let large = Sequential(Linear(4, 4, initializer: .constant(50)), Activation.tanh)
        large.initialize(seed: 1)
        #expect(large.explain(input + 2) { $0.sum() }.words.contains("Layer 1 (tanh): 100% of its values are saturated, where its slope is near 0."))
    }

    @Test func explodingGradientsAndDeadUnitsAreSaid() {
        let model = Sequential((0..<6).map { _ in Linear(4, 4, initializer: .constant(3)) })
        model.initialize(seed: 1)
        // 12 for each of five layers: 12⁵ = 248832.
        #expect(model.explain(input) { $0.sum() }.words.contains { $0.hasPrefix("The gradient explodes: from layer 5 back to layer 0 it grows by the factor 250000,") })
        let dead = Sequential(Linear(4, 2, initializer: .constant(-1)), Activation.relu, Linear(2, 1))
        dead.initialize(seed: 1)
        let words = dead.explain(abs(input) + 1) { $0.sum() }.words
        #expect(words.contains("Layer 1 (relu): 2 of 2 units are 0 for the whole batch, and learn nothing from it."))
        #expect(words.contains { $0.hasPrefix("No gradient reaches layer 0 (Linear)") })
    }
}
