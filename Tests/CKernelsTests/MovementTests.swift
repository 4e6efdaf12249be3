import CKernels
import Testing

/// Repeatable numbers below `limit`.
private func numbers(_ count: Int, below limit: Int, _ seed: Int = 1) -> [Int] {
    var state = UInt64(seed)
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}

private func call<T, R>(_ kernel: (UnsafeMutableRawPointer?, [UnsafeMutableRawPointer?]) -> Void, _ input: [T], _ out: inout [R]) {
    var input = input
    input.withUnsafeMutableBytes { input in
        out.withUnsafeMutableBytes { out in kernel(nil, [input.baseAddress, out.baseAddress]) }
    }
}

private struct Copy: CustomTestStringConvertible, Sendable {
    let name: String
    let dims, inStrides, outStrides: [Int]
    var inOffset = 0, outOffset = 0
    var testDescription: String { name }

    static let all = [
        Copy(name: "scalar", dims: [], inStrides: [], outStrides: []),
        Copy(name: "dense", dims: [3, 40, 50], inStrides: [2000, 50, 1], outStrides: [2000, 50, 1]),
        Copy(name: "large dense", dims: [700, 1000], inStrides: [1000, 1], outStrides: [1000, 1]),
        Copy(name: "transpose", dims: [37, 53], inStrides: [1, 37], outStrides: [53, 1]),
        Copy(name: "large transpose", dims: [600, 1024], inStrides: [1, 600], outStrides: [1024, 1]),
        Copy(name: "swapped axes", dims: [5, 17, 9], inStrides: [9, 45, 1], outStrides: [153, 9, 1]),
        Copy(name: "reversed axes", dims: [6, 7, 8], inStrides: [1, 6, 42], outStrides: [56, 8, 1]),
        Copy(name: "flip", dims: [4, 9], inStrides: [9, -1], outStrides: [9, 1], inOffset: 8),
        Copy(name: "every third", dims: [20, 30], inStrides: [270, 3], outStrides: [30, 1], inOffset: 2),
        Copy(name: "inside of a pad", dims: [6, 10], inStrides: [10, 1], outStrides: [14, 1], outOffset: 16),
        Copy(name: "broadcast", dims: [8, 20], inStrides: [1, 0], outStrides: [20, 1]),
        Copy(name: "broadcast rows", dims: [8, 20], inStrides: [0, 1], outStrides: [20, 1]),
        Copy(name: "empty", dims: [3, 0], inStrides: [1, 1], outStrides: [1, 1]),
    ]

    func run<T: FixedWidthInteger>(_ type: T.Type) -> (found: [T], expected: [T]) {
        func extent(_ strides: [Int], _ offset: Int) -> Int {
            1 + offset + zip(dims, strides).reduce(0) { $0 + max(0, $1.0 - 1) * max(0, $1.1) }
        }
        let input = numbers(extent(inStrides, inOffset), below: 250).map { T(truncatingIfNeeded: $0) }
        var found = [T](repeating: 1, count: extent(outStrides, outOffset)), expected = found
        var arguments = dk_copy_arguments()
        (arguments.in, arguments.out, arguments.rank, arguments.bytes) = (0, 1, Int32(dims.count), Int32(MemoryLayout<T>.size))
        (arguments.in_offset, arguments.out_offset) = (Int64(inOffset), Int64(outOffset))
        withUnsafeMutableBytes(of: &arguments.dims) { $0.withMemoryRebound(to: Int64.self) { for (i, x) in dims.enumerated() { $0[i] = Int64(x) } } }
        withUnsafeMutableBytes(of: &arguments.in_strides) { $0.withMemoryRebound(to: Int64.self) { for (i, x) in inStrides.enumerated() { $0[i] = Int64(x) } } }
        withUnsafeMutableBytes(of: &arguments.out_strides) { $0.withMemoryRebound(to: Int64.self) { for (i, x) in outStrides.enumerated() { $0[i] = Int64(x) } } }
        call({ _, buffers in dk_copy_strided(&arguments, buffers) }, input, &found)
        for element in 0..<dims.reduce(1, *) {
            var rest = element, from = inOffset, to = outOffset
            for axis in dims.indices.reversed() {
                from += rest % dims[axis] * inStrides[axis]
                to += rest % dims[axis] * outStrides[axis]
                rest /= dims[axis]
            }
            expected[to] = input[from]
        }
        return (found, expected)
    }
}

