extension ChartPainter {
    /// Everything's place, decided before anything is drawn.
    struct Layout {
        var frame: Frame
        /// The picture's width: less than what there was where the plot's proportions leave some of it over.
        var width: Double
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

    private static let margin = 14.0

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
        let outer = Self.margin
        let titleLines = TextWidth.lines(chart.title, width: width - 2 * outer, size: 15, bold: true)
        var top = outer + Double(titleLines.count) * 19
        if !chart.y.label.isEmpty { top += 20 }
        top += titleLines.isEmpty && chart.y.label.isEmpty ? 4 : 10
        var left = 60.0, size = (width: width - left - outer, height: min(max(width * 0.5, 190), 400))
        var ticks: (x: [Tick], y: [Tick]) = ([], [])
        // The plot's size decides on the ticks, and their texts take room from the plot: the second time they agree.
        for _ in 0..<2 {
            ticks = self.ticks(for: size)
            left = outer + (ticks.y.map { TextWidth.of($0.label, size: 11.5) }.max() ?? 0) + 8
            size.width = max(40, width - left - max(outer + 4, rightMargin))
            // Half of the last number hangs over the plot's end.
            if let last = ticks.x.last(where: { !$0.label.isEmpty }), rightMargin == 0, xAxis.categories.isEmpty {
                size.width -= max(0, TextWidth.of(last.label, size: 11.5) / 2 - outer - 4)
            }
            size = proportioned(width: size.width)
        }
        let longest = ticks.x.map { TextWidth.of($0.label, size: 11.5) }.max() ?? 0
        let slot = size.width / Double(max(xAxis.categories.count, 1))
        let tilts = !xAxis.categories.isEmpty && longest > slot - 4
        // A tilted name may reach farther to the left than the numbers of the other axis.
        if tilts { left = max(left, outer + min(longest, 120) * 0.71 - slot / 2) }
        let xLabelsHeight = tilts ? min(longest, 120) * 0.71 + 14 : 18.0
        let area = Area(x: left, y: top, width: min(size.width, max(40, width - left - outer)), height: size.height)
        var used = width
        if chart.proportion == .equalUnits {
            let texts =
                [TextWidth.of(chart.x.label, size: 12), TextWidth.of(chart.y.label, size: 12)]
                + titleLines.map { TextWidth.of($0, size: 15, bold: true) }
            used = min(width, max(area.right + max(outer + 4, rightMargin), (texts.max() ?? 0) + 2 * outer, 300))
        }
        var y = area.bottom + 6 + xLabelsHeight
        if !chart.x.label.isEmpty { y += 18 }
        var legend = legend
        if !legend.keys.isEmpty {
            legend.arrange(x: min(left, 60), y: y + 8, width: used - min(left, 60) - outer)
            y = legend.bottom
        }
        let noteLines = notes.flatMap { TextWidth.lines($0, width: used - 2 * outer, size: 11) }
        if !noteLines.isEmpty { y += 8 + Double(noteLines.count) * 15 }
        let frame = Frame(area: area, x: projection(xAxis, xRange, area.x, area.right), y: projection(yAxis, yRange, area.bottom, area.y))
        return Layout(
            frame: frame, width: used, height: y + 12, titleLines: titleLines, xTicks: ticks.x, yTicks: ticks.y, xLabelsTilt: tilts,
            xLabelsHeight: xLabelsHeight, legend: legend, endLabels: [], noteLines: noteLines)
    }

    /// The plot's size in a width, by the chart's proportion.
    private func proportioned(width plotWidth: Double) -> (width: Double, height: Double) {
        let pleasant = min(max(width * 0.5, 190), 400)
        switch chart.proportion {
        case .fill:
            let count = yAxis.categories.count
            return (plotWidth, count > 0 ? min(max(Double(count) * barRow, 80), 900) : pleasant)
        case .ratio(let ratio): return (plotWidth, min(max(plotWidth * ratio, 60), 2000))
        case .equalUnits:
            let ratio = (yRange.upperBound - yRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            let isMatrix = !xAxis.categories.isEmpty && !yAxis.categories.isEmpty
            let plotWidth = isMatrix ? min(plotWidth, 88 * Double(xAxis.categories.count)) : plotWidth
            let limit = max(pleasant * 1.25, min(width * 0.95, isMatrix ? max(560, 24 * Double(yAxis.categories.count)) : 520))
            let height = min(plotWidth * ratio, limit)
            return (max(40, min(plotWidth, height / ratio)), max(height, 30))
        }
    }

    private func ticks(for size: (width: Double, height: Double)) -> (x: [Tick], y: [Tick]) {
        var x = ticks(xAxis, xRange, isWhole: isWhole.x, length: size.width, spacing: width < 460 ? 62 : 72)
        var y = ticks(yAxis, yRange, isWhole: isWhole.y, length: size.height, spacing: 44)
        let isPlane =
            chart.proportion == .equalUnits && xAxis.categories.isEmpty && yAxis.categories.isEmpty
            && xAxis.scale == .linear && yAxis.scale == .linear
        if isPlane {
            // Where units are equally long, steps are too: those of the longer axis, where they suit the other.
            let xIsLonger = size.width >= size.height
            let (longer, range, length) = xIsLonger ? (x, yRange, size.height) : (y, xRange, size.width)
            if longer.count > 1 {
                let shared = Ticks.multiples(of: longer[1].value - longer[0].value, from: range.lowerBound, to: range.upperBound)
                let values = shared.count > 1 && length / Double(shared.count) > (xIsLonger ? 22 : 40) ? shared : []
                let format = xIsLonger ? yAxis.format : xAxis.format
                let ticks = zip(values, Ticks.labels(of: values, format: format)).map { Tick(value: $0, label: $1) }
                if !ticks.isEmpty { if xIsLonger { y = ticks } else { x = ticks } }
            }
        }
        y = y.map { Tick(value: $0.value, label: TextWidth.fitted($0.label, width: width * 0.34, size: 11.5), isMinor: $0.isMinor) }
        return (x, y)
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

    private func ticks(_ axis: Axis, _ range: ClosedRange<Double>, isWhole: Bool, length: Double, spacing: Double) -> [Tick] {
        if !axis.categories.isEmpty { return axis.categories.enumerated().map { Tick(value: Double($0), label: $1) } }
        let count = max(2, Int((length / spacing).rounded()))
        return axis.scale == .log
            ? Ticks.logarithmic(from: range.lowerBound, to: range.upperBound, count: count, format: axis.format)
            : Ticks.linear(from: range.lowerBound, to: range.upperBound, count: count, isWhole: isWhole, format: axis.format)
    }
}
