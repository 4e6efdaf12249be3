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
    let isTight: Bool

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
        isTight = xs.isTight && ys.isTight
        xRange = xs.range(for: xAxis)
        yRange = ys.range(for: yAxis)
        self.xAxis = xAxis
        self.yAxis = yAxis
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

    /// Each mark with its style: the next of the palette, that of an earlier mark of the same name, or its own colour.
    private static func styled(_ drawings: [any Drawing]) -> [Series] {
        var indexByName: [String: Int] = [:], next = 0
        let barCount = drawings.count { $0 is BarsMark }
        var bar = 0
        return drawings.map { drawing in
            var style = SeriesStyle(index: 0)
            if drawing.takesStyle {
                let index = drawing.name.flatMap { indexByName[$0] } ?? next
                if index == next { next += 1 }
                if let name = drawing.name { indexByName[name] = index }
                style = SeriesStyle(index: index)
            }
            if let color = drawing.color { style.paint = color.paint }
            guard var bars = drawing as? BarsMark else { return Series(drawing: drawing, style: style) }
            bars.slot = bar
            bars.slots = barCount
            bar += 1
            return Series(drawing: bars, style: style)
        }
    }

    /// Everything's place, decided before anything is drawn.
    struct Layout {
        var frame: Frame
        var height: Double
        var titleLines: [String]
        var xTicks: [Tick]
        var yTicks: [Tick]
        var xLabelsTilt: Bool
        var xLabelsHeight: Double
        var legend: Legend
        var endLabels: [EndLabels.Item]
        var noteLines: [String]
    }

    func layout() -> Layout {
        let wanted = chart.showsLegend ? EndLabels.candidates(series) : []
        if width >= 460, !wanted.isEmpty, let room = EndLabels.room(for: wanted, width: width) {
            var layout = layout(rightMargin: room, legend: Legend(series: series, without: Set(wanted.map(\.name))))
            if let items = EndLabels.placed(wanted, in: layout.frame) {
                layout.endLabels = items
                return layout
            }
        }
        return layout(rightMargin: 0, legend: chart.showsLegend ? Legend(series: series, without: []) : Legend(keys: []))
    }

    private func layout(rightMargin: Double, legend: Legend) -> Layout {
        let outer = 14.0
        let titleLines = TextWidth.lines(chart.title, width: width - 2 * outer, size: 15, bold: true)
        var top = outer + Double(titleLines.count) * 19
        if !chart.y.label.isEmpty { top += 20 }
        top += titleLines.isEmpty && chart.y.label.isEmpty ? 4 : 10
        let guess = min(max(width * 0.5, 190), 400)
        var yTicks = ticks(yAxis, yRange, length: guess, spacing: 42)
        let yLabelLimit = width * 0.34
        yTicks = yTicks.map { Tick(value: $0.value, label: TextWidth.fitted($0.label, width: yLabelLimit, size: 11.5), isMinor: $0.isMinor) }
        let left = outer + (yTicks.map { TextWidth.of($0.label, size: 11.5) }.max() ?? 0) + 8
        var plotWidth = max(40, width - left - max(outer + 4, rightMargin))
        let xTicks = ticks(xAxis, xRange, length: plotWidth, spacing: width < 460 ? 62 : 82)
        // Half of the last number hangs over the plot's end.
        if let last = xTicks.last(where: { !$0.label.isEmpty }), rightMargin == 0, xAxis.categories.isEmpty {
            plotWidth -= max(0, TextWidth.of(last.label, size: 11.5) / 2 - outer - 4)
        }
        var plotHeight = guess
        switch chart.proportion {
        case .fill:
            if yAxis.categories.count > 0 { plotHeight = min(max(Double(yAxis.categories.count) * barRow, 80), 900) }
        case .ratio(let ratio): plotHeight = min(max(plotWidth * ratio, 60), 2000)
        case .equalUnits:
            let ratio = (yRange.upperBound - yRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            let cellLimit = xAxis.categories.isEmpty || yAxis.categories.isEmpty ? .infinity : 84 * Double(xAxis.categories.count)
            plotWidth = min(plotWidth, cellLimit)
            plotHeight = plotWidth * ratio
            let limit = max(guess * 1.25, min(width * 0.95, 560))
            if plotHeight > limit { plotWidth = max(40, plotWidth * limit / plotHeight); plotHeight = limit }
            plotHeight = max(plotHeight, 30)
        }
        let longest = xTicks.map { TextWidth.of($0.label, size: 11.5) }.max() ?? 0
        let slot = plotWidth / Double(max(xAxis.categories.count, 1))
        let tilts = !xAxis.categories.isEmpty && longest > slot - 4
        let limited = min(longest, 120)
        let xLabelsHeight = tilts ? limited * 0.71 + 14 : 18.0
        let area = Area(x: left, y: top, width: plotWidth, height: plotHeight)
        var bottom = area.bottom + 6 + xLabelsHeight
        if !chart.x.label.isEmpty { bottom += 18 }
        var legend = legend
        if !legend.keys.isEmpty {
            legend.arrange(x: min(left, 40), y: bottom + 8, width: width - min(left, 40) - outer)
            bottom = legend.bottom
        }
        let noteLines = notes.flatMap { TextWidth.lines($0, width: width - 2 * outer, size: 11) }
        if !noteLines.isEmpty { bottom += 8 + Double(noteLines.count) * 15 }
        return Layout(
            frame: Frame(area: area, x: projection(xAxis, xRange, area.x, area.right), y: projection(yAxis, yRange, area.bottom, area.y)),
            height: bottom + 8, titleLines: titleLines, xTicks: xTicks,
            yTicks: chart.proportion == .fill || !yAxis.categories.isEmpty ? yTicks : ticks(yAxis, yRange, length: plotHeight, spacing: 42),
            xLabelsTilt: tilts, xLabelsHeight: xLabelsHeight, legend: legend, endLabels: [], noteLines: noteLines)
    }

    /// The height of one category of horizontal bars.
    private var barRow: Double {
        let count = series.count { $0.drawing is BarsMark }
        return max(24, Double(count) * 15 + 8)
    }

    private func projection(_ axis: Axis, _ range: ClosedRange<Double>, _ start: Double, _ end: Double) -> Projection {
        axis.isReversed
            ? Projection(range: range, scale: axis.scale, start: end, end: start) : Projection(range: range, scale: axis.scale, start: start, end: end)
    }

    private func ticks(_ axis: Axis, _ range: ClosedRange<Double>, length: Double, spacing: Double) -> [Tick] {
        if !axis.categories.isEmpty { return axis.categories.enumerated().map { Tick(value: Double($0), label: $1) } }
        let count = max(2, Int((length / spacing).rounded()))
        return axis.scale == .log
            ? Ticks.logarithmic(from: range.lowerBound, to: range.upperBound, count: count, format: axis.format)
            : Ticks.linear(from: range.lowerBound, to: range.upperBound, count: count, format: axis.format)
    }

    /// The chart as a document of its own.
    func document() -> String {
        let layout = layout()
        var canvas = Canvas()
        draw(layout, on: &canvas)
        return canvas.document(width: width, height: layout.height.rounded(), title: chart.title, description: description)
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
        canvas.window(layout.frame.area.expanded(by: isTight ? 0 : 3)) { canvas in
            for item in series { item.drawing.draw(on: &canvas, in: layout.frame, style: item.style) }
        }
        var labels = LabelPlacer(bounds: Area(x: 2, y: layout.frame.area.y - 14, width: width - 4, height: layout.frame.area.height + 20))
        for item in series {
            for label in item.drawing.labels(in: layout.frame, style: item.style) { labels.place(label) }
        }
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
            canvas.text(TextWidth.fitted(chart.y.label, width: width - 28, size: 12), x: 14, y: y + 15, Canvas.TextStyle(size: 12, paint: .soft))
        }
        if !chart.x.label.isEmpty {
            let area = layout.frame.area
            let text = TextWidth.fitted(chart.x.label, width: width - 28, size: 12), half = TextWidth.of(text, size: 12) / 2
            let x = min(max(area.middleX, 14 + half), width - 14 - half)
            canvas.text(text, x: x, y: area.bottom + 6 + layout.xLabelsHeight + 12, Canvas.TextStyle(size: 12, paint: .soft, anchor: .middle))
        }
        for (index, line) in layout.noteLines.enumerated() {
            canvas.text(
                line, x: 14, y: layout.height - 12 - Double(layout.noteLines.count - 1 - index) * 15, Canvas.TextStyle(size: 11, paint: .soft))
        }
    }
}
