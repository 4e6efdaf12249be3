import DescentCore
import DescentNN
import Testing

extension Fixture: CustomTestStringConvertible {
    var testDescription: String { name }
}

/// The cells in float64 against the cases of kind "recurrent": states, gates and every gradient.
@Suite struct RecurrentCellTests {
    private static func cell(_ one: Fixture) -> any RecurrentCell {
        let hidden = one["h0"].count, inputs = one["xs"].shape[1]
        return withParameters(of: .float64) {
            switch one.word("cell")! {
            case "rnn":
                let cell = RNNCell(inputs, hidden, function: one.word("activation").map { RNNCell.Function(rawValue: $0)! } ?? .tanh)
                (cell.inputWeight.value, cell.hiddenWeight.value) = (one["W_x"], one["W_h"])
                (cell.inputBias.value, cell.hiddenBias.value) = (one["b"], Tensor(0, like: one["b"]))
                return cell
            case "lstm":
                let cell = LSTMCell(inputs, hidden)
                cell.loadJoined(
                    input: (one["W_i"], one["b_i"]), forget: (one["W_f"], one["b_f"]), candidate: (one["W_c"], one["b_c"]), output: (one["W_o"], one["b_o"]))
                return cell
            case "gru", "gru_pytorch":
                let isTheirs = one.word("cell") == "gru_pytorch"
                let cell = GRUCell(inputs, hidden, reset: isTheirs ? .afterProduct : .beforeProduct, blend: isTheirs ? .updateKeeps : .updateReplaces)
                cell.loadJoined(reset: (one["W_r"], one["b_r"]), update: (one["W_z"], one["b_z"]), candidate: (one["W_c"], one["b_c"]))
                if isTheirs { cell.hiddenBias.value = Tensor.concatenate([.zeros([2 * hidden], dtype: .float64), one["b_hc"]]) }
                return cell
            case let other: fatalError("no cell \(other)")
            }
        }
    }

    private static func start<Cell: RecurrentCell>(_ cell: Cell, _ one: Fixture, _ h: Tensor, _ c: Tensor?) -> Cell.State {
        cell.initialState(batch: 1, dtype: .float64).rebuilt(from: TensorReader([h.expanded(axis: 0)] + (c.map { [$0.expanded(axis: 0)] } ?? [])))
    }

    @Test(arguments: RecurrentCellCases.cases)
    func sequences(_ one: Fixture) { checkSequence(Self.cell(one), one) }

    private func checkSequence<Cell: RecurrentCell>(_ cell: Cell, _ one: Fixture) {
        let layer = Recurrent(cell)
        let xs = Variable(one["xs"]), h0 = Variable(one["h0"]), c0 = one.has("c0") ? Variable(one["c0"]) : nil
        let parameters = cell.parameters.map(\.variable)
        let run = { layer(xs.value.expanded(axis: 0), from: Self.start(cell, one, h0.value, c0?.value)) }
        let result = run()
        expectClose(result.outputs.doubles, one["expected.h"].doubles, 1e-13)
        let last = result.state.tensors.map { $0.doubles }
        expectClose(last[0], one["expected.h"][-1].doubles, 1e-13)
        if one.has("expected.c") { expectClose(last[1], one["expected.c"][-1].doubles, 1e-13) }

        let (loss, slopes) = valueWithGradient(at: parameters + [xs, h0] + (c0.map { [$0] } ?? [])) { (run().outputs[0] * one["upstream"]).sum() }
        expectClose(loss.item(), one["expected.loss"].item(), 1e-13)
        var byName: [String: Tensor] = [:]
        for (entry, slope) in zip(cell.parameters, slopes) { byName[entry.path] = slope }
        expectClose(slopes[parameters.count].doubles, one["gradient.xs"].doubles, 1e-12, "xs")
        expectClose(slopes[parameters.count + 1].doubles, one["gradient.h0"].doubles, 1e-12, "h0")
        if c0 != nil { expectClose(slopes[parameters.count + 2].doubles, one["gradient.c0"].doubles, 1e-12, "c0") }
        let gates = cell is RNNCell ? [""] : cell is LSTMCell ? ["_i", "_f", "_c", "_o"] : ["_r", "_z", "_c"]
        for (gate, name) in gates.enumerated() {
            let rows = (gate * cell.hiddenSize)..<((gate + 1) * cell.hiddenSize)
            let (h, x) = (byName["hiddenWeight"]![rows], byName["inputWeight"]![rows])
            if name.isEmpty {
                expectClose(h.doubles, one["gradient.W_h"].doubles, 1e-12, "W_h")
                expectClose(x.doubles, one["gradient.W_x"].doubles, 1e-12, "W_x")
            } else {
                expectClose(Tensor.concatenate([h, x], axis: 1).doubles, one["gradient.W" + name].doubles, 1e-12, "W" + name)
            }
            expectClose(byName["inputBias"]![rows].doubles, one["gradient.b" + name].doubles, 1e-12, "b" + name)
        }
        if one.has("gradient.b_hc") { expectClose(byName["hiddenBias"]![(2 * cell.hiddenSize)...].doubles, one["gradient.b_hc"].doubles, 1e-12, "b_hc") }
    }

