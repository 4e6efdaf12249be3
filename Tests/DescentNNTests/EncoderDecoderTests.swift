import DescentCore
import Testing

import DescentNN

@Suite("Encoder and decoder")
struct EncoderDecoderTests {
    static let kinds: [(EncoderDecoderSizes.Attention, bidirectional: Bool, feeds: Bool, layers: Int)] = [
        (.none, false, false, 1), (.none, true, false, 2), (.additive, false, false, 1), (.additive, true, false, 2), (.multiplicative, false, false, 1),
        (.multiplicative, true, true, 2),
    ]

    static func sizes(_ kind: (EncoderDecoderSizes.Attention, bidirectional: Bool, feeds: Bool, layers: Int)) -> EncoderDecoderSizes {
        var sizes = EncoderDecoderSizes(sourceTokens: 9, targetTokens: 8, embedding: 3, hidden: 4)
        (sizes.attention, sizes.isBidirectional, sizes.feedsInput, sizes.layers) = kind
        return sizes
    }

    /// Three sources of 5, 2 and 4 tokens with targets of 3, 4 and 1.
    static let sources = Tensor(int32: [4, 5, 6, 7, 8, 5, 4, 0, 0, 0, 8, 8, 7, 6, 0], shape: [3, 5]), lengths = Tensor(int32: [5, 2, 4])
    static let targets = Tensor(int32: [2, 4, 5, 0, 2, 6, 4, 7, 2, 0, 0, 0], shape: [3, 4])
    static let answers = Tensor(int32: [4, 5, 3, 0, 6, 4, 7, 3, 3, 0, 0, 0], shape: [3, 4])
    static let mask = Tensor([1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0] as [Float], shape: [3, 4])

    private static func loss<Cell>(_ network: EncoderDecoder<Cell>, _ sources: Tensor, _ lengths: Tensor, _ targets: Tensor, _ answers: Tensor, _ mask: Tensor) -> Tensor {
        softmaxCrossEntropy(network(sources, lengths: lengths, target: targets), answers, weights: mask, reduction: .sum)
    }

    @Test("padding and the other sentences of a batch change no loss and no gradient", arguments: kinds)
    func padding(_ kind: (EncoderDecoderSizes.Attention, bidirectional: Bool, feeds: Bool, layers: Int)) {
        let network = EncoderDecoder(Self.sizes(kind)) { LSTMCell($0, $1) }
        network.initialize(seed: 3)
        let together = valueWithGradient(at: network) { Self.loss($0, Self.sources, Self.lengths, Self.targets, Self.answers, Self.mask) }
        var value = 0.0
        var sums = [Double]()
        for (row, (source, target)) in [(5, 3), (2, 4), (4, 1)].enumerated() {
            func part(_ tensor: Tensor, _ count: Int) -> Tensor { tensor[row..<row + 1, 0..<count] }
            let alone = valueWithGradient(at: network) {
                Self.loss(
                    $0, part(Self.sources, source), Tensor(int32: [Int32(source)]), part(Self.targets, target), part(Self.answers, target), Tensor.ones([1, target]))
            }
            value += Double(alone.value.item())
            let flat = network.parameters.flatMap { alone.gradients[$0.path]!.floats.map(Double.init) }
            sums = sums.isEmpty ? flat : zip(sums, flat).map { $0 + $1 }
        }
        #expect(abs(Double(together.value.item()) - value) < 1e-4)
        let flat = network.parameters.flatMap { together.gradients[$0.path]!.floats.map(Double.init) }
        #expect(zip(flat, sums).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(flat.count { $0 != 0 } * 2 > flat.count)
    }

    @Test("writing step by step gives the scores of reading the whole target", arguments: kinds)
    func stepByStep(_ kind: (EncoderDecoderSizes.Attention, bidirectional: Bool, feeds: Bool, layers: Int)) {
        let network = EncoderDecoder(Self.sizes(kind)) { GRUCell($0, $1) }
        network.initialize(seed: 4)
        let whole = network(Self.sources, lengths: Self.lengths, target: Self.targets)
        let encoded = network.encode(Self.sources, lengths: Self.lengths)
        var state = encoded.state.map { $0.expanded(axis: 1) }
        for position in 0..<4 {
            let step = network.step(Self.targets[0..., position..<position + 1], position: Tensor(int64: [position], shape: []), state: state, memory: encoded.memory)
            state = step.state
            #expect(zip(step.logits.floats, whole[0..., position..<position + 1].floats).allSatisfy { abs($0 - $1) < 1e-5 })
            if let weights = step.attention {
                #expect(weights.shape == [3, 1, 5])
                #expect(weights.sum(axis: -1).floats.allSatisfy { abs($0 - 1) < 1e-6 })
                #expect(weights[1, 0, 2...].floats == [0, 0, 0])
            }
            #expect((step.attention != nil) == (kind.0 != .none))
        }
    }

