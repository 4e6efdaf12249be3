import DescentCore
import DescentExplain
import DescentJobs
import DescentNN
import DescentTrain
import Testing

/// Models of any make: what their parts are called, and their gradients against `gradient` of the rest of the way.
@Suite struct AnyModelTests {
    private let input = Tensor.linspace(-1, 1, count: 40).reshaped(10, 4)

    private func agree(_ spread: ModelExplanation.Spread, _ expected: Tensor, _ tolerance: Double = 1e-5) -> Bool {
        let other = ModelExplanation.Spread(expected.doubles)
        return abs(spread.norm - other.norm) <= tolerance * other.norm && abs(spread.mean - other.mean) <= tolerance * max(other.size, 1e-30)
            && other.norm > 0
    }

    private struct Residual: Layer {
        let first = Linear(4, 6), second = Linear(6, 4), norm = LayerNorm(4), output = Linear(4, 2)
        func callAsFunction(_ x: Tensor) -> Tensor { output(norm(x + second(tanh(first(x))))) }
    }

    @Test func aStructWithFunctionsBetweenItsLayersAndAResidualSum() {
        let model = Residual()
        model.initialize(seed: 3)
        func loss(_ y: Tensor) -> Tensor { (y * y).sum() }
        let found = model.explain(input, loss: loss)
        #expect(found.layers.map(\.path) == ["first", "after first", "second", "after second", "norm", "output"])
        #expect(found.layers.map(\.kind) == ["Linear", "tanh", "Linear", "residual sum", "LayerNorm", "Linear"])
        #expect(found.layers.map(\.shape) == [[10, 6], [10, 6], [10, 4], [10, 4], [10, 4], [10, 2]])
        #expect(found.layers[3].inputShapes == [[10, 4], [10, 4]])
        #expect(found.layers.map(\.parameterCount) == [30, 0, 28, 0, 8, 10])
        // Each gradient by `gradient` of what follows.
        let z = model.first(input), h = tanh(z), s = model.second(h)
        let after: [(at: Tensor, rest: (Tensor) -> Tensor)] = [
            (z, { x in loss(model.output(model.norm(input + model.second(tanh(x))))) }), (h, { x in loss(model.output(model.norm(input + model.second(x)))) }),
            (s, { x in loss(model.output(model.norm(input + x))) }), (input + s, { x in loss(model.output(model.norm(x))) }),
            (model.norm(input + s), { x in loss(model.output(x)) }), (model(input), loss),
        ]
        for (layer, (point, rest)) in zip(found.layers, after) {
            #expect(agree(layer.activations, point), "\(layer.path)")
            #expect(agree(layer.gradients, gradient(at: point, of: rest)), "\(layer.path)")
        }
        let (value, gradients) = valueWithGradient(at: model) { loss($0(input)) }
        #expect(abs(found.loss - value.item()) <= 1e-5 * value.item())
        for parameter in found.layers.flatMap(\.parameters) { #expect(agree(parameter.gradients, gradients[parameter.path]!), "\(parameter.path)") }
        #expect(found.layers.flatMap(\.parameters).count == 8)
        #expect(found.unusedParameters.isEmpty)
    }

    private struct Deep: Layer {
        let layers: [Linear]
        let function: @Sendable (Tensor) -> Tensor
        var children: [(name: String, value: Any)] { [("layers", layers)] }
        func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { function($1($0)) } }
    }

    @Test func vanishingAndExplodingAreSaidByLayer() {
        let sigmoids = Deep(layers: (0..<10).map { _ in Linear(4, 4, initializer: .normal(deviation: 0.5)) }) { sigmoid($0) }
        sigmoids.initialize(seed: 1)
        let found = sigmoids.explain(input) { $0.sum() }
        #expect(found.layers.count == 20)
        let sizes = found.layers.map(\.gradients.size)
        let ratio = sizes[0] / sizes[19]
        #expect(ratio < 1e-3)
        let sentence = found.words.first { $0.hasPrefix("The gradient vanishes: from sigmoid after layers.9 back to layer layers.0 it shrinks by the factor ") }
        #expect(sentence != nil, "\(found.words)")
        // From the last part that is below a thousandth.
        let faint = sizes.lastIndex { $0 < 1e-3 * sizes[19] }!
        let name = faint % 2 == 0 ? "layer layers.\(faint / 2) (Linear)" : "sigmoid after layers.\(faint / 2)"
        #expect(sentence?.contains("It is below a thousandth of that from \(name) on back.") == true, "\(found.words)")

        let linear = Deep(layers: (0..<7).map { _ in Linear(4, 4, bias: false, initializer: .constant(3)) }) { $0 }
        linear.initialize(seed: 1)
        let explosion = linear.explain(input) { $0.sum() }
        #expect(explosion.layers.map(\.path) == (0..<7).map { "layers.\($0)" })
        // 12 in each of the layers after the first: 12⁶ = 2985984.
        #expect(explosion.words.contains { $0.hasPrefix("The gradient explodes: from layer layers.6 back to layer layers.0 it grows by the factor 3000000, most of all in layer layers.") })
    }

