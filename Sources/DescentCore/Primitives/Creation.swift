import CKernels

/// A number in the bits of an element type.
package struct ScalarBits: Hashable, Sendable {
    package let dtype: DType
    package let bits: UInt64

    package init(_ value: Double, _ dtype: DType) {
        self.dtype = dtype
        switch dtype {
        case .float32: bits = UInt64(Float(value).bitPattern)
        case .float64: bits = value.bitPattern
        case .bool: bits = value == 0 ? 0 : 1
        case .float16, .bfloat16: bits = UInt64(dk_half_bits(value, dtype.kernel))
        default: bits = dtype.integerType.map { Self.saturated(value, $0) } ?? 0
        }
    }

    /// Fractions cut off, and what is too large replaced by the largest; NaN is 0.
    private static func saturated<Integer: FixedWidthInteger>(_ value: Double, _ type: Integer.Type) -> UInt64 {
        let whole = Integer(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
        return UInt64(truncatingIfNeeded: whole) & (UInt64.max >> UInt64(64 - Integer.bitWidth))
    }

    private static func number<Integer: FixedWidthInteger>(_ bits: UInt64, _ type: Integer.Type) -> Double { Double(Integer(truncatingIfNeeded: bits)) }

    package init(_ value: Int, _ dtype: DType) {
        self.dtype = dtype
        bits = dtype == .int64 ? UInt64(bitPattern: Int64(value)) : ScalarBits(Double(value), dtype).bits
    }

    /// The same number in another type, as the cast kernel makes it: between integers the low bits stay.
    package func cast(to other: DType) -> ScalarBits {
        func low<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Int { Int(truncatingIfNeeded: Integer(truncatingIfNeeded: bits)) }
        guard other.isInteger, let type = dtype.integerType else { return ScalarBits(value, other) }
        return ScalarBits(wrapping: low(type), other)
    }

    /// The lowest bits of a number, as an element of an integer type.
    package init(wrapping value: Int, _ dtype: DType) {
        self.dtype = dtype
        bits = UInt64(bitPattern: Int64(value)) & (UInt64.max >> UInt64(64 - 8 * dtype.byteCount))
    }

    package var value: Double {
        switch dtype {
        case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float64: Double(bitPattern: bits)
        case .bool: Double(bits & 1)
        case .float16, .bfloat16: dk_half_value(UInt16(truncatingIfNeeded: bits), dtype.kernel)
        default: dtype.integerType.map { Self.number(bits, $0) } ?? 0
        }
    }
}

/// One number in every place.
package struct Fill: Primitive {
    package static let name = "fill"
    package let shape: [Int]
    package let scalar: ScalarBits
    package init(_ shape: [Int], _ scalar: ScalarBits) {
        self.shape = shape
        self.scalar = scalar
    }
    package var detail: String { "\(scalar.value)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [TensorType(shape, scalar.dtype)] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self), axis: nil)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .fill(scalar) }
    package static var samples: [PrimitiveSample] {
        [PrimitiveSample(Fill([2, 3], ScalarBits(1.5, .float32)), [], smooth: false), PrimitiveSample(Fill([], ScalarBits(-7, .int64)), [], smooth: false)]
    }
}

/// start, start + step, start + 2 step, ...
package struct Iota: Primitive {
    package static let name = "iota"
    let count: Int
    let start: Double, step: Double
    let dtype: DType
    package init(_ count: Int, start: Double, step: Double, dtype: DType) {
        (self.count, self.start, self.step, self.dtype) = (count, start, step, dtype)
    }
    package var detail: String { "\(start), \(start + step), ..." }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard count >= 0 else { throw ShapeError("iota: a count of \(count); it must not be negative.") }
        guard !dtype.isStorageOnly else { throw ShapeError("iota: \(dtype) is for storage, and nothing is computed in it.") }
        return [TensorType([count], dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self), axis: nil)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let out = emitter.output(0)
            emitter.emit(dk_iota, dk_iota_arguments(out: out, offset: 0, count: Int64(count), start: start, step: step, dtype: dtype.rawValue))
        }
    }
    package static func == (a: Self, b: Self) -> Bool { (a.count, a.start, a.step, a.dtype) == (b.count, b.start, b.step, b.dtype) }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(Iota(5, start: 1, step: 0.5, dtype: .float32), [], smooth: false)] }
}

/// Random numbers from a counter-based generator, Philox 4x32-10 (Salmon et al. 2011): the same key and counter give the same
/// numbers, whatever the threads. Input: the state, two int64 (key, counter).
package struct RandomNumbers: Primitive {
    package enum Distribution: Hashable, Sendable { case bits, uniform, normal }
    package static let name = "random"
    let distribution: Distribution
    let shape: [Int]
    let dtype: DType
    package init(_ distribution: Distribution, _ shape: [Int], _ dtype: DType) {
        (self.distribution, self.shape, self.dtype) = (distribution, shape, dtype)
    }
    package var detail: String { "\(distribution)" }

    /// Blocks of four 32-bit words that this draw takes from the stream.
    package var blocks: Int {
        let words = shape.elementCount * (dtype == .float64 ? 2 : 1)
        return (words + 3) / 4 + (distribution == .normal ? 1 : 0)
    }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0] == TensorType([2], .int64) else { throw ShapeError("random: the state is \(inputs[0]); it must be int64[2] (key, counter).") }
        guard distribution == .bits ? dtype == .int32 : dtype.isFloating else {
            throw ShapeError("random: \(distribution) numbers can't be \(dtype); use \(distribution == .bits ? "int32" : "float32 or float64").")
        }
        return [TensorType(shape, dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let states = inputs[0].front(size)
        let draws = (0..<size).map { applySingle(self, states[$0]) }
        return [Batched(Tensor.stack(draws), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let state = emitter.input(0), out = emitter.output(0)
            let kind: UInt8 =
                switch (distribution, dtype) {
                case (.bits, _): 0
                case (.uniform, .float64): 3
                case (.normal, .float64): 4
                case (.uniform, _): 1
                case (.normal, _): 2
                }
            emitter.emit(
                dk_random,
                dk_random_arguments(
                    state: state.buffer, out: out, state_offset: state.offset, out_offset: 0, count: Int64(shape.elementCount), kind: kind))
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(RandomNumbers(.uniform, [2, 3], .float32), [.exact([42, 0], [2], .int64)], smooth: false),
            PrimitiveSample(RandomNumbers(.normal, [5], .float32), [.exact([42, 7], [2], .int64)], smooth: false),
            PrimitiveSample(RandomNumbers(.bits, [5], .int32), [.exact([42, 7], [2], .int64)], smooth: false),
        ]
    }
}