@Suite("movement")
struct MovementTests {
    @Test("strided copies", arguments: Copy.all)
    fileprivate func copies(_ copy: Copy) {
        let bytes = copy.run(UInt8.self), words = copy.run(UInt32.self), longs = copy.run(UInt64.self)
        #expect(bytes.found == bytes.expected)
        #expect(words.found == words.expected)
        #expect(longs.found == longs.expected)
    }

    @Test("fill and iota")
    func fill() {
        var out = [Float](repeating: 0, count: 400_000)
        var fill = dk_fill_arguments(out: 1, bytes: 4, offset: 3, count: 399_990, bits: UInt64(Float(2.5).bitPattern))
        call({ _, buffers in dk_fill(&fill, buffers) }, [0], &out)
        #expect(out[2] == 0 && out[3..<399_993].allSatisfy { $0 == 2.5 } && out[399_993] == 0)
        var ramp = dk_iota_arguments(out: 1, offset: 1, count: 5, start: 2, step: -0.5, dtype: UInt8(DK_FLOAT32.rawValue))
        call({ _, buffers in dk_iota(&ramp, buffers) }, [0], &out)
        #expect(Array(out[1..<6]) == [2, 1.5, 1, 0.5, 0])
        var whole = [Int64](repeating: 0, count: 3)
        ramp = dk_iota_arguments(out: 1, offset: 0, count: 3, start: 10, step: 7, dtype: UInt8(DK_INT64.rawValue))
        call({ _, buffers in dk_iota(&ramp, buffers) }, [0], &whole)
        #expect(whole == [10, 17, 24])
    }

    enum Kind: CaseIterable { case gather, scatterAdd, gatherAlong, scatterAddAlong }

    @Test("gathers and scatters", arguments: Kind.allCases, [(1, 5, 7, 1), (3, 4, 9, 2), (2, 6, 50, 300), (1, 3, 0, 4), (40, 1000, 30, 40)])
    func indexes(_ kind: Kind, _ shape: (Int, Int, Int, Int)) {
        let (outer, axis, count, inner) = shape
        let along = kind == .gatherAlong || kind == .scatterAddAlong, scatter = kind == .scatterAdd || kind == .scatterAddAlong
        let (large, small) = (outer * axis * inner, outer * count * inner)
        var index = numbers(along ? small : count, below: 2 * axis, 5).map { Int64($0 - axis) } + [0]
        var input = numbers(scatter ? small : large, below: 100).map(Float.init) + [0]
        var base = numbers(large, below: 100, 9).map(Float.init)
        var found = [Float](repeating: -1, count: (scatter ? large : small) + 1)
        var arguments = dk_index_arguments()
        (arguments.in, arguments.index, arguments.out, arguments.base) = (0, 1, 2, outer == 1 ? -1 : 3)
        (arguments.outer, arguments.axis, arguments.count, arguments.inner) = (Int64(outer), Int64(axis), Int64(count), Int64(inner))
        let kernel: dk_kernel =
            switch kind {
            case .gather: dk_gather
            case .scatterAdd: dk_scatter_add
            case .gatherAlong: dk_gather_along
            case .scatterAddAlong: dk_scatter_add_along
            }
        var fault = dk_fault()
        func run() {
            input.withUnsafeMutableBytes { input in
                index.withUnsafeMutableBytes { index in
                    found.withUnsafeMutableBytes { found in
                        base.withUnsafeMutableBytes { base in
                            withUnsafePointer(to: &arguments) { arguments in
                                let instruction = [dk_instruction(run: kernel, arguments: arguments)]
                                dk_run(instruction, 1, [input.baseAddress, index.baseAddress, found.baseAddress, base.baseAddress], &fault)
                            }
                        }
                    }
                }
            }
        }
        run()
        #expect(fault.raised == 0)
        var expected = scatter && outer > 1 ? base + [-1] : [Float](repeating: 0, count: found.count)
        expected[expected.count - 1] = -1
        for o in 0..<outer {
            for j in 0..<count {
                for i in 0..<inner {
                    let here = (o * count + j) * inner + i, place = Int(index[along ? here : j])
                    let there = (o * axis + (place < 0 ? place + axis : place)) * inner + i
                    if scatter { expected[there] += input[here] } else { expected[here] = input[there] }
                }
            }
        }
        #expect(found == expected)
        for wrong in [axis, -axis - 1] where count > 0 {
            index[index.count - 2] = Int64(wrong)
            run()
            #expect(fault.raised == 1 && fault.value == Int64(wrong) && fault.limit == Int64(axis))
        }
    }

