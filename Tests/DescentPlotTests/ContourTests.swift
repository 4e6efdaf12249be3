import DescentPlot
import Testing

/// Lines of equal value and the borders of regions, on functions whose lines are known.
@Suite struct ContourTests {
    static let functions: [(name: String, f: @Sendable (Double, Double) -> Double)] = [
        ("a plane", { 2 * $0 - 3 * $1 + 0.7 }), ("a bowl", { $0 * $0 + 10 * $1 * $1 }), ("a saddle", { $0 * $0 - $1 * $1 }),
        ("Rosenbrock", { (1 - $0) * (1 - $0) + 100 * ($1 - $0 * $0) * ($1 - $0 * $0) }),
    ]

    private static func grid(_ f: (Double, Double) -> Double, _ count: Int = 41) -> Grid {
        let x = -2.0...2.0, y = -1.5...2.5
        return Grid(
            rows: (0..<count).map { j in (0..<count).map { i in f(-2 + 4 * Double(i) / Double(count - 1), -1.5 + 4 * Double(j) / Double(count - 1)) } }, x: x, y: y)
    }

    @Test("every vertex lies on a side of the grid, where the interpolated value is the level", arguments: functions.map(\.name))
    func onTheLevel(name: String) {
        let f = Self.functions.first { $0.name == name }!.f, count = 41, h = 4.0 / Double(count - 1)
        for level in [-1.3, 0.137, 1, 2.5, 7.7, 55] {
            for (x, y) in Contour(grid: Self.grid(f, count), level: level).lines().joined() {
                let i = (x + 2) / h, j = (y + 1.5) / h
                let isOnColumn = abs(i - i.rounded()) < 1e-9
                #expect(isOnColumn || abs(j - j.rounded()) < 1e-9)
                // Between the two neighbours along the side.
                let low = isOnColumn ? (i.rounded(), j.rounded(.down)) : (i.rounded(.down), j.rounded())
                let high = isOnColumn ? (low.0, low.1 + 1) : (low.0 + 1, low.1), share = isOnColumn ? j - low.1 : i - low.0
                let a = f(-2 + h * low.0, -1.5 + h * low.1), b = f(-2 + h * high.0, -1.5 + h * high.1)
                #expect(abs(a + share * (b - a) - level) <= 1e-9 * max(1, abs(a), abs(b)), "\(name) at \(x), \(y)")
            }
        }
    }

    @Test func aPlanesLineIsExactAndOpen() {
        let lines = Contour(grid: Self.grid(Self.functions[0].f), level: 0.5).lines()
        #expect(lines.count == 1)
        for (x, y) in lines[0] { #expect(abs(2 * x - 3 * y + 0.7 - 0.5) < 1e-12) }
        for end in [lines[0].first!, lines[0].last!] { #expect(abs(abs(end.x) - 2) < 1e-12 || abs(end.y + 1.5) < 1e-12 || abs(end.y - 2.5) < 1e-12) }
    }

    @Test func aCircleIsClosedAndHoldsItsArea() {
        let grid = Self.grid({ $0 * $0 + $1 * $1 }, 161)
        let lines = Contour(grid: grid, level: 1).lines()
        #expect(lines.count == 1 && lines[0].first! == lines[0].last!)
        #expect(abs(area(lines[0]) - .pi) < 2e-3)
        // Where it is at least 1: the rest of the plane.
        #expect(abs(Contour(grid: grid, level: 1).outlines().map(area).reduce { abs($0 - $1) } - (16 - .pi)) < 4e-3)
    }

    @Test("open lines end at the border or at a hole, closed ones where they start", arguments: functions.map(\.name))
    func ends(name: String) {
        let f = Self.functions.first { $0.name == name }!.f
        for level in [0.137, 2.5, 7.7] {
            for line in Contour(grid: Self.grid(f), level: level).lines() where line.first! != line.last! {
                for end in [line.first!, line.last!] {
                    #expect(abs(abs(end.x) - 2) < 1e-9 || abs(end.y + 1.5) < 1e-9 || abs(end.y - 2.5) < 1e-9, "\(name), \(level): ends at \(end)")
                }
            }
        }
    }

    @Test("the border of two half planes is the line between them, to a part of a cell")
    func straightBorder() {
        let map = RegionMap(x: -2...2, y: -1...1, columns: 20, rows: 20) { $0.map { 1 + 2 * $0.x + 3 * $0.y > 0 ? 1 : 0 } }
        let lines = map.borders()
        #expect(lines.count == 1 && lines[0].count > 20)
        // Halved eight times: an error of at most 0.2 / 512 along x, times the weight 2.
        for (x, y) in lines.joined() { #expect(abs(1 + 2 * x + 3 * y) <= 0.2 / 512 * 2 + 1e-9) }
        // 1 + 2x + 3y > 0 in the box is 8 less the trapezium below: between x = -2, where y < 1, and x = 1, where y < -1.
        let areas = map.outlines().mapValues { $0.map(area).reduce(0, +) }
        #expect(abs(areas[0]! - 3) < 1e-2 && abs(areas[0]! + areas[1]! - 8) < 1e-9)
    }

    @Test("regions cover the plane once, holes and points where many meet included")
    func coverage() {
        var random = FixedRandom(seed: 7)
        let centers = (0..<10).map { _ in (x: 4 * random.next() - 2, y: 4 * random.next() - 2) }
        let map = RegionMap(x: -2...2, y: -2...2, columns: 60, rows: 60) { places in
            places.map { place in
                if place.x * place.x + place.y * place.y < 0.25 { return 10 }
                return centers.indices.min { a, b in
                    let one = (centers[a].x - place.x, centers[a].y - place.y), two = (centers[b].x - place.x, centers[b].y - place.y)
                    return one.0 * one.0 + one.1 * one.1 < two.0 * two.0 + two.1 * two.1
                }!
            }
        }
        let outlines = map.outlines()
        for lines in outlines.values { for line in lines { #expect(line.first! == line.last!) } }
        // The disc lies inside of other regions, whose outlines have it as a hole.
        let disc = outlines[10]!.map(area).reduce(0, +)
        // Where a third region meets the disc, a cell of 1/15 is divided by straight lines.
        #expect(abs(disc - .pi / 4) < 1e-2)
        // By the even-odd rule each of many places is in exactly one region.
        for _ in 0..<300 {
            let place = (x: 3.9 * random.next() - 1.95, y: 3.9 * random.next() - 1.95)
            #expect(outlines.values.count { isInside(place, $0) } == 1)
        }
    }

    private func area(_ line: [(x: Double, y: Double)]) -> Double {
        abs(zip(line, line.dropFirst() + [line[0]]).reduce(0) { $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) / 2 })
    }

    private func isInside(_ place: (x: Double, y: Double), _ lines: [[(x: Double, y: Double)]]) -> Bool {
        var crossings = 0
        for line in lines {
            for (a, b) in zip(line, line.dropFirst()) where (a.y > place.y) != (b.y > place.y) {
                if place.x < a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x) { crossings += 1 }
            }
        }
        return crossings % 2 == 1
    }
}

extension Array where Element == Double {
    /// Of two: what a function makes of them. Of one: itself.
    fileprivate func reduce(_ join: (Double, Double) -> Double) -> Double { count == 1 ? self[0] : dropFirst().reduce(self[0], join) }
}
