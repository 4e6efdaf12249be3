import DescentCore
import Testing

/// Decompositions against what defines them, and against NumPy and mpmath.
@Suite struct LinearAlgebraTests {
    private func numbers(_ shape: [Int], seed: Int = 0) -> Tensor { Random(seed: seed + 1).normal(shape, dtype: .float64).settled() }

    private func expectOrthonormal(_ q: Tensor, _ tolerance: Double = 1e-13, sourceLocation: SourceLocation = #_sourceLocation) {
        let size = q.shape[q.rank - 1]
        let gram = q.swappingAxes(-1, -2).matmul(q) - Tensor.eye(size, dtype: q.dtype)
        #expect(abs(gram).max().item() < tolerance, sourceLocation: sourceLocation)
    }

    private func distance(_ a: Tensor, _ b: Tensor) -> Double { abs(a - b).max().item() }

    private let small = Tensor(float64: [[2, 1, -1, 0.5], [4, -6, 0, 1], [-2, 7, 2, 3], [1, 0, 1, -2]])

    @Test("Cholesky's factor gives the matrix back", arguments: [1, 5, 47, 48, 49, 130])
    func cholesky(_ size: Int) throws {
        let b = numbers([size, size]), a = b.matmul(b.transposed()) + Tensor.eye(size, dtype: .float64)
        let l = try a.checkedCholesky()
        #expect(distance(l.matmul(l.transposed()), a) < 1e-12 * Double(size))
        #expect(distance(l, l.lowerTriangle()) == 0)
        let x = numbers([size, 3], seed: 1)
        #expect(distance(l.solveCholesky(a.matmul(x)), x) < 1e-9)
    }

    @Test func notPositiveDefiniteSaysWhere() {
        let a = Tensor(float64: [[4, 2, 0], [2, 1, 1], [0, 1, 5]])
        #expect(throws: LinearAlgebraError.notPositiveDefinite(minor: 2, size: 3, member: nil)) { try a.checkedCholesky() }
        let batch = Tensor.stack([Tensor.eye(3, dtype: .float64), a])
        #expect(throws: LinearAlgebraError.notPositiveDefinite(minor: 2, size: 3, member: 1)) { try batch.checkedCholesky() }
        #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) { try Tensor(float64: [[1, .nan], [0, 1]]).checkedCholesky() }
        // The columns before the failing one are there.
        #expect(areClose(a.cholesky().doubles, [2, 0, 0, 1, .nan, 0, 0, .nan, .nan], 0))
        let sentence = "\(LinearAlgebraError.notPositiveDefinite(minor: 2, size: 3, member: nil))"
        #expect(sentence.contains("the 3 x 3 matrix is not positive definite: its leading minor of order 2 is not positive"))
    }

    // numpy.linalg.solve, det, qr and eigvalsh of the symmetric part.
    @Test func againstNumPy() {
        expectClose(
            small.solve(Tensor(float64: [1, 2, 3, 4])).doubles,
            [1.2972972972972974, 0.4594594594594595, 1.837837837837838, -0.43243243243243246], 1e-14)
        expectClose([small.determinant().item()], [185], 1e-14)
        expectClose([small.logDeterminant().sign.item(), small.logDeterminant().logarithm.item()], [1, 5.220355825078324], 1e-14)
        expectClose(
            small.qr().r.doubles,
            [
                -5, 7.2, 1, 0.6, 0, 5.844655678480982, 0.9923595707022744, 1.9128586207674878,
                0, 0, -2.003802006794982, -0.49992785558854136, 0, 0, 0, -3.15927903740112,
            ], 1e-14)
        expectClose(small.symmetricEigen().values.doubles, [-8.16527705658312, -2.76981788142644, 2.861912020337517, 4.073182917672041], 1e-14)
    }

    @Test("elimination gives the matrix back", arguments: [1, 6, 48, 100])
    func lu(_ size: Int) throws {
        let a = numbers([size, size])
        let (lower, upper, order) = a.lu()
        #expect(distance(lower.matmul(upper), a.gathered(order)) < 1e-12)
        #expect(abs(lower).max().item() == 1)
        let x = numbers([size, 2], seed: 3)
        #expect(distance(try a.checkedSolve(a.matmul(x)), x) < 1e-9)
        #expect(distance(a.inverse().matmul(a), .eye(size, dtype: .float64)) < 1e-9)
    }

