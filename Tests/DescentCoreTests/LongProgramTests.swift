import DescentCore
import Testing

/// Programs far longer than a person writes, as loops in Swift make them. Before planning grew with the length alone these took minutes.
@Suite struct LongProgramTests {
    @Test func theGradientOfALongLoopIsPlannedAsOneProgram() {
        let steps = 2000
        let slope = compile { (x: Tensor) in
            gradient(at: x) { x in
                var state = x
                for _ in 0..<steps { state = sin(state) * 0.001 + state }
                return state.sum()
            }
        }
        let x = Tensor([0.25, 1]).cast(to: .float64)
        let expected = [0.25, 1.0].map { start -> Double in
            var state = start, slope = 1.0
            for _ in 0..<steps {
                slope *= cosine(state) * 0.001 + 1
                state += sine(state) * 0.001
            }
            return slope
        }
        expectClose(slope(x).doubles, expected, 1e-9)
    }

    @Test func aLongChainIsRunAndFreed() {
        let run = compile { (x: Tensor) in
            var y = x
            for _ in 0..<10_000 { y = -y + 1 }
            return y
        }
        #expect(run(Tensor([0.25, 3])).floats == [0.25, 3])
        // Groups hold up to 96 operations, with the numbers folded in 48 pairs or more: far fewer instructions than operations.
        #expect(run.instructionCount < 500)
    }

    @Test func manyReadersOfOneTensorArePlanned() {
        let run = compile { (x: Tensor) in
            let shared = exp(x)
            var sum = shared
            for number in 0..<3000 { sum = sum + tanh(shared) * Double(number % 3) }
            return sum
        }
        let x = Tensor(0.0)
        expectClose([run(x).item()], [1 + 3000 * 0.7615941559557649], 1e-5)
    }

    private func sine(_ x: Double) -> Double { sin(Tensor(float64: [x])).item() }
    private func cosine(_ x: Double) -> Double { cos(Tensor(float64: [x])).item() }
}
