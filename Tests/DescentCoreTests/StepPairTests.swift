import DescentCore
import Testing

/// Pairs of operations that a group does as one step.
@Suite struct StepPairTests {
    private let a = Tensor(float64: [4, 9, 2.25, 0.5]), b = Tensor(float64: [1, -3, 2, 0.25]), c = Tensor(float64: [0.5, 0.25, -1, 3])

    /// The plan's text, and the result beside the same operations one at a time.
    private func plan(_ function: @escaping (Tensor, Tensor, Tensor) -> Tensor) -> (text: String, value: [Double], apart: [Double]) {
        let compiled = compile(function)
        let value = compiled(a, b, c).doubles
        let apart = (0..<a.count).map { index in
            let parts = [a, b, c].map { x -> Tensor in
                let one = Tensor(float64: [x.doubles[index]])
                evaluate(one)
                return one
            }
            return function(parts[0], parts[1], parts[2]).doubles[0]
        }
        return (compiled.description, value, apart)
    }

    @Test func aRunningMeanIsOneStep() {
        let (text, value, apart) = plan { a, b, c in a + (b - a) * c }
        #expect(text.contains("interpolate(") && !text.contains("subtract("))
        #expect(value == apart)
    }

    @Test func aRunningMeanOfSquaresIsOneStep() {
        let (text, value, _) = plan { a, b, c in a + (b * b - a) * c }
        #expect(text.contains("interpolate_square("))
        #expect(value == [2.5, 9, 0.5, 0.5 + (0.0625 - 0.5) * 3])
    }

    @Test func aRootTimesSomethingAndAQuotientTakenAway() {
        let root = plan { a, b, c in sqrt(a) * b + c }
        #expect(root.text.contains("root_multiply_add("))
        for (found, x) in zip(root.value, [(4, 1, 0.5), (9, -3, 0.25), (2.25, 2, -1), (0.5, 0.25, 3)]) { #expect(abs(found - (x.0.squareRoot() * x.1 + x.2)) < 1e-14) }
        let quotient = plan { a, b, c in c - a / b }
        #expect(quotient.text.contains("subtract_quotient("))
        #expect(quotient.value == [-3.5, 3.25, -2.125, 1])
    }

    @Test func whatOthersReadStaysAStepOfItsOwn() {
        let compiled = compile { (a: Tensor, b: Tensor, c: Tensor) in
            let difference = b - a
            return (a + difference * c, difference)
        }
        let (mean, difference) = compiled(a, b, c)
        #expect(!compiled.description.contains("interpolate("))
        #expect(mean.doubles == [2.5, 6, 2.5, -0.25] && difference.doubles == [-3, -12, -0.25, -0.25])
    }
}
