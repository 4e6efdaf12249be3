import CKernels
import Foundation
import Testing

private struct Shape: CustomTestStringConvertible, Sendable {
    let outer, count, inner: Int
    var testDescription: String { "[\(outer), \(count), \(inner)]" }
    var elements: Int { outer * count * inner }

    static let all = [
        (1, 1, 1), (3, 10, 1), (100, 7, 1), (2, 1000, 1), (1, 5000, 1), (5, 70_000, 1), (1, 300_001, 1), (1, 3, 2), (2, 5, 3),
        (1, 1000, 3), (1, 100_003, 3), (2, 40_000, 33), (3, 4, 1000), (1, 300, 700), (1, 2, 50_000), (40, 50, 60), (1, 0, 5), (0, 4, 4),
        (4, 0, 1),
    ].map { Shape(outer: $0.0, count: $0.1, inner: $0.2) }
}

private func reduce<T, R>(_ x: [T], _ dtype: dk_dtype, _ reduction: dk_reduction, _ shape: Shape, _ zero: R) -> [R] {
    var x = x, out = [R](repeating: zero, count: max(1, shape.outer * shape.inner))
    var arguments = dk_reduce_arguments()
    (arguments.in, arguments.out) = (0, 1)
    (arguments.outer, arguments.count, arguments.inner) = (Int64(shape.outer), Int64(shape.count), Int64(shape.inner))
    (arguments.reduction, arguments.dtype) = (UInt8(reduction.rawValue), UInt8(dtype.rawValue))
    x.withUnsafeMutableBytes { x in
        out.withUnsafeMutableBytes { out in
            let buffers = [x.baseAddress, out.baseAddress]
            dk_reduce(&arguments, buffers)
        }
    }
    return Array(out.prefix(shape.outer * shape.inner))
}

/// Reduces one column after the other.
private func naive<T, R>(_ x: [T], _ shape: Shape, _ body: ([T]) -> R) -> [R] {
    (0..<shape.outer).flatMap { o in
        (0..<shape.inner).map { i in
            body((0..<shape.count).map { x[(o * shape.count + $0) * shape.inner + i] })
        }
    }
}

/// Repeatable numbers.
private func values(_ count: Int) -> [Float] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 33)) * 0x1p-31 + 0.25
    }
}

@Suite("reductions")
struct ReduceTests {
    @Test("float32 sums are as accurate as pairwise ones, and the same for any number of threads", arguments: Shape.all)
    fileprivate func sums(of shape: Shape) {
        let x = values(shape.elements)
        dk_set_threads(1)
        let sums = reduce(x, DK_FLOAT32, DK_SUM, shape, Float(0))
        let truth = naive(x, shape) { ($0.reduce(0) { $0 + Double($1) }, $0.reduce(0) { $0 + Double(abs($1)) }) }
        for (sum, truth) in zip(sums, truth) { #expect(abs(Double(sum) - truth.0) <= 1e-6 * truth.1) }
        for threads in [2, 3, 8] as [Int32] {
            dk_set_threads(threads)
            #expect(reduce(x, DK_FLOAT32, DK_SUM, shape, Float(0)) == sums)
        }
    }

    @Test("extremes and their places", arguments: Shape.all)
    fileprivate func extremes(of shape: Shape) {
        dk_set_threads(2)
        let x = values(shape.elements).map { ($0 * 500).rounded() }  // with many equals
        #expect(reduce(x, DK_FLOAT32, DK_MAX, shape, Float(0)) == naive(x, shape) { $0.max() ?? -.infinity })
        #expect(reduce(x, DK_FLOAT32, DK_MIN, shape, Float(0)) == naive(x, shape) { $0.min() ?? .infinity })
        #expect(reduce(x, DK_FLOAT32, DK_ARGMAX, shape, Int64(0)) == naive(x, shape) { Int64($0.firstIndex(of: $0.max() ?? 0) ?? 0) })
        #expect(reduce(x, DK_FLOAT32, DK_ARGMIN, shape, Int64(0)) == naive(x, shape) { Int64($0.firstIndex(of: $0.min() ?? 0) ?? 0) })
        let bytes = x.map { UInt8(truncatingIfNeeded: Int($0)) }
        #expect(reduce(bytes, DK_UINT8, DK_MAX, shape, UInt8(0)) == naive(bytes, shape) { $0.max() ?? 0 })
        #expect(reduce(bytes, DK_UINT8, DK_ARGMIN, shape, Int64(0)) == naive(bytes, shape) { Int64($0.firstIndex(of: $0.min() ?? 0) ?? 0) })
    }

    @Test("integers wrap; their bounds are the identities", arguments: Shape.all)
    fileprivate func integers(of shape: Shape) {
        dk_set_threads(2)
        let x = values(shape.elements).map { Int32($0 * 1.5e9) }
        #expect(reduce(x, DK_INT32, DK_SUM, shape, Int32(0)) == naive(x, shape) { $0.reduce(0, &+) })
        #expect(reduce(x, DK_INT32, DK_PROD, shape, Int32(0)) == naive(x, shape) { $0.reduce(1, &*) })
        #expect(reduce(x, DK_INT32, DK_MAX, shape, Int32(0)) == naive(x, shape) { $0.max() ?? .min })
        let wide = x.map { Int64($0) << 20 }
        #expect(reduce(wide, DK_INT64, DK_SUM, shape, Int64(0)) == naive(wide, shape) { $0.reduce(0, &+) })
        #expect(reduce(wide, DK_INT64, DK_MIN, shape, Int64(0)) == naive(wide, shape) { $0.min() ?? .max })
        let bytes = x.map { UInt8(truncatingIfNeeded: $0) }
        #expect(reduce(bytes, DK_UINT8, DK_SUM, shape, UInt8(0)) == naive(bytes, shape) { $0.reduce(0, &+) })
        let bools = bytes.map { $0 & 1 }
        #expect(reduce(bools, DK_BOOL, DK_MIN, shape, UInt8(0)) == naive(bools, shape) { $0.min() ?? 1 })
    }

    @Test("float64 products", arguments: Shape.all)
    fileprivate func products(of shape: Shape) {
        dk_set_threads(2)
        let x = values(shape.elements).map { 1 + Double($0 - 0.25) / 1e4 }
        let products = reduce(x, DK_FLOAT64, DK_PROD, shape, 0.0)
        for (product, truth) in zip(products, naive(x, shape) { $0.reduce(1, *) }) {
            #expect(abs(product - truth) <= 1e-9 * abs(truth))
        }
    }

    @Test("NaN wins in extremes and in their places", arguments: Shape.all.filter { $0.elements > 3 })
    fileprivate func extremesOfNaN(of shape: Shape) {
        dk_set_threads(2)
        var x = values(shape.elements)
        let places = [shape.count / 3, shape.count - 1]
        for place in places { x[place * shape.inner] = .nan }
        #expect(reduce(x, DK_FLOAT32, DK_MAX, shape, Float(0))[0].isNaN)
        #expect(reduce(x, DK_FLOAT32, DK_MIN, shape, Float(0))[0].isNaN)
        #expect(reduce(x, DK_FLOAT32, DK_ARGMAX, shape, Int64(0))[0] == Int64(places[0]))
        #expect(reduce(x, DK_FLOAT32, DK_ARGMIN, shape, Int64(0))[0] == Int64(places[0]))
    }
}
