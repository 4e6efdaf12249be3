/// A picture that DescentPlot can draw as SVG, alone or in a page.
public protocol Picture: Sendable {
    /// The title, one line.
    var title: String { get }

    /// The picture as one `svg` element, fit for a file of its own and for a page.
    ///
    /// - Parameter width: The width in CSS pixels at which text has its proper size.
    func svg(width: Double) -> String

    /// Whether the picture has one size only, for which a page makes room by scrolling.
    var hasFixedSize: Bool { get }
}

/// A chart: axes, and marks drawn on them in order.
///
///     Chart("Loss by epoch", x: Axis("epoch"), y: Axis("loss", scale: .log), marks: [
///         .line(training, from: 1, name: "training"),
///         .line(validation, from: 1, name: "validation"),
///         .verticalLine(at: 12, label: "best"),
///     ]).svg(width: 640)
///
/// Series take colours, dashes and markers in order of appearance; marks with the same name share them. Points that have no place (NaN, infinite,
/// not above 0 on a log axis) are left out and the chart says how many. The same chart is the same text on every machine.
public struct Chart: Picture {
    /// How the plot's height follows from its width.
    public enum Proportion: Sendable, Hashable {
        /// A pleasant shape, whatever the units.
        case fill
        /// One unit of x is as long as one unit of y, as maps and decision regions need it.
        case equalUnits
        /// Height of the whole picture over its width.
        case ratio(Double)
    }

    /// The chart's title, one line.
    public var title: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The marks, from back to front.
    public var marks: [Mark]
    /// The plot's shape.
    public var proportion: Proportion
    /// A line of small text under the chart.
    public var note: String?
    /// Whether the names of the series are shown.
    public var showsLegend = true

    /// A chart.
    public init(
        _ title: String, x: Axis = Axis(), y: Axis = Axis(), marks: [Mark] = [], proportion: Proportion = .fill, note: String? = nil
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.marks = marks
        self.proportion = proportion
        self.note = note
    }

    /// A copy with one more mark, in front of the others.
    public func adding(_ mark: Mark) -> Chart {
        var copy = self
        copy.marks.append(mark)
        return copy
    }

    public var hasFixedSize: Bool { false }

    public func svg(width: Double = 640) -> String {
        let painter = ChartPainter(chart: self, width: max(width, 160))
        return painter.document()
    }
}
