/// The smallest value that a simplex of points finds without derivatives (Nelder and Mead 1965), with the coefficients of Gao and Han (2012),
/// which depend on the dimension. For functions of few parameters that are cheap, and not smooth everywhere.
///
/// - Parameters:
///   - start: The first point, of at least one number.
///   - size: The distance of the simplex's other points from it.
///   - tolerance: The search ends when the values of the simplex are this close to each other, relative to their size.
/// - Returns: The best point and its value.
func minimizeWithoutDerivatives(
    from start: [Double], size: Double, tolerance: Double = 1e-7, evaluations limit: Int, _ function: ([Double]) -> Double
) -> (point: [Double], value: Double) {
    let count = start.count, n = Double(max(count, 2))
    let expansion = 1 + 2 / n, contraction = 0.75 - 1 / (2 * n), shrinkage = 1 - 1 / n
    var evaluations = 0
    func value(_ point: [Double]) -> Double {
        evaluations += 1
        let found = function(point)
        return found.isFinite ? found : .infinity
    }
    var simplex = [(point: start, value: value(start))]
    for index in 0..<count {
        var point = start
        point[index] += size
        simplex.append((point, value(point)))
    }
    while evaluations < limit {
        simplex.sort { $0.value < $1.value }
        let best = simplex[0].value, worst = simplex[count].value
        if worst - best <= tolerance * (abs(best) + 1e-300) { break }
        var centre = [Double](repeating: 0, count: count)
        for vertex in simplex.dropLast() { for index in 0..<count { centre[index] += vertex.point[index] / Double(count) } }
        func along(_ share: Double) -> (point: [Double], value: Double) {
            let point = centre.indices.map { centre[$0] + share * (centre[$0] - simplex[count].point[$0]) }
            return (point, value(point))
        }
        let reflected = along(1)
        if reflected.value < best {
            let expanded = along(expansion)
            simplex[count] = expanded.value < reflected.value ? expanded : reflected
        } else if reflected.value < simplex[count - 1].value {
            simplex[count] = reflected
        } else {
            let contracted = along(reflected.value < worst ? contraction : -contraction)
            if contracted.value < min(worst, reflected.value) {
                simplex[count] = contracted
            } else {
                for vertex in 1...count {
                    let point = simplex[vertex].point.indices.map { simplex[0].point[$0] + shrinkage * (simplex[vertex].point[$0] - simplex[0].point[$0]) }
                    simplex[vertex] = (point, value(point))
                }
            }
        }
    }
    return simplex.min { $0.value < $1.value }!
}
