import DescentPlot
import DescentTrain

extension LearningRateRangeTest {
    /// The loss against the rate, on a logarithmic axis: the three regimes as named bands, the suggested rate marked.
    public func chart(_ title: String = "Learning-rate range test") -> Chart {
        var marks: [Mark] = []
        let colors: [Regime: ChartColor] = [.stalls: .muted, .converges: .accent, .diverges: .warning]
        let ranges = Regime.allCases.compactMap { regime in rates(of: regime).map { (regime, $0) } }
        for (place, (regime, range)) in ranges.enumerated() {
            // From one rate that was tried to the next nothing is known: neighbours share the way between them.
            let low = place > 0 ? (range.lowerBound * ranges[place - 1].1.upperBound).squareRoot() : range.lowerBound
            let high = place + 1 < ranges.count ? (range.upperBound * ranges[place + 1].1.lowerBound).squareRoot() : range.upperBound
            marks.append(.verticalBand(from: low, to: high, label: regime.rawValue, color: colors[regime]!))
        }
        let hasNoise = zip(losses, smoothed).contains { $0 != $1 }
        marks.append(.line(x: rates, y: losses, name: hasNoise ? "loss of each batch" : "loss", color: hasNoise ? .muted : .series(0), stroke: hasNoise ? .thin : .solid))
        if hasNoise { marks.append(.line(x: rates, y: smoothed, name: "smoothed", color: .series(0), stroke: .solid)) }
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
