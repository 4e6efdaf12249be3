import DescentCore

/// The learning-rate range test: one step at each of many rates, from far too small to far too large, and the loss before each. Smith 2017,
/// Cyclical Learning Rates for Training Neural Networks.
///
///     rate_k = lowest (highest / lowest)^(k / (count - 1)),  k = 0 ..< count
///
/// Three regimes show: the loss stalls while rates are too small to matter, it converges, it diverges.
public struct LearningRateRangeTest: Sendable {
    /// The rates of the steps taken, ascending.
    public let rates: [Double]
    /// The loss before each step; the last may be not finite, where the test ended.
    public let losses: [Double]
    /// The losses without their noise: an exponential mean with its bias corrected. The judgements below are made on it.
    public let smoothed: [Double]
    /// The loss after the last step, where it was asked for.
    public let finalLoss: Double?
    /// Whether the test ended before the highest rate, since the loss had grown too much.
    public let endedEarly: Bool

    /// One of the three parts of the test.
    public enum Regime: String, Sendable, CaseIterable {
        case stalls, converges, diverges
    }

    /// Takes the steps.
    ///
    /// - Parameters:
    ///   - lowest: The first rate, above 0.
    ///   - highest: The last one, above the first.
    ///   - count: How many steps, at least 2.
    ///   - growth: The test ends where the smoothed loss is above its least by this many times what it fell from the first (and by as much
    ///     as the first loss at least), or is not finite; infinite to go to the end.
    ///   - smoothing: The weight of the past in the smoothed loss, at least 0 (none) and below 1.
    ///   - finalLoss: The loss after the last step.
    ///   - step: One step at a rate; returns the loss from before it. An error that it throws ends the test and is passed on.
    public init(
        from lowest: Double = 1e-6, to highest: Double = 10, count: Int = 100, growth: Double = 3, smoothing: Double = 0,
        finalLoss: (() throws -> Double)? = nil, step: (_ rate: Double) throws -> Double
    ) rethrows {
        guard lowest > 0, highest > lowest, highest.isFinite, count >= 2, (0..<1).contains(smoothing) else {
            stop(
                "LearningRateRangeTest: rates from \(lowest) to \(highest), \(count) steps, smoothing \(smoothing). The rates must ascend from above 0, the steps be 2 or more, the smoothing at least 0 and below 1."
            )
        }
        var rates: [Double] = [], losses: [Double] = [], smoothed: [Double] = []
        var mean = 0.0, weight = 0.0, endedEarly = false
        for index in 0..<count {
            let rate = index == count - 1 ? highest : lowest * exponential(logarithm(highest / lowest) * Double(index) / Double(count - 1))
            let loss = try step(rate)
            rates.append(rate)
            losses.append(loss)
            mean = smoothing * mean + (1 - smoothing) * loss
            weight = smoothing * weight + (1 - smoothing)
            smoothed.append(mean / weight)
            let least = smoothed.min() ?? loss, fall = smoothed[0] - least
            let isFar = smoothed[index] - least > Swift.max(growth * fall, Swift.abs(smoothed[0]))
            if !loss.isFinite || (growth.isFinite && isFar) {
                endedEarly = index < count - 1
                break
            }
        }
        self.rates = rates
        self.losses = losses
        self.smoothed = smoothed
        self.endedEarly = endedEarly
        self.finalLoss = try finalLoss?()
    }

    /// The place of the lowest loss.
    public var best: Int { lowest(losses) }

    private func lowest(_ values: [Double]) -> Int {
        values.indices.filter { values[$0].isFinite }.min { values[$0] < values[$1] } ?? 0
    }

    /// The phase of the test at each step. It converges from where a tenth of the whole fall is made to the lowest smoothed loss, and diverges
    /// where, after that, a tenth of the fall is lost again; a test without a fall stalls up to its divergence.
    public var regimes: [Regime] {
        let low = lowest(smoothed), start = smoothed[0], fall = start - smoothed[low]
        let hasFall = fall > 1e-3 * Swift.abs(start) && low > 0
        var regimes: [Regime] = []
        for (index, loss) in smoothed.enumerated() {
            let lost = loss - smoothed[low]
            if !loss.isFinite || regimes.last == .diverges || (index > low && lost > 0.1 * Swift.max(fall, 1e-2 * Swift.abs(start))) {
                regimes.append(.diverges)
            } else if hasFall, regimes.last == .converges || start - loss >= 0.1 * fall {
                regimes.append(.converges)
            } else {
                regimes.append(.stalls)
            }
        }
        return regimes
    }

    /// The rates of a regime, from the first to the last step in it; `nil` where the test has none of it.
    public func rates(of regime: Regime) -> ClosedRange<Double>? {
        let regimes = regimes
        guard let first = regimes.firstIndex(of: regime), let last = regimes.lastIndex(of: regime) else { return nil }
        return rates[first]...rates[last]
    }

    /// The rate at which the smoothed loss falls most steeply over the logarithm of the rate; `nil` where it never falls.
    public var suggestion: Double? {
        let regimes = regimes
        guard let first = regimes.firstIndex(of: .converges) else { return nil }
        let low = Swift.max(lowest(smoothed), first)
        // Over three steps where there are as many: a single step's fall is mostly its batch.
        let falls = (first...low).map { index in
            let (before, after) = (Swift.max(index - 1, 0), Swift.min(index + 1, low))
            return after > before ? (smoothed[before] - smoothed[after]) / Double(after - before) : 0
        }
        return rates[first + (falls.indices.max { falls[$0] < falls[$1] } ?? 0)]
    }

    /// Three significant digits.
    package func number(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return shortNumber(value) }
        let unit = exponential(logarithm(10) * ((logarithm(Swift.abs(value)) / logarithm(10)).rounded(.down) - 2))
        return shortNumber((value / unit).rounded() * unit)
    }

    /// The result of the test, in lines.
    public func text() -> String {
        var lines: [String] = []
        for regime in Regime.allCases {
            guard let range = rates(of: regime) else { continue }
            let losses = zip(regimes, smoothed).filter { $0.0 == regime }.map(\.1)
            let span = "loss \(number(losses[0])) to \(number(losses[losses.count - 1]))"
            lines.append("\(regime.rawValue.padded(to: 9))  rates \(number(range.lowerBound)) to \(number(range.upperBound)), \(span)")
        }
        if endedEarly { lines.append("The test ended at \(number(rates[rates.count - 1])): the loss had grown too much to go on.") }
        if let suggestion {
            lines.append("Suggested rate: \(number(suggestion)), where the loss falls most steeply.")
        } else {
            lines.append("The loss never falls: no rate can be suggested. Are the lowest rates low enough, and the targets right?")
        }
        if rates(of: .diverges) == nil { lines.append("It never diverges: a higher last rate may show a higher one that works.") }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
