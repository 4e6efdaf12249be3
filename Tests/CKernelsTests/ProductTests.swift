import CKernels
import Testing

/// How a matrix lies in memory.
private enum Layout: CaseIterable, Sendable {
    case rows, columns, everyOther, flipped, broadcastRow

    /// Strides, the place of the first element, and the number of elements of memory.
    func strides(_ rows: Int, _ columns: Int) -> (row: Int, column: Int, offset: Int, extent: Int) {
        switch self {
        case .rows: (columns, 1, 0, rows * columns)
        case .columns: (1, rows, 0, rows * columns)
        case .everyOther: (2 * columns + 1, 2, 0, rows * (2 * columns + 1))
        case .flipped: (-columns, 1, (rows - 1) * columns, rows * columns)
        case .broadcastRow: (0, 1, 0, columns)
        }
    }
}

private enum Addend: CaseIterable, Sendable { case none, row, matrix }

private struct Product: CustomTestStringConvertible, Sendable {
    var batch = 1
    let m, n, k: Int
    var a = Layout.rows, b = Layout.rows
    /// Nothing, one row for all, or a matrix that is added.
    var addend = Addend.none
    var sharedB = false
    var testDescription: String { "\(batch) x [\(m), \(k)] · [\(k), \(n)], a \(a), b \(b)" }

    /// Fringes of every kind of tile, tiny, thin, long and large ones.
    static let shapes: [Product] =
        [
            (1, 1, 1), (4, 2, 2), (5, 3, 0), (0, 4, 4), (7, 1, 33), (1, 50, 40), (6, 16, 8), (13, 33, 65), (12, 32, 300), (31, 70, 330),
            (64, 10, 257), (10, 64, 129), (130, 140, 20), (290, 50, 90), (33, 257, 100), (891, 1, 6), (6, 1, 891), (24, 3, 5000), (2, 300, 600),
        ]
        .map { Product(m: $0.0, n: $0.1, k: $0.2) }
    static let all: [Product] =
        shapes.flatMap { shape in
            Layout.allCases.flatMap { a in
                Layout.allCases.map { b in
                    Product(m: shape.m, n: shape.n, k: shape.k, a: a, b: b, addend: Addend.allCases[(shape.m + shape.n) % 3])
                }
            }
        } + [
            Product(batch: 7, m: 5, n: 4, k: 3), Product(batch: 40, m: 9, n: 20, k: 30, b: .columns, addend: .row),
            Product(batch: 161, m: 64, n: 16, k: 8, addend: .matrix, sharedB: true), Product(batch: 3, m: 70, n: 80, k: 90, addend: .matrix, sharedB: true),
            Product(batch: 9, m: 7, n: 12, k: 40, addend: .matrix),
            Product(batch: 9, m: 1, n: 12, k: 40, addend: .matrix, sharedB: true),
        ]
}

private protocol Number: Sendable {
    static var dtype: dk_dtype { get }
    init(_ value: Int)
    init(_ value: Double)
    var double: Double { get }
    /// The error allowed, relative to the sum of magnitudes.
    static var tolerance: Double { get }
}
extension Float: Number {
    static let dtype = DK_FLOAT32
    var double: Double { Double(self) }
    static let tolerance = 3e-6
}
extension Double: Number {
    static let dtype = DK_FLOAT64
    var double: Double { self }
    static let tolerance = 1e-14
}
extension Int32: Number {
    static let dtype = DK_INT32
    var double: Double { Double(self) }
    static let tolerance = 0.0
}

/// Repeatable small numbers: whole, so that they suit integers, or with a fraction.
private func values<T: Number>(_ count: Int, _ seed: Int) -> [T] {
    (0..<max(1, count)).map { i in
        let whole = (i * 7919 + seed * 104_729) % 23 - 11
        return T.tolerance == 0 ? T(whole) : T(Double(whole) * 0.37 + 0.1)
    }
}

private struct Run<T: Number> {
    let product: Product
    let a: [T], b: [T], addend: [T]
    let aStrides, bStrides: (row: Int, column: Int, offset: Int, extent: Int)

    init(_ product: Product) {
        self.product = product
        aStrides = product.a.strides(product.m, product.k)
        bStrides = product.b.strides(product.k, product.n)
        a = values(aStrides.extent * product.batch, 1)
        b = values(bStrides.extent * product.batch, 2)
        addend = values(product.batch * product.m * (product.n + 3), 3)
    }

