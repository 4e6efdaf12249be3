/// Heat maps over the steps of a sequence, one above the other: the gates of a recurrent cell, attention over time.
///
///     StepHeatMaps("Gates", steps: ["the", "cat", "sat"], panels: [.init("forget gate", rows: ["mean", "unit 3"], values: values, scale: .share)])
///
/// A column is a step, with its label above and below; a row is a unit or a mean over units.
public struct StepHeatMaps: Picture {
    /// What colours mean.
    public enum Scale: Sendable, Hashable {
        /// Values from 0, without colour, to 1.
        case share
        /// Values from -1 to 1 or beyond: blue above 0, orange below, full at the largest size.
        case signed
    }

    /// One heat map.
    public struct Panel: Sendable {
        /// What it shows: "forget gate".
        public var name: String
        /// The rows' names, from the top.
        public var rows: [String]
        /// Rows of values, one a step.
        public var values: [[Double]]
        public var scale: Scale

        public init(_ name: String, rows: [String], values: [[Double]], scale: Scale) { (self.name, self.rows, self.values, self.scale) = (name, rows, values, scale) }
    }

    public var title: String
    /// The columns' labels.
    public var steps: [String]
    /// The maps, from the top.
    public var panels: [Panel]
    /// A line under the maps; empty for none.
    public var note: String

    public init(_ title: String, steps: [String], panels: [Panel], note: String = "") { (self.title, self.steps, self.panels, self.note) = (title, steps, panels, note) }

    public var hasFixedSize: Bool { true }

    private static let margin = 14.0, rowHeight = 15.0, headHeight = 22.0, panelGap = 10.0, labelSize = 11.0, longestLabel = 96.0

    public func svg(width: Double = 900) -> String {
        let names = panels.flatMap(\.rows).map { TextWidth.of($0, size: 11) }.max() ?? 0
        let left = Self.margin + min(names, 120) + 8
        let cell = min(46, max(15, (width - left - Self.margin) / Double(max(steps.count, 1))))
        let labels = steps.map { TextWidth.fitted($0, width: Self.longestLabel, size: Self.labelSize) }
        // A label that is wider than its column stands upright; the letters of a text lie.
        let upright = labels.map { TextWidth.of($0, size: Self.labelSize) }.filter { $0 > cell - 3 }.max()
        let labelHeight = upright.map { $0 + 8 } ?? 18
        var canvas = Canvas(), y = 8.0
        canvas.text(title, x: Self.margin, y: y + 14, Canvas.TextStyle(size: 14, bold: true))
        y += 24
        writeLabels(labels, on: &canvas, left: left, cell: cell, edge: y + labelHeight - 4, isAbove: true)
        y += labelHeight
        for panel in panels {
            canvas.text(panel.name, x: left, y: y + 14, Canvas.TextStyle(size: 12, bold: true))
            canvas.text(Self.legend(panel), x: left + TextWidth.of(panel.name, size: 12, bold: true) + 12, y: y + 14, Canvas.TextStyle(size: 11, paint: .soft))
            y += Self.headHeight
            draw(panel, on: &canvas, left: left, top: y, cell: cell)
            y += Double(panel.rows.count) * Self.rowHeight + Self.panelGap
        }
        writeLabels(labels, on: &canvas, left: left, cell: cell, edge: y, isAbove: false)
        y += labelHeight
        let full = max(width, left + cell * Double(steps.count) + Self.margin)
        for line in note.isEmpty ? [] : TextWidth.lines(note, width: min(full, width) - 2 * Self.margin, size: 12) {
            canvas.text(line, x: Self.margin, y: y + 12, Canvas.TextStyle(size: 12, paint: .soft))
            y += 16
        }
        let description = "Heat maps of \(panels.map(\.name).joined(separator: ", ")) over \(steps.count) steps: \(steps.prefix(40).joined(separator: " "))"
        return canvas.document(width: full.rounded(.up), height: (y + 8).rounded(), title: title, description: description)
    }

    private static func largest(_ panel: Panel) -> Double { panel.values.joined().lazy.filter(\.isFinite).map { Swift.abs($0) }.max() ?? 0 }

    private static func legend(_ panel: Panel) -> String {
        switch panel.scale {
        case .share: "blank: 0, full blue: 1"
        case .signed: "blue: above 0, orange: below; the largest is \(NumberFormat.significant(3).text(largest(panel)))"
        }
    }

    private func draw(_ panel: Panel, on canvas: inout Canvas, left: Double, top: Double, cell: Double) {
        let largest = panel.scale == .share ? 1 : Swift.max(Self.largest(panel), 1e-12)
        let area = Area(x: left, y: top, width: cell * Double(steps.count), height: Self.rowHeight * Double(panel.rows.count))
        canvas.rectangle(area, Canvas.fill(.panel))
        for (row, name) in panel.rows.enumerated() {
            canvas.text(
                TextWidth.fitted(name, width: 120, size: 11), x: left - 8, y: top + Double(row) * Self.rowHeight + 11,
                Canvas.TextStyle(size: 11, paint: row == 0 ? .ink : .soft, anchor: .end))
        }
        // The colour stands once, at the group; a cell says its place and its strength.
        for isWarm in [false, true] {
            canvas.group(Canvas.fill(isWarm ? .warm : .accent)) { group in
                for (row, values) in panel.values.enumerated() where row < panel.rows.count {
                    for (step, value) in values.enumerated() where step < steps.count && value.isFinite && (value < 0) == isWarm {
                        let strength = (Swift.min(1, Swift.abs(value) / largest) * 50).rounded() / 50
                        let box = Area(x: left + Double(step) * cell + 0.5, y: top + Double(row) * Self.rowHeight + 0.5, width: cell - 1, height: Self.rowHeight - 1)
                        group.rectangle(
                            box, [("fill-opacity", Canvas.number(strength))], tooltip: "\(steps[step]), \(panel.rows[row]): \(NumberFormat.decimals(3).text(value))")
                    }
                }
            }
        }
    }

    private func writeLabels(_ labels: [String], on canvas: inout Canvas, left: Double, cell: Double, edge: Double, isAbove: Bool) {
        for (step, label) in labels.enumerated() {
            let middle = left + (Double(step) + 0.5) * cell
            if TextWidth.of(label, size: Self.labelSize) > cell - 3 {
                canvas.text(label, x: middle + 4, y: edge, Canvas.TextStyle(size: Self.labelSize, anchor: isAbove ? .start : .end, rotation: -90))
            } else {
                canvas.text(label, x: middle, y: isAbove ? edge : edge + 12, Canvas.TextStyle(size: Self.labelSize, anchor: .middle))
            }
        }
    }
}
