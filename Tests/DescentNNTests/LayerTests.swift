import DescentCore
import DescentNN
import Testing

@Suite struct LinearTests {
    private func layer(bias: Bool) -> Linear {
        let layer = Linear(3, 2, bias: bias)
        layer.weight.value = Tensor([[1, 2, 3], [-1, 0.5, 4]])
        layer.bias?.value = Tensor([10, -20])
        return layer
    }

    @Test func agreesWithAHandComputation() {
        #expect(layer(bias: true)(Tensor([[1, 0, -1], [2, 2, 0.5]])).floats == [8, -25, 17.5, -19])
    }

    @Test func withoutBias() {
        let layer = layer(bias: false)
        #expect(layer.bias == nil && layer.parameterCount == 6)
        #expect(layer(Tensor([[1, 0, -1]])).floats == [-2, -5])
    }

    @Test func anyAxesInFront() {
        let layer = layer(bias: true)
        let rows = Tensor((0..<60).map { Float($0) * 0.125 - 3 }, shape: [4, 5, 3])
        let found = layer(rows)
        #expect(found.shape == [4, 5, 2])
        let x = rows.doubles
        var expected: [Double] = []
        for row in 0..<20 {
            let (a, b, c) = (x[row * 3], x[row * 3 + 1], x[row * 3 + 2])
            expected += [a + 2 * b + 3 * c + 10, -a + 0.5 * b + 4 * c - 20]
        }
        expectClose(found.doubles, expected)
        #expect(layer(Tensor([1, 0, -1])).floats == [8, -25])
        #expect(layer(Tensor.zeros([0, 3])).shape == [0, 2])
    }

    @Test func defaultsAreUniformByInputs() {
        let layer = Linear(100, 200)
        for variable in [layer.weight, layer.bias!] {
            let values = variable.value.doubles
            #expect(values.allSatisfy { Swift.abs($0) <= 0.1 } && values.contains { Swift.abs($0) > 0.09 })
        }
        #expect(Linear(4, 5, initializer: .heNormal).bias!.value.floats == [0, 0, 0, 0, 0])
    }

    private struct Classifier: Module {
        let hidden = Linear(512, 16)
        let deep = [Linear(16, 16), Linear(16, 2)]
        func callAsFunction(_ x: Tensor) -> Tensor { deep[1](deep[0](hidden(x))) }
    }

    @Test func aWrongSizeIsToldWithTheModulesPath() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Classifier()
            _ = valueWithGradient(at: model) { $0(Tensor.zeros([128, 784])).sum() }
        }
        expectSentence(result, "matmul: inner sizes differ: [128, 784] · [512, 16] (784 and 512). In Classifier.hidden (Linear): its weight takes 512 inputs.")
    }

    @Test func aWrongSizeInAnArrayIsToldWithItsNumber() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Classifier()
            _ = model.parameters
            _ = model.deep[1](Tensor.zeros([3, 15]))
        }
        expectSentence(result, "[3, 15] · [16, 2] (15 and 16). In Classifier.deep.1 (Linear): its weight takes 16 inputs.")
    }

    @Test func theModeChangesNoPath() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Classifier()
            model.infer()
            _ = model(Tensor.zeros([2, 5]))
        }
        expectSentence(result, "In Classifier.hidden (Linear): its weight takes 512 inputs.")
    }

    @Test func aLayerOnItsOwnIsToldByItsType() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Linear(4, 2)(Tensor.zeros([2, 5])) }
        expectSentence(result, "[2, 5] · [4, 2] (5 and 4). In Linear: its weight takes 4 inputs.")
    }

    @Test func aScalarStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Linear(4, 2)(Tensor(1)) }
        expectSentence(result, "In Linear: its weight takes 4 inputs.")
    }

    @Test func sizesBelowOneStop() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Linear(0, 2) }
        expectSentence(result, "Linear(0, 2): both sizes must be at least 1.")
    }
}

@Suite struct DropoutTests {
    @Test(arguments: [0.1, 0.5, 0.8])
    func keepsTheMeanAndDropsItsShare(_ probability: Double) {
        let count = 100_000
        let values = Dropout(probability, seed: 1)(Tensor.ones([count])).doubles
        let dropped = values.count { $0 == 0 }
        // Five standard deviations of the binomial distribution.
        let margin = 5 * (Double(count) * probability * (1 - probability)).squareRoot()
        #expect(Swift.abs(Double(dropped) - Double(count) * probability) < margin)
        let kept = 1 / (1 - probability)
        #expect(values.allSatisfy { $0 == 0 || Swift.abs($0 - kept) < 1e-6 * kept })
        #expect(Swift.abs(values.reduce(0, +) - Double(count)) < margin * kept)
    }

    /// Of h dropped with probability p: mean h, variance h² p / (1 - p), as in the cases "dropout-1" and "dropout-2".
    @Test(arguments: [(0.5, [1.0, -2, 0.5, 3, 0, 1.5], [1.0, 4, 0.25, 9, 0, 2.25]), (0.2, [0.4, 1, -1.5, 2], [0.04, 0.25, 0.5625, 1])])
    func meanAndVarianceOverSteps(_ probability: Double, _ h: [Double], _ variances: [Double]) {
        let dropout = Dropout(probability, seed: 12), steps = 20_000
        let x = Tensor(float64: h).broadcast(to: [steps, h.count])
        let drawn = dropout(x)
        let means = drawn.mean(axis: 0).doubles, found = drawn.variance(axes: [0]).doubles
        for place in h.indices {
            let error = (variances[place] / Double(steps)).squareRoot()
            #expect(Swift.abs(means[place] - h[place]) <= 5 * error)
            #expect(Swift.abs(found[place] - variances[place]) <= 0.05 * variances[place])
        }
    }

    @Test func theGradientHasTheSameMask() {
        let dropout = Dropout(0.5, seed: 3)
        let x = Tensor.ones([200]) * 3
        let (value, slope) = valueWithGradient(at: x) { dropout($0).sum() }
        expectClose((slope * 3).sum().item(), value.item())
        #expect(slope.floats.contains(0) && slope.floats.contains(2))
    }

    @Test func inUseItPassesEverything() {
        let model = Sequential(Dropout(0.5), Sequential(Dropout(0.9)))
        let x = Tensor([1, -2, 3])
        model.infer()
        #expect(model(x).floats == [1, -2, 3])
        model.train()
        #expect((0..<20).contains { _ in model(x).floats != [1, -2, 3] })
        #expect(Dropout(0)(x).floats == [1, -2, 3])
    }

    @Test func aCompiledFunctionNoticesTheMode() {
        let model = Sequential(Dropout(0.5, seed: 9))
        let step = compile { (x: Tensor) in model(x) }
        let x = Tensor.ones([64])
        let first = step(x).floats
        #expect(first.contains(0) && first.contains(2))
        #expect(step(x).floats != first)
        #expect(step.traceCount == 1)
        model.infer()
        #expect(step(x).floats == x.floats)
        #expect(step.traceCount == 2)
        model.train()
        #expect(step(x).floats.contains(0))
        #expect(step.traceCount == 2)
    }

    @Test func compiledMasksAreTheEagerOnes() {
        let eager = Dropout(0.3, seed: 4), compiled = Dropout(0.3, seed: 4)
        let step = compile { (x: Tensor) in compiled(x) }
        let x = Tensor.ones([50])
        #expect((0..<3).map { _ in step(x).floats } == (0..<3).map { _ in eager(x).floats })
    }

    @Test func aShareOfOneStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Dropout(1) }
        expectSentence(result, "Dropout(1.0): the probability must be at least 0 and below 1.")
    }
}
