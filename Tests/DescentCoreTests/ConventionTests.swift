import DescentCore
import Testing

/// Values and derivatives where mathematics leaves a choice, as docs/CONVENTIONS.md lists them: the same eager, compiled, in a batch, and in both
/// element types.
@Suite struct ConventionTests {
    /// A function of vectors, a point, its value there, its gradient, and the diagonal of its Hessian.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let point: [Double]
        let value: [Double], gradient: [Double]
        /// Nil: not part of the convention.
        let second: [Double]?
        let function: @Sendable (Tensor) -> Tensor

        init(
            _ name: String, at point: [Double], _ value: [Double], _ gradient: [Double], _ second: [Double]?,
            _ function: @escaping @Sendable (Tensor) -> Tensor
        ) {
            (testDescription, self.point, self.value, self.gradient, self.second, self.function) = (name, point, value, gradient, second, function)
        }
    }

    private static let none = -Double.infinity

    static let cases: [Case] = [
        Case("norm at zero", at: [0, 0], [0], [0, 0], [0, 0]) { $0.norm },
        Case("two-norm at zero", at: [0, 0], [0], [0, 0], [0, 0]) { $0.norm(.two) },
        Case("three-norm at zero", at: [0, 0], [0], [0, 0], [0, 0]) { $0.norm(.power(3)) },
        Case("Frobenius norm at zero", at: [0, 0, 0, 0], [0], [0, 0, 0, 0], [0, 0, 0, 0]) { $0.reshaped(to: [2, 2]).matrixNorm(.frobenius) },
        Case("variance of equal numbers", at: [3, 3], [0], [0, 0], [0.5, 0.5]) { $0.variance() },
        Case("deviation of equal numbers", at: [3, 3, 3], [0], [0, 0, 0], [0, 0, 0]) { $0.standardDeviation() },
        Case("deviation of one number", at: [3], [0], [0], [0]) { $0.standardDeviation() },
        Case("a sample's deviation of equal numbers", at: [3, 3, 3], [0], [0, 0, 0], [0, 0, 0]) { $0.standardDeviation(correction: 1) },
        Case("a sample's variance of one number", at: [3], [.nan], [.nan], nil) { $0.variance(correction: 1) },
        Case("a sample's deviation of one number", at: [3], [.nan], [.nan], nil) { $0.standardDeviation(correction: 1) },
        Case("logSumExp of nothing but -infinity", at: [none, none], [none], [0, 0], [0, 0]) { logSumExp($0) },
        Case("logSumExp with one number", at: [none, 2], [2], [0, 1], [0, 0]) { logSumExp($0) },
        Case("softmax of a row that is masked", at: [none, none], [0, 0], [0, 0], [0, 0]) { softmax($0) },
        Case("softmax with one number", at: [none, 2], [0, 1], [0, 0], [0, 0]) { softmax($0) },
        Case("logSoftmax of a row that is masked", at: [none, none], [none, none], [1, 1], [0, 0]) { logSoftmax($0) },
        Case("softmax of infinity", at: [.infinity, 2], [.nan, .nan], [.nan, .nan], nil) { softmax($0) },
        Case("x log x", at: [0, 1], [0, 0], [0, 1], [0, 1]) { xlogy($0, $0) },
        Case("x log 2", at: [0, 1], [0, 0.6931471805599453], [0.6931471805599453, 0.6931471805599453], [0, 0]) { xlogy($0, Tensor(2, like: $0)) },
        Case("0 log y", at: [0, 2, -1, .infinity], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]) { xlogy(Tensor(0, like: $0), $0) },
        Case("0 log NaN", at: [.nan], [.nan], [.nan], nil) { xlogy(Tensor(0, like: $0), $0) },
        Case("atan2 at the origin, by y", at: [0, -0.0], [0, 0], [0, 0], [0, 0]) { atan2($0, Tensor(0, like: $0)) },
        Case("atan2 at the origin, by x", at: [0], [0], [0], [0]) { atan2(Tensor(0, like: $0), $0) },
        Case("abs at zero", at: [0, -0.0], [0, 0], [0, 0], [0, 0]) { abs($0) },
        Case("relu at zero", at: [0, -0.0], [0, 0], [0, 0], [0, 0]) { relu($0) },
        Case("leaky relu at zero", at: [0], [0], [0.01], [0]) { leakyRelu($0) },
        Case("elu at zero and above its overflow", at: [0, 1000], [0, 1000], [1, 1], [1, 0]) { elu($0) },
        Case("softplus at zero", at: [0], [0.6931471805599453], [0.5], [0.25]) { softplus($0) },
        Case("clipped at its bounds", at: [0, 0.5, 1, 2], [0, 0.5, 1, 1], [0.5, 1, 0.5, 0], [0, 0, 0, 0]) { $0.clipped(to: 0...1) },
        Case("maximum of equals", at: [2], [2], [0.5], [0]) { maximum($0, Tensor(2, like: $0)) },
        Case("maximum beside NaN", at: [2], [.nan], [1], [0]) { maximum($0, Tensor(.nan, like: $0)) },
        Case("the largest of equals", at: [2, 2, 1], [2], [0.5, 0.5, 0], [0, 0, 0]) { $0.max() },
        Case("the smallest of equals", at: [2, 2, 3], [2], [0.5, 0.5, 0], [0, 0, 0]) { $0.min() },
        Case("zero to the power of zero", at: [0], [1], [0], [0]) { $0.pow(0) },
        Case("zero to a power", at: [2, 0.5, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]) { Tensor(0, like: $0).pow($0) },
        Case("a product with zeros", at: [0, 0, 3], [0], [0, 0, 0], [0, 0, 0]) { $0.product(axis: 0) },
        Case("hypot at the origin", at: [0, -0.0], [0, 0], [0, 0], [0, 0]) { hypot($0, Tensor(0, like: $0)) },
        Case("logAddExp of -infinity twice", at: [none], [none], [0.5], nil) { logAddExp($0, Tensor(-.infinity, like: $0)) },
        Case("sinc at zero", at: [0], [1], [0], [-3.289868133696453]) { sinc($0) },
        Case("copysign of zero", at: [0, -0.0], [0, 0], [1, -1], [0, 0]) { copysign($0, Tensor(1, like: $0)) },
        Case("no number replaced", at: [.nan, 2], [0, 2], [0, 1], [0, 0]) { $0.replacingNaN() },
        Case("the running maximum of equals", at: [2, 1, 2], [2, 2, 2], [3, 0, 0], [0, 0, 0]) { $0.cumulativeMax() },
        Case("a segment's largest of equals", at: [2, 1, 2], [2], [0.5, 0, 0.5], [0, 0, 0]) { $0.segmentMax(Tensor(int64: [0, 0, 0]), count: 1) },
        Case("the root of zero", at: [0], [0], [.infinity], [-.infinity]) { sqrt($0) },
    ]

    @Test(arguments: cases)
    func agrees(_ example: Case) {
        let f = example.function
        let slope: (Tensor) -> Tensor = { x in gradient(at: x) { f($0).sum() } }
        // The mixed derivatives of a convention are no part of it: only the diagonal is compared, each direction by itself.
        let second: (Tensor) -> Tensor = { x in hessian(at: x) { f($0).sum() }.diagonal() }
        for dtype in [DType.float64, .float32] {
            let x = Tensor(float64: example.point).cast(to: dtype), tolerance = dtype == .float64 ? 1e-14 : 1e-6
            for (name, function, expected) in [("value", f, example.value), ("gradient", slope, example.gradient), ("second derivative", second, example.second ?? [])]
            where !expected.isEmpty {
                expectClose(function(x).doubles, expected, tolerance, "\(name), \(dtype):")
                expectClose(compile(function)(x).doubles, expected, tolerance, "\(name), \(dtype), compiled:")
                expectClose(vmap(function)(Tensor.stack([x, x])).doubles, expected + expected, tolerance, "\(name), \(dtype), vmap:")
            }
        }
    }

    @Test func xlogyByBothAgreesWithDifferences() {
        let x = Tensor(float64: [0.3, 2]), y = Tensor(float64: [1.5, 0.2])
        let (a, b) = gradient(at: x, y) { xlogy($0, $1).sum() }
        expectClose(a, log(y), 1e-15)
        expectClose(b, x / y, 1e-15)
        #expect(xlogy(Tensor(int64: [0, 2]), Tensor(int64: [0, 1])).floats == [0, 0])
    }
}
