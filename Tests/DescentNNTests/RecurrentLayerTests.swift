import DescentCore
import DescentNN
import Testing

/// Stacks, both directions, dropout, carried state and step-by-step use.
@Suite struct RecurrentLayerTests {
    private func sequence(_ batch: Int, _ time: Int, _ size: Int, seed: Int = 1) -> Tensor { Random(seed: seed).normal([batch, time, size], dtype: .float64) }

    // MARK: Stacks and directions

    @Test func aStackIsItsLayersOneAfterAnother() {
        let stack = withParameters(of: .float64) { StackedRecurrent(count: 3) { Recurrent(LSTMCell($0 == 0 ? 3 : 4, 4)) } }
        let x = sequence(2, 5, 3)
        var value = x, last: [Tensor] = []
        for layer in stack.layers {
            let result = layer(value, from: nil)
            value = result.outputs
            last += result.state.tensors
        }
        let found = stack(x, from: nil)
        expectClose(found.outputs.doubles, value.doubles, 0)
        #expect(found.state.count == 3 && stack.outputSize == 4)
        for (a, b) in zip(found.state.flatMap(\.tensors), last) { expectClose(a.doubles, b.doubles, 0) }
        #expect(stack.parameters.map(\.path).prefix(5) == ["0.inputWeight", "0.hiddenWeight", "0.inputBias", "0.hiddenBias", "1.inputWeight"])
    }

    @Test func residualsWhereWidthsAgree() {
        let (plain, residual) = withParameters(of: .float64) {
            (StackedRecurrent(count: 2) { Recurrent(GRUCell($0 == 0 ? 3 : 4, 4)) }, StackedRecurrent(count: 2, residual: true) { Recurrent(GRUCell($0 == 0 ? 3 : 4, 4)) })
        }
        for (from, to) in zip(plain.parameters, residual.parameters) { to.variable.value = from.variable.value }
        let x = sequence(2, 5, 3), below = plain.layers[0](x)
        expectClose(residual(x).doubles, (plain.layers[1](below) + below).doubles, 1e-15)
    }

    @Test func bothDirectionsAreTwoLayersOfWhichOneReadsTheFlippedSequence() {
        let layer = withParameters(of: .float64) { Bidirectional(GRUCell(3, 4), LSTMCell(3, 2)) }
        let x = sequence(2, 5, 3)
        let (outputs, state) = layer(x, from: nil)
        let forward = Recurrent(layer.forward.cell)(x, from: nil), backward = Recurrent(layer.backward.cell)(x.flipped(axes: 1), from: nil)
        #expect(outputs.shape == [2, 5, 6] && layer.outputSize == 6)
        expectClose(outputs[.rest, 0..<4].doubles, forward.outputs.doubles, 1e-15)
        expectClose(outputs[.rest, 4..<6].doubles, backward.outputs.flipped(axes: 1).doubles, 1e-15)
        expectClose(state.forward.doubles, forward.state.doubles, 1e-15)
        expectClose(state.backward.cell.doubles, backward.state.cell.doubles, 1e-15)
        #expect(layer.parameters.map(\.path)[4] == "backward.inputWeight")
    }

    @Test func timeFirstIsTheSameTransposed() {
        let batchFirst = withParameters(of: .float64) { StackedRecurrent(count: 2) { _ in Bidirectional(RNNCell(4, 2), RNNCell(4, 2)) } }
        let timeFirst = StackedRecurrent(batchFirst.layers.map { Bidirectional($0.forward.cell, $0.backward.cell, timeFirst: true) })
        let x = sequence(2, 5, 4)
        expectClose(timeFirst(x.swappingAxes(0, 1)).swappingAxes(0, 1).doubles, batchFirst(x).doubles, 0)
    }

    // MARK: Step by step

    @Test func stepByStepIsTheWholeSequence() {
        let stack = withParameters(of: .float64) { StackedRecurrent(count: 2, residual: true) { Recurrent(LSTMCell($0 == 0 ? 3 : 4, 4)) } }
        let x = sequence(2, 5, 3), whole = stack(x, from: nil)
        var state = stack.initialState(batch: 2, dtype: .float64)
        for time in 0..<5 {
            let (output, next) = stack.step(x[.all, time], state)
            expectClose(output.doubles, whole.outputs[.all, time].doubles, 1e-15, "step \(time)")
            state = next
        }
        for (a, b) in zip(state.flatMap(\.tensors), whole.state.flatMap(\.tensors)) { expectClose(a.doubles, b.doubles, 1e-15) }
    }

