import DescentCore
import DescentModels
import Testing

/// Searches on the functions of the cases, and least squares.
@Suite struct MinimizeTests {
    private static func bowl(_ x: Tensor) -> Tensor { x[0] * x[0] + 10 * x[1] * x[1] }
    private static func rosenbrock(_ x: Tensor) -> Tensor { (1 - x[0]).squared + 100 * (x[1] - x[0] * x[0]).squared }
    private static func beale(_ x: Tensor) -> Tensor {
        let (a, b) = (x[0], x[1])
        return (1.5 - a + a * b).squared + (2.25 - a + a * b * b).squared + (2.625 - a + a * b * b * b).squared
    }
    static let methods: [Minimizer] = [.newton(), .limitedMemoryBFGS(), .conjugateGradient]

    @Test("each method finds each minimum", arguments: methods)
    func minima(_ method: Minimizer) {
        let bowl = minimize(from: Tensor(float64: [1, 1]), by: method, tolerance: 1e-9, Self.bowl)
        #expect(bowl.isConverged)
        expectClose(bowl.point.doubles, [0, 0], 1e-8)
        let valley = minimize(from: Tensor(float64: [-1.2, 1]), by: method, tolerance: 1e-9, keepsPath: true, Self.rosenbrock)
        #expect(valley.isConverged)
        expectClose(valley.point.doubles, [1, 1], 1e-7)
        // A line search never goes up.
        #expect(zip(valley.path, valley.path.dropFirst()).allSatisfy { $1.value <= $0.value + 1e-12 })
        #expect(valley.path.count == valley.iterations + 1)
        #expect(valley.path.first?.point.doubles == [-1.2, 1])
        let beale = minimize(from: Tensor(float64: [1, 1]), by: method, tolerance: 1e-9, Self.beale)
        #expect(beale.isConverged)
        expectClose(beale.point.doubles, [3, 0.5], 1e-7)
    }

    // cases.json: opt-bowl-newton, opt-rosen-newton: the bare Newton step.
    @Test func newtonsPath() {
        let found = minimize(from: Tensor(float64: [-1.2, 1]), by: .newton(damped: false), tolerance: 0, iterations: 5, keepsPath: true, Self.rosenbrock)
        let expected = [
            [-1.2, 1.0], [-1.1752808988764045, 1.3806741573033707], [0.7631148711764698, -3.1750338547481953],
            [0.763429678884074, 0.5828247754971476], [0.9999953110849908, 0.9440273238533481], [0.9999956956536687, 0.999991391325717],
        ]
        for (step, point) in zip(found.path, expected) { expectClose(step.point.doubles, point, 1e-9) }
        expectClose(
            found.path.map(\.value),
            [24.199999999999992, 4.731884325266609, 1411.845179309918, 0.055965516833874504, 0.3131890761157185, 1.8527397339294423e-11], 1e-9)
        #expect(minimize(from: Tensor(float64: [1, 1]), by: .newton(damped: false), Self.bowl).iterations == 1)
        // It goes to a saddle as gladly as to a minimum; damped it does not.
        let saddle: (Tensor) -> Tensor = { $0[0] * $0[0] - $0[1] * $0[1] + $0[1].pow(4) }
        expectClose(minimize(from: Tensor(float64: [0.3, 0.1]), by: .newton(damped: false), tolerance: 1e-10, saddle).point.doubles, [0, 0], 1e-9)
        expectClose(minimize(from: Tensor(float64: [0.3, 0.1]), by: .newton(), tolerance: 1e-10, saddle).point.doubles, [0, 0.5.squareRoot()], 1e-9)
    }

    // cases.json: opt-bowl-sgd's rule.
    @Test func gradientDescentsPath() {
        let found = minimize(from: Tensor(float64: [1, 1]), by: .gradientDescent(rate: 0.02), tolerance: 0, iterations: 2, keepsPath: true, Self.bowl)
        expectClose(found.path.flatMap { $0.point.doubles }, [1, 1, 0.96, 0.6, 0.9216, 0.36], 1e-14)
        #expect(found.end == .iterationLimit)
    }

    @Test func manyVariables() {
        // Rosenbrock's function of 50 variables.
        let start = Tensor(float64: (0..<50).map { $0 % 2 == 0 ? -1.2 : 1 })
        let chain: (Tensor) -> Tensor = { x in ((1 - x[0..<49]).squared + 100 * (x[1..<50] - x[0..<49].squared).squared).sum() }
        let found = minimize(from: start, tolerance: 1e-9, chain)
        #expect(found.isConverged)
        #expect(found.value < 4)
    }

    @Test func ends() {
        #expect(minimize(from: Tensor(float64: [1]), iterations: 0) { ($0 * $0).sum() }.end == .iterationLimit)
        #expect(minimize(from: Tensor(float64: [-1])) { log($0).sum() }.end == .notFinite)
        #expect(minimize(from: Tensor(float64: [0])) { ($0 * $0).sum() }.isConverged)
        let single = minimize(from: Tensor([1, 1]), tolerance: 1e-4, Self.bowl)
        #expect(single.isConverged && single.point.dtype == .float32)
    }

    @Test("nonlinear least squares", arguments: [SquaresMinimizer.gaussNewton, .levenbergMarquardt])
    func leastSquares(_ method: SquaresMinimizer) {
        // A decaying exponential, without noise: the residuals vanish at (2.5, 0.7).
        let t = Tensor.linspace(0, 4, count: 20, dtype: .float64), y = exp(t * -0.7) * 2.5
        evaluate(t, y)
        let found = minimizeSquares(from: Tensor(float64: [1, 0.3]), by: method, tolerance: 1e-12) { w in w[0] * exp(-(w[1] * t)) - y }
        #expect(found.isConverged)
        expectClose(found.point.doubles, [2.5, 0.7], 1e-10)
        // Rosenbrock's function is a sum of squares: Gauss-Newton needs two steps.
        let valley = minimizeSquares(from: Tensor(float64: [-1.2, 1]), by: method, tolerance: 1e-9) { x in
            Tensor.concatenate([(1 - x[0]).expanded(axis: 0), (10 * (x[1] - x[0] * x[0])).expanded(axis: 0)])
        }
        expectClose(valley.point.doubles, [1, 1], 1e-8)
        if method == .gaussNewton { #expect(valley.iterations == 2) }
    }
}
