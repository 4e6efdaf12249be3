import DescentCore

/// The examples of one step.
public struct Batch: Sendable {
    /// The tensors that the loss takes, such as inputs and targets. Keep the shapes the same from batch to batch where possible: each new form is compiled.
    public let tensors: [Tensor]
    /// How many examples they hold: what the batch counts in means over an epoch.
    public let count: Int

    /// A batch of this many examples.
    public init(_ tensors: [Tensor], count: Int) { (self.tensors, self.count) = (tensors, count) }
}

/// Gives a training its batches.
///
/// A batch depends on its epoch and its step alone, never on what was asked before: so a run can be resumed at any step, and batches can be
/// made ahead of time, on another thread, with the same bits.
public protocol BatchSource: Sendable {
    /// The examples of one epoch.
    var examplesPerEpoch: Int { get }
    /// The steps of an epoch; epochs count from 1. At least 1.
    func steps(inEpoch epoch: Int) -> Int
    /// The batch of a step (from 0) of an epoch (from 1).
    func batch(_ step: Int, ofEpoch epoch: Int) throws -> Batch
    /// Whether a batch takes so long to make that it is worth a thread of its own. `true` if not said otherwise.
    var isPreparedAhead: Bool { get }
}

extension BatchSource {
    public var isPreparedAhead: Bool { true }
}

/// How long a training goes on.
public enum TrainingLength: Equatable, Sendable {
    /// This many passes over all examples.
    case epochs(Int)
    /// So many steps, the last epoch perhaps in part.
    case steps(Int)

    /// The steps and the epochs, counting one that is cut short.
    package func total(of source: some BatchSource) -> (steps: Int, epochs: Int) {
        switch self {
        case .epochs(let epochs): return ((1...epochs).reduce(0) { $0 + source.steps(inEpoch: $1) }, epochs)
        case .steps(let steps):
            var left = steps
            var epoch = 0
            while left > 0 {
                epoch += 1
                left -= source.steps(inEpoch: epoch)
            }
            return (steps, epoch)
        }
    }
}
