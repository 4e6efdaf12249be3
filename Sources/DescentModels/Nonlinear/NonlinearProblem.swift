import DescentCore

/// Residuals of a model that is not linear in its parameters, and the searches for their smallest sum of squares.
struct NonlinearProblem {
    /// A point of the search.
    struct Point {
        var parameters: [Double]
        /// The target less the model.
        let residuals: [Double]
        /// How the model changes with each parameter: a column each.
        let columns: [[Double]]
        let squares: Double
    }

    /// Where a search ended.
    struct End {
        let point: Point
        /// The last undamped step relative to the parameters: what is left of the way.
        let distance: Double
        /// The smallest of the Jacobian's factor over the largest.
        let rank: Double

        /// Whether it is a minimum at which all parameters are determined.
        var isGood: Bool { distance < 1e-4 && rank > 1e-11 }
    }

    let target: [Double]
    /// Parameters in which the model is linear while the others stay.
    let linear: [Int]
    let bounds: [ClosedRange<Double>?]
    private let compiled: (Tensor) -> (Tensor, Tensor)

    init(target: [Double], linear: [Int], bounds: [ClosedRange<Double>?], _ model: @escaping (Tensor) -> Tensor) {
        // A bounded parameter can't be set free by linear least squares.
        (self.target, self.bounds) = (target, bounds)
        self.linear = linear.filter { bounds[$0] == nil }
        let count = target.count
        let whole = { (p: Tensor) -> Tensor in
            let y = model(p)
            return y.count == count ? y.flattened() : y + Tensor.zeros([count], dtype: .float64)
        }
        let function = compile { (p: Tensor) -> (Tensor, Tensor) in (whole(p), jacobian(at: p, of: whole)) }
        compiled = { function($0) }
    }

    var count: Int { bounds.count }

    func look(_ parameters: [Double]) -> Point {
        let (y, j) = compiled(Tensor(float64: parameters))
        let values = y.doubles, matrix = j.doubles, width = count
        let residuals = zip(target, values).map { $0 - $1 }
        let columns = (0..<width).map { column in residuals.indices.map { matrix[$0 * width + column] } }
        return Point(parameters: parameters, residuals: residuals, columns: columns, squares: dot(residuals, residuals))
    }

    private func isFinite(_ point: Point) -> Bool { point.squares.isFinite && point.columns.allSatisfy { $0.allSatisfy(\.isFinite) } }

    private func clipped(_ parameters: [Double]) -> [Double] {
        zip(parameters, bounds).map { value, bound in bound.map { Swift.min(Swift.max(value, $0.lowerBound), $0.upperBound) } ?? value }
    }

    /// The point with its linear parameters solved for, if it is finite.
    private func projected(_ parameters: [Double], _ linear: [Int]) -> Point? {
        var point = look(clipped(parameters))
        // Values far off cost digits, so the solution is corrected once.
        for _ in 0..<(linear.isEmpty ? 0 : 2) {
            let columns = linear.map { point.columns[$0] }
            guard columns.allSatisfy({ $0.allSatisfy(\.isFinite) }), point.residuals.allSatisfy(\.isFinite) else { return nil }
            var next = point.parameters
            for (place, change) in zip(linear, TriangularSystem(columns, point.residuals).solution) { next[place] += change }
            let corrected = look(next)
            if corrected.squares.isFinite, corrected.squares <= point.squares || !point.squares.isFinite { point = corrected } else { break }
        }
        return isFinite(point) ? point : nil
    }

    /// The parameters that may move: those at a bound only away from it.
    private func free(_ point: Point, besides linear: [Int]) -> [Int] {
        (0..<count).filter { place in
            if linear.contains(place) { return false }
            guard let bound = bounds[place] else { return true }
            let pull = dot(point.columns[place], point.residuals)
            return !(point.parameters[place] <= bound.lowerBound && pull <= 0) && !(point.parameters[place] >= bound.upperBound && pull >= 0)
        }
    }

    /// Levenberg and Marquardt's search, with each parameter measured by its column's length, and the damping of Nielsen 1999.
    ///
    /// - Parameter projects: Whether linear parameters are solved for at each step (variable projection, Golub and Pereyra 1973, with the Jacobian of Kaufman
    ///   1975), so that only the others are searched for, and only these need a start.
    /// - Returns: nil where the start has no finite value.
    func search(from start: [Double], projects: Bool) -> End? {
        let linear = projects ? linear : []
        return descended(from: start, linear, iterations: 500).map { polished($0, linear) }
    }

