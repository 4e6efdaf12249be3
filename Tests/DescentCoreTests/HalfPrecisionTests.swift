import DescentCore
import Testing

/// Numbers of 16 bits: every one of them, and what is rounded to them.
@Suite struct HalfPrecisionTests {
    /// What half precision holds: sign, exponent of `width` bits, `15 - width` bits of fraction.
    private func value(_ bits: Int, width: Int) -> Double {
        let fraction = 15 - width, bias = (1 << (width - 1)) - 1, top = (1 << width) - 1
        let exponent = bits >> fraction & top, digits = bits & ((1 << fraction) - 1)
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        if exponent == top { return digits == 0 ? sign * .infinity : .nan }
        let size = exponent == 0 ? Double(digits) : Double(digits + (1 << fraction))
        return sign * Double(sign: .plus, exponent: Swift.max(exponent, 1) - bias - fraction, significand: size)
    }

    private func tensor(_ bits: [UInt16], _ dtype: DType) -> Tensor {
        Tensor(shape: [bits.count], dtype: dtype) { memory in bits.withUnsafeBytes { memory.copyMemory(from: $0) } }
    }

    @Test("all 65536 numbers, there and back, and what lies between two", arguments: [(DType.float16, 5), (.bfloat16, 8)])
    func all(_ dtype: DType, _ width: Int) {
        let bits = (0..<65536).map { UInt16($0) }, x = tensor(bits, dtype)
        let found = x.cast(to: .float64).doubles, exact = bits.map { value(Int($0), width: width) }
        let areExact = zip(found, exact).allSatisfy { one, other in (one == other && one.sign == other.sign) || (one.isNaN && other.isNaN) }
        #expect(areExact)
        func back(_ x: Tensor) -> [UInt16] { x.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) } }
        let again = back(x.cast(to: .float32).cast(to: dtype))
        let areSame = bits.indices.allSatisfy { again[$0] == bits[$0] || exact[$0].isNaN }
        #expect(areSame)
        let reversed: [UInt16] = bits.reversed(), parts = back(Tensor.concatenate([x[5..<7], x[0..<1]]))
        #expect(back(x[.every(-1)]) == reversed)
        #expect(parts == [5, 6, 0])
        // Halfway between neighbours: to the even one; a little to either side: to that side.
        let finite = (0..<0x7f80).filter { exact[$0 + 1].isFinite }
        let middles = finite.map { (exact[$0] + exact[$0 + 1]) / 2 }
        func rounded(_ numbers: [Double]) -> [Int] { back(Tensor(float64: numbers).cast(to: dtype)).map { Int($0) } }
        let even = finite.map { $0 + $0 % 2 }, above = finite.map { $0 + 1 }
        #expect(rounded(middles) == even)
        #expect(rounded(middles.map { $0.nextDown }) == finite)
        #expect(rounded(middles.map { $0.nextUp }) == above)
        let ends = Tensor(float64: [1e300, -1e300, 1e-300]).cast(to: dtype).doubles
        #expect(ends == [Double.infinity, -Double.infinity, 0])
        #expect(Tensor(int64: [3, -300]).cast(to: dtype).ints == [3, -300])
        #expect(Tensor.full([2], 1.5, dtype: dtype).doubles == [1.5, 1.5])
    }

    @Test("ramps are made in float32 and stored", arguments: [DType.float16, .bfloat16])
    func ramps(_ dtype: DType) {
        #expect(Tensor.arange(5, dtype: dtype).cast(to: .float32).floats == [0, 1, 2, 3, 4])
        #expect(Tensor.linspace(0, 1, count: 3, dtype: dtype).cast(to: .float32).floats == [0, 0.5, 1])
    }

    @Test("nothing is computed in them, and the sentence says what to do")
    func refused() {
        let x = Tensor.full([2, 2], 1, dtype: .float16)
        func sentence(_ body: () -> Tensor) -> String? {
            do {
                _ = try catchingFaults { body() }
                return nil
            } catch { return "\(error)" }
        }
        let operations: [(String, () -> Tensor)] = [
            ("add", { x + x }), ("multiply", { x * 2 }), ("exp", { exp(x) }), ("sum", { x.sum() }), ("less", { x .< x }), ("negate", { -x }), ("max", { x.max() }),
            ("argsort", { x.argsort() }), ("scatter_add", { x.scatterAdded(at: Tensor(int64: [0, 0]), size: 1) }),
        ]
        for (name, body) in operations { #expect(sentence(body) == "\(name): float16 is for storage, and nothing is computed in it. Use cast(to: .float32) first.", "\(name)") }
        #expect(sentence { x.matmul(x) }?.hasSuffix("float16 is for storage, and nothing is computed in it. Use cast(to: .float32) first.") == true)
        #expect(sentence { Tensor.where(Tensor(bool: [true, false]), x.transposed(), x)[0].reshaped(2, 1).broadcast(to: [2, 3]).padded([(1, 0), (0, 0)]) } == nil)
        #expect((x + Tensor.ones([2, 2])).floats == [2, 2, 2, 2])
        #expect(x.description == "[[1., 1.],\n [1., 1.]]  (float16[2, 2])")
    }
}
