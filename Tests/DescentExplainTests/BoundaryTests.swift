import DescentCore
import DescentExplain
import Testing

/// Linear boundaries, margins, and the pictures of them.
@Suite struct BoundaryTests {
    typealias Point = (x: Double, y: Double)

    /// Cases of the kinds "boundary_segment" and "discriminant".
    @Test func knownEnds() throws {
        let slanted = try #require(LinearBoundary(weights: (2, 3), bias: 1).ends(x: -2...2, y: -2...2))
        expectClose([slanted.first.x, slanted.first.y, slanted.second.x, slanted.second.y], [-2, 1, 2, -1.6666666666666667])
        let upright = try #require(LinearBoundary(weights: (1, 0), bias: -0.5).ends(x: -1...1, y: -1...1))
        expectClose([upright.first.x, upright.first.y, upright.second.x, upright.second.y], [0.5, -1, 0.5, 1])
    }

    @Test func knownDistances() {
        let slanted = LinearBoundary(weights: (2, 3), bias: 1)
        expectClose([slanted.distanceToOrigin, slanted.normal!.x, slanted.normal!.y], [0.2773500981126146, 0.5547001962252291, 0.8320502943378437])
        let other = LinearBoundary(weights: (3, -4), bias: -10)
        expectClose([other.distanceToOrigin, other.nearestToOrigin.x, other.nearestToOrigin.y], [2, 1.2, -1.6])
        expectClose([other.distance(of: (0, 0)), other.distance(of: (6, 2)), other.distance(of: (1.2, -1.6)), other.distance(of: (0, -5))], [-2, 0, 0, 2])
        #expect(LinearBoundary(weights: (0, 0), bias: 1).normal == nil && LinearBoundary(weights: (0, 0), bias: 1).ends(x: 0...1, y: 0...1) == nil)
    }

    /// The piece of a line in a box by Liang and Barsky 1984: the line as a point and a direction, cut by one side after the other.
    private func clipped(_ boundary: LinearBoundary, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> (Point, Point)? {
        let start = boundary.nearestToOrigin, direction = (x: -boundary.weights.y, y: boundary.weights.x)
        var low = -Double.infinity, high = Double.infinity
        for (p, q) in [
            (-direction.x, start.x - x.lowerBound), (direction.x, x.upperBound - start.x), (-direction.y, start.y - y.lowerBound), (direction.y, y.upperBound - start.y),
        ] {
            if p == 0 { if q < 0 { return nil } } else if p < 0 { low = max(low, q / p) } else { high = min(high, q / p) }
        }
        guard low < high else { return nil }
        let ends = [low, high].map { (x: start.x + $0 * direction.x, y: start.y + $0 * direction.y) }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        return (ends[0], ends[1])
    }

    @Test("the ends are those of another algorithm, for lines of every direction")
    func ends() {
        let numbers = Random(seed: 21).normal([500, 7], dtype: .float64).doubles
        var hits = 0
        for row in 0..<500 {
            let n = Array(numbers[(row * 7)..<(row * 7 + 7)])
            // Upright and level ones among them.
            let boundary = LinearBoundary(weights: (row % 10 == 0 ? 0 : n[0], row % 10 == 5 ? 0 : n[1]), bias: n[2])
            let x = n[3]...(n[3] + Swift.abs(n[4]) + 0.1), y = n[5]...(n[5] + Swift.abs(n[6]) + 0.1)
            let found = boundary.ends(x: x, y: y), expected = clipped(boundary, x, y)
            #expect((found == nil) == (expected == nil))
            guard let found, let expected else { continue }
            hits += 1
            expectClose([found.first.x, found.first.y, found.second.x, found.second.y], [expected.0.x, expected.0.y, expected.1.x, expected.1.y])
        }
        #expect(hits > 100)
    }

    @Test func margins() {
        let scores = Tensor(float64: [[2, 1, 0.5], [0.1, 0.3, 0.2], [-1, -2, -0.5]])
        let several = Margins(scores: scores, classes: [0, 2, 1])
        expectClose(several.values, [1, -0.1, -1.5])
        #expect(several.wrong == 2)
        let two = Margins(decisions: [0.5, -2, 3], isPositive: [true, false, false])
        #expect(two.values == [0.5, 2, -3] && two.wrong == 1 && two.least == -3)
        let line = Margins(boundary: LinearBoundary(weights: (3, -4), bias: -10), points: [(0, 0), (0, -5)], isPositive: [false, true])
        expectClose(line.values, [2, 2])
        #expect(line.summary == "All of 2 examples lie on their side, the nearest at 2.")
        #expect(two.summary == "1 of 3 examples lies on the wrong side, the farthest by 3.")
    }

    @Test("right and wrong have a bin's border between them, so that no bar holds both")
    func histogram() {
        let values = Random(seed: 4).normal([400], dtype: .float64).doubles.map { $0 + 0.8 }
        let margins = Margins(decisions: values, isPositive: values.map { _ in true })
        let svg = margins.chart().svg(width: 640)
        // Tooltips: "−0.4 to −0.2: 17".
        let bars = svg.split(separator: "<title>").dropFirst(2).compactMap { part -> (low: Double, high: Double, count: Int)? in
            let words = part.prefix { $0 != "<" }.map { $0 == "−" ? "-" : $0 }.split(whereSeparator: { $0 == " " || $0 == ":" }).map { String($0) }
            guard words.count == 4, let low = Double(words[0]), let high = Double(words[2]), let count = Int(words[3]) else { return nil }
            return (low, high, count)
        }
        #expect(bars.count > 8 && bars.allSatisfy { $0.low >= 0 || $0.high <= 1e-9 })
        #expect(bars.filter { $0.high <= 1e-9 }.reduce(0) { $0 + $1.count } == margins.wrong)
        #expect(bars.reduce(0) { $0 + $1.count } == 400)
    }

    @Test func thePictureOfABoundary() {
        let inputs = Tensor(float64: [[1, 0], [2, 1], [-1, 0.5], [-2, -1]])
        let regions = DecisionRegions(inputs: inputs, classes: [1, 1, 0, 0], names: ["left", "right"], features: ("width, cm", "height, cm"), includesOrigin: true)
        let boundary = LinearBoundary(weights: (1, 0), bias: -0.5)
        let chart = regions.chart("two", boundary: boundary, showsMargin: true) { ($0[.all, 0] .> 0.5).cast(to: .int64).ints }
        #expect(
            chart.note
                == "Boundary: −0.5 + 1 width + 0 height = 0, at the distance 0.5 from the origin. w is its normal, to the side of right. All of 4 examples lie on their side, the nearest at 0.5.")
        let svg = chart.svg(width: 640)
        for text in [">w<", ">origin<", ">0.5<", ">left<", ">right<"] { #expect(svg.contains(text), "\(text)") }
        // Its border is the boundary: one line straight up at x = 0.5.
        let moved = regions.chart("moved", boundary: boundary) { ($0[.all, 0] .> 10).cast(to: .int64).ints }
        #expect(svg != moved.svg(width: 640))
    }

    private func expectClose(_ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.count == expected.count, sourceLocation: sourceLocation)
        for (a, b) in zip(found, expected) { #expect(Swift.abs(a - b) <= 1e-9 * max(1, Swift.abs(b)), sourceLocation: sourceLocation) }
    }
}
