import DescentCore

/// How to search for the smallest sum of squares.
public enum SquaresMinimizer: Hashable, Sendable {
    /// The step that solves the linearised problem, by QR, of smallest norm where the Jacobian lacks full rank. Converges fast near a good
    /// fit, and may miss far from one.
    case gaussNewton
    /// Between Gauss-Newton and a short gradient step, so that the sum of squares never rises (Levenberg 1944; Marquardt 1963; the damping of
    /// Nielsen 1999).
    case levenbergMarquardt
}

/// The point where half of the sum of squared residuals is smallest: nonlinear least squares.
///
/// - Parameters:
///   - residuals: gives the residuals, a floating vector, at a point.
///   - start: The first point.
///   - tolerance: As in `minimize`; values are half of the sum of squares.
public func minimizeSquares(
    from start: Tensor, by method: SquaresMinimizer = .levenbergMarquardt, tolerance: Double = 1e-8, iterations: Int = 200, keepsPath: Bool = false,
    _ residuals: @escaping (Tensor) -> Tensor
) -> Minimum {
    let compiled = compile { (x: Tensor) -> (Tensor, Tensor) in (residuals(x), jacobian(at: x, of: residuals)) }
    func look(_ x: Tensor) -> (residuals: Tensor, jacobian: Tensor, value: Double, gradient: [Double]) {
        let (r, j) = compiled(x)
        let flat = r.flattened().cast(to: .float64), matrix = j.reshaped(to: [flat.count, x.count]).cast(to: .float64)
        return (flat, matrix, flat.dot(flat).item() / 2, flat.matmul(matrix).doubles)
    }
    var point = start
    var here = look(point)
    var path: [Minimum.Step] = [], count = 0, evaluations = 1, damping = 0.0, growth = 2.0
    func finished(_ end: Minimum.End) -> Minimum {
        Minimum(point: point, value: here.value, slope: largest(here.gradient), iterations: count, evaluations: evaluations, end: end, path: path)
    }
    func note() { if keepsPath { path.append(Minimum.Step(point: point, value: here.value, slope: largest(here.gradient))) } }
    note()
    while true {
        if !here.value.isFinite || !largest(here.gradient).isFinite { return finished(.notFinite) }
        if largest(here.gradient) <= tolerance { return finished(.converged) }
        if count == iterations { return finished(.iterationLimit) }
        let change: Tensor
        switch method {
        case .gaussNewton: change = -here.jacobian.leastSquares(here.residuals)
        case .levenbergMarquardt:
            let curvature = here.jacobian.transposed().matmul(here.jacobian)
            if damping == 0 { damping = 1e-3 * Swift.max(curvature.diagonal().max().item(), 1e-300) }
            let factor = (curvature + Tensor.eye(point.count, dtype: .float64) * damping).cholesky()
            change = -factor.solveCholesky(Tensor(float64: here.gradient))
        }
        let target = point + change.reshaped(to: point.shape).cast(to: point.dtype)
        evaluate(target)
        let there = look(target)
        evaluations += 1
        if method == .levenbergMarquardt {
            let steps = change.doubles
            // What the linearised problem promised, against what came.
            let promised = (damping * dot(steps, steps) - dot(steps, here.gradient)) / 2, gain = (here.value - there.value) / promised
            guard gain > 0 else {
                damping *= growth
                growth *= 2
                if target.doubles == point.doubles || !damping.isFinite { return finished(.noProgress) }
                continue
            }
            let bend = 2 * gain - 1
            damping *= Swift.max(1.0 / 3, 1 - bend * bend * bend)
            growth = 2
        }
        (point, here) = (target, there)
        count += 1
        note()
    }
}
