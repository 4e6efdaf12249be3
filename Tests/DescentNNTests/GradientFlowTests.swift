import DescentCore
import DescentNN
import Testing

@Suite struct GradientFlowTests {
    /// h_t = f(W h): a cell without inputs. The sigmoid is none of RNNCell's functions: a cell of one's own.
    struct Plain: RecurrentCell {
        let weight: Variable
        let function: @Sendable (Tensor) -> Tensor
        var hiddenSize: Int { weight.shape[0] }
        func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor { function(h.matmul(weight.value.transposed())) }
    }

    /// Cases of kind "jacobian_product": norms of the products of Jacobians, and the words.
    @Test(arguments: RecurrentSequenceCases.cases.filter { $0.name.hasPrefix("jacprod-") })
    func products(_ one: Fixture) {
        let functions: [String: @Sendable (Tensor) -> Tensor] = ["tanh": { tanh($0) }, "relu": { relu($0) }, "sigmoid": { sigmoid($0) }, "identity": { $0 }]
        let cell = Plain(weight: Variable(one["W"]), function: functions[one.word("activation")!]!)
        let steps = one["steps"].ints[0]
        let found = GradientFlow.report(cell, .zeros([steps, 1], dtype: .float64), from: one["h0"].expanded(axis: 0))
        for (norm, expected) in zip(found.stateNorms, one["expected.norms"].doubles) { #expect(Swift.abs(norm - expected) <= 1e-9 * expected) }
        #expect(found.stateNorms.count == steps)
        #expect(found.trend == (one.word("trend") == "neither" ? .healthy : GradientFlow.Trend(rawValue: one.word("trend")!)))
        #expect(found.description.contains("gradients are \(found.trend.rawValue)"))
        #expect(found.path == nil)
        // The sum of the last state's derivative in the first is the product's column sums.
        let sums = one["expected.product"].sum(axes: [0]).squared.sum().item().squareRoot()
        #expect(Swift.abs(found.lossNorms[0] - sums) <= 1e-9 * sums)
        #expect(found.lossNorms.count == steps + 1)
    }

    /// Case "forget-path-1": the product of forget gates, here held by their biases.
    @Test func thePathOfForgetGates() {
        let cell = withParameters(of: .float64) { LSTMCell(3, 3) }
        for variable in [cell.inputWeight, cell.hiddenWeight, cell.hiddenBias, cell.inputBias] { variable.value = Tensor(0, like: variable.value) }
        // Step t has a one-hot of its gates' logits in x: the forget gates of the case, the first as near 1 as a sigmoid comes.
        let gates = Tensor(float64: [[1 - 1e-15, 0.9, 0.5], [1 - 1e-15, 0.95, 0.5], [1 - 1e-15, 0.99, 0.5], [1 - 1e-15, 0.9, 0.5]])
        cell.inputWeight.value = Tensor.concatenate([.zeros([3, 3], dtype: .float64), .eye(3, dtype: .float64), .zeros([6, 3], dtype: .float64)])
        let found = GradientFlow.report(cell, log(gates) - log(1 - gates))
        expectClose([found.path!.largest[3], found.path!.smallest[3]], [1, 0.0625], 1e-13)
        expectClose(found.path!.mean[3], (1 + 0.761805 + 0.0625) / 3, 1e-13)
        // With no other way for c to come back, ds_t/ds_0 is that path: its c is carried unharmed where the gate is open.
        #expect(found.trend == .healthy && found.stateNorms[3] > 0.99)
        #expect(found.description.contains("On the path of its gates alone 0.608 of each element gets through in the mean, from 0.0625 to 1.0."))
    }

    /// dL/ds_t by finite differences: the loss as a function of the state after t steps.
    @Test(arguments: ["lstm", "gru"])
    func slopesOfTheLoss(_ name: String) { name == "lstm" ? checkSlopes(withParameters(of: .float64) { LSTMCell(2, 3) }) : checkSlopes(withParameters(of: .float64) { GRUCell(2, 3) }) }

    private func checkSlopes<Cell: RecurrentCell>(_ cell: Cell) {
        let x = Random(seed: 6).normal([5, 2], dtype: .float64), start = cell.initialState(batch: 1, dtype: .float64)
        func outputs(_ x: Tensor, _ state: Cell.State) -> (outputs: Tensor, state: Cell.State) { Recurrent(cell)(x.expanded(axis: 0), from: state) }
        let found = GradientFlow.report(cell, x) { $0.squared.sum() }
        var state = start, before = Tensor(float64: [0], shape: [])
        for time in 0...5 {
            let flat = Tensor.concatenate(state.tensors.map { $0.reshaped(-1) }), now = state, sofar = before
            let expected = finiteDifferences(at: flat) { moved in
                let given = now.rebuilt(from: TensorReader(moved.split(into: now.tensors.count).map { $0.expanded(axis: 0) }))
                // The output of the state itself counts, and all after it.
                let own = time == 0 ? Tensor(float64: [0], shape: []) : cell.output(given).squared.sum()
                return time == 5 ? own : own + outputs(x[time...], given).outputs.squared.sum()
            }
            expectClose(found.lossNorms[time], expected.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-8, "after \(time) steps")
            if time < 5 { (state, before) = (cell(x[time].expanded(axis: 0), state), sofar) }
        }
    }

    @Test func aLongLSTMKeepsItsGradientAndASmallRNNLosesIt() {
        let x = Random(seed: 7).normal([60, 4], dtype: .float64)
        let (lstm, rnn) = withParameters(of: .float64) { (LSTMCell(4, 16, forgetBias: 5), RNNCell(4, 16)) }
        lstm.initialize(seed: 1)
        rnn.initialize(seed: 1)
        let kept = GradientFlow.report(lstm, x), lost = GradientFlow.report(rnn, x)
        #expect(kept.trend == .healthy && kept.path!.mean.last! > 0.5)
        #expect(lost.trend == .vanishing && lost.factorByStep! < 0.9)
        #expect(lost.description.hasPrefix("RNNCell over 60 steps: gradients are vanishing."))
        #expect(lost.lossNorms[0] < 1e-3 * lost.lossNorms[60])
    }

    /// Against matrices made of known singular values: U diag(s) Vᵀ with U and V orthogonal.
    @Test(arguments: [1, 2, 5, 63, 64, 65, 130])
    func spectralNorms(_ size: Int) {
        let random = Random(seed: size)
        func orthogonal() -> Tensor { Initializer.orthogonal()([size, size], random, dtype: .float64) }
        let values = Tensor(float64: (0..<size).map { 3 / Double($0 + 1) })
        for scale in [1, 1e-200, 1e150] {
            let matrix = (orthogonal() * values).matmul(orthogonal()) * scale
            expectClose(spectralNorm(matrix.doubles, rows: size, columns: size) / scale, 3, 1e-10, "\(scale)")
        }
        #expect(spectralNorm([Double](repeating: 0, count: size * size), rows: size, columns: size) == 0)
        // Closed directions: the start finds none of some values.
        let diagonal = Tensor.eye(size, dtype: .float64) * 2
        expectClose(spectralNorm(diagonal.doubles, rows: size, columns: size), 2, 1e-12)
        #expect(spectralNorm([.nan], rows: 1, columns: 1).isNaN && spectralNorm([-.infinity], rows: 1, columns: 1) == .infinity)
    }

    @Test func aBatchIsNoSequence() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = GradientFlow.report(RNNCell(2, 2), .zeros([1, 3, 2])) }
        expectSentence(result, "GradientFlow: the sequence is float32[1, 3, 2]; one sequence is floating of shape [time, features], with at least one step.")
    }
}
