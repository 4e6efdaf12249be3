import DescentCore
import Testing

/// Derivatives of functions of matrices where a matrix is singular, or singular values or eigenvalues are equal.
@Suite struct SingularMatrixTests {
    /// Square matrices of every rank, the cofactors by Laplace's expansion.
    static let matrices: [[[Double]]] = [
        [[7]], [[0]],
        [[1, 2], [2, 4]], [[0, 0], [0, 0]], [[1, 2], [3, 4]], [[1, 0], [0, 1]],
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2, 3], [2, 4, 6], [3, 6, 9]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[2, 0, 1], [0, 3, -1], [1, 1, 5]],
        [[0, 0, 0], [0, 5, 0], [0, 0, 5]],
        [[1, 2, 0, 1], [0, 1, 1, 0], [1, 3, 1, 1], [2, 0, 1, -1]], [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 2, 2], [0, 0, 2, 2]],
    ]

    /// By Laplace's expansion, in plain numbers.
    static func determinant(_ rows: [[Double]]) -> Double {
        if rows.isEmpty { return 1 }
        return rows[0].indices.reduce(0) { $0 + ($1 % 2 == 0 ? 1 : -1) * rows[0][$1] * determinant(minor(rows, 0, $1)) }
    }
    static func minor(_ rows: [[Double]], _ row: Int, _ column: Int) -> [[Double]] {
        rows.indices.filter { $0 != row }.map { i in rows.indices.filter { $0 != column }.map { rows[i][$0] } }
    }
    static func cofactors(_ rows: [[Double]]) -> [[Double]] {
        rows.indices.map { i in rows.indices.map { j in ((i + j) % 2 == 0 ? 1 : -1) * determinant(minor(rows, i, j)) } }
    }
    /// The derivative of each cofactor by each element: minors of minors, by differences, which are exact for a function linear in each element.
    static func secondDerivatives(_ rows: [[Double]]) -> [Double] {
        rows.indices.flatMap { i in
            rows.indices.flatMap { j -> [Double] in
                var moved = rows
                moved[i][j] += 1
                return zip(cofactors(moved).flatMap { $0 }, cofactors(rows).flatMap { $0 }).map { $0 - $1 }
            }
        }
    }

    @Test(arguments: matrices)
    func determinantHasItsCofactors(_ rows: [[Double]]) {
        let x = Tensor(float64: rows), expected = Self.cofactors(rows).flatMap { $0 }
        let f: (Tensor) -> Tensor = { $0.determinant() }
        expectClose([f(x).item()], [Self.determinant(rows)], 1e-13)
        expectClose(gradient(at: x, of: f).doubles, expected, 1e-13, "reverse:")
        expectClose(compile(gradient(of: f))(x).doubles, expected, 1e-13, "compiled:")
        expectClose(jacobian(at: x, mode: .forward, of: f).doubles, expected, 1e-13, "forward:")
        expectClose(gradient(at: x.cast(to: .float32), of: f).doubles, expected, 1e-5, "float32:")
        let second = Self.secondDerivatives(rows)
        expectClose(hessian(at: x, of: f).doubles, second, 1e-12, "hessian:")
        expectClose(jacobian(at: x, mode: .reverse, of: gradient(of: f)).doubles, second, 1e-12, "reverse over reverse:")
        expectClose(vmap(gradient(of: f))(Tensor.stack([x, x])).doubles, expected + expected, 1e-13, "vmap:")
    }

    @Test func batchesMayMixRanks() {
        let list = Self.matrices.filter { $0.count == 3 }, x = Tensor.stack(list.map { Tensor(float64: $0) })
        let weights = Tensor(float64: spread(list.count, in: 1...2))
        let slope = gradient(at: x) { ($0.determinant() * weights).sum() }
        for (index, rows) in list.enumerated() {
            expectClose(slope[index].doubles, Self.cofactors(rows).flatMap { $0.map { $0 * weights[index].item() } }, 1e-13)
        }
        let empty = Tensor.zeros([2, 0, 0], dtype: .float64)
        #expect(empty.determinant().doubles == [1, 1] && gradient(at: empty) { $0.determinant().sum() }.shape == [2, 0, 0])
    }

    @Test func determinantsOfTransformedMatrices() {
        // det(A²) = det(A)²: its gradient 2 det(A) cof(A) is 0 at a singular A, its Hessian 2 cof(A) cof(A)ᵀ is not.
        let rows: [[Double]] = [[1, 2], [2, 4]], cofactor = Tensor(float64: Self.cofactors(rows)).flattened()
        let x = Tensor(float64: rows)
        expectClose(gradient(at: x) { $0.matmul($0).determinant() }.doubles, [0, 0, 0, 0], 1e-12)
        let found = hessian(at: x) { $0.matmul($0).determinant() }.reshaped(to: [4, 4])
        expectClose(found, 2 * cofactor.expanded(axis: 1) * cofactor, 1e-12)
    }

    @Test func thirdDerivativesOfAnInvertibleMatrix() {
        // The third derivative of det at the identity along the identity: d³/dt³ (1 + t)³ = 6.
        let one = Tensor.eye(3, dtype: .float64)
        func along(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor { { jvp(at: $0, along: one, of: f).tangent } }
        #expect(abs(along(along(along { $0.determinant() }))(one).item() - 6) < 1e-12)
    }

    @Test func aPseudoInverseKeepsItsRank() {
        // By Golub and Pereyra: along a direction that keeps the rank the difference quotient agrees.
        let x = Tensor(float64: [[1, 2], [2, 4]])
        expectClose(jvp(at: x, along: x) { $0.pseudoInverse() }.tangent, -x.pseudoInverse(), 1e-14)
        // f(t) = pinv(t x) = pinv(x) / t: f''(1) = 2 pinv(x).
        let second = jvp(at: x, along: x) { y in jvp(at: y, along: x) { $0.pseudoInverse() }.tangent }.tangent
        expectClose(second, 2 * x.pseudoInverse(), 1e-13)
        #expect(gradient(at: Tensor.zeros([2, 2], dtype: .float64)) { $0.pseudoInverse().sum() }.doubles == [0, 0, 0, 0])
    }

    @Test func logDeterminantAndInverseSayThatTheyHaveNone() {
        let x = Tensor(float64: [[1, 2], [2, 4]])
        #expect(x.logDeterminant().logarithm.item() == -.infinity)
        #expect(!gradient(at: x) { $0.logDeterminant().logarithm }.isFinite.any().bools[0])
        #expect(!gradient(at: x) { $0.inverse().sum() }.isFinite.any().bools[0])
    }

    @Test func equalEigenvaluesHaveAFirstDerivativeWhereItExists() {
        let one = Tensor.eye(2, dtype: .float64), direction = Tensor(float64: [[1, 3], [3, 2]])
        // The sum of eigenvalues is the trace. What needs the vectors says that they have no derivative.
        #expect(gradient(at: one) { $0.symmetricEigen().values.sum() }.doubles == [1, 0, 0, 1])
        func rebuilt(_ x: Tensor) -> Tensor {
            let (values, vectors) = x.symmetricEigen()
            return (vectors * values.expanded(axis: 0)).matmul(vectors.transposed())
        }
        #expect(jvp(at: one, along: direction, of: rebuilt).tangent.isNaN.all().bools[0])
        // Second derivatives follow from those of the vectors: NaN, and not a wrong number. Σ λ² is Σ x², with a Hessian of 2.
        #expect(hessian(at: one) { $0.symmetricEigen().values.squared.sum() }.isNaN.any().bools[0])
        #expect(hessian(at: one) { $0.matrixNorm(.nuclear) }.isNaN.any().bools[0])
        let different = Tensor(float64: [[1, 0.5], [0.5, 3]])
        expectClose(jvp(at: different, along: direction, of: rebuilt).tangent, direction, 1e-14)
        let found = hessian(at: different) { $0.symmetricEigen().values.squared.sum() }.reshaped(to: [4, 4])
        let expected = hessian(at: different) { $0.symmetricPart.squared.sum() }.reshaped(to: [4, 4])
        expectClose(found, expected, 1e-13)
    }
}
