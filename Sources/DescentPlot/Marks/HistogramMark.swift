extension Mark {
    /// How often values fall into each of equally wide bins with round borders.
    ///
    /// - Parameters:
    ///   - values: The values; those that are not finite are left out.
    ///   - bins: About how many bins; nil for the rule of Freedman and Diaconis (width = 2 IQR / n^(1/3)), at most 60.
    ///   - all: Values that decide on the bins in place of these, so that histograms of parts of them can stand in one chart; nil for these.
    ///   - name: For the legend.
    ///   - color: A colour in place of the series' own.
    public static func histogram(
        _ values: [Double], bins: Int? = nil, binsOf all: [Double]? = nil, name: String? = nil, color: ChartColor? = nil
    ) -> Mark {
        let bins = HistogramMark.bins(of: all ?? values, wanted: bins)
        return Mark(
            HistogramMark(
                start: bins.start, width: bins.width, counts: all == nil ? bins.counts : HistogramMark.counts(of: values, in: bins), left: values.count { !$0.isFinite }, name: name, color: color))
    }
}

struct HistogramMark: Drawing {
    var start: Double
    var width: Double
    var counts: [Int]
    var left: Int
    var name: String?
    var color: ChartColor?

    static func bins(of values: [Double], wanted: Int?) -> (start: Double, width: Double, counts: [Int]) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let low = sorted.first, let high = sorted.last else { return (0, 1, []) }
        guard high > low, (high - low).isFinite else { return (low - 0.5, 1, [sorted.count]) }
        let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
        let rule = spread > 0 ? (high - low) / (2 * spread / Powers.ten(Powers.log10(Double(sorted.count)) / 3)) : 20
        let count = min(max(wanted ?? Int(min(rule, 60).rounded(.up)), 1), 1000)
        // Round borders: the width is the step that good ticks would have.
        let ticks = Ticks.linearValues(from: low, to: high, count: count + 1)
        let width = ticks.count > 1 ? ticks[1] - ticks[0] : high - low
        let start = (low / width).rounded(.down) * width
        // A value at the last border belongs to the bin before it.
        var bins = max(1, Int(((high - start) / width).rounded(.down)) + 1)
        if bins > 1, start + width * Double(bins - 1) >= high { bins -= 1 }
        let empty = (start: start, width: width, counts: [Int](repeating: 0, count: bins))
        return (start, width, Self.counts(of: sorted, in: empty))
    }

    /// How many of the values fall into each bin; those beyond the ends count in the first and the last.
    static func counts(of values: [Double], in bins: (start: Double, width: Double, counts: [Int])) -> [Int] {
        var counts = [Int](repeating: 0, count: bins.counts.count)
        guard !counts.isEmpty else { return [] }
        for value in values where value.isFinite { counts[min(counts.count - 1, max(0, Int(((value - bins.start) / bins.width + 1e-9).rounded(.down))))] += 1 }
        return counts
    }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        ys.hugsLow = true
        ys.include(0)
        guard !counts.isEmpty else { return }
        xs.include(start)
        xs.include(start + width * Double(counts.count))
        for count in counts { ys.include(Double(count)) }
    }

    func misplaced(_ xs: Extent, _ ys: Extent) -> Int { left }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        canvas.group(Canvas.fill(style.paint, opacity: 0.75)) { canvas in
            for (index, count) in counts.enumerated() where count > 0 {
                let low = start + width * Double(index)
                guard let left = frame.x.place(low), let right = frame.x.place(low + width), let top = frame.y.place(Double(count)) else { continue }
                let gap = right - left > 4 ? 0.5 : 0
                let base = frame.y.scale == .log ? frame.y.start : frame.y.clampedPlace(0)
                let format = NumberFormat.significant(4)
                canvas.rectangle(
                    Area(x: left + gap, y: top, width: right - left - 2 * gap, height: base - top), [],
                    tooltip: "\(format.text(low)) to \(format.text(low + width)): \(count)")
            }
        }
    }

    func obstacles(in frame: Frame) -> [Area] {
        counts.indices.compactMap { index in
            let low = start + width * Double(index)
            guard counts[index] > 0, let left = frame.x.place(low), let right = frame.x.place(low + width), let top = frame.y.place(Double(counts[index])) else { return nil }
            return Area(x: left, y: top, width: right - left, height: frame.area.bottom - top)
        }
    }

    func keys(style: SeriesStyle) -> [LegendKey] { name.map { [LegendKey(text: $0, symbol: .box, style: style, opacity: 0.75)] } ?? [] }

    var summary: String {
        let format = NumberFormat.significant(4)
        return "\(name ?? "Histogram"): \(counts.reduce(0, +)) values in \(counts.count) bins from \(format.text(start)) "
            + "to \(format.text(start + width * Double(counts.count)))."
    }
}
