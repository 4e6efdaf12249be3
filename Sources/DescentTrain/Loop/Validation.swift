import DescentCore

/// Measurements during a training, and their schedule. The model is in inference mode meanwhile: dropout is off.
public struct Validation {
    /// When it is measured, besides the end of the training.
    public enum Interval: Equatable, Sendable {
        /// Every this many epochs.
        case epochs(Int)
        /// Every this many steps.
        case steps(Int)
    }

    /// When.
    public let interval: Interval
    /// Measures: names and numbers, the same names each time.
    public let measure: () throws -> [TrainingRecord.Metric]

    /// - Precondition: the interval is at least 1.
    public init(every interval: Interval = .epochs(1), measure: @escaping () throws -> [TrainingRecord.Metric]) {
        switch interval {
        case .epochs(let count), .steps(let count):
            if count < 1 { stop("Validation(every: \(interval)): it must be at least 1.") }
        }
        (self.interval, self.measure) = (interval, measure)
    }

    func isDue(step: Int, endOfEpoch epoch: Int?, isLast: Bool) -> Bool {
        switch interval {
        case .epochs(let count): isLast || epoch.map { $0 % count == 0 } ?? false
        case .steps(let count): isLast || step % count == 0
        }
    }
}

extension Trainer {
    /// A validation that measures "validation_loss", the mean loss over all examples of a source.
    public func validation(on source: some BatchSource, every interval: Validation.Interval = .epochs(1)) -> Validation {
        Validation(every: interval) { [TrainingRecord.Metric("validation_loss", try self.meanLoss(over: source))] }
    }
}