    @Test(arguments: RecurrentCellCases.cases)
    func gatesOfEachStep(_ one: Fixture) {
        let steps = one["xs"].shape[0]
        if let cell = Self.cell(one) as? LSTMCell {
            var state = Self.start(cell, one, one["h0"], one["c0"])
            for time in 0..<steps {
                let step = cell.step(one["xs"][time].expanded(axis: 0), state)
                state = step.state
                for (name, gate) in [("f", step.gates.forget), ("i", step.gates.input), ("candidate", step.gates.candidate), ("o", step.gates.output)] {
                    expectClose(gate.doubles, one["gates." + name][time].doubles, 1e-13, "\(name) at \(time)")
                }
                expectClose(state.cell.doubles, one["expected.c"][time].doubles, 1e-13)
                expectClose(state.hidden.doubles, one["expected.h"][time].doubles, 1e-13)
            }
        } else if let cell = Self.cell(one) as? GRUCell {
            var state = Self.start(cell, one, one["h0"], nil)
            for time in 0..<steps {
                let step = cell.step(one["xs"][time].expanded(axis: 0), state)
                state = step.state
                for (name, gate) in [("r", step.gates.reset), ("z", step.gates.update), ("candidate", step.gates.candidate)] {
                    expectClose(gate.doubles, one["gates." + name][time].doubles, 1e-13, "\(name) at \(time)")
                }
                expectClose(state.doubles, one["expected.h"][time].doubles, 1e-13)
            }
        }
    }

    /// Cases "lstm-update-1" and "-2": a cell whose gates are set by its biases alone.
    @Test(arguments: [
        ([0.9, 0.1, 0.5], [0.2, 0.8, 0.5], [-0.5, 0.7, 0.1], [0.6, 0.3, 0.999999], [1.5, -2, 0.4]),
        ([0.5, 0.25, 0.125], [0.125, 0.5, 0.75], [0.5, -0.7, 0.9], [0.5, 0.5, 0.5], [1.0, 2, 3]),
    ])
    func theUpdateOfAnLSTM(_ f: [Double], _ i: [Double], _ g: [Double], _ o: [Double], _ before: [Double]) {
        let cell = withParameters(of: .float64) { LSTMCell(1, 3) }
        for variable in [cell.inputWeight, cell.hiddenWeight, cell.hiddenBias] { variable.value = Tensor(0, like: variable.value) }
        func logit(_ p: Tensor) -> Tensor { log(p) - log(1 - p) }
        let (f, i, g, o, before) = (Tensor(float64: f), Tensor(float64: i), Tensor(float64: g), Tensor(float64: o), Tensor(float64: before))
        cell.inputBias.value = Tensor.concatenate([logit(i), logit(f), 0.5 * (log(1 + g) - log(1 - g)), logit(o)])
        let state = cell(Tensor.zeros([1, 1], dtype: .float64), LSTMState(hidden: .zeros([1, 3], dtype: .float64), cell: before.expanded(axis: 0)))
        expectClose(state.cell.doubles, (f * before + i * g).doubles, 1e-13)
        expectClose(state.hidden.doubles, (o * tanh(f * before + i * g)).doubles, 1e-13)
    }

