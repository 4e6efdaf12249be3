import DescentCore
import Testing

@Suite struct CompileTests {
    @Test func stateIsCapturedByItself() {
        let count = Variable(Tensor(0))
        let step = compile { (x: Tensor) in
            count.value = count.value + 1
            return x * count.value
        }
        #expect((1...4).map { _ in step(Tensor(10)).item() } == [10, 20, 30, 40])
        #expect(count.value.item() == 4)
    }

    @Test func onePlanPerSignature() {
        let double = compile { (x: Tensor) in x + x }
        for size in [2, 3, 2, 3, 2] { #expect(double(Tensor.ones([size])).floats == [Float](repeating: 2, count: size)) }
        #expect(double.traceCount == 2)
        #expect(double(Tensor.ones([2], dtype: .float64)).dtype == .float64)
        #expect(double.traceCount == 3)
    }

    @Test func aChangedVariableTakesEffectWithoutATrace() {
        let rate = Variable(Tensor(0.5)), weight = Variable(Tensor(8))
        let step = compile { (slope: Tensor) in
            weight.value = weight.value - rate.value * slope
            return weight.value
        }
        #expect(step(Tensor(2)).item() == 7)
        rate.value = Tensor(2)
        #expect(step(Tensor(2)).item() == 3)
        #expect(step.traceCount == 1)
    }

    @Test func drawsDifferFromRunToRunAndEqualTheEagerOnes() {
        let compiled = Random(seed: 7), eager = Random(seed: 7)
        let draw = compile { (x: Tensor) in x + compiled.uniform([5]) * 2 + compiled.normal([5]) }
        let found = (0..<3).map { _ in draw(Tensor.zeros([5])).floats }
        let expected = (0..<3).map { _ in (eager.uniform([5]) * 2 + eager.normal([5])).floats }
        #expect(found == expected)
        #expect(Set(found.map { $0[0] }).count == 3)
    }

    @Test func aTrainingStepEqualsTheEagerOne() {
        let x = Tensor(spread(40, in: -1...1).map { Float($0) }, shape: [8, 5]), y = Tensor(spread(8, in: -1...1).map { Float($0) }, shape: [8, 1])
        func training(_ isCompiled: Bool) -> [Float] {
            let w = Variable(Tensor(spread(5, in: -1...1).map { Float($0) }, shape: [5, 1])), b = Variable(Tensor([0]))
            func step(_ x: Tensor, _ y: Tensor) -> Tensor {
                let (loss, (slopeW, slopeB)) = valueWithGradient(at: w.value, b.value) { w, b in (x.matmul(w) + b - y).squared.mean() }
                w.value = w.value - 0.1 * slopeW
                b.value = b.value - 0.1 * slopeB
                return loss
            }
            let compiled = compile(step)
            let losses = (0..<20).map { _ in Float((isCompiled ? compiled(x, y) : step(x, y)).item()) }
            return losses + w.value.floats + b.value.floats
        }
        let found = training(true)
        expectClose(found.map(Double.init), training(false).map(Double.init), 1e-6)
        #expect(found[19] < found[0] / 2)
    }

    // MARK: Memory of variables

    @Test func aValueHeldFromOutsideIsNotOverwritten() {
        let weight = Variable(Tensor([1, 2, 3]))
        let step = compile { () in
            weight.value = weight.value * 2
            return weight.value.sum()
        }
        let before = weight.value
        _ = step()
        let between = weight.value
        let lazy = weight.value + 1
        _ = step()
        #expect(before.floats == [1, 2, 3])
        #expect(between.floats == [2, 4, 6])
        #expect(lazy.floats == [3, 5, 7])
        #expect(weight.value.floats == [4, 8, 12])
    }

    @Test func aVariableNobodyElseSeesKeepsItsMemory() {
        let weight = Variable(Tensor([1, 2, 3]).settled())
        let step = compile { () in
            weight.value = weight.value + 1
            return weight.value.sum()
        }
        _ = step()
        let memory = weight.stored.storage.pointer
        _ = step()
        #expect(weight.stored.storage.pointer == memory)
    }

    @Test func variablesThatShareAValueAreUpdatedApart() {
        let start = Tensor([1, 2])
        let a = Variable(start), b = Variable(start)
        let step = compile { () in
            a.value = a.value + 1
            b.value = b.value * 10
            return a.value + b.value
        }
        #expect(step().floats == [12, 23])
        #expect(step().floats == [103, 204])
        #expect(start.floats == [1, 2])
    }

    @Test func aVariablesValueAsAnArgument() {
        let weight = Variable(Tensor([1, 2]))
        let step = compile { (x: Tensor) in
            weight.value = weight.value + 1
            return x * weight.value
        }
        #expect(step(weight.value).floats == [2, 6])
        #expect(step(weight.value).floats == [6, 12])
    }

    // MARK: Awkward orders

    @Test func twoVariablesExchanged() {
        let a = Variable(Tensor([1, 2])), b = Variable(Tensor([3, 4]))
        let exchange = compile { () in
            (a.value, b.value) = (b.value, a.value)
            return a.value
        }
        #expect(exchange().floats == [3, 4])
        #expect(a.value.floats == [3, 4] && b.value.floats == [1, 2])
        #expect(exchange().floats == [1, 2])
        #expect(a.value.floats == [1, 2] && b.value.floats == [3, 4])
    }

    @Test func eachOfTwoFromTheOthersOldValue() {
        let a = Variable(Tensor([1, 2])), b = Variable(Tensor([3, 4]))
        let step = compile { () in
            (a.value, b.value) = (b.value * 2, a.value * 3)
            return Tensor(0)
        }
        for _ in 0..<2 { _ = step() }
        #expect(a.value.floats == [6, 12] && b.value.floats == [18, 24])
    }

    @Test func theOldValueAfterAnAssignment() {
        let weight = Variable(Tensor([1, 2, 3]))
        let step = compile { () in
            let old = weight.value
            weight.value = old.flipped(axes: 0)
            return weight.value - old
        }
        #expect(step().floats == [2, 0, -2])
        #expect(step().floats == [-2, 0, 2])
        #expect(weight.value.floats == [1, 2, 3])
    }

    @Test func theNewValueUsedInAProduct() {
        let weight = Variable(Tensor([[1, 0], [0, 1]]))
        let step = compile { (x: Tensor) in
            let before = x.matmul(weight.value)
            weight.value = weight.value * 2 + weight.value.transposed()
            return before + x.matmul(weight.value)
        }
        let x = Tensor([[1, 2]])
        #expect(step(x).floats == [4, 8])
        #expect(step(x).floats == [12, 24])
    }

    @Test func assignedTwice() {
        let weight = Variable(Tensor(1))
        let step = compile { () in
            weight.value = weight.value + 1
            weight.value = weight.value * 10
            return weight.value
        }
        #expect(step().item() == 20)
        #expect(step().item() == 210)
    }

    @Test func assignedWithoutReading() {
        let last = Variable(Tensor([0, 0])), fixed = Variable(Tensor([0, 0]))
        let outside = Tensor([7, 8])
        let step = compile { (x: Tensor) in
            last.value = x
            fixed.value = outside
            return x
        }
        let x = Tensor([1, 2])
        let result = step(x)
        _ = step(Tensor([3, 4]))
        #expect(result.floats == [1, 2] && x.floats == [1, 2] && last.value.floats == [3, 4])
        #expect(fixed.value.floats == [7, 8] && outside.floats == [7, 8])
    }

    @Test func resultsThatAreInputsOrTheSameTwice() {
        let weight = Variable(Tensor([5, 6]))
        let step = compile { (x: Tensor) in
            let y = x + 1
            weight.value = y
            return (x, [y, y], [weight.value, x.transposed()])
        }
        let (a, b, c) = step(Tensor([1, 2]))
        _ = step(Tensor([3, 4]))
        #expect(a.floats == [1, 2] && b.map(\.floats) == [[2, 3], [2, 3]] && c.map(\.floats) == [[2, 3], [1, 2]])
        #expect(weight.value.floats == [4, 5])
    }

    // MARK: Structure

    @Test func arraysDictionariesAndOptionals() {
        let step = compile { (list: [Tensor], table: [String: Tensor], maybe: Tensor?) in
            (list.map { $0 + 1 }, table.mapValues { $0 * 2 }, maybe)
        }
        let (list, table, maybe) = step([Tensor(1), Tensor([2, 3])], ["b": Tensor(4), "a": Tensor([5])], nil)
        #expect(list.map(\.floats) == [[2], [3, 4]])
        #expect(table.mapValues(\.floats) == ["b": [8], "a": [10]])
        #expect(maybe == nil)
    }

    @Test func compiledInsideCompiled() {
        let count = Variable(Tensor(0))
        let inner = compile { (x: Tensor) in
            count.value = count.value + 1
            return x * x
        }
        let outer = compile { (x: Tensor) in inner(x) + inner(x + 1) }
        #expect(outer(Tensor(2)).item() == 13)
        #expect(outer(Tensor(3)).item() == 25)
        #expect(count.value.item() == 4)
        #expect(inner.traceCount == 0)
    }

    @Test func theGradientOfACompiledFunction() {
        let cube = compile { (x: Tensor) in x * x * x }
        let atTwo = gradient(at: Tensor(2)) { cube($0) }
        #expect(atTwo.item() == 12)
        let slope = compile { (x: Tensor) in gradient(at: x) { cube($0) } }
        #expect(slope(Tensor(3)).item() == 27)
    }

    @Test func aLazyTensorFromOutsideIsComputedOnce() {
        let x = Tensor([1, 2]), outside = exp(x)
        let step = compile { (y: Tensor) in y + outside }
        _ = step(x)
        #expect(outside.node.storage() != nil)
        expectIdentical(step(x), x + exp(x))
    }

    @Test func callsFromSeveralThreads() async {
        let total = Variable(Tensor(0))
        let step = compile { (x: Tensor) in
            total.value = total.value + x.sum()
            return x * 2
        }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { step(Tensor.full([4], Double(number))).floats == [Float](repeating: Float(2 * number), count: 4) }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(total.value.item() == 4 * 199 * 100)
    }

    // MARK: Mistakes

    @Test func askingForAValueInsideStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let step = compile { (x: Tensor) in x.item() > 0 ? x : -x }
            _ = step(Tensor(1))
        }
        expectSentence(result, "A value was asked for inside compile, where there are no values yet, only the operations on them. Return the tensor")
    }

    @Test func askingForAValueInsideVmapStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = vmap { (x: Tensor) in x.sum().item() > 0 ? x : -x }(Tensor([[1, 2]]))
        }
        expectSentence(result, "A value was asked for inside vmap")
    }

    @Test func anEscapedTensorStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            nonisolated(unsafe) var kept: [Tensor] = []
            let step = compile { (x: Tensor) in
                kept.append(x + 1)
                return x
            }
            _ = step(Tensor(1))
            print(kept[0])
        }
        expectSentence(result, "This tensor was made inside a run of compile that has ended, and never had a value. Return it from the function")
    }

    @Test func aVariableKeepsItsType() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Variable(Tensor([1, 2]), name: "bias").value = Tensor([1, 2, 3])
        }
        expectSentence(result, "Variable \"bias\" holds float32[2]; it was given float32[3].")
    }
}
