import DescentCore
import DescentData
import DescentTrain

/// Batches of sentences of nearly equal lengths, so that little is padding.
///
/// A batch's tensors: words [time, batch], affixes [time, batch, kinds], letters [time, batch, letters], lengths [batch], tags [time, batch].
package final class TaggingBatches: BatchSource {
    private let sentences: [WordFeatures.Encoded]
    private let tags: [[Int32]]
    private let order: LengthOrder
    private let seed: Int?
    /// Of each word's number, how often it occurs.
    private let counts: [Int]

    /// A word that occurs once is taken for an unknown one in half of the cases, one that occurs often hardly ever: so the network learns what to make
    /// of words that it has never seen.
    private static let rarity = 1.0

    /// - Parameters:
    ///   - sentences: At least one, each of at least one word.
    ///   - tags: Of each word its tag's number.
    ///   - seed: What the order and the words that are hidden are drawn from; `nil` for the shortest first and nothing hidden.
    init(_ sentences: [WordFeatures.Encoded], tags: [[Int32]], batchSize: Int, seed: Int?) {
        (self.sentences, self.tags, self.seed) = (sentences, tags, seed)
        order = LengthOrder(lengths: sentences.map(\.count), batchSize: batchSize, seed: seed)
        var counts: [Int: Int] = [:]
        for word in sentences.joined(by: \.words) { counts[Int(word), default: 0] += 1 }
        self.counts = (0...(counts.keys.max() ?? 0)).map { counts[$0] ?? 0 }
    }

    package var examplesPerEpoch: Int { sentences.count }
    package func steps(inEpoch epoch: Int) -> Int { order.batchCount }

    package func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let rows = order.rows(step, ofEpoch: epoch)
        var chosen = rows.map { sentences[$0] }
        if let seed {
            // Of the step alone, so that a run that is resumed hides the same words.
            var random = SplitMix64(seed: (UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15) ^ (UInt64(epoch) << 32) ^ UInt64(step))
            for sentence in chosen.indices {
                for place in chosen[sentence].words.indices {
                    let count = Double(counts[Int(chosen[sentence].words[place])])
                    if Double(random.next() >> 11) * 0x1p-53 < Self.rarity / (Self.rarity + count) { chosen[sentence].words[place] = WordFeatures.unknown }
                }
            }
        }
        return Batch(Self.tensors(chosen) + [Self.padded(rows.map { tags[$0] }, width: 1, time: Self.time(chosen))], count: rows.count)
    }

    private static func time(_ sentences: [WordFeatures.Encoded]) -> Int { LengthOrder.padded(sentences.map(\.count).max() ?? 1) }

    /// The network's inputs: words, affixes, letters and lengths.
    static func tensors(_ sentences: [WordFeatures.Encoded]) -> [Tensor] {
        let time = time(sentences)
        return [
            padded(sentences.map(\.words), width: 1, time: time), padded(sentences.map(\.affixes), width: WordFeatures.affixCount, time: time),
            padded(sentences.map(\.letters), width: WordFeatures.letterCount, time: time), Tensor(int32: sentences.map { Int32($0.count) }),
        ]
    }

    /// Numbers [time, batch, width], filled up with 0; without the last axis where it is 1.
    private static func padded(_ rows: [[Int32]], width: Int, time: Int) -> Tensor {
        var all = [Int32](repeating: 0, count: time * rows.count * width)
        for (column, row) in rows.enumerated() {
            for (place, number) in row.enumerated() { all[(place / width * rows.count + column) * width + place % width] = number }
        }
        return Tensor(int32: all, shape: width == 1 ? [time, rows.count] : [time, rows.count, width])
    }
}

extension Array where Element == WordFeatures.Encoded {
    /// One list of all sentences.
    fileprivate func joined(by list: (Element) -> [Int32]) -> [Int32] { flatMap(list) }
}
