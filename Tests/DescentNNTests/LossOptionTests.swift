import DescentCore
import DescentNN
import Testing

/// Further losses and the options of all: values and gradients against PyTorch's, and gradients against finite differences.
@Suite struct LossOptionTests {
    private static let t = Tensor(float64: [[1, -1, 0.5], [-1, 1.5, -0.75]])
    private static let b = Tensor(float64: [1, 0, 1, 0.25, 0.5, 0.75])
    private static let y = Tensor(int64: [2, 1, 0, 1])
    private static let s = Tensor(float64: [[0.2, 0.3, 0.5], [1, 0, 0], [0.1, 0.6, 0.3], [0.25, 0.5, 0.25]])
    private static let w = Tensor(float64: [0.5, 2, 1.25])
    private static let c = Tensor(float64: [[2, 1, 1], [-1, 0.5, 0], [2, -1, 2]])
    private static let k = Tensor(float64: [1, -1, -1])

    private static let inputs: [String: Tensor] = [
        "p": Tensor(float64: [[0.5, -1.25, 3], [2, 0.75, -0.5]]),
        "q": Tensor(float64: [0.9, 0.2, 0, 1, 1e-14, 0.35]),
        "z": Tensor(float64: [[2, -1, 0.5], [0.3, 0.2, -4], [-300, 400, 400], [1, 1.5, -0.5]]),
        "l": logSoftmax(Tensor(float64: [[2, -1, 0.5], [0.3, 0.2, -4], [-3, 4, 4], [1, 1.5, -0.5]])),
        "a": Tensor(float64: [[1, 2, -1], [0.5, 0, 0.25], [3, -1, 1]]),
    ]

    struct Loss: Sendable, CustomTestStringConvertible {
        let name: String, input: String
        let function: @Sendable (Tensor) -> Tensor
        init(_ name: String, _ input: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
            (self.name, self.input, self.function) = (name, input, function)
        }
        var testDescription: String { name }
    }

    static let losses = [
        Loss("absolute", "p") { meanAbsoluteError($0, t) },
        Loss("huber", "p") { huberLoss($0, t) },
        Loss("huber 0.5 each", "p") { huberLoss($0, t, delta: 0.5, reduction: .none) },
        Loss("probabilities", "q") { binaryCrossEntropy(probabilities: $0, b, reduction: .none) },
        Loss("probabilities mean", "q") { binaryCrossEntropy(probabilities: $0[3...], b[3...]) },
        Loss("positive weight", "p") { binaryCrossEntropy(logits: $0, t .> 0, positiveWeight: w) },
        Loss("class weights", "z") { softmaxCrossEntropy($0, y, classWeights: w) },
        Loss("class weights each", "z") { softmaxCrossEntropy($0, y, classWeights: w, reduction: .none) },
        Loss("smoothing", "z") { softmaxCrossEntropy($0, y, smoothing: 0.2) },
        Loss("all options", "z") { softmaxCrossEntropy($0, y, classWeights: w, smoothing: 0.2, ignoring: 1) },
        Loss("ignored", "z") { softmaxCrossEntropy($0, Tensor(int64: [2, -100, 0, -100]), ignoring: -100) },
        Loss("soft smoothed weighted", "z") { softmaxCrossEntropy($0, s, classWeights: w, smoothing: 0.2) },
        Loss("likelihood", "l") { negativeLogLikelihood($0, y, classWeights: w, ignoring: 0) },
        Loss("divergence", "l") { klDivergence($0, s) },
        Loss("divergence of logs", "l") { klDivergence($0, logSoftmax(s), isLogTarget: true) },
        Loss("margin", "z") { multiclassHingeLoss($0, y, margin: 1.25) },
        Loss("cosine", "a") { cosineSimilarity($0, c) },
        Loss("cosine embedding", "a") { cosineEmbeddingLoss($0, c, k, margin: 0.25) },
    ]

