import DescentCore
import DescentData
import DescentTrain
import Synchronization

/// Batches of classified sequences of unlike lengths, each batch of nearly equal ones, so that little is padding.
///
/// A batch's tensors: tokens [time, batch], filled up with `<pad>`; lengths [batch]; labels [batch]. Times are multiples of a number that grows
/// with the length, so that there are few forms to compile.
package final class SequenceBatches: BatchSource {
    private let sequences: [[Int32]]
    private let labels: [Int32]
    private let sizes: [Int]
    private let seed: Int?
    /// The batches of the epoch asked for last.
    private let known = Mutex<(epoch: Int, batches: [[Int]])?>(nil)

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
        self.seed = seed
        sizes = Examples.batchSizes(count: sequences.count, limit: batchSize)
    }

    package var examplesPerEpoch: Int { sequences.count }
    package func steps(inEpoch epoch: Int) -> Int { sizes.count }
    package var isPreparedAhead: Bool { false }

    /// The sequences of a batch, by number.
    package func rows(_ step: Int, ofEpoch epoch: Int) -> [Int] {
        known.withLock { known in
            if let known, known.epoch == epoch { return known.batches[step] }
            let batches = batches(ofEpoch: epoch)
            known = (epoch, batches)
            return batches[step]
        }
    }

    private func batches(ofEpoch epoch: Int) -> [[Int]] {
        var order = Array(sequences.indices)
        var turn = Array(sizes.indices)
        if let seed {
            var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9 ^ UInt64(bitPattern: Int64(epoch)))
            random.shuffle(&order)
            random.shuffle(&turn)
        }
        // Of equal lengths those are together that chance put there.
        let place = order.enumerated().reduce(into: [Int](repeating: 0, count: order.count)) { $0[$1.element] = $1.offset }
        order.sort { (sequences[$0].count, place[$0]) < (sequences[$1].count, place[$1]) }
        var first = 0
        let ascending = sizes.map { size in
            defer { first += size }
            return Array(order[first..<first + size])
        }
        return turn.map { ascending[$0] }
    }

    package func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let rows = rows(step, ofEpoch: epoch)
        return Batch(Self.tensors(rows.map { sequences[$0] }) + [Tensor(int32: rows.map { labels[$0] })], count: rows.count)
    }

    /// Tokens [time, batch] and lengths [batch].
    package static func tensors(_ sequences: [[Int32]]) -> [Tensor] {
        let time = paddedLength(sequences.map(\.count).max() ?? 1)
        var tokens = [Int32](repeating: Vocabulary.padding, count: time * sequences.count)
        for (column, sequence) in sequences.enumerated() {
            for (step, token) in sequence.enumerated() { tokens[step * sequences.count + column] = token }
        }
        return [Tensor(int32: tokens, shape: [time, sequences.count]), Tensor(int32: sequences.map { Int32($0.count) })]
    }

    /// The next multiple of 2, beyond 32 of 4, beyond 64 of 8, and so on: a length grows by an eighth at most, and one step.
    package static func paddedLength(_ length: Int) -> Int {
        var unit = 2
        while unit * 16 < length { unit *= 2 }
        return (length + unit - 1) / unit * unit
    }
}