    /// Case "gru-update-1": z near 1 favours the candidate in the notes' blend; PyTorch's is the other way round.
    @Test(arguments: [GRUCell.Blend.updateReplaces, .updateKeeps])
    func theBlendOfAGRU(_ blend: GRUCell.Blend) {
        let cell = withParameters(of: .float64) { GRUCell(1, 3, reset: .beforeProduct, blend: blend) }
        for variable in [cell.inputWeight, cell.hiddenWeight, cell.hiddenBias] { variable.value = Tensor(0, like: variable.value) }
        let z = Tensor(float64: [0.95, 0.5, 0.05]), n = Tensor.full([3], -0.75, dtype: .float64), before = Tensor.ones([1, 3], dtype: .float64)
        cell.inputBias.value = Tensor.concatenate([.zeros([3], dtype: .float64), log(z) - log(1 - z), 0.5 * (log(1 + n) - log(1 - n))])
        let found = cell(Tensor.zeros([1, 1], dtype: .float64), before)
        let kept = blend == .updateReplaces ? 1 - z : z
        expectClose(found.doubles, (kept - 0.75 * (1 - kept)).doubles, 1e-13)
    }

    @Test(arguments: GRUCell.Reset.allCases, GRUCell.Blend.allCases)
    func conversionToTheOtherBlend(_ reset: GRUCell.Reset, _ blend: GRUCell.Blend) {
        let (one, other) = withParameters(of: .float64) {
            (GRUCell(3, 4, reset: reset, blend: blend), GRUCell(3, 4, reset: reset, blend: blend == .updateKeeps ? .updateReplaces : .updateKeeps))
        }
        for (from, to) in zip(one.parameters, other.parameters) { to.variable.value = from.variable.value }
        let x = Random(seed: 3).normal([2, 5, 3], dtype: .float64)
        #expect(Recurrent(one)(x).doubles != Recurrent(other)(x).doubles)
        other.convertBlend()
        expectClose(Recurrent(other)(x).doubles, Recurrent(one)(x).doubles, 1e-13)
    }

    /// With U diagonal both placements of the reset gate are the same; else they are not.
    @Test func theResetGateBeforeAndAfterTheProduct() {
        let cells = withParameters(of: .float64) { GRUCell.Reset.allCases.map { GRUCell(3, 4, reset: $0) } }
        for (from, to) in zip(cells[0].parameters, cells[1].parameters) { to.variable.value = from.variable.value }
        for cell in cells { cell.hiddenBias.value = Tensor(0, like: cell.hiddenBias.value) }
        let x = Random(seed: 4).normal([2, 5, 3], dtype: .float64)
        #expect(Recurrent(cells[0])(x).doubles != Recurrent(cells[1])(x).doubles)
        let scale = Tensor(float64: [0.5, -1, 2, 0.25])
        for cell in cells {
            let parts = cell.hiddenWeight.value.split(into: 3)
            cell.hiddenWeight.value = Tensor.concatenate([parts[0], parts[1], Tensor.eye(4, dtype: .float64) * scale])
        }
        expectClose(Recurrent(cells[0])(x).doubles, Recurrent(cells[1])(x).doubles, 1e-13)
    }

