/// How a line is drawn.
public enum LineStroke: Sendable, Hashable {
    /// Of the strength of a series, its dashes told from its place among the series, so that a black-and-white print is legible.
    case series
    /// Of the strength of a series, without dashes.
    case solid
    /// Of the strength of a series, dashed.
    case dashed
    /// Thin and without dashes: for what stands behind.
    case thin
    /// As thin as can be printed: for what there is much of.
    case hairline
    /// Thin and dashed: for what goes beside another line.
    case dashedThin
    /// Thin and dotted: for what leads the eye.
    case dotted

    var width: Double {
        switch self {
        case .thin, .dotted, .dashedThin: 1.2
        case .hairline: 0.6
        case .series, .solid, .dashed: 2
        }
    }

    /// The dashes in place of the series' own; nil for these.
    var dash: String?? {
        switch self {
        case .series: nil
        case .solid, .thin, .hairline: .some(nil)
        case .dashed, .dashedThin: "7 4"
        case .dotted: "1.5 3"
        }
    }
}

extension Mark {
    /// A line through equally spaced values.
    ///
    /// - Parameters:
    ///   - values: The heights; a value that is not finite makes a gap.
    ///   - first: The x of the first value; each next one is 1 further.
    ///   - name: For the legend.
    ///   - smoothing: 0 for none, else the weight of the past in a moving average (0.9 is strong). The values themselves stand faintly behind.
    ///   - low: The lower edge of a band around the line, one per value; empty for none.
    ///   - high: The upper edge.
    ///   - showsPoints: Whether each value has a marker.
    ///   - color: A colour in place of the series' own.
    ///   - stroke: Its strength and dashes.
    public static func line(
        _ values: [Double], from first: Double = 0, name: String? = nil, smoothing: Double = 0, low: [Double] = [], high: [Double] = [],
        showsPoints: Bool = false, color: ChartColor? = nil, stroke: LineStroke = .series
    ) -> Mark {
        line(
            x: values.indices.map { first + Double($0) }, y: values, name: name, smoothing: smoothing, low: low, high: high,
            showsPoints: showsPoints, color: color, stroke: stroke)
    }

    /// A line through points in their order. If one of the lists is longer, its end is ignored. See ``line(_:from:name:smoothing:low:high:showsPoints:color:stroke:)``.
    public static func line(
        x: [Double], y: [Double], name: String? = nil, smoothing: Double = 0, low: [Double] = [], high: [Double] = [],
        showsPoints: Bool = false, color: ChartColor? = nil, stroke: LineStroke = .series
    ) -> Mark {
        Mark(
            LineMark(
                x: x, y: y, low: low, high: high, smoothing: min(max(smoothing, 0), 0.9999), showsPoints: showsPoints, name: name, color: color,
                stroke: stroke))
    }

    /// The graph of a function.
    ///
    /// - Parameters:
    ///   - name: For the legend.
    ///   - range: Where x runs, in 400 equal steps.
    ///   - function: The height at x; where it is not finite the line has a gap.
    public static func function(name: String? = nil, over range: ClosedRange<Double>, color: ChartColor? = nil, _ function: (Double) -> Double) -> Mark {
        let x = (0...400).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 400 }
        return line(x: x, y: x.map(function), name: name, color: color)
    }
}

/// A line with an optional band and an optional smoothed copy.
struct LineMark: Drawing {
    var x: [Double]
    var y: [Double]
    var low: [Double]
    var high: [Double]
    var smoothing: Double
    var showsPoints: Bool
    var name: String?
    var color: ChartColor?
    var stroke = LineStroke.series

