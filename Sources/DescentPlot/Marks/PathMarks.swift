extension Mark {
    /// A path over the plane, such as an optimizer's steps: a ring at its start, dots at the steps while they are few, arrowheads along the way, and
    /// its marker at the end.
    ///
    /// - Parameters:
    ///   - x: The horizontal values in order.
    ///   - y: The vertical values.
    ///   - name: For the legend.
    ///   - color: A colour in place of the series' own.
    public static func path(x: [Double], y: [Double], name: String? = nil, color: ChartColor? = nil) -> Mark {
        Mark(TrajectoryMark(x: x, y: y, name: name, color: color))
    }

    /// An arrow from a point to another, with a text at its tip.
    public static func arrow(from start: (x: Double, y: Double), to end: (x: Double, y: Double), label: String = "", color: ChartColor = .ink) -> Mark {
        Mark(ArrowMark(startX: start.x, startY: start.y, endX: end.x, endY: end.y, text: label, color: color))
    }

    /// A text beside a point of the plane.
    public static func text(_ text: String, x: Double, y: Double, color: ChartColor = .ink) -> Mark {
        Mark(TextMark(text: text, x: x, y: y, color: color))
    }
}

/// An arrowhead whose tip is at a point.
func arrowhead(tip: (x: Double, y: Double), from start: (x: Double, y: Double), length: Double = 9) -> String {
    let dx = tip.x - start.x, dy = tip.y - start.y
    let distance = (dx * dx + dy * dy).squareRoot()
    guard distance > 0 else { return "" }
    let ux = dx / distance * length, uy = dy / distance * length
    let points = [(tip.x, tip.y), (tip.x - ux + uy * 0.42, tip.y - uy - ux * 0.42), (tip.x - ux * 0.75, tip.y - uy * 0.75), (tip.x - ux - uy * 0.42, tip.y - uy + ux * 0.42)]
    return LinePath.data(points.map { (x: $0.0, y: $0.1) }, columns: .infinity) + "z"
}

struct TrajectoryMark: Drawing {
    var x: [Double]
    var y: [Double]
    var name: String?
    var color: ChartColor?

    private var count: Int { min(x.count, y.count) }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for index in 0..<count where xs.accepts(x[index]) && ys.accepts(y[index]) {
            xs.include(x[index])
            ys.include(y[index])
        }
    }

    func misplaced(_ xs: Extent, _ ys: Extent) -> Int { (0..<count).count { !xs.accepts(x[$0]) || !ys.accepts(y[$0]) } }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        let points = (0..<count).compactMap { frame.point(x[$0], y[$0]) }
        guard let first = points.first, let last = points.last else { return }
        let line = LinePath.data(LinePath.thinned(points, columns: 200).map { $0 }, columns: .infinity)
        canvas.path(line, Canvas.stroke(.paper, width: 4, opacity: 0.7) + [("stroke-linejoin", "round")])
        canvas.path(line, Canvas.stroke(style.paint, width: 2, dash: style.dash) + [("stroke-linejoin", "round")])
        var dots = "", heads = "", travelled = 0.0
        // A handful of arrowheads, on pieces that are long enough to carry one.
        let total = zip(points, points.dropFirst()).reduce(0) { sum, pair in
            let dx = pair.1.x - pair.0.x, dy = pair.1.y - pair.0.y
            return sum + (dx * dx + dy * dy).squareRoot()
        }
        let distance = max(110, total / 7)
        for (before, point) in zip(points, points.dropFirst()) {
            let dx = point.x - before.x, dy = point.y - before.y
            let length = (dx * dx + dy * dy).squareRoot()
            travelled += length
            if points.count <= 120, length > 5 { dots += Marker.circle.path(x: point.x, y: point.y, radius: 2) }
            if travelled > distance, length > (points.count > 120 ? 0 : 12) {
                heads += arrowhead(tip: ((before.x + point.x) / 2 + dx / length * 4, (before.y + point.y) / 2 + dy / length * 4), from: before, length: 8)
                travelled = 0
            }
        }
        canvas.path(dots + heads, Canvas.fill(style.paint))
        canvas.path(
            Marker.circle.path(x: first.x, y: first.y, radius: 4.5),
            [("fill", Paint.paper.light), ("stroke", style.paint.light), ("stroke-width", "2"), ("style", "fill:\(Paint.paper.variable);stroke:\(style.paint.variable)")])
        let end = style.marker.path(x: last.x, y: last.y, radius: 5.5)
        if style.marker.isOpen {
            canvas.path(end, Canvas.stroke(style.paint, width: 2.5))
        } else {
            canvas.path(end, Canvas.filled(style.paint, rim: 1.5))
        }
    }

    func obstacles(in frame: Frame) -> [Area] {
        let points = (0..<count).map { frame.point(x[$0], y[$0]) }
        guard let last = points.last ?? nil else { return [] }
        return (count > 2000 ? [] : Area.along(points, in: frame.area)) + [Area(x: last.x - 6, y: last.y - 6, width: 12, height: 12)]
    }

    func keys(style: SeriesStyle) -> [LegendKey] { name.map { [LegendKey(text: $0, symbol: .path, style: style)] } ?? [] }

    var summary: String {
        guard count > 0 else { return (name ?? "Path") + ": no points." }
        let format = NumberFormat.significant(4)
        return "\(name ?? "Path"): \(count) points from (\(format.text(x[0])), \(format.text(y[0]))) to "
            + "(\(format.text(x[count - 1])), \(format.text(y[count - 1])))."
    }
}

struct ArrowMark: Drawing {
    var startX, startY, endX, endY: Double
    var text: String
    var color: ChartColor?

    var takesStyle: Bool { false }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for value in [startX, endX] { xs.include(value) }
        for value in [startY, endY] { ys.include(value) }
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        guard let start = frame.point(startX, startY), let end = frame.point(endX, endY) else { return }
        canvas.line(start.x, start.y, end.x, end.y, Canvas.stroke(style.paint, width: 2))
        canvas.path(arrowhead(tip: end, from: start, length: 11), Canvas.fill(style.paint))
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        guard !text.isEmpty, let end = frame.point(endX, endY) else { return [] }
        // Beyond the tip, so that the text goes on where the arrow points.
        guard let start = frame.point(startX, startY) else { return [] }
        let dx = end.x - start.x, dy = end.y - start.y, length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
        let beyond = MarkLabel.Place(
            x: end.x + dx / length * 8, y: end.y + dy / length * 11 + 4, anchor: abs(dx) < 0.3 * length ? .middle : dx > 0 ? .start : .end)
        return [MarkLabel(text: text, paint: style.paint, places: [beyond] + MarkLabel.around(end.x, end.y, distance: 9))]
    }

    func obstacles(in frame: Frame) -> [Area] { Area.along([frame.point(startX, startY), frame.point(endX, endY)], in: frame.area) }

    var summary: String { text.isEmpty ? "" : "An arrow: \(text)." }
}

struct TextMark: Drawing {
    var text: String
    var x, y: Double
    var color: ChartColor?

    var takesStyle: Bool { false }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        xs.include(x)
        ys.include(y)
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {}

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        guard let point = frame.point(x, y) else { return [] }
        return [MarkLabel(text: text, paint: style.paint, places: MarkLabel.around(point.x, point.y))]
    }

    var summary: String { text + "." }
}
