import DescentCore
import DescentNN
import Testing

/// Values and gradients by PyTorch 2.13 in float64, for `x = [[1, 2, -1, 0.5], [3, -2, 0.25, 4]]`, weight `[1, 0.5, -1, 2]`, bias
/// `[0.1, 0, -0.2, 0.3]` and the loss `(y * torch.arange(1.0, 9).reshape(2, 4)).sum()`.
@Suite struct NormalizationTests {
    private let x = Tensor(float64: [[1, 2, -1, 0.5], [3, -2, 0.25, 4]])
    private let factors = Tensor.arange(1, 9, dtype: .float64).reshaped(2, 4)

    private func slopes(_ layer: some Layer) -> [Double] { gradient(at: x) { (layer($0) * factors).sum() }.doubles }

    @Test func layerNormAgreesWithPyTorch() {
        let layer = LayerNorm(4)
        #expect(layer.parameters.map(\.path) == ["weight", "bias"])
        #expect(layer.weight!.value.floats == [1, 1, 1, 1] && layer.bias!.value.floats == [0, 0, 0, 0])
        layer.weight!.value = Tensor([1, 0.5, -1, 2])
        layer.bias!.value = Tensor([0.1, 0, -0.2, 0.3])
        // Parameters are float32: 0.1, -0.2 and 0.3 are right to 1e-8.
        expectClose(
            layer(x).doubles,
            [
                0.4464086835065456, 0.6350825864286669, 1.301104295195031, 0.06906087766230293, 0.8167573822763792, -0.7034840974194093,
                0.2512916851369795, 2.5830049953988374,
            ], 1e-7)
        expectClose(
            slopes(layer),
            [
                -1.108504240026296, -2.2170025680615097, -2.5865335413590222, 5.912040349446828, -1.263456717576344, 2.5745065453364617,
                -3.782298681085432, 2.471248853325314,
            ], 1e-13)
        let gradients = valueWithGradient(at: layer) { ($0(x) * factors).sum() }.gradients
        expectClose(gradients["weight"]!.doubles, [3.930195594888442, -5.901478823318244, -7.662354681543949, 8.670141736919957], 1e-6)
        expectClose(gradients["bias"]!.doubles, [6, 8, 10, 12], 1e-6)
    }

    @Test func rmsNormAgreesWithPyTorch() {
        let layer = RMSNorm(4)
        #expect(layer.parameters.map(\.path) == ["weight"])
        layer.weight!.value = Tensor([1, 0.5, -1, 2])
        expectClose(
            layer(x).doubles,
            [
                0.8, 0.8, 0.8, 0.8, 1.1129733498244039, -0.37099111660813466, -0.09274777915203367, 2.9679289328650773,
            ], 1e-14)
        expectClose(
            slopes(layer),
            [
                -0.4800000000000002, -1.7600000000000005, -1.12, 5.76, -0.8736242423352851, 2.9320265667417096, -2.8243194683716055, 2.297751431895543,
            ], 1e-13)
        let gradients = valueWithGradient(at: layer) { ($0(x) * factors).sum() }.gradients
        expectClose(gradients["weight"]!.doubles, [6.36486674912202, -1.2518933992976153, -1.7507655459357647, 13.471715731460309], 1e-6)
    }

    @Test func gradientsAgreeWithDifferences() {
        let layer = LayerNorm(2, 2), root = RMSNorm(2, 2, epsilon: 0.5)
        let x = Tensor(float64: [1, 2, -1, 0.5, 3, -2, 0.25, 4], shape: [2, 2, 2])
        for function in [{ layer($0) }, { root($0) }] as [(Tensor) -> Tensor] {
            func loss(_ x: Tensor) -> Tensor { (function(x) * factors.reshaped(2, 2, 2)).sum() }
            expectClose(gradient(at: x, of: loss).doubles, finiteDifferences(at: x, loss), 1e-7)
        }
    }

    @Test func severalAxesAreNormalisedTogether() {
        let layer = LayerNorm(2, 2, isScaled: false)
        #expect(layer.parameterCount == 0)
        let flat = LayerNorm(4, isScaled: false)(x)
        expectClose(layer(x.reshaped(2, 2, 2)).doubles, flat.doubles, 1e-15)
        expectClose(flat.mean(axis: 1).doubles, [0, 0], 1e-14)
        expectClose(flat.variance(axes: [1]).doubles, [1, 1], 1e-4)
        #expect(LayerNorm(3, bias: false).parameters.map(\.path) == ["weight"])
        #expect(RMSNorm(3, isScaled: false)(Tensor([[0, 0, 0]])).floats == [0, 0, 0])
    }

    @Test func largeMeansCostNoDigits() {
        let found = LayerNorm(4)(Tensor([[10_001, 10_002, 10_003, 10_004]])).doubles
        expectClose(found, [-1.3416354199689269, -0.4472118066563090, 0.4472118066563090, 1.3416354199689269], 1e-5)
    }

    @Test func otherAxesStop() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Sequential(Linear(4, 8), LayerNorm(4))
            _ = model.parameters
            _ = model(Tensor.zeros([2, 4]))
        }
        expectSentence(result, "LayerNorm: x has shape [2, 8]; its last axes must be [4]. In Sequential.1 (LayerNorm): it normalises the last axes, [4].")
    }
}
