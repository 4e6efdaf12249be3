import DescentCore
import DescentNN
import Testing

/// 0.6 sin(1.7 i + start): the tensors of `PyTorchTransformers`.
func attentionWave(_ shape: [Int], _ start: Double) -> Tensor {
    0.6 * sin(1.7 * Tensor.arange(0, Double(shape.reduce(1, *)), dtype: .float64) + start).reshaped(to: shape)
}

/// Compares a module with a case of `PyTorchTransformers`: its names, output, and gradients by inputs and parameters.
func expectPyTorch(_ name: String, _ module: some Module, inputs: [String], _ run: ([Tensor]) -> Tensor) throws {
    let one = PyTorchTransformers.named(name)
    let parameters = module.parameters.sorted { $0.path < $1.path }
    for (number, entry) in parameters.enumerated() { entry.variable.value = attentionWave(entry.variable.shape, Double(number)) }
    let xs = inputs.enumerated().map { Variable(attentionWave(one["slope.\($1)"].shape, Double(100 * ($0 + 1)))) }
    var output: Tensor?
    let (_, slopes) = valueWithGradient(at: xs + parameters.map(\.variable)) {
        let y = run(xs.map(\.value))
        output = y
        return (y * attentionWave(y.shape, 400)).sum()
    }
    expectClose(try #require(output).doubles, one["output"].doubles, 1e-10, "\(name), output")
    let found = Dictionary(uniqueKeysWithValues: zip(inputs + parameters.map(\.path), slopes))
    for path in one.names(after: "slope.") { expectClose(try #require(found[path], "\(path)").doubles, one["slope.\(path)"].doubles, 1e-9, "\(name), \(path)") }
}

@Suite("Attention")
struct AttentionTests {
    private static func qkv(_ queries: Int, _ keys: Int, _ size: Int, batch: [Int] = [2]) -> [Tensor] {
        [attentionWave(batch + [queries, size], 100), attentionWave(batch + [keys, size], 200), attentionWave(batch + [keys, size], 300)]
    }

    @Test("the product with a mask of numbers and a scale is PyTorch's")
    func product() {
        let one = PyTorchTransformers.named("product"), inputs = Self.qkv(3, 3, 4)
        let run = { (t: [Tensor]) in scaledDotProductAttention(t[0], t[1], t[2], mask: attentionWave([3, 3], 7), scale: 0.7) }
        expectClose(run(inputs).doubles, one["output"].doubles, 1e-11)
        let slopes = gradient(at: inputs) { (run($0) * attentionWave([2, 3, 4], 400)).sum() }
        for (slope, name) in zip(slopes, ["q", "k", "v"]) { expectClose(slope.doubles, one["slope.\(name)"].doubles, 1e-11, name) }
    }

    @Test("heads, masks and weights are PyTorch's")
    func heads() throws {
        try withParameters(of: .float64) {
            let both = MultiHeadAttention(4, heads: 2), plain = MultiHeadAttention(4, heads: 2, bias: false)
            try expectPyTorch("self", both, inputs: ["x"]) { both($0[0], keyLengths: Tensor(int64: [3, 2])) }
            try expectPyTorch("self_causal", plain, inputs: ["x"]) { plain($0[0], causal: true) }
            try expectPyTorch("cross", both, inputs: ["q", "k"]) { both($0[0], $0[1], $0[1], mask: attentionWave([2, 3], 7)) }
            let sizes = MultiHeadAttention(4, heads: 2, keySize: 3, valueSize: 5)
            try expectPyTorch("cross_sizes", sizes, inputs: ["q", "k", "v"]) { sizes($0[0], $0[1], $0[2]) }
            #expect(Set(both.parameters.map(\.path)) == ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"])
            let names = Set(sizes.parameters.map(\.path))
            #expect(names == ["q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"])
            let one = PyTorchTransformers.named("cross_sizes")
            let weights = sizes.withWeights(attentionWave([2, 2, 4], 100), attentionWave([2, 3, 3], 200), attentionWave([2, 3, 5], 300))
            expectClose(weights.weights.doubles, one["weights"].doubles, 1e-11)
            expectClose(weights.output.doubles, one["output"].doubles, 1e-11)
        }
    }

    @Test("a key mask and lengths say the same, and join with a mask", arguments: [true, false])
    func masks(isBoolean: Bool) {
        let layer = withParameters(of: .float64) { MultiHeadAttention(4, heads: 2) }
        let x = attentionWave([2, 3, 4], 1), lengths = Tensor(int64: [3, 1])
        let byMask = layer(x, keyMask: paddingMask(lengths: lengths, count: 3))
        expectClose(layer(x, keyLengths: lengths).doubles, byMask.doubles, 1e-14)
        let isVisible = causalMask(queries: 3, keys: 3)
        let numbers = Tensor.where(isVisible, Tensor.zeros([3, 3], dtype: .float64), Tensor.full([3, 3], -.infinity, dtype: .float64))
        let joined = layer(x, mask: isBoolean ? isVisible : numbers, keyLengths: lengths)
        let expected = layer(x, keyLengths: lengths, causal: true)
        expectClose(joined.doubles, expected.doubles, 1e-14)
        #expect(expected.doubles != byMask.doubles)
    }

    /// Blocks of keys give the values, gradients and second derivatives of the whole, with and without masks.
    @Test("blocks of keys are the whole", arguments: [DType.float64, .float32], [0, 1, 2, 3])
    func blocks(dtype: DType, kind: Int) {
        let queries = 7, keys = 9, tolerance = dtype == .float64 ? 1e-10 : 1e-5
        let inputs = Self.qkv(queries, keys, 4).map { $0.cast(to: dtype) }
        let mask: Tensor? =
            switch kind {
            case 2: attentionWave([2, 1, keys], 5) .> 0
            case 3: attentionWave([queries, keys], 5) .> -0.4
            default: nil
            }
        let weights = attentionWave([2, queries, 4], 400).cast(to: dtype)
        func loss(_ block: Int) -> ([Tensor]) -> Tensor {
            { (scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, causal: kind != 0, keyBlock: block) * weights).sum() }
        }
        func second(_ block: Int) -> ([Tensor]) -> Tensor {
            { t in
                let slopes = gradient(at: t) { loss(block)($0) }
                return slopes.reduce(Tensor(0, like: weights).sum()) { $0 + ($1 * $1).sum() }
            }
        }
        for block in [3, 4] {
            let parts = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], mask: mask, causal: kind != 0, keyBlock: block)
            let whole = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], mask: mask, causal: kind != 0, keyBlock: keys)
            expectClose(parts.doubles, whole.doubles, tolerance, "values")
            for (one, other) in zip(gradient(at: inputs) { loss(block)($0) }, gradient(at: inputs) { loss(keys)($0) }) {
                expectClose(one.doubles, other.doubles, tolerance, "gradient")
            }
            for (one, other) in zip(gradient(at: inputs) { second(block)($0) }, gradient(at: inputs) { second(keys)($0) }) {
                expectClose(one.doubles, other.doubles, 10 * tolerance, "second derivative")
            }
        }
        if dtype == .float64 {
            let slope = gradient(at: inputs[1]) { loss(3)([inputs[0], $0, inputs[2]]) }
            expectClose(slope.doubles, finiteDifferences(at: inputs[1]) { loss(keys)([inputs[0], $0, inputs[2]]) }, 1e-6, "finite differences")
        }
    }

    @Test("memory of a long sequence grows with its length, not with the square")
    func memory() {
        func bytes(_ length: Int, _ block: Int) -> Int {
            let step = compile { (t: [Tensor]) in gradient(at: t) { scaledDotProductAttention($0[0], $0[1], $0[2], causal: true, keyBlock: block).sum() } }
            _ = step(Self.qkv(length, length, 4, batch: []).map { $0.cast(to: .float32) })
            return step.memory
        }
        #expect(bytes(512, 32) < 2 * bytes(256, 32) + 65536)
        #expect(bytes(512, 512) > 3 * bytes(256, 256))
    }

    @Test("a query that may look at nothing gives 0, with gradients of 0", arguments: [1, 3])
    func hiddenRows(block: Int) {
        let inputs = Self.qkv(3, 2, 4)
        // With 3 queries and 2 keys the first query comes before all keys.
        for mask in [nil, Tensor(bool: [true, true, true, true, false, false], shape: [3, 2]), Tensor.full([3, 2], -.infinity, dtype: .float64)] as [Tensor?] {
            let run = { (t: [Tensor]) in scaledDotProductAttention(t[0], t[1], t[2], mask: mask, causal: mask == nil, keyBlock: block) }
            let hidden = mask == nil ? 0 : 2
            #expect(run(inputs)[.all, hidden].doubles == [Double](repeating: 0, count: 8))
            let slopes = gradient(at: inputs) { (run($0) * attentionWave([2, 3, 4], 400)).sum() }
            #expect(slopes[0][.all, hidden].doubles == [Double](repeating: 0, count: 8))
            #expect(slopes.flatMap(\.doubles).allSatisfy { $0.isFinite })
            let second = gradient(at: inputs) { t in
                gradient(at: t) { (run($0) * attentionWave([2, 3, 4], 400)).sum() }.reduce(Tensor(float64: [0], shape: [])) { $0 + ($1 * $1).sum() }
            }
            #expect(second.flatMap(\.doubles).allSatisfy { $0.isFinite })
        }
        #expect(scaledDotProductAttention(.zeros([2, 3]), .zeros([0, 3]), .zeros([0, 5])).floats == [Float](repeating: 0, count: 10))
    }

    @Test("fewer queries than keys are the last ones")
    func causalOffset() {
        let t = Self.qkv(5, 5, 4)
        let whole = scaledDotProductAttention(t[0], t[1], t[2], causal: true)
        let last = scaledDotProductAttention(t[0][.all, 3..<5], t[1], t[2], causal: true)
        expectClose(last.doubles, whole[.all, 3..<5].doubles, 1e-14)
        let weights = attentionWeights(t[0], t[1], causal: true)
        expectClose(weights.sum(axis: -1).doubles, [Double](repeating: 1, count: 10), 1e-14)
        #expect(weights[0, 1, 2...].doubles == [0, 0, 0])
    }

    @Test("large scores overflow nowhere; NaN is not hidden")
    func largeScores() {
        let q = Tensor([[300, 0], [0, 300]]), v = Tensor([[1, 2], [3, 4]])
        #expect(scaledDotProductAttention(q, q, v, scale: 1).floats == [1, 2, 3, 4])
        #expect(scaledDotProductAttention(q * Double.nan, q, v, mask: Tensor(bool: [true, false, true, true], shape: [2, 2])).floats.allSatisfy { $0.isNaN })
    }

    @Test("compiled, mapped over a batch and dropped out")
    func transforms() {
        let layer = MultiHeadAttention(4, heads: 2, dropout: 0.5)
        let x = attentionWave([3, 2, 5, 4], 1).cast(to: .float32)
        layer.infer()
        let plain = layer(x.reshaped(6, 5, 4), causal: true)
        let compiled = compile { (x: Tensor) in layer(x, causal: true) }
        expectClose(compiled(x.reshaped(6, 5, 4)).doubles, plain.doubles, 1e-6)
        expectClose(vmap { (x: Tensor) in layer(x, causal: true) }(x).doubles, plain.doubles, 1e-6)
        layer.train()
        let one = compiled(x.reshaped(6, 5, 4)).floats, other = compiled(x.reshaped(6, 5, 4)).floats
        #expect(one != other && one != plain.floats)
        let ones = Tensor.ones([1, 400, 2])
        let dropped = scaledDotProductAttention(ones, ones, ones, dropout: Dropout(0.25, seed: 1), keyBlock: 100)
        #expect(Swift.abs(dropped.mean().item() - 1) < 0.02 && Set(dropped.floats).count > 50)
    }

    @Test("blocks mapped over a batch, each example with a mask of its own")
    func mappedBlocks() {
        let x = [attentionWave([3, 2, 7, 4], 1), attentionWave([3, 2, 9, 4], 2), attentionWave([3, 2, 9, 4], 3), attentionWave([3, 7, 9], 4)]
        func slopes(_ block: Int) -> ([Tensor]) -> [Tensor] {
            { t in
                gradient(at: [t[0], t[1], t[2]]) {
                    let y = scaledDotProductAttention($0[0], $0[1], $0[2], mask: t[3] .> -0.2, keyBlock: block)
                    return (y * y).sum()
                }
            }
        }
        let mapped = vmap(slopes(4))(x)
        for example in 0..<3 {
            for (one, other) in zip(mapped, slopes(9)(x.map { $0[example] })) { expectClose(one[example].doubles, other.doubles, 1e-12) }
        }
    }

    @Test("errors name both shapes")
    func errors() async {
        let sizes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = scaledDotProductAttention(.zeros([2, 3]), .zeros([2, 4]), .zeros([2, 4])) }
        expectSentence(sizes, "queries of size 3 and keys of size 4")
        let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scaledDotProductAttention(.zeros([2, 3]), .zeros([4, 3]), .zeros([4, 3]), mask: Tensor.ones([2, 2]))
        }
        expectSentence(mask, "a mask of shape [2, 2] for scores of shape [2, 4]")
        let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = MultiHeadAttention(6, heads: 4) }
        expectSentence(heads, "the heads must divide the embedding")
        let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = MultiHeadAttention(4, heads: 2)(Tensor.zeros([2, 3, 5])) }
        expectSentence(input, "sequences have shape [2, 3, 5]; they must be [batch, length, 4]")
        let forward = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = hessian(at: Tensor.ones([2, 2])) { scaledDotProductAttention($0, $0, $0, keyBlock: 1).sum() }.floats
        }
        expectSentence(forward, "can't be pushed forward")
    }
}

