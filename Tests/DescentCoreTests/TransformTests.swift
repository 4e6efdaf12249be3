import DescentCore
import Testing

@Suite struct TransformTests {
    private let x = Tensor(float64: [0.3, -0.7, 1.1])

    // MARK: First derivatives

    @Test func gradientsOfSeveralInputs() {
        let (value, (a, b)) = valueWithGradient(at: Tensor([1, 2]), Tensor([3, 4])) { ($0 * $0 * $1).sum() }
        #expect(value.item() == 19)
        #expect(a.floats == [6, 16] && b.floats == [1, 4])
    }

    @Test func gradientsOfArraysAndDictionaries() {
        let (list, table) = gradient(at: [Tensor(2), Tensor(3)], ["w": Tensor(5)]) { list, table in list[0] * list[1] * table["w"]! }
        #expect(list.map { $0.item() } == [15, 10] && table["w"]!.item() == 6)
    }

    @Test func anInputThatDoesNotMatterHasGradientZero() {
        let (a, b) = gradient(at: Tensor([1, 2]), Tensor([3, 4])) { a, _ in a.sum() }
        #expect(a.floats == [1, 1] && b.floats == [0, 0])
    }

    @Test func aValueUsedTwiceAddsUp() {
        let slope = gradient(at: Tensor(3)) { x in x * x + x * x }
        #expect(slope.item() == 12)
    }

    @Test func aValueMayBeLookedAtInsideAGradient() {
        let slope = gradient(at: Tensor(-3)) { x in x.item() > 0 ? x : x * x }
        #expect(slope.item() == -6)
    }

    @Test func vjpPullsBackAfterTheValueWasLookedAt() {
        let (value, pullback) = vjp(at: Tensor([1, 2]), Tensor(3)) { $0 * $1 }
        #expect(value.floats == [3, 6])
        let (a, b) = pullback(Tensor([10, 100]))
        #expect(a.floats == [30, 300] && b.item() == 210)
        #expect(pullback(Tensor([1, 0])).1.item() == 1)
    }

    @Test func jvpPushesForward() {
        let (value, tangent) = jvp(at: x, along: Tensor(float64: [1, 0, 2])) { sin($0) }
        expectClose(value, sin(x), 1e-15)
        expectClose(tangent, cos(x) * Tensor(float64: [1, 0, 2]), 1e-15)
    }

    @Test func jacobiansOfBothModes() {
        let w = Tensor(float64: spread(12, in: -1...1), shape: [3, 4])
        let f: (Tensor) -> Tensor = { tanh($0.expanded(axis: 1) * w) }
        let expected = (1 - f(x).squared) * w
        for mode in [JacobianMode.forward, .reverse, .automatic] {
            let found = jacobian(at: x, mode: mode, of: f)
            #expect(found.shape == [3, 4, 3])
            for row in 0..<3 {
                for column in 0..<3 { expectClose(found[row, .all, column], row == column ? expected[row] : Tensor.zeros([4], dtype: .float64), 1e-14) }
            }
        }
    }

    @Test func aJacobianOfAConstantIsZero() {
        #expect(jacobian(at: x) { _ in Tensor.ones([2], dtype: .float64) }.shape == [2, 3])
    }

    // MARK: Second derivatives

    @Test func hessians() {
        let f: (Tensor) -> Tensor = { x in x[0] * x[0] * x[1] + sin(x[2]) }
        let expected = Tensor(float64: [[2 * -0.7, 2 * 0.3, 0], [2 * 0.3, 0, 0], [0, 0, -1]]) * Tensor(float64: [[1, 1, 1], [1, 1, 1], [1, 1, sin(x[2]).item()]])
        let found = hessian(at: x, of: f)
        expectClose(found, expected, 1e-15)
        let v = Tensor(float64: [1, 2, 3])
        expectClose(hessianVectorProduct(at: x, along: v, of: f), found.matmul(v), 1e-14)
        #expect(hessian(at: Tensor([[1, 2]])) { $0.squared.sum() }.shape == [1, 2, 1, 2])
    }

    @Test func thirdDerivative() {
        let fourth: (Tensor) -> Tensor = { x in x * x * x * x }
        #expect(gradient(of: gradient(of: gradient(of: fourth)))(Tensor(2)).item() == 48)
    }

    @Test func perturbationsAreNotConfused() {
        // d/dx (x * d/dy (x + y)) = d/dx (x * 1) = 1. Mixing up the two would give 2.
        let one = Tensor(1)
        let reverseOverReverse = gradient(at: one) { x in x * gradient(at: one) { y in x + y } }
        let forwardOverForward = jvp(at: one, along: one) { x in x * jvp(at: one, along: one) { y in x + y }.tangent }.tangent
        let reverseOverForward = gradient(at: one) { x in x * jvp(at: one, along: one) { y in x + y }.tangent }
        let forwardOverReverse = jvp(at: one, along: one) { x in x * gradient(at: one) { y in x + y } }.tangent
        #expect([reverseOverReverse, forwardOverForward, reverseOverForward, forwardOverReverse].map { $0.item() } == [1, 1, 1, 1])
    }

