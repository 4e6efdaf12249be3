import DescentCore
import DescentFormats

/// Ends a training that no longer improves. Prechelt 1998.
public struct EarlyStopping: Equatable, Sendable {
    /// Which way a metric is better.
    public enum Goal: String, Sendable {
        /// Losses and errors.
        case lowest
        /// Accuracies, shares of variance.
        case highest
    }

    /// The metric of the validation that is watched.
    public var metric: String
    /// Which way it is better.
    public var goal: Goal
    /// How many measurements in a row may bring no improvement before the training ends; `nil` for any number: then only the best is kept.
    public var patience: Int?
    /// An improvement is one by more than this.
    public var minimumImprovement: Double

    /// - Precondition: patience is at least 1, the improvement at least 0.
    public init(metric: String = "validation_loss", goal: Goal = .lowest, patience: Int?, minimumImprovement: Double = 0) {
        if let patience, patience < 1 { stop("EarlyStopping: a patience of \(patience); it must be at least 1.") }
        if !(minimumImprovement >= 0) { stop("EarlyStopping: a minimum improvement of \(minimumImprovement); it must be 0 or above.") }
        (self.metric, self.goal, self.patience, self.minimumImprovement) = (metric, goal, patience, minimumImprovement)
    }

    /// The state between measurements.
    public struct Memory: Equatable, Sendable {
        /// The best value; `nil` before the first.
        public var best: Double?
        /// The epoch of the best value.
        public var bestEpoch = 0
        /// The measurements since then.
        public var since = 0

        /// Before the first measurement.
        public init() {}
    }

    /// Takes a measurement into account. One that is not a number is no improvement.
    ///
    /// - Returns: Whether it is the best so far.
    public func observe(_ value: Double, epoch: Int, _ memory: inout Memory) -> Bool {
        let gain = memory.best.map { goal == .lowest ? $0 - value : value - $0 }
        guard !value.isNaN, gain.map({ $0 > minimumImprovement }) ?? true else {
            memory.since += 1
            return false
        }
        (memory.best, memory.bestEpoch, memory.since) = (value, epoch, 0)
        return true
    }

    /// Whether the patience is at its end.
    public func isOver(_ memory: Memory) -> Bool { patience.map { memory.since >= $0 } ?? false }
}

extension EarlyStopping.Memory {
    func toJSON() -> JSON {
        ["best": best.map(JSON.exact) ?? nil, "bestEpoch": .integer(Int64(bestEpoch)), "since": .integer(Int64(since))]
    }

    init(json: JSONReader) throws(FormatError) {
        best = json["best"].exists ? try json["best"].exactDouble() : nil
        bestEpoch = try json["bestEpoch"].count()
        since = try json["since"].count()
    }
}
