import DescentCore

/// The minimum of `wᵀ A w / 2 - bᵀ w + Σ sizesⱼ |wⱼ|` for positive semidefinite A, one coordinate after the other (Friedman, Hastie and
/// Tibshirani 2010, in covariance form). A's diagonal must be positive where a coordinate is to move.
///
/// Ends when the optimality conditions hold to `tolerance` times the largest `|b|`.
///
/// - Returns: the minimum and the number of sweeps, nil if the last sweep came first.
func coordinateDescent(
    _ matrix: [Double], _ linear: [Double], sizes: [Double], from start: [Double], tolerance: Double, sweeps: Int
) -> (solution: [Double], sweeps: Int)? {
    let count = linear.count
    var w = start
    // rest = b - A w
    var rest = linear
    for j in 0..<count where w[j] != 0 { for i in 0..<count { rest[i] -= matrix[i * count + j] * w[j] } }
    let bound = tolerance * Swift.max(largest(linear), 1e-300)
    for sweep in 1...Swift.max(sweeps, 1) {
        for j in 0..<count {
            let curvature = matrix[j * count + j]
            guard curvature > 0 else { continue }
            let pull = rest[j] + curvature * w[j]
            let new = pull > sizes[j] ? (pull - sizes[j]) / curvature : pull < -sizes[j] ? (pull + sizes[j]) / curvature : 0
            let change = new - w[j]
            guard change != 0 else { continue }
            w[j] = new
            for i in 0..<count { rest[i] -= change * matrix[i * count + j] }
        }
        // How far each coordinate is from where its slope is 0 (or within the kink of |w|).
        var worst = 0.0
        for j in 0..<count where matrix[j * count + j] > 0 {
            let gap = w[j] > 0 ? Swift.abs(rest[j] - sizes[j]) : w[j] < 0 ? Swift.abs(rest[j] + sizes[j]) : Swift.max(0, Swift.abs(rest[j]) - sizes[j])
            worst = Swift.max(worst, gap)
        }
        if worst <= bound { return (w, sweep) }
    }
    return nil
}
