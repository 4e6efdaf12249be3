import DescentCore
import Testing

/// Derivatives, edges and messages of the functions on arrays.
@Suite struct ArrayCornerTests {
    private func numbers(_ values: Double...) -> Tensor { Tensor(float64: values) }

    @Test func derivativesAtCorners() {
        #expect(gradient(at: numbers(0, 3)) { hypot($0, self.numbers(0, 4)).sum() }.doubles == [0, 0.6])
        #expect(gradient(at: numbers(0)) { x in gradient(at: x) { hypot($0, self.numbers(0)).sum() }.sum() }.doubles == [0])
        // sinc: 1 - (πx)²/6 + ...: first derivative 0, second -π²/3, also where the quotient would cancel.
        #expect(gradient(at: numbers(0)) { sinc($0).sum() }.doubles == [0])
        expectClose(gradient(at: numbers(0, 1e-9)) { x in gradient(at: x) { sinc($0).sum() }.sum() }.doubles, [-Double.pi * .pi / 3, -Double.pi * .pi / 3], 1e-14)
        expectClose(gradient(at: numbers(0)) { x in gradient(at: x) { logAddExp($0, self.numbers(0)).sum() }.sum() }.doubles, [0.25], 1e-15)
        #expect(gradient(at: numbers(-.infinity)) { logAddExp($0, self.numbers(-.infinity)).sum() }.doubles == [0.5])
        #expect(gradient(at: numbers(1e300, -1e300)) { asinh($0).sum() }.doubles.map { $0 * 1e300 } == [1, 1])
        #expect(gradient(at: numbers(.nan, .infinity, 2)) { $0.replacingNaN().sum() }.doubles == [0, 0, 1])
        #expect(gradient(at: numbers(2, 2)) { $0.reshaped(2, 1).pairwiseDistances(to: $0.reshaped(2, 1)).sum() }.doubles == [0, 0])
        expectClose(gradient(at: numbers(0.5, 2)) { polygamma(0, $0).sum() }, polygamma(1, numbers(0.5, 2)), 1e-15)
        expectClose(gradient(at: numbers(0.5, -1.5)) { polygamma(2, $0).sum() }, polygamma(3, numbers(0.5, -1.5)), 1e-15)
    }

    @Test func derivativesFollowTheElements() {
        #expect(gradient(at: numbers(3, 1, 2)) { $0.median() }.doubles == [0, 0, 1])
        #expect(gradient(at: numbers(3, 1, 3, 5)) { ($0.cumulativeMax() * self.numbers(1, 10, 100, 1000)).sum() }.doubles == [111, 0, 0, 1000])
        #expect(gradient(at: numbers(3, 1, 2, 7)) { ($0.segmentMax(Tensor(int64: [0, 0, 1, 1]), count: 2) * self.numbers(1, 10)).sum() }.doubles == [1, 0, 0, 10])
        #expect(gradient(at: numbers(2, 1, 2, -.infinity)) { $0.segmentMax(Tensor(int64: [0, 0, 0, 1]), count: 2).sum() }.doubles == [0.5, 0, 0.5, 1])
        #expect(gradient(at: numbers(1, 2, 3)) { $0.replacing(Tensor(int64: [1]), with: Tensor(float64: [9])).sum() }.doubles == [1, 0, 1])
        let values = gradient(at: numbers(5, 6)) { self.numbers(1, 2, 3).replacing(Tensor(int64: [1, 1]), with: $0).sum() }
        #expect(values.doubles == [0, 1])
        let places = numbers(0, 1, 3), heights = numbers(0, 10, 0)
        #expect(gradient(at: numbers(-1, 0.5, 2, 9)) { Tensor.interpolated(at: $0, places: places, values: heights).sum() }.doubles == [0, 10, -5, 0])
        #expect(gradient(at: numbers(0.5, 0.5)) { Tensor(int64: [2, 0]).binCounts(weights: $0, size: 3)[2] }.doubles == [1, 0])
    }

