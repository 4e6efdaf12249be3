import DescentCore
import Testing

/// What the passes make of loops: what leaves a body, what stays, and that the results are the same.
@Suite struct LoopPassTests {
    /// A cell written by hand, with an output layer: two products of the input and the output layer need not be in the loop.
    private static func cell(_ x: [Tensor]) -> [Tensor] {
        let (h, steps, w, u, b, v) = (x[0], x[1], x[2], x[3], x[4], x[5])
        let result = scan(h, over: steps) { h, x in
            let next = tanh(x.matmul(w) + h.matmul(u) + b)
            return (next, sigmoid(next.matmul(v)))
        }
        return [result.carry, result.outputs]
    }
    private static let shapes = [[2, 3], [5, 2, 4], [4, 3], [3, 3], [3], [3, 6]]
    private static func inputs(_ shapes: [[Int]] = shapes, dtype: DType = .float64) -> [Tensor] {
        shapes.enumerated().map { Tensor(float64: spread($1.elementCount, in: -1...1, seed: $0), shape: $1).settled(as: dtype) }
    }

    /// The program of a function, with its leaves as placeholders.
    private static func captured(_ inputs: [Tensor], _ function: ([Tensor]) -> [Tensor]) -> (program: Program, leaves: [Tensor]) {
        let (program, leaves) = Program.capture(function(inputs))
        return (simplify(program), leaves)
    }

    /// Operations of a kind outside all loops, and in the bodies of loops, however deep.
    private static func count<P: Primitive>(_: P.Type, _ program: Program) -> (outside: Int, inside: Int) {
        var found = (outside: 0, inside: 0)
        for operation in program.operations {
            if operation.primitive is P { found.outside += 1 }
            if let scan = operation.primitive as? Scan {
                let body = count(P.self, scan.body.program)
                found.inside += body.outside + body.inside
            }
        }
        return found
    }

    private static func loops(_ program: Program) -> [Scan] { program.operations.compactMap { $0.primitive as? Scan } }

