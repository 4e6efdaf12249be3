extension Mark {
    /// A function of two variables as cells, the stronger the higher; a scale stands in the legend.
    ///
    /// - Parameters:
    ///   - rows: Values, `rows[j][i]` for the j-th cell upwards and the i-th to the right. NaN leaves a hole.
    ///   - x: The range the cells cover from the first's left to the last's right border.
    ///   - y: The range from the lowest to the highest border.
    ///   - color: A colour in place of blue.
    public static func heatmap(_ rows: [[Double]], x: ClosedRange<Double>, y: ClosedRange<Double>, color: ChartColor? = nil) -> Mark {
        Mark(HeatmapMark(grid: Grid(rows: rows, x: x, y: y), color: color ?? .accent))
    }
}

/// Rectangles of equal cells, merged along rows and then over equal rows.
struct CellRuns {
    /// Cells `from..<to` of the rows `bottom..<top`.
    struct Run { var from, to, bottom, top: Int }

    /// The runs of the cells of each key.
    static func merged(_ keys: [[Int]]) -> [Int: [Run]] {
        var runs: [Int: [Run]] = [:]
        // The runs that end at the row below and may grow, by key and columns.
        var open: [[Int]: Int] = [:]
        for (row, cells) in keys.enumerated() {
            var next: [[Int]: Int] = [:], start = 0
            while start < cells.count {
                var end = start + 1
                while end < cells.count, cells[end] == cells[start] { end += 1 }
                let key = cells[start], place = [key, start, end]
                if let index = open[place] {
                    runs[key]?[index].top = row + 1
                    next[place] = index
                } else {
                    runs[key, default: []].append(Run(from: start, to: end, bottom: row, top: row + 1))
                    next[place] = (runs[key]?.count ?? 1) - 1
                }
                start = end
            }
            open = next
        }
        return runs
    }

    /// An SVG path over the runs.
    static func path(_ runs: [Run], columns: Int, rows: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, in frame: Frame) -> String {
        func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>, _ axis: Projection) -> String {
            Canvas.number(axis.place(range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)) ?? axis.start)
        }
        return runs.map { run in
            let left = place(run.from, columns, x, frame.x), right = place(run.to, columns, x, frame.x)
            let low = place(run.bottom, rows, y, frame.y), high = place(run.top, rows, y, frame.y)
            return "M" + left + " " + low + "H" + right + "V" + high + "H" + left + "z"
        }.joined()
    }
}

struct HeatmapMark: Drawing {
    var grid: Grid
    var color: ChartColor?

    private static let steps = 24
    var takesStyle: Bool { false }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for bound in [grid.x.lowerBound, grid.x.upperBound] { xs.include(bound) }
        for bound in [grid.y.lowerBound, grid.y.upperBound] { ys.include(bound) }
        xs.isTight = true
        ys.isTight = true
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        guard let range = grid.finiteRange else { return }
        let span = range.upperBound - range.lowerBound
        let keys = grid.rows.map { row in
            row.prefix(grid.width).map { value in
                value.isFinite ? (span > 0 ? Int((value / span - range.lowerBound / span) * Double(Self.steps) * 0.9999) : Self.steps / 2) : -1
            }
        }
        canvas.group([("shape-rendering", "crispEdges")]) { canvas in
            for (key, runs) in CellRuns.merged(keys).sorted(by: { $0.key < $1.key }) where key >= 0 {
                let opacity = 0.03 + 0.94 * Double(key) / Double(Self.steps - 1)
                let path = CellRuns.path(runs, columns: grid.width, rows: grid.height, x: grid.x, y: grid.y, in: frame)
                canvas.path(path, Canvas.fill(style.paint, opacity: opacity))
            }
        }
    }

    func keys(style: SeriesStyle) -> [LegendKey] {
        guard let range = grid.finiteRange else { return [] }
        let format = NumberFormat.significant(3)
        return [LegendKey(text: format.text(range.lowerBound) + " to " + format.text(range.upperBound), symbol: .ramp, style: style)]
    }

    var summary: String {
        guard let range = grid.finiteRange else { return "A heat map without finite values." }
        let format = NumberFormat.significant(4)
        return "A heat map of values from \(format.text(range.lowerBound)) to \(format.text(range.upperBound))."
    }
}