    @Test func segmentsWithoutRowsAndWithNaN() {
        let x = numbers(1, .nan, 3), segments = Tensor(int64: [2, 0, 2])
        #expect(x.segmentMin(segments, count: 4).doubles.dropFirst() == [.infinity, 1, .infinity] && x.segmentMin(segments, count: 4).doubles[0].isNaN)
        #expect(x.segmentMax(segments, count: 4).doubles.dropFirst() == [-.infinity, 3, -.infinity])
        #expect(x.segmentMean(segments, count: 4).doubles[2] == 2 && Tensor(int64: [4, 5]).segmentMax(Tensor(int64: [1, 1]), count: 2).ints[1] == 5)
        #expect(Tensor([[1, 8], [3, 4]]).segmentMax(Tensor(int64: [0, 0]), count: 1).floats == [3, 8] && Tensor.zeros([0, 2]).segmentMax(.zeros([0], dtype: .int64), count: 1).shape == [1, 2])
    }

    @Test func nothing() {
        let none = Tensor.zeros([0])
        #expect(none.unique().values.count == 0 && none.nonzero()[0].count == 0 && none.rolled(3).count == 0 && none.cumulativeMax().count == 0)
        #expect(none.histogram(bins: 2).counts.ints == [0, 0] && none.median().floats[0].isNaN && Tensor.zeros([0], dtype: .int64).binCounts().count == 0)
        #expect(Tensor([1, 2]).isIn(none).bools == [false, false] && none.searchSorted(Tensor([1])).ints == [0] && none.differences().count == 0)
        #expect(Tensor.zeros([0, 0]).matrixExponential().count == 0 && Tensor.zeros([0, 3]).repeated(Tensor.zeros([0], dtype: .int64)).shape == [0, 3])
        #expect(Tensor(3).tiled(2, 2).shape == [2, 2] && Tensor(3).unique().values.floats == [3] && Tensor(3).repeated(2).shape == [2])
    }

    @Test func bitsOfSmallTypesAndBools() {
        #expect((Tensor(uint8: [200]) << 1).ints == [144] && (~Tensor(uint8: [1])).ints == [254] && (Tensor(int32: [-8]) >> 40).ints == [-1] && (Tensor(int32: [1]) << 32).ints == [0])
        #expect((Tensor(bool: [true, false]) & Tensor(bool: [true, true])).bools == [true, false] && (~Tensor(bool: [true])).bools == [false])
        #expect((Tensor(int64: [5]) ^ -1).ints == [-6])
    }

