/// Values on a regular grid over a rectangle: `rows[j][i]` belongs to the i-th of the equally spaced x and the j-th y, the first and last on the
/// rectangle's border.
package struct Grid: Sendable {
    let rows: [[Double]]
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>

    package init(rows: [[Double]], x: ClosedRange<Double>, y: ClosedRange<Double>) { (self.rows, self.x, self.y) = (rows, x, y) }

    var width: Int { rows.map(\.count).min() ?? 0 }
    var height: Int { rows.count }

    func xValue(_ column: Double) -> Double { width > 1 ? x.lowerBound + (x.upperBound - x.lowerBound) * column / Double(width - 1) : x.lowerBound }
    func yValue(_ row: Double) -> Double { height > 1 ? y.lowerBound + (y.upperBound - y.lowerBound) * row / Double(height - 1) : y.lowerBound }

    var finiteRange: ClosedRange<Double>? {
        var low = Double.infinity, high = -Double.infinity
        for row in rows { for value in row where value.isFinite { low = min(low, value); high = max(high, value) } }
        return low <= high ? low...high : nil
    }
}