    @Test func aCompiledStepGoesOn() {
        let layer = Recurrent(GRUCell(3, 4))
        let x = Random(seed: 2).normal([2, 6, 3]), whole = layer(x)
        let step = compile { (x: Tensor, h: Tensor) in layer.step(x, h) }
        var h = layer.initialState(batch: 2)
        for time in 0..<6 {
            let (output, next) = step(x[.all, time], h)
            expectClose(output.doubles, whole[.all, time].doubles, 1e-6)
            h = next
        }
        #expect(step.traceCount == 1)
    }

    // MARK: Truncated back-propagation

    @Test func aCarriedStateGoesOnFromStepToStep() {
        let layer = withParameters(of: .float64) { Recurrent(LSTMCell(3, 4)) }
        let x = sequence(2, 12, 3), whole = layer(x)
        let carried = CarriedState(layer.initialState(batch: 2, dtype: .float64))
        #expect(carried.parameters.isEmpty && carried.variables.map(\.path) == ["state.0", "state.1"])
        let read = compile { (piece: Tensor) in
            let (outputs, state) = layer(piece, from: carried.value)
            carried.keep(state)
            return outputs
        }
        for start in [0, 4, 8] { expectClose(read(x[.all, start..<(start + 4)]).doubles, whole[.all, start..<(start + 4)].doubles, 1e-14, "from \(start)") }
        #expect(read.traceCount == 1)
        carried.reset()
        expectClose(read(x[.all, 0..<4]).doubles, whole[.all, 0..<4].doubles, 1e-14)
        // One sequence starts anew, the other goes on.
        carried.reset(Tensor(bool: [true, false]))
        let found = read(x[.all, 4..<8])
        expectClose(found[1].doubles, whole[1, 4..<8].doubles, 1e-14)
        expectClose(found[0].doubles, layer(x[.all, 4..<8])[0].doubles, 1e-14)
    }

    /// The gradient of a piece is that with the state before it held fixed.
    @Test func noGradientGoesBackIntoTheLastPiece() {
        let layer = withParameters(of: .float64) { Recurrent(GRUCell(3, 4)) }
        let x = sequence(2, 8, 3), first = x[.all, 0..<4], second = x[.all, 4..<8]
        let carried = CarriedState(layer.initialState(batch: 2, dtype: .float64))
        func loss(_ layer: Recurrent<GRUCell>, _ piece: Tensor) -> Tensor {
            let (outputs, state) = layer(piece, from: carried.value)
            carried.keep(state)
            return outputs.squared.sum()
        }
        let before = layer(first, from: nil).state
        let expected = valueWithGradient(at: layer) { $0(second, from: Tensor(float64: before.doubles, shape: before.shape)).outputs.squared.sum() }.gradients
        let both = valueWithGradient(at: layer) { loss($0, first) + loss($0, second) }.gradients
        let alone = valueWithGradient(at: layer) { $0(first).squared.sum() }.gradients
        for ((entry, found), (a, b)) in zip(both.entries, zip(alone.tensors, expected.tensors)) { expectClose(found.doubles, (a + b).doubles, 1e-13, entry.path) }
        let through = valueWithGradient(at: layer) { $0(x).squared.sum() }.gradients
        #expect(Swift.abs(through.norm.item() - both.norm.item()) > 1e-3)
    }

    // MARK: Dropout

    /// Which columns of x, and which of h, the gates saw at each step, told from the gradients of a linear cell's outputs.
    @Test func aMaskOfTheCellHoldsForTheWholeSequence() {
        let cell = RNNCell(40, 40, function: .identity, dropout: CellDropout(inputs: 0.5, states: 0.25))
        cell.initialize(seed: 1)
        cell.inputWeight.value = .eye(40)
        cell.hiddenWeight.value = 0 * Tensor.eye(40)
        for bias in [cell.inputBias, cell.hiddenBias] { bias.value = .zeros([40]) }
        let layer = Recurrent(cell), x = Tensor.ones([3, 6, 40])
        let outputs = layer(x)
        for time in 1..<6 { #expect(outputs[.all, time].floats == outputs[.all, 0].floats) }
        #expect(outputs[0, 0].floats != outputs[1, 0].floats)
        #expect(Set(outputs.floats) == [0, 2])
        #expect(layer(x).floats != outputs.floats)
        // Through the state: h_t = x_t + m h_(t-1), with the same m at every step.
        cell.inputWeight.value = .eye(40)
        cell.hiddenWeight.value = .eye(40)
        let impulse = Tensor.concatenate([.ones([3, 1, 40]), .zeros([3, 3, 40])], axis: 1)
        let rung = layer(impulse)
        let m = 4 / 3.0
        #expect(
            zip(rung[.all, 1].doubles, rung[.all, 3].doubles).allSatisfy { second, fourth in
                [0, 2 * m].contains { Swift.abs(second - $0) < 1e-5 } && Swift.abs(fourth - (second == 0 ? 0 : 2 * m * m * m)) < 1e-5
            })
        #expect(Set(rung[.all, 1].floats).count == 2)
        layer.infer()
        expectClose(layer(x)[.all, 2].doubles, [Double](repeating: 3, count: 120), 1e-6)
    }