    /// Where a few steps lead: what a start is worth. Its own sum of squares tells less.
    func glimpse(from start: [Double], iterations: Int) -> Point? { descended(from: start, linear, iterations: iterations) }

    private func descended(from start: [Double], _ linear: [Int], iterations: Int) -> Point? {
        guard var here = projected(start, linear) else { return nil }
        var damping = 1e-2, growth = 2.0
        let scale = dot(target, target).squareRoot()
        search: for _ in 0..<iterations {
            let free = free(here, besides: linear)
            if free.isEmpty { break }
            let system = TriangularSystem((linear + free).map { here.columns[$0] }, here.residuals)
            let first = linear.count
            let slope = dot(Array(system.right[first...]), Array(system.right[first...]))
            if slope <= 1e-26 * here.squares || slope.squareRoot() <= 1e-15 * scale { break }
            while true {
                let change = system.step(from: first, damping: damping)
                var next = here.parameters
                for (place, value) in zip(free, change) { next[place] += value }
                next = clipped(next)
                if next == here.parameters || damping > 1e25 { break search }
                // What the linearised problem promises.
                let scaled = zip(change, system.scales[first...]).map { $0 * $1 }
                var left = Array(system.right[first...])
                for (column, value) in scaled.enumerated() { for row in 0...column { left[row] -= system.factor[first + column][first + row] * value } }
                let promised = slope - dot(left, left)
                if let there = projected(next, linear), there.squares < here.squares {
                    let gain = promised > 0 ? (here.squares - there.squares) / promised : 0
                    let bend = 2 * Swift.min(gain, 1) - 1
                    damping = Swift.max(damping * Swift.max(1.0 / 3, 1 - bend * bend * bend), 1e-20)
                    growth = 2
                    here = there
                    break
                }
                damping *= growth
                growth *= 2
            }
        }
        return here
    }

    /// The same minimum with parameters that may change places, as the two rates of a sum of two exponentials, in the order of the start: the
    /// sum of squares is the same, and the start says which is which.
    func ordered(_ end: End, like start: [Double]) -> End {
        var end = end
        let others = (0..<count).filter { !linear.contains($0) }
        for _ in others {
            var isChanged = false
            for (number, i) in others.enumerated() {
                for j in others[(number + 1)...] {
                    let here = end.point.parameters
                    guard (start[i] - start[j]) * (here[i] - here[j]) < 0 else { continue }
                    var swapped = here
                    swapped.swapAt(i, j)
                    guard let point = projected(swapped, linear), Swift.abs(point.squares - end.point.squares) <= 1e-6 * end.point.squares + 1e-20 * dot(target, target) else { continue }
                    let other = polished(point, linear)
                    guard other.isGood else { continue }
                    (end, isChanged) = (other, true)
                }
            }
            if !isChanged { break }
        }
        return end
    }

    /// Undamped steps while they become shorter: sums of squares can't tell points that are closer than half of the digits, the residuals' product with
    /// the columns can.
    private func polished(_ start: Point, _ linear: [Int]) -> End {
        var here = start, last = Double.infinity, slow = 0
        var best = (point: start, distance: Double.infinity, rank: 0.0)
        for _ in 0..<100 {
            let free = free(here, besides: linear), places = linear + free
            let system = TriangularSystem(places.map { here.columns[$0] }, here.residuals)
            let change = system.solution
            let distance = zip(places, change).map { Swift.abs($1) / Swift.max(Swift.abs(here.parameters[$0]), 1e-300) }.max() ?? 0
            if distance < best.distance { best = (here, distance, system.rank) }
            if distance < 1e-15 || !distance.isFinite { break }
            slow = distance > 0.9 * last ? slow + 1 : 0
            if slow > 2 { break }
            last = distance
            var next = here.parameters
            for (place, value) in zip(places, change) { next[place] += value }
            guard let there = projected(next, linear), there.squares <= here.squares * (1 + 1e-6) + 1e-26 * dot(target, target) else { break }
            here = there
        }
        return End(point: best.point, distance: best.distance, rank: best.rank)
    }
}