    /// Where PyTorch limits a slope its 10¹² is 10¹² less a few parts in 10⁹, and its cosine has an epsilon of 10⁻¹² under the root.
    @Test(arguments: losses)
    func agreesWithPyTorch(_ loss: Loss) throws {
        let known = try #require(PyTorchLosses.known[loss.name])
        let x = Self.inputs[loss.input]!
        expectClose(loss.function(x).doubles, known.value, 1e-12, "\(loss.name): value")
        let slopes = gradient(at: x) { loss.function($0).sum() }.doubles
        expectClose(slopes, known.gradient, loss.input == "q" ? 1e-8 : 1e-11, "\(loss.name): gradient")
        // At a probability of 0 there is no finite difference.
        if loss.input != "q" { expectClose(slopes, finiteDifferences(at: x) { loss.function($0).sum() }, 1e-5, "\(loss.name): differences") }
    }

    @Test(arguments: losses)
    func float32IsNear(_ loss: Loss) throws {
        let known = try #require(PyTorchLosses.known[loss.name])
        let found = loss.function(Self.inputs[loss.input]!.cast(to: .float32)).doubles
        expectClose(found, known.value, 1e-5, loss.name)
    }

    @Test func secondDerivativesOfHubersLoss() {
        let x = Tensor(float64: [0.5, 0, -3])
        expectClose(hessian(at: x) { huberLoss($0, Tensor(0, like: $0), reduction: .sum) }.doubles, [1, 0, 0, 0, 1, 0, 0, 0, 0])
    }

    // MARK: Weights and masks

    @Test func aWeightedMeanDividesByTheWeights() {
        let p = Tensor(float64: [[1, 2], [3, 4], [5, 7]]), t = Tensor(float64: [[0, 0], [1, 1], [1, 1]])
        // Squares: 1, 4; 4, 9; 16, 36.
        let each = Tensor(float64: [[1, 0], [2, 1], [0, 0.5]])
        expectClose(meanSquaredError(p, t, weights: each).item(), (1 + 8 + 9 + 18) / 4.5)
        expectClose(meanSquaredError(p, t, weights: each, reduction: .sum).item(), 36)
        #expect(meanSquaredError(p, t, weights: each, reduction: .none).doubles == [1, 0, 8, 9, 0, 18])
        let mask = Tensor(bool: [true, false, true])
        expectClose(meanSquaredError(p, t, weights: mask).item(), (1 + 4 + 16 + 36) / 4.0)
        expectClose(gradient(at: p) { meanSquaredError($0, t, weights: mask) }.doubles, [0.5, 1, 0, 0, 2, 3])
    }

    @Test func whatIsMaskedMayBeAnything() {
        let mask = Tensor(bool: [true, false])
        let p = Tensor(float64: [0.5, .nan]), t = Tensor(float64: [1, .infinity])
        for loss in [meanSquaredError, meanAbsoluteError] as [(Tensor, Tensor, Tensor?, Reduction) -> Tensor] {
            #expect(loss(p, t, mask, .mean).item() == loss(p[0..<1], t[0..<1], nil, .mean).item())
            #expect(gradient(at: p) { loss($0, t, mask, .mean) }.doubles[1] == 0)
        }
        let z = Tensor(float64: [[1, 2], [.nan, .infinity]]), labels = Tensor(int64: [0, 1])
        let first = softmaxCrossEntropy(z[0..<1], labels[0..<1]).item()
        expectClose(softmaxCrossEntropy(z, labels, weights: mask).item(), first, 1e-15)
        let slopes = gradient(at: z) { softmaxCrossEntropy($0, labels, weights: mask) }.doubles
        expectClose(slopes[2...].map { $0 }, [0, 0])
        expectClose(softmaxCrossEntropy(z, Tensor(int64: [0, -1]), ignoring: -1).item(), first, 1e-15)
    }

    @Test func exampleAndClassWeightsMultiply() {
        let z = Self.inputs["z"]!, u = Tensor(float64: [1, 0.5, 0, 3])
        let each = softmaxCrossEntropy(z, Self.y, classWeights: Self.w, reduction: .none).doubles
        // Class weights of the labels: 1.25, 2, 0.5, 2.
        let expected = (each[0] + 0.5 * each[1] + 3 * each[3]) / (1.25 + 0.5 * 2 + 3 * 2)
        expectClose(softmaxCrossEntropy(z, Self.y, weights: u, classWeights: Self.w).item(), expected, 1e-14)
        expectClose(negativeLogLikelihood(logSoftmax(z), Self.y, weights: u, classWeights: Self.w).item(), expected, 1e-14)
    }

