import DescentCore
import Testing

/// Every integer type against Swift's own arithmetic on the same numbers.
@Suite struct IntegerTests {
    static let types: [any (FixedWidthInteger & TensorScalar).Type] = [
        Int8.self, Int16.self, Int32.self, Int64.self, UInt8.self, UInt16.self, UInt32.self, UInt64.self,
    ]

    @Test("arithmetic wraps, comparisons and extremes know the sign", arguments: types.indices)
    func elements(_ number: Int) { check(Self.types[number]) }

    private func check<T: FixedWidthInteger & TensorScalar>(_: T.Type) {
        // Any bits, and the ends; a length with a rest after whole vectors.
        var state: UInt64 = 88_172_645_463_325_252
        func next() -> T {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return T(truncatingIfNeeded: state >> 5)
        }
        var a: [T] = [.min, .max, 0, 1, .max, .min, .max, 7]
        var b: [T] = [.min, .max, .max, .max, 1, 1, .min, 2]
        for place in 0..<203 {
            a.append(next())
            b.append(place % 9 == 0 ? a[place + 8] : next())
        }
        let x = Tensor.of(a), y = Tensor.of(b)
        func expect(_ found: Tensor, _ expected: [T], _ what: String) {
            #expect(found.dtype == T.dtype && found.scalars(as: T.self) == expected, "\(T.self) \(what)")
        }
        expect(x + y, zip(a, b).map { $0 &+ $1 }, "+")
        expect(x - y, zip(a, b).map { $0 &- $1 }, "-")
        expect(x * y, zip(a, b).map { $0 &* $1 }, "*")
        expect(-x, a.map { 0 &- $0 }, "negate")
        expect(abs(x), a.map { $0 < 0 ? 0 &- $0 : $0 }, "abs")
        expect(maximum(x, y), zip(a, b).map { Swift.max($0, $1) }, "maximum")
        expect(minimum(x, y), zip(a, b).map { Swift.min($0, $1) }, "minimum")
        func floored(_ p: T, _ q: T) -> (T, T) {
            if q == 0 { return (0, 0) }
            if T.isSigned, q == 0 &- 1 { return (0 &- p, 0) }
            let (quotient, rest) = p.quotientAndRemainder(dividingBy: q)
            return rest != 0 && (rest < 0) != (q < 0) ? (quotient - 1, rest + q) : (quotient, rest)
        }
        expect(x.floorDivided(by: y), zip(a, b).map { floored($0, $1).0 }, "floorDivided")
        expect(x % y, zip(a, b).map { floored($0, $1).1 }, "%")
        let less = (x .< y).bools, equal = (x .== y).bools, notLess = (x .>= y).bools
        #expect(less == zip(a, b).map { $0 < $1 })
        #expect(equal == zip(a, b).map { $0 == $1 })
        #expect(notLess == zip(a, b).map { $0 >= $1 })
        expect(Tensor.where(x .< y, x, y), zip(a, b).map { Swift.min($0, $1) }, "where")
        // Reductions of rows, columns and all, sorting, and what moves elements.
        let rows = x[0..<210].reshaped(3, 70)
        expect(rows.max(axis: 1), (0..<3).map { a[($0 * 70)..<($0 * 70 + 70)].max()! }, "max of rows")
        expect(rows.min(axis: 0), (0..<70).map { Swift.min(a[$0], a[$0 + 70], a[$0 + 140]) }, "min of columns")
        var places: [Int] = []
        for row in 0..<3 {
            let members = Array(a[(row * 70)..<(row * 70 + 70)])
            places.append(members.firstIndex(of: members.max()!)!)
        }
        let found = rows.argmax(axis: 1).ints
        #expect(found == places)
        expect(x.sorted(), a.sorted(), "sorted")
        expect(x.sorted(descending: true), a.sorted(by: >), "sorted down")
        expect(rows.transposed()[.every(3), 1], stride(from: 0, to: 70, by: 3).map { a[70 + $0] }, "views")
        let picked = [5, -1, 0, 5]
        expect(x[0..<6].gathered(Tensor(int64: picked)), picked.map { a[$0 < 0 ? 5 : $0] }, "gathered")
        expect(x[0..<4].scatterAdded(at: Tensor(int64: [1, 0, 1, 1]), size: 2), [a[1], a[0] &+ a[2] &+ a[3]], "scatterAdded")
        expect(rows.gatheredAlong(Tensor(int64: [2, 0, 69], shape: [3, 1])).flattened(), [a[2], a[70], a[209]], "gatheredAlong")
        expect(Tensor.concatenate([x[0..<3], y[0..<2]]), Array(a[0..<3] + b[0..<2]), "concatenate")
        expect(Tensor.full([3], 5, dtype: T.dtype), [5, 5, 5], "full")
        expect(Tensor.arange(1, 100, step: 3, dtype: T.dtype), stride(from: 1, to: 100, by: 3).map { T($0) }, "arange")
        let left = x[0..<6].reshaped(2, 3), right = y[0..<6].reshaped(3, 2)
        var products: [T] = []
        for i in 0..<2 {
            for j in 0..<2 {
                var sum: T = 0
                for p in 0..<3 { sum = sum &+ (a[3 * i + p] &* b[2 * p + j]) }
                products.append(sum)
            }
        }
        expect(left.matmul(right).flattened(), products, "matmul")
        let total = x.sum()
        let sumType: DType = T.isSigned || T.dtype == .uint8 ? .int64 : .uint64
        if T.bitWidth < 32 || T.dtype == .uint32 { #expect(total.dtype == sumType) }
        if T.isSigned || T.dtype == .uint8 {
            let wide = a.reduce(Int64(0)) { $0 &+ Int64(truncatingIfNeeded: $1) }
            let expected = T.bitWidth == 32 ? Int64(Int32(truncatingIfNeeded: wide)) : wide
            #expect(total.scalars(as: Int64.self) == [expected], "\(T.self) sum")
        } else {
            let expected = a.reduce(UInt64(0)) { $0 &+ UInt64(truncatingIfNeeded: $1) }
            #expect(total.scalars(as: UInt64.self) == [expected], "\(T.self) sum")
        }
        // Casts: to every other type and to floating ones, and back.
        for other in Self.types { casts(a, x, other) }
        #expect(x.cast(to: .float64).doubles == a.map { Double($0) })
        #expect(x.cast(to: .bool).bools == a.map { $0 != 0 })
        let floats: [Double] = [-1e30, -300.7, -1.5, -0.5, 0, 0.9, 1.5, 127.9, 300.7, 70000, 1e30, .nan, .infinity]
        func saturated(_ value: Double) -> T {
            if value.isNaN { return 0 }
            if let whole = T(exactly: value.rounded(.towardZero)) { return whole }
            return value < 0 ? .min : .max
        }
        expect(Tensor(float64: floats).cast(to: T.dtype), floats.map(saturated), "from float64")
        expect(Tensor(float64: floats).cast(to: .float32).cast(to: T.dtype), floats.map { saturated(Double(Float($0))) }, "from float32")
        #expect(Tensor.of([T.max]).description == "[\(T.max)]  (\(T.dtype)[1])")
    }

    private func casts<T: FixedWidthInteger, U: FixedWidthInteger & TensorScalar>(_ numbers: [T], _ x: Tensor, _: U.Type) {
        #expect(x.cast(to: U.dtype).scalars(as: U.self) == numbers.map { U(truncatingIfNeeded: $0) }, "\(T.self) to \(U.self)")
    }

    @Test("a number known when the plan is made is cast as the kernel casts it")
    func castsOfKnownNumbers() {
        for from in Self.all {
            for to in Self.all {
                for number in [-1.0, 0, 1, 200, 255, 300, 40_000, 70_000, 3e9] {
                    let known = Tensor.full([2], number, dtype: from).cast(to: to), given = Tensor.full([2], number, dtype: from)
                    evaluate(given)
                    #expect(known.ints == given.cast(to: to).ints, "\(number) from \(from) to \(to)")
                }
            }
        }
    }
    private static let all = DType.allCases.filter(\.isInteger)

    @Test("long reductions above the signed range")
    func long() {
        let numbers = (0..<100_000).map { UInt64.max - UInt64($0 * 7919 % 100_003) }
        let x = Tensor.of(numbers)
        let largest = numbers.max()!, smallest = numbers.min()!
        #expect(x.max().scalars(as: UInt64.self) == [largest])
        #expect(x.min().scalars(as: UInt64.self) == [smallest])
        let column = stride(from: 5, to: 100_000, by: 100).map { numbers[$0] }.max()!
        #expect(x.reshaped(1000, 100).max(axis: 0).scalars(as: UInt64.self)[5] == column)
        #expect(x.argmin().ints == [numbers.firstIndex(of: smallest)!])
    }

    @Test("types promote as docs/TYPES.md says")
    func promotion() throws {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/") + "/docs/TYPES.md"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").drop { !$0.hasPrefix("| | bool") }
        let table = lines.filter { !$0.hasPrefix("|---") }.map { $0.split(separator: "|").map { $0.filter { $0 != " " && $0 != "*" } } }
        let names = Dictionary(uniqueKeysWithValues: DType.allCases.map { ("\($0)", $0) })
        let columns = table[0].dropFirst().map { names[$0]! }
        #expect(columns.count == DType.allCases.count && table.count == columns.count + 1)
        for row in table.dropFirst() {
            for (column, cell) in zip(columns, row.dropFirst()) { #expect(DType.promoted(names[row[0]]!, column) == names[cell], "\(row[0]) with \(column)") }
        }
        #expect((Tensor.of([Int8(-3)]) + Tensor.of([UInt16(60000)])).scalars(as: Int32.self) == [59997])
        let small = Tensor.of([Int8(100)])
        #expect((small + 300).dtype == .int32)
        #expect((small + 100).scalars(as: Int8.self) == [-56])
        #expect((Tensor.of([UInt16(1)]) / Tensor.of([UInt16(2)])).floats == [0.5])
    }
}
