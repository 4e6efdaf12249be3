import CKernels
import Foundation
import Testing

private func random<T>(_ kind: UInt8, key: UInt64, counter: UInt64, count: Int, zero: T) -> [T] {
    var state = [key, counter]
    var out = [T](repeating: zero, count: count)
    var arguments = dk_random_arguments()
    (arguments.state, arguments.out, arguments.count, arguments.kind) = (0, 1, Int64(count), kind)
    state.withUnsafeMutableBytes { state in
        out.withUnsafeMutableBytes { out in dk_random(&arguments, [state.baseAddress, out.baseAddress]) }
    }
    return out
}

@Suite("random numbers")
struct RandomTests {
    @Test("the published vector of Philox 4x32-10")
    func published() {
        #expect(random(0, key: 0, counter: 0, count: 4, zero: UInt32(0)) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    }

    /// One block, written down from the paper.
    private func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
        var (c, k) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(c[0]) * 0xD251_1F53, second = UInt64(c[2]) * 0xCD9E_8D57
            c = [
                UInt32(second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first),
            ]
            k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
        }
        return c
    }

    @Test("blocks count on from the counter, past its low half and its end")
    func blocks() {
        #expect(philox([.max, .max, .max, .max], [.max, .max]) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        let key: UInt64 = 0x0123_4567_89ab_cdef
        for start: UInt64 in [5, 0xffff_fff0, .max - 3] {
            let words = random(0, key: key, counter: start, count: 1001, zero: UInt32(0))
            for block in 0..<250 {
                let number = start &+ UInt64(block)
                let expected = philox([UInt32(truncatingIfNeeded: number), UInt32(number >> 32), 0, 0], [0x89ab_cdef, 0x0123_4567])
                #expect(Array(words[4 * block..<4 * block + 4]) == expected)
            }
        }
    }

    @Test("an element does not depend on how many are made")
    func prefixes() {
        for kind: UInt8 in [1, 2] {
            let long = random(kind, key: 3, counter: 9, count: 70_001, zero: Float(0))
            for count in [0, 1, 2, 3, 255, 257, 33_333] {
                #expect(random(kind, key: 3, counter: 9, count: count, zero: Float(0)) == Array(long.prefix(count)))
            }
        }
    }

    @Test("uniform: the top bits of the words, in 0 ..< 1")
    func uniform() {
        let words = random(0, key: 7, counter: 0, count: 1000, zero: UInt32(0))
        #expect(random(1, key: 7, counter: 0, count: 1000, zero: Float(0)) == words.map { Float($0 >> 8) * 0x1p-24 })
        let doubles = random(3, key: 7, counter: 0, count: 500, zero: 0.0)
        #expect(doubles == (0..<500).map { Double((UInt64(words[2 * $0]) << 32 | UInt64(words[2 * $0 + 1])) >> 11) * 0x1p-53 })
    }

    @Test("normal: the formula of Box and Muller, and its moments")
    func normal() {
        let count = 200_000
        let words = random(0, key: 11, counter: 0, count: count, zero: UInt32(0)), floats = random(2, key: 11, counter: 0, count: count, zero: Float(0))
        for i in stride(from: 0, to: 2000, by: 2) {
            let radius = (-2 * log((Double(words[i] >> 1) + 0.5) * 0x1p-31)).squareRoot(), angle = 2 * Double.pi * Double(words[i + 1] >> 8) * 0x1p-24
            // Near a uniform of 1 the radius is small, and float32 holds the uniform coarsely.
            let tolerance = 3e-6 * (1 + radius) + (radius < 0.2 ? 2e-4 : 0)
            #expect(abs(Double(floats[i]) - radius * cos(angle)) < tolerance)
            #expect(abs(Double(floats[i + 1]) - radius * sin(angle)) < tolerance)
        }
        for values in [floats.map(Double.init), random(4, key: 11, counter: 0, count: count, zero: 0.0)] {
            let mean = values.reduce(0, +) / Double(count), variance = values.reduce(0) { $0 + $1 * $1 } / Double(count)
            let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(count)
            #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02 && abs(fourth - 3) < 0.15)
        }
    }
}
