import DescentCore
import DescentData
import DescentTrain
import Synchronization

/// Batches of sentences and their translations, of nearly equal lengths each, in an order that is new for each epoch.
///
/// A batch is: sources [batch, time], their lengths [batch], what the decoder reads (`<bos>` first) and what it is to write (`<eos>` last), both
/// [batch, time], and 1 for the real tokens of these, 0 for padding.
package struct TranslationBatches: BatchSource {
    private let pairs: [TokenPair]
    private let order: LengthOrder
    private let seed: Int?
    /// Tokens that stand in one pair alone.
    private let rareSources: Set<Int32>, rareTargets: Set<Int32>
    /// How often a pair with rare words is read with `<unk>` in their place, on both sides: so the network learns what to do with words that it
    /// does not know, and that one is answered by the other.
    private static let unknownShare = 0.15

    /// - Parameters:
    ///   - pairs: at least one, no empty source.
    ///   - batchSize: the most pairs of a batch.
    ///   - seed: what the order is drawn from; nil for the shortest first.
    ///   - hidesRare: whether rare tokens are sometimes replaced by `<unk>`.
    package init(_ pairs: [TokenPair], batchSize: Int, seed: Int?, hidesRare: Bool = false) {
        self.pairs = pairs
        self.seed = seed
        func rare(_ side: (TokenPair) -> [Int32]) -> Set<Int32> {
            var counts: [Int32: Int] = [:]
            for pair in pairs { for token in Set(side(pair)) { counts[token, default: 0] += 1 } }
            return hidesRare ? Set(counts.filter { $0.value == 1 }.keys) : []
        }
        (rareSources, rareTargets) = (rare(\.source), rare(\.target))
        // Pairs of equal sources by their targets: both sides have little padding.
        order = LengthOrder(lengths: pairs.map { $0.source.count << 16 + $0.target.count }, batchSize: batchSize, seed: seed)
    }

    package var examplesPerEpoch: Int { pairs.count }
    package func steps(inEpoch epoch: Int) -> Int { order.batchCount }
    package var isPreparedAhead: Bool { false }

    package func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let rows = order.rows(step, ofEpoch: epoch)
        return Batch(Self.tensors(rows.map { shown($0, epoch) }), count: rows.count)
    }

    /// A pair as it is read in an epoch.
    private func shown(_ row: Int, _ epoch: Int) -> TokenPair {
        let pair = pairs[row]
        guard let seed, !rareSources.isEmpty, pair.source.contains(where: rareSources.contains) else { return pair }
        var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9 ^ UInt64(epoch) << 32 ^ UInt64(row))
        guard Double(random.next() >> 11) * 0x1p-53 < Self.unknownShare else { return pair }
        return TokenPair(
            source: pair.source.map { rareSources.contains($0) ? Vocabulary.unknown : $0 }, target: pair.target.map { rareTargets.contains($0) ? Vocabulary.unknown : $0 })
    }

    /// The tensors of some pairs.
    ///
    /// - Parameter isPadded: whether times are rounded up, so that there are few forms.
    package static func tensors(_ pairs: [TokenPair], padded isPadded: Bool = true) -> [Tensor] {
        func padded(_ sequences: [[Int32]]) -> Tensor {
            let longest = sequences.map(\.count).max() ?? 1, time = isPadded ? LengthOrder.padded(longest) : longest
            return Tensor(int32: sequences.flatMap { $0 + [Int32](repeating: Vocabulary.padding, count: time - $0.count) }, shape: [sequences.count, time])
        }
        let sources = padded(pairs.map(\.source)), targets = padded(pairs.map { [Vocabulary.beginning] + $0.target }), answers = padded(pairs.map { $0.target + [Vocabulary.end] })
        let time = answers.shape[1]
        let isReal = pairs.flatMap { pair in (0..<time).map { $0 <= pair.target.count ? Float(1) : 0 } }
        return [sources, Tensor(int32: pairs.map { Int32($0.source.count) }), targets, answers, Tensor(isReal, shape: [pairs.count, time])]
    }
}

/// A sentence and its translation as tokens, without beginning and end.
package struct TokenPair: Equatable, Sendable {
    package var source: [Int32], target: [Int32]
    package init(source: [Int32], target: [Int32]) { (self.source, self.target) = (source, target) }
}
