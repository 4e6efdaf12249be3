import DescentCore
import DescentNN
import Testing

private struct Classifier: Module {
    let hidden = Linear(4, 3)
    let output = Linear(3, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { output(relu(hidden(x))) }
}

private struct Scale: Layer {
    let factor = Variable.parameter([], .constant(2))
    /// State that is not learned.
    let calls = Variable(Tensor(Float(0)))
    func callAsFunction(_ x: Tensor) -> Tensor { x * factor.value }
}

private struct Everything: Module {
    let first = Classifier()
    let stack = [Linear(2, 2, bias: false), Linear(2, 2)]
    let extra: Linear? = Linear(1, 1)
    let none: Linear? = nil
    let byName = ["west": Scale(), "east": Scale()]
    let chain = Sequential(Linear(2, 3), Activation.tanh, Dropout(0.5), Linear(3, 1, bias: false))
    let name = "not a module"
    let sizes = [1, 2, 3]
}

/// Its output layer's weight is the embedding's, transposed by the layer: one parameter in two places.
private struct Tied: Module {
    let encoder: Linear
    let decoder: Linear
    init() {
        encoder = Linear(3, 3)
        decoder = encoder
    }
}

@Suite struct ModuleTests {
    @Test func parametersAreFoundByPathWhereverTheyAre() {
        #expect(
            Everything().parameters.map(\.path) == [
                "first.hidden.weight", "first.hidden.bias", "first.output.weight", "first.output.bias",
                "stack.0.weight", "stack.1.weight", "stack.1.bias",
                "extra.weight", "extra.bias",
                "byName.east.factor", "byName.west.factor",
                "chain.0.weight", "chain.0.bias", "chain.3.weight",
            ])
    }

    @Test func stateIsFoundBesideParameters() {
        let paths = Everything().variables.map(\.path)
        #expect(paths.contains("byName.east.calls") && paths.contains("chain.2.random"))
        #expect(Set(paths).count == paths.count)
    }

    @Test func variablesAreToldTheirNames() {
        let model = Classifier()
        #expect(model.hidden.weight.name == "")
        _ = model.parameters
        #expect(model.hidden.weight.name == "hidden.weight")
    }

    @Test func aSharedParameterIsListedOnce() {
        let model = Tied()
        #expect(model.parameters.map(\.path) == ["encoder.weight", "encoder.bias"])
        #expect(model.parameterCount == 12)
    }

    @Test func aSharedParametersGradientIsTheSumOverItsUses() {
        let model = Tied()
        let x = Tensor([[1, -2, 0.5]])
        let (_, shared) = valueWithGradient(at: model) { $0.decoder($0.encoder(x)).sum() }
        let weight = model.encoder.weight.value, bias = model.encoder.bias!.value
        let (first, second) = gradient(at: weight, weight) { a, b in
            ((x.matmul(a.transposed()) + bias).matmul(b.transposed()) + bias).sum()
        }
        expectClose(shared["encoder.weight"]!.doubles, (first + second).doubles)
    }

    @Test func countsAndSummary() {
        let model = Classifier()
        #expect(model.parameterCount == 4 * 3 + 3 + 3 * 2 + 2)
        #expect(
            model.summary() == """
                parameter      shape   count
                hidden.weight  [3, 4]     12
                hidden.bias    [3]         3
                output.weight  [2, 3]      6
                output.bias    [2]         2
                Classifier: 23 parameters
                """)
        model.freeze("hidden")
        #expect(
            model.summary() == """
                parameter      shape   count
                hidden.weight  [3, 4]     12  frozen
                hidden.bias    [3]         3  frozen
                output.weight  [2, 3]      6
                output.bias    [2]         2
                Classifier: 23 parameters, 15 of them frozen
                """)
    }

    @Test func frozenParametersGetNoGradientAndStay() {
        let model = Classifier()
        let x = Tensor([[1, 2, 3, 4]])
        func paths() -> [String] { valueWithGradient(at: model) { $0(x).sum() }.gradients.entries.map(\.parameter.path) }
        model.freeze("hidden")
        #expect(paths() == ["output.weight", "output.bias"])
        let before = model.parameters.map(\.variable.value.floats)
        let (_, gradients) = valueWithGradient(at: model) { $0(x).squared.sum() }
        SGD(learningRate: 0.1).update(model, with: gradients)
        let after = model.parameters.map(\.variable.value.floats)
        #expect(before[0] == after[0] && before[1] == after[1])
        #expect(before[3] != after[3])
        model.unfreeze("hidden.bias")
        #expect(paths() == ["hidden.bias", "output.weight", "output.bias"])
        model.unfreeze()
        #expect(paths().count == 4)
        model.freeze()
        #expect(paths() == [])
    }

    @Test func freezingNothingStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { Classifier().unfreeze("hiden") }
        expectSentence(result, "unfreeze: no parameter is called \"hiden\" or lies under it. There are: hidden.weight, hidden.bias, output.weight, output.bias.")
    }

    @Test func sequentialRunsItsLayersInOrder() {
        let first = Linear(2, 3), second = Linear(3, 1)
        let x = Tensor([[1, -1], [0.5, 2]])
        let chain = Sequential(first, Activation.tanh, second)
        #expect(chain(x).floats == second(tanh(first(x))).floats)
        #expect(Sequential([])(x).floats == x.floats)
    }

    @Test func flattenKeepsTheBatch() {
        #expect(Flatten()(Tensor.zeros([5, 2, 3, 4])).shape == [5, 24])
    }

    @Test func activationsHaveTheirNames() {
        for activation in Activation.all { #expect(Activation.named(activation.name)?.name == activation.name) }
        #expect(Activation.named("rectified") == nil)
        #expect(Activation.leakyRelu(Tensor([-2, 3])).floats == [-0.02, 3])
    }
}

