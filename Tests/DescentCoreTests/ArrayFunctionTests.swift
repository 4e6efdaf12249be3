import DescentCore
import Testing

/// Functions on arrays against NumPy, SciPy, PyTorch and mpmath.
@Suite struct ArrayFunctionTests {
    private typealias Function = @Sendable () -> Tensor
    private static let r = ArrayRecording.shared
    private static var a: Tensor { r("a") }
    private static var b: Tensor { r("b") }
    private static var c: Tensor { r("c") }
    private static var cube: Tensor { r("cube") }
    private static var v: Tensor { r("v") }
    private static var w: Tensor { r("w") }
    private static var square: Tensor { r("square") }
    private static var integers: Tensor { r("integers", .int64) }
    private static var more: Tensor { r("more", .int64) }
    private static var marks: Tensor { r("marks", .int64) }
    private static var segments: Tensor { r("segments", .int64) }
    private static func numbers(_ values: Double...) -> Tensor { Tensor(float64: values) }

    private static let elements: [String: Function] = [
        "asinh": { asinh(v) }, "acosh": { acosh(abs(v) + 1) }, "atanh": { atanh(r("unit")) }, "log2": { log2(r("special")) }, "log10": { log10(r("special")) },
        "exp2": { exp2(v) }, "trunc": { trunc(r("signs")) }, "hypot": { hypot(a, b) }, "logAddExp": { logAddExp(a, b) }, "copysign": { copysign(a, b) },
        "nextAfter": { nextAfter(a, b) }, "signBit": { r("signs")[0..<6].signBit }, "isInfinite": { r("signs").isInfinite }, "nanToNum": { r("signs").replacingNaN() },
        "sinc": { sinc(v) }, "clamp": { clamp(a, min: -0.5, max: 0.25) }, "erfc": { erfc(r("special")[0..<12]) }, "erfinv": { erfinv(r("unit")) },
        "erfcinv": { erfcinv(r("special")[2..<8]) }, "lgamma": { lgamma(r("special")) }, "lgammaNegative": { lgamma(r("negative")) }, "digamma": { digamma(r("special")) },
        "digammaNegative": { digamma(r("negative")) }, "trigamma": { polygamma(1, r("special")[1...]) }, "polygamma2": { polygamma(2, r("special")[1...]) },
        "polygamma3": { polygamma(3, r("negative")) }, "xlog1py": { xlog1py(numbers(0, 0, 2), numbers(-1, 3, 0.5)) },
        "and": { integers & more }, "or": { integers | more }, "xor": { integers ^ more }, "not": { ~integers }, "shiftLeft": { integers << more },
        "shiftRight": { integers >> more },
    ]
    private static let arrangement: [String: Function] = [
        "repeated": { a.repeated(2, axis: 1) }, "repeatedCounts": { a.repeated(r("repeats", .int64)) }, "tiled": { a.tiled(2, 1, 3) }, "rolled": { a.rolled(-3, axis: 1) },
        "rolledAll": { a.rolled(5) }, "rotated90": { a.rotated90() }, "rotated270": { cube.rotated90(3, axes: (1, 2)) }, "differences": { a.differences(order: 2, axis: 1) },
        "meshgrid": { Tensor.meshgrid(v, w)[1] }, "meshgridColumns": { Tensor.meshgrid(v, w, columnsFirst: true)[0] },
        "searchLeft": { r("ties").sorted().searchSorted(numbers(2, 3, 0, .nan, 9)) },
        "searchRight": { r("ties").sorted().searchSorted(numbers(2, 3, 0, .nan, 9), fromRight: true) }, "isIn": { integers.isIn(Tensor(int64: [3, 12, 7])) },
        "countNonzero": { marks.countNonzero(axes: [1]) }, "nonzero0": { marks.nonzero()[0] }, "nonzero1": { marks.nonzero()[1] }, "masked": { a.masked(by: a .> 0) },
        "uniqueValues": { r("ties").unique().values }, "uniquePlaces": { r("ties").unique().places }, "uniqueInverse": { r("ties").unique().inverse },
        "uniqueCounts": { r("ties").unique().counts }, "binCounts": { marks.binCounts() }, "binWeights": { segments.binCounts(weights: v, size: 5) },
        "histogram": { v.histogram(bins: 4).counts }, "histogramEdges": { v.histogram(bins: 4).edges }, "histogramGiven": { v.histogram(edges: r("edges")) },
        "replacingAlong": { a.replacingAlong(Tensor(int64: [1, 3, 0, 0, 2, -1], shape: [3, 2]), with: Tensor(float64: [9, 8, 7, 6, 5, 4], shape: [3, 2])) },
        "lowerRows": { Tensor.lowerTrianglePlaces(3, offset: -1).rows }, "upperColumns": { Tensor.upperTrianglePlaces(3, 4, offset: 1).columns },
    ]
    private static let statistics: [String: Function] = [
        "cumulativeMax": { a.cumulativeMax(axis: 1) }, "cumulativeMin": { r("withNaN").cumulativeMin(axis: 1) }, "cumulativeLogSumExp": { a.cumulativeLogSumExp(axis: 1) },
        "median": { a.median() }, "medianNaN": { r("withNaN").median() }, "covariance": { a.covariance() },
        "covarianceWeights": { a.covariance(correction: 0, weights: numbers(1, 2, 3, 4)) }, "correlation": { a.correlation() },
        "convolveFull": { v.convolution(with: w) }, "convolveSame": { v.convolution(with: w, extent: .same) }, "convolveValid": { w.convolution(with: v, extent: .valid) },
        "convolveEven": { v.convolution(with: numbers(1, 2, 3, 4), extent: .same) }, "correlate": { v.crossCorrelation(with: w) },
        "correlateFull": { v.crossCorrelation(with: w, extent: .full) }, "polynomial": { w.polynomial(at: a) },
        "interpolated": { Tensor.interpolated(at: a, places: r("edges"), values: numbers(1, 3, 2, -4)) },
        "interpolatedOutside": { Tensor.interpolated(at: numbers(-3, -2, 1.5, 2), places: r("edges"), values: numbers(1, 3, 2, -4), left: 7, right: 8) },
        "segmentSum": { v.segmentSum(segments, count: 4) },
    ]
    private static let products: [String: Function] = [
        "tensordot": { cube.tensordot(a, axes: [1, 2], [0, 1]) }, "tensordot1": { a.tensordot(c, axes: 1) }, "vecdot": { a.vecdot(b) },
        "cross": { a[.all, 0..<3].cross(b[.all, 1...]) }, "kron": { a.kron(c) }, "cdist": { a.pairwiseDistances(to: b) }, "cdist1": { a.pairwiseDistances(to: b, .one) },
        "vander": { w.vander(columns: 4) }, "vanderUp": { w.vander(increasing: true) }, "diagonalOffset": { cube.diagonal(offset: -1) }, "traceOffset": { cube.trace(offset: 1) },
        "diagonalMatrix": { w.diagonalMatrix(offset: 1) }, "diagonalBelow": { w.diagonalMatrix(offset: -2) }, "matrixPower": { square.matrixPower(5) },
        "matrixPowerInverse": { square.matrixPower(-2) }, "expm": { square.matrixExponential() }, "expmLarge": { (square * 12).matrixExponential() },
        "svdvals": { a.singularValues() }, "eigvalsh": { square.symmetricEigenvalues() }, "einsumEllipsis": { .einsum("...ij,jk->...ik", cube, c) },
        "einsumThree": { .einsum("ij,jk,il->kl", a, c, b) }, "einsumImplicit": { .einsum("ij,kj", a, b) }, "einsumFour": { .einsum("ij,kj,kl,lm->im", a, b, b, c) },
        "einsumBroadcast": { .einsum("...i,...i->...", cube, a.expanded(axis: 0)) }, "einsumDiagonal": { .einsum("bii->bi", square) },
    ]
    private static let functions = elements.merging(arrangement) { $1 }.merging(statistics) { $1 }.merging(products) { $1 }

