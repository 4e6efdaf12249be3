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

    private static func clear(_ values: [Double], _ periods: [Int]) -> [(period: Int, clearness: Double)] {
        let line = StraightLine(through: values), rest = values.enumerated().map { $1 - line.intercept - line.slope * Double($0) }
        let count = Double(values.count), variance = rest.reduce(0) { $0 + $1 * $1 }
        guard variance > 0 else { return [] }
        func correlation(_ distance: Int) -> Double {
            zip(rest, rest.dropFirst(distance)).reduce(0) { $0 + $1.0 * $1.1 } / variance * count / (count - Double(distance))
        }
        return periods.compactMap { period in
            guard period >= 2, values.count >= 3 * period else { return nil }
            let peak = correlation(period), clearness = peak - correlation(period / 2)
            return peak > 0.3 && clearness > 0.2 ? (period, clearness) : nil
        }
    }
}