    /// The formulas of Gers and Schmidhuber, written out gate by gate.
    @Test func peepholes() {
        let cell = withParameters(of: .float64) { LSTMCell(3, 2, hasPeepholes: true) }
        #expect(cell.parameters.map(\.path) == ["inputWeight", "hiddenWeight", "inputBias", "hiddenBias", "peepholes"])
        let x = Random(seed: 5).normal([2, 4, 3], dtype: .float64)
        let found = Recurrent(cell)(x)
        var h = Tensor.zeros([2, 2], dtype: .float64), c = h
        let (w, u, b, p) = (cell.inputWeight.value, cell.hiddenWeight.value, cell.inputBias.value + cell.hiddenBias.value, cell.peepholes!.value)
        for time in 0..<4 {
            func gate(_ number: Int) -> Tensor {
                let rows = (2 * number)..<(2 * number + 2)
                return x[.all, time].matmul(w[rows].transposed()) + h.matmul(u[rows].transposed()) + b[rows]
            }
            let i = sigmoid(gate(0) + p[0] * c), f = sigmoid(gate(1) + p[1] * c), g = tanh(gate(2)), before = gate(3)
            c = f * c + i * g
            h = sigmoid(before + p[2] * c) * tanh(c)
            expectClose(found[.all, time].doubles, h.doubles, 1e-13, "step \(time)")
        }
        let slope = valueWithGradient(at: cell) { Recurrent($0)(x).squared.sum() }.gradients["peepholes"]!
        let expected = finiteDifferences(at: p) { moved in
            cell.peepholes!.value = moved
            return Recurrent(cell)(x).squared.sum()
        }
        expectClose(slope.doubles, expected, 1e-8)
    }

    /// Cases "cell-sizes-4-3" and "cell-sizes-2": counts with PyTorch's two biases for each gate, and with the textbook's one.
    @Test(arguments: [(4, 3, [27, 81, 108], [24, 72, 96]), (50, 128, [23040, 69120, 92160], [22912, 68736, 91648])])
    func sizes(_ inputs: Int, _ hidden: Int, _ two: [Int], _ one: [Int]) {
        let cells: [any RecurrentCell] = [RNNCell(inputs, hidden), GRUCell(inputs, hidden), LSTMCell(inputs, hidden)]
        #expect(cells.map(\.parameterCount) == two)
        #expect(zip(cells, [1, 3, 4]).map { $0.parameterCount - $1 * hidden } == one)
    }

    @Test func theForgetGateStartsOpen() {
        let bias = LSTMCell(3, 100, forgetBias: 2).inputBias.value
        for (gate, centre) in [(0, 0.0), (1, 2), (2, 0), (3, 0)] {
            let values = bias[(100 * gate)..<(100 * gate + 100)].doubles
            #expect(values.allSatisfy { Swift.abs($0 - centre) <= 0.1 + 1e-6 } && Set(values).count > 50)
        }
        let cell = LSTMCell(3, 100, forgetBias: 2)
        cell.initialize(seed: 1)
        #expect(cell.inputBias.value[100..<200].mean().item() > 1.9)
    }

    @Test func parametersOfAnotherType() {
        let (single, double) = (Linear(3, 2), withParameters(of: .float64) { Linear(3, 2) })
        #expect(single.weight.dtype == .float32 && double.weight.dtype == .float64 && double.bias!.dtype == .float64)
        for model in [single, double] { model.initialize(seed: 8) }
        #expect(double.weight.value.doubles == single.weight.value.doubles)
        #expect(Linear(1, 1).weight.dtype == .float32)
    }

    @Test func wrongSizesAreToldWithTheCell() async {
        let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Recurrent(GRUCell(4, 3))(Tensor.zeros([2, 5, 7])) }
        expectSentence(input, "matmul: inner sizes differ: [2, 7] · [4, 9] (7 and 4). In GRUCell: it takes 4 inputs.")
        let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Recurrent(GRUCell(4, 3))(Tensor.zeros([2, 4])) }
        expectSentence(rank, "Recurrent: the input has shape [2, 4]; sequences are [batch, time, features].")
        let joined = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let gate = (Tensor.zeros([3, 6]), Tensor.zeros([3]))
            GRUCell(4, 3).loadJoined(reset: gate, update: gate, candidate: gate)
        }
        expectSentence(joined, "GRUCell.loadJoined: a weight of [3, 6] and a bias of [3]; for [h, x] they must be [3, 7] and [3].")
        let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = LSTMCell(0, 3) }
        expectSentence(none, "LSTMCell(0, 3): both sizes must be at least 1.")
    }
}
