/// The largest singular value of a matrix, given row by row: by how much it can stretch a vector.
///
/// Without the whole decomposition (`matrixNorm(.spectral)`), which costs the cube of the size and is asked for at every step of a sequence:
/// Lanczos' method on AᵀA with all earlier directions taken out again at each step (Golub and Van Loan, Matrix Computations, 10.1): exact
/// up to rounding for up to 64 columns, and beyond that the largest value is found long before all directions are used up.
package func spectralNorm(_ matrix: [Double], rows: Int, columns: Int) -> Double {
    let scale = matrix.reduce(0) { Swift.max($0, abs($1)) }
    guard scale > 0, scale.isFinite else { return matrix.contains { $0.isNaN } ? .nan : scale }
    let a = matrix.map { $0 / scale }
    func squared(_ v: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            var along = 0.0
            for column in 0..<columns { along += a[row * columns + column] * v[column] }
            for column in 0..<columns { result[column] += along * a[row * columns + column] }
        }
        return result
    }
    var basis: [[Double]] = [], diagonal: [Double] = [], beside: [Double] = []
    /// The component of a vector orthogonal to all directions found so far. Twice, since the first time leaves rounding errors.
    func remainder(_ v: [Double]) -> [Double] {
        var v = v
        for _ in 0..<2 { for q in basis { v = subtract(dot(q, v), q, from: v) } }
        return v
    }
    var next: [Double]? = (0..<columns).map { 1 + 0.5 * (Double($0 + 1) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) }
    while let vector = next, basis.count < Swift.min(columns, 64) {
        let length = dot(vector, vector).squareRoot()
        let q = vector.map { $0 / length }
        basis.append(q)
        let image = squared(q)
        diagonal.append(dot(q, image))
        let rest = remainder(image), size = dot(rest, rest).squareRoot()
        if size > 1e-14 * diagonal.max()! {
            beside.append(size)
            next = rest
        } else {
            // The directions so far are closed under AᵀA: go on with one that they leave out.
            beside.append(0)
            next = (0..<columns).lazy.map { place in remainder((0..<columns).map { $0 == place ? 1 : 0 }) }.first { dot($0, $0) > 1e-4 / Double(columns) }
        }
    }
    return Swift.max(0, largestEigenvalue(diagonal, beside)).squareRoot() * scale
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for place in a.indices { sum += a[place] * b[place] }
    return sum
}

private func subtract(_ factor: Double, _ b: [Double], from a: [Double]) -> [Double] { a.indices.map { a[$0] - factor * b[$0] } }

/// Of a symmetric matrix with a diagonal and numbers beside it, by halving: Sturm's sequence counts the eigenvalues below a number.
private func largestEigenvalue(_ diagonal: [Double], _ beside: [Double]) -> Double {
    func isAbove(_ x: Double) -> Bool {
        var pivot = diagonal[0] - x
        if pivot > 0 { return false }
        for place in 1..<Swift.max(diagonal.count, 1) {
            let safe = pivot == 0 ? -Double.leastNormalMagnitude : pivot
            pivot = diagonal[place] - x - beside[place - 1] * beside[place - 1] / safe
            if pivot > 0 { return false }
        }
        return true
    }
    var low = diagonal.max()!,
        high = diagonal.indices.map { place in
            diagonal[place] + (place > 0 ? beside[place - 1] : 0) + (place < diagonal.count - 1 ? beside[place] : 0)
        }.max()!
    while true {
        let middle = low + (high - low) / 2
        if middle <= low || middle >= high { return high }
        if isAbove(middle) { high = middle } else { low = middle }
    }
}
