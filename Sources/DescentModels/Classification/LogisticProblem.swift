import DescentCore

/// The objective of a logistic regression on given data, and Newton's method for it. A point is the coefficients, then the intercept if there is
/// one.
struct LogisticProblem {
    struct Answer {
        var point: [Double]
        var value: Double
        var end: Minimum.End
        var iterations: Int
        var hessian: Tensor?
    }

    let x: Tensor, y: Tensor
    let hasIntercept: Bool
    let sizes: Double
    /// The factor of `‖w‖² / 2`.
    let squares: Double

    init(_ x: Tensor, _ y: Tensor, _ penalty: Penalty, intercept: Bool) {
        (self.x, self.y, hasIntercept, sizes) = (x, y, intercept, penalty.sizes)
        switch penalty {
        case .none, .lasso: squares = 0
        case .ridge(let strength): squares = strength
        case .elasticNet(let strength, let share): squares = strength * (1 - share)
        }
    }

    var count: Int { x.shape[0] }
    var features: Int { x.shape[1] }
    private var size: Int { features + (hasIntercept ? 1 : 0) }
    private var isPenalised: Bool { sizes > 0 || squares > 0 }
    private var noise: Double { x.dtype == .float32 ? 2e-7 : 4e-16 }

    func penaltyValue(_ point: [Double]) -> Double {
        point[..<features].reduce(0) { $0 + squares / 2 * $1 * $1 + sizes * Swift.abs($1) }
    }

    // Evaluated and not compiled: a plan is found again by its form, and keeps no memory of this data's size.

    /// The loss, its gradient [features + 1], the smallest margin, and each example's probability of class 1, all lazy. The weights are
    /// [features + 1]; the last is the intercept, 0 where there is none.
    private func parts(_ weights: Tensor) -> (loss: Tensor, gradient: Tensor, margin: Tensor, p: Tensor) {
        let z = x.matmul(weights[0..<features]) + weights[features], p = sigmoid(z), rest = p - y
        let loss = (softplus(z) - y * z).sum(), gradient = Tensor.concatenate([rest.matmul(x), rest.sum().expanded(axis: 0)])
        return (loss, gradient, ((2 * y - 1) * z).min(), p)
    }

    private func tensor(_ point: [Double]) -> Tensor {
        let all = hasIntercept ? point : point + [0]
        return x.dtype == .float64 ? Tensor(float64: all) : Tensor(all.map(Float.init))
    }

    private func penalised(_ point: [Double], _ loss: Double, _ slope: [Double]) -> (value: Double, gradient: [Double]) {
        var gradient = Array(slope[..<size])
        for j in 0..<features { gradient[j] += squares * point[j] }
        var value = loss
        for j in 0..<features { value += squares / 2 * point[j] * point[j] }
        return (value, gradient)
    }

    /// The smooth part of the objective: all but the lasso's term.
    func smooth(_ point: [Double]) -> (value: Double, gradient: [Double], margin: Double) {
        let (loss, slope, margin, _) = parts(tensor(point))
        evaluate(loss, slope, margin)
        let (value, gradient) = penalised(point, loss.item(), slope.doubles)
        return (value, gradient, margin.item())
    }

    private func curved(_ point: [Double]) -> (value: Double, gradient: [Double], margin: Double, hessian: Tensor) {
        let (loss, slope, margin, p) = parts(tensor(point)), curvature = p * (1 - p)
        // One product over the whole matrix.
        let inner = x.transposed().matmul(x * curvature.expanded(axis: 1)), border = curvature.matmul(x), corner = curvature.sum()
        evaluate(loss, slope, margin, inner, border, corner)
        let (value, gradient) = penalised(point, loss.item(), slope.doubles)
        var hessian = inner.cast(to: .float64) + Tensor.eye(features, dtype: .float64) * Tensor(float64: [squares], shape: [])
        if hasIntercept {
            let side = border.cast(to: .float64)
            let top = Tensor.concatenate([hessian, side.expanded(axis: 1)], axis: 1)
            hessian = Tensor.concatenate([top, Tensor.concatenate([side, corner.cast(to: .float64).expanded(axis: 0)]).expanded(axis: 0)])
        }
        evaluate(hessian)
        return (value, gradient, margin.item(), hessian)
    }

