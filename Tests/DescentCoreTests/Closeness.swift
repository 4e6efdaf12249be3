import DescentCore
import Testing

/// Expects equal shapes and element types, and elements that differ by at most `tolerance * (1 + |expected|)`. NaN equals NaN.
func expectClose(
    _ found: Tensor, _ expected: Tensor, _ tolerance: Double = 1e-6, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.shape == expected.shape && found.dtype == expected.dtype, "\(note)", sourceLocation: sourceLocation)
    guard found.shape == expected.shape else { return }
    expectClose(found.doubles, expected.doubles, tolerance, note, sourceLocation: sourceLocation)
}

func expectClose(
    _ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-6, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(areClose(found, expected, tolerance), "\(note) found \(found.prefix(12)), expected \(expected.prefix(12))", sourceLocation: sourceLocation)
}

func areClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count
        && zip(a, b).allSatisfy { x, y in
            x == y || (x.isNaN && y.isNaN) || abs(x - y) <= tolerance * (1 + abs(y))
        }
}

/// Expects the same bits, type and shape.
func expectIdentical(_ found: Tensor, _ expected: Tensor, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.shape == expected.shape && found.dtype == expected.dtype, "\(note)", sourceLocation: sourceLocation)
    #expect(bytes(found) == bytes(expected), "\(note) found \(found), expected \(expected)", sourceLocation: sourceLocation)
}

func bytes(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

/// Numbers between `range`'s ends, the same at every run, far from each other: multiples of the golden ratio, modulo 1.
func spread(_ count: Int, in range: ClosedRange<Double>, seed: Int = 0) -> [Double] {
    (0..<count).map { place in
        let turn = Double(place + 1) * 0.618_033_988_749_895 + Double(seed) * 0.324_717_957_244_746
        // Exact in float32, so that both types start from the same numbers.
        return Double(Float(range.lowerBound + (range.upperBound - range.lowerBound) * (turn - turn.rounded(.down))))
    }
}

/// Expects that a process that ended said why.
func expectSentence(_ result: ExitTest.Result?, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains(sentence), "said: \(said.prefix(600))", sourceLocation: sourceLocation)
}
