import DescentCore
import Testing

/// Expects numbers that differ by at most `tolerance * (1 + |expected|)`.
func expectClose(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-6, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    let isClose = found.count == expected.count && zip(found, expected).allSatisfy { $0 == $1 || Swift.abs($0 - $1) <= tolerance * (1 + Swift.abs($1)) }
    #expect(isClose, "\(note) found \(found.prefix(12)), expected \(expected.prefix(12))", sourceLocation: sourceLocation)
}