    /// A search by gradients, from zeros.
    func search(bound: Double, iterations: Int) -> Search {
        let objective = Objective(shape: [size], dtype: .float64) { point in
            let here = smooth(point.doubles)
            return (Tensor(float64: [here.value], shape: []), Tensor(float64: here.gradient))
        }
        return Search(objective.withNoise(noise), from: [Double](repeating: 0, count: size), tolerance: bound, iterations: iterations)
    }

    func answer(_ minimum: Minimum) throws(ModelError) -> Answer {
        let point = minimum.point.doubles
        if !isPenalised, minimum.value.isFinite {
            if smooth(point).margin > 0 { throw Self.separable }
            // A Hessian of very many features costs more than the search did.
            if features <= 2000 {
                let here = curved(point)
                if let direction = Self.step(here.hessian, here.gradient), unrest(direction) > 0.5, minimum.isConverged {
                    throw Self.separableButForTies
                }
            }
        }
        return Answer(point: point, value: minimum.value, end: minimum.end, iterations: minimum.iterations, hessian: nil)
    }

    /// Where every example lies on its class's side, any larger multiple of the coefficients is better: there is no maximum.
    static let separable = ModelError.separable(
        "The classes can be told apart without a mistake, so the likelihood has no maximum: larger coefficients are always better."
            + " Add a penalty, such as .ridge(1).")
    /// Where some examples lie on the border and all others on their side, the gradient vanishes while the coefficients still grow.
    static let separableButForTies = ModelError.separable(
        "The coefficients grow without an end: some combination of the columns tells the classes apart, all but ties, so the likelihood has no"
            + " maximum. Add a penalty, such as .ridge(1).")

    /// How far a Newton step from here would still move some example's log-odds: near 0 at a maximum of the likelihood, about 1 where there is none.
    private func unrest(_ direction: [Double]) -> Double {
        let step = tensor(direction)
        return abs(x.matmul(step[0..<features]) + step[features]).max().item()
    }

    /// The answer for a part of the rows, evenly spread over all of them: a start from which few passes over all are needed.
    private func start() -> [Double] {
        let zeros = [Double](repeating: 0, count: size), part = Swift.max(4096, 64 * features)
        guard count >= 4 * part else { return zeros }
        let step = count / part
        let rows = x[.every(step)], targets = y[.every(step)]
        evaluate(rows, targets)
        let share = Double(rows.shape[0]) / Double(count)
        let problem = LogisticProblem(x: rows, y: targets, hasIntercept: hasIntercept, sizes: sizes * share, squares: squares * share)
        guard let answer = try? problem.newton(bound: 1e-4 * Double(rows.shape[0]), iterations: 30), answer.end == .converged else { return zeros }
        return answer.point
    }

    private init(x: Tensor, y: Tensor, hasIntercept: Bool, sizes: Double, squares: Double) {
        (self.x, self.y, self.hasIntercept, self.sizes, self.squares) = (x, y, hasIntercept, sizes, squares)
    }

    /// Newton's method. A step that doesn't lower the objective is halved.
    func newton(bound: Double, iterations: Int) throws(ModelError) -> Answer {
        var point = start(), count = 0, here = curved(point), restless = 0
        let allowance = noise * 8
        while true {
            if !here.value.isFinite { return Answer(point: point, value: here.value, end: .notFinite, iterations: count) }
            if !isPenalised, here.margin > 0 { throw Self.separable }
            let size = largest(here.gradient)
            if size <= bound, isPenalised { return Answer(point: point, value: here.value, end: .converged, iterations: count, hessian: here.hessian) }
            guard let direction = Self.step(here.hessian, here.gradient) else { break }
            if size <= bound {
                if unrest(direction) < 0.5 { return Answer(point: point, value: here.value, end: .converged, iterations: count, hessian: here.hessian) }
                restless += 1
                // A step near a maximum shrinks to its square; ten that don't are enough.
                if restless > 10 { throw Self.separableButForTies }
            }
            if count == iterations { break }
            var scale = 1.0, next = curved(moved(point, -1, direction))
            while !(next.value <= here.value + allowance * Swift.abs(here.value)), scale > 1e-6 {
                scale /= 2
                next = curved(moved(point, -scale, direction))
            }
            // Rounding errors end the descent before the bound does.
            let isStuck = scale <= 1e-6 || (next.value >= here.value && largest(next.gradient) >= size)
            if isStuck { return Answer(point: point, value: here.value, end: .noProgress, iterations: count, hessian: here.hessian) }
            point = moved(point, -scale, direction)
            here = next
            count += 1
        }
        if restless > 0 { throw Self.separableButForTies }
        return Answer(point: point, value: here.value, end: .iterationLimit, iterations: count, hessian: here.hessian)
    }

