extension ChartPainter {
    /// Grid, axis lines and the ticks' texts.
    func drawAxes(_ layout: Layout, on canvas: inout Canvas) {
        let area = layout.frame.area
        let hasNames = (x: !xAxis.categories.isEmpty, y: !yAxis.categories.isEmpty)
        if !isTight {
            var major = "", minor = ""
            for tick in layout.yTicks where !hasNames.y {
                guard let y = layout.frame.y.place(tick.value) else { continue }
                let line = "M" + Canvas.number(area.x) + " " + Canvas.number(y) + "H" + Canvas.number(area.right)
                if tick.isMinor { minor += line } else { major += line }
            }
            for tick in layout.xTicks where !hasNames.x {
                guard let x = layout.frame.x.place(tick.value) else { continue }
                let line = "M" + Canvas.number(x) + " " + Canvas.number(area.y) + "V" + Canvas.number(area.bottom)
                if tick.isMinor { minor += line } else { major += line }
            }
            canvas.path(minor, Canvas.stroke(.grid, width: 0.5, opacity: 0.7))
            canvas.path(major, Canvas.stroke(.grid, width: 1))
            canvas.path(axisLines(layout), Canvas.stroke(.axis, width: 1))
        } else {
            canvas.path(tickMarks(layout), Canvas.stroke(.axis, width: 1))
        }
        drawXTexts(layout, on: &canvas)
        // Names of rows that are lower than a line of text: every second or third has one.
        let every = hasNames.y ? max(1, Int((12 / (area.height / Double(yAxis.categories.count))).rounded(.up))) : 1
        for (index, tick) in layout.yTicks.enumerated() where !tick.label.isEmpty && index % every == 0 {
            guard let y = layout.frame.y.place(tick.value), y >= area.y - 1, y <= area.bottom + 1 else { continue }
            canvas.text(tick.label, x: area.x - 8, y: y + 4, Canvas.TextStyle(size: 11.5, paint: hasNames.y ? .ink : .soft, anchor: .end))
        }
    }

    /// Short lines between the ticks' texts and a plot that its marks fill.
    private func tickMarks(_ layout: Layout) -> String {
        let area = layout.frame.area
        var lines = ""
        if xAxis.categories.isEmpty {
            for tick in layout.xTicks where !tick.isMinor {
                if let x = layout.frame.x.place(tick.value) { lines += "M" + Canvas.number(x) + " " + Canvas.number(area.bottom) + "v4" }
            }
        }
        if yAxis.categories.isEmpty {
            for tick in layout.yTicks where !tick.isMinor {
                if let y = layout.frame.y.place(tick.value) { lines += "M" + Canvas.number(area.x - 4) + " " + Canvas.number(y) + "h4" }
            }
        }
        return lines
    }

    /// The line of value 0 where it is inside, else the bottom line; the left line of horizontal bars.
    private func axisLines(_ layout: Layout) -> String {
        let area = layout.frame.area
        func horizontal(_ y: Double) -> String { "M" + Canvas.number(area.x) + " " + Canvas.number(y) + "H" + Canvas.number(area.right) }
        func vertical(_ x: Double) -> String { "M" + Canvas.number(x) + " " + Canvas.number(area.y) + "V" + Canvas.number(area.bottom) }
        if !yAxis.categories.isEmpty {
            return vertical(xAxis.scale == .log ? area.x : layout.frame.x.clampedPlace(0))
        }
        if yAxis.scale == .linear, yRange.lowerBound < 0, yRange.upperBound > 0, let zero = layout.frame.y.place(0) { return horizontal(zero) }
        return horizontal(area.bottom)
    }

    private func drawXTexts(_ layout: Layout, on canvas: inout Canvas) {
        let area = layout.frame.area, paint: Paint = xAxis.categories.isEmpty ? .soft : .ink
        // Tilted names closer than a line's height would cover one another: every second or third has a text.
        let slot = area.width / Double(max(xAxis.categories.count, 1))
        let every = layout.xLabelsTilt ? max(1, Int((17 / slot).rounded(.up))) : 1
        var lastEnd = -Double.infinity
        for (index, tick) in layout.xTicks.enumerated() where !tick.label.isEmpty && index % every == 0 {
            guard let x = layout.frame.x.place(tick.value), x >= area.x - 1, x <= area.right + 1 else { continue }
            if layout.xLabelsTilt {
                let text = TextWidth.fitted(tick.label, width: 120, size: 11.5)
                canvas.text(text, x: x + 4, y: area.bottom + 15, Canvas.TextStyle(size: 11.5, paint: paint, anchor: .end, rotation: -45))
            } else {
                let half = TextWidth.of(tick.label, size: 11.5) / 2
                guard x - half > lastEnd + 4 else { continue }
                lastEnd = x + half
                canvas.text(tick.label, x: x, y: area.bottom + 18, Canvas.TextStyle(size: 11.5, paint: paint, anchor: .middle))
            }
        }
    }
}
