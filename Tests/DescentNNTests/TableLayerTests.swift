import DescentCore
import DescentNN
import Testing

@Suite struct EmbeddingTests {
    @Test func itLooksUpRows() {
        let layer = Embedding(4, 2)
        layer.weight.value = Tensor([[0, 1], [2, 3], [4, 5], [6, 7]])
        let found = layer(Tensor(int64: [3, 0, 0, 2], shape: [2, 2]))
        #expect(found.shape == [2, 2, 2] && found.floats == [6, 7, 0, 1, 0, 1, 4, 5])
        #expect(layer(Tensor(uint8: [1])).floats == [2, 3])
    }

    @Test func aRowsGradientIsTheSumOfItsUses() {
        let layer = Embedding(3, 2)
        let factors = Tensor([[1, 2], [3, 4], [5, 6]])
        let gradients = valueWithGradient(at: layer) { ($0(Tensor(int64: [2, 0, 2])) * factors).sum() }.gradients
        #expect(gradients["weight"]?.floats == [3, 4, 0, 0, 6, 8])
    }

    @Test func thePaddingIsLeftAlone() {
        let layer = Embedding(4, 3, padding: 1)
        #expect(layer.weight.value[1].floats == [0, 0, 0])
        #expect(!layer.weight.value[0].floats.contains(0))
        layer.initialize(seed: 3)
        #expect(layer.weight.value[1].floats == [0, 0, 0])
        let numbers = Tensor(int64: [1, 2, 1])
        let gradients = valueWithGradient(at: layer) { ($0(numbers) + 1).squared.sum() }.gradients["weight"]!
        #expect(gradients[1].floats == [0, 0, 0] && !gradients[2].floats.contains(0))
        // A loaded row is used as it is.
        layer.weight.value = Tensor.ones([4, 3])
        #expect(layer(Tensor(int64: [1])).floats == [1, 1, 1])
    }

    @Test(arguments: [4, -1])
    func outsideTheTableStops(_ number: Int) async {
        let sentence = "Embedding: number \(number) is outside 0 ..< 4 (its table has 4 rows)."
        let result =
            number == 4
            ? await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Embedding(4, 2)(Tensor(int64: [4])).floats }
            : await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Embedding(4, 2)(Tensor(int64: [-1])).floats }
        expectSentence(result, sentence)
    }

    @Test func fractionsStop() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Embedding(4, 2)(Tensor([1])) }
        expectSentence(result, "Embedding: numbers are float32; they must be integers.")
    }
}

@Suite struct BilinearTests {
    /// By `torch.nn.Bilinear(2, 3, 2)` with weight `torch.arange(12).reshape(2, 2, 3) / 4 - 1`, bias [0.5, -1] and the loss
    /// `(y * [[1, 2], [3, 4]]).sum()`, PyTorch 2.13.
    @Test func agreesWithPyTorch() {
        let layer = Bilinear(2, 3, 2)
        layer.weight.value = (Tensor.arange(0, 12) * 0.25 - 1).reshaped(2, 2, 3)
        layer.bias!.value = Tensor([0.5, -1])
        let u = Tensor([[1, -2], [0.5, 3]]), v = Tensor([[2, 1, -1], [0.25, -3, 1]]), factors = Tensor([[1, 2], [3, 4]])
        #expect(layer(u, v).floats == [-0.25, -4.75, 1.8125, -8.875])
        #expect(gradient(at: u) { (layer($0, v) * factors).sum() }.floats == [-0.75, 3.75, 0, -9.1875])
        #expect(gradient(at: v) { (layer(u, $0) * factors).sum() }.floats == [-4.5, -5.25, -6, 12.25, 18.375, 24.5])
        let gradients = valueWithGradient(at: layer) { ($0(u, v) * factors).sum() }.gradients
        #expect(gradients["weight"]?.floats == [2.375, -3.5, 0.5, -1.75, -29, 11, 4.5, -4, 0, -5, -40, 16])
        #expect(gradients["bias"]?.floats == [4, 6])
        // The same with more axes in front, and with none.
        #expect(layer(u.reshaped(2, 1, 2), v.reshaped(2, 1, 3)).shape == [2, 1, 2])
        #expect(layer(u[1], v[1]).floats == [1.8125, -8.875])
        #expect(Bilinear(2, 3, 2, bias: false).parameters.map(\.path) == ["weight"])
    }

    @Test func otherSizesStop() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Bilinear(2, 3, 2)(Tensor.zeros([4, 2]), Tensor.zeros([5, 3]))
        }
        expectSentence(result, "Bilinear: inputs have shapes [4, 2] and [5, 3]; they must be [..., 2] and [..., 3] with the same axes in front.")
    }
}
