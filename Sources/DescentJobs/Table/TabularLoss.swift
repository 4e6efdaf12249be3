import DescentCore
import DescentData
import DescentNN
import DescentTrain

/// What a network for tables is trained by, and what it is validated by.
///
/// Several networks each have a loss of their own, so that they stay different. Where each has a fold of the rows, a third tensor [batch, members]
/// says which rows it learns from (1) and which it is validated on (0). Networks in pairs share a fold: one of a pair sees the pieces of numbers, and what counts
/// is how well both do together, each weighed as is best for all rows.
package struct TabularLoss: Sendable {
    private let task: PredictionTask
    private let folds: [Int]
    private let members: Int
    private let isPaired: Bool

    /// - Parameters:
    ///   - folds: For each of the training rows the member, or the pair of them, that does not learn from it; empty where all learn from all.
    ///   - isPaired: Whether members are pairs.
    package init(task: PredictionTask, folds: [Int], members: Int, isPaired: Bool = false) {
        (self.task, self.folds, self.members, self.isPaired) = (task, folds, members, isPaired)
    }

    /// The tensors that batches are made of.
    package func tensors(_ examples: Examples) -> [Tensor] {
        let pair = [examples.inputs, examples.targets]
        if folds.isEmpty { return pair }
        let learns = folds.flatMap { fold in (0..<members).map { (isPaired ? $0 / 2 : $0) == fold ? Float(0) : 1 } }
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
        let parts = Double(isPaired ? members / 2 : members)
        let losses = network.outputs(batch[0]).enumerated().map { member, outputs in
            let losses = each(outputs, batch[1])
            return folds.isEmpty ? losses.mean() : (losses * batch[2][0..., member]).mean() * (parts / (parts - 1))
        }
        return losses.dropFirst().reduce(losses[0], +) * (1 / Double(losses.count))
    }

    /// The shares of the mean that are tried for members that see pieces.
    package static let shares = (0...10).map { Double($0) / 10 }

    /// Measures the validation loss: with folds, the mean over all rows of the loss of the members that did not learn from the row, those of a pair weighed as is best;
    /// otherwise that of the members' mean answer over the rows given.
    package func validation(of network: FeedForward, on tensors: [Tensor]) -> () throws -> Double {
        let measure = losses(of: network, on: tensors)
        return { try measure().min()! }
    }

    /// The share of the mean that is best for members that see pieces; `nil` where members are no pairs with folds.
    package func bestShare(of network: FeedForward, on tensors: [Tensor]) throws -> Double? {
        if !isPaired || folds.isEmpty || network.architecture.edges.isEmpty { return network.architecture.pieceShare }
        let losses = try losses(of: network, on: tensors)()
        return Self.shares[losses.indices.min { losses[$0] < losses[$1] }!]
    }

    /// The mean loss over rows; for pairs with folds, that of each of `shares`.
    private func losses(of network: FeedForward, on tensors: [Tensor]) -> () throws -> [Double] {
        let source = Batches(tensors, size: 4096, seed: nil)
        let measured = compile { [self] (batch: [Tensor]) in
            if batch.count == 2 { return each(network(batch[0]), batch[1]).mean().expanded(axis: 0) }
            let outputs = network.outputs(batch[0])
            if !isPaired {
                let losses = outputs.enumerated().map { member, outputs in each(outputs, batch[1]) * (1 - batch[2][0..., member]) }
                return losses.dropFirst().reduce(losses[0], +).mean().expanded(axis: 0)
            }
            // Of each kind, the outputs of the one member that did not learn from the row.
            let kinds = (0...1).map { kind in
                let own = stride(from: kind, to: members, by: 2).map { outputs[$0] * (1 - batch[2][0..., $0]).expanded(axis: 1) }
                return own.dropFirst().reduce(own[0], +)
            }
            return Tensor.stack(Self.shares.map { each(kinds[0] * $0 + kinds[1] * (1 - $0), batch[1]).mean() })
        }
        return {
            var sums: [Double] = []
            for step in 0..<source.steps(inEpoch: 1) {
                let batch = try source.batch(step, ofEpoch: 1)
                let own = measured(batch.tensors).doubles.map { $0 * Double(batch.count) }
                sums = sums.isEmpty ? own : zip(sums, own).map { $0 + $1 }
            }
            return sums.map { $0 / Double(source.examplesPerEpoch) }
        }
    }
}