    @Test("gradients are those of finite differences in float64", arguments: kinds)
    func differences(_ kind: (EncoderDecoderSizes.Attention, bidirectional: Bool, feeds: Bool, layers: Int)) {
        let network = withParameters(of: .float64) { EncoderDecoder(Self.sizes(kind)) { RNNCell($0, $1) } }
        network.initialize(seed: 5)
        func loss() -> Tensor { Self.loss(network, Self.sources, Self.lengths, Self.targets, Self.answers, Self.mask.cast(to: .float64)) }
        let found = valueWithGradient(at: network) { _ in loss() }
        for entry in network.parameters {
            let value = entry.variable.value, count = value.count, place = (count * 7) / 11
            var ends: [Double] = []
            for side in [1e-6, -1e-6] {
                let step = (Tensor.arange(count) .== Double(place)).cast(to: .float64) * side
                entry.variable.value = (value.flattened() + step).reshaped(to: value.shape)
                ends.append(loss().cast(to: .float64).item())
            }
            entry.variable.value = value
            let gradient = found.gradients[entry.path]!.doubles[place]
            #expect(abs((ends[0] - ends[1]) / 2e-6 - gradient) < 1e-6 * (1 + abs(gradient)), "\(entry.path)")
        }
    }

    @Test("scheduled sampling with probability 0 changes nothing, and with 1 the targets are not read but for the first")
    func sampling() {
        let network = EncoderDecoder(Self.sizes(Self.kinds[3])) { GRUCell($0, $1) }
        network.initialize(seed: 6)
        let plain = network(Self.sources, lengths: Self.lengths, target: Self.targets)
        let other = Tensor(int32: [2, 7, 7, 0, 2, 4, 4, 4, 2, 5, 5, 5], shape: [3, 4])
        let own = [Self.targets, other].map { network(Self.sources, lengths: Self.lengths, target: $0, sampling: 1).floats }
        #expect(own[0] == own[1])
        #expect(zip(own[0].prefix(8), plain.floats.prefix(8)).allSatisfy { abs($0 - $1) < 1e-6 })
        // What it wrote itself, read as the target, gives the same scores.
        let first = network(Self.sources, lengths: Self.lengths, target: Self.targets, sampling: 1)
        let written = Tensor.concatenate([Self.targets[0..., 0..<1].cast(to: .int64), first.argmax(axis: -1)[0..., 0..<3]], axis: 1)
        let again = network(Self.sources, lengths: Self.lengths, target: written)
        #expect(zip(first.floats, again.floats).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("it learns to turn a sequence around, and beam search writes it")
    func reverses() {
        var sizes = EncoderDecoderSizes(sourceTokens: 8, targetTokens: 8, embedding: 8, hidden: 24)
        sizes.attention = .additive
        let network = EncoderDecoder(sizes) { GRUCell($0, $1) }
        network.initialize(seed: 1)
        let optimizer = Adam(learningRate: 0.02)
        let step = compile { (sources: Tensor, lengths: Tensor, targets: Tensor, answers: Tensor) in
            let (loss, gradients) = valueWithGradient(at: network) { softmaxCrossEntropy($0(sources, lengths: lengths, target: targets), answers) }
            optimizer.update(network, with: gradients.clipped(toNorm: 1))
            return loss
        }
        var number: UInt64 = 7
        func draw(_ count: Int) -> [[Int32]] {
            (0..<count).map { _ in
                (0..<4).map { _ in
                    number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Int32(4 + number >> 33 % 4)
                }
            }
        }
        for _ in 0..<300 {
            let rows = draw(32)
            _ = step(
                Tensor(int32: rows.flatMap { $0 }, shape: [32, 4]), Tensor(int32: rows.map { _ in 4 }),
                Tensor(int32: rows.flatMap { [2] + $0.reversed() }, shape: [32, 5]), Tensor(int32: rows.flatMap { $0.reversed() + [3] }, shape: [32, 5]))
        }
        let sources = draw(20)
        let found = SequenceWriter(network, beginning: 2, end: 3, never: [0, 1, 2]).search(sources, BeamSearch(beams: 3))
        let right = zip(sources, found).count { $1[0].tokens == $0.reversed() && $1[0].isComplete && $1[0].attention.count == 5 }
        #expect(right >= 18)
    }
}
