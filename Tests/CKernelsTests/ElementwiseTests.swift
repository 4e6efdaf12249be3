import CKernels
import Foundation
import Testing

/// Runs the float32 function of an operation.
private func apply(_ operation: dk_operation, _ x: [Float], _ y: [Float] = [], _ z: [Float] = []) -> [Float] {
    var out = [Float](repeating: 0, count: x.count)
    dk_tile(operation, DK_FLOAT32)!(Int64(x.count), &out, x, y, z)
    return out
}

/// The distance of `value` from `truth` in units of the last place of the float nearest to `truth`. Infinity counts as
/// 2^128, the value that would come next.
private func ulps(_ value: Float, from truth: Double) -> Double {
    let nearest = Float(truth)
    if value.isNaN || nearest.isNaN { return value.isNaN && nearest.isNaN ? 0 : .infinity }
    if value == nearest { return value == 0 && value.sign != nearest.sign ? .infinity : 0 }
    func finite(_ x: Double) -> Double { max(-0x1p128, min(0x1p128, x)) }
    let unit = nearest.isFinite ? Double(nearest.ulp) : 0x1p104
    return abs(finite(Double(value)) - finite(truth)) / unit
}

struct MathFunction: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let operation: dk_operation
    let truth: @Sendable (Double) -> Double

    init(_ name: String, _ operation: dk_operation, _ truth: @escaping @Sendable (Double) -> Double) {
        (testDescription, self.operation, self.truth) = (name, operation, truth)
    }

    static let all = [
        MathFunction("exp", DK_exp) { exp($0) }, MathFunction("expm1", DK_expm1) { expm1($0) },
        MathFunction("log", DK_log) { log($0) }, MathFunction("log1p", DK_log1p) { log1p($0) },
        MathFunction("tanh", DK_tanh) { tanh($0) }, MathFunction("erf", DK_erf) { erf($0) },
        MathFunction("sigmoid", DK_sigmoid) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
        MathFunction("softplus", DK_softplus) { max($0, 0) + log1p(exp(-abs($0))) },
        MathFunction("sin", DK_sin) { sin($0) }, MathFunction("cos", DK_cos) { cos($0) },
        MathFunction("tan", DK_tan) { tan($0) }, MathFunction("asin", DK_asin) { asin($0) },
        MathFunction("acos", DK_acos) { acos($0) }, MathFunction("atan", DK_atan) { atan($0) },
        MathFunction("sinh", DK_sinh) { sinh($0) }, MathFunction("cosh", DK_cosh) { cosh($0) },
        MathFunction("sqrt", DK_sqrt) { $0.squareRoot() }, MathFunction("rsqrt", DK_rsqrt) { 1 / $0.squareRoot() },
    ]
}

@Suite("element by element")
struct ElementwiseTests {
    @Test("float32 functions are within 2 ulp over all bit patterns", arguments: MathFunction.all)
    func accuracy(of function: MathFunction) {
        var worst = 0.0, at = Float(0)
        let block = 4096, stride: UInt32 = 4093
        var pattern: UInt32 = 0
        for _ in 0..<(Int(UInt32.max / stride) + block) / block {
            let x = (0..<block).map { Float(bitPattern: pattern &+ UInt32($0) &* stride) }
            pattern = pattern &+ UInt32(block) &* stride
            for (x, y) in zip(x, apply(function.operation, x)) {
                let error = x.isNaN ? (y.isNaN ? 0 : .infinity) : ulps(y, from: function.truth(Double(x)))
                if error > worst { (worst, at) = (error, x) }
            }
        }
        #expect(worst < 2, "\(worst) ulp at \(at)")
    }

    @Test("special values are right", arguments: MathFunction.all)
    func specialValues(of function: MathFunction) {
        let tiny = Float.leastNonzeroMagnitude, most = Float.greatestFiniteMagnitude
        let x: [Float] = [
            0, -0.0, 1, -1, .infinity, -.infinity, .nan, tiny, -tiny, most, -most, 88.72, 88.73, -87.4, -103.9,
            -104, 0x1p-126, -0x1p-126, 1.5e5, -3e30,
        ]
        for (x, y) in zip(x, apply(function.operation, x)) {
            #expect(ulps(y, from: function.truth(Double(x))) < 2, "of \(x): \(y)")
        }
    }