    private func expectSame(_ program: Program, _ other: Program, _ leaves: [Tensor], _ note: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(other.verify() == nil, "\(note): \(other.verify() ?? "")", sourceLocation: sourceLocation)
        for loop in Self.loops(other) { #expect(loop.body.program.verify() == nil, "\(note)", sourceLocation: sourceLocation) }
        #expect(other.inputs.count == program.inputs.count, "\(note)", sourceLocation: sourceLocation)
        for (found, expected) in zip(other.applied(to: leaves).outputs, program.applied(to: leaves).outputs) {
            expectClose(found, expected, 1e-12, note, sourceLocation: sourceLocation)
        }
    }

    @Test func hoistTakesTheInputsProductOutAndSinkTheOutputLayer() {
        let (program, leaves) = Self.captured(Self.inputs(), Self.cell)
        #expect(Self.count(Product.self, program) == (0, 3))
        let hoisted = hoist(program)
        #expect(Self.count(Product.self, hoisted) == (1, 2))
        #expect(Self.count(HyperbolicTangent.self, hoisted) == (0, 1))
        let sunk = sink(hoisted)
        #expect(Self.count(Product.self, sunk) == (2, 1))
        #expect(Self.count(Sigmoid.self, sunk) == (1, 0))
        let pruned = simplify(simplifyLoopBodies(sunk))
        expectSame(program, hoisted, leaves, "hoisted")
        expectSame(program, sunk, leaves, "sunk")
        expectSame(program, pruned, leaves, "pruned")
        expectSame(program, sink(program), leaves, "sunk alone")
        // The products outside are of all steps at once.
        #expect(pruned.operations.filter { $0.primitive is Product }.flatMap(\.outputs).map { pruned.types[$0].shape.elementCount } == [5 * 2 * 3, 5 * 2 * 6])
    }

    /// What the guide shows: the programs as they are printed, before and after.
    @Test func theProgramBeforeAndAfter() {
        let (program, _) = Self.captured(Self.inputs(dtype: .float32), Self.cell)
        let after = optimizeLoops(program)
        #expect(program.description == LoopPrograms.before)
        #expect(Self.loops(program)[0].body.program.description == LoopPrograms.bodyBefore)
        #expect(after.description == LoopPrograms.after)
        #expect(Self.loops(after)[0].body.program.description == LoopPrograms.bodyAfter)
    }

    /// Back-propagation: of the six products of a step's gradient only that of the state's own chain stays; the weights' gradients are
    /// products over all steps and examples at once.
    @Test func theGradientsProductsLeaveToo() {
        let (program, leaves) = Self.captured(Self.inputs()) { inputs in
            gradient(at: inputs) { inputs in
                let results = Self.cell(inputs)
                return results[1].squared.sum() + results[0].sum()
            }
        }
        let after = optimizeLoops(program)
        #expect(Self.count(Product.self, after).inside == 2)
        #expect(Self.loops(after).count == 2)
        #expect(Self.loops(after).allSatisfy { $0.sumCount == 0 })
        expectSame(program, after, leaves, "gradient")
    }

    /// A minimal gated unit in the textbook's form, one matrix for `[x, h]`: the input's part leaves the loop, of the gradient too.
    @Test func productsOfJoinedTensorsAreTakenApart() {
        func joined(_ x: [Tensor]) -> [Tensor] {
            let result = scan(x[0], over: x[1]) { h, s in
                let f = sigmoid(Tensor.concatenate([s, h], axis: -1).matmul(x[2].transposed()))
                let n = tanh(Tensor.concatenate([s, f * h], axis: -1).matmul(x[3].transposed()))
                let next = (1 - f) * h + f * n
                return (next, next)
            }
            return [result.carry, result.outputs]
        }
        let inputs = Self.inputs([[2, 3], [5, 2, 4], [3, 7], [3, 7]])
        let (program, leaves) = Self.captured(inputs, joined)
        #expect(Self.count(Product.self, program) == (0, 2))
        #expect(Self.count(Product.self, splitProducts(program)) == (0, 4))
        let after = optimizeLoops(program)
        #expect(Self.count(Product.self, after) == (2, 2) && Self.count(Concatenate.self, after).inside == 0)
        expectSame(program, splitProducts(program), leaves, "split")
        expectSame(program, after, leaves, "all")

        let (slope, ends) = Self.captured(inputs) { inputs in gradient(at: inputs) { ScanCase.loss(joined($0)) } }
        let optimized = optimizeLoops(slope)
        // Inside: the state's part of both products, forward and back. Outside: the inputs' parts, forward and back, and both weights.
        #expect(Self.count(Product.self, optimized) == (6, 4))
        expectSame(slope, splitProducts(slope), ends, "split gradient")
        expectSame(slope, optimized, ends, "gradient")
    }

    /// Joined tensors that all come from the carry, or none of which does, gain nothing by being apart.
    @Test func productsWithoutAMixtureStayWhole() {
        let (program, _) = Self.captured(Self.inputs([[2, 3], [5, 2, 3], [3, 6], [3, 6]])) { x in
            scan(x[0], over: x[1]) { h, s in
                let a = Tensor.concatenate([h, h * h], axis: -1).matmul(x[2].transposed()), b = Tensor.concatenate([s, s * s], axis: -1).matmul(x[3].transposed())
                return (tanh(a + b), h)
            }.outputs.tensors
        }
        #expect(splitProducts(program).description == program.description)
        #expect(Self.loops(splitProducts(program))[0].body == Self.loops(program)[0].body)
    }

    @Test func whatDependsOnTheConstantsAloneIsComputedOnce() {
        let (program, leaves) = Self.captured(Self.inputs([[2, 3], [5, 2, 3], [3, 3]])) { x in
            scan(x[0], over: x[1]) { h, s in
                let next = tanh(h.matmul(x[2].matmul(x[2])) + s)
                return (next, next)
            }.outputs.tensors
        }
        let after = hoist(program)
        #expect(Self.count(Product.self, after).inside == 1)
        expectSame(program, after, leaves, "hoisted")
    }

    /// Everything feeds the next step, and nothing comes from the slices alone but cheap sums.
    @Test func aBodyInWhichNothingMayMoveStays() {
        let (program, leaves) = Self.captured(Self.inputs([[2, 3], [5, 2, 3], [3, 3]])) { x in
            let result = scan(x[0], over: x[1]) { h, s in
                let next = tanh((h + s).matmul(x[2]))
                return (next, next + s)
            }
            return [result.carry, result.outputs]
        }
        for pass in [splitProducts, hoist, sink] {
            let after = pass(program)
            #expect(after.description == program.description)
            #expect(Self.loops(after)[0].body == Self.loops(program)[0].body)
            expectSame(program, after, leaves, "stays")
        }
    }

    /// A loop all of whose work is free of the carry, and one that computes nothing of its own, are no loops any more.
    @Test func aLoopWithoutCarriesDissolves() {
        let (program, leaves) = Self.captured(Self.inputs([[5, 2, 3], [3, 3]])) { x in
            scan([Tensor](), over: x[0]) { none, s in (none, tanh(s.matmul(x[1]))) }.outputs.tensors
        }
        let after = optimizeLoops(program)
        #expect(Self.loops(after).isEmpty)
        expectSame(program, after, leaves, "dissolved")
    }

    @Test func carriesAndResultsThatNobodyAsksForGo() {
        let (program, leaves) = Self.captured(Self.inputs([[2], [2], [5, 2], [2, 2]])) { x in
            let result = scan([x[0], x[1]], over: x[2]) { c, s in
                ([tanh(c[0] + s), tanh(c[1].matmul(x[3]))], [c[0], c[1].matmul(x[3])])
            }
            return [result.carry[0]]
        }
        let loop = Self.loops(optimizeLoops(program))[0]
        #expect(loop.carryCount == 1 && loop.stackCount == 0 && loop.constantCount == 0)
        expectSame(program, optimizeLoops(program), leaves, "pruned")
    }

    private static let passes: [(name: String, run: @Sendable (Program) -> Program)] = [
        ("merge", { mergeLoops($0) }), ("bodies", { simplifyLoopBodies($0) }), ("split", { splitProducts($0) }), ("hoist", { hoist($0) }), ("sink", { sink($0) }),
        ("carry sums", { carrySums($0) }), ("hoist, sink", { sink(hoist($0)) }), ("sink, hoist", { hoist(sink($0)) }), ("all", { optimizeLoops($0) }),
    ]

    /// A loop whose body is a random graph, forward and with its gradient.
    @Test("each pass alone on random bodies", arguments: 0..<80)
    func randomBodies(_ seed: Int) {
        let shape = [[3], [2, 3], [1, 4], [2, 2]][seed % 4], length = 1 + seed % 3
        func step(_ c: [Tensor], _ s: [Tensor], _ weight: Tensor) -> ([Tensor], [Tensor]) {
            var graph = RandomGraph(seed: seed, dtype: .float64, sizes: shape + [1])
            for tensor in c + s + [weight] { graph.add(tensor) }
            for _ in 0..<(6 + seed % 7) { graph.grow() }
            let fitting = graph.tensors.filter { $0.shape == shape }
            return ([fitting[fitting.count - 1], fitting[seed % fitting.count]], [graph.tensors[graph.tensors.count - 1], graph.tensors[graph.tensors.count - 2]])
        }
        let inputs = Self.inputs([shape, shape, [length] + shape, [length] + shape, shape])
        func looped(_ x: [Tensor]) -> [Tensor] {
            let result = scan([x[0], x[1]], over: [x[2], x[3]], reversed: seed % 2 == 1) { step($0, $1, x[4]) }
            return result.carry + result.outputs
        }
        func unrolled(_ x: [Tensor]) -> [Tensor] {
            var carry = [x[0], x[1]], stacks: [[Tensor]] = []
            for time in seed % 2 == 1 ? Array((0..<length).reversed()) : Array(0..<length) {
                let (next, outputs) = step(carry, [x[2][time], x[3][time]], x[4])
                (carry, stacks) = (next, stacks + [outputs])
            }
            if seed % 2 == 1 { stacks.reverse() }
            return carry + (0..<2).map { place in Tensor.stack(stacks.map { $0[place] }) }
        }
        func all(_ x: [Tensor], _ results: ([Tensor]) -> [Tensor]) -> [Tensor] { results(x) + gradient(at: x) { tanh(0.1 * ScanCase.loss(results($0))) } }
        let (program, leaves) = Self.captured(inputs) { all($0, looped) }
        for (found, expected) in zip(program.applied(to: leaves).outputs, all(inputs, unrolled)) { expectClose(found, expected, 1e-10, "unrolled") }
        for pass in Self.passes { expectSame(program, pass.run(program), leaves, pass.name) }
    }

    @Test("the same bits on 1, 2 and 3 threads", arguments: [false, true])
    func threads(_ isReversed: Bool) {
        let before = Threads.count
        defer { Threads.count = before }
        let inputs = Self.inputs([[32, 96], [20, 32, 64], [64, 96], [96, 96], [96], [96, 70]], dtype: .float32)
        func run() -> [[UInt8]] {
            let step = compile { (x: [Tensor]) -> [Tensor] in
                let (value, slopes) = valueWithGradient(at: x) { x in
                    let result = scan(x[0], over: x[1], reversed: isReversed) { h, s in
                        let next = tanh((s.matmul(x[2]) + h.matmul(x[3])) * 0.1 + x[4])
                        return (next, next.matmul(x[5]))
                    }
                    return result.outputs.squared.mean() + result.carry.sum()
                }
                return [value] + slopes
            }
            return step(inputs).map(bytes)
        }
        let runs = [1, 2, 3].map { count in
            Threads.count = count
            return run()
        }
        #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }
}
