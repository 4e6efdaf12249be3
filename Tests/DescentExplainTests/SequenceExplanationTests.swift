import DescentCore
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import Testing

/// A sequence step by step: gates against their formulas, gradients against `GradientFlow`, and what the pictures hold.
@Suite("Sequences step by step")
struct SequenceExplanationTests {
    private static let (inputs, hidden, steps) = (3, 4, 6)
    /// Data, and no numbers that a run draws itself.
    private static let x: Tensor = {
        Tensor(Random(seed: 4).normal([steps, 1, inputs]).floats, shape: [steps, 1, inputs])
    }()

    private static func sigmoid(_ x: Double) -> Double { DescentCore.sigmoid(Tensor(float64: [x])).doubles[0] }
    private static func tanh(_ x: Double) -> Double { DescentCore.tanh(Tensor(float64: [x])).doubles[0] }

    /// `W x + b` of a row, by the public weights.
    private static func row(_ weight: Variable, _ bias: Variable, _ row: Int, _ x: [Double]) -> Double {
        let w = weight.value.doubles, width = weight.shape[1]
        return x.indices.reduce(bias.value.doubles[row]) { $0 + w[row * width + $1] * x[$1] }
    }

    private static func input(_ step: Int) -> [Double] { x[step].reshaped(inputs).doubles }