    @Test func aMeanOfNothingIsNaN() {
        #expect(meanSquaredError(Tensor([1, 2]), Tensor([1, 1]), weights: Tensor([0, 0])).item().isNaN)
        #expect(softmaxCrossEntropy(Tensor([[1, 2]]), Tensor(int64: [7]), ignoring: 7).item().isNaN)
        #expect(softmaxCrossEntropy(Tensor([[1, 2]]), Tensor(int64: [7]), ignoring: 7, reduction: .sum).item() == 0)
    }

    @Test func aClassThatCannotBeMayHaveALogitOfMinusInfinity() {
        let z = Tensor(float64: [[1, -.infinity, 2]]), t = Tensor(float64: [[0.25, 0, 0.75]])
        let without = softmaxCrossEntropy(Tensor(float64: [[1, 2]]), Tensor(float64: [[0.25, 0.75]])).item()
        expectClose(softmaxCrossEntropy(z, t).item(), without, 1e-15)
        #expect(gradient(at: z) { softmaxCrossEntropy($0, t) }.doubles.allSatisfy { $0.isFinite })
    }

    // MARK: Hinge

    /// By hand, and for the multiclass form scikit-learn's `hinge_loss(y, s)` = 1.0.
    @Test func hingeLosses() {
        let s = Tensor(float64: [0.5, -2, 1, 3]), y = Tensor(float64: [1, 1, 1, -1])
        #expect(hingeLoss(s, y, reduction: .none).doubles == [0.5, 3, 0, 4])
        #expect(hingeLoss(s, y .> 0, isSquared: true, reduction: .none).doubles == [0.25, 9, 0, 16])
        #expect(gradient(at: s) { hingeLoss($0, y, reduction: .sum) }.doubles == [-1, -1, 0, 1])
        let scores = Tensor(float64: [[1, 0.5, -1], [0, 1, 2.5]]), labels = Tensor(int64: [0, 2])
        #expect(multiclassHingeLoss(scores, labels, counting: .nearest, reduction: .none).doubles == [0.5, 0])
        let wrong = Tensor(int64: [1, 0])
        #expect(multiclassHingeLoss(scores, wrong, counting: .nearest, reduction: .none).doubles == [1.5, 3.5])
        #expect(gradient(at: scores) { multiclassHingeLoss($0, wrong, counting: .nearest, reduction: .sum) }.doubles == [1, -1, 0, -1, 0, 1])
    }

    // MARK: Cosine

    @Test func cosinesOfNoLength() {
        let zero = Tensor(float64: [[0, 0]]), other = Tensor(float64: [[3, 4]])
        #expect(cosineSimilarity(zero, other).doubles == [0])
        #expect(gradient(at: zero) { cosineSimilarity($0, other).sum() }.doubles.allSatisfy { $0.isFinite })
        #expect(gradient(at: other) { cosineSimilarity($0, zero).sum() }.doubles == [0, 0])
        expectClose(cosineLoss(other, other * 2).item(), 0, 1e-15)
        expectClose(cosineLoss(other, -other).item(), 2, 1e-15)
        #expect(cosineSimilarity(Tensor(float64: [[1, 0], [0, 2]]), Tensor(float64: [[1], [1]]), axis: 0).shape == [2])
    }

    // MARK: What does not fit

    @Test func weightsMustFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = meanSquaredError(Tensor.zeros([4, 3]), Tensor.zeros([4, 3]), weights: Tensor.ones([3]))
        }
        expectSentence(result, "meanSquaredError: weights of shape [3] for values of shape [4, 3]; they must have that shape, or that of its first axes.")
    }

    @Test func classWeightsMustFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor.zeros([4, 3]), Tensor(int64: [0, 0, 0, 0]), classWeights: Tensor.ones([4]))
        }
        expectSentence(result, "softmaxCrossEntropy: class weights have shape [4]; there are 3 classes, so it must be [3].")
    }

    @Test func aNegativeLabelIsNoPlaceFromTheEnd() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = negativeLogLikelihood(Tensor.zeros([2, 3]), Tensor(int64: [1, -1])).item()
        }
        expectSentence(result, "negativeLogLikelihood: label -1 is outside 0 ..< 3 (3 classes). To leave out the examples of one label, name it: ignoring: -1.")
    }
}