    // MARK: Nesting

    @Test func perExampleGradients() {
        let batch = Tensor(float64: spread(12, in: -1...1), shape: [4, 3])
        let found = vmap { (x: Tensor) in gradient(at: x) { ($0 * $0 * $0).sum() } }(batch)
        expectClose(found, 3 * batch.squared, 1e-15)
    }

    @Test func gradientOfVmapOfGradient() {
        let batch = Tensor(float64: spread(12, in: -1...1), shape: [4, 3])
        let found = gradient(at: batch) { b in vmap { (x: Tensor) in gradient(at: x) { ($0 * $0 * $0).sum() } }(b).sum() }
        expectClose(found, 6 * batch, 1e-15)
    }

    @Test func jvpOfVjpIsTheHessianProduct() {
        let v = Tensor(float64: [1, -1, 0.5])
        let f: (Tensor) -> Tensor = { (sin($0) * $0).sum() }
        let found = jvp(at: x, along: v) { point in vjp(at: point, of: f).pullback(Tensor(float64: [1], shape: [])) }.tangent
        expectClose(found, hessian(at: x, of: f).matmul(v), 1e-14)
    }

    @Test func vmapOfJacobian() {
        let batch = Tensor(float64: spread(12, in: -1...1), shape: [4, 3])
        let found = vmap { (x: Tensor) in jacobian(at: x) { exp($0).cumulativeSum() } }(batch)
        for example in 0..<4 { expectClose(found[example], jacobian(at: batch[example]) { exp($0).cumulativeSum() }, 1e-14) }
    }

    @Test func vmapOfVmap() {
        let a = Tensor(float64: spread(6, in: -1...1), shape: [2, 3]), b = Tensor(float64: spread(12, in: -1...1), shape: [4, 3])
        let all = vmap { (x: Tensor) in vmap { (y: Tensor) in (x * y).sum() }(b) }(a)
        expectClose(all, a.matmul(b.transposed()), 1e-14)
    }

    @Test func vmapOverOtherAxes() {
        let a = Tensor(float64: spread(6, in: -1...1), shape: [2, 3])
        expectClose(vmap(inAxis: 1) { (x: Tensor) in x.sum() }(a), a.sum(axis: 0), 1e-15)
        expectClose(vmap(inAxis: -1, outAxis: 1) { (x: Tensor) in x * 2 }(a), a * 2, 1e-15)
        expectClose(vmap { (x: Tensor) in Tensor(float64: [7]) }(a), Tensor(float64: [[7], [7]]), 0)
    }

    @Test func compiledDerivativesOfEverything() {
        let f: (Tensor) -> Tensor = { (sin($0) * $0).sum() }
        let all = compile { (x: Tensor) in [gradient(at: x, of: f), hessian(at: x, of: f), vmap { (s: Tensor) in gradient(at: x * s, of: f) }(x)] }
        let expected = [gradient(at: x, of: f), hessian(at: x, of: f), vmap { (s: Tensor) in gradient(at: x * s, of: f) }(x)]
        for (found, expected) in zip(all(x), expected) { expectClose(found, expected, 1e-14) }
    }

    // MARK: Rules of one's own

    @Test func noDerivativeFlowsThroughStopGradient() {
        #expect(gradient(at: Tensor(3)) { stopGradient($0 * $0) * $0 }.item() == 9)
    }

    @Test func aForwardRuleServesBothModes() {
        let doubled = customDerivative(of: { sin($0[0]) }, jvp: { inputs, _, tangents in 2 * cos(inputs[0]) * tangents[0] })
        expectClose(gradient(at: x) { doubled([$0]).sum() }, 2 * cos(x), 1e-15)
        expectClose(jvp(at: x, along: Tensor(1, like: x)) { doubled([$0]) }.tangent, 2 * cos(x), 1e-15)
        expectClose(gradient(at: x) { y in gradient(at: y) { doubled([$0]).sum() }.sum() }, -2 * sin(x), 1e-15)
        expectClose(gradient(at: x) { y in vmap { (z: Tensor) in doubled([z]) }(y).sum() }, 2 * cos(x), 1e-15)
        expectClose(vmap { (z: Tensor) in gradient(at: z) { doubled([$0]) } }(x), 2 * cos(x), 1e-15)
    }

