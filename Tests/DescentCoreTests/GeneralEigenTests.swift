import DescentCore
import Testing

/// Eigenvalues of general matrices against the equation that defines them, and cases known by hand.
@Suite struct GeneralEigenTests {
    @Test("A V = V Λ, for real and complex matrices", arguments: [1, 2, 3, 4, 7, 16, 33])
    func equation(_ n: Int) {
        let x = numbers([2, n, n], seed: n)
        for matrix in [ComplexTensor(x), ComplexTensor(real: x, imaginary: numbers([2, n, n], seed: n + 1))] {
            let (values, vectors) = matrix.eigen()
            expectClose(matrix.matmul(vectors).interleaved, (vectors * values.expanded(axis: -2)).interleaved, 1e-13, "\(n)")
            expectClose(vectors.squaredMagnitude.sum(axis: -2), Tensor(1, like: values.real), 1e-14)
            // Their sum is the trace, which a repeated one instead of another would miss.
            expectClose(values.sum(axis: -1).interleaved, matrix.diagonal().sum(axis: -1).interleaved, 1e-13)
            #expect((values.real[.rest, 1...] - values.real[.rest, 0..<(n - 1)]).doubles.allSatisfy { $0 >= 0 })
        }
        // Exact pairs of conjugates.
        let imaginary = x[0].eigenvalues().imaginary.doubles
        #expect(imaginary.filter { $0 > 0 }.sorted() == imaginary.filter { $0 < 0 }.map { -$0 }.sorted())
    }

    @Test("by hand: a turn, a cycle, triangles, nothing at all")
    func known() {
        let turn = Tensor(float64: [[0, 1], [-1, 0]]).eigenvalues()
        expectClose(turn.interleaved.flattened().doubles, [0, -1, 0, 1], 1e-15)
        let triangle = Tensor(float64: [[3, 5, 1], [0, -2, 4], [0, 0, 1]]).eigenvalues()
        expectClose(triangle.real.doubles, [-2, 1, 3], 1e-15)
        #expect(triangle.imaginary.doubles == [0, 0, 0])
        // The fourth roots of 1.
        let cycle = Tensor(float64: [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]]).eigenvalues()
        expectClose(cycle.pow(4).interleaved, ComplexTensor(Tensor.ones([4], dtype: .float64)).interleaved, 1e-14)
        #expect(Tensor.zeros([3, 3]).eigenvalues().real.doubles == [0, 0, 0])
        #expect(Tensor.zeros([0, 0]).eigenvalues().shape == [0])
        #expect(Tensor(float64: [[1, Double.nan], [0, 1]]).eigenvalues().real.doubles.allSatisfy { $0.isNaN })
        // Rows and columns of very unequal sizes keep the small eigenvalue's digits.
        let unequal = Tensor(float64: [[1, 1e8], [1e-8, 3]]).eigenvalues(), root = Double(2).squareRoot()
        expectClose(unequal.real.doubles, [2 - root, 2 + root], 1e-15)
    }

    @Test("derivatives: of the spectral radius, and of equal eigenvalues, which have none")
    func derivatives() {
        // d λ / dA = u vᵀ / (u · v) with the left vector u, for the largest of a positive matrix.
        let a = Tensor(float64: [[1, 2], [3, 2]])  // 4 and -1; right (2, 3), left (1, 1)
        let slope = gradient(at: a) { $0.eigenvalues().real[1] }
        expectClose(slope.flattened().doubles, [2 / 5.0, 3 / 5.0, 2 / 5.0, 3 / 5.0], 1e-15)
        let bend = hessian(at: a) { $0.eigenvalues().real[1] }
        let step = 1e-5
        func moved(_ by: Double) -> Tensor { gradient(at: a + Tensor(float64: [[by, 0], [0, 0]])) { $0.eigenvalues().real[1] } }
        expectClose(bend[0, 0], (moved(step) - moved(-step)) / (2 * step), 1e-9)
        // A sum over all is the trace, at equal ones too.
        expectClose(gradient(at: Tensor.eye(2, dtype: .float64)) { $0.eigenvalues().real.sum() }, Tensor.eye(2, dtype: .float64), 0)
    }

    @Test("what is no square matrix is said")
    func sentences() {
        func sentence(_ x: Tensor) -> String? {
            do {
                _ = try catchingFaults { x.eigenvalues().real }
                return nil
            } catch { return "\(error)" }
        }
        #expect(sentence(Tensor.zeros([2, 3])) == "eigen: the matrix is 2 x 3; it must be square.")
        #expect(sentence(Tensor.zeros([3])) == "eigen: a tensor of shape [3] is not a matrix.")
    }
}
