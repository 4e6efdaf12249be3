import DescentCore
import DescentNN
import Testing

@Suite("Transformer")
struct TransformerTests {
    private static func settings(normFirst: Bool, _ activation: Activation = .relu, rotary: Bool = false) -> TransformerSettings {
        TransformerSettings(size: 4, heads: 2, hidden: 6, activation: activation, normFirst: normFirst, dropout: 0, rotary: rotary ? RotaryPosition(2) : nil)
    }

    @Test("encoders and decoders are PyTorch's")
    func pyTorch() throws {
        try withParameters(of: .float64) {
            let lengths = Tensor(int64: [3, 2]), places = Tensor(int64: [2, 4])
            let last = TransformerEncoder(layers: 2, Self.settings(normFirst: false)), first = TransformerEncoder(layers: 2, Self.settings(normFirst: true, .gelu))
            try expectPyTorch("encoder_last_relu", last, inputs: ["x"]) { last($0[0], mask: nil, keyLengths: lengths) }
            try expectPyTorch("encoder_first_gelu", first, inputs: ["x"]) { first($0[0], mask: nil, keyLengths: lengths, causal: true) }
            for (name, normFirst) in [("decoder_last_relu", false), ("decoder_first_gelu", true)] {
                let decoder = TransformerDecoder(layers: 2, Self.settings(normFirst: normFirst, normFirst ? .gelu : .relu))
                try expectPyTorch(name, decoder, inputs: ["x", "memory"]) { decoder($0[0], memory: $0[1], keyLengths: lengths, memoryLengths: places) }
            }
            let names = first.parameters.map(\.path).filter { !$0.hasPrefix("layers.1") }
            #expect(
                names == [
                    "layers.0.self_attn.in_proj_weight", "layers.0.self_attn.in_proj_bias", "layers.0.self_attn.out_proj.weight", "layers.0.self_attn.out_proj.bias",
                    "layers.0.linear1.weight", "layers.0.linear1.bias", "layers.0.linear2.weight", "layers.0.linear2.bias", "layers.0.norm1.weight",
                    "layers.0.norm1.bias", "layers.0.norm2.weight", "layers.0.norm2.bias", "norm.weight", "norm.bias",
                ])
        }
    }

    @Test("a language model and a translator are PyTorch's")
    func models() throws {
        try withParameters(of: .float64) {
            let model = TransformerLanguageModel(vocabulary: 5, layers: 2, Self.settings(normFirst: true, .gelu), positions: .learned, context: 6)
            try expectPyTorch("language", model, inputs: []) { _ in model(Tensor(int64: [1, 4, 0, 2, 3, 3, 1, 0], shape: [2, 4])) }
            let translator = TransformerTranslator(
                sourceVocabulary: 5, targetVocabulary: 6, layers: 1, Self.settings(normFirst: false), tiesHead: false, hasFinalNorms: true)
            try expectPyTorch("translator", translator, inputs: []) { _ in
                translator(
                    Tensor(int64: [1, 4, 0, 2, 3, 1], shape: [2, 3]), target: Tensor(int64: [5, 1, 0, 2], shape: [2, 2]), sourceLengths: Tensor(int64: [3, 2]))
            }
        }
    }

    @Test("step by step is the whole pass, in one compiled form", arguments: [0, 1, 2])
    func steps(kind: Int) {
        let positions: TransformerPositions = [.learned, .sinusoidal, .rotary()][kind]
        let model = TransformerLanguageModel(vocabulary: 7, layers: 2, Self.settings(normFirst: true), positions: positions, context: 9, tiesHead: kind != 1)
        model.initialize(seed: kind)
        for entry in model.parameters where entry.variable.shape.count == 2 { entry.variable.value = entry.variable.value * 3 }
        let tokens = Tensor(int64: (0..<16).map { $0 * 5 % 7 }, shape: [2, 8])
        let whole = model(tokens)
        let next = compile { (tokens: Tensor, caches: [KeyValueCache]) in
            let result = model.step(tokens, caches)
            return (result.logits, result.caches)
        }
        // Three at once, then one by one.
        var (logits, caches) = next(tokens[.all, 0..<3], model.caches(batch: 2, capacity: 9))
        expectClose(logits.doubles, whole[.all, 0..<3].doubles, 1e-5)
        for place in 3..<8 {
            (logits, caches) = next(tokens[.all, place..<(place + 1)], caches)
            expectClose(logits.doubles, whole[.all, place..<(place + 1)].doubles, 1e-5, "step \(place)")
        }
        #expect(next.traceCount == 2 && caches[0].length.item() == 8)
    }

    @Test("a text read piece by piece is a text read at once: each token looks as far back, wherever pieces end", arguments: [1, 3, 20])
    func memory(reach: Int) {
        withParameters(of: .float64) {
            let model = TransformerLanguageModel(vocabulary: 7, layers: 2, Self.settings(normFirst: true))
            model.initialize(seed: 4)
            for entry in model.parameters where entry.variable.shape.count == 2 { entry.variable.value = entry.variable.value * 3 }
            let tokens = Tensor(int64: (0..<24).map { $0 * 5 % 7 }, shape: [2, 12])
            let start = model.memories(batch: 2, length: reach)
            let whole = model.continued(tokens, start).logits
            // Where the memory is longer than the text, it is the model without one.
            if reach > 12 { expectClose(model(tokens).doubles, whole.doubles, 1e-12) }
            for pieces in [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 5, 1, 4], [9, 3]] {
                var memories = start, place = 0
                for length in pieces {
                    let result = model.continued(tokens[.all, place..<(place + length)], memories)
                    expectClose(result.logits.doubles, whole[.all, place..<(place + length)].doubles, 1e-12, "\(pieces) at \(place)")
                    (memories, place) = (result.memories, place + length)
                }
            }
            // A memory times 0 is an empty one.
            let after = model.continued(tokens, start).memories.map { $0.rebuilt(from: TensorReader($0.tensors.map { $0 * 0 })) }
            expectClose(model.continued(tokens, after).logits.doubles, whole.doubles, 1e-12)
            // The pictures show the same reach, and rows that add up to 1.
            for weights in model.attention(tokens, reach: reach) {
                #expect(weights.shape == [2, 2, 12, 12])
                let numbers = weights[1, 0].doubles
                for row in 0..<12 {
                    #expect(abs(numbers[row * 12..<(row + 1) * 12].reduce(0, +) - 1) < 1e-12)
                    for column in 0..<12 { #expect((numbers[row * 12 + column] > 0) == (column <= row && column >= row - reach)) }
                }
            }
        }
    }

    @Test("beams are rows of the cache")
    func beams() {
        let model = TransformerLanguageModel(vocabulary: 7, layers: 1, Self.settings(normFirst: true))
        let tokens = Tensor(int64: [1, 2, 3, 4, 5, 6], shape: [2, 3])
        let caches = model.step(tokens, model.caches(batch: 2, capacity: 4)).caches.gathered(Tensor(int64: [1, 0, 1]))
        let logits = model.step(Tensor(int64: [0, 1, 2], shape: [3, 1]), caches).logits
        let whole = model(Tensor(int64: [4, 5, 6, 0, 1, 2, 3, 1, 4, 5, 6, 2], shape: [3, 4]))
        expectClose(logits.doubles, whole[.all, 3..<4].doubles, 1e-5)
    }

    @Test("a translator's steps are its whole pass, with sources of several lengths")
    func translatorSteps() {
        let model = TransformerTranslator(sourceVocabulary: 9, layers: 2, Self.settings(normFirst: false))
        let source = Tensor(int64: (0..<10).map { $0 * 3 % 9 }, shape: [2, 5]), target = Tensor(int64: (0..<8).map { $0 * 7 % 9 }, shape: [2, 4])
        let lengths = Tensor(int64: [5, 2])
        let whole = model(source, target: target, sourceLengths: lengths)
        let memory = model.encode(source, lengths: lengths)
        var caches = model.caches(memory: memory, capacity: 6)
        for place in 0..<4 {
            let result = model.stepWithWeights(target[.all, place..<(place + 1)], caches, memoryLengths: lengths)
            expectClose(result.logits.doubles, whole[.all, place..<(place + 1)].doubles, 1e-5, "step \(place)")
            for weights in result.weights {
                #expect(weights.shape == [2, 2, 1, 5] && weights[1].sum(axis: -1).doubles.allSatisfy { abs($0 - 1) < 1e-5 })
                #expect(weights[1, .all, 0, 2..<5].doubles == [Double](repeating: 0, count: 6))
            }
            caches = result.caches
        }
        // What lies beyond a source's length changes nothing.
        let other = Tensor(int64: [0, 3, 6, 0, 3, 6, 0, 8, 8, 8], shape: [2, 5])
        expectClose(model(other, target: target, sourceLengths: lengths).doubles, whole.doubles, 1e-6)
        let tables = model.parameters.map(\.path).filter { $0 == "source.weight" || $0 == "target.weight" }
        #expect(tables == ["source.weight"])
    }

    @Test("a cache that is full stops the program, and places not filled are not seen")
    func cache() async {
        let empty = KeyValueCache(batch: 1, heads: 1, capacity: 3, size: 2)
        let two = empty.updated(keys: Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2]), values: Tensor([5, 6, 7, 8], shape: [1, 1, 2, 2]))
        #expect(two.keys.floats == [1, 2, 3, 4, 0, 0] && two.length.item() == 2)
        #expect(two.mask(queries: 2).scalars(as: Bool.self) == [true, false, false, true, true, false])
        let three = two.updated(keys: Tensor([9, 9], shape: [1, 1, 1, 2]), values: Tensor([8, 8], shape: [1, 1, 1, 2]))
        #expect(three.keys.floats == [1, 2, 3, 4, 9, 9] && three.values.floats == [5, 6, 7, 8, 8, 8])
        let full = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let one = KeyValueCache(batch: 1, heads: 1, capacity: 1, size: 1), step = Tensor([1], shape: [1, 1, 1, 1])
            evaluate(one.updated(keys: step, values: step).updated(keys: step, values: step).tensors)
        }
        #expect(full != nil)
    }

    @Test("training lowers the loss; dropout only in training")
    func training() {
        let settings = TransformerSettings(size: 8, heads: 2, activation: .gelu, normFirst: true, dropout: 0.1)
        let model = TransformerLanguageModel(vocabulary: 5, layers: 1, settings), optimizer = Adam(learningRate: 0.02)
        model.initialize(seed: 1)
        let text = Tensor(int64: (0..<36).map { $0 % 5 }, shape: [4, 9])
        let step = compile { (text: Tensor) in
            let (loss, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(text[.all, 0..<8]), text[.all, 1..<9]) }
            optimizer.update(model, with: gradients)
            return loss
        }
        let first = step(text).item()
        for _ in 0..<60 { _ = step(text).item() }
        #expect(step(text).item() < first / 4)
        #expect(model(text).floats != model(text).floats)
        model.infer()
        #expect(model(text).floats == model(text).floats)
    }
}
