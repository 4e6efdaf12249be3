/// Paths through many points, as short as the picture's resolution allows.
enum LinePath {
    typealias Point = (x: Double, y: Double)

    /// The SVG path through the points, with a gap at each nil.
    ///
    /// - Parameter columns: The width in pixels to which runs of ascending x are thinned; infinite to keep every point.
    static func data(_ points: [Point?], columns: Double) -> String {
        var data = "", run: [Point] = []
        func text(_ run: [Point]) -> String {
            guard run.count > 1 else { return "" }
            let points = columns.isFinite ? thinned(run, columns: columns) : run
            var text = "", previous = ""
            for (index, point) in points.enumerated() {
                let place = Canvas.number(point.x) + " " + Canvas.number(point.y)
                if index > 0, place == previous, index + 1 < points.count { continue }
                text += (index == 0 ? "M" : "L") + place
                previous = place
            }
            return text
        }
        for point in points {
            if let point { run.append(point) } else { data += text(run); run.removeAll(keepingCapacity: true) }
        }
        return data + text(run)
    }

    /// Of a run of points at most four per pixel column: the first, the lowest, the highest and the last, in their order. The picture is the same as
    /// with all of them, for a line covers its column from lowest to highest. Runs that go back in x (paths) keep each point that moves by at least
    /// a third of a pixel.
    static func thinned(_ points: [Point], columns: Double) -> [Point] {
        guard Double(points.count) > 4 * max(columns, 1) else { return points }
        let ascends = zip(points, points.dropFirst()).allSatisfy { $0.x <= $1.x }
        return ascends ? byColumn(points) : byDistance(points)
    }

    /// The points that matter: without those that lie within a tolerance of the line through the others (Douglas and Peucker 1973).
    static func simplified(_ points: [Point], tolerance: Double = 0.08) -> [Point] {
        guard points.count > 2 else { return points }
        var isKept = [Bool](repeating: false, count: points.count)
        isKept[0] = true
        isKept[points.count - 1] = true
        // A closed line begins as two halves.
        let isClosed = points[0] == points[points.count - 1]
        var open = isClosed ? [(0, points.count / 2), (points.count / 2, points.count - 1)] : [(0, points.count - 1)]
        if isClosed { isKept[points.count / 2] = true }
        while let (first, last) = open.popLast() {
            let a = points[first], b = points[last]
            let dx = b.x - a.x, dy = b.y - a.y, length = (dx * dx + dy * dy).squareRoot()
            var farthest = -1, most = tolerance
            for index in first + 1..<max(last, first + 1) {
                let px = points[index].x - a.x, py = points[index].y - a.y
                let distance = length > 0 ? abs(px * dy - py * dx) / length : (px * px + py * py).squareRoot()
                if distance > most { most = distance; farthest = index }
            }
            guard farthest > 0 else { continue }
            isKept[farthest] = true
            open += [(first, farthest), (farthest, last)]
        }
        return points.indices.filter { isKept[$0] }.map { points[$0] }
    }

    private static func byColumn(_ points: [Point]) -> [Point] {
        var kept: [Point] = [], start = 0
        while start < points.count {
            let column = points[start].x.rounded(.down)
            var end = start, lowest = start, highest = start
            while end < points.count, points[end].x.rounded(.down) == column {
                if points[end].y < points[lowest].y { lowest = end }
                if points[end].y > points[highest].y { highest = end }
                end += 1
            }
            var last = -1
            for index in [start, min(lowest, highest), max(lowest, highest), end - 1] where index > last {
                kept.append(points[index])
                last = index
            }
            start = end
        }
        return kept
    }

    private static func byDistance(_ points: [Point]) -> [Point] {
        var kept = [points[0]]
        for point in points.dropFirst() {
            let dx = point.x - kept[kept.count - 1].x, dy = point.y - kept[kept.count - 1].y
            if dx * dx + dy * dy >= 0.1 { kept.append(point) }
        }
        if let last = points.last { kept.append(last) }
        return kept
    }
}
