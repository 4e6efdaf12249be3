import DescentPlot

extension LearningRateRangeTest {
    /// The loss against the rate, on a logarithmic axis: the three regimes as named bands, the suggested rate marked.
    public func chart(_ title: String = "Learning-rate range test") -> Chart {
        var marks: [Mark] = []
        let colors: [Regime: ChartColor] = [.stalls: .muted, .converges: .accent, .diverges: .warning]
        for regime in Regime.allCases {
            if let range = rates(of: regime) { marks.append(.verticalBand(from: range.lowerBound, to: range.upperBound, label: regime.rawValue, color: colors[regime]!)) }
        }
        let hasNoise = zip(losses, smoothed).contains { $0 != $1 }
        marks.append(.line(x: rates, y: losses, name: hasNoise ? "loss of each batch" : "loss", color: hasNoise ? .muted : .series(0)))
        if hasNoise { marks.append(.line(x: rates, y: smoothed, name: "smoothed", color: .series(0))) }
        if let suggestion { marks.append(.verticalLine(at: suggestion, label: "suggested \(number(suggestion))", color: .ink)) }
        // A loss that has grown without bound would press the rest to the axis.
        let start = smoothed.first ?? 0, lowest = smoothed.filter(\.isFinite).min() ?? 0
        let finite = losses.filter(\.isFinite)
        let top = Swift.min(finite.max() ?? 1, Swift.max(start, lowest) + Swift.max(start - lowest, Swift.abs(start) * 0.1))
        let low = finite.min() ?? 0
        return Chart(
            title, x: Axis("learning rate", scale: .log), y: Axis("loss", range: top > low ? (low - 0.04 * (top - low))...(top + 0.04 * (top - low)) : nil), marks: marks)
    }
}