@Suite struct InitializationTests {
    private struct Short: Module {
        let first = Linear(5, 4)
        let last = Linear(4, 2)
        let dropout = Dropout(0.5)
    }
    private struct Long: Module {
        let first = Linear(5, 4)
        let middle = Sequential(Linear(4, 4), Dropout(0.2))
        let last = Linear(4, 2)
        let dropout = Dropout(0.5)
    }

    private func values(_ model: some Module) -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: model.variables.map { ($0.path, $0.variable.value.withUnsafeBytes { Array($0) }) })
    }

    @Test func theSameSeedGivesTheSameBits() {
        let first = Long(), second = Long()
        #expect(values(first) != values(second))
        first.initialize(seed: 3)
        second.initialize(seed: 3)
        #expect(values(first) == values(second))
        second.initialize(seed: 4)
        #expect(values(first)["first.weight"] != values(second)["first.weight"])
    }

    @Test func aFurtherLayerChangesNoOther() {
        let short = Short(), long = Long()
        short.initialize(seed: 11)
        long.initialize(seed: 11)
        let found = values(long)
        for (path, bytes) in values(short) { #expect(found[path] == bytes, "\(path)") }
    }

    @Test func randomStreamsStartAnewFromTheSeed() {
        let model = Short()
        let x = Tensor.ones([1000])
        model.initialize(seed: 5)
        let first = model.dropout(x).floats
        #expect(model.dropout(x).floats != first)
        model.initialize(seed: 5)
        #expect(model.dropout(x).floats == first)
        model.initialize(seed: 6)
        #expect(model.dropout(x).floats != first)
    }

    @Test func layersMadeAlikeDiffer() {
        #expect(Linear(8, 8).weight.value.floats != Linear(8, 8).weight.value.floats)
        let x = Tensor.ones([100])
        #expect(Dropout(0.5)(x).floats != Dropout(0.5)(x).floats)
        #expect(Dropout(0.5, seed: 2)(x).floats == Dropout(0.5, seed: 2)(x).floats)
    }

    /// An initialiser with the deviation and the largest size of its values for a weight of 200 outputs and 300 inputs.
    struct Spread: Sendable {
        let initializer: Initializer
        let deviation: Double
        var bound = Double.infinity
    }

    private static let byInputs = (1 / 300.0).squareRoot(), both = (2 / 500.0).squareRoot(), he = (2 / 300.0).squareRoot(), root3 = 3.0.squareRoot()
    static let spreads = [
        Spread(initializer: .uniformByInputs, deviation: byInputs / root3, bound: byInputs),
        Spread(initializer: .xavierUniform(), deviation: both, bound: both * root3),
        Spread(initializer: .xavierUniform(gain: 1.5), deviation: both * 1.5, bound: both * root3 * 1.5),
        Spread(initializer: .xavierNormal(), deviation: both),
        Spread(initializer: .xavierNormal(gain: 2), deviation: both * 2),
        Spread(initializer: .heUniform, deviation: he, bound: he * root3),
        Spread(initializer: .heNormal, deviation: he),
        Spread(initializer: .normal(deviation: 0.02), deviation: 0.02),
        Spread(initializer: .uniform(-0.5..<0.5), deviation: 0.5 / root3, bound: 0.5),
    ]

    /// The spread of many values, against the initialiser's formula.
    @Test(arguments: spreads)
    func valuesHaveTheirSpread(_ spread: Spread) {
        let (initializer, deviation, bound) = (spread.initializer, spread.deviation, spread.bound)
        let values = initializer([200, 300], Random(seed: 1)).doubles
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        // Five standard errors: of the mean, and (for a normal distribution, the wider) of the deviation.
        #expect(Swift.abs(mean) < 5 * deviation / count.squareRoot())
        #expect(Swift.abs(variance.squareRoot() / deviation - 1) < 5 / (2 * count).squareRoot())
        #expect(values.allSatisfy { Swift.abs($0) <= bound * (1 + 1e-6) })
        if bound.isFinite { #expect(values.contains { Swift.abs($0) > 0.999 * bound }) }
    }

    @Test func furtherAxesCountAsInputsAndOutputs() {
        // A convolution's weight [outputs, inputs, height, width].
        let values = Initializer.heNormal([64, 16, 3, 3], Random(seed: 2)).doubles
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
        #expect(Swift.abs(variance * (16 * 9) / 2 - 1) < 0.05)
    }

    @Test func constantsAndElementTypes() {
        #expect(Initializer.zeros([3], Random(seed: 0)).floats == [0, 0, 0])
        #expect(Initializer.constant(0.25)([2], Random(seed: 0), dtype: .float64).doubles == [0.25, 0.25])
        #expect(Initializer.heNormal([2, 2], Random(seed: 0), dtype: .float64).dtype == .float64)
    }
}