    /// The product; with an epilogue, what it left in buffer 4, which starts as zeros.
    func callAsFunction(epilogue: UnsafePointer<dk_group>? = nil) -> [T] {
        var (a, b, addend) = (a, b, addend)
        var c = [T](repeating: T(77), count: max(1, product.batch * product.m * product.n))
        var out = [T](repeating: T(0), count: c.count)
        var arguments = dk_product_arguments()
        arguments.epilogue = epilogue
        arguments.packed = -1
        (arguments.a, arguments.b, arguments.c, arguments.addend) = (0, 1, 2, product.addend == .none ? -1 : 3)
        arguments.addend_row = product.addend == .matrix ? Int64(product.n + 3) : 0
        (arguments.a_offset, arguments.b_offset) = (Int64(aStrides.offset), Int64(bStrides.offset))
        (arguments.batch, arguments.m, arguments.n, arguments.k) = (Int64(product.batch), Int64(product.m), Int64(product.n), Int64(product.k))
        (arguments.a_batch, arguments.a_row, arguments.a_column) = (Int64(aStrides.extent), Int64(aStrides.row), Int64(aStrides.column))
        (arguments.b_batch, arguments.b_row, arguments.b_column) = (product.sharedB ? 0 : Int64(bStrides.extent), Int64(bStrides.row), Int64(bStrides.column))
        arguments.dtype = UInt8(T.dtype.rawValue)
        a.withUnsafeMutableBytes { a in
            b.withUnsafeMutableBytes { b in
                addend.withUnsafeMutableBytes { addend in
                    c.withUnsafeMutableBytes { c in
                        out.withUnsafeMutableBytes { out in
                            dk_product(&arguments, [a.baseAddress, b.baseAddress, c.baseAddress, addend.baseAddress, out.baseAddress])
                        }
                    }
                }
            }
        }
        return epilogue == nil ? c : out
    }

    /// The first element that is wrong, in words; nil when all are right.
    func firstError(in c: [T]) -> String? {
        let (m, n, k) = (product.m, product.n, product.k)
        for z in 0..<product.batch {
            for i in 0..<m {
                for j in 0..<n {
                    var sum = 0.0
                    if product.addend != .none { sum = addend[product.addend == .row ? j : (z * m + i) * (n + 3) + j].double }
                    var magnitude = abs(sum)
                    for p in 0..<k {
                        let x = a[z * aStrides.extent + aStrides.offset + i * aStrides.row + p * aStrides.column].double
                        let y = b[(product.sharedB ? 0 : z * bStrides.extent) + bStrides.offset + p * bStrides.row + j * bStrides.column].double
                        sum += x * y
                        magnitude += abs(x * y)
                    }
                    let found = c[(z * m + i) * n + j].double
                    guard abs(found - sum) <= T.tolerance * magnitude else { return "c[\(z), \(i), \(j)] is \(found), not \(sum)" }
                }
            }
        }
        return nil
    }
}

@Suite("products")
struct ProductTests {
    @Test("float32 agrees with the sum in float64", arguments: Product.all)
    fileprivate func float32(_ product: Product) {
        let run = Run<Float>(product)
        #expect(run.firstError(in: run()) == nil)
    }

    @Test("float64 and integers", arguments: Product.shapes)
    fileprivate func others(_ product: Product) {
        let doubles = Run<Double>(product), integers = Run<Int32>(product)
        #expect(doubles.firstError(in: doubles()) == nil)
        #expect(integers.firstError(in: integers()) == nil)
    }

    @Test(
        "the same bits for any number of threads",
        arguments: [
            Product(m: 300, n: 200, k: 100), Product(m: 100, n: 700, k: 400, b: .columns, addend: .row), Product(m: 8, n: 30, k: 20_000, a: .columns),
            Product(m: 1, n: 2000, k: 900), Product(m: 20_000, n: 1, k: 33), Product(batch: 300, m: 20, n: 30, k: 40),
        ])
    fileprivate func threads(_ product: Product) {
        let run = Run<Float>(product), before = dk_threads()
        defer { dk_set_threads(before) }
        dk_set_threads(1)
        let expected = run()
        for threads: Int32 in [2, 3, 8] {
            dk_set_threads(threads)
            #expect(run() == expected, "\(threads) threads")
        }
    }

