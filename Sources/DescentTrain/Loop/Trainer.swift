import DescentCore
import DescentNN

/// Where a run stands after a step.
public struct TrainingProgress: Sendable {
    /// The epoch, from 1.
    public let epoch: Int
    /// How many epochs the run has.
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

/// The training loop: shuffled batches, one compiled step on each.
///
///     let trainer = Trainer(model, optimizer: Adam()) { model, images, labels in softmaxCrossEntropy(model(images), labels) }
///     try trainer.fit(Examples(inputs: images, targets: labels), epochs: 10, batchSize: 32, seed: 1)
///
/// Each epoch visits every example once, in a new order. The order depends on the seed alone, so the same seed gives the same bits
/// on any number of threads.
public final class Trainer<Model: Module> {
    /// What is trained.
    public let model: Model
    /// What changes its parameters.
    public let optimizer: any Optimizer
    /// How the learning rate changes from what the optimizer was given.
    public let schedule: Schedule
    private let step: CompiledFunction<(Tensor, Tensor), Tensor, Tensor>
    private let parameters: [NamedVariable]

    /// - Parameter loss: the mean loss of a batch, from the model, inputs and targets.
    public init(
        _ model: Model, optimizer: any Optimizer, schedule: Schedule = .cosine, loss: @escaping (Model, Tensor, Tensor) -> Tensor
    ) {
        self.model = model
        self.optimizer = optimizer
        self.schedule = schedule
        parameters = model.parameters.filter { !$0.variable.isFrozen }
        step = compile { (inputs: Tensor, targets: Tensor) in
            let (value, gradients) = valueWithGradient(at: model) { loss($0, inputs, targets) }
            optimizer.update(model, with: gradients)
            return (value, Tensor.stack(gradients.tensors.map { ($0 * $0).sum().cast(to: .float32) }))
        }
    }

    /// Trains, and leaves the model ready for use (dropout passes everything).
    ///
    /// - Parameters:
    ///   - examples: What to learn from; at least one.
    ///   - batchSize: The most examples of a step.
    ///   - report: Called after each step. An error that it throws ends the run and is passed on.
    /// - Returns: The mean loss of the last epoch.
    /// - Throws: `DivergenceError` as soon as the loss or a gradient is not finite.
    @discardableResult
    public func fit(
        _ examples: Examples, epochs: Int, batchSize: Int, seed: Int, report: (TrainingProgress) throws -> Void = { _ in }
    ) throws -> Double {
        if epochs < 1 || batchSize < 1 || examples.count < 1 {
            stop("Trainer.fit: \(examples.count) examples, \(epochs) epochs, a batch size of \(batchSize); each must be at least 1.")
        }
        let order = Random(seed: seed).stream("order")
        let highestRate = optimizer.learningRate.value.item()
        defer {
            optimizer.setLearningRate(highestRate)
            model.infer()
        }
        model.train()
        let sizes = Examples.batchSizes(count: examples.count, limit: batchSize)
        let steps = epochs * sizes.count
        var taken = 0
        var meanLoss = 0.0
        for epoch in 1...epochs {
            let rows = order.permutation(examples.count).ints
            var sum = 0.0
            var seen = 0
            for size in sizes {
                let rate = highestRate * schedule(taken, of: steps)
                optimizer.setLearningRate(rate)
                let (inputs, targets) = examples.batch(rows[seen..<seen + size])
                let (loss, squares) = step(inputs, targets)
                taken += 1
                let value = loss.withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
                try watch(loss: value, squares, step: taken, epoch: epoch, rate: rate)
                seen += size
                sum += Double(value) * Double(size)
                meanLoss = sum / Double(seen)
                try report(TrainingProgress(
                    epoch: epoch, epochs: epochs, step: taken, steps: steps, examples: (epoch - 1) * examples.count + seen,
                    loss: meanLoss, isEndOfEpoch: seen == examples.count))
            }
        }
        return meanLoss
    }

    /// Stops the run where the loss or the length of a gradient is not finite.
    private func watch(loss: Float, _ squares: Tensor, step: Int, epoch: Int, rate: Double) throws {
        let isFinite = loss.isFinite && squares.withUnsafeBytes { $0.bindMemory(to: Float.self).allSatisfy(\.isFinite) }
        if isFinite { return }
        let lengths = squares.floats.map { Double($0).squareRoot() }
        // NaN before infinity before the longest.
        let worst = lengths.indices.max { a, b in
            lengths[b].isNaN ? !lengths[a].isNaN : lengths[a] < lengths[b]
        }
        throw DivergenceError(
            step: step, epoch: epoch, loss: loss, parameter: worst.map { parameters[$0].path } ?? "the model",
            gradientNorm: worst.map { lengths[$0] } ?? 0, learningRate: rate)
    }
}