    @Test func deadAndSaturatedUnitsAreCounted() {
        let relus = Deep(layers: [Linear(4, 8), Linear(8, 8), Linear(8, 1)]) { relu($0) }
        relus.initialize(seed: 2)
        relus.layers[0].bias!.value = Tensor([9, -9, 9, -9, 9, 9, -9, 9])
        let found = relus.explain(input) { $0.sum() }
        #expect(found.layers[1].deadUnits == 3)
        #expect(found.layers[1].units == 8)
        #expect(found.words.contains("relu after layers.0: 3 of 8 units are 0 for the whole batch, and learn nothing from it."))
        let tanhs = Deep(layers: [Linear(4, 5)]) { tanh($0) }
        tanhs.initialize(seed: 2)
        tanhs.layers[0].bias!.value = Tensor([9, 0, -9, 0, 0])
        let saturated = tanhs.explain(input) { $0.sum() }
        #expect(saturated.layers[1].saturatedUnits == 2)
        #expect(saturated.words.contains("tanh after layers.0: 2 of 5 units are saturated for the whole batch, where their slope is near 0."))
    }

    @Test func functionsAreKnownByTheirGraphs() {
        for activation in Activation.all where !["identity", "swish", "step"].contains(activation.name) {
            let model = Deep(layers: [Linear(4, 3), Linear(3, 3)]) { activation($0) }
            model.initialize(seed: 4)
            let found = model.explain(input) { ($0 * $0).sum() }
            #expect(found.layers.map(\.kind) == ["Linear", activation.name, "Linear", activation.name])
        }
        let model = Deep(layers: [Linear(4, 3)]) { softmax($0 * 2.0, axis: 0) }
        model.initialize(seed: 4)
        #expect(model.explain(input) { ($0 * $0).sum() }.layers.map(\.kind) == ["Linear", "multiply", "softmax over axis 0"])
    }

    @Test func sequencesOfLayersNameAllTheirMembers() {
        struct Scaled: Layer { func callAsFunction(_ x: Tensor) -> Tensor { x * 0.5 + 1.0 } }
        struct Body: Layer {
            let steps = Sequential(Linear(3, 3), Activation.gelu), end = Linear(3, 1)
            func callAsFunction(_ x: Tensor) -> Tensor { end(steps(x)) }
        }
        let dropout = Dropout(0.5, seed: 1)
        let model = Sequential(Linear(4, 3), Scaled(), PReLU(), Sequential(dropout, Body()), Activation.sigmoid)
        model.initialize(seed: 4)
        let found = model.explain(input) { ($0 * $0).sum() }
        #expect(found.layers.map(\.path) == ["0", "1", "2", "3.0", "3.1.steps.0", "3.1.steps.1", "3.1.end", "4"])
        #expect(found.layers.map(\.kind) == ["Linear", "Scaled", "PReLU", "Dropout", "Linear", "gelu", "Linear", "sigmoid"])
        #expect(found.layers[3].activations.zeroShare > 0.2)
        #expect(found.layers[2].parameters.map(\.path) == ["2.weight"])
    }

