import DescentCore
import Foundation
import Testing

/// Values, gradients and second derivatives at zeros, ties, infinities, NaN, subnormal and largest numbers, against PyTorch 2.15. Fixtures/corners.py made
/// the numbers, and says what they are.
@Suite struct CornerTests {
    // MARK: What PyTorch gives

    struct Recording: Sendable {
        /// "all", "pairs", "row0", ...
        private(set) var points: [String: [Double]] = [:]
        /// "unary exp value".
        private(set) var numbers: [String: [Double]] = [:]
        private(set) var names: [String: Set<String>] = [:]

        init() {
            let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Fixtures/corners.txt"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { fatalError("\(path) can't be read") }
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init), found = words.dropFirst(3).map { Double($0)! }
                if words[0] == "points" {
                    points[words[1]] = found
                } else {
                    numbers[words[..<3].joined(separator: " ")] = found
                    names[words[0], default: []].insert(words[1])
                }
            }
        }
    }
    static let recording = Recording()

    // MARK: The same functions

    static let unary: [String: @Sendable (Tensor) -> Tensor] = [
        "exp": { exp($0) }, "expm1": { expm1($0) }, "log": { log($0) }, "log1p": { log1p($0) }, "sqrt": { sqrt($0) }, "rsqrt": { rsqrt($0) }, "sin": { sin($0) },
        "cos": { cos($0) }, "tan": { tan($0) }, "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "sinh": { sinh($0) }, "cosh": { cosh($0) },
        "tanh": { tanh($0) }, "sigmoid": { sigmoid($0) }, "softplus": { softplus($0) }, "logSigmoid": { logSigmoid($0) }, "erf": { erf($0) }, "relu": { relu($0) },
        "leakyRelu": { leakyRelu($0) }, "gelu": { gelu($0) }, "silu": { silu($0) }, "elu": { elu($0) }, "abs": { abs($0) }, "sign": { sign($0) },
        "floor": { floor($0) }, "ceil": { ceil($0) }, "round": { round($0) }, "negative": { -$0 }, "reciprocal": { 1 / $0 }, "squared": { $0.squared },
        "pow0": { $0.pow(0) }, "pow1": { $0.pow(1) }, "pow2": { $0.pow(2) }, "pow3": { $0.pow(3) }, "pow0.5": { $0.pow(0.5) }, "pow-1": { $0.pow(-1) },
        "pow1.5": { $0.pow(1.5) }, "clipped": { $0.clipped(to: -1...1) }, "cast": { $0.cast(to: .float32).cast(to: .float64) }, "xlogx": { xlogy($0, $0) },
    ]
    static let binary: [String: @Sendable (Tensor, Tensor) -> Tensor] = [
        "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 }, "divide": { $0 / $1 }, "pow": { $0.pow($1) }, "maximum": { maximum($0, $1) },
        "minimum": { minimum($0, $1) }, "remainder": { $0 % $1 }, "atan2": { atan2($0, $1) }, "xlogy": { xlogy($0, $1) }, "where": { .where($0 .> $1, $0, $1) },
    ]
    static let rows: [String: @Sendable (Tensor) -> Tensor] = [
        "sum": { $0.sum() }, "mean": { $0.mean() }, "max": { $0.max() }, "min": { $0.min() }, "product": { $0.product() }, "variance": { $0.variance() },
        "variance1": { $0.variance(correction: 1) }, "deviation": { $0.standardDeviation() }, "logSumExp": { logSumExp($0) }, "softmax": { softmax($0) },
        "logSoftmax": { logSoftmax($0) }, "norm0": { $0.norm(.zero) }, "norm1": { $0.norm(.one) }, "norm2": { $0.norm(.two) }, "normInfinity": { $0.norm(.infinity) },
        "norm3": { $0.norm(.power(3)) }, "cumulativeSum": { $0.cumulativeSum() }, "cumulativeProduct": { $0.cumulativeProduct() }, "sorted": { $0.sorted() },
        "flipped": { $0.flipped(axes: 0) }, "argmax": { $0.argmax().cast(to: .float64) }, "argmin": { $0.argmin().cast(to: .float64) }, "dot": { $0.dot($0) },
        "outer": { ($0.expanded(axis: 1) * $0).flattened() },
    ]

    @Test func everyRecordedFunctionIsCompared() {
        #expect(Self.recording.names["unary"] == Set(Self.unary.keys))
        #expect(Self.recording.names["binary"] == Set(Self.binary.keys))
        #expect(Set(Self.recording.names["row"]!.map { String($0.prefix { $0 != "/" }) }) == Set(Self.rows.keys))
    }

    // MARK: Comparison

    /// Expects the recorded numbers, but for the differences that `CornerDifferences` explains, which must be as it says.
    private func compare(_ kind: String, _ name: String, _ what: String, _ found: [Double], at points: [String]) {
        let expected = Self.recording.numbers["\(kind) \(name) \(what)"]!
        let function = String(name.prefix { $0 != "/" })
        for (index, (ours, theirs)) in zip(found, expected).enumerated() {
            let difference = CornerDifferences.all.first { $0.applies(function, what, points[index], theirs) }
            // Subnormal numbers have fewer digits; differences of numbers near 1 have an absolute error.
            let error = abs(ours - theirs), size = Swift.max(abs(ours), abs(theirs))
            let isEqual = ours == theirs || (ours.isNaN && theirs.isNaN) || error <= (size < 1e-300 ? 1e-3 : 1e-12) * size || (size > 1e-30 && error < 1e-15)
            if let difference, !isEqual {
                #expect(difference.allows(ours), "\(name), \(what) at \(points[index]): \(ours); PyTorch \(theirs); \(difference.reason)")
            } else {
                #expect(isEqual, "\(name), \(what) at \(points[index]): \(ours), PyTorch \(theirs)")
            }
        }
        #expect(found.count == expected.count)
    }

    @Test(arguments: unary.keys.sorted())
    func functionsOfOne(_ name: String) {
        let points = Self.recording.points["all"]!, x = Tensor(float64: points), labels = points.map { "\($0)" }, f = Self.unary[name]!
        let slope: (Tensor) -> Tensor = { x in gradient(at: x) { f($0).sum() } }
        let second: (Tensor) -> Tensor = { x in gradient(at: x) { slope($0).sum() } }
        for (what, function) in [("value", f), ("gradient", slope), ("second", second)] {
            let found = function(x)
            compare("unary", name, what, found.doubles, at: labels)
            // Other layouts and sizes, and the compiled program, give the same.
            expectClose(compile(function)(x), found, 0, "\(name), \(what), compiled:")
            let square = x.reshaped(to: [4, 6])
            expectClose(function(square.transposed().settled().transposed()), found.reshaped(to: [4, 6]), 1e-15, "\(name), \(what), transposed:")
            expectClose(function(Tensor.stack([x, x], axis: 1).settled()[.all, 1]), found, 1e-15, "\(name), \(what), strided:")
            for index in points.indices { expectClose(function(x[index..<(index + 1)]), found[index..<(index + 1)], 1e-15, "\(name), \(what), one:") }
            #expect(function(x[0..<0]).shape == [0])
        }
    }

    @Test(arguments: binary.keys.sorted())
    func functionsOfTwo(_ name: String) {
        let points = Self.recording.points["pairs"]!, count = points.count, f = Self.binary[name]!
        let x = Tensor(float64: points.flatMap { Array(repeating: $0, count: count) }), y = Tensor(float64: (0..<count).flatMap { _ in points })
        let labels = points.flatMap { a in points.map { "\(a),\($0)" } }
        compare("binary", name, "value", f(x, y).doubles, at: labels)
        let column = Tensor(float64: points, shape: [count, 1]), row = Tensor(float64: points)
        expectClose(f(column, row).flattened(), f(x, y), 1e-15, "\(name), broadcast:")
        for index in 0..<2 {
            let g: (Tensor) -> Tensor = { index == 0 ? f($0, y) : f(x, $0) }
            let slope: (Tensor) -> Tensor = { x in gradient(at: x) { g($0).sum() } }
            let at = index == 0 ? x : y, found = slope(at)
            compare("binary", name, "gradient\(index)", found.doubles, at: labels)
            compare("binary", name, "second\(index)", gradient(at: at) { slope($0).sum() }.doubles, at: labels)
            // A row that is repeated gets the sum.
            let broadcast = gradient(at: index == 0 ? column : row) { (index == 0 ? f($0, row) : f(column, $0)).sum() }
            expectClose(broadcast.flattened(), found.reshaped(to: [count, count]).sum(axis: 1 - index), 1e-15, "\(name), gradient, broadcast:")
        }
        #expect(f(x[0..<0], y[0..<0]).shape == [0])
    }

    @Test(arguments: rows.keys.sorted())
    func functionsOfRows(_ name: String) {
        let f = Self.rows[name]!
        func weighted(_ y: Tensor) -> Tensor { (y.flattened() * Tensor.arange(1, Double(y.count + 1), dtype: .float64)).sum() }
        for index in 0..<Self.recording.points.keys.count where Self.recording.points["row\(index)"] != nil {
            let points = Self.recording.points["row\(index)"]!, x = Tensor(float64: points), labels = points.map { _ in "\(points)" }
            let slope: (Tensor) -> Tensor = { x in gradient(at: x) { weighted(f($0)) } }
            let value = f(x).flattened().doubles
            compare("row", "\(name)/\(index)", "value", value, at: value.map { _ in "\(points)" })
            compare("row", "\(name)/\(index)", "gradient", slope(x).doubles, at: labels)
            compare("row", "\(name)/\(index)", "second", gradient(at: x) { weighted(slope($0)) }.doubles, at: labels)
            expectClose(f(Tensor.stack([x, x], axis: 1).settled()[.all, 1]), f(x), 1e-15, "\(name), strided:")
        }
    }
}
