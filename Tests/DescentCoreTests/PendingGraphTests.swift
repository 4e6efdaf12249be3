import DescentCore
import Testing

@Suite struct PendingGraphTests {
    @Test func aSumOfLossesThatNobodyReadsKeepsNoHistory() {
        let weight = Variable(Tensor([0.5, -0.25]), isTrainable: true)
        var total = Tensor(0.0)
        var truth: Float = 0, w: [Float] = [0.5, -0.25]
        weak var early: Node?
        for step in 0..<3000 {
            let (loss, slopes) = valueWithGradient(at: [weight]) { (weight.value * weight.value).sum() }
            weight.value = weight.value - slopes[0] * 0.0625
            total = total + loss
            if step == 0 { early = loss.node }
            truth += w[0] * w[0] + w[1] * w[1]
            for index in w.indices { w[index] -= 2 * w[index] * 0.0625 }
            #expect(total.node.pendingLength <= Node.longestPending)
        }
        // What the first steps were made from is freed long before anyone asks.
        #expect(early == nil)
        expectClose([total.item()], [Double(truth)], 1e-5)
        expectClose(weight.value.doubles, w.map(Double.init), 1e-5)
    }

    @Test func aLoopIsCutAtTheSamePlaceOfEachStep() {
        let weights = (0..<3).map { Variable(Tensor([0.5, -0.25 * Float($0)]), isTrainable: true) }
        var total = Tensor(0.0), steps: [Int] = []
        for step in 0..<200 {
            var change = weights[0].value * 0.5
            for _ in 0..<30 { change = tanh(change) }
            Variable.assign(weights.map { ($0, $0.value * 0.5 + change) })
            if weights[0].stored.node.isComputed { steps.append(step) }
            total = total + change.sum()
        }
        let lengths = Set(zip(steps, steps.dropFirst()).map { $1 - $0 })
        #expect(lengths.count == 1 && lengths.first! < 16, "\(steps)")
        #expect(weights.allSatisfy { $0.stored.node.isComputed == weights[0].stored.node.isComputed })
    }

    @Test func whatIsReadAsAnotherTypeKeepsItsValue() {
        let x = Tensor([0.5, 2.0]).cast(to: .float32), sum = tanh(x).sum(), rounded = x.cast(to: .int32) + 1
        #expect(abs(sum.item() - 1.4261) < 1e-4 && rounded.floats == [1, 3])
        #expect(sum.node.isComputed && rounded.node.isComputed)
    }

    @Test func whatIsHeldKeepsItsValueWhenALongGraphIsRun() {
        var x = Tensor(1.0), held: [Tensor] = []
        for step in 0..<2000 {
            x = x * 0.5 + 1
            if step % 100 == 0 { held.append(x * 3) }
        }
        // What they are made from has been computed with the part of the loop that it belongs to; the last parts are still to come.
        #expect(held.prefix(10).allSatisfy { $0.node.input(0).node.isComputed })
        #expect(x.item() == 2)
        #expect(held.last!.item() == 6)
        #expect(held[0].item() == 4.5)
    }

    @Test func onlyWhatIsHeldIsKept() {
        func chain() -> (tip: Tensor, middle: Tensor) {
            var y = Tensor([1.0, 2.0]), middle = y
            for step in 0..<20 {
                y = tanh(y)
                if step == 9 { middle = y }
            }
            return (y, middle)
        }
        let (tip, middle) = chain()
        #expect(PendingGraph.heldNodes(behind: [tip.node]).map(\.id) == [middle.node.id])
    }

    @Test func shortGraphsAreLeftAlone() {
        var x = Tensor(1.0)
        for _ in 0..<(Node.longestPending - 3) { x = -x }
        #expect(!x.node.isComputed)
    }

    @Test func insideADerivativeNothingIsRun() {
        let slope = gradient(at: Tensor(0.5)) { x in
            var y = x
            for _ in 0..<1000 { y = y * 1.001 }
            #expect(!y.node.isComputed)
            return y
        }
        var truth: Float = 1
        for _ in 0..<1000 { truth *= Float(1.001) }
        expectClose([slope.item()], [Double(truth)], 1e-4)
    }

    @Test func aVariableAssignedInsideADerivativeKeepsNoHistory() {
        let mean = Variable(Tensor(0.0))
        weak var early: Node?
        for step in 0..<200 {
            let slope = gradient(at: Tensor(1.0)) { x in
                mean.value = mean.value * 0.5 + stopGradient(x)
                return x * mean.value
            }
            if step == 0 { early = mean.stored.node }
            evaluate(slope)
        }
        #expect(early == nil)
        #expect(mean.value.item() == 2)
    }
}