    /// `H⁻¹ g`, of smallest norm where H is singular: collinear columns, or saturated probabilities.
    private static func step(_ hessian: Tensor, _ gradient: [Double]) -> [Double]? {
        let right = Tensor(float64: gradient)
        if let factor = try? hessian.checkedCholesky() {
            let step = factor.solveCholesky(right).doubles
            // What is left of each diagonal element by elimination; rounding errors only, where a column depends on those before.
            let left = (factor.diagonal().squared / hessian.diagonal()).min().item()
            if largest(step).isFinite, left > 1e-12 { return step }
        }
        let step = hessian.pseudoInverse(tolerance: 1e-13).matmul(right).doubles
        return largest(step).isFinite ? step : nil
    }

    /// Newton steps whose quadratic model, with the lasso's term, is minimised by coordinate descent (Yuan, Ho and Lin 2012).
    func proximalNewton(bound: Double, iterations: Int) throws(ModelError) -> Answer {
        var point = [Double](repeating: 0, count: size), count = 0
        let strengths = (0..<size).map { $0 < features ? sizes : 0 }
        func whole(_ point: [Double], _ value: Double) -> Double { value + point[..<features].reduce(0) { $0 + sizes * Swift.abs($1) } }
        /// How far each coordinate is from optimal.
        func gap(_ point: [Double], _ gradient: [Double]) -> Double {
            var worst = 0.0
            for j in 0..<size {
                let strength = strengths[j], slope = gradient[j]
                let own = point[j] > 0 ? Swift.abs(slope + strength) : point[j] < 0 ? Swift.abs(slope - strength) : Swift.max(0, Swift.abs(slope) - strength)
                worst = Swift.max(worst, own)
            }
            return worst
        }
        var here = curved(point)
        while true {
            if !here.value.isFinite { return Answer(point: point, value: here.value, end: .notFinite, iterations: count) }
            let value = whole(point, here.value)
            if gap(point, here.gradient) <= bound { return Answer(point: point, value: value, end: .converged, iterations: count, hessian: here.hessian) }
            if count == iterations { return Answer(point: point, value: value, end: .iterationLimit, iterations: count, hessian: here.hessian) }
            let matrix = here.hessian.doubles
            var linear = here.gradient.map { -$0 }
            for i in 0..<size { for j in 0..<size { linear[i] += matrix[i * size + j] * point[j] } }
            guard let inner = coordinateDescent(matrix, linear, sizes: strengths, from: point, tolerance: 1e-12, sweeps: 20_000) else {
                throw .notConverged("Coordinate descent did not settle: the columns are all but collinear. Add a ridge share (elasticNet).")
            }
            let direction = moved(inner.solution, -1, point)
            var scale = 1.0, target = inner.solution, next = curved(target)
            while !(whole(target, next.value) <= value + 8 * noise * Swift.abs(value)), scale > 1e-6 {
                scale /= 2
                target = moved(point, scale, direction)
                next = curved(target)
            }
            if scale <= 1e-6 || target == point || (whole(target, next.value) >= value && gap(target, next.gradient) >= gap(point, here.gradient)) {
                return Answer(point: point, value: value, end: .noProgress, iterations: count, hessian: here.hessian)
            }
            (point, here) = (target, next)
            count += 1
        }
    }
}
