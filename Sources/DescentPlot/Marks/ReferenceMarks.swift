extension Mark {
    /// A line over the whole height at a value of x, with a text at its top.
    public static func verticalLine(at x: Double, label: String = "", color: ChartColor = .muted) -> Mark {
        Mark(ReferenceMark(kind: .vertical(x, x), text: label, color: color))
    }

    /// A line over the whole width at a value of y, with a text at its right end.
    public static func horizontalLine(at y: Double, label: String = "", color: ChartColor = .muted) -> Mark {
        Mark(ReferenceMark(kind: .horizontal(y, y), text: label, color: color))
    }

    /// The line `y = slope * x + intercept`, over the whole plot: a boundary, the diagonal of a perfect prediction.
    public static func slopedLine(slope: Double, intercept: Double, label: String = "", color: ChartColor = .muted) -> Mark {
        Mark(ReferenceMark(kind: .sloped(slope, intercept), text: label, color: color))
    }

    /// A shaded part of the plot between two values of x, with a text at its top.
    public static func verticalBand(from low: Double, to high: Double, label: String = "", color: ChartColor = .muted) -> Mark {
        Mark(ReferenceMark(kind: .vertical(min(low, high), max(low, high)), text: label, color: color))
    }

    /// A shaded part of the plot between two values of y, with a text at its right end.
    public static func horizontalBand(from low: Double, to high: Double, label: String = "", color: ChartColor = .muted) -> Mark {
        Mark(ReferenceMark(kind: .horizontal(min(low, high), max(low, high)), text: label, color: color))
    }
}

/// A line or band that gives the data something to be compared with.
struct ReferenceMark: Drawing {
    enum Kind: Sendable {
        case vertical(Double, Double)
        case horizontal(Double, Double)
        case sloped(Double, Double)
    }

    var kind: Kind
    var text: String
    var color: ChartColor?

    var takesStyle: Bool { false }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        switch kind {
        case .vertical(let low, let high): xs.include(low); xs.include(high)
        case .horizontal(let low, let high): ys.include(low); ys.include(high)
        case .sloped: break
        }
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        let area = frame.area, stroke = Canvas.stroke(style.paint, width: 1.4, dash: "5 4")
        switch kind {
        case .vertical(let low, let high):
            guard let left = frame.x.place(low), let right = frame.x.place(high) else { return }
            if low == high {
                canvas.line(left, area.y, left, area.bottom, stroke)
            } else {
                canvas.rectangle(Area(x: min(left, right), y: area.y, width: abs(right - left), height: area.height), Canvas.fill(style.paint, opacity: 0.13))
            }
        case .horizontal(let low, let high):
            guard let bottom = frame.y.place(low), let top = frame.y.place(high) else { return }
            if low == high {
                canvas.line(area.x, bottom, area.right, bottom, stroke)
            } else {
                canvas.rectangle(Area(x: area.x, y: min(top, bottom), width: area.width, height: abs(bottom - top)), Canvas.fill(style.paint, opacity: 0.13))
            }
        case .sloped:
            let points = slopedPoints(in: frame)
            canvas.path(LinePath.data(points, columns: .infinity), Canvas.stroke(style.paint, width: 1.6, dash: "5 4"))
        }
    }

    func obstacles(in frame: Frame) -> [Area] {
        let area = frame.area
        switch kind {
        case .vertical(let low, let high):
            guard low == high, let x = frame.x.place(low) else { return [] }
            return [Area(x: x - 1, y: area.y, width: 2, height: area.height)]
        case .horizontal(let low, let high):
            guard low == high, let y = frame.y.place(low) else { return [] }
            return [Area(x: area.x, y: y - 1, width: area.width, height: 2)]
        case .sloped: return Area.along(slopedPoints(in: frame), in: area)
        }
    }

    /// Many points, since on a log axis the line is bent.
    private func slopedPoints(in frame: Frame) -> [(x: Double, y: Double)?] {
        guard case .sloped(let slope, let intercept) = kind else { return [] }
        let range = frame.x.range
        return (0...100).map { step in
            let share = Double(step) / 100
            let x =
                frame.x.scale == .log
                ? range.lowerBound * Powers.ten(Powers.decades(from: range.lowerBound, to: range.upperBound) * share)
                : range.lowerBound + (range.upperBound - range.lowerBound) * share
            return frame.point(x, slope * x + intercept)
        }
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        guard !text.isEmpty else { return [] }
        let area = frame.area
        var places: [MarkLabel.Place] = []
        switch kind {
        case .vertical(let low, let high):
            guard let left = frame.x.place(low), let right = frame.x.place(high) else { return [] }
            for row in 0..<6 {
                let y = area.y + 13 + Double(row) * 15
                if low == high {
                    places.append(MarkLabel.Place(x: left + 6, y: y, anchor: .start))
                    places.append(MarkLabel.Place(x: left - 6, y: y, anchor: .end))
                } else {
                    let visible = (max(area.x, min(left, right)), min(area.right, max(left, right)))
                    places += [0.5, 0.25, 0.75].map { MarkLabel.Place(x: visible.0 + (visible.1 - visible.0) * $0, y: y, anchor: .middle) }
                }
            }
        case .horizontal(let low, let high):
            guard let bottom = frame.y.place(low), let top = frame.y.place(high) else { return [] }
            let y = low == high ? bottom - 6 : min(top, bottom) + 14
            places = [
                MarkLabel.Place(x: area.right - 6, y: y, anchor: .end), MarkLabel.Place(x: area.x + 6, y: y, anchor: .start),
                MarkLabel.Place(x: area.right - 6, y: bottom + 15, anchor: .end), MarkLabel.Place(x: area.middleX, y: y, anchor: .middle),
            ]
        case .sloped:
            let inside = slopedPoints(in: frame).compactMap { $0 }.filter { area.expanded(by: -14).contains(x: $0.x, y: $0.y) }
            guard !inside.isEmpty else { return [] }
            for share in [0.85, 0.15, 0.5, 0.7, 0.3] {
                let point = inside[Int(share * Double(inside.count - 1))]
                places += MarkLabel.around(point.x, point.y, distance: 9)
            }
        }
        return [MarkLabel(text: text, paint: color == .muted ? .soft : style.paint, places: places)]
    }

    var summary: String {
        let format = NumberFormat.significant(4), name = text.isEmpty ? "Reference" : text
        switch kind {
        case .vertical(let low, let high), .horizontal(let low, let high):
            return name + (low == high ? " at \(format.text(low))." : " from \(format.text(low)) to \(format.text(high)).")
        case .sloped(let slope, let intercept):
            return "\(name): y = \(format.text(slope)) x + \(format.text(intercept))."
        }
    }
}
