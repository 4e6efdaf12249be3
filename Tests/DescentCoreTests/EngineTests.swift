import DescentCore
import Testing

/// Each pass by itself.
@Suite struct EngineTests {
    private static let x = Tensor(float64: spread(6, in: -1...1), shape: [2, 3]).settled()
    private static let y = Tensor(float64: spread(6, in: -1...1, seed: 1), shape: [2, 3]).settled()

    /// A rule of `simplify`: what is put in, and the operations that are left.
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let input: @Sendable (Tensor, Tensor) -> [Tensor]
        let left: [String]
        init(_ name: String, left: [String], _ input: @escaping @Sendable (Tensor, Tensor) -> [Tensor]) { (testDescription, self.input, self.left) = (name, input, left) }
    }

    static let rules = [
        Rule("aliases", left: []) { x, _ in [stopGradient(applySingle(Identity(), x))] },
        Rule("equal operations", left: ["add"]) { x, y in [x + y, x + y] },
        Rule("what follows equal operations", left: ["add", "exp"]) { x, y in [exp(x + y), exp(x + y)] },
        Rule("not what only looks equal", left: ["subtract", "subtract"]) { x, y in [x - y, y - x] },
        Rule("barriers keep apart", left: ["exp", "barrier", "exp"]) { x, _ in [exp(x), exp(applySingle(Barrier(), x))] },
        Rule("numbers known now", left: ["fill", "multiply"]) { x, _ in [x * (Tensor.full([2, 3], 2, dtype: .float64) + 3)] },
        Rule("sums of a number", left: ["fill"]) { _, _ in [Tensor.ones([4, 5]).sum()] },
        Rule("reshape of reshape", left: ["reshape"]) { x, _ in [x.reshaped(to: [6]).reshaped(to: [3, 2])] },
        Rule("reshape and back", left: []) { x, _ in [x.reshaped(to: [6]).reshaped(to: [2, 3])] },
        Rule("transpose of transpose", left: []) { x, _ in [x.transposed().transposed()] },
        Rule("transpose of a product", left: ["transpose", "product"]) { x, y in [x.matmul(y.transposed()).transposed()] },
        Rule("broadcast of broadcast", left: ["broadcast"]) { x, _ in [x.broadcast(to: [4, 2, 3]).broadcast(to: [5, 4, 2, 3])] },
        Rule("negate of negate", left: []) { x, _ in [-(-x)] },
        Rule("sum over size 1", left: ["reshape"]) { x, _ in [applySingle(Sum(axes: [0]), x.expanded(axis: 0).reshaped(to: [1, 6]))] },
        Rule("plus 0", left: []) { x, _ in [0 + (x + 0) - 0] },
        Rule("times 1", left: []) { x, _ in [1 * (x * 1) / 1] },
        Rule("not times 0, which keeps NaN", left: ["fill", "multiply"]) { x, _ in [x * 0] },
        Rule("cast to the same type", left: []) { x, _ in [applySingle(Cast(.float64), x)] },
    ]

    @Test(arguments: rules)
    func simplifies(_ rule: Rule) {
        let outputs = rule.input(Self.x, Self.y)
        let program = Program.capture(outputs).program, simpler = simplify(program)
        #expect(program.verify() == nil && simpler.verify() == nil)
        let left = simpler.operations.map { type(of: $0.primitive).name }
        #expect(left == rule.left, "\(simpler)")
    }

    @Test func aTransposedProductIsTheProductOfTheExchangedOperands() {
        let program = simplify(Program.capture([Self.x.matmul(Self.y.transposed()).transposed()]).program)
        #expect(program.operations.last.map { $0.primitive is Product } == true)
        expectClose(Self.x.matmul(Self.y.transposed()).transposed(), Self.y.matmul(Self.x.transposed()), 1e-15)
    }

    @Test func deadCodeIsDropped() {
        var program = Program.capture([exp(Self.x), tanh(Self.x + Self.y)]).program
        program.outputs = [program.outputs[0]]
        #expect(removeDeadCode(program).operations.map { type(of: $0.primitive).name } == ["exp"])
    }

    @Test func theVerifierFindsAWrongType() {
        var program = Program.capture([exp(Self.x)]).program
        program.types[program.outputs[0]] = TensorType([7], .float64)
        #expect(program.verify()?.contains("operation 0 (exp) gives [float64[2, 3]], the program says [float64[7]]") == true)
    }

    // MARK: Lower, fuse, schedule

    @Test func viewsBecomeStrides() {
        let lowered = lower(simplify(Program.capture([Self.x.transposed()[0...1] + Self.y.reshaped(to: [2, 3]).transposed()[1...2]]).program))
        #expect(lowered.operations.count == 1)
        #expect(lowered.operations[0].inputs.map(\.view.strides) == [[1, 3], [1, 3]])
        #expect(lowered.operations[0].inputs.map(\.view.offset) == [0, 1])
    }

    @Test func aReshapeThatStridesCannotSayIsCopied() {
        let lowered = lower(simplify(Program.capture([Self.x.transposed().reshaped(to: [6]) * 2]).program))
        #expect(lowered.operations.map(\.name) == ["copy", "multiply"])
    }

    private func instructions(_ outputs: [Tensor]) -> (count: Int, text: String) {
        let plan = Plan(Program.capture(outputs).program)
        return (plan.instructionTotal, plan.description)
    }

    @Test func softmaxCrossEntropyWithItsGradientIsOneGroup() {
        let logits = Tensor(spread(80, in: -1...1).map { Float($0) }, shape: [8, 10]), labels = Tensor(int64: Array(0..<8), shape: [8, 1])
        let (losses, slope) = lossesWithGradient(logits, labels)
        let plan = instructions([losses, slope])
        #expect(plan.count == 1, "\(plan.text)")
        for step in ["row max", "exp", "row sum", "pick", "add_at"] { #expect(plan.text.contains(step)) }
    }

    /// The losses of all rows, and the gradient of their sum.
    private func lossesWithGradient(_ logits: Tensor, _ labels: Tensor) -> (Tensor, Tensor) {
        let (losses, pullback) = vjp(at: logits) { -logSoftmax($0).gatheredAlong(labels) }
        return (losses, pullback(Tensor.full([8, 1], 0.125)))
    }

    @Test func anAdamUpdateIsOneGroup() {
        let n = [100]
        let g = Tensor.ones(n).settled(), m = Tensor.ones(n).settled(), v = Tensor.ones(n).settled(), w = Tensor.ones(n).settled()
        let m1 = 0.9 * m + 0.1 * g, v1 = 0.999 * v + 0.001 * g * g
        let plan = instructions([w - 0.01 * m1 / (sqrt(v1) + 1e-8), m1, v1])
        #expect(plan.count == 1, "\(plan.text)")
    }

    @Test func biasAndReluAreTheEpilogueOfAProduct() {
        let x = Tensor.ones([8, 4]).settled(), w = Tensor.ones([6, 4]).settled(), b = Tensor.ones([6]).settled()
        let plan = instructions([relu(x.matmul(w.transposed()) + b)])
        #expect(plan.count == 1 && plan.text.contains("matmul") && plan.text.contains("then group") && plan.text.contains("relu"), "\(plan.text)")
    }

    @Test func layerNormalisationIsOneGroup() {
        let x = Tensor.ones([8, 4]).settled()
        let distance = x - x.mean(axis: -1, keepingAxis: true)
        let plan = instructions([distance / sqrt((distance * distance).mean(axis: -1, keepingAxis: true) + 1e-5)])
        #expect(plan.count == 1, "\(plan.text)")
    }

    @Test func everyClusterRunsAfterWhatItReads() {
        for seed in 0..<40 {
            var graph = RandomGraph(seed: seed, dtype: .float64)
            for rank in [1, 2, 2] { graph.addLeaf(rank: rank) }
            for _ in 0..<14 { graph.grow() }
            let program = lower(simplify(Program.capture(graph.tensors).program))
            var made = Set(program.inputs)
            for cluster in schedule(program, fuse(program)) {
                made.formUnion(cluster.allMembers.flatMap { program.operations[$0].outputs })
                #expect(cluster.allMembers.allSatisfy { program.operations[$0].inputs.allSatisfy { $0.value.map(made.contains) ?? true } })
            }
            #expect(program.outputs.allSatisfy(made.contains))
        }
    }

    // MARK: Place

    @Test("no two values that live at one time share memory", arguments: 0..<100)
    func placementIsFreeOfOverlaps(_ seed: Int) {
        var dice = Dice(seed: seed)
        let sizes = (0..<30).map { _ in dice.pick([4, 64, 100, 640, 1000, 4096]) }
        let uses = sizes.indices.map { step in
            let reads = Set((0..<dice.roll(4)).compactMap { _ in step > 0 ? dice.roll(step) : nil })
            return MemoryUse(reads: reads, writes: [step], mayReplace: [step: Array(reads)])
        }
        let placement = place(uses, placeable: { $0 % 7 != 0 }, byteCount: { sizes[$0] })
        func lastUse(_ value: Int) -> Int { uses.lastIndex { $0.reads.contains(value) } ?? value }
        for (a, start) in placement.offsets {
            #expect(start + sizes[a] <= placement.byteCount && start % 64 == 0)
            for (b, other) in placement.offsets where a < b && b <= lastUse(a) {
                let handedOver = placement.inPlace[b] == a && lastUse(a) == b && sizes[a] <= (sizes[b] + 63) / 64 * 64
                #expect(handedOver || start + sizes[a] <= other || other + sizes[b] <= start, "values \(a) and \(b)")
            }
        }
        #expect(placement.inPlace.values.count == Set(placement.inPlace.values).count)
    }

    @Test func aStepTakesOverTheMemoryOfAnInputThatEnds() {
        let uses = [MemoryUse(reads: [], writes: [0]), MemoryUse(reads: [0], writes: [1], mayReplace: [1: [0]]), MemoryUse(reads: [1], writes: [2], mayReplace: [2: [1]])]
        let placement = place(uses, placeable: { _ in true }, byteCount: { _ in 640 })
        #expect(placement.byteCount == 640 && placement.inPlace == [1: 0, 2: 1])
    }

    @Test func aValueOfSeveralInstructionsIsPlacedOnce() {
        let padded = compile { (x: Tensor) in (x * 2).padded([(1, 1)]).cumulativeSum() }
        _ = padded(Tensor.ones([1000]))
        #expect(padded.memory == 4032 + 4032)
    }
}
