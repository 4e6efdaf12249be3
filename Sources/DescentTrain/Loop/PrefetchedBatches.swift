import DescentData
import Synchronization

extension Prefetcher where Item == Batch {
    /// A source's batches in their order, made ahead on another thread. A batch depends on its place alone, so what comes is the same
    /// whatever the timing.
    ///
    ///     let batches = Prefetcher(source, epoch: 1, step: 0, count: 1000)
    ///     while let batch = try batches.next() { try trainer.step(batch) }
    ///
    /// - Parameters:
    ///   - epoch: The epoch of the first batch, from 1.
    ///   - step: Its step, from 0; at the end of the epoch the next one follows.
    ///   - count: How many batches there will be.
    ///   - ahead: How many batches may wait, at least 1: they take memory.
    public convenience init(_ source: some BatchSource, epoch: Int = 1, step: Int = 0, count: Int, ahead: Int = 2) {
        let cursor = BatchCursor(epoch: epoch, step: step)
        self.init(count: count, depth: ahead) { _ in
            let place = cursor.next(in: source)
            return try source.batch(place.step, ofEpoch: place.epoch)
        }
    }
}

/// The place of the next batch: epochs may differ in their number of steps, so that places can only be counted one by one.
private final class BatchCursor: Sendable {
    private let place: Mutex<(epoch: Int, step: Int)>

    init(epoch: Int, step: Int) { place = Mutex((epoch, step)) }

    func next(in source: some BatchSource) -> (epoch: Int, step: Int) {
        place.withLock { place in
            if place.step == source.steps(inEpoch: place.epoch) { place = (place.epoch + 1, 0) }
            defer { place.step += 1 }
            return place
        }
    }
}
