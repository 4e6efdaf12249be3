import DescentCore

/// Whether probabilities are what they say: of the answers given with 70 percent, are 70 percent right?
public struct Calibration: Equatable, Sendable {
    /// How probabilities are put into bins.
    public enum Binning: Sendable {
        /// Bins of equal width from 0 to 1; a probability on an edge belongs to the lower bin.
        case uniform
        /// Bins of about equally many examples; their edges are quantiles of the probabilities, interpolated.
        case quantile
    }

    /// One bin of a reliability diagram.
    public struct Bin: Equatable, Sendable {
        /// How many examples.
        public let count: Int
        /// The mean of their probabilities.
        public let meanProbability: Double
        /// The share that is positive.
        public let shareOfPositives: Double
    }

    /// The bins that have examples, by probability.
    public let bins: [Bin]

    /// The reliability of probabilities of a positive answer.
    ///
    /// - Parameters:
    ///   - probabilities: Each from 0 to 1.
    ///   - isPositive: The truth. For several classes: the highest probability, and whether that class is the label.
    public init(_ probabilities: [some BinaryFloatingPoint], _ isPositive: [Bool], bins count: Int = 10, binning: Binning = .uniform) {
        Metrics.check("Calibration", probabilities.count, isPositive.count, nil)
        if count < 1 { stop("Calibration: \(count) bins; there must be at least 1.") }
        if let wrong = probabilities.first(where: { !(0...1).contains($0) }) { stop("Calibration: a probability is \(wrong); it must be from 0 to 1.") }
        let values = probabilities.map { Double($0) }
        let edges = (1..<count).map { edge -> Double in
            // As linspace: the product of a whole number and the step.
            binning == .uniform ? Double(edge) * (1 / Double(count)) : Self.quantile(values.sorted(), Double(edge) / Double(count))
        }
        var sums = [(count: Int, probability: CompensatedSum, positives: Int)](repeating: (0, CompensatedSum(), 0), count: count)
        for (value, isPositive) in zip(values, isPositive) {
            let bin = edges.firstIndex { value <= $0 } ?? count - 1
            sums[bin].count += 1
            sums[bin].probability.add(value)
            sums[bin].positives += isPositive ? 1 : 0
        }
        bins = sums.filter { $0.count > 0 }.map { sum in
            Bin(
                count: sum.count, meanProbability: sum.probability.value / Double(sum.count),
                shareOfPositives: Double(sum.positives) / Double(sum.count))
        }
    }

    /// The mean distance of a bin's probability from its share of positives, weighted by the bins' counts. Naeini et al. 2015. Of no
    /// examples: NaN.
    public var expectedError: Double {
        let total = bins.reduce(0) { $0 + $1.count }
        return bins.reduce(0) { $0 + Double($1.count) * Swift.abs($1.shareOfPositives - $1.meanProbability) } / Double(total)
    }

    /// The largest distance of a bin's probability from its share of positives. Of no examples: NaN.
    public var maximumError: Double { bins.map { Swift.abs($0.shareOfPositives - $0.meanProbability) }.max() ?? .nan }

    /// A quantile of sorted values, linear between two.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        if sorted.isEmpty { return 0 }
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = Swift.min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
