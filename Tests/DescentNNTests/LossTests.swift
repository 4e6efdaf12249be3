import DescentCore
import DescentNN
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct LossTests {
    private let logits = Tensor(float64: [[2, -1, 0.5], [0.3, 0.2, -4], [-3, 4, 4]])

    // MARK: Mean squared error

    @Test func meanSquaredErrorByHand() {
        let p = Tensor([[1, 2], [3, 4]]), t = Tensor([[0, 2], [5, 1]])
        #expect(meanSquaredError(p, t).item() == 14.0 / 4)
        #expect(meanSquaredError(p, t, reduction: .sum).item() == 14)
        #expect(meanSquaredError(p, t, reduction: .none).floats == [1, 0, 4, 9])
    }

    @Test func meanSquaredErrorsGradient() {
        let p = Tensor(float64: [0.5, -1, 3, 2]), t = Tensor(float64: [1, 1, 1, 2])
        let found = gradient(at: p) { meanSquaredError($0, t) }.doubles
        expectClose(found, [-0.25, -1, 1, 0])
        expectClose(found, finiteDifferences(at: p) { meanSquaredError($0, t) }, 1e-8)
    }

    // MARK: Binary cross-entropy

    @Test func binaryCrossEntropyByHand() {
        let z = [0.7, -1.5, 3, 0], t = [1.0, 0, 0.25, 0.5]
        let expected = zip(z, t).map { z, t -> Double in
            let p = 1 / (1 + exp(-z))
            return -t * log(p) - (1 - t) * log(1 - p)
        }
        let found = binaryCrossEntropy(logits: Tensor(float64: z), Tensor(float64: t), reduction: .none)
        expectClose(found.doubles, expected, 1e-12)
        expectClose(binaryCrossEntropy(logits: Tensor(float64: z), Tensor(float64: t)).item(), expected.reduce(0, +) / 4, 1e-12)
        // torch.nn.functional.binary_cross_entropy_with_logits(z, t, reduction="none"), float64.
        let torch = binaryCrossEntropy(logits: Tensor(float64: [1e4, -1e4, 0, 3, -2.5]), Tensor(float64: [1, 1, 0, 0.25, 1]), reduction: .none)
        expectClose(torch.doubles, [0, 10000, 0.6931471805599453, 2.298587351573742, 2.5788897342925496], 1e-15)
    }

    @Test(arguments: [DType.float32, .float64])
    func binaryCrossEntropyOfExtremeLogits(_ dtype: DType) {
        let z = Tensor([1e4, 1e4, -1e4, -1e4, 1e30, -1e30]).cast(to: dtype), t = Tensor([1, 0, 1, 0, 1, 0]).cast(to: dtype)
        expectClose(binaryCrossEntropy(logits: z, t, reduction: .none).doubles, [0, 1e4, 1e4, 0, 0, 0])
        expectClose(gradient(at: z) { binaryCrossEntropy(logits: $0, t, reduction: .sum) }.doubles, [0, 1, -1, 0, 0, 0])
    }

    @Test func binaryCrossEntropysGradientIsPMinusT() {
        let z = Tensor(float64: [0.7, -1.5, 3, 0]), t = Tensor(float64: [1, 0, 0.25, 1])
        let found = gradient(at: z) { binaryCrossEntropy(logits: $0, t, reduction: .sum) }.doubles
        expectClose(found, (sigmoid(z) - t).doubles, 1e-14)
        expectClose(found, finiteDifferences(at: z) { binaryCrossEntropy(logits: $0, t, reduction: .sum) }, 1e-8)
    }

    @Test func binaryCrossEntropyTakesTruths() {
        let z = Tensor([1, -2])
        #expect(binaryCrossEntropy(logits: z, Tensor(bool: [true, false])).item() == binaryCrossEntropy(logits: z, Tensor([1, 0])).item())
    }

    // MARK: Softmax cross-entropy

    /// -log(exp(z[label]) / sum(exp(z))).
    private func byHand(_ z: [Double], _ label: Int) -> Double { -log(exp(z[label]) / z.reduce(0) { $0 + exp($1) }) }

    @Test func softmaxCrossEntropyOfClassNumbers() {
        let rows = logits.doubles, labels = [2, 1, 0]
        let expected = labels.enumerated().map { byHand(Array(rows[($0 * 3)..<($0 * 3 + 3)]), $1) }
        expectClose(softmaxCrossEntropy(logits, Tensor(int64: labels), reduction: .none).doubles, expected, 1e-14)
        expectClose(softmaxCrossEntropy(logits, Tensor(int64: labels)).item(), expected.reduce(0, +) / 3, 1e-14)
        expectClose(softmaxCrossEntropy(logits, Tensor(int32: [2, 1, 0]), reduction: .sum).item(), expected.reduce(0, +), 1e-14)
        expectClose(softmaxCrossEntropy(logits, Tensor(uint8: [2, 1, 0]), reduction: .sum).item(), expected.reduce(0, +), 1e-14)
    }

    /// `F.cross_entropy(z, torch.tensor([2, 1, 0]), reduction="none")` and the gradient of its mean, in float64 by PyTorch 2.13.
    @Test func softmaxCrossEntropyAgreesWithPyTorch() {
        let z = Tensor(float64: [[2, -1, 0.5], [100, 0, -100], [-3, 4, 4]]), labels = Tensor(int64: [2, 1, 0])
        expectClose(softmaxCrossEntropy(z, labels, reduction: .none).doubles, [1.7413112966571571, 100, 7.693603017633215], 1e-15)
        expectClose(
            gradient(at: z) { softmaxCrossEntropy($0, labels) }.doubles,
            [
                0.26186567819642526, 0.013037524423562482, -0.27490320261998774, 0.3333333333333333, -0.3333333333333333, 4.6129884224557915e-88,
                -0.33318142226822123, 0.16659071113411061, 0.16659071113411061,
            ], 1e-15)
    }

    @Test func softmaxCrossEntropyOfProbabilities() {
        let sure = Tensor(int64: [2, 1, 0]).oneHot(3, dtype: .float64)
        expectClose(softmaxCrossEntropy(logits, sure, reduction: .none).doubles, softmaxCrossEntropy(logits, Tensor(int64: [2, 1, 0]), reduction: .none).doubles, 1e-14)
        let soft = Tensor(float64: [[0.2, 0.3, 0.5], [1, 0, 0], [0.1, 0.6, 0.3]])
        let expected = (-(soft * log(softmax(logits))).sum(axis: -1)).doubles
        expectClose(softmaxCrossEntropy(logits, soft, reduction: .none).doubles, expected, 1e-14)
        let found = gradient(at: logits) { softmaxCrossEntropy($0, soft, reduction: .sum) }.doubles
        expectClose(found, (softmax(logits) - soft).doubles, 1e-14)
        expectClose(found, finiteDifferences(at: logits) { softmaxCrossEntropy($0, soft, reduction: .sum) }, 1e-8)
    }

    @Test func softmaxCrossEntropysGradientIsPMinusT() {
        let labels = Tensor(int64: [2, 1, 0])
        let found = gradient(at: logits) { softmaxCrossEntropy($0, labels, reduction: .sum) }.doubles
        expectClose(found, (softmax(logits) - labels.oneHot(3, dtype: .float64)).doubles, 1e-14)
        expectClose(found, finiteDifferences(at: logits) { softmaxCrossEntropy($0, labels, reduction: .sum) }, 1e-8)
    }

    @Test(arguments: [DType.float32, .float64])
    func softmaxCrossEntropyOfHugeLogits(_ dtype: DType) {
        let z = Tensor([[1e30, 0, -1e30], [-1e4, 1e4, 0], [-1e4, -1e4, -1e4]]).cast(to: dtype)
        let labels = Tensor(int64: [0, 0, 2])
        expectClose(softmaxCrossEntropy(z, labels, reduction: .none).doubles, [0, 2e4, log(3)], 1e-6)
        expectClose(gradient(at: z) { softmaxCrossEntropy($0, labels, reduction: .sum) }.doubles, [0, 0, 0, -1, 1, 0, 1.0 / 3, 1.0 / 3, -2.0 / 3], 1e-6)
    }

    @Test func anyAxesInFront() {
        let z = Tensor(float64: (0..<24).map { Double($0 * 7 % 11) }, shape: [2, 3, 4]), labels = Tensor(int64: [0, 1, 2, 3, 2, 1], shape: [2, 3])
        #expect(softmaxCrossEntropy(z, labels, reduction: .none).shape == [2, 3])
        expectClose(softmaxCrossEntropy(z, labels).item(), softmaxCrossEntropy(z.reshaped(to: [6, 4]), labels.flattened()).item(), 1e-15)
    }

    // MARK: What does not fit

    @Test func shapesMustBeEqual() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = meanSquaredError(Tensor.zeros([4, 1]), Tensor.zeros([4]))
        }
        expectSentence(result, "meanSquaredError: predictions have shape [4, 1], targets [4]; they must be equal.")
    }

    @Test func labelsMustFitTheLogits() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor.zeros([4, 3]), Tensor(int64: [1, 2]))
        }
        expectSentence(result, "softmaxCrossEntropy: logits have shape [4, 3], labels [2]; integer labels have the logits' shape without the last axis.")
    }

    @Test func aLabelOutOfRangeStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor.zeros([2, 3]), Tensor(int64: [1, 3])).item()
        }
        expectSentence(result, "softmaxCrossEntropy: label 3 is outside 0 ..< 3 (3 classes).")
    }
}
