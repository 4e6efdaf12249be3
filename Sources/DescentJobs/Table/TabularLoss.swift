import DescentCore
import DescentData
import DescentNN
import DescentTrain

/// What a network for tables is trained by, and what it is validated by.
///
/// Several networks each have a loss of their own, so that they stay different. Where each has a fold of the rows, a third tensor [batch, members]
/// says which rows it learns from (1) and which it is validated on (0).
package struct TabularLoss: Sendable {
    private let task: PredictionTask
    private let folds: [Int]
    private let members: Int

    /// - Parameter folds: For each of the training rows the member that does not learn from it; empty where all learn from all.
    package init(task: PredictionTask, folds: [Int], members: Int) { (self.task, self.folds, self.members) = (task, folds, members) }

    /// The tensors that batches are made of.
    package func tensors(_ examples: Examples) -> [Tensor] {
        let pair = [examples.inputs, examples.targets]
        if folds.isEmpty { return pair }
        let learns = folds.flatMap { fold in (0..<members).map { $0 == fold ? Float(0) : 1 } }
        return pair + [Tensor(learns, shape: [folds.count, members])]
    }

    /// The loss of each example, [batch].
    private func each(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
        switch task {
        case .regression: meanSquaredError(outputs, targets, reduction: .none).squeezed(axis: -1)
        case .binary: binaryCrossEntropy(logits: outputs, targets, reduction: .none).squeezed(axis: -1)
        case .multiclass: softmaxCrossEntropy(outputs, targets, reduction: .none)
        }
    }

    /// The mean of the members' mean losses of a batch: that of a member over the share of rows that it learns from, as it is in all rows.
    package func training(_ network: FeedForward, _ batch: [Tensor]) -> Tensor {
        let losses = network.outputs(batch[0]).enumerated().map { member, outputs in
            let losses = each(outputs, batch[1])
            return folds.isEmpty ? losses.mean() : (losses * batch[2][0..., member]).mean() * (Double(members) / Double(members - 1))
        }
        return losses.dropFirst().reduce(losses[0], +) * (1 / Double(losses.count))
    }

    /// Measures the validation loss: with folds, the mean over all rows of the loss of the member that did not learn from the row; otherwise that of
    /// the members' mean answer over the rows given.
    package func validation(of network: FeedForward, on tensors: [Tensor]) -> () throws -> Double {
        let source = Batches(tensors, size: 4096, seed: nil)
        let measured = compile { [self] (batch: [Tensor]) in
            if batch.count == 2 { return each(network(batch[0]), batch[1]).mean() }
            let losses = network.outputs(batch[0]).enumerated().map { member, outputs in
                each(outputs, batch[1]) * (1 - batch[2][0..., member])
            }
            return losses.dropFirst().reduce(losses[0], +).mean()
        }
        return {
            var sum = 0.0
            for step in 0..<source.steps(inEpoch: 1) {
                let batch = try source.batch(step, ofEpoch: 1)
                sum += measured(batch.tensors).item() * Double(batch.count)
            }
            return sum / Double(source.examplesPerEpoch)
        }
    }
}
