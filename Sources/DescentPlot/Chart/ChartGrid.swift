/// Small charts side by side, as many in a row as the width allows.
public struct ChartGrid: Picture {
    /// The title of all charts together.
    public var title: String
    /// The charts, row by row.
    public var charts: [Chart]
    /// The width below which a chart is not legible; it decides the number of columns.
    public var minimumWidth: Double
    /// Maximum number of charts in a row; nil for as many as fit.
    public var columns: Int?

    /// A grid of charts.
    public init(_ title: String, charts: [Chart], minimumWidth: Double = 260, columns: Int? = nil) {
        self.title = title
        self.charts = charts
        self.minimumWidth = minimumWidth
        self.columns = columns
    }

    public var hasFixedSize: Bool { false }

    public func svg(width: Double = 900) -> String {
        let fitting = max(1, Int(width / max(minimumWidth, 160)))
        let columns = max(1, min(fitting, columns ?? fitting, max(charts.count, 1)))
        let cell = width / Double(columns)
        var painters = charts.map { ChartPainter(chart: $0, width: cell) }
        // A legend that is the same for all stands once above them.
        let legends = painters.map { Legend(series: $0.chart.showsLegend ? $0.series : [], without: []) }
        var shared = Legend(keys: [])
        if charts.count > 1, let first = legends.first, !first.keys.isEmpty, legends.allSatisfy({ $0.signature == first.signature }) {
            shared = first
            painters = charts.map { chart in
                var chart = chart
                chart.showsLegend = false
                return ChartPainter(chart: chart, width: cell)
            }
        }
        let layouts = painters.map { $0.layout() }
        var canvas = Canvas(), y = 0.0
        if !title.isEmpty {
            for line in TextWidth.lines(title, width: width - 28, size: 17, bold: true) {
                canvas.text(line, x: 14, y: y + 28, Canvas.TextStyle(size: 17, bold: true))
                y += 22
            }
            y += 10
        }
        if !shared.keys.isEmpty {
            shared.arrange(x: 14, y: y, width: width - 28)
            shared.draw(on: &canvas)
            y = shared.bottom + 4
        }
        for row in stride(from: 0, to: charts.count, by: columns) {
            let range = row..<min(row + columns, charts.count)
            for index in range {
                let place = "translate(" + Canvas.number(cell * Double(index - row)) + " " + Canvas.number(y) + ")"
                canvas.group([("transform", place)]) { painters[index].draw(layouts[index], on: &$0) }
            }
            y += range.map { layouts[$0].height }.max() ?? 0
        }
        let description = zip(charts, painters).map { $0.title + ": " + $1.description }.joined(separator: " ")
        return canvas.document(width: width, height: (y + 6).rounded(), title: title, description: description)
    }
}
