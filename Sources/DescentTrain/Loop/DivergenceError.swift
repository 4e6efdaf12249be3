import DescentCore

/// A training ended with a network whose answers are not numbers, although its loss stayed finite: batch statistics, say, went beyond all numbers.
public struct AnswerDivergenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// How many of the answers to examples held out are not finite.
    public let count: Int
    /// The learning rate at its peak.
    public let learningRate: Double

    /// An error about so many answers.
    public init(count: Int, learningRate: Double) { (self.count, self.learningRate) = (count, learningRate) }

    /// The whole sentence, and what to try.
    public var description: String {
        "training diverged: \(count) \(count == 1 ? "answer" : "answers") to what is held out \(count == 1 ? "is" : "are") not a number (NaN), although the loss stayed finite. Try a smaller learning rate (it was \(shortNumber(learningRate)); 0.003 is usual); if it stays, look for extreme numbers in the data"
    }
}

/// Training stopped because its numbers are no longer finite.
public struct DivergenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The step in which it was seen, from 1.
    public let step: Int
    /// The epoch of that step, from 1.
    public let epoch: Int
    /// The loss of that step.
    public let loss: Float
    /// The path of the parameter whose gradient is not finite or, if all are, the longest.
    public let parameter: String
    /// The Euclidean norm of that gradient.
    public let gradientNorm: Double
    /// The learning rate in that step.
    public let learningRate: Double

    /// The whole sentence, and what to try.
    public var description: String {
        let what = loss.isFinite ? "a gradient is not finite in step \(step)" : "the loss became \(loss.isNaN ? "NaN" : "infinite") in step \(step)"
        let gradient =
            gradientNorm.isFinite
            ? "The longest gradient is that of \(parameter), with norm \(scientific(gradientNorm, 2))"
            : "The gradient of \(parameter) is too large or not a number"
        return
            "\(what) (epoch \(epoch)), so training stopped. \(gradient). Try a smaller learning rate (it was \(shortNumber(learningRate)); 0.003 is usual); if it stays, look for extreme numbers in the data"
    }
}
