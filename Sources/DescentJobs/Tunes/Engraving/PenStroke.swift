import DescentPlot

/// A point in staff spaces, the x axis to the right and the y axis down.
struct StaffPoint: Equatable {
    var x, y: Double

    static func + (a: Self, b: Self) -> Self { Self(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Self, b: Self) -> Self { Self(x: a.x - b.x, y: a.y - b.y) }
    static func * (a: Self, b: Double) -> Self { Self(x: a.x * b, y: a.y * b) }
}

/// Outlines of shapes as path data of SVG. All go round the same way, so that shapes that overlap fill each other and leave no holes.
enum PenStroke {
    /// A place of a pen and how broad its stroke is there.
    typealias Place = (x: Double, y: Double, width: Double)

    /// The outline of a stroke through places, on Catmull-Rom splines between them.
    static func stroke(_ places: [Place], pieces: Int = 3) -> String {
        let first = places[0], second = places[1], last = places[places.count - 1], previous = places[places.count - 2]
        // One place more at each end goes on as the stroke began.
        let all =
            [(2 * first.x - second.x, 2 * first.y - second.y, 2 * first.width - second.width)] + places.map { ($0.x, $0.y, $0.width) }
            + [(2 * last.x - previous.x, 2 * last.y - previous.y, 2 * last.width - previous.width)]
        func value(_ p: (Double, Double, Double, Double), _ t: Double) -> Double {
            let square = t * t, cube = square * t
            let linear = (p.2 - p.0) * t, quadratic = (2 * p.0 - 5 * p.1 + 4 * p.2 - p.3) * square, cubic = (3 * p.1 - p.0 - 3 * p.2 + p.3) * cube
            return (2 * p.1 + linear + quadratic + cubic) / 2
        }
        var centre: [StaffPoint] = [], widths: [Double] = []
        for index in 1..<all.count - 2 {
            let (a, b, c, d) = (all[index - 1], all[index], all[index + 1], all[index + 2])
            for piece in 0..<pieces {
                let t = Double(piece) / Double(pieces)
                centre.append(StaffPoint(x: value((a.0, b.0, c.0, d.0), t), y: value((a.1, b.1, c.1, d.1), t)))
                widths.append(max(value((a.2, b.2, c.2, d.2), t), 0.02))
            }
        }
        centre.append(StaffPoint(x: last.x, y: last.y))
        widths.append(last.width)
        var left: [StaffPoint] = [], right: [StaffPoint] = []
        for index in centre.indices {
            let along = centre[min(index + 1, centre.count - 1)] - centre[max(index - 1, 0)]
            let length = max((along.x * along.x + along.y * along.y).squareRoot(), 1e-9), half = widths[index] / 2 / length
            let across = StaffPoint(x: -along.y * half, y: along.x * half)
            left.append(centre[index] + across)
            right.append(centre[index] - across)
        }
        return smooth(left + right.reversed())
    }

    /// A closed smooth curve through points.
    static func smooth(_ points: [StaffPoint]) -> String {
        let points = oriented(points), count = points.count
        var path = "M\(InkDrawing.number(points[0].x)) \(InkDrawing.number(points[0].y))"
        for index in points.indices {
            let (before, here, next, after) = (points[(index + count - 1) % count], points[index], points[(index + 1) % count], points[(index + 2) % count])
            let (a, b) = (here + (next - before) * (1 / 6), next - (after - here) * (1 / 6))
            path += "C" + [a, b, next].map { "\(InkDrawing.number($0.x)) \(InkDrawing.number($0.y))" }.joined(separator: " ")
        }
        return path + "Z"
    }

    /// A polygon.
    static func polygon(_ corners: [(x: Double, y: Double)]) -> String {
        "M" + oriented(corners.map { StaffPoint(x: $0.x, y: $0.y) }).map { "\(InkDrawing.number($0.x)) \(InkDrawing.number($0.y))" }.joined(separator: "L") + "Z"
    }

    /// A circle.
    static func circle(_ x: Double, _ y: Double, _ radius: Double) -> String {
        let r = InkDrawing.number(radius)
        return
            "M\(InkDrawing.number(x - radius)) \(InkDrawing.number(y))A\(r) \(r) 0 1 1 \(InkDrawing.number(x + radius)) \(InkDrawing.number(y))A\(r) \(r) 0 1 1 \(InkDrawing.number(x - radius)) \(InkDrawing.number(y))Z"
    }

    /// An ellipse around (x, y) whose long axis ends at (x + end.x, y + end.y), at an angle in degrees.
    static func ellipse(_ x: Double, _ y: Double, long: Double, short: Double, degrees: Double, end: (x: Double, y: Double), isHole: Bool = false) -> String {
        let axes = "\(InkDrawing.number(long)) \(InkDrawing.number(short)) \(InkDrawing.number(degrees)) 1 \(isHole ? 0 : 1) "
        let (near, far) = ("\(InkDrawing.number(x - end.x)) \(InkDrawing.number(y - end.y))", "\(InkDrawing.number(x + end.x)) \(InkDrawing.number(y + end.y))")
        return "M\(near)A\(axes)\(far)A\(axes)\(near)Z"
    }

    /// Points that go round clockwise.
    private static func oriented(_ points: [StaffPoint]) -> [StaffPoint] {
        var area = 0.0
        for (index, point) in points.enumerated() {
            let next = points[(index + 1) % points.count]
            area += point.x * next.y - next.x * point.y
        }
        return area < 0 ? points.reversed() : points
    }
}
