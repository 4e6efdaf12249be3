import CKernels
import Testing

@Suite("batches of small products", .serialized)
struct ProductSmallTests {
    @Test("agree with sums in order, for any sizes, strides and number of threads", arguments: [(4, 4, 4), (2, 2, 2), (3, 5, 7), (8, 8, 8), (1, 6, 3), (7, 8, 1), (9, 8, 9)])
    func sizes(_ size: (m: Int, n: Int, k: Int)) {
        let (m, n, k) = size
        // The largest has enough work for threads.
        let batch = (m, n, k) == (8, 8, 8) ? 2100 : 60
        let a = (0..<batch * m * k).map { Double(($0 * 7919) % 101) / 8 - 6 }, b = (0..<batch * k * n).map { Double(($0 * 104_729) % 97) / 8 - 6 }
        let addend = (0..<n).map { Double($0) - 2 }
        for transposed in [false, true] {
            for shared in [false, true] {
                for adds in [false, true] {
                    var expected = [Double](repeating: 0, count: batch * m * n)
                    for z in 0..<batch {
                        for i in 0..<m {
                            for j in 0..<n {
                                var sum = 0.0
                                for p in 0..<k {
                                    sum += a[z * m * k + (transposed ? p * m + i : i * k + p)] * b[(shared ? 0 : z * k * n) + p * n + j]
                                }
                                expected[(z * m + i) * n + j] = sum + (adds ? addend[j] : 0)
                            }
                        }
                    }
                    var arguments = dk_product_arguments()
                    (arguments.a, arguments.b, arguments.c, arguments.addend, arguments.packed) = (0, 1, 2, adds ? 3 : -1, -1)
                    (arguments.batch, arguments.m, arguments.n, arguments.k) = (Int64(batch), Int64(m), Int64(n), Int64(k))
                    (arguments.a_batch, arguments.a_row, arguments.a_column) = (Int64(m * k), Int64(transposed ? 1 : k), Int64(transposed ? m : 1))
                    (arguments.b_batch, arguments.b_row, arguments.b_column) = (shared ? 0 : Int64(k * n), Int64(n), 1)
                    // The numbers are eighths, so both types give the sums exactly.
                    arguments.dtype = UInt8(DK_FLOAT64.rawValue)
                    #expect(run(arguments, a, b, addend, count: expected.count) == expected)
                    arguments.dtype = UInt8(DK_FLOAT32.rawValue)
                    #expect(run(arguments, a.map(Float.init), b.map(Float.init), addend.map(Float.init), count: expected.count) == expected.map(Float.init))
                }
            }
        }
    }

    private func run<T: BinaryFloatingPoint>(_ arguments: dk_product_arguments, _ a: [T], _ b: [T], _ addend: [T], count: Int) -> [T] {
        var arguments = arguments
        let before = dk_threads()
        defer { dk_set_threads(before) }
        var results: [[T]] = []
        for threads in 1...3 {
            dk_set_threads(Int32(threads))
            var (a, b, addend, c) = (a, b, addend, [T](repeating: .nan, count: count))
            a.withUnsafeMutableBytes { a in
                b.withUnsafeMutableBytes { b in
                    addend.withUnsafeMutableBytes { addend in
                        c.withUnsafeMutableBytes { dk_product(&arguments, [a.baseAddress, b.baseAddress, $0.baseAddress, addend.baseAddress]) }
                    }
                }
            }
            results.append(c)
        }
        #expect(results[1] == results[0] && results[2] == results[0])
        return results[0]
    }
}
