import DescentCore
import DescentNN
import Testing

/// Wrong inputs of layers, losses and steps inside `catchingFaults`.
@Suite struct LayerFaultTests {
    private func sentence<Result>(_ body: () throws -> Result) -> String {
        do {
            _ = try catchingFaults(body)
            return "nothing thrown"
        } catch { return "\(error)" }
    }

    @Test func layersOnWrongInputs() {
        let vector = Tensor.ones([3]), rows = Tensor.ones([2, 3]), cube = Tensor.ones([2, 4, 3]), scalar = Tensor(1), tokens = Tensor(int64: [0, 9])
        let attention = MultiHeadAttention(4, heads: 2), lengths = Tensor(int64: [1, 2, 3])
        let faults: [(String, () -> Tensor)] = [
            ("matmul", { Linear(4, 2)(rows) }), ("matmul", { Linear(4, 2)(scalar) }), ("Embedding", { Embedding(5, 3)(tokens) }),
            ("LayerNorm", { LayerNorm(4)(rows) }), ("RMSNorm", { RMSNorm(4)(scalar) }), ("BatchNorm", { BatchNorm(4)(rows) }), ("GroupNorm", { GroupNorm(2, 4)(rows) }),
            ("Dropout2d", { Dropout2d(0.5)(rows) }), ("Conv2d", { Conv2d(1, 2, kernel: 3)(rows) }), ("Conv2d", { Conv2d(1, 2, kernel: 3)(Tensor.ones([1, 2, 5, 5])) }),
            ("convolution", { Conv2d(1, 2, kernel: 3)(Tensor.ones([1, 1, 2, 2])) }), ("Recurrent", { Recurrent(LSTMCell(3, 4))(rows, from: nil).outputs }),
            ("matmul", { Recurrent(GRUCell(5, 4))(cube, from: nil).outputs }), ("Recurrent", { Recurrent(GRUCell(3, 4))(cube, from: nil, lengths: lengths).outputs }),
            ("Recurrent", { Recurrent(GRUCell(3, 4))(cube, from: nil, lengths: SequenceLengths([4, 2, 1])).outputs }),
            ("MultiHeadAttention", { attention(cube) }), ("MultiHeadAttention", { attention(rows) }),
            ("scaledDotProductAttention", { scaledDotProductAttention(vector, rows, rows) }),
            ("scaledDotProductAttention", { scaledDotProductAttention(cube, Tensor.ones([2, 4, 5]), cube) }),
            ("prelu", { prelu(rows, slope: Tensor.ones([2])) }), ("Bilinear", { Bilinear(3, 2, 1)(rows, rows) }),
            ("softmaxCrossEntropy", { softmaxCrossEntropy(rows, Tensor(int64: [0, 3])) }), ("softmaxCrossEntropy", { softmaxCrossEntropy(rows, Tensor(int64: [0])) }),
            ("softmaxCrossEntropy", { softmaxCrossEntropy(rows, Tensor(int64: [0, 1]), classWeights: Tensor([1, 2])) }),
            ("negativeLogLikelihood", { negativeLogLikelihood(rows, vector) }), ("klDivergence", { klDivergence(scalar, scalar) }),
            ("multiclassHingeLoss", { multiclassHingeLoss(rows, vector) }), ("meanSquaredError", { meanSquaredError(rows, vector) }),
            ("meanSquaredError", { meanSquaredError(rows, rows, weights: Tensor([1, 2, 3])) }), ("huberLoss", { huberLoss(rows, rows, delta: -1) }),
            ("cosineEmbeddingLoss", { cosineEmbeddingLoss(rows, rows, vector) }),
        ]
        for (start, body) in faults {
            let found = sentence { body().sum().item() }
            #expect(found.hasPrefix(start), "\(start): \(found)")
        }
    }

    private struct Network: Module {
        let hidden = Linear(4, 8), norm = BatchNorm(8), output = Linear(8, 3)
        func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(norm(hidden(x)))) }
    }

    @Test func thePlaceInAModelIsNamed() {
        let network = Network()
        network.initialize(seed: 1)
        #expect(sentence { network(Tensor.ones([2, 5])) }.hasSuffix("In Network.hidden (Linear): its weight takes 4 inputs."))
    }

    /// A training that meets a wrong batch in its middle, and one that does not, end with the same numbers: weights, moments, statistics, masks.
    @Test(arguments: [false, true]) func aWrongBatchLeavesNoTrace(isCompiled: Bool) throws {
        func trained(withWrongBatch: Bool) throws -> [[Float]] {
            let network = Network(), optimizer = Adam(learningRate: 0.05)
            network.initialize(seed: 3)
            func plain(_ x: Tensor, _ labels: Tensor) -> Tensor {
                let (loss, gradients) = valueWithGradient(at: network) { softmaxCrossEntropy($0(x), labels) }
                optimizer.update(network, with: gradients)
                return loss
            }
            let compiled = compile { (x: Tensor, labels: Tensor) in plain(x, labels) }
            func step(_ x: Tensor, _ labels: Tensor) -> Tensor { isCompiled ? compiled(x, labels) : plain(x, labels) }
            let x = Tensor.arange(24).cast(to: .float32).reshaped(6, 4) * 0.1, labels = Tensor(int64: [0, 1, 2, 0, 1, 2])
            for _ in 0..<3 { _ = step(x, labels).item() }
            if withWrongBatch {
                #expect(sentence { step(x, Tensor(int64: [0, 1, 2, 0, 1, 3])) }.hasPrefix("softmaxCrossEntropy: label 3 "))
                #expect(sentence { step(Tensor.ones([6, 3]), labels) }.hasPrefix("matmul: "))
                #expect(sentence { step(x, Tensor(int64: [0])).item() }.hasPrefix("softmaxCrossEntropy: logits "))
            }
            for _ in 0..<2 { _ = try catchingFaults { step(x, labels).item() } }
            for _ in 0..<2 { _ = step(x, labels).item() }
            return network.variables.map(\.variable.value.floats)
        }
        #expect(try trained(withWrongBatch: true) == trained(withWrongBatch: false))
    }
}
