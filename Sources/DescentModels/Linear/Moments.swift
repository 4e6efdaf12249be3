import DescentCore

/// All that a least-squares fit needs to know of the data, from one pass of products over the whole matrix: means, and the products of
/// centred columns. float64, whatever the data's type.
struct Moments {
    let count: Int
    /// Of the columns; 0 where there is no intercept.
    let means: [Double]
    let targetMean: Double
    /// `XᵀX` of the centred columns [p, p].
    let gram: Tensor
    /// `Xᵀy` [p].
    let products: Tensor
    /// `yᵀy`.
    let targetSquares: Double
    /// Rounding errors of the products, relative.
    let noise: Double

    init(_ x: Tensor, _ y: Tensor, centred: Bool) {
        count = x.shape[0]
        let kind = x.dtype, target = y.cast(to: kind)
        noise = kind == .float32 ? 1.2e-7 : 2.3e-16
        // Evaluated and not compiled: a plan is found again by its form, and keeps no memory of this data's size.
        let columns = centred ? Tensor(1, like: target).matmul(x) / Double(count) : Tensor.zeros([x.shape[1]], dtype: kind)
        let level = centred ? target.mean() : Tensor.zeros([], dtype: kind)
        evaluate(columns, level)
        let inputs = x - columns, targets = target - level, turned = inputs.transposed()
        gram = turned.matmul(inputs).cast(to: .float64)
        products = turned.matmul(targets).cast(to: .float64)
        let squares = targets.dot(targets)
        evaluate(gram, products, squares)
        (means, targetMean, targetSquares) = (columns.doubles, level.item(), squares.item())
    }

    var features: Int { means.count }
    var isFinite: Bool { (gram.sum() + products.sum()).item().isFinite && targetSquares.isFinite }

    /// The lengths of the centred columns; 1 for a column of one number throughout.
    var lengths: [Double] {
        zip(gram.diagonal().doubles, means).map { square, mean in
            // A constant column leaves the rounding errors of its mean, a sum of `count` numbers.
            square <= Double(count) * (noise * mean) * (noise * mean) * Double(16 + count) ? 1 : square.squareRoot()
        }
    }

    /// The Gram matrix of columns of length 1: correlations, where centred.
    var correlations: Tensor {
        let scale = Tensor(float64: lengths.map { 1 / $0 })
        return gram * scale * scale.expanded(axis: 1)
    }
}

/// A column that the others give away: a combination of some of them.
public struct Collinearity: Hashable, Sendable, CustomStringConvertible {
    /// The column's name.
    public let column: String
    /// The columns before it that it is a combination of; none for a constant column.
    public let combines: [String]

    /// A column and what it combines.
    public init(column: String, combines: [String]) { (self.column, self.combines) = (column, combines) }

    public var description: String {
        combines.isEmpty ? "\(column) is constant." : "\(column) is a combination of \(combines.joined(separator: ", ")): its coefficient can't be told from theirs."
    }

    /// Goes through the columns in order, and keeps those that are no combination of the ones kept before (Cholesky's elimination).
    static func find(_ correlations: Tensor, _ names: (Int) -> String, noise: Double) -> [Collinearity] {
        let size = correlations.shape[0], matrix = correlations.doubles
        let tolerance = 1e3 * noise * Double(size)
        var kept: [Int] = [], rows: [[Double]] = [], found: [Collinearity] = []
        for j in 0..<size {
            // The new row of L, for the columns kept.
            var row: [Double] = []
            for (k, column) in kept.enumerated() {
                var sum = matrix[j * size + column]
                for i in 0..<k { sum -= rows[k][i] * row[i] }
                row.append(sum / rows[k][k])
            }
            let rest = matrix[j * size + j] - dot(row, row)
            if rest > tolerance {
                kept.append(j)
                rows.append(row + [rest.squareRoot()])
                continue
            }
            // Shares of the kept columns: Lᵀ shares = row.
            var shares = row
            for k in kept.indices.reversed() {
                for later in (k + 1)..<Swift.max(kept.count, k + 1) { shares[k] -= rows[later][k] * shares[later] }
                shares[k] /= rows[k][k]
            }
            found.append(Collinearity(column: names(j), combines: zip(kept, shares).filter { Swift.abs($0.1) > tolerance.squareRoot() }.map { names($0.0) }))
        }
        return found
    }
}
