import CKernels
import Testing

@Suite("sorting", .serialized)
struct SortTests {
    /// Numbers with ties, both zeros, infinities and NaN.
    private func row(_ count: Int) -> [Float] {
        let special: [Float] = [.nan, -.infinity, .infinity, 0, -0.0]
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Int(state >> 33) % 3000
            return number < 5 ? special[number] : Float(number - 1500) / 3
        }
    }

    private func arguments(_ outer: Int, _ count: Int, kept: Int, _ dtype: dk_dtype, descending: Bool) -> dk_argsort_arguments {
        var arguments = dk_argsort_arguments()
        (arguments.in, arguments.out, arguments.outer, arguments.count, arguments.kept) = (0, 1, Int64(outer), Int64(count), Int64(kept))
        (arguments.dtype, arguments.descending) = (UInt8(dtype.rawValue), descending ? 1 : 0)
        return arguments
    }

    private func run<In, Out>(
        _ kernel: (UnsafeRawPointer, UnsafePointer<UnsafeMutableRawPointer?>) -> Void, _ arguments: dk_argsort_arguments, _ input: [In], _ out: inout [Out]
    ) {
        var input = input, arguments = arguments
        input.withUnsafeMutableBytes { from in
            out.withUnsafeMutableBytes { to in kernel(&arguments, [from.baseAddress, to.baseAddress]) }
        }
    }

    private func order(_ values: [Float], descending: Bool) -> [Int] {
        values.indices.sorted { i, j in
            let (x, y) = (values[i], values[j])
            if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? i < j : y.isNaN }
            return x == y ? i < j : descending ? x > y : x < y
        }
    }

    @Test("places and values of short, long and shared rows, for any number of threads", arguments: [0, 1, 40, 41, 1000, 17_000, 70_001], [false, true])
    func floats(_ count: Int, descending: Bool) {
        let values = row(count), expected = order(values, descending: descending)
        let before = dk_threads()
        defer { dk_set_threads(before) }
        for threads in 1...3 {
            dk_set_threads(Int32(threads))
            var places = [Int64](repeating: -1, count: count), sorted = [Float](repeating: -1, count: count)
            run(dk_argsort, arguments(1, count, kept: count, DK_FLOAT32, descending: descending), values, &places)
            run(dk_sort, arguments(1, count, kept: count, DK_FLOAT32, descending: descending), values, &sorted)
            #expect(places == expected.map(Int64.init))
            #expect(zip(sorted, expected).allSatisfy { $0 == values[$1] || ($0.isNaN && values[$1].isNaN) })
            // No zero changes its sign.
            #expect(sorted.filter { $0 == 0 && $0.sign == .minus }.count == values.filter { $0 == 0 && $0.sign == .minus }.count)
        }
    }

    @Test("the first places of many rows, few and more than a few", arguments: [1, 10, 64, 65, 500], [false, true])
    func first(_ kept: Int, descending: Bool) {
        let rows = 5, count = 700, values = row(rows * count)
        var places = [Int64](repeating: -1, count: rows * kept)
        run(dk_argsort, arguments(rows, count, kept: kept, DK_FLOAT32, descending: descending), values, &places)
        for r in 0..<rows {
            let expected = order(Array(values[r * count..<(r + 1) * count]), descending: descending).prefix(kept).map(Int64.init)
            #expect(Array(places[r * kept..<(r + 1) * kept]) == expected)
        }
    }

    @Test("rows of NaN and rows that are sorted already", arguments: [10, 64])
    func monotone(_ kept: Int) {
        let count = 300
        let rows: [[Float]] = [
            [Float](repeating: .nan, count: count), (0..<count).map(Float.init), (0..<count).map { Float(-$0) },
            [Float](repeating: .nan, count: count - 3) + [1, 2, 3],
        ]
        for values in rows {
            var places = [Int64](repeating: -1, count: kept)
            run(dk_argsort, arguments(1, count, kept: kept, DK_FLOAT32, descending: true), values, &places)
            #expect(places == order(values, descending: true).prefix(kept).map(Int64.init))
        }
    }

    @Test("integers of both widths and float64", arguments: [30, 2000], [false, true])
    func others(_ count: Int, descending: Bool) {
        let wide = row(2 * count).map { $0.isFinite ? Int64($0) * 3_000_000 : Int64.min }
        let narrow = wide.map { Int32(truncatingIfNeeded: $0) }
        func check<T: Comparable>(_ values: [T], _ dtype: dk_dtype, _ zero: T) {
            var sorted = [T](repeating: zero, count: values.count)
            run(dk_sort, arguments(2, count, kept: count, dtype, descending: descending), values, &sorted)
            for part in [0..<count, count..<2 * count] {
                #expect(Array(sorted[part]) == values[part].sorted { descending ? $0 > $1 : $0 < $1 })
            }
        }
        check(wide, DK_INT64, 0)
        check(narrow, DK_INT32, 0)
        check(wide.map { Double($0) / 7 }, DK_FLOAT64, 0)
        check(wide.map { UInt8(truncatingIfNeeded: $0) }, DK_UINT8, 0)
    }
}