    @Test func theNetworkForTables() {
        let model = FeedForward(FeedForward.Architecture(inputs: 4, hidden: [8, 8], outputs: 3, activation: "gelu", dropout: 0.2))
        model.initialize(seed: 1)
        model.infer()
        let labels = Tensor(int32: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
        let found = model.explain(input) { softmaxCrossEntropy($0, labels) }
        #expect(found.layers.map(\.path) == ["hidden.0", "after hidden.0", "hidden.1", "after hidden.1", "output"])
        #expect(found.layers.map(\.kind) == ["Linear", "gelu", "Linear", "gelu", "Linear"])
        model.train()
        #expect(model.explain(input) { softmaxCrossEntropy($0, labels) }.layers.map(\.kind) == ["Linear", "gelu", "dropout", "Linear", "gelu", "dropout", "Linear"])
        let several = FeedForward(FeedForward.Architecture(inputs: 4, hidden: [8], outputs: 3, activation: "relu", dropout: 0, members: 2))
        let parts = several.explain(input) { softmaxCrossEntropy($0, labels) }.layers
        #expect(parts.filter(\.isModule).map(\.path) == ["members.0.hidden.0", "members.0.output", "members.1.hidden.0", "members.1.output"])
        #expect(parts.last?.kind == "add, multiply")
    }

    private struct Reader<Cell: RecurrentCell>: Module {
        let reader: Recurrent<Cell>, output = Linear(5, 1)
        init(_ cell: Cell) { reader = Recurrent(cell) }
        func callAsFunction(_ x: Tensor) -> Tensor { output(reader(x)[0..., -1]) }
    }

    /// `GradientFlow` moves the states in a loop of its own.
    @Test func gradientsThroughTime() {
        let sequence = sin(Tensor.arange(150).cast(to: .float32) * 0.7).reshaped(50, 3)
        func check<Cell: RecurrentCell>(_ cell: Cell, _ kind: String) -> ModelExplanation {
            let model = Reader(cell)
            model.initialize(seed: 7)
            let found = model.explain(running: { model(sequence.expanded(axis: 0)) }) { $0.sum() }
            #expect(found.layers.map(\.path) == ["reader", "output"])
            #expect(found.layers[0].kind == kind)
            #expect(found.layers[0].shape == [1, 50, 5])
            let flow = GradientFlow.report(cell, sequence) { model.output($0[-1]).sum() }
            #expect(found.layers[0].stateGradients.count == 50)
            for (norm, expected) in zip(found.layers[0].stateGradients, flow.lossNorms.dropFirst()) { #expect(abs(norm - expected) <= 1e-4 * expected) }
            return found
        }
        let plain = check(RNNCell(3, 5), "Recurrent<RNNCell>")
        #expect(
            plain.words.contains { $0.hasPrefix("Layer reader (Recurrent<RNNCell>): back through its 50 steps the gradient vanishes: the norm of the gradient by the state is ") }, "\(plain.words)")
        _ = check(GRUCell(3, 5), "Recurrent<GRUCell>")
        let gated = LSTMCell(3, 5)
        #expect(!check(gated, "Recurrent<LSTMCell>").layers[0].stateGradients.contains(0))
        let identity = RNNCell(3, 5, function: .identity)
        let model = Reader(identity)
        model.initialize(seed: 7)
        identity.hiddenWeight.value = Tensor.eye(5) * 1.3
        let found = model.explain(running: { model(sequence.expanded(axis: 0)) }) { $0.sum() }
        // 1.3⁴⁹ from the last step to the first.
        let norms = found.layers[0].stateGradients
        #expect(abs(norms[0] / norms[49] / 383022.479 - 1) < 1e-3)
        #expect(found.words.contains { $0.contains("back through its 50 steps the gradient explodes") })
    }

    @Test func bothDirectionsAndLengths() {
        let model = Bidirectional(RNNCell(3, 5), RNNCell(3, 5))
        model.initialize(seed: 7)
        let x = sin(Tensor.arange(120).cast(to: .float32)).reshaped(2, 20, 3)
        let found = model.explain(x) { $0[0, 0].sum() }
        #expect(found.layers.map(\.path) == ["forward", "backward", "after backward"])
        // The loss is of the first step: the last that is read from the end, the first that is read from the beginning.
        let forward = found.layers[0].stateGradients, backward = found.layers[1].stateGradients
        #expect(forward[0] > 0 && forward.dropFirst().allSatisfy { $0 == 0 })
        #expect(backward[19] > 0 && backward[0] < backward[19] && backward[0] > 0)
        let lengths = Tensor(int32: [20, 4]), reader = Recurrent(RNNCell(3, 5))
        reader.initialize(seed: 7)
        let masked = reader.explain(running: { reader(x, from: nil, lengths: lengths).outputs }) { ($0[0] * 0.0).sum() + $0[1].sum() }
        let norms = masked.layers[0].stateGradients
        #expect(norms[..<4].allSatisfy { $0 > 0 } && norms[4...].allSatisfy { $0 == 0 })
    }

    @Test func layersOfCellsUponAnEmbedding() {
        struct Tagger: Module {
            let embedding = Embedding(10, 4), output = Linear(4, 3)
            let reader = StackedRecurrent(count: 2, residual: true) { _ in Recurrent(GRUCell(4, 4)) }
            func callAsFunction(_ tokens: Tensor) -> Tensor { output(reader(embedding(tokens))) }
        }
        let model = Tagger(), tokens = Tensor(int32: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0], shape: [2, 5])
        model.initialize(seed: 2)
        let found = model.explain(running: { model(tokens) }) { ($0 * $0).mean() }
        #expect(found.layers.map(\.path) == ["embedding", "reader.0", "after reader.0", "reader.1", "after reader.1", "output"])
        #expect(found.layers.map(\.kind) == ["Embedding", "Recurrent<GRUCell>", "residual sum", "Recurrent<GRUCell>", "residual sum", "Linear"])
        let (_, gradients) = valueWithGradient(at: model) {
            let y = $0(tokens); return (y * y).mean()
        }
        for parameter in found.layers.flatMap(\.parameters) { #expect(agree(parameter.gradients, gradients[parameter.path]!), "\(parameter.path)") }
        #expect(found.layers.flatMap(\.parameters).count == 11)
    }

    @Test func aCellStepByStepAndALossAlone() {
        struct Steps: Module {
            let cell = RNNCell(4, 3), output = Linear(3, 1), spare = Linear(2, 2)
            func callAsFunction(_ x: Tensor) -> Tensor {
                var h = Tensor.zeros([1, 3])
                for step in 0..<4 { h = cell(x[step..<(step + 1)], h) }
                return sigmoid(output(h))
            }
        }
        let model = Steps()
        model.initialize(seed: 1)
        let found = model.explain { (model(input) - 1.0).squared.sum() }
        #expect(found.layers.map(\.path) == ["cell", "after cell", "cell (2)", "after cell (2)", "cell (3)", "after cell (3)", "cell (4)", "after cell (4)", "output", "after output"])
        #expect(found.layers.map(\.kind) == ["RNNCell", "tanh", "RNNCell", "tanh", "RNNCell", "tanh", "RNNCell", "tanh", "Linear", "sigmoid"])
        #expect(found.unusedParameters == ["spare.weight", "spare.bias"])
        #expect(found.words.contains("No part of this call has read the parameters spare.weight, spare.bias."))
        let (_, gradients) = valueWithGradient(at: model) { ($0(input) - 1.0).squared.sum() }
        let weight = found.layers[2].parameters.first { $0.path == "cell.hiddenWeight" }
        #expect(agree(weight!.gradients, gradients["cell.hiddenWeight"]!))
    }

    @Test func whatIsComputedAgainAndWhatTheLossLeavesOut() {
        struct Again: Layer {
            let hidden = Linear(4, 3), output = Linear(3, 2)
            func callAsFunction(_ x: Tensor) -> Tensor { output(checkpoint { tanh(hidden($0)) }(x)) }
        }
        let model = Again()
        model.initialize(seed: 5)
        let found = model.explain(input) { $0.squared.sum() }
        #expect(found.layers.map(\.kind) == ["Linear", "tanh", "Linear"])
        #expect(agree(found.layers[0].gradients, gradient(at: model.hidden(input)) { model.output(tanh($0)).squared.sum() }))
        let (_, gradients) = valueWithGradient(at: model) { $0(input).squared.sum() }
        for parameter in found.layers.flatMap(\.parameters) { #expect(agree(parameter.gradients, gradients[parameter.path]!), "\(parameter.path)") }
        let other = model.explain(input) { $0.sum() * 0.0 }
        #expect(other.words == ["The gradient is 0 at the end already: the loss does not depend on the model's result here."])
        let constant = model.explain(input) { _ in Tensor(1) * 2.0 }
        #expect(constant.layers.count == 3 && constant.words == other.words)
        let broken = model.explain(input * Double.infinity) { $0.sum() }
        #expect(broken.words.first == "The loss or a gradient is not finite: lower the learning rate, or look at the inputs.")
    }

    @Test func parametersOfOnesOwnAndNumbersOfALoss() throws {
        struct Own: Layer {
            let weight = Variable(Tensor([[1, 2], [3, 4], [5, 6], [7, 8]]), isTrainable: true), table = Embedding(5, 2)
            func callAsFunction(_ x: Tensor) -> Tensor { relu(x.matmul(weight.value)) + table(Tensor(int32: [4, 3, 2, 1, 0, 0, 1, 2, 3, 4])) }
        }
        let model = Own()
        let found = model.explain(input) { $0.sum() }
        #expect(found.layers.map(\.path) == ["model", "after model", "table", "after table"])
        #expect(found.layers.map(\.kind) == ["Own", "relu", "Embedding", "add"])
        let json = found.json()
        #expect(try json.text().contains("\"kind\":\"Embedding\""))
        #expect("\(found)".contains("after model  relu"))
        // Nothing was changed, and nothing is left behind.
        #expect(model.weight.value.doubles == [1, 2, 3, 4, 5, 6, 7, 8])
        let sum = model(input).sum().item()
        #expect(abs(found.loss - sum) <= 1e-5 * abs(sum))
    }
}
