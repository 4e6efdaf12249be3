import DescentCore

/// Reduces the learning rate when a metric gets no better: the one schedule that depends on how training goes.
///
///     optimizer.setLearningRate(highest * plateau.factor(after: validationLoss))
///
/// A metric is better when it passes the best one by more than `threshold` of it. After more than `patience` evaluations in a row that are not
/// better, the factor is multiplied by `reduction`, and nothing counts for `coolDown` evaluations. NaN is not better. As PyTorch's
/// `ReduceLROnPlateau` in its relative mode.
public final class ReduceOnPlateau {
    /// The state, for a checkpoint.
    public struct State: Hashable, Sendable {
        /// The best metric so far; nil: none yet.
        public var best: Double?
        /// How many evaluations in a row were not better.
        public var badEvaluations: Int
        /// How many more evaluations don't count.
        public var coolingDown: Int
        /// Of the highest learning rate.
        public var factor: Double

        public init(best: Double? = nil, badEvaluations: Int = 0, coolingDown: Int = 0, factor: Double = 1) {
            (self.best, self.badEvaluations, self.coolingDown, self.factor) = (best, badEvaluations, coolingDown, factor)
        }
    }

    public let reduction: Double
    public let patience: Int
    public let threshold: Double
    public let coolDown: Int
    /// The factor does not fall below.
    public let smallest: Double
    /// Whether larger metrics are better, as accuracies are.
    public let isLargerBetter: Bool
    public var state = State()

    public init(
        reduction: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, coolDown: Int = 0, smallest: Double = 0, isLargerBetter: Bool = false
    ) {
        if !(reduction > 0 && reduction < 1) || patience < 0 || threshold < 0 || coolDown < 0 || !(0...1).contains(smallest) {
            stop(
                "ReduceOnPlateau(reduction: \(reduction), patience: \(patience), threshold: \(threshold), coolDown: \(coolDown), smallest: \(smallest)): the reduction is above 0 and below 1, the smallest factor in 0...1, the others not below 0."
            )
        }
        (self.reduction, self.patience, self.threshold, self.coolDown) = (reduction, patience, threshold, coolDown)
        (self.smallest, self.isLargerBetter) = (smallest, isLargerBetter)
    }

    /// The factor of the highest learning rate, now that the metric of another evaluation is known.
    public func factor(after metric: Double) -> Double {
        if isBetter(metric) {
            state.best = metric
            state.badEvaluations = 0
        } else {
            state.badEvaluations += 1
        }
        if state.coolingDown > 0 {
            state.coolingDown -= 1
            state.badEvaluations = 0
        }
        if state.badEvaluations > patience {
            state.factor = max(state.factor * reduction, smallest)
            state.coolingDown = coolDown
            state.badEvaluations = 0
        }
        return state.factor
    }

    private func isBetter(_ metric: Double) -> Bool {
        guard let best = state.best, best.isFinite else { return !metric.isNaN }
        let margin = threshold * abs(best)
        return isLargerBetter ? metric > best + margin : metric < best - margin
    }
}
