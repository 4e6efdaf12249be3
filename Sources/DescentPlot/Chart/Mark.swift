/// One thing drawn on a chart: a line, points, bars, a contour map... Made by the functions of this type.
public struct Mark: Sendable {
    let drawing: any Drawing

    init(_ drawing: any Drawing) { self.drawing = drawing }
}

/// The requirements of every kind of mark.
protocol Drawing: Sendable {
    /// The name in the legend; marks with one name share a style.
    var name: String? { get }
    /// A colour that replaces the one its place among the series would give.
    var color: ChartColor? { get }
    /// The strength and dashes of the mark's lines.
    var stroke: LineStroke { get }
    /// Whether the mark takes the next of the series' styles.
    var takesStyle: Bool { get }
    /// Names that the mark gives to 0, 1, 2... of an axis.
    var categories: (x: [String], y: [String]) { get }
    /// Widens the axes' ranges to what the mark shows.
    func extend(_ x: inout Extent, _ y: inout Extent)
    /// How many points have no place on these axes.
    func misplaced(_ x: Extent, _ y: Extent) -> Int
    /// Draws the mark.
    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle)
    /// Texts beside the mark, which the chart places so that they don't cover one another.
    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel]
    /// Where the mark is, for labels to keep clear of.
    func obstacles(in frame: Frame) -> [Area]
    /// The value of y at the right end, where a label can name the mark.
    func labelPlace(in frame: Frame) -> (x: Double, y: Double)?
    /// Keys for the legend.
    func keys(style: SeriesStyle) -> [LegendKey]
    /// A few words for readers who do not see the chart.
    var summary: String { get }
}

extension Drawing {
    var name: String? { nil }
    var color: ChartColor? { nil }
    var stroke: LineStroke { .series }
    var takesStyle: Bool { true }
    var categories: (x: [String], y: [String]) { ([], []) }
    func misplaced(_ x: Extent, _ y: Extent) -> Int { 0 }
    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] { [] }
    func obstacles(in frame: Frame) -> [Area] { [] }
    func labelPlace(in frame: Frame) -> (x: Double, y: Double)? { nil }
    func keys(style: SeriesStyle) -> [LegendKey] { [] }
}

/// A text beside a mark, with the places it may stand at, best first.
struct MarkLabel: Sendable {
    var text: String
    var paint: Paint
    var places: [Place]
    /// Whether the label may be left out where there is no room.
    var isOptional = false
    var isBold = false

    struct Place: Sendable {
        var x, y: Double
        var anchor: Canvas.Anchor
    }

    /// Places around a point: right, left, above, below.
    static func around(_ x: Double, _ y: Double, distance: Double = 7) -> [Place] {
        [
            Place(x: x + distance, y: y + 4, anchor: .start), Place(x: x - distance, y: y + 4, anchor: .end),
            Place(x: x, y: y - distance, anchor: .middle), Place(x: x, y: y + distance + 9, anchor: .middle),
        ]
    }
}

extension Area {
    /// Small squares along a line through points, inside a frame: what a label there would cover.
    static func along(_ points: [(x: Double, y: Double)?], in frame: Area) -> [Area] {
        var areas: [Area] = []
        for (start, end) in zip(points, points.dropFirst()) {
            guard let start, let end else { continue }
            let dx = end.x - start.x, dy = end.y - start.y
            let steps = max(1, Int((dx * dx + dy * dy).squareRoot() / 6))
            for step in 0...min(steps, 400) {
                let share = Double(step) / Double(steps), x = start.x + share * dx, y = start.y + share * dy
                if frame.contains(x: x, y: y) { areas.append(Area(x: x - 1.5, y: y - 1.5, width: 3, height: 3)) }
            }
        }
        return areas
    }
}

/// One entry of a legend.
struct LegendKey: Sendable {
    enum Symbol: Sendable { case line, markedLine, path, marker, box, ramp }

    var text: String
    var symbol: Symbol
    var style: SeriesStyle
    var opacity = 1.0
    /// Of a line.
    var width = 2.0
}

/// Where the marks of a chart are drawn.
struct Frame: Sendable {
    var area: Area
    var x: Projection
    var y: Projection

    func point(_ px: Double, _ py: Double) -> (x: Double, y: Double)? {
        guard let a = x.place(px), let b = y.place(py) else { return nil }
        return (a, b)
    }
}
