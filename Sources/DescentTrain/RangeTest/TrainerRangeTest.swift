import DescentCore
import DescentNN

extension Trainer {
    /// The learning-rate range test on a source's batches, one after another. Afterwards the model, the optimizer and its learning rate are as
    /// they were.
    ///
    /// - Parameters: `lowest`, `highest`, `count`, `smoothing`: as in `LearningRateRangeTest`.
    /// - Throws: what the source throws.
    public func rangeTest(
        on source: some BatchSource, from lowest: Double = 1e-6, to highest: Double = 10, count: Int = 100, smoothing: Double = 0.9
    ) throws -> LearningRateRangeTest {
        optimizer.prepare(for: model)
        let variables = (model.variables + optimizer.variables).map(\.variable)
        let before = variables.map(\.value)
        evaluate(before)
        defer { for (variable, value) in zip(variables, before) { variable.value = value } }
        model.train()
        var epoch = 1, place = 0
        return try LearningRateRangeTest(from: lowest, to: highest, count: count, smoothing: smoothing) { rate in
            if place == source.steps(inEpoch: epoch) { (epoch, place) = (epoch + 1, 0) }
            let batch = try source.batch(place, ofEpoch: epoch)
            place += 1
            optimizer.setLearningRate(rate)
            do {
                return try step(batch)
            } catch let error as DivergenceError {
                // A finite loss with a gradient that is not: the weights are of no use from here on.
                return error.loss.isFinite ? .infinity : Double(error.loss)
            }
        }
    }
}
