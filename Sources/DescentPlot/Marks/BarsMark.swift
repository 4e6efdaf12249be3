/// The way bars grow.
public enum BarDirection: Sendable, Hashable {
    /// Upwards from the horizontal axis.
    case vertical
    /// Rightwards, one under the other: the better choice for long names.
    case horizontal
}

extension Mark {
    /// Bars from 0 to each value, one for each category. Several marks of bars in one chart stand side by side.
    ///
    /// - Parameters:
    ///   - values: The lengths.
    ///   - categories: The names, one per bar.
    ///   - name: For the legend.
    ///   - direction: Upwards, or to the right with the first bar on top.
    ///   - errors: Half the length of a whisker at each bar's end, in the values' unit; empty for none.
    ///   - color: A colour in place of the series' own.
    ///   - showsValues: Whether each value stands at its bar's end.
    public static func bars(
        _ values: [Double], categories: [String], name: String? = nil, direction: BarDirection = .vertical, errors: [Double] = [],
        color: ChartColor? = nil, showsValues: Bool = false
    ) -> Mark {
        Mark(
            BarsMark(
                values: values, names: categories, direction: direction, errors: errors, showsValues: showsValues, name: name, color: color))
    }
}

struct BarsMark: Drawing {
    var values: [Double]
    var names: [String]
    var direction: BarDirection
    var errors: [Double]
    var showsValues: Bool
    var name: String?
    var color: ChartColor?
    /// Which of the bars of a category this mark draws, and how many there are; the chart sets them.
    var slot = 0
    var slots = 1

    var categories: (x: [String], y: [String]) { direction == .vertical ? (names, []) : ([], names) }

    private func error(_ index: Int) -> Double { index < errors.count && errors[index].isFinite ? abs(errors[index]) : 0 }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        func widen(_ extent: inout Extent) {
            extent.hugsLow = true
            extent.include(0)
            for (index, value) in values.enumerated() {
                extent.include(value + error(index))
                extent.include(value - error(index))
                // Room for the number at the bar's end.
                if showsValues { extent.include(value * 1.06) }
            }
        }
        if direction == .vertical { widen(&ys) } else { widen(&xs) }
    }

    func misplaced(_ xs: Extent, _ ys: Extent) -> Int { values.count { !(direction == .vertical ? ys : xs).accepts($0) } }

    /// The bar of a category: along the categories' axis from `start`, `thickness` wide, from its base to its tip.
    private func bar(_ index: Int, _ frame: Frame) -> (middle: Double, thickness: Double, base: Double, tip: Double)? {
        let (across, along) = direction == .vertical ? (frame.x, frame.y) : (frame.y, frame.x)
        guard index < names.count, let tip = along.place(values[index]), let center = across.place(Double(index)) else { return nil }
        let room = across.unit * 0.74, thickness = min(room / Double(slots), 46)
        let base = along.scale == .log ? along.start : along.clampedPlace(0)
        return (center + (Double(slot) - Double(slots - 1) / 2) * thickness, thickness * (slots > 1 ? 0.92 : 1), base, tip)
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        canvas.group(Canvas.fill(style.paint)) { canvas in
            for index in values.indices {
                guard let bar = bar(index, frame) else { continue }
                let low = min(bar.base, bar.tip), length = abs(bar.tip - bar.base)
                let area =
                    direction == .vertical
                    ? Area(x: bar.middle - bar.thickness / 2, y: low, width: bar.thickness, height: length)
                    : Area(x: low, y: bar.middle - bar.thickness / 2, width: length, height: bar.thickness)
                canvas.rectangle(area, radius: min(2, bar.thickness / 4), [], tooltip: names[index] + ": " + NumberFormat.significant(4).text(values[index]))
            }
        }
        var whiskers = ""
        for index in values.indices where error(index) > 0 {
            let along = direction == .vertical ? frame.y : frame.x
            guard let bar = bar(index, frame) else { continue }
            let from = along.clampedPlace(values[index] - error(index)), to = along.clampedPlace(values[index] + error(index))
            let cap = min(5, bar.thickness / 3)
            for (a, b, c, d) in [(bar.middle, from, bar.middle, to), (bar.middle - cap, from, bar.middle + cap, from), (bar.middle - cap, to, bar.middle + cap, to)] {
                let ends = direction == .vertical ? [a, b, c, d] : [b, a, d, c]
                let text = ends.map(Canvas.number)
                whiskers += "M" + text[0] + " " + text[1] + "L" + text[2] + " " + text[3]
            }
        }
        canvas.path(whiskers, Canvas.stroke(.ink, width: 1.3))
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        guard showsValues else { return [] }
        return values.indices.compactMap { index in
            guard let bar = bar(index, frame), values[index].isFinite else { return nil }
            let text = NumberFormat.significant(3).text(values[index])
            let along = direction == .vertical ? frame.y : frame.x
            let isNegative = values[index] < 0
            let end = along.clampedPlace(values[index] + (isNegative ? -error(index) : error(index)))
            let place =
                direction == .vertical
                ? MarkLabel.Place(x: bar.middle, y: isNegative ? end + 14 : end - 5, anchor: .middle)
                : MarkLabel.Place(x: isNegative ? end - 5 : end + 5, y: bar.middle + 4, anchor: isNegative ? .end : .start)
            return MarkLabel(text: text, paint: .ink, places: [place], isOptional: true)
        }
    }

    func keys(style: SeriesStyle) -> [LegendKey] { name.map { [LegendKey(text: $0, symbol: .box, style: style)] } ?? [] }

    var summary: String {
        let shown = zip(names, values).prefix(12).map { $0 + " " + NumberFormat.significant(3).text($1) }.joined(separator: ", ")
        return (name ?? "Bars") + ": " + shown + (values.count > 12 ? ", and \(values.count - 12) more." : ".")
    }
}
