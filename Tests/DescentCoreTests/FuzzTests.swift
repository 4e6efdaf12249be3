import DescentCore
import Testing

/// Random graphs, run by the engine and run one operation at a time.
@Suite(.serialized) struct FuzzTests {
    /// How large the axes of a seed's graph are: mostly small, at times wide enough for tiles, rows and threads.
    private static func sizes(_ seed: Int) -> [Int] {
        switch seed % 10 {
        case 8: [1, 3, 40, 130]
        case 9: [1, 2, 20_000]
        default: [1, 2, 3, 4, 5, 8]
        }
    }

    private static func graph(_ seed: Int, _ dtype: DType) -> RandomGraph {
        var graph = RandomGraph(seed: seed, dtype: dtype, sizes: sizes(seed))
        for rank in [0, 1, 2, 2, 3] { graph.addLeaf(rank: rank) }
        for _ in 0..<14 { graph.grow() }
        return graph
    }

    @Test("fused and one operation at a time agree", arguments: 0..<400)
    func fusedAgainstSeparate(_ seed: Int) {
        let outputs = Self.graph(seed, .float64).tensors.reversed().prefix(6).filter { $0.node.storage() == nil }
        let (program, leaves) = Program.capture(Array(outputs))
        #expect(program.verify() == nil)
        #expect(simplify(program).verify() == nil)
        let expected = separately(program, leaves)
        evaluate(Array(outputs))
        for (found, expected) in zip(outputs, expected) { expectClose(found, expected, 1e-11) }
    }

    @Test("the same bits on 1, 2, 3 and 8 threads", arguments: 0..<60)
    func threads(_ seed: Int) {
        let before = Threads.count
        defer { Threads.count = before }
        let large = seed % 2 == 0 ? 10 * seed + 8 : 10 * seed + 9
        let (program, leaves) = Program.capture(Self.graph(large, .float32).tensors)
        let plan = Plan(program)
        let runs = [1, 2, 3, 8].map { count in
            Threads.count = count
            return run(plan, leaves)
        }
        for other in runs.dropFirst() { #expect(other == runs[0]) }
    }

    @Test("updates in place and updates of values agree", arguments: 0..<150)
    func updates(_ seed: Int) {
        let shape = [[6], [2, 3], [40, 50], [1, 4]][seed % 4]
        func training(_ isCompiled: Bool) -> [[Double]] {
            let state = (0..<3).map { Variable(Tensor(float64: spread(shape.elementCount, in: -1...1, seed: $0), shape: shape)) }
            func step(_ x: Tensor) -> Tensor {
                var graph = RandomGraph(seed: seed, dtype: .float64, sizes: shape + [1])
                graph.add(x)
                for variable in state { graph.add(variable.value) }
                for _ in 0..<10 { graph.grow() }
                let fitting = graph.tensors.filter { $0.shape == shape }
                for (place, variable) in state.enumerated() { variable.value = fitting[fitting.count - 1 - (place + seed) % fitting.count] }
                return graph.tensors.last!.sum() + state[0].value.sum()
            }
            let compiled = compile(step)
            return (0..<3).map { round in
                let x = Tensor(float64: spread(shape.elementCount, in: -1...1, seed: 10 + round), shape: shape)
                return [(isCompiled ? compiled(x) : step(x)).item()] + state.flatMap { $0.value.doubles }
            } + [state.flatMap { $0.value.doubles }]
        }
        for (found, expected) in zip(training(true), training(false)) { expectClose(found, expected, 1e-11) }
    }

    /// The outputs of a program, each operation computed by itself.
    private func separately(_ program: Program, _ leaves: [Tensor]) -> [Tensor] {
        var values = Dictionary(uniqueKeysWithValues: zip(program.inputs, leaves))
        for operation in program.operations {
            let results = apply(operation.primitive, operation.inputs.map { values[$0]! })
            for (number, result) in zip(operation.outputs, results) { values[number] = result.settled() }
        }
        return program.outputs.map { values[$0]! }
    }

    private func run(_ plan: Plan, _ leaves: [Tensor]) -> [[UInt8]] {
        let results = plan.outputTypes.map { Storage(byteCount: $0.byteCount) }
        let isDone = plan.run { inputs, outputs in
            for (place, leaf) in leaves.enumerated() { inputs[place] = leaf.storage.pointer }
            for (place, result) in results.enumerated() { outputs[place] = result.pointer }
        }
        #expect(isDone)
        return results.map { Array(UnsafeRawBufferPointer(start: $0.pointer, count: $0.byteCount)) }
    }
}
