#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Prepares items ahead on another thread, a bounded number of them, and hands them out in order.
///
///     let batches = Prefetcher(count: source.steps(inEpoch: 0)) { try source.batch($0, ofEpoch: 0) }
///     while let batch = try batches.next() { step(batch) }
///
/// Items are made one after the other, each once, by a closure that knows its number alone: so what is handed out does
/// not depend on who is faster. Where making one throws, `next` throws that error in its turn and ends.
///
/// One thread at a time may call `next`. The background thread ends with the last item, with an error, with `cancel`, or
/// when the prefetcher is released; the latter two wait for the item being made.
public final class Prefetcher<Item: Sendable>: Sendable {
    private let state: PrefetchState<Item>
    private let thread: BackgroundThread?

    /// Starts preparing.
    ///
    /// - Parameters:
    ///   - count: How many items there are.
    ///   - depth: How many may be ready and not yet taken, at least 1.
    ///   - make: Makes an item, given its number from 0. Called on the background thread alone.
    public init(count: Int, depth: Int = 2, make: @escaping @Sendable (Int) throws -> Item) {
        precondition(depth >= 1, "Prefetcher: depth is \(depth); at least one item must be allowed to be ready")
        let state = PrefetchState<Item>(count: count, depth: depth)
        self.state = state
        thread = BackgroundThread {
            while let index = state.nextToMake() {
                // An item's number is taken before it is made, so that a cancelled one is made and dropped.
                state.put(Result { try make(index) })
            }
        }
        if thread == nil { state.makeInPlace(make) }
    }

    deinit {
        state.cancel()
        thread?.join()
    }

    /// The next item, for which it waits if need be; `nil` after the last, and after `cancel`.
    ///
    /// - Throws: The error with which making it failed; then there are no more.
    public func next() throws -> Item? { try state.take()?.get() }

    /// Ends the preparing: what is ready is dropped, and `next` gives `nil`.
    public func cancel() { state.cancel() }
}

/// The state shared by the two threads, guarded by one lock.
private final class PrefetchState<Item: Sendable>: @unchecked Sendable {
    private let count: Int
    private let depth: Int
    // The fields below are touched only while the lock is held.
    private var ready: [Result<Item, any Error>] = []
    private var started = 0
    private var taken = 0
    private var isOver = false
    private var make: ((Int) throws -> Item)?
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(count: Int, depth: Int) {
        self.count = count
        self.depth = depth
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body()
    }

    /// Where the system has no thread to give: items are made when they are asked for.
    func makeInPlace(_ make: @escaping (Int) throws -> Item) { locked { self.make = make } }

    /// The number of the item to be made next, once there is room for it; `nil` if there is none.
    func nextToMake() -> Int? {
        locked {
            while !isOver && started < count && started - taken >= depth { pthread_cond_wait(changed, lock) }
            guard !isOver, started < count else { return nil }
            started += 1
            return started - 1
        }
    }

    func put(_ item: Result<Item, any Error>) {
        locked {
            if isOver { return }
            ready.append(item)
            if case .failure = item { started = count }
            pthread_cond_signal(changed)
        }
    }

    func take() -> Result<Item, any Error>? {
        locked {
            if let make, !isOver, taken < count {
                taken += 1
                let item = Result { try make(taken - 1) }
                if case .failure = item { isOver = true }
                return item
            }
            while !isOver && ready.isEmpty && taken < count { pthread_cond_wait(changed, lock) }
            guard !isOver, !ready.isEmpty else { return nil }
            let item = ready.removeFirst()
            taken += 1
            if case .failure = item { isOver = true }
            pthread_cond_signal(changed)
            return item
        }
    }

    func cancel() {
        locked {
            isOver = true
            ready = []
            pthread_cond_broadcast(changed)
        }
    }
}