    private var count: Int { min(x.count, y.count) }
    private var bandCount: Int { min(count, low.count, high.count) }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for index in 0..<count where xs.accepts(x[index]) && ys.accepts(y[index]) {
            xs.include(x[index])
            ys.include(y[index])
        }
        for index in 0..<bandCount where xs.accepts(x[index]) {
            ys.include(low[index])
            ys.include(high[index])
        }
    }

    func misplaced(_ xs: Extent, _ ys: Extent) -> Int { (0..<count).count { !xs.accepts(x[$0]) || !ys.accepts(y[$0]) } }

    /// The moving average of TensorBoard: each value pulled towards its past, with the start's bias towards 0 divided out.
    static func smoothed(_ values: [Double], weight: Double) -> [Double] {
        var average = 0.0, bias = 1.0
        return values.map { value in
            guard value.isFinite else { return value }
            average = average * weight + value * (1 - weight)
            bias *= weight
            return average / (1 - bias)
        }
    }

    private var front: [Double] { smoothing > 0 ? Self.smoothed(y, weight: smoothing) : y }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        drawBand(on: &canvas, in: frame, style: style)
        if smoothing > 0 {
            canvas.path(path(y, in: frame), Canvas.stroke(style.paint, width: 1, opacity: 0.3) + [("stroke-linejoin", "round")])
        }
        let points = places(front, in: frame)
        canvas.path(
            LinePath.data(points, columns: frame.area.width),
            Canvas.stroke(style.paint, width: stroke.width, dash: style.dash) + [("stroke-linejoin", "round")])
        let known = points.compactMap { $0 }
        if showsPoints || known.count == 1 || isolated(points) {
            var data = ""
            for (index, point) in points.enumerated() {
                guard let point else { continue }
                let isAlone = (index == 0 || points[index - 1] == nil) && (index + 1 == points.count || points[index + 1] == nil)
                if showsPoints || isAlone { data += style.marker.path(x: point.x, y: point.y, radius: 3) }
            }
            canvas.path(data, style.marker.isOpen ? Canvas.stroke(style.paint, width: 1.5) : Canvas.fill(style.paint))
        }
    }

    private func isolated(_ points: [(x: Double, y: Double)?]) -> Bool {
        points.indices.contains { points[$0] != nil && ($0 == 0 || points[$0 - 1] == nil) && ($0 + 1 == points.count || points[$0 + 1] == nil) }
    }

    private func places(_ values: [Double], in frame: Frame) -> [(x: Double, y: Double)?] {
        (0..<count).map { frame.point(x[$0], values[$0]) }
    }

    private func path(_ values: [Double], in frame: Frame) -> String {
        LinePath.data(places(values, in: frame), columns: frame.area.width)
    }

    private func drawBand(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        guard bandCount > 1 else { return }
        var lower: [(x: Double, y: Double)] = [], upper: [(x: Double, y: Double)] = []
        for index in 0..<bandCount {
            guard let place = frame.x.place(x[index]), high[index].isFinite, low[index].isFinite else { continue }
            lower.append((place, frame.y.place(low[index]) ?? frame.area.bottom))
            upper.append((place, frame.y.place(high[index]) ?? frame.area.bottom))
        }
        let outline = LinePath.thinned(upper, columns: frame.area.width) + LinePath.thinned(lower, columns: frame.area.width).reversed()
        guard outline.count > 2 else { return }
        canvas.path(LinePath.data(outline.map { $0 }, columns: .infinity) + "z", Canvas.fill(style.paint, opacity: 0.16))
    }

    func labelPlace(in frame: Frame) -> (x: Double, y: Double)? {
        guard smoothing == 0 || !front.isEmpty else { return nil }
        return places(front, in: frame).last { $0 != nil } ?? nil
    }

    /// A line of very many points is everywhere, and no label can avoid it.
    func obstacles(in frame: Frame) -> [Area] { count > 2000 ? [] : Area.along(places(front, in: frame), in: frame.area) }

    func keys(style: SeriesStyle) -> [LegendKey] {
        name.map { [LegendKey(text: $0, symbol: showsPoints ? .markedLine : .line, style: style, width: stroke.width)] } ?? []
    }

    var summary: String {
        let known = (0..<count).filter { x[$0].isFinite && y[$0].isFinite }
        guard let first = known.first, let last = known.last else { return (name ?? "line") + ": no points." }
        let format = NumberFormat.significant(4)
        let low = known.map { y[$0] }.min() ?? 0, high = known.map { y[$0] }.max() ?? 0
        return "\(name ?? "Line"): from \(format.text(y[first])) at \(format.text(x[first])) to \(format.text(y[last])) at \(format.text(x[last])), "
            + "lowest \(format.text(low)), highest \(format.text(high))."
    }
}
