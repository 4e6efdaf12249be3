/// The normal equations of least squares, `XᵀX w = Xᵀy`, in double-double precision, with Cholesky's factor of columns that are no combination of
/// those before them.
///
/// Squaring doubles the digits that near collinearity costs, and there are twice as many: for every matrix of doubles whose coefficients
/// mean anything the answer is right to the last digits. One pass over the rows and no copy of them, unlike a QR factorization.
struct NormalEquations {
    /// The number of columns.
    let size: Int
    /// `XᵀX`, of the lower triangle by rows.
    private(set) var gram: [DoubleDouble]
    /// `Xᵀy`.
    private(set) var products: [DoubleDouble]
    /// The columns that are determined, ascending.
    private(set) var kept: [Int] = []
    /// The other columns, each with the kept ones that it combines.
    private(set) var combinations: [(column: Int, of: [Int])] = []
    /// Rows of the factor, for the kept columns.
    private var factor: [[DoubleDouble]] = []

    /// What is left of a column's length, squared and relative, where its numbers are an exact combination rounded to doubles.
    private static let tolerance = 1e-25

    init(size: Int) {
        self.size = size
        gram = Array(repeating: .zero, count: size * (size + 1) / 2)
        products = Array(repeating: .zero, count: size)
    }

    /// Adds a row.
    mutating func add(_ row: [DoubleDouble], _ target: DoubleDouble) {
        var place = 0
        for i in 0..<size {
            let own = row[i]
            if own.high == 0 {
                place += i + 1
                continue
            }
            for j in 0...i {
                gram[place] += own * row[j]
                place += 1
            }
            products[i] += own * target
        }
    }

    private func entry(_ i: Int, _ j: Int) -> DoubleDouble { i >= j ? gram[i * (i + 1) / 2 + j] : gram[j * (j + 1) / 2 + i] }

    /// Goes through the columns in order, and keeps those that are no combination of the ones kept before.
    mutating func factorize() {
        (kept, factor, combinations) = ([], [], [])
        for column in 0..<size {
            let whole = entry(column, column)
            var row: [DoubleDouble] = []
            var rest = whole
            for (place, other) in kept.enumerated() {
                var sum = entry(column, other)
                for k in 0..<place { sum -= factor[place][k] * row[k] }
                let value = sum / factor[place][place]
                row.append(value)
                rest -= value * value
            }
            if whole.high > 0, rest.high > Self.tolerance * whole.high {
                kept.append(column)
                factor.append(row + [rest.squareRoot()])
            } else {
                let shares = backward(row)
                combinations.append(
                    (column, zip(kept, shares).filter { Swift.abs($1.high) * entry($0, $0).high.squareRoot() > 1e-10 * whole.high.squareRoot() }.map(\.0)))
            }
        }
    }

    /// Solves `L z = b` for kept columns.
    func forward(_ b: [DoubleDouble]) -> [DoubleDouble] {
        var z = b
        for i in z.indices {
            for k in 0..<i { z[i] -= factor[i][k] * z[k] }
            z[i] = z[i] / factor[i][i]
        }
        return z
    }

    /// Solves `Lᵀ w = z` for kept columns.
    func backward(_ z: [DoubleDouble]) -> [DoubleDouble] {
        var w = z
        for i in w.indices.reversed() {
            for k in i + 1..<Swift.max(w.count, i + 1) { w[i] -= factor[k][i] * w[k] }
            w[i] = w[i] / factor[i][i]
        }
        return w
    }

    /// The coefficients of the kept columns.
    func solution() -> [DoubleDouble] { backward(forward(kept.map { products[$0] })) }

    /// The inverse of `XᵀX` of the kept columns.
    func inverse() -> [[DoubleDouble]] {
        kept.indices.map { place in
            var unit = [DoubleDouble](repeating: .zero, count: kept.count)
            unit[place] = DoubleDouble(1)
            return backward(forward(unit))
        }
    }

    /// The largest singular value of the kept columns over the smallest.
    ///
    /// - Parameter isScaled: Whether the columns are brought to length 1 first.
    func conditionNumber(isScaled: Bool) -> Double {
        let columns = kept.indices.map { place -> [Double] in
            let scale = isScaled ? 1 / entry(kept[place], kept[place]).high.squareRoot() : 1
            // Columns of the upper factor R = Lᵀ, which has the singular values of X.
            return kept.indices.map { $0 <= place ? factor[place][$0].high * scale : 0 }
        }
        let values = singularValues(columns)
        guard let largest = values.max(), let least = values.min(), least > 0 else { return .infinity }
        return largest / least
    }
}

/// The singular values of a square matrix given by its columns, by Jacobi's rotations of pairs of columns (Hestenes 1958): small ones as exactly
/// as large ones.
func singularValues(_ matrix: [[Double]]) -> [Double] {
    var columns = matrix
    for _ in 0..<60 {
        var isDone = true
        for i in columns.indices {
            for j in columns.indices.dropFirst(i + 1) {
                let (a, b, c) = (dot(columns[i], columns[i]), dot(columns[j], columns[j]), dot(columns[i], columns[j]))
                guard Swift.abs(c) > 1e-15 * (a * b).squareRoot(), c != 0 else { continue }
                isDone = false
                let ratio = (b - a) / (2 * c), tangent = (ratio < 0 ? -1 : 1) / (Swift.abs(ratio) + (1 + ratio * ratio).squareRoot())
                let cosine = 1 / (1 + tangent * tangent).squareRoot(), sine = cosine * tangent
                for k in columns[i].indices {
                    let (x, y) = (columns[i][k], columns[j][k])
                    (columns[i][k], columns[j][k]) = (cosine * x - sine * y, sine * x + cosine * y)
                }
            }
        }
        if isDone { break }
    }
    return columns.map { dot($0, $0).squareRoot() }
}
