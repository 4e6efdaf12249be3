extension Mark {
    /// The lines on which a function of two variables has round values, with the areas between them filled the stronger the higher.
    ///
    /// - Parameters:
    ///   - rows: Values on a grid, `rows[j][i]` at the j-th y and the i-th x from low to high, the first and last on the ranges' ends. NaN leaves
    ///     a hole.
    ///   - x: The range of x.
    ///   - y: The range of y.
    ///   - levels: The values that have lines; nil for about ten round ones, or ones that double where most of the values are small beside the
    ///     largest (as losses are).
    ///   - isFilled: Whether the areas are filled.
    ///   - color: A colour in place of blue.
    public static func contour(
        _ rows: [[Double]], x: ClosedRange<Double>, y: ClosedRange<Double>, levels: [Double]? = nil, isFilled: Bool = true, color: ChartColor? = nil
    ) -> Mark {
        let grid = Grid(rows: rows, x: x, y: y)
        return Mark(ContourMark(grid: grid, levels: (levels ?? ContourMark.levels(for: grid)).sorted(), isFilled: isFilled, color: color ?? .accent))
    }
}

struct ContourMark: Drawing {
    var grid: Grid
    var levels: [Double]
    var isFilled: Bool
    var color: ChartColor?

    var takesStyle: Bool { false }

    static func levels(for grid: Grid) -> [Double] {
        guard let range = grid.finiteRange, range.lowerBound < range.upperBound else { return [] }
        let sorted = grid.rows.joined().filter(\.isFinite).sorted()
        let span = range.upperBound - range.lowerBound
        let isSkewed = (sorted[sorted.count / 2] - range.lowerBound) / span < 0.2
        // Losses that come close to 0 have levels 1, 2, 5, 10...: small ones are where the interest is.
        let least = sorted[sorted.count / 60]
        if range.lowerBound >= 0, least > 0, (isSkewed && range.upperBound > 20 * least) || range.lowerBound < 0.01 * range.upperBound {
            return decadeLevels(from: max(least, range.upperBound * 1e-6), to: range.upperBound)
        }
        guard isSkewed else {
            return Ticks.linearValues(from: range.lowerBound, to: range.upperBound, count: 10).filter { range.contains($0) && $0 > range.lowerBound }
        }
        // Small losses are where the interest is: from what a hundredth of the places lie below, each level doubles.
        let start = max(sorted[sorted.count / 60] - range.lowerBound, span * 1e-6)
        let ratio = Powers.ten(max(Powers.log10(span / start) / 10, 0.1))
        var levels: [Double] = [], height = start
        while height < span, levels.count < 12 {
            let value = range.lowerBound + height
            let unit = Powers.ten(Powers.exponent(of: value) - 1)
            levels.append((value / unit).rounded() * unit)
            height *= ratio
        }
        return levels
    }

    /// The first of these that are not too many: 1, 2, 5 of each decade; 1 and 3; 1; 1 of every second.
    private static func decadeLevels(from low: Double, to high: Double) -> [Double] {
        let exponents = (Powers.exponent(of: low))...(Powers.exponent(of: high))
        for digits in [[1.0, 2, 5], [1, 3], [1]] {
            let levels = exponents.flatMap { exponent in digits.map { $0 * Powers.ten(exponent) } }.filter { $0 > low && $0 < high }
            if levels.count <= 11 { return levels }
        }
        return exponents.filter { $0 % 2 == 0 }.map { Powers.ten($0) }.filter { $0 > low && $0 < high }
    }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for bound in [grid.x.lowerBound, grid.x.upperBound] { xs.include(bound) }
        for bound in [grid.y.lowerBound, grid.y.upperBound] { ys.include(bound) }
        xs.isTight = true
        ys.isTight = true
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        func data(_ points: [Contour.Point], isClosed: Bool) -> String {
            let places = LinePath.simplified(points.compactMap { frame.point($0.x, $0.y) })
            let text = LinePath.data(places.map { $0 }, columns: .infinity)
            return text.isEmpty ? "" : text + (isClosed ? "z" : "")
        }
        if isFilled {
            // Each level's area lies upon the ones below, so that the colour grows with height on light paper and on dark.
            let opacity = min(0.12, 0.75 / Double(max(levels.count, 1)))
            for level in levels {
                let outline = Contour(grid: grid, level: level).outlines().map { data($0, isClosed: true) }.joined()
                canvas.path(outline, Canvas.fill(style.paint, opacity: opacity) + [("fill-rule", "evenodd")])
            }
        }
        for level in levels {
            let lines = Contour(grid: grid, level: level).lines().map { data($0, isClosed: false) }.joined()
            canvas.path(
                lines, Canvas.stroke(style.paint, width: 1, opacity: isFilled ? 0.55 : 0.9) + [("stroke-linejoin", "round")],
                tooltip: NumberFormat.significant(3).text(level))
        }
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        // Of many levels every second has its number.
        let every = levels.count > 7 ? 2 : 1
        return levels.enumerated().filter { $0.offset % every == 0 }.compactMap { _, level in
            guard let line = Contour(grid: grid, level: level).lines().max(by: { $0.count < $1.count }), line.count > 8 else { return nil }
            // Places all along the line, the next ones far from each other.
            let count = 16
            let places = (0..<count).map { $0 * 7 % count }.compactMap { step -> MarkLabel.Place? in
                let index = min(line.count - 1, line.count * (2 * step + 1) / (2 * count))
                guard let point = frame.point(line[index].x, line[index].y), frame.area.expanded(by: -18).contains(x: point.x, y: point.y) else { return nil }
                return MarkLabel.Place(x: point.x, y: point.y + 3.5, anchor: .middle)
            }
            guard !places.isEmpty else { return nil }
            return MarkLabel(text: NumberFormat.significant(3).text(level), paint: .soft, places: places, isOptional: true)
        }
    }

    var summary: String {
        guard let range = grid.finiteRange else { return "A contour map without finite values." }
        let format = NumberFormat.significant(4)
        return "A contour map of values from \(format.text(range.lowerBound)) to \(format.text(range.upperBound))."
    }
}