    @Test func singularSaysWhere() {
        let a = Tensor(float64: [[1, 2, 3], [2, 4, 6], [1, 0, 1]])
        #expect(throws: LinearAlgebraError.singular(column: 2, size: 3, member: nil)) { try a.checkedSolve(Tensor(float64: [1, 2, 3])) }
        #expect(a.determinant().item() == 0)
        #expect(a.logDeterminant().logarithm.item() == -.infinity)
    }

    @Test("Q R is the matrix", arguments: [[1, 1], [5, 3], [3, 5], [60, 50], [2, 4, 3]])
    func qr(_ shape: [Int]) {
        let a = numbers(shape), (q, r) = a.qr()
        expectOrthonormal(q)
        #expect(distance(q.matmul(r), a) < 1e-13)
        #expect(distance(r, r.upperTriangle()) == 0)
    }

    @Test("V diag(values) Vᵀ is the matrix", arguments: [1, 2, 5, 40, 101])
    func symmetricEigen(_ size: Int) {
        let b = numbers([size, size]), a = b + b.transposed(), (values, vectors) = a.symmetricEigen()
        expectOrthonormal(vectors, 1e-12)
        #expect(distance((vectors * values).matmul(vectors.transposed()), a) < 1e-12 * Double(size))
        #expect(values.doubles == values.doubles.sorted())
    }

    @Test("equal eigenvalues, zeros, diagonal and graded matrices")
    func difficultEigen() {
        let ones = Tensor.ones([6, 6], dtype: .float64), (values, vectors) = ones.symmetricEigen()
        expectClose(values.doubles, [0, 0, 0, 0, 0, 6], 1e-14)
        expectOrthonormal(vectors)
        #expect(Tensor.eye(4, dtype: .float64).symmetricEigen().values.doubles == [1, 1, 1, 1])
        #expect(Tensor.zeros([3, 3], dtype: .float64).symmetricEigen().values.doubles == [0, 0, 0])
        let huge = Tensor(float64: [[1e200, 2e200], [2e200, 1e200]])
        expectClose(huge.symmetricEigen().values.doubles.map { $0 / 1e200 }, [-1, 3], 1e-14)
    }

    // mpmath.eigsy with 40 digits: Wilkinson's matrix of order 21, whose largest eigenvalues agree to fifteen digits.
    @Test func wilkinson() {
        func element(_ i: Int, _ j: Int) -> Double {
            if i == j { return Double(Swift.abs(i - 10)) }
            return Swift.abs(i - j) == 1 ? 1 : 0
        }
        let matrix = Tensor(float64: (0..<441).map { element($0 / 21, $0 % 21) }, shape: [21, 21])
        let (values, vectors) = matrix.symmetricEigen(), found = values.doubles
        expectClose([found[0], found[1], found[19], found[20]], [-1.1254415221199843, 0.25380581709667815, 10.746194182903322, 10.746194182903393], 1e-14)
        expectOrthonormal(vectors)
    }

    @Test("U diag(s) Vᵀ is the matrix", arguments: [[1, 1], [5, 3], [3, 5], [40, 40], [90, 20], [2, 4, 3]])
    func svd(_ shape: [Int]) {
        let a = numbers(shape), (u, s, v) = a.svd()
        expectOrthonormal(u)
        expectOrthonormal(v)
        #expect(distance((u * s.expanded(axis: -2)).matmul(v.swappingAxes(-1, -2)), a) < 1e-12)
    }

    @Test func rankDeficient() {
        let a = numbers([6, 2]).matmul(numbers([2, 4], seed: 5)), (u, s, v) = a.svd()
        expectOrthonormal(u)
        expectOrthonormal(v)
        #expect(s.doubles[2] < 1e-14)
        #expect(a.matrixRank().ints == [2])
        let zero = Tensor.zeros([3, 2], dtype: .float64).svd()
        #expect(zero.singularValues.doubles == [0, 0])
        expectOrthonormal(zero.u)
    }