    @Test func shiftsByMoreThanTheTypeHas() {
        for count in [8, 64, 255, 256, 1 << 40, -1, -300] {
            #expect((Tensor(uint8: [1, 200]) << count).ints == [0, 0] && (Tensor(uint8: [1, 200]) >> count).ints == [0, 0], "\(count)")
        }
        for count in [64, 300, -1] { #expect((Tensor(int64: [5, -5]) >> count).ints == [0, -1] && (Tensor(int64: [5]) << count).ints == [0], "\(count)") }
    }

    @Test func sumsOfSmallIntegersDoNotWrap() {
        let x = Tensor(uint8: [200, 100, 7]), parts = Tensor(int64: [0, 0, 1])
        #expect(x.segmentSum(parts, count: 2).ints == [300, 7] && parts.binCounts(weights: x).ints == [300, 7])
        #expect(Tensor(bool: [true, true]).segmentSum(Tensor(int64: [0, 0]), count: 1).ints == [2])
        #expect(Tensor(uint8: [1, 2, 3, 4], shape: [2, 2]).diagonal().dtype == .uint8)
    }

    @Test func whatANumberInWhereCannotHoldIsNotCutOff() {
        let x = Tensor(uint8: [1, 2]), condition = Tensor(bool: [true, false])
        #expect(Tensor.where(condition, x, 300).floats == [1, 300] && Tensor.where(condition, x, -1).floats == [1, -1])
        #expect(Tensor.where(condition, x, 7).dtype == .uint8 && Tensor.where(condition, x.cast(to: .float16), 0.5).dtype == .float16)
    }

    @Test func numbersInWhere() {
        let k = Tensor(int64: [1, 2])
        #expect(Tensor.where(k .> 1, k, 7).dtype == .int64 && Tensor.where(k .> 1, 0.5, k).floats == [1, 0.5] && Tensor.where(k .> 1, numbers(3, 4), -1).doubles == [-1, 4])
    }

    @Test func sizesInsideCompile() {
        let step = compile { (x: Tensor) in x.nonzero(size: 3, fill: -1)[0] }
        #expect(step(Tensor([0, 5, 0, 7])).ints == [1, 3, -1] && step(Tensor([1, 5, 2, 7])).ints == [0, 1, 2])
        let values = compile { (x: Tensor) in x.unique(size: 2).values }
        #expect(values(Tensor([3, 1, 3, 2])).floats == [1, 2] && values(Tensor([4, 4, 4, 4])).floats == [4, 4])
        let wide = compile { (x: Tensor) in x.repeated(Tensor(int64: [1, 2]), size: 4) }
        #expect(wide(Tensor([6, 7])).floats == [6, 7, 7, 7])
        #expect(Tensor([3, 4]).masked(by: Tensor(bool: [false, true]), size: 2, fill: -1).floats == [4, -1])
    }

    @Test func batches() {
        let rows = Tensor(float64: spread(12, in: -2...2), shape: [3, 4])
        let functions: [(Tensor) -> Tensor] = [
            { $0.cumulativeMax() }, { $0.sorted().searchSorted($0) }, { $0.quantile(0.3) }, { $0.cumulativeLogSumExp() }, { $0.rolled(1) }, { $0.unique(size: 4).values },
            { $0.histogram(bins: 3).counts.cast(to: .float64) }, { $0.convolution(with: $0) }, { $0.segmentMin(Tensor(int64: [1, 0, 1, 1]), count: 2) },
            { $0.replacing(Tensor(int64: [2, 2]), with: $0[0..<2]) },
        ]
        for (number, function) in functions.enumerated() {
            let batched = vmap(function)(rows)
            for row in 0..<3 { expectClose(batched[row], function(rows[row]), 1e-13, "function \(number)") }
        }
    }

    @Test func einsumOrder() {
        // The best order multiplies the vector first: no matrix product is in the program.
        let size = 30
        let a = Tensor(float64: spread(size * size, in: -1...1), shape: [size, size]), x = Tensor(float64: spread(size, in: -1...1))
        expectClose(Tensor.einsum("ij,jk,kl,l->i", a, a, a, x), a.matmul(a.matmul(a.matmul(x))), 1e-13)
        let step = compile { (a: Tensor, x: Tensor) in Tensor.einsum("ij,jk,kl,l->i", a, a, a, x) }
        _ = step(a, x)
        let products = "\(step.programs)".split(separator: "\n").filter { $0.contains("product") }
        #expect(products.count == 3 && products.allSatisfy { !$0.contains("[\(size), \(size)] =") && $0.contains("float64[\(size)]") }, "\(products)")
    }

    @Test func sentences() {
        func sentence(_ body: () -> Tensor) -> String {
            do { _ = try catchingFaults { [body()] } } catch { return "\(error)" }
            return "none"
        }
        let compiled = sentence { compile { (x: Tensor) in x.nonzero()[0] }(Tensor([1, 0])) }
        #expect(compiled.contains("nonzero: the size of the result depends on values, which are not known inside compile. Give it with size:."))
        #expect(sentence { Tensor([1]).quantile(1.5) } == "quantile: a share of 1.5; it must be from 0 to 1.")
        #expect(sentence { .einsum("ij,jk->ikz", Tensor([[1]]), Tensor([[1]])) } == "einsum: \"ij,jk->ikz\": z stands only in the result.")
        #expect(sentence { .einsum("...i->i", Tensor([[1, 2]])) } == "einsum: \"...i->i\": the result lacks the ... that a tensor has.")
        #expect(sentence { Tensor([1, 2]).segmentSum(Tensor(int64: [0, 3]), count: 3) }.contains("segmentSum: segment 3 is outside 0 ..< 3 (3 segments)."))
        #expect(sentence { Tensor([1, 2]).cross(Tensor([3, 4])) } == "cross: axis 0 of [2] has size 2; it must be 3.")
        #expect(sentence { clamp(Tensor([1]), min: 2, max: 1) } == "clamp: min 2.0 is above max 1.0.")
        #expect(sentence { Tensor([1.5]).binCounts() } == "binCounts: elements of type float32; they must be integers.")
        #expect(sentence { Tensor([1.5]) & Tensor([1]) } == "bitwise_and: does not take float32. Cast it first.")
    }
}
