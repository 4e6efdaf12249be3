import DescentPlot

/// A linear boundary drawn: the line, its normal, its distance to the origin, and the margin beside it.
struct BoundaryPicture {
    let boundary: LinearBoundary
    let x: ClosedRange<Double>, y: ClosedRange<Double>

    private func line(_ boundary: LinearBoundary, color: ChartColor, stroke: LineStroke) -> Mark? {
        boundary.ends(x: x, y: y).map { .line(x: [$0.first.x, $0.second.x], y: [$0.first.y, $0.second.y], color: color, stroke: stroke) }
    }

    /// The line with its normal w and, where the origin is in sight, the way from there; none where the line is out of sight.
    var marks: [Mark] {
        guard let ends = boundary.ends(x: x, y: y), let normal = boundary.normal, let line = line(boundary, color: .ink, stroke: .solid) else { return [] }
        var marks = [line]
        let nearest = boundary.nearestToOrigin
        let showsOrigin = x.contains(0) && y.contains(0) && x.contains(nearest.x) && y.contains(nearest.y)
        if showsOrigin {
            marks.append(.line(x: [0, nearest.x], y: [0, nearest.y], color: .ink, stroke: .dotted))
            marks.append(.text(short(boundary.distanceToOrigin, digits: 3), x: nearest.x / 2, y: nearest.y / 2))
            marks.append(.points(x: [0], y: [0], size: 3, color: .ink, labels: ["origin"]))
        }
        // The normal stands at a third of the line, on the side away from the origin's foot.
        func place(_ share: Double) -> (x: Double, y: Double) {
            (ends.first.x + share * (ends.second.x - ends.first.x), ends.first.y + share * (ends.second.y - ends.first.y))
        }
        func distance(_ point: (x: Double, y: Double)) -> Double {
            let dx = point.x - nearest.x, dy = point.y - nearest.y
            return dx * dx + dy * dy
        }
        let foot = !showsOrigin ? place(0.5) : distance(place(0.3)) > distance(place(0.7)) ? place(0.3) : place(0.7)
        let length = 0.16 * Swift.min(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
        marks.append(.arrow(from: foot, to: (foot.x + length * normal.x, foot.y + length * normal.y), label: "w"))
        return marks
    }

    /// "−17.5 + 2.78 petal length + 2.39 petal width = 0, at the distance 4.79 from the origin."
    func equation(of features: (x: String, y: String), positive: String?) -> String {
        /// A feature's name without its unit.
        func name(_ feature: String) -> String { feature.split(separator: ",").first.map(String.init) ?? feature }
        func number(_ value: Double) -> String { short(value, digits: 3).replacingMinus }
        func term(_ weight: Double, _ feature: String) -> String {
            (weight < 0 ? " − " : " + ") + short(Swift.abs(weight), digits: 3) + " " + name(feature)
        }
        let formula = number(boundary.bias) + term(boundary.weights.x, features.x) + term(boundary.weights.y, features.y) + " = 0"
        guard boundary.norm > 0 else { return "The weights are 0: there is no boundary." }
        let side = positive.map { ", to the side of \($0)" } ?? ""
        return "Boundary: \(formula), at the distance \(short(boundary.distanceToOrigin, digits: 3)) from the origin. w is its normal\(side)."
    }

    /// The ways of points to the boundary, those on the wrong side in the colour of warnings; where none is, lines beside the boundary through the
    /// nearest point; and what is to be said of them.
    func margin(of points: [(x: Double, y: Double)], isPositive: [Bool]) -> (marks: [Mark], note: String) {
        guard let normal = boundary.normal else { return ([], "") }
        let margins = Margins(boundary: boundary, points: points, isPositive: isPositive)
        var marks: [Mark] = []
        if margins.wrong == 0, !points.isEmpty {
            for side in [-1.0, 1] {
                let shifted = LinearBoundary(weights: boundary.weights, bias: boundary.bias + side * margins.least * boundary.norm)
                if let line = line(shifted, color: .ink, stroke: .dashedThin) { marks.append(line) }
            }
        }
        for (point, margin) in zip(points, margins.values) {
            let distance = boundary.distance(of: point)
            marks.append(
                .line(
                    x: [point.x, point.x - distance * normal.x], y: [point.y, point.y - distance * normal.y],
                    color: margin < 0 ? .warning : .muted, stroke: margin < 0 ? .thin : .hairline))
        }
        return (marks, margins.summary)
    }
}

extension String {
    /// With true minus signs.
    var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}
