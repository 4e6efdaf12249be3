import DescentCore
import DescentNN
import Testing

/// Layers, stacks and both directions against PyTorch's: outputs, last states, the gradients of x, of the first states and of every weight.
@Suite struct RecurrentPyTorchTests {
    /// 0.6 sin(1.7 k + start): the fixture's tensors.
    private static func wave(_ shape: [Int], _ start: Double) -> Tensor {
        0.6 * sin(1.7 * Tensor.arange(0, Double(shape.reduce(1, *)), dtype: .float64) + start).reshaped(to: shape)
    }

    private static func layer(_ name: String) -> any PyTorchCompatible {
        withParameters(of: .float64) {
            switch name {
            case "rnn_relu": Recurrent(RNNCell(3, 2, function: .relu))
            case "rnn_tanh_deep": StackedRecurrent(count: 2) { Bidirectional(RNNCell($0 == 0 ? 3 : 4, 2), RNNCell($0 == 0 ? 3 : 4, 2)) }
            case "lstm": Recurrent(LSTMCell(3, 2))
            case "lstm_deep", "lstm_ragged": StackedRecurrent(count: 2) { Bidirectional(LSTMCell($0 == 0 ? 3 : 4, 2), LSTMCell($0 == 0 ? 3 : 4, 2)) }
            case "gru": Recurrent(GRUCell(3, 2))
            case "gru_deep": StackedRecurrent(count: 2) { Bidirectional(GRUCell($0 == 0 ? 3 : 4, 2), GRUCell($0 == 0 ? 3 : 4, 2)) }
            case "gru_ragged": Bidirectional(GRUCell(3, 2), GRUCell(3, 2))
            default: fatalError("no layer \(name)")
            }
        }
    }

