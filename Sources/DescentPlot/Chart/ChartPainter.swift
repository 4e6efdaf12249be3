/// Lays a chart out for a width, and draws it.
struct ChartPainter {
    struct Series {
        var drawing: any Drawing
        var style: SeriesStyle
    }

    let chart: Chart
    let width: Double
    let series: [Series]
    let xAxis: Axis
    let yAxis: Axis
    let xRange: ClosedRange<Double>
    let yRange: ClosedRange<Double>
    let notes: [String]
    /// Whether the marks fill the plot to its border.
    let isTight: Bool
    /// Whether the axes' values are whole numbers.
    let isWhole: (x: Bool, y: Bool)
    /// Whether data lie outside of a range that was asked for.
    let isCut: Bool

    init(chart: Chart, width: Double) {
        self.chart = chart
        self.width = width
        series = Self.styled(chart.marks.map(\.drawing))
        var xAxis = chart.x, yAxis = chart.y
        for drawing in series.map(\.drawing) {
            if xAxis.categories.isEmpty { xAxis.categories = drawing.categories.x }
            if yAxis.categories.isEmpty, !drawing.categories.y.isEmpty {
                yAxis.categories = drawing.categories.y
                // Lists are read from the top.
                yAxis.isReversed = true
            }
        }
        var xs = Extent(scale: xAxis.scale), ys = Extent(scale: yAxis.scale)
        for drawing in series.map(\.drawing) { drawing.extend(&xs, &ys) }
        isWhole = (xs.isWhole && !xs.isTight && xs.low < xs.high, ys.isWhole && !ys.isTight && ys.low < ys.high)
        isTight = xs.isTight && ys.isTight
        xRange = xs.range(for: xAxis)
        yRange = ys.range(for: yAxis)
        self.xAxis = xAxis
        self.yAxis = yAxis
        isCut = xs.exceeds(xRange) || ys.exceeds(yRange)
        let misplaced = series.reduce(0) { $0 + $1.drawing.misplaced(xs, ys) }
        var notes: [String] = []
        if misplaced > 0 {
            let isLog = xAxis.scale == .log || yAxis.scale == .log
            let what = isLog ? "not finite, or not above 0 as a log axis needs" : "not finite"
            notes.append(misplaced == 1 ? "1 point is \(what), and left out." : "\(misplaced) points are \(what), and left out.")
        }
        if series.isEmpty || (series.contains { $0.drawing.takesStyle } && xs.low > xs.high && xAxis.categories.isEmpty) { notes.append("No data.") }
        self.notes = (chart.note.map { [$0] } ?? []) + notes
    }

    /// Each mark with its style: that of its own colour, that of an earlier mark of the same name, or the next of the palette.
    private static func styled(_ drawings: [any Drawing]) -> [Series] {
        var indexByName: [String: Int] = [:], next = 0
        let barCount = drawings.count { $0 is BarsMark }
        var bar = 0
        return drawings.map { drawing in
            var style = SeriesStyle(index: 0)
            if drawing.takesStyle, drawing.color == nil {
                let index = drawing.name.flatMap { indexByName[$0] } ?? next
                if index == next { next += 1 }
                if let name = drawing.name { indexByName[name] = index }
                style = SeriesStyle(index: index)
            }
            if let color = drawing.color {
                if case .series(let index) = color, index >= 0 { style = SeriesStyle(index: index) }
                style.paint = color.paint
            }
            if let dash = drawing.stroke.dash { style.dash = dash }
            guard var bars = drawing as? BarsMark else { return Series(drawing: drawing, style: style) }
            bars.slot = bar
            bars.slots = barCount
            bar += 1
            return Series(drawing: bars, style: style)
        }
    }

    /// The chart as a document of its own.
    func document() -> String {
        let layout = layout()
        var canvas = Canvas()
        draw(layout, on: &canvas)
        return canvas.document(width: layout.width.rounded(), height: layout.height.rounded(), title: chart.title, description: description)
    }

    var description: String {
        var parts: [String] = []
        if !chart.x.label.isEmpty { parts.append("Horizontal: \(chart.x.label)" + (chart.x.scale == .log ? " (log scale)." : ".")) }
        if !chart.y.label.isEmpty { parts.append("Vertical: \(chart.y.label)" + (chart.y.scale == .log ? " (log scale)." : ".")) }
        return (parts + series.map(\.drawing.summary) + notes).filter { !$0.isEmpty }.joined(separator: " ")
    }

    func draw(_ layout: Layout, on canvas: inout Canvas) {
        drawTexts(layout, on: &canvas)
        drawAxes(layout, on: &canvas)
        // A marker on the border is drawn whole; where the data go on beyond the axes, they end at the frame.
        let area = layout.frame.area
        canvas.window(isTight || isCut ? area : area.expanded(by: 4)) { canvas in
            for item in series { item.drawing.draw(on: &canvas, in: layout.frame, style: item.style) }
        }
        var labels = LabelPlacer(
            bounds: Area(x: 2, y: area.y - 14, width: layout.width - 4, height: area.height + 20),
            obstacles: series.flatMap { $0.drawing.obstacles(in: layout.frame) })
        let wanted = series.flatMap { $0.drawing.labels(in: layout.frame, style: $0.style) }
        for label in wanted.filter({ !$0.isOptional }) + wanted.filter(\.isOptional) { labels.place(label) }
        labels.draw(on: &canvas)
        EndLabels.draw(layout.endLabels, on: &canvas)
        layout.legend.draw(on: &canvas)
    }

    private func drawTexts(_ layout: Layout, on canvas: inout Canvas) {
        var y = 14.0
        for line in layout.titleLines {
            canvas.text(line, x: 14, y: y + 13, Canvas.TextStyle(size: 15, bold: true))
            y += 19
        }
        if !chart.y.label.isEmpty {
            canvas.text(TextWidth.fitted(chart.y.label, width: layout.width - 28, size: 12), x: 14, y: y + 15, Canvas.TextStyle(size: 12, paint: .soft))
        }
        if !chart.x.label.isEmpty {
            let area = layout.frame.area
            let text = TextWidth.fitted(chart.x.label, width: layout.width - 28, size: 12), half = TextWidth.of(text, size: 12) / 2
            let x = min(max(area.middleX, 14 + half), layout.width - 14 - half)
            canvas.text(text, x: x, y: area.bottom + 6 + layout.xLabelsHeight + 12, Canvas.TextStyle(size: 12, paint: .soft, anchor: .middle))
        }
        for (index, line) in layout.noteLines.enumerated() {
            canvas.text(
                line, x: 14, y: layout.height - 12 - Double(layout.noteLines.count - 1 - index) * 15, Canvas.TextStyle(size: 11, paint: .soft))
        }
    }
}