    @Test("an element's bits do not depend on its place, and nothing is written behind the last")
    func tails() throws {
        let x = (0..<80).map { Float(sin(Double($0) * 1.7) * 3) }, y = x.map { $0 * 0.7 + 0.1 }, z = x.map { 1 - $0 }
        let flags = (0..<80).map { UInt8($0 % 3 == 0 ? 1 : 0) }
        for raw in 0..<DK_OPERATION_COUNT.rawValue {
            let operation = dk_operation(raw)
            guard let function = dk_tile(operation, DK_FLOAT32) else { continue }
            func run(_ first: Int, _ count: Int) -> [Float] {
                var out = [Float](repeating: 77, count: 81)
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in
                        z.withUnsafeBufferPointer { z in
                            flags.withUnsafeBufferPointer { flags in
                                let condition = UnsafeRawPointer(flags.baseAddress! + first)
                                let a = operation == DK_select ? condition : UnsafeRawPointer(x.baseAddress! + first)
                                function(Int64(count), &out, a, y.baseAddress! + first, z.baseAddress! + first)
                            }
                        }
                    }
                }
                return out
            }
            let givesBool =
                raw >= DK_equal.rawValue && raw <= DK_greater_equal.rawValue
                || operation == DK_is_nan || operation == DK_is_finite || operation == DK_sign_bit
            let size = givesBool ? 1 : 4
            func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
            let whole = bytes(run(0, 80)), untouched = bytes([Float](repeating: 77, count: 81))
            for first in 0..<9 {
                for count in 0..<40 {
                    let part = bytes(run(first, count)), end = count * size
                    try #require(part[..<end] == whole[(first * size)..<(first * size + end)], "\(operation) \(first) \(count)")
                    try #require(part[end...] == untouched[end...], "\(operation) \(count)")
                }
            }
        }
    }

    @Test("NaN wins in maximum, minimum and relu")
    func extremesOfNaN() {
        let x: [Float] = [1, .nan, 3, .nan, -2], y: [Float] = [2, 2, .nan, .nan, -3]
        #expect(apply(DK_maximum, x, y).map(\.description) == ["2.0", "nan", "nan", "nan", "-2.0"])
        #expect(apply(DK_minimum, x, y).map(\.description) == ["1.0", "nan", "nan", "nan", "-3.0"])
        #expect(apply(DK_relu, x).map(\.description) == ["1.0", "nan", "3.0", "nan", "0.0"])
    }

    @Test("multiply_add rounds once where the processor can")
    func fusedMultiplyAdd() {
        guard dk_instruction_set() != 0 else { return }
        let x: Float = 1 + 0x1p-12
        #expect(apply(DK_multiply_add, [x], [x], [-1 - 0x1p-11]) == [0x1p-24])
        #expect(apply(DK_multiply_subtract, [x], [x], [1 + 0x1p-11]) == [0x1p-24])
        #expect(apply(DK_negated_multiply_add, [x], [x], [1 + 0x1p-11]) == [-0x1p-24])
    }

    @Test("pairs of operations as one")
    func pairs() {
        let a: [Float] = [4, 9, 2.25], b: [Float] = [1, -3, 2], c: [Float] = [0.5, 0.25, -1]
        #expect(apply(DK_interpolate, a, b, c) == [2.5, 6, 2.5])
        #expect(apply(DK_interpolate_square, a, b, c) == [2.5, 9, 0.5])
        #expect(apply(DK_root_multiply_add, a, b, c) == [2.5, -8.75, 2])
        #expect(apply(DK_subtract_quotient, a, b, c) == [-3.5, 3.25, -2.125])
    }

    @Test("the float remainder has the sign of the divisor")
    func remainder() {
        #expect(apply(DK_remainder, [7, -7, 7, -7, 6, -6, 5], [3, 3, -3, -3, 3, 3, .infinity]) == [1, 2, -2, -1, 0, 0, 5])
    }

    @Test("integers: division floors, by zero gives 0, arithmetic wraps")
    func integers() {
        func apply(_ operation: dk_operation, _ x: [Int32], _ y: [Int32]) -> [Int32] {
            var out = [Int32](repeating: 0, count: x.count)
            dk_tile(operation, DK_INT32)!(Int64(x.count), &out, x, y, y)
            return out
        }
        let x: [Int32] = [7, -7, 7, -7, 5, .min, 6, .min], y: [Int32] = [2, 2, -2, -2, 0, -1, 3, 2]
        #expect(apply(DK_divide, x, y) == [3, -4, -4, 3, 0, .min, 2, .min / 2])
        #expect(apply(DK_remainder, x, y) == [1, 1, -1, -1, 0, 0, 0, 0])
        #expect(
            apply(DK_power, [2, -3, 0, 0, 1, -1, 2, 3], [10, 3, 0, -1, -5, -3, -1, 40])
                == [1024, -27, 1, 0, 1, -1, 0, (0..<40).reduce(1) { power, _ in power &* 3 }])
        #expect(apply(DK_add, [.max], [1]) == [.min])
        #expect(apply(DK_multiply, [1 << 20], [1 << 20]) == [0])
        #expect(apply(DK_abs, [.min, -3], []) == [.min, 3])
        #expect(apply(DK_sign, [.min, 0, 9], []) == [-1, 0, 1])
    }

    @Test("casts truncate, saturate and turn NaN into 0")
    func casts() {
        func cast<From: BitwiseCopyable, To: BitwiseCopyable>(_ values: [From], _ from: dk_dtype, _ to: dk_dtype, _ zero: To) -> [To] {
            var out = [To](repeating: zero, count: values.count)
            dk_tile_cast(from, to)!(Int64(values.count), &out, values, nil, nil)
            return out
        }
        let x: [Float] = [1.9, -1.9, 3e9, -3e9, .nan, .infinity, 300, 0.5, 2_147_483_520]
        #expect(cast(x, DK_FLOAT32, DK_INT32, Int32(0)) == [1, -1, .max, .min, 0, .max, 300, 0, 2_147_483_520])
        #expect(cast(x, DK_FLOAT32, DK_INT64, Int64(0)) == [1, -1, 3_000_000_000, -3_000_000_000, 0, .max, 300, 0, 2_147_483_520])
        #expect(cast(x, DK_FLOAT32, DK_UINT8, UInt8(0)) == [1, 0, 255, 0, 0, 255, 255, 0, 255])
        #expect(cast(x, DK_FLOAT32, DK_BOOL, UInt8(0)) == [1, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(cast([1e300, -1e300, .nan, 2.5], DK_FLOAT64, DK_INT64, Int64(0)) == [.max, .min, 0, 2])
        #expect(cast([Int64(1) << 32 + 5, -1], DK_INT64, DK_INT32, Int32(0)) == [5, -1])
        #expect(cast([UInt8(0), 1, 200], DK_UINT8, DK_FLOAT32, Float(0)) == [0, 1, 200])
        #expect(cast([Int32(0), 7], DK_INT32, DK_BOOL, UInt8(0)) == [0, 1])
    }

    @Test("an output may be one of the operands")
    func inPlace() {
        for raw in DK_add.rawValue...DK_divide.rawValue {
            let x = (0..<100).map { Float($0) + 1 }, y = x.map { $0 * 0.5 }
            var inPlace = x
            inPlace.withUnsafeMutableBufferPointer { p in
                dk_tile(dk_operation(raw), DK_FLOAT32)!(100, p.baseAddress, p.baseAddress, y, nil)
            }
            #expect(inPlace == apply(dk_operation(raw), x, y))
        }
    }
}
