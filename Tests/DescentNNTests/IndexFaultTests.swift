import DescentCore
import DescentNN
import Testing

/// A wrong index is told by the operation that the user called, the number that the user gave and the range that would be right, whatever became
/// of the operation: fused, differentiated, batched, in a loop, compiled.
@Suite struct IndexFaultTests {
    private struct Reader: Module {
        let words = Embedding(5, 3)
        let output = Linear(3, 4)
        func callAsFunction(_ x: Tensor) -> Tensor { output(words(x)) }
    }

    @Test func inACompiledStepTheModuleIsNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Reader(), optimizer = SGD(learningRate: 0.1)
            _ = model.parameters
            let step = compile { (x: Tensor, y: Tensor) in
                let (loss, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(x), y) }
                optimizer.update(model, with: gradients)
                return loss
            }
            _ = step(Tensor(int64: [4, 7]), Tensor(int64: [0, 3])).item()
        }
        expectSentence(result, "Embedding: number 7 is outside 0 ..< 5 (its table has 5 rows). In Reader.words (Embedding)")
    }

    @Test func labelsInAFusedLoss() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let loss = compile { (z: Tensor, y: Tensor) in gradient(at: z) { softmaxCrossEntropy($0, y) } }
            _ = loss(Tensor.zeros([40, 3]), Tensor.concatenate([Tensor.zeros([39], dtype: .int32), Tensor(int64: [-1]).cast(to: .int32)], axis: 0)).floats
        }
        expectSentence(result, "softmaxCrossEntropy: label -1 is outside 0 ..< 3 (3 classes). To leave out the examples of one label, name it: ignoring: -1.")
    }

    @Test func labelsBesideOneThatIsIgnored() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor.zeros([3, 3]), Tensor(int64: [-100, 1, 9]), classWeights: Tensor([1, 2, 3]), smoothing: 0.1, ignoring: -100).item()
        }
        expectSentence(result, "softmaxCrossEntropy: label 9 is outside 0 ..< 3 (3 classes).")
    }

    @Test func labelsInALoop() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let logits = Tensor.zeros([4, 2, 3])
            let (total, _) = scan(Tensor(0), over: [logits, Tensor(int64: [0, 1, 2, 2, 1, 5, 0, 0]).reshaped(to: [4, 2])]) { total, slice in
                (total + negativeLogLikelihood(slice[0], slice[1]), [Tensor]())
            }
            _ = total.item()
        }
        expectSentence(result, "negativeLogLikelihood: label 5 is outside 0 ..< 3 (3 classes).")
    }

    @Test func labelsOfAHinge() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = multiclassHingeLoss(Tensor.zeros([2, 3]), Tensor(int64: [0, -1])).item()
        }
        expectSentence(result, "multiclassHingeLoss: label -1 is outside 0 ..< 3 (3 classes).")
    }

    @Test func aGatherOfWhichOnlyTheGradientIsLeft() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = gradient(at: Tensor([1, 2, 3])) { $0.gathered(Tensor(int64: [0, 3])).sum() }.floats
        }
        expectSentence(result, "gather: index 3 is outside an axis of 3 (-3 to 2 would be right).")
    }

    @Test func aBatchOfGathers() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = vmap { (x: Tensor, i: Tensor) in x.gathered(i) }(Tensor.zeros([2, 3]), Tensor(int64: [0, -4, 1, 2]).reshaped(to: [2, 2])).floats
        }
        expectSentence(result, "gather: index -4 is outside an axis of 3 (-3 to 2 would be right).")
    }

    @Test func aPickThatIsFused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor.zeros([2, 3])
            _ = (exp(x - x.max(axis: -1).expanded(axis: -1)).gatheredAlong(Tensor(int64: [0, 4]).reshaped(to: [2, 1])) * 2).floats
        }
        expectSentence(result, "gather_along: index 4 is outside an axis of 3 (-3 to 2 would be right).")
    }

    @Test func aPickOfWhichOnlyTheGradientIsLeft() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let i = Tensor(int64: [0, -5]).reshaped(to: [2, 1])
            _ = gradient(at: Tensor.zeros([2, 4])) { $0.gatheredAlong(i).sum() }.floats
        }
        expectSentence(result, "gather_along: index -5 is outside an axis of 4 (-4 to 3 would be right).")
    }

    @Test func anAxisWithoutMembers() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([0, 2])[Tensor(int64: [0])].floats
        }
        expectSentence(result, "subscript: index 0 is outside an axis of 0.")
    }

    @Test func numbersOfAnyIntegerType() {
        let x = Tensor([10, 11, 12])
        #expect(x.gathered(Tensor(int64: [2, -1]).cast(to: .int32)).floats == [12, 12])
        #expect(x.gathered(Tensor(int64: [2, 0]).cast(to: .uint8)).floats == [12, 10])
        // -100 is no uint8; no label is it, and none is taken for it.
        let bytes = Tensor(int64: [0, 1]).cast(to: .uint8), z = Tensor([[1, 2], [3, 5]])
        #expect(softmaxCrossEntropy(z, bytes, ignoring: -100).item() == softmaxCrossEntropy(z, bytes).item())
    }
}