    private static func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance } }

    @Test("an LSTM's gates are those of its formula and its weights, and its outputs those of the layer")
    func lstm() {
        let cell = LSTMCell(Self.inputs, Self.hidden)
        cell.initialize(seed: 2)
        let (layer, outputs, state) = SequenceLayer.reading(Self.x, cell: cell, path: "reader")
        #expect(layer.values.map(\.name) == ["input gate", "forget gate", "output gate", "cell state"] && layer.values.map(\.isGate) == [true, true, true, false])
        var h = [Double](repeating: 0, count: Self.hidden), c = h
        for step in 0..<Self.steps {
            let x = Self.input(step), before = h
            func z(_ gate: Int, _ unit: Int) -> Double {
                Self.row(cell.inputWeight, cell.inputBias, gate * Self.hidden + unit, x) + Self.row(cell.hiddenWeight, cell.hiddenBias, gate * Self.hidden + unit, before)
            }
            let units = Array(0..<Self.hidden)
            let i = units.map { Self.sigmoid(z(0, $0)) }, f = units.map { Self.sigmoid(z(1, $0)) }, g = units.map { Self.tanh(z(2, $0)) }, o = units.map { Self.sigmoid(z(3, $0)) }
            c = units.map { f[$0] * c[$0] + i[$0] * g[$0] }
            h = units.map { o[$0] * Self.tanh(c[$0]) }
            for (values, expected) in zip(layer.values, [i, f, o, c]) { #expect(Self.close(values.steps[step], expected), "\(values.name) at \(step)") }
            #expect(abs(layer.values[1].means[step] - f.reduce(0, +) / 4) < 1e-5)
        }
        let plain = Recurrent(cell, timeFirst: true)(Self.x, from: nil)
        #expect(Self.close(outputs.doubles, plain.outputs.doubles, 1e-6) && Self.close(state.cell.doubles, plain.state.cell.doubles, 1e-6))
    }

    @Test("a GRU's gates are those of its formula, in both conventions of the reset", arguments: GRUCell.Reset.allCases)
    func gru(reset: GRUCell.Reset) {
        let cell = GRUCell(Self.inputs, Self.hidden, reset: reset)
        cell.initialize(seed: 3)
        let layer = SequenceLayer.reading(Self.x, cell: cell, path: "reader").layer
        #expect(layer.values.map(\.name) == ["reset gate", "update gate", "hidden state"])
        var h = [Double](repeating: 0, count: Self.hidden)
        let units = Array(0..<Self.hidden)
        for step in 0..<Self.steps {
            let x = Self.input(step), before = h
            func both(_ gate: Int, _ unit: Int) -> Double {
                Self.row(cell.inputWeight, cell.inputBias, gate * Self.hidden + unit, x) + Self.row(cell.hiddenWeight, cell.hiddenBias, gate * Self.hidden + unit, before)
            }
            let r = units.map { Self.sigmoid(both(0, $0)) }, z = units.map { Self.sigmoid(both(1, $0)) }
            let n = units.map { unit -> Double in
                let row = 2 * Self.hidden + unit, own = Self.row(cell.inputWeight, cell.inputBias, row, x)
                let kept = units.map { r[$0] * before[$0] }
                return Self.tanh(
                    reset == .afterProduct
                        ? own + r[unit] * Self.row(cell.hiddenWeight, cell.hiddenBias, row, before) : own + Self.row(cell.hiddenWeight, cell.hiddenBias, row, kept))
            }
            h = units.map { (1 - z[$0]) * n[$0] + z[$0] * before[$0] }
            for (values, expected) in zip(layer.values, [r, z, h]) { #expect(Self.close(values.steps[step], expected), "\(values.name) at \(step)") }
        }
    }

    @Test("a layer that reads from the end has its values in the sequence's order")
    func reversed() {
        let cell = RNNCell(Self.inputs, Self.hidden)
        cell.initialize(seed: 1)
        let layer = SequenceLayer.reading(Self.x, cell: cell, isReversed: true, path: "reader").layer
        let plain = Recurrent(cell, reversed: true, timeFirst: true)(Self.x).doubles
        #expect(Self.close(layer.values[0].steps.flatMap { $0 }, plain, 1e-6) && layer.values.map(\.name) == ["hidden state"])
    }

    private struct Reader<Cell: RecurrentCell>: Module {
        let first = Linear(SequenceExplanationTests.inputs, SequenceExplanationTests.inputs)
        let reader: Recurrent<Cell>
    }

    @Test("the norms of dL/dh_t are those of GradientFlow")
    func gradients() {
        func check<Cell: InspectableCell>(_ cell: Cell, _ quantity: String) {
            let model = Reader(reader: Recurrent(cell, timeFirst: true))
            model.initialize(seed: 5)
            let explanation = model.explain(running: { model.reader(model.first(Self.x)) }) { $0[-1].squared.sum() }
            let layer = SequenceLayer.reading(Self.x, cell: cell, path: "reader").layer
            let part = SequencePart(tokens: ["a", "b", "c", "d", "e", "f"], groups: [[layer]], gradientsOf: explanation)
            let flow = GradientFlow.report(cell, model.first(Self.x).reshaped(Self.steps, Self.inputs)) { $0[-1].squared.sum() }
            #expect(part.gradients.map(\.quantity) == [quantity], "\(explanation.layers.map { ($0.path, $0.stateGradients.count) })")
            #expect(Self.close(part.gradients.first?.norms ?? [], Array(flow.lossNorms.dropFirst())), "\(part.gradients.map(\.norms)) \(flow.lossNorms)")
        }
        check(RNNCell(Self.inputs, Self.hidden), "dL/dh_t")
        check(GRUCell(Self.inputs, Self.hidden), "dL/dh_t")
        check(LSTMCell(Self.inputs, Self.hidden), "dL/d(h_t, c_t)")
    }

    @Test("a sentence says whether the gradient vanishes, explodes or arrives, in the direction of reading")
    func sentences() {
        let falling = (0..<5).map { step in (0..<(4 - step)).reduce(1.0) { product, _ in product * 0.1 } }
        let vanishing = StateGradients(name: "RNN", norms: falling)
        #expect(vanishing.trend == .vanishing)
        #expect(
            vanishing.sentence
                == "RNN: the gradient vanishes on its way back through 5 steps: ‖dL/dh_t‖ is 1 after the last step and 0.0001 after the first, a factor of 0.1 a step back. What comes early is hardly learned from."
        )
        #expect(StateGradients(name: "RNN", norms: falling.reversed()).trend == .exploding)
        #expect(StateGradients(name: "RNN", norms: falling.reversed(), isReversed: true).trend == .vanishing)
        #expect(StateGradients(name: "GRU", norms: [0.5, 0.7, 1]).sentence.hasPrefix("GRU: the gradient reaches the first of 3 steps:"))
        #expect(StateGradients(name: "RNN", norms: [0.01, 0.1, 1]).sentence.hasPrefix("RNN: the gradient shrinks on its way back, but reaches the first of 3 steps:"))
        #expect(StateGradients(name: "RNN", norms: [1, .nan]).trend == .exploding)
        #expect(StateGradients(name: "RNN", norms: [1]).sentence == "RNN: one step, so the gradient has no way to go.")
    }

    @Test("tokens without ink, marks alone and parts of characters have labels")
    func labels() {
        #expect(TokenLabel.text(" the") == "␣the" && TokenLabel.text("\n") == "↵" && TokenLabel.text("") == "∅")
        #expect(TokenLabel.text("कि") == "कि" && TokenLabel.text("\u{093F}") == "◌\u{093F}" && TokenLabel.text("\u{0301}") == "◌\u{0301}")
    }

    private static func explanation(steps: Int, readout: UnrolledNetwork.Readout? = nil, tokens: [String]? = nil) -> SequenceExplanation {
        let values = SequenceLayer.Values("forget gate", isGate: true, steps: (0..<steps).map { [Double($0) / Double(steps), 0.5] })
        let state = SequenceLayer.Values("cell state", isGate: false, steps: (0..<steps).map { [Double($0), -1] })
        let layer = SequenceLayer(path: "layers.0", cell: "LSTM", stateName: "h, c", hiddenSize: 2, values: [values, state])
        return SequenceExplanation([SequencePart(tokens: tokens ?? (0..<steps).map { "t\($0)" }, groups: [[layer]], readout: readout)], loss: "L is a loss.")
    }

    @Test("the unrolled picture has a box of one colour and label for each step; of many steps the first and the last")
    func unrolled() {
        let few = Self.explanation(steps: 3, readout: .eachStep(["x", "y", "z"], notes: ["0.9", "0.8", "0.7"]), tokens: ["नमस्ते", "<b>", "&"]).unrolled.svg()
        #expect(few.components(of: "W₁ U₁") == 3 && few.components(of: "#0d69cd") > 3)
        #expect(few.contains(">नमस्ते</text>") && few.contains(">&lt;b&gt;</text>") && few.contains(">0.8</text>"))
        let many = Self.explanation(steps: 30, readout: .lastStep("Ada, 0.93")).unrolled.svg()
        #expect(many.components(of: "W₁ U₁") == 7 && many.contains(">t0</text>") && many.contains(">t29</text>") && !many.contains(">t10</text>") && many.contains("…"))
        #expect(many.contains(">Ada, 0.93</text>") && many.contains("Of 30 steps the first and the last are drawn."))
        // An encoder and a decoder: the second part's weights go on counting.
        var both = Self.explanation(steps: 2)
        both.parts = [both.parts[0], both.parts[0]]
        (both.parts[0].name, both.parts[1].name) = ("encoder", "decoder")
        let drawn = both.unrolled.svg()
        #expect(drawn.components(of: "W₁ U₁") == 2 && drawn.components(of: "W₂ U₂") == 2 && drawn.contains(">encoder</text>") && drawn.contains(">decoder</text>"))
    }

    @Test("a heat map has a column for each token, up to a limit that the note names")
    func heatMaps() throws {
        let html = ReportPage(title: "t", sections: Self.explanation(steps: 70).sections()).html()
        #expect(html.contains("The first 60 of 70 steps are shown.") && html.contains("<title>t59, unit 1: 0.843</title>") && !html.contains("<title>t60, unit 1"))
        // A gate of 0 has no colour, one of 1 the full one; a state is measured by the largest.
        #expect(html.contains("fill-opacity=\"0.5\"><title>t0, mean: 0.250") == false && html.contains("t0, mean: 0.250"))
        #expect(html.contains("t3, unit 2: −1"))
    }

    @Test("lines and JSON hold the steps")
    func lines() throws {
        var explanation = Self.explanation(steps: 3, readout: .eachStep(["x", "y", "z"], notes: ["0.9", "0.8", "0.7"]))
        explanation.parts[0].surprises = [nil, 0.25, 4]
        explanation.parts[0].gradients = [StateGradients(name: "LSTM", norms: [1e-9, 1e-4, 1])]
        #expect(explanation.lines[0].split(separator: " ").joined(separator: " ") == "step token surprise most probable next forget |c|")
        #expect(explanation.lines[2].split(separator: " ").joined(separator: " ") == "2 t1 0.25 y 0.8 0.42 1.00")
        #expect(explanation.lines.last!.contains("vanishes"))
        let text = try explanation.json().text()
        #expect(text.contains("\"surprises\":[null,0.25,4]") || text.contains("\"surprises\":[null,0.25,4.0]"), "\(text)")
        #expect(text.contains("\"trend\":\"vanishing\"") && text.contains("\"forget gate\":{\"mean\":[0.25,"))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
