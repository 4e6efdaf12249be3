import DescentCore
import Testing

/// What the sentences say: the operation, both shapes, and what would be right.
@Suite struct ErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let primitive: any Primitive
        let inputs: [TensorType]
        let sentence: String
        var testDescription: String { sentence }
        init(_ primitive: any Primitive, _ inputs: [TensorType], _ sentence: String) { (self.primitive, self.inputs, self.sentence) = (primitive, inputs, sentence) }
    }

    private static func float(_ shape: Int...) -> TensorType { TensorType(shape, .float32) }
    private static func int(_ shape: Int...) -> TensorType { TensorType(shape, .int64) }

    static let mistakes = [
        Mistake(Add(), [float(2), float(3)], "add: shapes [2] and [3] differ; they must be equal here."),
        Mistake(Add(), [float(2), int(2)], "add: element types float32 and int64 differ. Cast one of them."),
        Mistake(Exp(), [int(2)], "exp: takes a floating type, not int64. Cast it first."),
        Mistake(LogicalAnd(), [float(2), float(2)], "logical_and: does not take float32. Cast it first."),
        Mistake(Select(), [float(2), float(2), float(2)], "select: the condition is float32; it must be bool (a comparison gives one)."),
        Mistake(Reshape([4]), [float(2, 3)], "reshape: [2, 3] has 6 elements, [4] needs 4."),
        Mistake(Permute([0, 0]), [float(2, 3)], "transpose: [0, 0] is not an order of the 2 axes of [2, 3]. Name each axis once."),
        Mistake(Broadcast([2, 3], axes: [1]), [float(2)], "broadcast: [2] does not stretch to [2, 3]. Aligned at the last axis, sizes must be equal, or 1 in the first."),
        Mistake(Slice(starts: [1], counts: [3], steps: [1]), [float(3)], "slice: axis 0 has size 3; 3 elements from 1 on in steps of 1 do not fit."),
        Mistake(Pad(low: [1], high: [1], interior: [0], value: 0), [float(2, 3)], "pad: [2, 3] with [1] before and [1] after: give one number, 0 or more, for each of the 2 axes."),
        Mistake(Concatenate(axis: 1), [float(2, 3), float(4, 3)], "concatenate: tensor 1 has shape [4, 3], the first [2, 3]; all axes but axis 1 must be equal."),
        Mistake(Sum(axes: [2]), [float(2, 3)], "sum: axis 2 is outside a tensor of rank 2: use -2 to 1."),
        Mistake(ArgReduce(axis: 0, smallest: false), [float(0, 3)], "argmax: axis 0 of [0, 3] is empty; there is no largest element."),
        Mistake(Gather(axis: 0), [float(3), float(2)], "gather: indices are float32; they must be int64. Cast them."),
        Mistake(GatherAlong(axis: 1), [float(2, 3), int(3, 1)], "gather_along: indices [3, 1] beside [2, 3]: all axes but axis 1 must be equal."),
        Mistake(Product(ProductDimensions(leftContracted: [1], rightContracted: [0])), [float(128, 784), float(512, 256)], "matmul: inner sizes differ: [128, 784] · [512, 256] (784 and 512)."),
    ]

    @Test(arguments: mistakes)
    func sentences(_ mistake: Mistake) {
        let error = #expect(throws: ShapeError.self) { _ = try mistake.primitive.infer(mistake.inputs) }
        #expect(error?.description == mistake.sentence)
    }

    @Test func shapesThatDoNotBroadcast() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.ones([2, 3]) + Tensor.ones([2, 4])
        }
        expectSentence(result, "add: shapes [2, 3] and [2, 4] do not broadcast: axis -1 is 3 in the first and 4 in the second. Sizes must be equal, or one of them 1.")
    }

    @Test func innerSizesThatDiffer() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.ones([2, 3]).matmul(Tensor.ones([4, 2]))
        }
        expectSentence(result, "matmul: inner sizes differ: [2, 3] · [4, 2] (3 and 4).")
    }

    @Test func theModuleIsNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let weight = Variable(Tensor([1, 2]))
            weight.place = "Classifier.hidden (Linear)"
            Scope.inModule(of: weight) { _ = Tensor.ones([2]).reshaped(to: [3]) }
        }
        expectSentence(result, "reshape: [2] has 2 elements, [3] needs 3. In Classifier.hidden (Linear).")
    }

    @Test func anIndexOutsideItsAxis() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1, 2, 3])[Tensor(int64: [0, 3])].floats
        }
        expectSentence(result, "subscript: index 3 is outside an axis of 3 (-3 to 2 would be right).")
    }

    @Test func aSubscriptOutsideItsAxis() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Tensor([[1, 2], [3, 4]])[0, 2] }
        expectSentence(result, "subscript: 2 is outside axis 1 of [2, 2], which has 2 members.")
    }

    @Test func aGradientOfSomethingNotScalar() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = gradient(at: Tensor([1, 2])) { $0 * $0 } }
        expectSentence(result, "gradient: the function's result is float32[2]; it must be a floating scalar. Reduce it with sum() or mean(), or ask for a jacobian.")
    }

    @Test func einsumThatDoesNotFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.einsum("ij,jk->ik", Tensor.ones([2, 3]), Tensor.ones([4, 5]))
        }
        expectSentence(result, "einsum: \"ij,jk->ik\": j is 3 in one place and 4 in another.")
    }
}
