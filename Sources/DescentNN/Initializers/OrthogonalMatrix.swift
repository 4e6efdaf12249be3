import DescentCore

/// A matrix with orthonormal rows or columns, whichever are fewer, drawn evenly from all of them: float64, in the given shape, whose first
/// axis are the rows.
///
/// It is the Q of a QR decomposition of a matrix of normal numbers with the signs of R's diagonal taken into it, without which Q would not
/// be drawn evenly (Mezzadri 2007).
func orthogonalMatrix(_ shape: [Int], _ random: Random) -> Tensor {
    let rows = shape.first ?? 1, columns = shape.dropFirst().reduce(1, *)
    let tall = max(rows, columns), narrow = min(rows, columns)
    // Column after column of the tall matrix.
    var matrix = random.normal([narrow, tall], dtype: .float64).doubles
    orthonormalizeColumns(&matrix, length: tall, count: narrow)
    let lines = Tensor(float64: matrix, shape: [narrow, tall])
    return (rows <= columns ? lines : lines.transposed()).reshaped(to: shape)
}

/// Replaces the columns of a matrix, one after another in memory, by the Q of its QR decomposition with a positive diagonal of R, by
/// Householder's reflections (1958).
private func orthonormalizeColumns(_ matrix: inout [Double], length: Int, count: Int) {
    matrix.withUnsafeMutableBufferPointer { a in
        /// `a[column] -= 2 v (v · a[column])` for the unit vector v, which begins at row `first` of column `reflection`.
        func reflect(_ column: Int, by v: UnsafeMutableBufferPointer<Double>, from first: Int) {
            var product = 0.0
            for row in first..<length { product += v[row] * a[column * length + row] }
            for row in first..<length { a[column * length + row] -= 2 * product * v[row] }
        }
        var signs = [Double](repeating: 1, count: count)
        let vectors = UnsafeMutableBufferPointer<Double>.allocate(capacity: count * length)
        defer { vectors.deallocate() }
        vectors.initialize(repeating: 0)
        func vector(_ index: Int) -> UnsafeMutableBufferPointer<Double> { .init(rebasing: vectors[(index * length)..<((index + 1) * length)]) }
        for column in 0..<count {
            let v = vector(column)
            var square = 0.0
            for row in column..<length {
                v[row] = a[column * length + row]
                square += v[row] * v[row]
            }
            let size = square.squareRoot(), head = v[column]
            // Away from the head, so that nothing cancels; the diagonal of R becomes -size or size.
            signs[column] = head > 0 ? -1 : 1
            v[column] = head - signs[column] * size
            let width = (square - head * head + v[column] * v[column]).squareRoot()
            if width > 0 { for row in column..<length { v[row] /= width } }
            for later in column..<count { reflect(later, by: v, from: column) }
        }
        // Q is the reflections applied, last to first, to the first columns of the identity.
        for column in 0..<count {
            for row in 0..<length { a[column * length + row] = row == column ? signs[column] : 0 }
            for reflection in stride(from: count - 1, through: 0, by: -1) { reflect(column, by: vector(reflection), from: reflection) }
        }
    }
}
