import Descent

/// Ways down: optimizers on functions of two variables.
func descentPictures(_ gallery: Gallery) throws {
    gallery.section("Ways down")
    func bowl(_ p: Tensor) -> Tensor { p[0] * p[0] + 10 * p[1] * p[1] }
    let onBowl = LossContour(x: -2.2...2.2, y: -1.6...1.6, of: bowl)
    let rates = [0.02, 0.09, 0.0985].map { rate in
        LossContour.Path("rate \(rate)", by: SGD(learningRate: rate), from: [-2, 1.2], steps: 30, of: bowl)
    }
    try gallery.add(
        onBowl.chart("Gradient descent on a bowl at three rates", paths: rates), file: "paths-rates",
        caption: "x² + 10 y² bends ten times as much along y. The steps' limit is 2 over the largest second derivative, 0.1: just below it they zigzag.")
    let start = [-2, 1.2]
    let several = [
        LossContour.Path("SGD", by: SGD(learningRate: 0.05), from: start, steps: 60, of: bowl),
        LossContour.Path("momentum 0.8", by: SGD(learningRate: 0.02, momentum: 0.8), from: start, steps: 60, of: bowl),
        LossContour.Path("Adam", by: Adam(learningRate: 0.2), from: start, steps: 60, of: bowl),
        LossContour.Path("RMSProp", by: RMSProp(learningRate: 0.08), from: start, steps: 60, of: bowl),
        path("Newton", .newton(), start, bowl),
    ]
    try gallery.add(
        onBowl.chart("Five optimizers on a bowl", paths: several), file: "paths-bowl",
        caption: "Newton's method is at the minimum after one step, since the function is quadratic.",
        code: "LossContour(x: -2.2...2.2, y: -1.6...1.6, of: bowl).chart(\"Five optimizers on a bowl\", paths: paths)")

    func rosenbrock(_ p: Tensor) -> Tensor { (1 - p[0]).squared + 100 * (p[1] - p[0] * p[0]).squared }
    let valley = LossContour(x: -1.8...1.8, y: -0.8...2.2, of: rosenbrock)
    let from = [-1.2, 1.0]
    let ways = [
        LossContour.Path("SGD, 3000 steps", by: SGD(learningRate: 1e-3), from: from, steps: 3000, of: rosenbrock),
        LossContour.Path("Adam, 600 steps", by: Adam(learningRate: 0.02), from: from, steps: 600, of: rosenbrock),
        path("L-BFGS", .limitedMemoryBFGS(), from, rosenbrock),
        path("Newton", .newton(), from, rosenbrock),
    ]
    try gallery.add(
        valley.chart("Rosenbrock's valley", paths: ways), file: "paths-rosenbrock",
        caption: "The minimum (1, 1) lies in a bent valley of condition number 2508. Methods that know the second derivatives follow it in a few dozen steps.")
}

private func path(_ name: String, _ method: Minimizer, _ start: [Double], _ function: @escaping (Tensor) -> Tensor) -> LossContour.Path {
    let minimum = minimize(from: Tensor(float64: start), by: method, iterations: 200, keepsPath: true, function)
    return LossContour.Path("\(name), \(minimum.iterations) step\(minimum.iterations == 1 ? "" : "s")", minimum.path.map(\.point))
}
