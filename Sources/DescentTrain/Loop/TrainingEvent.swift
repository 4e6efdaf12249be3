/// Where a run stands after a step.
public struct TrainingProgress: Equatable, Sendable {
    /// The epoch, from 1.
    public let epoch: Int
    /// How many epochs the run has, one that is cut short included.
    public let epochs: Int
    /// The steps taken.
    public let step: Int
    /// How many steps the run has.
    public let steps: Int
    /// The examples seen, each as often as it was.
    public let examples: Int
    /// The mean loss of this epoch's examples so far.
    public let loss: Double
    /// Whether this step ended its epoch.
    public let isEndOfEpoch: Bool

    /// A standing, for loops of your own.
    public init(epoch: Int, epochs: Int, step: Int, steps: Int, examples: Int, loss: Double, isEndOfEpoch: Bool) {
        (self.epoch, self.epochs, self.step, self.steps) = (epoch, epochs, step, steps)
        (self.examples, self.loss, self.isEndOfEpoch) = (examples, loss, isEndOfEpoch)
    }
}

/// How a training ended.
public struct TrainingOutcome: Equatable, Sendable {
    /// Why it ended.
    public enum Reason: Equatable, Sendable {
        /// All its epochs or steps were taken.
        case completed
        /// There was no improvement for as long as early stopping allows.
        case stoppedEarly
        /// It was asked to stop; it can be resumed.
        case interrupted
        /// It had ended before, in an earlier run, and no step was taken.
        case alreadyFinished
    }

    /// Why it ended.
    public let reason: Reason
    /// Where it stood.
    public let state: TrainingState
    /// The mean training loss of the last epoch's examples.
    public let loss: Double
    /// An outcome, for loops of your own.
    public init(reason: Reason, state: TrainingState, loss: Double) { (self.reason, self.state, self.loss) = (reason, state, loss) }

    /// The epoch whose weights the model has, where the best were kept.
    public var bestEpoch: Int? { state.earlyStopping.flatMap { $0.best == nil ? nil : $0.bestEpoch } }
}

/// The events of a training, in order.
public enum TrainingEvent: Sendable {
    /// Before the first step: the training's state, past the beginning if it is resumed, and its total number of steps.
    case began(TrainingState, steps: Int, epochs: Int)
    /// Before the first step of an epoch (not when resumed in the middle of one).
    case epochBegan(Int)
    /// After each step.
    case step(TrainingProgress)
    /// At the end of each epoch, and at each validation between.
    case record(TrainingRecord)
    /// The state was saved at this path.
    case saved(String)
    /// After the last step, the model ready for use. Not where an error ended the training.
    case finished(TrainingOutcome)
}

/// Follows a training: a progress line, a log, a chart.
public protocol TrainingObserver {
    /// Called on the training's thread. An error ends the training and is passed on.
    func observe(_ event: TrainingEvent) throws
}

/// An observer that is a closure.
public struct ObservingClosure: TrainingObserver {
    private let body: (TrainingEvent) throws -> Void

    /// Calls the closure at each event.
    public init(_ body: @escaping (TrainingEvent) throws -> Void) { self.body = body }

    public func observe(_ event: TrainingEvent) throws { try body(event) }
}
