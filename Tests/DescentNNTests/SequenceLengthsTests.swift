import DescentCore
import DescentNN
import Testing

/// Batches of sequences of unequal lengths against each sequence alone.
@Suite struct SequenceLengthsTests {
    private let lengths = [3, 7, 1, 7, 5]
    private let random = Random(seed: 3)

    @Test("outputs, last states and gradients are those of each sequence alone", arguments: [false, true], [false, true])
    func alone(isReversed: Bool, byMask: Bool) {
        let layer = Recurrent(LSTMCell(4, 6, hasPeepholes: true), reversed: isReversed)
        let x = random.normal([5, 8, 4])
        evaluate(x)
        func batched(_ x: Tensor) -> (outputs: Tensor, state: LSTMState) {
            byMask ? layer(x, from: nil, lengths: Tensor(int64: lengths)) : layer(x, from: nil, lengths: SequenceLengths(lengths))
        }
        let (outputs, state) = batched(x)
        for (row, length) in lengths.enumerated() {
            let (alone, last) = layer(x[row..<(row + 1), 0..<length], from: nil)
            expectNear(outputs[row, 0..<length], alone[0])
            #expect(outputs[row, length..<8].floats.allSatisfy { $0 == 0 })
            expectNear(state.hidden[row], last.hidden[0])
            expectNear(state.cell[row], last.cell[0])
        }
        // A loss of the real steps and of the last states: the padding has no part in any gradient.
        let weights = random.normal([5, 8, 6])
        evaluate(weights)
        let parameters = layer.parameters.map(\.variable)
        let (_, together) = valueWithGradient(at: layer) { _ in
            let (outputs, state) = batched(x)
            return (outputs * weights).sum() + (state.cell * state.cell).sum()
        }
        let (_, apart) = valueWithGradient(at: layer) { _ in
            lengths.enumerated().reduce(Tensor(0)) { sum, entry in
                let (outputs, last) = layer(x[entry.offset..<(entry.offset + 1), 0..<entry.element], from: nil)
                return sum + (outputs[0] * weights[entry.offset, 0..<entry.element]).sum() + (last.cell * last.cell).sum()
            }
        }
        #expect(together.tensors.count == parameters.count)
        for (found, expected) in zip(together.tensors, apart.tensors) { expectNear(found, expected, 2e-5) }
        let slope = gradient(at: x) { (batched($0).outputs * weights).sum() }
        for (row, length) in lengths.enumerated() where length < 8 { #expect(slope[row, length..<8].floats.allSatisfy { $0 == 0 }) }
    }

    @Test func aSequenceKeepsItsDropoutMaskFromSegmentToSegment() {
        let some = SequenceLengths([200, 3, 200, 150])
        #expect(some.segments.count > 1)
        let layer = Recurrent(GRUCell(3, 5, dropout: CellDropout(inputs: 0.4, states: 0.4)))
        layer.train()
        let x = random.normal([4, 200, 3])
        evaluate(x)
        layer.initialize(seed: 5)
        let cut = layer(x, from: nil, lengths: some).outputs
        layer.initialize(seed: 5)
        // The sequences in the order in which the segments take them: masks are drawn by row.
        let whole = layer(x.gathered(Tensor(int64: some.order)), from: nil).outputs
        for (place, row) in some.order.enumerated() {
            expectNear(cut[row, 0..<some.lengths[row]], whole[place, 0..<some.lengths[row]], 1e-5)
        }
    }

    @Test func segmentsCoverEveryRealStepOnceAndFewMore() {
        for seed in 0..<20 {
            let some = (Random(seed: seed).uniform([32]) * 96 + 5).cast(to: .int64).ints
            let cut = SequenceLengths(some)
            #expect(cut.segments.first!.steps.lowerBound == 0 && cut.segments.last!.steps.upperBound == some.max()!)
            for (one, next) in zip(cut.segments, cut.segments.dropFirst()) {
                #expect(one.steps.upperBound == next.steps.lowerBound && one.rows > next.rows)
            }
            for segment in cut.segments { #expect(segment.rows == some.filter { $0 > segment.steps.lowerBound }.count) }
            #expect(cut.computed >= cut.total && Double(cut.computed) < 1.25 * Double(cut.total))
        }
        #expect(SequenceLengths([4, 4, 4]).segments == [.init(steps: 0..<4, rows: 3, isMasked: false)])
    }

    @Test func joiningTakesTheRealStepsInOrder() {
        let cut = SequenceLengths([2, 1])
        let padded = Tensor([[[1], [2], [0]], [[3], [0], [0]]])
        #expect(cut.joined(padded).floats == [1, 2, 3])
        #expect(cut.joined(padded.movingAxis(1, to: 0), timeFirst: true).floats == [1, 2, 3])
    }

    @Test func aLengthOfZeroIsAMistake() async {
        await #expect(processExitsWith: .failure) { _ = SequenceLengths([3, 0]) }
        await #expect(processExitsWith: .failure) { _ = SequenceLengths([]) }
    }

    private func expectNear(_ found: Tensor, _ expected: Tensor, _ tolerance: Float = 1e-6, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
        for (a, b) in zip(found.floats, expected.floats) where abs(a - b) > tolerance * max(1, abs(b)) {
            Issue.record("\(a), expected \(b)", sourceLocation: sourceLocation)
            return
        }
    }
}