    // mpmath.svd_r with 40 digits, of the float64 Hilbert matrix of order 8: condition number 1.5e10.
    @Test func hilbert() {
        let h = Tensor(float64: (0..<8).map { i in (0..<8).map { 1 / Double(i + $0 + 1) } })
        let expected = [
            1.6959389969219494, 0.2981252113169307, 0.026212843578119052, 0.001467688117741847, 5.4369433697508964e-05,
            1.2943320918741794e-06, 1.7988737460063012e-08, 1.1115389694888081e-10,
        ]
        for (found, true_) in zip(h.svd().singularValues.doubles, expected) { #expect(abs(found / true_ - 1) < 1e-6) }
        expectClose(Array(h.svd().singularValues.doubles.prefix(5)), Array(expected.prefix(5)), 1e-15)
    }

    // numpy.linalg.lstsq and pinv.
    @Test func minimumNorm() {
        let a = Tensor(float64: [[1, 2], [2, 4], [3, 6]])
        expectClose(a.leastSquares(Tensor(float64: [1, 1, 2])).doubles, [0.12857142857142856, 0.2571428571428571], 1e-14)
        expectClose(a.pseudoInverse().doubles, [1, 2, 3, 2, 4, 6].map { $0 / 70 }, 1e-14)
        let wide = numbers([3, 5])
        #expect(distance(wide.matmul(wide.pseudoInverse()), .eye(3, dtype: .float64)) < 1e-13)
    }

    // cases.json: norms-1, norms-3, matrix-norms-1.
    @Test func norms() {
        let x = Tensor(float64: [3, 0, -4, 0, 1.5])
        #expect([VectorNorm.zero, .one, .infinity].map { x.norm($0).item() } == [3, 8.5, 4])
        expectClose([x.norm(.two).item()], [5.220153254455275], 1e-15)
        expectClose([x.norm(.power(3)).item()], [4.552874245617287], 1e-15)
        #expect(gradient(at: x) { $0.norm(.one) }.doubles == [1, 0, -1, 0, 1])
        expectClose(gradient(at: x) { $0.norm(.two) }.doubles, [0.5746957711326909, 0, -0.7662610281769211, 0, 0.28734788556634544], 1e-15)
        expectClose([Tensor(float64: [1, 2, -3]).norm(.power(20)).item()], [3.0000451028995516], 1e-15)
        #expect(gradient(at: Tensor(float64: [0, 0])) { $0.norm(.two) }.doubles == [0, 0])
        expectClose([Tensor(float64: [3e200, 4e200]).norm(.two).item() / 1e200], [5], 1e-15)
        let a = Tensor(float64: [[1, 2, 0], [0, -3, 4]])
        let found = [MatrixNorm.frobenius, .spectral, .one, .infinity, .nuclear].map { a.matrixNorm($0).item() }
        expectClose(found, [5.477225575051661, 5.163516610769312, 5, 7, 6.990562371090984], 1e-14)
    }

    @Test("derivatives of the functions made of decompositions")
    func derivatives() {
        let a = numbers([3, 3]) * 0.3 + Tensor.eye(3, dtype: .float64) * 2
        // d det = det A⁻ᵀ, d log|det| = A⁻ᵀ.
        let inverse = a.inverse().transposed()
        #expect(distance(gradient(at: a) { $0.determinant() }, a.determinant() * inverse) < 1e-13)
        #expect(distance(gradient(at: a) { $0.logDeterminant().logarithm }, inverse) < 1e-13)
        // The gradient of a symmetric matrix's function is symmetric.
        let s = a.matmul(a.transposed()), slope = gradient(at: s) { log($0.cholesky().diagonal()).sum() * 2 }
        #expect(distance(slope, s.inverse()) < 1e-13)
        // Equal singular values: d nuclear = U Vᵀ, d pinv at the identity = -dA.
        #expect(distance(gradient(at: Tensor.eye(3, dtype: .float64)) { $0.matrixNorm(.nuclear) }, .eye(3, dtype: .float64)) < 1e-14)
        let direction = numbers([3, 3], seed: 2)
        #expect(distance(jvp(at: Tensor.eye(3, dtype: .float64), along: direction) { $0.pseudoInverse() }.tangent, -direction) < 1e-14)
        // A wide QR through its leading square part.
        let wide = numbers([2, 4])
        #expect(
            distance(
                jvp(at: wide, along: wide) {
                    let (q, r) = $0.qr(); return q.matmul(r)
                }.tangent, wide) < 1e-13)
    }

    @Test("the same bits for any number of threads")
    func threads() {
        let b = numbers([300, 300]), a = b.matmul(b.transposed()) + Tensor.eye(300, dtype: .float64)
        func all() -> [Tensor] { [a.cholesky(), b.lu().upper, a.solve(b)].map { $0.settled() } }
        let before = Threads.count
        defer { Threads.count = before }
        Threads.count = 1
        let one = all()
        Threads.count = 3
        for (x, y) in zip(one, all()) { expectIdentical(x, y) }
    }
}
