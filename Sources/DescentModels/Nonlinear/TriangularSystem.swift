/// Columns and a right-hand side brought to triangular form by Householder's reflections: least squares without squaring the condition.
///
/// The columns are brought to length 1 first, so that parameters of any size are alike.
struct TriangularSystem {
    /// The lengths that the columns had; 1 for a column of zeros.
    let scales: [Double]
    /// The columns of R, one after the other, each with as many numbers as its place from 1.
    private(set) var factor: [[Double]] = []
    /// The first numbers of `Qᵀ r`, as many as columns.
    private(set) var right: [Double]

    /// - Parameters:
    ///   - columns: At least as many rows as columns.
    init(_ columns: [[Double]], _ target: [Double]) {
        scales = columns.map { column in
            let size = largest(column)
            if size == 0 { return 1 }
            return size * column.reduce(0) { $0 + ($1 / size) * ($1 / size) }.squareRoot()
        }
        var work = zip(columns, scales).map { column, scale in column.map { $0 / scale } }
        var rest = target
        for place in work.indices where place < rest.count {
            var square = 0.0
            for row in place..<rest.count { square += work[place][row] * work[place][row] }
            let length = square.squareRoot()
            guard length > 0 else { continue }
            let head = work[place][place], pivot = head > 0 ? -length : length
            var normal = Array(work[place][place...])
            normal[0] -= pivot
            let half = length * (length + Swift.abs(head))
            func reflect(_ vector: inout [Double]) {
                var product = 0.0
                for (k, value) in normal.enumerated() { product += value * vector[place + k] }
                product /= half
                for (k, value) in normal.enumerated() { vector[place + k] -= product * value }
            }
            for other in work.indices where other > place { reflect(&work[other]) }
            reflect(&rest)
            work[place][place] = pivot
        }
        factor = work.indices.map { Array(work[$0].prefix($0 + 1)) }
        right = Array(rest.prefix(work.count))
    }

    /// The least squares solution of the last columns, in their own scale, with `√damping` times their scaled change added to what is made small;
    /// those before them follow.
    ///
    /// - Parameter first: The first of the damped columns.
    func step(from first: Int, damping: Double) -> [Double] {
        let count = factor.count - first
        var block = (0..<count).map { column in Array(factor[first + column][first...]) + [Double](repeating: 0, count: count - 1 - column) }
        var target = Array(right[first...])
        if damping > 0 {
            let root = damping.squareRoot()
            for column in block.indices { block[column] += (0..<count).map { $0 == column ? root : 0 } }
            target += [Double](repeating: 0, count: count)
            // Scaled once more by columns of nearly length 1.
            let inner = TriangularSystem(block, target)
            return zip(inner.step(from: 0, damping: 0), scales[first...]).map { $0 / $1 }
        }
        return Array(back(right).suffix(count))
    }

    /// The solution for all columns, given the scaled right-hand side.
    private func back(_ b: [Double]) -> [Double] {
        var solution = b
        let floor = 1e-14 * (factor.indices.map { Swift.abs(factor[$0][$0]) }.max() ?? 0)
        for i in solution.indices.reversed() {
            // A direction that the rows say nothing of stays.
            if Swift.abs(factor[i][i]) <= floor {
                solution[i] = 0
                continue
            }
            for k in i + 1..<Swift.max(solution.count, i + 1) { solution[i] -= factor[k][i] * solution[k] }
            solution[i] /= factor[i][i]
        }
        return zip(solution, scales).map { $0 / $1 }
    }

    /// The undamped least squares solution.
    var solution: [Double] { back(right) }

    /// The smallest of R's diagonal over the largest: 0 where a column is a combination of others.
    var rank: Double {
        let sizes = factor.indices.map { Swift.abs(factor[$0][$0]) }
        return (sizes.min() ?? 1) / Swift.max(sizes.max() ?? 1, 1e-300)
    }

    /// Solves `Rᵀ z = b` for a row of the columns: the row of Q.
    func orthogonal(_ row: [Double]) -> [Double] {
        var z = zip(row, scales).map { $0 / $1 }
        for i in z.indices {
            for k in 0..<i { z[i] -= factor[i][k] * z[k] }
            z[i] = factor[i][i] == 0 ? 0 : z[i] / factor[i][i]
        }
        return z
    }

    /// The diagonal of the inverse of the columns' products.
    var inverseDiagonal: [Double] {
        // Row i of R⁻¹ has the squares' sum that is wanted.
        var sums = [Double](repeating: 0, count: factor.count)
        for column in factor.indices {
            var unit = [Double](repeating: 0, count: factor.count)
            unit[column] = 1
            for (i, value) in back(unit).enumerated() { sums[i] += value * value }
        }
        return sums
    }

    /// The largest singular value over the smallest.
    ///
    /// - Parameter isScaled: Whether of the columns of length 1.
    func conditionNumber(isScaled: Bool) -> Double {
        let columns = factor.indices.map { place in
            factor.indices.map { $0 <= place ? factor[place][$0] * (isScaled ? 1 : scales[place]) : 0 }
        }
        let values = singularValues(columns)
        guard let largest = values.max(), let least = values.min(), least > 0 else { return .infinity }
        return largest / least
    }
}
