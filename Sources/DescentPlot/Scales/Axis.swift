/// How an axis turns values into places.
public enum AxisScale: Sendable, Hashable {
    /// Equal differences are equal lengths.
    case linear
    /// Equal ratios are equal lengths. Values at or below 0 have no place; they are left out and the chart says how many.
    case log
}

/// One axis of a chart: its name, its scale and what it must show.
public struct Axis: Sendable, Hashable {
    /// The quantity, with its unit.
    public var label: String
    /// Linear or logarithmic.
    public var scale: AxisScale
    /// The range shown; nil for that of the data, with a margin.
    public var range: ClosedRange<Double>?
    /// Whether 0 is shown even if the data are far from it.
    public var includesZero: Bool
    /// Names in place of numbers: the first stands at 0, the second at 1.
    public var categories: [String]
    /// How the numbers at the ticks are written; nil for as short as tells them apart.
    public var format: NumberFormat?
    /// Whether values grow leftwards or downwards.
    public var isReversed: Bool

    /// An axis.
    public init(
        _ label: String = "", scale: AxisScale = .linear, range: ClosedRange<Double>? = nil, includesZero: Bool = false,
        categories: [String] = [], format: NumberFormat? = nil, isReversed: Bool = false
    ) {
        self.label = label
        self.scale = scale
        self.range = range
        self.includesZero = includesZero
        self.categories = categories
        self.format = format
        self.isReversed = isReversed
    }
}