@Suite("Positions of attention")
struct AttentionPositionTests {
    @Test("sinusoids by the formula, far ones too")
    func sinusoids() {
        let table = sinusoidalPositions(length: 3, size: 4, offset: 1, dtype: .float64)
        expectClose(table[1].doubles, [0.9092974268256817, -0.4161468365471424, 0.01999866669333308, 0.9998000066665778], 1e-15)
        expectClose(sinusoidalPositions(at: Tensor(int64: [100_003]), size: 2).doubles, [-0.1764208469551775, 0.9843148301024515], 1e-6)
    }

    @Test("a rotary product depends on the distance alone", arguments: [RotaryPosition.Pairing.neighbours, .halves])
    func rotary(pairing: RotaryPosition.Pairing) {
        let turn = RotaryPosition(4, base: 100, pairing: pairing)
        let q = attentionWave([1, 4], 1), k = attentionWave([1, 4], 2)
        func product(_ i: Int, _ j: Int) -> Double { (turn(q, offset: i) * turn(k, offset: j)).sum().item() }
        expectClose(product(2, 5), product(12, 15), 1e-12)
        #expect(Swift.abs(product(2, 5) - product(2, 6)) > 1e-3)
        expectClose(turn(q, offset: Tensor(int64: [7], shape: [])).doubles, turn(q, offset: 7).doubles, 1e-15)
        // Position 1: the first pair turns by 1, the second by 100^(-1/2).
        let unit = Tensor(float64: [1, 1, 0, 0], shape: [1, 4]), turned = turn(unit, offset: 1).doubles
        let (c, s, d, t) = (0.5403023058681398, 0.8414709848078965, 0.9950041652780258, 0.09983341664682815)
        expectClose(turned, pairing == .neighbours ? [c - s, s + c, 0, 0] : [c, d, s, t], 1e-15)
    }

    @Test("learned positions are a table's rows")
    func learned() async {
        let layer = PositionEmbedding(5, 2)
        layer.weight.value = Tensor.arange(0, 10).reshaped(5, 2)
        #expect(layer(Tensor.ones([1, 2, 2]), offset: 3).floats == [7, 8, 9, 10])
        #expect(layer(Tensor.ones([1, 2, 2]), offset: Tensor(int64: [3], shape: [])).floats == [7, 8, 9, 10])
        let long = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = PositionEmbedding(5, 2)(Tensor.ones([1, 3, 2]), offset: 3) }
        expectSentence(long, "positions 3 ..< 6 of 5")
    }
}
