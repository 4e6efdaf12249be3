/// The seasons that a series follows, by its autocorrelation.
package enum Seasons {
    /// Those of some periods after which the numbers less their trend are like themselves, and half a period away from there are less so,
    /// the shortest first. (A series that only changes slowly is much like itself at any short distance.)
    package static func found(in values: [Double], among periods: [Int]) -> [Int] {
        clear(values, periods).map(\.period).sorted()
    }

    /// The clearest of some periods; 1 for none.
    package static func clearest(in values: [Double], among periods: [Int]) -> Int {
        clear(values, periods).max { $0.clearness < $1.clearness }?.period ?? 1
    }

    /// A cycle of no known period, such as the sunspots' of about eleven years: the distance at which a series is again most like itself, after it was
    /// unlike itself; 1 for none. A series that only changes slowly has no such distance, and what did not repeat often is no cycle.
    package static func cycle(in values: [Double]) -> Int {
        let farthest = min(values.count / fewestRepeats, longestCycle)
        guard farthest >= shortestCycle, let correlation = Self.correlation(of: values) else { return 1 }
        let known = (0...farthest + 1).map(correlation)
        guard let turn = known.firstIndex(where: { $0 < 0 }), let rise = known[turn...].firstIndex(where: { $0 > 0 }) else { return 1 }
        // Multiples of the cycle are peaks too: the first one counts.
        let end = known[rise...].firstIndex { $0 < 0 } ?? known.count
        guard let peak = (rise..<end).max(by: { known[$0] < known[$1] }), peak >= shortestCycle, peak <= farthest else { return 1 }
        return known[peak] > 0.35 && known[peak] - known[turn...peak].min()! > 0.6 ? peak : 1
    }

    private static let shortestCycle = 5, longestCycle = 400
    /// Fewer swings say too little of how long the next one takes: with fewer, seasonal methods measured worse than those without a season.
    private static let fewestRepeats = 12

    /// How like itself a series less its trend is at a distance; `nil` for a straight line.
    private static func correlation(of values: [Double]) -> ((Int) -> Double)? {
        let line = StraightLine(through: values), rest = values.enumerated().map { $1 - line.intercept - line.slope * Double($0) }
        let count = Double(values.count), variance = rest.reduce(0) { $0 + $1 * $1 }
        // What rounding leaves of a straight line is no pattern.
        guard variance > 1e-18 * values.reduce(0, { $0 + $1 * $1 }) else { return nil }
        return { distance in
            zip(rest, rest.dropFirst(distance)).reduce(0) { $0 + $1.0 * $1.1 } / variance * count / (count - Double(distance))
        }
    }

    private static func clear(_ values: [Double], _ periods: [Int]) -> [(period: Int, clearness: Double)] {
        guard let correlation = correlation(of: values) else { return [] }
        return periods.compactMap { period in
            guard period >= 2, values.count >= 3 * period else { return nil }
            let peak = correlation(period), clearness = peak - correlation(period / 2)
            return peak > 0.3 && clearness > 0.2 ? (period, clearness) : nil
        }
    }
}
