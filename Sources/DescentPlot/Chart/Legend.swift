/// The names of the series under the plot, in rows.
struct Legend {
    var keys: [LegendKey]
    private var places: [(x: Double, y: Double)] = []
    private(set) var bottom = 0.0
    private var right = 0.0

    private static let size = 12.0, rowHeight = 20.0

    init(keys: [LegendKey]) { self.keys = keys }

    /// The keys of all series, one for each name; those that are named at their lines are left out.
    init(series: [ChartPainter.Series], without named: Set<String>) {
        var seen = named
        keys = series.flatMap { $0.drawing.keys(style: $0.style) }.filter { seen.insert($0.text).inserted }
    }

    /// The visible content, by which legends are compared.
    var signature: [String] { keys.map { "\($0.text) \($0.symbol) \($0.style.paint.name) \($0.style.dash ?? "") \($0.style.marker) \($0.opacity)" } }

    private func symbolWidth(_ key: LegendKey) -> Double {
        switch key.symbol {
        case .line, .markedLine, .path: 26
        case .marker, .box: 14
        case .ramp: 84
        }
    }

    /// Gives each key its place, in rows from a corner.
    mutating func arrange(x left: Double, y top: Double, width: Double) {
        var x = left, y = top
        places = keys.map { key in
            let needed = symbolWidth(key) + 6 + min(TextWidth.of(key.text, size: Legend.size), width - 32)
            if x > left, x + needed > left + width { x = left; y += Legend.rowHeight }
            defer { x += needed + 18 }
            return (x, y)
        }
        bottom = y + Legend.rowHeight
        right = left + width
    }

    func draw(on canvas: inout Canvas) {
        for (key, place) in zip(keys, places) {
            let middle = place.y + 10, width = symbolWidth(key)
            switch key.symbol {
            case .line, .markedLine, .path:
                canvas.line(place.x, middle, place.x + width, middle, Canvas.stroke(key.style.paint, width: key.width, dash: key.style.dash))
                guard key.symbol != .line else { break }
                // As the marks draw it: at the points of a line, at the end of a path.
                let marker = key.style.marker.path(x: place.x + (key.symbol == .path ? width - 4 : width / 2), y: middle, radius: key.symbol == .path ? 4.2 : 3.2)
                canvas.path(marker, key.style.marker.isOpen ? Canvas.stroke(key.style.paint, width: 1.8) : Canvas.fill(key.style.paint))
            case .marker:
                let path = key.style.marker.path(x: place.x + 7, y: middle, radius: 4.2)
                canvas.path(path, key.style.marker.isOpen ? Canvas.stroke(key.style.paint, width: 1.8) : Canvas.fill(key.style.paint))
            case .box:
                canvas.rectangle(Area(x: place.x, y: middle - 6, width: 12, height: 12), radius: 2, Canvas.fill(key.style.paint, opacity: key.opacity))
            case .ramp:
                for step in 0..<8 {
                    let box = Area(x: place.x + Double(step) * 10, y: middle - 5, width: 10, height: 10)
                    canvas.rectangle(box, Canvas.fill(key.style.paint, opacity: 0.03 + 0.94 * Double(step) / 7) + [("shape-rendering", "crispEdges")])
                }
            }
            let room = right - place.x - width - 6
            canvas.text(TextWidth.fitted(key.text, width: room, size: Legend.size), x: place.x + width + 6, y: middle + 4.2, Canvas.TextStyle(size: Legend.size))
        }
    }
}
