import DescentCore
import DescentNN

/// Trains a model: one compiled step after another, on whatever batches a source gives.
///
///     let trainer = Trainer(model, optimizer: Adam()) { model, images, labels in softmaxCrossEntropy(model(images), labels) }
///     try trainer.fit(Examples(inputs: images, targets: labels), epochs: 10, batchSize: 32, seed: 1)
///
/// `fit` (TrainerLoop.swift) is the whole loop: schedule, validation, early stopping, checkpoints, observers. In a loop of your own
/// `step`, `meanLoss` and `Checkpoint` are its pieces:
///
///     for step in 0..<source.steps(inEpoch: 1) {
///         let loss = try trainer.step(source.batch(step, ofEpoch: 1))
///     }
///
/// The same seed gives the same bits, on any number of threads.
public final class Trainer<Model: Module> {
    /// The model.
    public let model: Model
    /// Updates the parameters.
    public let optimizer: any Optimizer
    /// How the learning rate changes from what the optimizer was given.
    public let schedule: Schedule
    /// Gradient clipping.
    public let clipping: Clipping
    private let compiledStep: CompiledFunction<(Tensor, Tensor), [Tensor]>
    private let compiledLoss: CompiledFunction<Tensor, [Tensor]>
    private let parameters: [NamedVariable]

    /// A limit for gradients.
    public enum Clipping: Equatable, Sendable {
        /// No limit.
        case none
        /// All gradients are scaled down together to this Euclidean norm where it is longer. Pascanu et al. 2013.
        case norm(Double)
        /// Each element is limited to this magnitude.
        case value(Double)
    }

    /// A trainer whose loss takes all tensors of a batch, however many.
    ///
    /// - Parameter loss: the mean loss of a batch, from the model and the batch's tensors. Variables that it assigns, such as a state carried
    ///   from batch to batch, are carried along and, if they are the model's, saved with it.
    public init(
        _ model: Model, optimizer: any Optimizer, schedule: Schedule = .cosine, clipping: Clipping = .none,
        lossOfBatch loss: @escaping (Model, [Tensor]) -> Tensor
    ) {
        self.model = model
        self.optimizer = optimizer
        self.schedule = schedule
        self.clipping = clipping
        parameters = model.parameters.filter { !$0.variable.isFrozen }
        compiledStep = compile { (batch: [Tensor]) in
            let (value, gradients) = valueWithGradient(at: model) { loss($0, batch) }
            switch clipping {
            case .none: optimizer.update(model, with: gradients)
            case .norm(let limit): optimizer.update(model, with: gradients.clipped(toNorm: limit))
            case .value(let limit): optimizer.update(model, with: gradients.clipped(toValue: limit))
            }
            let squares = gradients.tensors.map { ($0 * $0).sum().cast(to: .float32) }
            return (value.cast(to: .float32), squares.isEmpty ? Tensor([Float]()) : Tensor.stack(squares))
        }
        compiledLoss = compile { (batch: [Tensor]) in loss(model, batch).cast(to: .float32) }
    }

    /// A trainer whose batches are inputs and targets.
    ///
    /// - Parameter loss: the mean loss of a batch, from the model, inputs and targets.
    public convenience init(
        _ model: Model, optimizer: any Optimizer, schedule: Schedule = .cosine, clipping: Clipping = .none,
        loss: @escaping (Model, Tensor, Tensor) -> Tensor
    ) {
        self.init(model, optimizer: optimizer, schedule: schedule, clipping: clipping) { model, tensors in
            if tensors.count != 2 { stop("Trainer: a batch of \(tensors.count) tensors, and the loss takes inputs and targets. With other batches use lossOfBatch:.") }
            return loss(model, tensors[0], tensors[1])
        }
    }

    /// One step: the batch's loss, its gradient, an update. The learning rate is the optimizer's.
    ///
    /// - Parameters:
    ///   - number: The step's number, from 1, for errors.
    ///   - epoch: Its epoch, from 1, for errors.
    /// - Returns: The mean loss of the batch, from before the update.
    /// - Throws: `DivergenceError` where the loss or a gradient is not finite; the parameters are then of no use.
    @discardableResult
    public func step(_ batch: Batch, number: Int = 1, epoch: Int = 1) throws -> Double {
        let (loss, squares) = compiledStep(batch.tensors)
        let value = loss.withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
        let isFinite = value.isFinite && squares.withUnsafeBytes { $0.bindMemory(to: Float.self).allSatisfy(\.isFinite) }
        if !isFinite { throw divergence(loss: value, squares, step: number, epoch: epoch) }
        return Double(value)
    }

    /// The mean loss over all examples of a source's first epoch, without an update, with the model in use (dropout passes everything).
    public func meanLoss(over source: some BatchSource) throws -> Double {
        model.infer()
        var sum = 0.0
        var count = 0
        for step in 0..<source.steps(inEpoch: 1) {
            let batch = try source.batch(step, ofEpoch: 1)
            sum += Double(compiledLoss(batch.tensors).withUnsafeBytes { $0.loadUnaligned(as: Float.self) }) * Double(batch.count)
            count += batch.count
        }
        return sum / Double(count)
    }

    private func divergence(loss: Float, _ squares: Tensor, step: Int, epoch: Int) -> DivergenceError {
        let lengths = squares.floats.map { Double($0).squareRoot() }
        // NaN before infinity before the longest.
        let worst = lengths.indices.max { a, b in
            lengths[b].isNaN ? !lengths[a].isNaN : lengths[a] < lengths[b]
        }
        return DivergenceError(
            step: step, epoch: epoch, loss: loss, parameter: worst.map { parameters[$0].path } ?? "the model",
            gradientNorm: worst.map { lengths[$0] } ?? 0, learningRate: optimizer.learningRate.value.item())
    }
}
