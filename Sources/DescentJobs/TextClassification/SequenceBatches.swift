import DescentCore
import DescentData
import DescentTrain

/// Batches of classified sequences of unlike lengths, each batch of nearly equal ones, so that little is padding.
///
/// A batch's tensors: tokens [time, batch], filled up with `<pad>`; lengths [batch]; labels [batch]. Times are multiples of a number that grows
/// with the length, so that there are few forms to compile.
package final class SequenceBatches: BatchSource {
    private let sequences: [[Int32]]
    private let labels: [Int32]
    private let order: LengthOrder

    /// - Parameters:
    ///   - sequences: at least one; an empty one becomes a single `<unk>`.
    ///   - labels: a class for each.
    ///   - batchSize: the most sequences of a batch; batches are nearly equal.
    ///   - seed: what the order is drawn from; nil for the shortest first.
    package init(_ sequences: [[Int32]], labels: [Int32], batchSize: Int, seed: Int?) {
        guard !sequences.isEmpty, sequences.count == labels.count, batchSize >= 1 else {
            stop("SequenceBatches: \(sequences.count) sequences, \(labels.count) labels, a batch size of \(batchSize); there must be as many labels, and at least 1 of each.")
        }
        self.sequences = sequences.map { $0.isEmpty ? [Vocabulary.unknown] : $0 }
        self.labels = labels
        order = LengthOrder(lengths: self.sequences.map(\.count), batchSize: batchSize, seed: seed)
    }

    package var examplesPerEpoch: Int { sequences.count }
    package func steps(inEpoch epoch: Int) -> Int { order.batchCount }
    package var isPreparedAhead: Bool { false }

    /// The sequences of a batch, by number.
    package func rows(_ step: Int, ofEpoch epoch: Int) -> [Int] { order.rows(step, ofEpoch: epoch) }

    package func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let rows = rows(step, ofEpoch: epoch)
        return Batch(Self.tensors(rows.map { sequences[$0] }) + [Tensor(int32: rows.map { labels[$0] })], count: rows.count)
    }

    /// Tokens [time, batch] and lengths [batch].
    package static func tensors(_ sequences: [[Int32]]) -> [Tensor] {
        let time = LengthOrder.padded(sequences.map(\.count).max() ?? 1)
        var tokens = [Int32](repeating: Vocabulary.padding, count: time * sequences.count)
        for (column, sequence) in sequences.enumerated() {
            for (step, token) in sequence.enumerated() { tokens[step * sequences.count + column] = token }
        }
        return [Tensor(int32: tokens, shape: [time, sequences.count]), Tensor(int32: sequences.map { Int32($0.count) })]
    }
}
