/// The range of the values that an axis must show.
struct Extent: Sendable {
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity
    let scale: AxisScale
    /// Whether the data touch the axis' end (bars on their base line), where a margin would make them float.
    var hugsLow = false
    /// Whether the marks fill their range to the border.
    var isTight = false
    /// Whether all values are whole numbers: counts, epochs, steps. Then so are the ticks.
    private(set) var isWhole = true

    init(scale: AxisScale) { self.scale = scale }

    /// Whether a value has a place on the axis.
    func accepts(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

    mutating func include(_ value: Double) {
        guard accepts(value) else { return }
        low = min(low, value)
        high = max(high, value)
        isWhole = isWhole && value == value.rounded()
    }

    /// Whether values lie outside of a range by more than rounding.
    func exceeds(_ range: ClosedRange<Double>) -> Bool {
        let slack = 1e-9 * (range.upperBound - range.lowerBound)
        return low <= high && (low < range.lowerBound - slack || high > range.upperBound + slack)
    }

    /// The range to draw for an axis: that of the data with a margin of a twentieth, made proper where the data have no spread.
    func range(for axis: Axis) -> ClosedRange<Double> {
        if let range = axis.range, range.lowerBound < range.upperBound, accepts(range.lowerBound), accepts(range.upperBound) { return range }
        if !axis.categories.isEmpty { return -0.5...(Double(axis.categories.count) - 0.5) }
        var low = low, high = high
        if let range = axis.range {
            if accepts(range.lowerBound) { low = min(low, range.lowerBound) }
            if accepts(range.upperBound) { high = max(high, range.upperBound) }
        }
        if low > high { return scale == .log ? 0.1...10 : 0...1 }
        if scale == .log {
            // The ends of what numbers can be are kept.
            func widened(_ factor: Double) -> ClosedRange<Double> {
                max(low / factor, min(low, .leastNormalMagnitude))...min(high * factor, .greatestFiniteMagnitude)
            }
            if high / low < 1.0001 { return widened(3) }
            return isTight ? low...high : widened(Powers.ten(Powers.decades(from: low, to: high) * 0.05))
        }
        if axis.includesZero { low = min(low, 0); high = max(high, 0) }
        let span = high - low
        // Values that differ by rounding alone are one value.
        if span <= max(abs(low), abs(high)) * 1e-13 || !span.isFinite {
            if !span.isFinite { return (low / 4)...(high / 4) }
            let reach = max(abs(high) * 0.1, high == 0 ? 1 : .leastNormalMagnitude)
            return (low - reach)...(high + reach)
        }
        if isTight { return low...high }
        let margin = span * 0.05
        let keepsZeroLow = hugsLow && low == 0, keepsZeroHigh = hugsLow && high == 0
        return (keepsZeroLow ? low : low - margin)...(keepsZeroHigh ? high : high + margin)
    }
}

/// From values to places along one axis of the picture.
struct Projection: Sendable {
    let range: ClosedRange<Double>
    let scale: AxisScale
    /// The places of the range's ends.
    let start: Double
    let end: Double

    /// The place of a value; nil for those without one. Far outside the range places are cut short, so that no coordinate overflows.
    func place(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let share: Double
        switch scale {
        case .linear:
            // Halves keep the difference of the largest numbers finite.
            share = (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
        case .log:
            guard value > 0 else { return nil }
            share = Powers.decades(from: range.lowerBound, to: value) / Powers.decades(from: range.lowerBound, to: range.upperBound)
        }
        return start + min(max(share, -50), 50) * (end - start)
    }

    /// The place of a value that is known to have one, or the axis' start.
    func clampedPlace(_ value: Double) -> Double {
        let place = place(value) ?? start
        return min(max(place, min(start, end)), max(start, end))
    }

    /// The length of one unit at the range's start, for linear axes.
    var unit: Double { abs(end - start) / (range.upperBound - range.lowerBound) }
}
