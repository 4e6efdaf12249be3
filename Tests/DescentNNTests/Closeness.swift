import DescentCore
import Testing

/// Expects elements that differ by at most `tolerance * (1 + |expected|)`. NaN equals NaN.
func expectClose(
    _ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-6, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    let isClose =
        found.count == expected.count
        && zip(found, expected).allSatisfy { x, y in
            x == y || (x.isNaN && y.isNaN) || Swift.abs(x - y) <= tolerance * (1 + Swift.abs(y))
        }
    #expect(isClose, "\(note) found \(found.prefix(12)), expected \(expected.prefix(12))", sourceLocation: sourceLocation)
}

func expectClose(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-6, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    expectClose([found], [expected], tolerance, note, sourceLocation: sourceLocation)
}

/// Expects that a process that ended said why.
func expectSentence(_ result: ExitTest.Result?, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains(sentence), "said: \(said.prefix(600))", sourceLocation: sourceLocation)
}

/// The derivative of a function of one tensor's elements, by central differences in float64.
func finiteDifferences(at x: Tensor, step: Double = 1e-6, _ function: (Tensor) -> Tensor) -> [Double] {
    let start = x.doubles
    return start.indices.map { place in
        func value(_ change: Double) -> Double {
            var moved = start
            moved[place] += change
            return function(Tensor(float64: moved, shape: x.shape)).item()
        }
        return (value(step) - value(-step)) / (2 * step)
    }
}