    @Test("running sums, products, maxima and minima", arguments: [(3, 7, 1), (2, 5, 3), (1, 4, 600)], [false, true])
    func cumulative(_ shape: (Int, Int, Int), reverse: Bool) {
        let (outer, count, inner) = shape
        let input = numbers(outer * count * inner, below: 5).map { Int64($0 - 2) }
        let steps: [(dk_reduction, (Int64, Int64) -> Int64)] = [(DK_SUM, +), (DK_PROD, *), (DK_MAX, max), (DK_MIN, min)]
        for (reduction, step) in steps {
            var found = [Int64](repeating: 0, count: input.count), expected = found
            var arguments = dk_cumulative_arguments()
            (arguments.in, arguments.out, arguments.outer, arguments.count, arguments.inner) = (0, 1, Int64(outer), Int64(count), Int64(inner))
            (arguments.reduction, arguments.dtype, arguments.reverse) = (UInt8(reduction.rawValue), UInt8(DK_INT64.rawValue), reverse ? 1 : 0)
            call({ _, buffers in dk_cumulative(&arguments, buffers) }, input, &found)
            for o in 0..<outer {
                for i in 0..<inner {
                    var before: Int64?
                    for j in reverse ? Array((0..<count).reversed()) : Array(0..<count) {
                        let at = (o * count + j) * inner + i
                        expected[at] = before.map { step($0, input[at]) } ?? input[at]
                        before = expected[at]
                    }
                }
            }
            #expect(found == expected)
        }
    }

    @Test("argsort is stable, with NaN last both ways", arguments: [0, 1, 40, 3000], [false, true])
    func argsort(_ count: Int, descending: Bool) {
        let special: [Float] = [.nan, -.infinity, .infinity, 0, -0.0]
        let input = numbers(2 * count, below: 200).map { $0 < 5 ? special[$0] : Float($0 - 100) / 3 }
        var found = [Int64](repeating: 0, count: 2 * count)
        var arguments = dk_argsort_arguments()
        (arguments.in, arguments.out, arguments.outer, arguments.count, arguments.kept) = (0, 1, 2, Int64(count), Int64(count))
        (arguments.dtype, arguments.descending) = (UInt8(DK_FLOAT32.rawValue), descending ? 1 : 0)
        call({ _, buffers in dk_argsort(&arguments, buffers) }, input, &found)
        for kept in [1, 5, 39, 64, 100] where kept < count {
            var first = [Int64](repeating: -1, count: 2 * kept)
            arguments.kept = Int64(kept)
            call({ _, buffers in dk_argsort(&arguments, buffers) }, input, &first)
            #expect(first == Array(found[..<kept]) + Array(found[count..<count + kept]), "the first \(kept)")
        }
        for row in 0..<2 {
            let values = Array(input[row * count..<(row + 1) * count])
            // Swift's sort is stable, though it does not promise it: the index decides between equals.
            let expected = values.indices.sorted { i, j in
                let (x, y) = (values[i], values[j])
                if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? i < j : y.isNaN }
                return x == y ? i < j : descending ? x > y : x < y
            }
            #expect(Array(found[row * count..<(row + 1) * count]) == expected.map(Int64.init))
        }
    }
}