    @Test func aReverseRule() {
        let clipped = customDerivative(of: { $0[0] * $0[1] }, vjp: { inputs, _, cotangent in [minimum(cotangent * inputs[1], Tensor(1, like: cotangent)), cotangent * inputs[0]] })
        let (a, b) = gradient(at: Tensor([1, 2]), Tensor([0.5, 7])) { clipped([$0, $1]).sum() }
        #expect(a.floats == [0.5, 1] && b.floats == [1, 2])
        let mapped = gradient(at: Tensor([1, 2])) { v in vmap { (x: Tensor) in clipped([x, Tensor(7)]) }(v).sum() }
        #expect(mapped.floats == [1, 1])
    }

    @Test func aReverseRuleCannotBePushedForward() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let same = customDerivative(of: { $0[0] }, vjp: { _, _, cotangent in [cotangent] })
            print(jvp(at: Tensor(1), along: Tensor(1)) { same([$0]) }.tangent)
        }
        expectSentence(result, "custom derivative: it was given as a reverse rule (vjp) and can't be pushed forward (jvp, hessian). Give a forward rule")
    }

    // MARK: Checkpoints

    private func deep(_ x: Tensor, isCheckpointed: Bool) -> Tensor {
        let block: (Tensor) -> Tensor = { x in (0..<4).reduce(x) { y, _ in tanh(y.flipped(axes: 0).cumulativeSum() * 0.1) } }
        return (0..<8).reduce(x) { y, _ in isCheckpointed ? checkpoint(block)(y) : block(y) }.sum()
    }

    @Test func checkpointsKeepTheDerivatives() {
        expectClose(gradient(at: x) { deep($0, isCheckpointed: true) }, gradient(at: x) { deep($0, isCheckpointed: false) }, 1e-14)
        expectClose(hessian(at: x) { deep($0, isCheckpointed: true) }, hessian(at: x) { deep($0, isCheckpointed: false) }, 1e-13)
        let batch = Tensor.stack([x, 2 * x])
        let mapped = vmap { (x: Tensor) in gradient(at: x) { deep($0, isCheckpointed: true) } }(batch)
        expectClose(mapped[1], gradient(at: 2 * x) { deep($0, isCheckpointed: false) }, 1e-14)
        let outside = gradient(at: batch) { b in vmap { (x: Tensor) in deep(x, isCheckpointed: true) }(b).sum() }
        expectClose(outside, mapped, 1e-14)
    }

    @Test func checkpointsKeepLessMemory() {
        let memory = [false, true].map { isCheckpointed in
            let step = compile { (x: Tensor) in gradient(at: x) { deep($0, isCheckpointed: isCheckpointed) } }
            _ = step(Tensor.ones([4096]))
            return step.memory
        }
        // 8 blocks of 4 layers: 8 + 4 values to keep instead of 32, and some more of each at work.
        #expect(memory[1] * 5 < memory[0] * 2, "\(memory)")
    }

    @Test func drawsInsideACheckpointAreRepeated() {
        let random = Random(seed: 3)
        let dropped = checkpoint { (x: Tensor) in
            let kept = random.bernoulli(x.shape, probability: 0.5)
            return x * kept.cast(to: x.dtype)
        }
        let x = Tensor.ones([64])
        let (value, pullback) = vjp(at: x) { dropped($0) }
        #expect(value.floats == pullback(Tensor.ones([64])).floats)
        #expect(Set(value.floats) == [0, 1])
    }

    @Test func checkpointOfSeveralInputs() {
        let f = checkpoint { (a: Tensor, b: [Tensor]) in sin(a * b[0]) * b[1] }
        let (a, b) = gradient(at: Tensor(0.5), [Tensor(2), Tensor(3)]) { f($0, $1) }
        expectClose([a.item(), b[0].item(), b[1].item()], [6 * 0.5403023058, 1.5 * 0.5403023058, 0.8414709848], 1e-6)
    }

    // MARK: Long graphs

    @Test func aLongChainIsReleasedAndEvaluated() {
        func chain(_ length: Int) -> Tensor { (0..<length).reduce(Tensor(0)) { x, _ in x + Tensor(1) } }
        _ = chain(100_000)
        #expect(chain(2_000).item() == 2_000)
    }

    @Test func aLoopOfUpdatesThatNobodyLooksAtStaysSmall() {
        let total = Variable(Tensor(0)), other = Variable(Tensor(1))
        for _ in 0..<1000 {
            total.value = total.value + other.value
            other.value = -other.value
        }
        let depth = Graph.nodes(behind: [total.value]) { $0.storage() == nil }.count
        #expect(depth < 100)
        #expect(total.value.item() == 0 && other.value.item() == 1)
    }

    @Test func oneGraphReadByManyThreads() async {
        for _ in 0..<500 {
            let shared = (0..<20).reduce(Tensor([1, 2])) { x, _ in x + 1 }
            await withTaskGroup(of: [Float].self) { group in
                for number in 0..<4 { group.addTask { number % 2 == 0 ? shared.floats : (shared * 1).floats } }
                for await found in group { #expect(found == [21, 22]) }
            }
        }
    }
}
