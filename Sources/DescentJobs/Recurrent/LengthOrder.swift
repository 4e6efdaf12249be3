import DescentCore
import DescentData
import DescentTrain
import Synchronization

/// Which sequences make each batch of an epoch: of nearly equal lengths each, so that little is padding, in an order that is new for each epoch.
package final class LengthOrder: Sendable {
    private let lengths: [Int]
    private let sizes: [Int]
    private let seed: Int?
    /// The batches of the epoch asked for last.
    private let known = Mutex<(epoch: Int, batches: [[Int]])?>(nil)

    /// - Parameters:
    ///   - lengths: at least one.
    ///   - batchSize: the most sequences of a batch; batches are nearly equal.
    ///   - seed: what the order is drawn from; nil for the shortest first.
    package init(lengths: [Int], batchSize: Int, seed: Int?) {
        (self.lengths, self.seed) = (lengths, seed)
        sizes = Examples.batchSizes(count: lengths.count, limit: batchSize)
    }

    /// The batches of an epoch.
    package var batchCount: Int { sizes.count }

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
        var order = Array(lengths.indices)
        var turn = Array(sizes.indices)
        if let seed {
            var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9 ^ UInt64(bitPattern: Int64(epoch)))
            random.shuffle(&order)
            random.shuffle(&turn)
        }
        // Of equal lengths those are together that chance put there.
        let place = order.enumerated().reduce(into: [Int](repeating: 0, count: order.count)) { $0[$1.element] = $1.offset }
        order.sort { (lengths[$0], place[$0]) < (lengths[$1], place[$1]) }
        var first = 0
        let ascending = sizes.map { size in
            defer { first += size }
            return Array(order[first..<first + size])
        }
        return turn.map { ascending[$0] }
    }

    /// The next multiple of 2, beyond 32 of 4, beyond 64 of 8, and so on: a length grows by an eighth at most, and one step. So there are few
    /// forms to compile.
    package static func padded(_ length: Int) -> Int {
        var unit = 2
        while unit * 16 < length { unit *= 2 }
        return (length + unit - 1) / unit * unit
    }
}
