import DescentCore
import DescentNN
import Testing

/// Whole small runs: the parts together.
@Suite struct TrainingTests {
    private struct ExclusiveOr: Module {
        let hidden = Linear(2, 8)
        let output = Linear(8, 1)
        func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
    }

    private func losses(compiled: Bool, steps: Int = 300) -> (losses: [Double], model: ExclusiveOr) {
        let model = ExclusiveOr()
        model.initialize(seed: 1)
        let optimizer = Adam(learningRate: 0.05)
        let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), y = Tensor([[0], [1], [1], [0]])
        func step(_ x: Tensor, _ y: Tensor) -> Tensor {
            let (loss, gradients) = valueWithGradient(at: model) { binaryCrossEntropy(logits: $0(x), y) }
            optimizer.update(model, with: gradients.clipped(toNorm: 10))
            return loss
        }
        let fast = compile { (x: Tensor, y: Tensor) in step(x, y) }
        return ((0..<steps).map { _ in (compiled ? fast(x, y) : step(x, y)).item() }, model)
    }

    @Test func exclusiveOrIsLearnedCompiledAndEagerAlike() {
        let compiled = losses(compiled: true), eager = losses(compiled: false)
        #expect(compiled.losses.last! < 0.01)
        #expect(compiled.losses == eager.losses)
        let answers = sigmoid(compiled.model(Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]))).floats.map { $0 > 0.5 }
        #expect(answers == [false, true, true, false])
    }

    @Test func theSameSeedGivesTheSameRun() {
        #expect(losses(compiled: true, steps: 20).losses == losses(compiled: true, steps: 20).losses)
    }

    @Test func aLoopThatLooksAtNothingStaysCorrect() {
        func run(looking: Bool) -> [Float] {
            let model = ExclusiveOr()
            model.initialize(seed: 2)
            let optimizer = SGD(learningRate: 0.1, momentum: 0.9)
            let x = Tensor([[0, 1], [1, 1]]), y = Tensor([[1], [0]])
            for _ in 0..<50 {
                let (loss, gradients) = valueWithGradient(at: model) { meanSquaredError($0(x), y) }
                optimizer.update(model, with: gradients)
                if looking { _ = loss.item() }
            }
            return model.hidden.weight.value.floats
        }
        let looking = run(looking: true), blind = run(looking: false)
        expectClose(blind.map(Double.init), looking.map(Double.init), 1e-4)
    }

    @Test func aLineIsFoundByLeastSquares() {
        let model = Linear(1, 1)
        model.initialize(seed: 0)
        let x = Tensor((0..<32).map { Float($0) / 16 - 1 }, shape: [32, 1])
        let y = x * 2.5 - 0.75
        let optimizer = SGD(learningRate: 0.5)
        let step = compile { () -> Tensor in
            let (loss, gradients) = valueWithGradient(at: model) { meanSquaredError($0(x), y) }
            optimizer.update(model, with: gradients)
            return loss
        }
        for _ in 0..<200 { _ = step() }
        expectClose(model.weight.value.item(), 2.5, 1e-5)
        expectClose(model.bias!.value.item(), -0.75, 1e-5)
    }

    @Test func frozenLayersStayThroughACompiledRun() {
        let model = ExclusiveOr()
        model.freeze("hidden")
        let before = model.hidden.weight.value.floats, output = model.output.weight.value.floats
        let optimizer = Adam(learningRate: 0.1)
        let x = Tensor([[0, 1], [1, 1]]), y = Tensor([[1], [0]])
        let step = compile { () -> Tensor in
            let (loss, gradients) = valueWithGradient(at: model) { binaryCrossEntropy(logits: $0(x), y) }
            optimizer.update(model, with: gradients)
            return loss
        }
        for _ in 0..<5 { _ = step() }
        #expect(model.hidden.weight.value.floats == before)
        #expect(model.output.weight.value.floats != output)
    }
}
