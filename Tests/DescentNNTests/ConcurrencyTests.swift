import DescentCore
import DescentNN
import Synchronization
import Testing

/// Models, variables and compiled functions used by several tasks at once. `.ci/run` runs this suite under the thread sanitizer too.
@Suite struct ConcurrencyTests {
    /// Two variables that each step moves alike: whoever sees both at one moment sees them equal.
    private struct Pair: Module {
        let first = Variable.parameter([256, 256], .zeros)
        let second = Variable.parameter([256, 256], .zeros)
    }
    private struct Network: Module {
        let hidden = Linear(4, 16)
        let output = Linear(16, 1)
        func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
    }

    private final class End: Sendable { let isReached = Atomic(false) }

    private static func stepping(_ pair: Pair) -> CompiledFunction<Tensor, Tensor> {
        compile { (change: Tensor) in
            pair.first.value = pair.first.value + change
            pair.second.value = pair.second.value + change
            return pair.first.value[0, 0]
        }
    }

    @Test func aReaderSeesOneStepOrTheNext() async {
        let pair = Pair()
        let step = Self.stepping(pair)
        let difference = compile { (scale: Tensor) in ((pair.first.value - pair.second.value) * scale).squared.sum() }
        let end = End()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<300 { _ = step(Tensor(1)) }
                end.isReached.store(true, ordering: .releasing)
            }
            for _ in 0..<2 {
                group.addTask {
                    repeat {
                        #expect(difference(Tensor(1)).item() == 0)
                        let eager = pair.withSnapshot { (pair.first.value - pair.second.value).squared.sum() }
                        #expect(eager.item() == 0)
                        // One variable alone is whole: all elements are of one step.
                        let values = pair.first.value.floats
                        #expect(values.allSatisfy { $0 == values[0] })
                    } while !end.isReached.load(ordering: .acquiring)
                }
            }
        }
        #expect(pair.second.value[3, 3].item() == 300)
    }

    @Test func twoWritersTakeTurns() async {
        let pair = Pair()
        let steps = [Self.stepping(pair), Self.stepping(pair)]
        await withTaskGroup(of: Void.self) { group in
            for step in steps + steps { group.addTask { for _ in 0..<100 { _ = step(Tensor(1)) } } }
        }
        #expect(pair.first.value[255, 255].item() == 400 && pair.second.value[0, 5].item() == 400)
    }

    @Test func aServedModelIsTrainedMeanwhile() async {
        let model = Network(), optimizer = Adam(learningRate: 0.01)
        let x = Tensor.arange(32).cast(to: .float32).reshaped(to: [8, 4]) * 0.05, y = Tensor.ones([8, 1])
        let step = compile { (x: Tensor, y: Tensor) in
            let (loss, gradients) = valueWithGradient(at: model) { meanSquaredError($0(x), y) }
            optimizer.update(model, with: gradients)
            return loss
        }
        let predict = compile { (x: Tensor) in model(x) }
        let first = step(x, y).item()
        let last = await withTaskGroup(of: Double.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var sum = 0.0
                    for _ in 0..<100 { sum += predict(x).sum().item() }
                    return sum.isFinite ? 0 : .nan
                }
            }
            group.addTask {
                var loss = 0.0
                for _ in 0..<200 { loss = step(x, y).item() }
                return loss
            }
            return await group.reduce(0, +)
        }
        #expect(last < first / 4)
    }

    @Test func gradientsOfOneModelInManyTasks() async {
        let model = Network()
        let x = Tensor.ones([2, 4])
        let expected = valueWithGradient(at: model) { $0(x).sum() }.gradients.tensors.map(\.floats)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<10).allSatisfy { _ in valueWithGradient(at: model) { $0(x).sum() }.gradients.tensors.map(\.floats) == expected } }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func aLazyTensorThatManyTasksEvaluate() async {
        for round in 0..<10 {
            var lazy = Tensor.ones([100]) * Double(round)
            for _ in 0..<20 { lazy = sin(lazy) + lazy * 0.5 }
            let shared = lazy
            let values = await withTaskGroup(of: [Float].self) { group in
                for task in 0..<4 { group.addTask { task % 2 == 0 ? shared.floats : (shared + 0).floats } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(values.allSatisfy { $0 == values[0] })
        }
    }

    @Test func eagerTrainingBesideReaders() async {
        let model = Network(), optimizer = SGD(learningRate: 0.05)
        let x = Tensor.ones([4, 4]), y = Tensor.zeros([4, 1])
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<50 { optimizer.update(model, with: valueWithGradient(at: model) { meanSquaredError($0(x), y) }.gradients) }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<50 {
                        let answers = model.withSnapshot { model(x) }
                        #expect(answers.floats.allSatisfy { $0.isFinite })
                    }
                }
            }
        }
        #expect(meanSquaredError(model(x), y).item() < 0.05)
    }

    /// The first call traces: the function's code is run by one of the tasks, and once for each form of its inputs.
    @Test func aFunctionFirstCalledByManyTasks() async {
        let total = Variable(Tensor(0))
        let add = compile { (x: Tensor) in total.value = total.value + x.sum() }
        await withTaskGroup(of: Void.self) { group in
            for count in [1, 1, 2, 2] { group.addTask { for _ in 0..<25 { add(Tensor.ones([count])) } } }
        }
        #expect(total.value.item() == 150 && add.traceCount == 2)
    }
}