    @Test(arguments: ["rnn", "lstm", "gru"])
    func theGradientSeesTheSameMask(_ name: String) {
        let dropout = CellDropout(inputs: 0.3, states: 0.3)
        let cell: any RecurrentCell = withParameters(of: .float64) {
            switch name {
            case "rnn": RNNCell(3, 4, dropout: dropout)
            case "lstm": LSTMCell(3, 4, dropout: dropout)
            default: GRUCell(3, 4, reset: .beforeProduct, dropout: dropout)
            }
        }
        checkGradient(cell, dropout)
    }

    private func checkGradient<Cell: RecurrentCell>(_ cell: Cell, _ dropout: CellDropout) {
        #expect(cell.variables.map(\.path).suffix(2) == ["dropout.inputs.random", "dropout.states.random"])
        let states = cell.variables.suffix(2).map { ($0.variable, $0.variable.value) }
        func loss(_ x: Tensor) -> Tensor {
            for (variable, value) in states { variable.value = value }
            return Recurrent(cell)(x).squared.sum()
        }
        let x = sequence(2, 4, 3)
        expectClose(gradient(at: x, of: loss).doubles, finiteDifferences(at: x, loss), 1e-7)
        let compiled = compile { (x: Tensor) in gradient(at: x, of: loss) }
        expectClose(compiled(x).doubles, gradient(at: x, of: loss).doubles, 1e-13)
    }

    @Test func dropoutBetweenLayers() {
        // Each layer hands its input on: what is missing was dropped between the two.
        func stack(sharesMasks: Bool) -> StackedRecurrent<Recurrent<RNNCell>> {
            let stack = StackedRecurrent(count: 2, dropout: 0.5, sharesMasks: sharesMasks) { _ in Recurrent(RNNCell(30, 30, function: .identity)) }
            for layer in stack.layers {
                layer.cell.inputWeight.value = .eye(30)
                for variable in [layer.cell.hiddenWeight, layer.cell.inputBias, layer.cell.hiddenBias] { variable.value = Tensor(0, like: variable.value) }
            }
            return stack
        }
        let x = Tensor.ones([2, 4, 30])
        let each = stack(sharesMasks: false), shared = stack(sharesMasks: true)
        let varying = each(x), same = shared(x)
        #expect(Set(varying.floats) == [0, 2] && Set(same.floats) == [0, 2])
        #expect(varying[.all, 0].floats != varying[.all, 1].floats)
        for time in 1..<4 { #expect(same[.all, time].floats == same[.all, 0].floats) }
        #expect(same[0].floats != same[1].floats)
        each.infer()
        #expect(each(x).floats == x.floats)
        #expect(each.variables.map(\.path).last == "dropout.random")
    }

    // MARK: Mistakes

    @Test func sentences() async {
        let mixed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = StackedRecurrent([Recurrent(RNNCell(2, 2)), Recurrent(RNNCell(2, 2), timeFirst: true)])
        }
        expectSentence(mixed, "StackedRecurrent: some layers have time first and some the batch; all must agree.")
        let states = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let stack = StackedRecurrent(count: 2) { _ in Recurrent(RNNCell(2, 2)) }
            _ = stack(Tensor.zeros([1, 1, 2]), from: [Tensor.zeros([1, 2])])
        }
        expectSentence(states, "StackedRecurrent: the state is that of 1 layers; there are 2.")
        let reversed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Recurrent(RNNCell(2, 2), reversed: true).step(Tensor.zeros([1, 2]), Tensor.zeros([1, 2]))
        }
        expectSentence(reversed, "Recurrent.step: this layer reads from the end of a sequence")
        let ended = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            CarriedState(Tensor.zeros([3, 2])).reset(Tensor([1, 0, 1]))
        }
        expectSentence(ended, "CarriedState.reset: which sequences ended is float32[3]; it must be bool of shape [3], the batch.")
        let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = withParameters(of: .int64) { RNNCell(2, 2) } }
        expectSentence(type, "withParameters: parameters are learned, so they are floating; int64 is not.")
    }
}