    private static func weights(_ layer: some PyTorchCompatible) throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (number, parameter) in try layer.pyTorchParameters(layer: 0, suffix: "").enumerated() {
            tensors[parameter.name] = wave(parameter.variable.shape, Double(number))
        }
        return tensors
    }

    @Test(arguments: PyTorchRecurrentCases.cases)
    func agree(_ one: Fixture) throws { try check(Self.layer(one.name), one) }

    private func check<Layer: PyTorchCompatible>(_ layer: Layer, _ one: Fixture) throws {
        try layer.load(pyTorch: Self.weights(layer))
        let places = one["h"].shape, isLSTM = one.has("c")
        let x = Variable(Self.wave([2, 4, 3], 100)), h0 = Variable(Self.wave(places, 200)), c0 = Variable(Self.wave(places, 300))
        let lengths = one.has("lengths") ? one["lengths"].cast(to: .int64) : nil
        // PyTorch stacks the states of layers and directions; ours come in the same order, an LSTM's h and c side by side.
        func start() -> Layer.State {
            let tensors = (0..<places[0]).flatMap { isLSTM ? [h0.value[$0], c0.value[$0]] : [h0.value[$0]] }
            return layer.initialState(batch: 2, dtype: .float64).rebuilt(from: TensorReader(tensors))
        }
        func run() -> (outputs: Tensor, h: Tensor, c: Tensor?) {
            let (outputs, state) = layer(x.value, from: start(), lengths: lengths)
            let every = isLSTM ? 2 : 1
            let h = stride(from: 0, to: state.tensors.count, by: every).map { state.tensors[$0] }
            return (outputs, Tensor.stack(h), isLSTM ? Tensor.stack(stride(from: 1, to: state.tensors.count, by: 2).map { state.tensors[$0] }) : nil)
        }
        let result = run()
        expectClose(result.outputs.doubles, one["outputs"].doubles, 1e-13, "outputs")
        expectClose(result.h.doubles, one["h"].doubles, 1e-13, "h")
        if let c = result.c { expectClose(c.doubles, one["c"].doubles, 1e-13, "c") }

        let parameters = try layer.pyTorchParameters(layer: 0, suffix: "")
        #expect(Set(parameters.map(\.name)) == Set(one.names(after: "slope.")).subtracting(["x", "h0", "c0"]))
        let (_, slopes) = valueWithGradient(at: [x, h0, c0] + parameters.map(\.variable)) {
            let result = run()
            let loss = (result.outputs * Self.wave(result.outputs.shape, 400)).sum() + (result.h * Self.wave(places, 500)).sum()
            return result.c.map { loss + ($0 * Self.wave(places, 600)).sum() } ?? loss
        }
        for (name, slope) in zip(["x", "h0", "c0"] + parameters.map(\.name), slopes) where isLSTM || name != "c0" {
            expectClose(slope.doubles, one["slope." + name].doubles, 1e-12, name)
        }
    }

    @Test(arguments: ["rnn_relu", "lstm_deep", "gru_deep"])
    func weightsComeBack(_ name: String) throws { try checkRoundTrip(Self.layer(name)) }

    private func checkRoundTrip(_ layer: some PyTorchCompatible) throws {
        var weights: [String: Tensor] = [:]
        for (name, tensor) in try Self.weights(layer) { weights["encoder.rnn." + name] = tensor }
        weights["head.weight"] = Tensor([1])
        try layer.load(pyTorch: weights, prefix: "encoder.rnn.")
        let found = try layer.pyTorchWeights(prefix: "encoder.rnn.")
        #expect(Set(found.keys) == Set(weights.keys).subtracting(["head.weight"]))
        for (name, tensor) in found { #expect(tensor.doubles == weights[name]!.doubles) }
    }

    /// The other blend gets the weights that mean the same.
    @Test func theOtherBlend() throws {
        let theirs = withParameters(of: .float64) { Recurrent(GRUCell(3, 2)) }, ours = withParameters(of: .float64) { Recurrent(GRUCell(3, 2, blend: .updateReplaces)) }
        let weights = try Self.weights(theirs)
        try theirs.load(pyTorch: weights)
        try ours.load(pyTorch: weights)
        let x = Self.wave([2, 4, 3], 100)
        expectClose(ours(x).doubles, theirs(x).doubles, 1e-14)
        #expect(try ours.pyTorchWeights()["bias_ih_l0"]!.doubles == weights["bias_ih_l0"]!.doubles)
    }

    @Test func withoutBiases() throws {
        let layer = Recurrent(LSTMCell(3, 2))
        let weights = try Self.weights(layer).filter { !$0.key.hasPrefix("bias") }
        try layer.load(pyTorch: weights)
        #expect(layer.cell.inputBias.value.floats == [Float](repeating: 0, count: 8) && layer.cell.hiddenBias.value.floats == [Float](repeating: 0, count: 8))
    }

    @Test func whatDoesNotFitIsToldAndChangesNothing() throws {
        let layer = Recurrent(GRUCell(3, 2)), before = layer.cell.hiddenWeight.value.floats
        let weights = try Self.weights(layer)
        func sentence(_ tensors: [String: Tensor], _ layer: any PyTorchCompatible, prefix: String = "") -> String {
            do { try layer.load(pyTorch: tensors, prefix: prefix) } catch { return error.description }
            return "no error"
        }
        #expect(
            sentence(weights.filter { $0.key != "bias_hh_l0" }, layer)
                == "There is no \"bias_hh_l0\" among the tensors: \"bias_ih_l0\", \"weight_hh_l0\", \"weight_ih_l0\".")
        #expect(sentence([:], layer, prefix: "rnn.") == "There is no \"rnn.weight_ih_l0\" among the tensors: there are none.")
        #expect(sentence(weights, Recurrent(GRUCell(4, 2))) == "\"weight_ih_l0\" has shape [6, 3]; this layer's is [6, 4].")
        #expect(
            sentence(weights.merging(["weight_hr_l0": Tensor([1])]) { a, _ in a }, layer)
                == "\"weight_hr_l0\" would be left over: that layer has more layers, directions or projections than this one.")
        #expect(
            sentence(weights, Recurrent(GRUCell(3, 2, reset: .beforeProduct)))
                == "This GRUCell has the reset gate before the product; nn.GRU has it after. Make the cell with reset: .afterProduct.")
        #expect(sentence(weights, Recurrent(LSTMCell(3, 2, hasPeepholes: true))) == "This LSTMCell has peepholes, which nn.LSTM lacks.")
        #expect(layer.cell.hiddenWeight.value.floats == before)
    }
}
