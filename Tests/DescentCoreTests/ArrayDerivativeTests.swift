import DescentCore
import Testing

/// First and second derivatives of functions on arrays against central differences. Primitives are checked by PrimitiveTests; these are made of them.
@Suite struct ArrayDerivativeTests {
    private typealias Function = @Sendable (Tensor) -> Tensor
    private static let other = Tensor(float64: spread(12, in: -2...2, seed: 9), shape: [3, 4])
    private static let matrix = Tensor(float64: spread(12, in: -1...1, seed: 5), shape: [4, 3])
    private static let places = Tensor(int64: [1, 3, 0, 0, 2, -1], shape: [3, 2]), rows = Tensor(int64: [1, 0, 1]), random = 17

    /// Functions of a matrix [3, 4] of numbers in -1.5...1.5.
    private static let functions: [String: Function] = [
        "asinh": { asinh($0) }, "sinc": { sinc($0) }, "exp2": { exp2($0) }, "xlog1py": { xlog1py($0, $0 * 0.25 + 1) }, "logBeta": { logBeta($0 + 2, $0 * $0 + 1) },
        "copysign": { copysign($0, other) }, "clamp": { clamp($0, min: -0.7, max: 0.8) }, "replacingNaN": { $0.replacingNaN() }, "hypot": { hypot($0, other) },
        "logAddExp": { logAddExp($0, $0 * $0) }, "polygamma": { polygamma(1, $0 + 2) }, "erfcinv": { erfcinv($0 * 0.5 + 1) },
        "repeated": { $0.repeated(rows, axis: 0) }, "tiled": { $0.tiled(2, 2) }, "rolled": { $0.rolled(2, axis: 1) }, "rotated90": { $0.rotated90() },
        "differences": { $0.squared.differences(order: 2) }, "meshgrid": { Tensor.stack(Tensor.meshgrid($0[0], $0[1])) }, "masked": { $0.squared.masked(by: other .> 0) },
        "unique": { $0.squared.unique().values }, "binCounts": { rows.binCounts(weights: $0[.all, 0] * $0[.all, 1], size: 3) },
        "cumulativeMax": { $0.squared.cumulativeMax(axis: 1) }, "cumulativeLogSumExp": { $0.cumulativeLogSumExp(axis: 1) }, "quantile": { $0.squared.quantile(0.3, axis: 1) },
        "median": { $0.squared.median() }, "covariance": { $0.covariance() }, "correlation": { ($0 + other.squared).correlation() }, "covarianceWeights": { $0.covariance(weights: other[0].squared) },
        "convolution": { $0[0].convolution(with: $0[1]) }, "crossCorrelation": { $0[0].crossCorrelation(with: $0[1], extent: .same) }, "polynomial": { $0[0].polynomial(at: $0[1]) },
        "interpolated": { Tensor.interpolated(at: $0[0], places: Tensor(float64: [-2, 0.1, 2]) + 0.1 * $0[1, 0..<3], values: $0[2, 0..<3]) },
        "segmentSum": { $0.squared.segmentSum(rows, count: 2) }, "segmentMean": { $0.squared.segmentMean(rows, count: 2) }, "segmentMax": { $0.squared.segmentMax(rows, count: 2) },
        "segmentMin": { $0.squared.segmentMin(rows, count: 2) }, "tensordot": { $0.tensordot($0, axes: [0], [0]) }, "cross": { $0[.all, 0..<3].cross($0[.all, 1...]) },
        "kron": { $0.kron($0[0..<2]) }, "pairwiseDistances": { $0.pairwiseDistances(to: other) }, "vander": { $0[0].vander() },
        "diagonal": { $0.squared.diagonal(offset: 1) }, "diagonalMatrix": { $0.squared.diagonalMatrix(offset: -1) }, "matrixPower": { $0.matmul(matrix).matrixPower(3) },
        "matrixExponential": { $0.matmul(matrix).matrixExponential() }, "largeExponential": { ($0.matmul(matrix) * 4).matrixExponential() / 100 },
        "einsum": { .einsum("ij,kj,il->kl", $0, $0, other) }, "replacingAlong": { $0.squared.replacingAlong(places, with: $0[.all, 0..<2] * $0[.all, 2..<4], axis: 1) },
        "select": { .select([other .> 1, other .> 0], [$0.squared, exp($0)], otherwise: $0) },
        "normal": { Normal(mean: $0, deviation: $0.squared + 0.5).logProbability(other) }, "studentT": { StudentT(degrees: $0.squared + 1, location: $0).logProbability(other) },
        "gamma": { Gamma(concentration: $0.squared + 0.5, rate: $0 + 2).logProbability(other.squared) }, "beta": { Beta($0 + 2, $0.squared + 0.5).logProbability(sigmoid(other)) },
        "dirichlet": { Dirichlet($0 + 2).logProbability(softmax(other)) }, "categorical": { Categorical(logits: $0).entropy }, "bernoulli": { Bernoulli(logits: $0).entropy },
        "divergence": { klDivergence(Gamma(concentration: $0 + 2, rate: $0.squared + 1), Gamma(concentration: other.squared + 1, rate: $0 + 2)) },
        "laplaceSample": { Laplace(mean: $0, scale: $0.squared).sample([2], using: Random(seed: random)) },
    ]

    @Test(arguments: functions.keys.sorted())
    func agreesWithDifferences(_ name: String) {
        let function = Self.functions[name]!
        let x = Tensor(float64: spread(12, in: -1.5...1.5), shape: [3, 4]), direction = Tensor(float64: spread(12, in: -1...1, seed: 3), shape: [3, 4])
        func weighted(_ x: Tensor) -> Tensor {
            let y = function(x)
            return (y * Tensor(float64: spread(y.count, in: 0.5...1.5, seed: 4), shape: y.shape)).sum()
        }
        func slope(_ x: Tensor) -> Tensor { gradient(at: x, of: weighted) }
        func curvature(_ x: Tensor) -> Tensor { gradient(at: x) { (slope($0) * direction).sum() } }
        func difference(_ body: (Tensor) -> Tensor) -> Tensor { (body((x + 1e-5 * direction).settled()) - body((x - 1e-5 * direction).settled())) / 2e-5 }
        expectClose((slope(x) * direction).sum(), difference(weighted), 1e-7, "first")
        expectClose(curvature(x), difference(slope), 2e-6, "second")
    }
}
