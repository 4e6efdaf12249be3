import DescentCore
import DescentNN
import Testing

/// Networks of one recurrent layer and a head, in float64, against cases.json: the arrangements, masks and the encoder-decoder.
@Suite struct RecurrentTaskTests {
    /// h = tanh(W_h h + W_x x + b), logits = W_y h + c.
    struct Network: Module {
        let layer: Recurrent<RNNCell>
        let head: Linear

        init(_ one: Fixture, _ h: String = "W_h", _ x: String = "W_x", _ b: String = "b") {
            let (w, u) = (one[x], one[h])
            (layer, head) = withParameters(of: .float64) { (Recurrent(RNNCell(w.shape[1], w.shape[0])), Linear(w.shape[0], one["c"].count)) }
            (layer.cell.inputWeight.value, layer.cell.hiddenWeight.value, layer.cell.inputBias.value) = (w, u, one[b])
            layer.cell.hiddenBias.value = Tensor(0, like: one[b])
            (head.weight.value, head.bias!.value) = (one["W_y"], one["c"])
        }
    }

    private func expectGradients(_ gradients: Gradients, _ one: Fixture, sourceLocation: SourceLocation = #_sourceLocation) {
        for (path, name) in [("layer.inputWeight", "W_x"), ("layer.hiddenWeight", "W_h"), ("layer.inputBias", "b"), ("head.weight", "W_y"), ("head.bias", "c")] {
            expectClose(gradients[path]!.doubles, one["gradient." + name].doubles, 1e-12, name, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: RecurrentSequenceCases.cases.filter { $0.name.hasPrefix("task-") })
    func arrangements(_ one: Fixture) {
        let model = Network(one), labels = one["labels"].cast(to: .int64)
        let given = one["xs"], steps = Swift.max(given.shape[0], labels.count)
        let x = Tensor.concatenate([given, .zeros([steps - given.shape[0], given.shape[1]], dtype: .float64)]).expanded(axis: 0)
        func logits(_ model: Network) -> Tensor {
            let all = model.head(model.layer(x, from: one["h0"].expanded(axis: 0)).outputs[0])
            return all[(steps - labels.count)..<steps]
        }
        expectClose(softmax(logits(model)).doubles, one["expected.probs"].doubles, 1e-13)
        let (loss, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy(logits($0), labels, reduction: .sum) }
        expectClose(loss.item(), one["expected.loss"].item(), 1e-13)
        expectGradients(gradients, one)
    }

    @Test(arguments: RecurrentSequenceCases.cases.filter { $0.name.hasPrefix("mask-") })
    func masks(_ one: Fixture) {
        let model = Network(one), count = one["expected.mask"].shape[0], steps = one["expected.mask"].shape[1]
        let lengths = (0..<count).map { one["seqs.\($0)"].shape[0] }
        let padded = one["expected.padded"]
        let labels = Tensor(
            int64: (0..<count).flatMap { place in
                one["labels.\(place)"].ints + [Int](repeating: one["pad_label"].ints[0], count: steps - lengths[place])
            }, shape: [count, steps])
        let mask = one["expected.mask"]
        func loss(_ model: Network, _ reduction: Reduction, weights: Tensor? = mask) -> Tensor {
            let outputs = model.layer(padded, from: nil, lengths: Tensor(int64: lengths)).outputs
            return softmaxCrossEntropy(model.head(outputs).reshaped(count * steps, -1), labels.reshaped(-1), weights: weights?.reshaped(-1), reduction: reduction)
        }
        expectClose(loss(model, .sum).item(), one["expected.masked_sum"].item(), 1e-13)
        let (mean, gradients) = valueWithGradient(at: model) { loss($0, .mean) }
        expectClose(mean.item(), one["expected.masked_mean"].item(), 1e-13)
        expectGradients(gradients, one)
        let last = model.layer(padded, from: nil, lengths: Tensor(int64: lengths)).state
        expectClose(last.doubles, one["expected.last_h"].doubles, 1e-13)
        // What goes wrong without: padding runs through the state, and its steps count.
        let blind = softmaxCrossEntropy(model.head(model.layer(padded)).reshaped(count * steps, -1), labels.reshaped(-1))
        expectClose(blind.item(), one["expected.unmasked_mean"].item(), 1e-13)
    }

    /// The encoder's last state starts the decoder, which is fed the true words; used freely it is fed its own.
    @Test(arguments: RecurrentSequenceCases.cases.filter { $0.name.hasPrefix("seq2seq-") })
    func encoderAndDecoder(_ one: Fixture) {
        let encoder = Network(one, "We_h", "We_x", "be").layer, decoder = Network(one, "Wd_h", "Wd_x", "bd")
        let source = one["src"].cast(to: .int64), target = one["target"].cast(to: .int64), start = one["sos"].ints[0]
        func words(_ numbers: Tensor, _ cell: RNNCell) -> Tensor { numbers.oneHot(cell.inputWeight.shape[1], dtype: .float64).expanded(axis: 0) }
        func encoded() -> Tensor { encoder(words(source, encoder.cell), from: nil).state }
        expectClose(encoded().doubles, one["expected.encoder_state"].doubles, 1e-13)

        let named = [
            ("We_x", encoder.cell.inputWeight), ("We_h", encoder.cell.hiddenWeight), ("be", encoder.cell.inputBias),
            ("Wd_x", decoder.layer.cell.inputWeight), ("Wd_h", decoder.layer.cell.hiddenWeight), ("bd", decoder.layer.cell.inputBias),
            ("W_y", decoder.head.weight), ("c", decoder.head.bias!),
        ]
        let (loss, slopes) = valueWithGradient(at: named.map(\.1)) {
            let fed = Tensor.concatenate([Tensor(int64: [start]), target[..<(-1)]])
            let outputs = decoder.layer(words(fed, decoder.layer.cell), from: encoded()).outputs[0]
            return softmaxCrossEntropy(decoder.head(outputs), target, reduction: .sum)
        }
        expectClose(loss.item(), one["expected.loss"].item(), 1e-13)
        expectClose(loss.item() / Double(target.count), one["expected.mean_loss"].item(), 1e-13)
        for ((name, _), slope) in zip(named, slopes) { expectClose(slope.doubles, one["gradient." + name].doubles, 1e-12, name) }

        var state = encoded(), word = start, said: [Int] = []
        repeat {
            let (output, next) = decoder.layer.step(words(Tensor(int64: [word]), decoder.layer.cell)[0], state)
            state = next
            word = decoder.head(output).argmax(axis: -1).ints[0]
            said.append(word)
        } while word != one["eos"].ints[0] && said.count < one["max_len"].ints[0]
        #expect(said == one["expected.greedy"].ints)
    }
}