    @Test(
        "the epilogue sees every finished row once",
        arguments: [
            Product(m: 4, n: 3, k: 2), Product(m: 100, n: 300, k: 500), Product(m: 600, n: 40, k: 70), Product(m: 400, n: 1, k: 50),
            Product(batch: 50, m: 6, n: 20, k: 30), Product(batch: 3, m: 300, n: 70, k: 200),
        ])
    fileprivate func epilogue(_ product: Product) {
        let expected = Run<Float>(product)().map { max($0, 0) }
        // out += relu(c): a row done twice, or before it is finished, would show.
        var inputs = [dk_input(), dk_input()]
        for (number, buffer) in [(0, Int32(2)), (1, Int32(4))] {
            inputs[number].kind = UInt8(DK_INPUT_FULL.rawValue)
            (inputs[number].reg, inputs[number].buffer) = (UInt16(number), buffer)
        }
        var steps = [dk_step(), dk_step()]
        (steps[0].out, steps[0].a, steps[0].function) = (2, 0, dk_tile(DK_relu, DK_FLOAT32))
        (steps[1].out, steps[1].a, steps[1].b, steps[1].function) = (3, 1, 2, dk_tile(DK_add, DK_FLOAT32))
        let outputs = [dk_output(full: 1, dtype: UInt8(DK_FLOAT32.rawValue), reg: 3, buffer: 4, offset: 0, row_stride: 0)]
        let found = steps.withUnsafeBufferPointer { steps in
            inputs.withUnsafeBufferPointer { inputs in
                outputs.withUnsafeBufferPointer { outputs in
                    var group = dk_group()
                    (group.rows, group.columns, group.rows_per_tile, group.cost) = (Int64(product.batch * product.m), Int64(product.n), 2, 1024)
                    (group.step_count, group.input_count, group.output_count, group.register_count) = (2, 2, 1, 4)
                    (group.steps, group.inputs, group.outputs) = (steps.baseAddress, inputs.baseAddress, outputs.baseAddress)
                    return [1, 1, 1, 1].withUnsafeBufferPointer { (full: UnsafeBufferPointer<UInt8>) in
                        [4, 4, 4, 4].withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) in
                            (group.register_full, group.register_bytes) = (full.baseAddress, bytes.baseAddress)
                            return withUnsafePointer(to: group) { Run<Float>(product)(epilogue: $0) }
                        }
                    }
                }
            }
        }
        #expect(found == expected)
    }

    @Test("infinity and NaN stay in their row and column")
    func special() {
        let (m, n, k) = (9, 21, 37)
        for layout in [Layout.rows, .columns] {
            var x = values(m * k, 1) as [Float], y = values(k * n, 2) as [Float]
            x[layout.place(3, 5, m, k)] = .nan
            y[layout.place(7, 11, k, n)] = .infinity
            x[layout.place(2, 7, m, k)] = 0
            var c = [Float](repeating: 0, count: m * n)
            let (a, b) = (layout.strides(m, k), layout.strides(k, n))
            var arguments = dk_product_arguments()
            (arguments.a, arguments.b, arguments.c, arguments.addend, arguments.batch) = (0, 1, 2, -1, 1)
            arguments.packed = -1
            (arguments.m, arguments.n, arguments.k) = (Int64(m), Int64(n), Int64(k))
            (arguments.a_row, arguments.a_column, arguments.b_row, arguments.b_column) = (Int64(a.row), Int64(a.column), Int64(b.row), Int64(b.column))
            x.withUnsafeMutableBytes { x in
                y.withUnsafeMutableBytes { y in
                    c.withUnsafeMutableBytes { c in dk_product(&arguments, [x.baseAddress, y.baseAddress, c.baseAddress]) }
                }
            }
            for i in 0..<m {
                for j in 0..<n {
                    let found = c[i * n + j]
                    if i == 3 || (i == 2 && j == 11) { #expect(found.isNaN) } else if j == 11 { #expect(found.isInfinite) } else { #expect(found.isFinite, "c[\(i), \(j)]") }
                }
            }
        }
    }
}

extension Layout {
    fileprivate func place(_ i: Int, _ j: Int, _ rows: Int, _ columns: Int) -> Int {
        let s = strides(rows, columns)
        return s.offset + i * s.row + j * s.column
    }
}
