import DescentCore
import Testing

/// Where a loop keeps what its steps got and left, and the sums that leave it.
@Suite struct LoopMemoryTests {
    private static let steps = Tensor(float64: spread(24, in: -1...1, seed: 1), shape: [6, 4]).settled()
    private static let start = Tensor(float64: spread(4, in: -1...1, seed: 2)).settled()

    /// What each step got, and what it left, by a loop; and the same one step at a time.
    @Test(arguments: [false, true], [0, 1, 6])
    func whatStepsGotAndLeft(isReversed: Bool, count: Int) {
        let steps = Self.steps[0..<count]
        let compiled = compile { (start: Tensor, steps: Tensor) in
            let result = scan(start, over: steps, reversed: isReversed) { h, x in
                let next = tanh(h * 0.5 + x)
                return (next, [h, next])
            }
            return (result.carry, result.outputs[0], result.outputs[1])
        }
        let (last, before, after) = compiled(Self.start, steps)
        var h = Self.start
        var got = [Tensor?](repeating: nil, count: count), left = got
        for step in isReversed ? Array((0..<count).reversed()) : Array(0..<count) {
            got[step] = h
            h = tanh(h * 0.5 + steps[step])
            left[step] = h
        }
        expectClose(last, h, 0)
        for step in 0..<count {
            expectClose(before[step], got[step]!, 0)
            expectClose(after[step], left[step]!, 0)
        }
    }

    @Test func nothingIsCopiedInAStep() {
        let compiled = compile { (start: Tensor, steps: Tensor) in
            gradient(at: [start, steps]) { x in
                scan(x[0], over: x[1]) { h, x in
                    let next = tanh(h * x); return (next, next)
                }.outputs.squared.sum()
            }
        }
        _ = compiled(Self.start, Self.steps)
        #expect(compiled.description.contains("scan") && !compiled.description.contains("= copy(%"), "\(compiled.description)")
    }

    @Test func aCarryThatStaysAndOneThatTakesAnothersPlace() {
        let compiled = compile { (a: Tensor, b: Tensor, steps: Tensor) in
            let result = scan([a, b], over: steps) { carry, x in ([carry[1] + x, carry[1]], carry) }
            return (result.carry[0], result.outputs[0], result.outputs[1])
        }
        let b = Tensor(float64: [1, 2, 3, 4])
        let (last, first, second) = compiled(Self.start, b, Self.steps)
        expectClose(last, b + Self.steps[5], 0)
        for step in 0..<6 {
            expectClose(first[step], step == 0 ? Self.start : b + Self.steps[step - 1], 0)
            expectClose(second[step], b, 0)
        }
    }

    /// Two biases, one beside the input and one beside the state: added to one another, and to the input's product before the loop.
    @Test func theSumsOfConstantsAndSlicesLeave() {
        let shapes = [[2, 3], [5, 2, 4], [4, 3], [3, 3], [3], [3]]
        let inputs = shapes.enumerated().map { Tensor(float64: spread($1.elementCount, in: -1...1, seed: $0), shape: $1).settled() }
        let run = { (x: [Tensor]) -> [Tensor] in
            let result = scan(x[0], over: x[1]) { h, s in
                let next = tanh((s.matmul(x[2]) + x[4]) + (h.matmul(x[3]) + x[5]))
                return (next, next)
            }
            return [result.carry, result.outputs]
        }
        let program = simplify(Program.capture(run(inputs)).program)
        let after = optimizeLoops(program)
        #expect(after.verify() == nil)
        let loop = after.operations.compactMap { $0.primitive as? Scan }[0]
        #expect(loop.body.program.operations.map { type(of: $0.primitive).name } == ["product", "add", "tanh"])
        // The biases, and the sum of those and the products of all steps.
        #expect(after.operations.filter { $0.primitive is Add }.map { after.types[$0.outputs[0]].shape } == [[3], [5, 2, 3]])

        var h = inputs[0]
        let (last, outputs) = {
            let found = run(inputs); return (found[0], found[1])
        }()
        for step in 0..<5 {
            h = tanh(inputs[1][step].matmul(inputs[2]) + inputs[4] + h.matmul(inputs[3]) + inputs[5])
            expectClose(outputs[step], h, 1e-14)
        }
        expectClose(last, h, 1e-14)
    }
}
