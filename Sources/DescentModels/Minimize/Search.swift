import DescentCore

/// A search under way: where it is, and the rules of each method.
struct Search {
    private let objective: Objective
    private let tolerance: Double
    private let limit: Int
    private let keepsPath: Bool
    private(set) var point: [Double]
    private var value: Double
    private var gradient: [Double]
    private var iterations = 0
    private var evaluations = 1
    private var end: Minimum.End?
    private var path: [Minimum.Step] = []

    init(_ objective: Objective, from start: [Double], tolerance: Double, iterations: Int, keepsPath: Bool = false) {
        (self.objective, self.tolerance, limit, self.keepsPath) = (objective, tolerance, iterations, keepsPath)
        point = start
        (value, gradient) = objective(start)
        note()
    }

    var minimum: Minimum {
        Minimum(
            point: objective.tensor(point), value: value, slope: largest(gradient), iterations: iterations, evaluations: evaluations,
            end: end ?? .iterationLimit, path: path)
    }

    /// Looks at the point just reached.
    private mutating func note() {
        let slope = largest(gradient)
        if keepsPath { path.append(Minimum.Step(point: objective.tensor(point), value: value, slope: slope)) }
        if !value.isFinite || !slope.isFinite { end = .notFinite } else if slope <= tolerance { end = .converged }
    }

    private mutating func arrive(_ trial: LineSearch.Trial) {
        (point, value, gradient) = (trial.point, trial.value, trial.gradient)
        iterations += 1
        note()
    }

    private var goesOn: Bool { end == nil && iterations < limit }

    /// A line search; false when it found no step.
    private mutating func advance(along direction: [Double], firstStep: Double, flatness: Double = 0.9) -> Bool {
        var search = LineSearch(objective, from: point, value: value, along: direction, slope: dot(gradient, direction), flatness: flatness)
        let found = search.run(firstStep: firstStep)
        evaluations += search.evaluations
        guard let found else { return false }
        arrive(found)
        return true
    }

    /// A step of a given direction, without a search.
    private mutating func jump(_ direction: [Double], _ scale: Double) {
        let target = moved(point, scale, direction), (value, gradient) = objective(target)
        evaluations += 1
        arrive(LineSearch.Trial(step: scale, point: target, value: value, gradient: gradient, slope: 0))
    }

    mutating func descend(rate: Double) {
        while goesOn { jump(gradient, -rate) }
    }

    /// So that the first step without knowledge of the curvature has length 1 at most.
    private var cautiousStep: Double { Swift.min(1, 1 / dot(gradient, gradient).squareRoot()) }

    mutating func limitedMemoryBFGS(memory: Int) {
        var changes: [(s: [Double], y: [Double], scale: Double)] = []
        while goesOn {
            // The two loops of Nocedal 1980: H g from the latest changes.
            var direction = gradient
            var shares: [Double] = []
            for change in changes.reversed() {
                let share = change.scale * dot(change.s, direction)
                shares.append(share)
                direction = moved(direction, -share, change.y)
            }
            if let last = changes.last {
                let scale = 1 / (last.scale * dot(last.y, last.y))
                for i in direction.indices { direction[i] *= scale }
            }
            for (change, share) in zip(changes, shares.reversed()) {
                direction = moved(direction, share - change.scale * dot(change.y, direction), change.s)
            }
            for i in direction.indices { direction[i] = -direction[i] }
            let (oldPoint, oldGradient) = (point, gradient)
            guard advance(along: direction, firstStep: changes.isEmpty ? cautiousStep : 1) else {
                if changes.isEmpty { return end = .noProgress }
                changes = []
                continue
            }
            let s = moved(point, -1, oldPoint), y = moved(gradient, -1, oldGradient), curvature = dot(s, y)
            if curvature > 1e-14 * dot(y, y).squareRoot() * dot(s, s).squareRoot() {
                changes.append((s, y, 1 / curvature))
                if changes.count > memory { changes.removeFirst() }
            }
        }
    }

    mutating func conjugateGradient() {
        var direction = gradient.map { -$0 }
        var step = cautiousStep
        while goesOn {
            let oldGradient = gradient, oldSlope = dot(gradient, direction)
            guard advance(along: direction, firstStep: step, flatness: 0.1) else {
                // Anew, against the gradient; if that was the direction already, this is the end.
                let downhill = gradient.map { -$0 }
                if direction == downhill { return end = .noProgress }
                direction = downhill
                step = cautiousStep
                continue
            }
            let change = moved(gradient, -1, oldGradient)
            let share = Swift.max(0, dot(gradient, change) / dot(oldGradient, oldGradient))
            direction = moved(gradient.map { -$0 }, share, direction)
            if dot(gradient, direction) >= 0 { direction = gradient.map { -$0 } }
            step = Swift.min(1e3, oldSlope / dot(gradient, direction))
        }
    }

    mutating func newton(damped: Bool, hessian: ([Double]) -> Tensor) {
        while goesOn {
            let matrix = hessian(point), right = Tensor(float64: gradient)
            if !damped {
                guard let direction = try? matrix.checkedSolve(right) else { return end = .noProgress }
                jump(direction.doubles, -1)
                continue
            }
            guard let factor = Self.positiveFactor(matrix) else { return end = .notFinite }
            let direction = (-factor.solveCholesky(right)).doubles
            if !advance(along: direction, firstStep: 1) { return end = .noProgress }
        }
    }

    /// Cholesky's factor of the matrix, or of the matrix plus the multiple of the identity that makes it positive definite (Nocedal and Wright,
    /// algorithm 3.3). Nil if the matrix is not finite.
    private static func positiveFactor(_ matrix: Tensor) -> Tensor? {
        let diagonal = matrix.diagonal().doubles, size = largest(matrix.flattened().doubles)
        guard size.isFinite else { return nil }
        let least = diagonal.min() ?? 0
        var shift = least > 0 ? 0 : -least + 1e-3 * Swift.max(size, 1e-300)
        while true {
            let shifted = shift == 0 ? matrix : matrix + Tensor.eye(diagonal.count, dtype: .float64) * shift
            if let factor = try? shifted.checkedCholesky() { return factor }
            shift = Swift.max(2 * shift, 1e-3 * Swift.max(size, 1e-300))
        }
    }
}
