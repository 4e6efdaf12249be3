import DescentCore
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A source's batches in their order, made ahead on another thread. A batch depends on its place alone, so what comes is the same whatever
/// the timing.
///
///     let batches = BatchPrefetcher(source, epoch: 1, step: 0, count: 1000)
///     for _ in 0..<1000 { try trainer.step(batches.next()) }
public final class BatchPrefetcher {
    private let shared: Shared

    /// - Parameters:
    ///   - epoch: The epoch of the first batch, from 1.
    ///   - step: Its step, from 0; at the end of the epoch the next one follows.
    ///   - count: How many batches will be asked for.
    ///   - ahead: How many batches may wait, at least 1: they take memory.
    public init(_ source: some BatchSource, epoch: Int = 1, step: Int = 0, count: Int, ahead: Int = 2) {
        shared = Shared(limit: Swift.max(ahead, 1))
        let shared = shared
        let work = Work {
            var (epoch, step) = (epoch, step)
            for _ in 0..<count {
                if step == source.steps(inEpoch: epoch) { (epoch, step) = (epoch + 1, 0) }
                let (nowEpoch, nowStep) = (epoch, step)
                let result = Result { try source.batch(nowStep, ofEpoch: nowEpoch) }
                guard shared.put(result), case .success = result else { return }
                step += 1
            }
        }
        shared.start(work)
    }

    deinit { shared.stop() }

    /// The next batch, waiting for it if need be.
    ///
    /// - Throws: What the source threw; no batch comes after that.
    /// - Precondition: it is asked no more often than `count` times, by one thread at a time.
    public func next() throws -> Batch { try shared.take().get() }

    /// What a thread runs.
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// The batches that wait. Everything in it is used under its lock.
    private final class Shared: @unchecked Sendable {
        private let limit: Int
        private var waiting: [Result<Batch, any Error>] = []
        private var isStopped = false
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

        init(limit: Int) {
            self.limit = limit
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(changed, nil)
        }

        deinit {
            pthread_cond_destroy(changed)
            pthread_mutex_destroy(mutex)
            changed.deallocate()
            mutex.deallocate()
        }

        /// Runs the work on a thread of its own.
        func start(_ work: Work) {
            let box = Unmanaged.passRetained(work)
            #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, nil, { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().run(); return nil }, box.toOpaque())
            if code == 0, let thread { pthread_detach(thread) }
            #else
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, { Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().run(); return nil }, box.toOpaque())
            if code == 0 { pthread_detach(thread) }
            #endif
            if code != 0 {
                box.release()
                DescentCore.stop("BatchPrefetcher: the system has no thread to spare (\(String(cString: strerror(code)))).")
            }
        }

        /// Adds a batch when there is room for it. Returns false if nobody waits for more.
        func put(_ result: Result<Batch, any Error>) -> Bool {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            while waiting.count >= limit && !isStopped { pthread_cond_wait(changed, mutex) }
            if isStopped { return false }
            waiting.append(result)
            pthread_cond_broadcast(changed)
            return true
        }

        func take() -> Result<Batch, any Error> {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            while waiting.isEmpty { pthread_cond_wait(changed, mutex) }
            pthread_cond_broadcast(changed)
            return waiting.removeFirst()
        }

        func stop() {
            pthread_mutex_lock(mutex)
            isStopped = true
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
    }
}
