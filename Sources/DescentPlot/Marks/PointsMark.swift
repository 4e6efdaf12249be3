extension Mark {
    /// Points, each with a marker. Where thousands share a pixel one of them is drawn.
    ///
    /// - Parameters:
    ///   - x: The horizontal values.
    ///   - y: The vertical values; if one of the lists is longer, its end is ignored.
    ///   - name: For the legend.
    ///   - size: The markers' radius in pixels.
    ///   - sizes: The radius of each marker, from the first on; empty for one size.
    ///   - color: A colour in place of the series' own.
    ///   - labels: Texts beside the points, from the first on; empty texts are skipped. A text without room is left out.
    public static func points(
        x: [Double], y: [Double], name: String? = nil, size: Double = 3.2, sizes: [Double] = [], color: ChartColor? = nil,
        labels: [String] = []
    ) -> Mark {
        Mark(PointsMark(x: x, y: y, size: size, sizes: sizes, texts: labels, name: name, color: color))
    }
}

struct PointsMark: Drawing {
    var x: [Double]
    var y: [Double]
    var size: Double
    var sizes: [Double] = []
    var texts: [String]
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
        // Many points are drawn smaller and thinner, so that their density shows.
        let radius = count > 2000 ? min(size, 1.6) : count > 400 ? min(size, 2.4) : size
        let opacity = count > 2000 ? 0.45 : count > 150 ? 0.65 : 0.85
        // Crowds are dots: round ends of lines without length, the shortest way to write a disc.
        let isCrowd = count > 2000
        let cellsPerPixel = count > 20_000 ? 0.6 : isCrowd ? 1.0 : 4.0
        var taken = Set<Int>(), data = ""
        for index in 0..<count {
            guard let point = frame.point(x[index], y[index]), frame.area.expanded(by: radius * 2).contains(x: point.x, y: point.y) else { continue }
            // Two points of a series in one pixel look like one.
            let cell = Int(point.y * cellsPerPixel) * 100_000 + Int(point.x * cellsPerPixel)
            guard taken.insert(cell).inserted else { continue }
            data +=
                isCrowd
                ? "M" + Canvas.number((point.x * 10).rounded() / 10) + " " + Canvas.number((point.y * 10).rounded() / 10) + "h0"
                : style.marker.path(x: point.x, y: point.y, radius: index < sizes.count ? sizes[index] : radius)
        }
        if isCrowd {
            canvas.path(data, Canvas.stroke(style.paint, width: radius * 2, opacity: opacity) + [("stroke-linecap", "round")])
        } else if style.marker.isOpen {
            canvas.path(data, Canvas.stroke(style.paint, width: 1.4, opacity: opacity))
        } else if count <= 400 {
            // A rim of paper keeps points apart that overlap.
            canvas.path(data, Canvas.filled(style.paint, rim: 0.75, opacity: 0.92))
        } else {
            canvas.path(data, Canvas.fill(style.paint, opacity: opacity))
        }
    }

    func obstacles(in frame: Frame) -> [Area] {
        guard count <= 2000 else { return [] }
        return (0..<count).compactMap { index in
            frame.point(x[index], y[index]).map { Area(x: $0.x - size, y: $0.y - size, width: 2 * size, height: 2 * size) }
        }
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        (0..<min(count, texts.count)).compactMap { index in
            guard !texts[index].isEmpty, let point = frame.point(x[index], y[index]) else { return nil }
            return MarkLabel(text: texts[index], paint: .ink, places: MarkLabel.around(point.x, point.y), isOptional: true)
        }
    }

    func keys(style: SeriesStyle) -> [LegendKey] { name.map { [LegendKey(text: $0, symbol: .marker, style: style)] } ?? [] }

    var summary: String { (name ?? "Points") + ": \(count) point\(count == 1 ? "" : "s")." }
}
