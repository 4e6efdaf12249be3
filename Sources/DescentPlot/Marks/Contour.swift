/// Marching squares (Lorensen and Cline 1987, in the plane): the lines on which a function has a value, and the areas where it is at least that.
package struct Contour {
    let grid: Grid
    let level: Double

    package init(grid: Grid, level: Double) { (self.grid, self.level) = (grid, level) }

    package typealias Point = (x: Double, y: Double)

    /// The corners of a cell, counter-clockwise from low x and low y; side `i` runs from corner `i` to the next.
    private static let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]

    /// The lines of the level, each a list of points; closed ones end where they start, others at the grid's border or at a hole.
    package func lines() -> [[Point]] { trace(isPadded: false) }

    /// The closed outlines of the areas where the function is at least the level, running along the grid's border where the area ends there. An
    /// outline inside another is a hole: fill by the even-odd rule.
    package func outlines() -> [[Point]] { trace(isPadded: true) }

    /// The value at a point of the grid; lower than everything where there is none.
    private func value(_ column: Int, _ row: Int) -> Double {
        guard column >= 0, row >= 0, column < grid.width, row < grid.height else { return -.infinity }
        let value = grid.rows[row][column]
        return value.isFinite ? value : -.infinity
    }

    /// The values at a cell's corners.
    private func values(_ column: Int, _ row: Int) -> [Double] { Contour.corners.map { value(column + $0.0, row + $0.1) } }

    /// Where the level crosses a cell's side: between the grid's points in proportion, and at the point itself if the other has no value.
    private func crossing(_ column: Int, _ row: Int, _ side: Int, _ values: [Double]) -> Point {
        let a = values[side], b = values[(side + 1) % 4]
        let share = a == -.infinity ? 1 : b == -.infinity ? 0 : (level - a) / (b - a)
        let (ax, ay) = Contour.corners[side], (bx, by) = Contour.corners[(side + 1) % 4]
        func inside(_ place: Double, _ count: Int) -> Double { min(max(place, 0), Double(count - 1)) }
        return (
            grid.xValue(inside(Double(column + ax) + share * Double(bx - ax), grid.width)),
            grid.yValue(inside(Double(row + ay) + share * Double(by - ay), grid.height))
        )
    }

    /// A side's number in the whole grid with its padding, the same from both cells beside it.
    private func sideKey(_ column: Int, _ row: Int, _ side: Int) -> Int {
        let width = grid.width + 2, place = (row + 1) * width + column + 1
        switch side {
        case 0: return 2 * place
        case 1: return 2 * (place + 1) + 1
        case 2: return 2 * (place + width)
        default: return 2 * place + 1
        }
    }

    /// Pairs of sides that a line enters and leaves a cell by.
    private func passages(_ values: [Double]) -> [(Int, Int)] {
        let isHigh = values.map { $0 >= level }
        let crossed = (0..<4).filter { isHigh[$0] != isHigh[($0 + 1) % 4] }
        guard crossed.count == 4 else { return crossed.count == 2 ? [(crossed[0], crossed[1])] : [] }
        // Two opposite corners are high: joined through the middle if the cell's mean is high. The lines go round the corners that stand alone.
        let isJoined = values.reduce(0, +) / 4 >= level
        return isHigh[0] == isJoined ? [(0, 1), (2, 3)] : [(3, 0), (1, 2)]
    }

    private func trace(isPadded: Bool) -> [[Point]] {
        guard grid.width > 1, grid.height > 1 else { return [] }
        var points: [Int: Point] = [:], neighbours: [Int: [Int]] = [:], order: [Int] = []
        let first = isPadded ? -1 : 0, pad = isPadded ? 0 : 1
        for row in first..<(grid.height - pad) {
            for column in first..<(grid.width - pad) {
                let values = values(column, row)
                guard isPadded || values.allSatisfy({ $0 > -.infinity }) else { continue }
                for (from, to) in passages(values) {
                    let keys = [sideKey(column, row, from), sideKey(column, row, to)]
                    for (key, side) in zip(keys, [from, to]) where points[key] == nil {
                        points[key] = crossing(column, row, side, values)
                        order.append(key)
                    }
                    neighbours[keys[0], default: []].append(keys[1])
                    neighbours[keys[1], default: []].append(keys[0])
                }
            }
        }
        var used = Set<Int>()
        func follow(_ start: Int) -> [Point] {
            var keys = [start]
            used.insert(start)
            while let next = neighbours[keys[keys.count - 1]]?.first(where: { !used.contains($0) }) {
                used.insert(next)
                keys.append(next)
            }
            if keys.count > 2, neighbours[keys[keys.count - 1]]?.contains(start) == true { keys.append(start) }
            return keys.compactMap { points[$0] }
        }
        var lines: [[Point]] = []
        // Open lines from their ends first, so that none is begun in its middle.
        for key in order where neighbours[key]?.count == 1 && !used.contains(key) { lines.append(follow(key)) }
        for key in order where !used.contains(key) { lines.append(follow(key)) }
        return lines.filter { $0.count > 1 }
    }
}