    @Test(arguments: functions.keys.sorted())
    func agrees(_ name: String) throws {
        let (shape, expected) = try #require(Self.r.results[name])
        let found = Self.functions[name]!()
        #expect(found.shape == shape)
        // exp of large matrices: relative to the largest element.
        let size = name == "expmLarge" ? expected.map(abs).max()! : 1
        expectClose(found.doubles.map { $0 / size }, expected.map { $0 / size }, 4e-15 * (name.hasPrefix("expm") || name.hasPrefix("matrixPower") ? 1000 : name == "sinc" ? 1 : 10), name)
    }

    @Test(arguments: [QuantileInterpolation.linear, .lower, .higher, .midpoint, .nearest], [0, 0.3, 0.5, 1])
    func quantiles(_ interpolation: QuantileInterpolation, _ share: Double) throws {
        let text = share == share.rounded() ? "\(Int(share))" : "\(share)"
        let (shape, expected) = try #require(Self.r.results["quantile/\(interpolation)/\(text)"])
        let found = Self.cube.quantile(share, axis: 1, interpolation: interpolation)
        #expect(found.shape == shape)
        expectClose(found.doubles, expected, 1e-15)
    }

    @Test func theNearestQuantileHalfwayHasAnEvenPlace() {
        // As NumPy's method "nearest".
        #expect(Tensor([1, 2]).quantile(0.5, interpolation: .nearest).item() == 1 && Tensor([1, 2, 3, 4]).quantile(0.5, interpolation: .nearest).item() == 3)
    }

    @Test func everyRecordedFunctionIsCompared() {
        let recorded = Self.r.results.keys.filter { !$0.contains("/") }
        #expect(Set(recorded) == Set(Self.functions.keys))
    }

    @Test("special functions in float32 are those of float64, rounded", arguments: ["erfinv", "lgamma", "digamma"])
    func float32(_ name: String) {
        let functions: [String: (Tensor) -> Tensor] = ["erfinv": { erfinv($0) }, "lgamma": { lgamma($0) }, "digamma": { digamma($0) }]
        let x = (name == "erfinv" ? Self.r("unit") : Self.r("special")).cast(to: .float32)
        expectIdentical(functions[name]!(x), functions[name]!(x.cast(to: .float64)).cast(to: .float32))
    }
}
