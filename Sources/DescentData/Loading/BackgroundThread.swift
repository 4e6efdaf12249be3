#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import Synchronization

/// A thread of the operating system that runs one closure. Unlike a task it may wait for a disk or a condition.
struct BackgroundThread: @unchecked Sendable {
    #if canImport(Darwin)
    private let thread: pthread_t?
    #else
    private let thread: pthread_t
    #endif

    /// Starts the thread; `nil` where the system has no more of them.
    init?(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(run: body))
        #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(
            &thread, nil,
            {
                Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run(); return nil
            }, box.toOpaque())
        #else
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            {
                Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run(); return nil
            }, box.toOpaque())
        #endif
        guard code == 0 else {
            box.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until the closure has returned. To be called once.
    func join() {
        #if canImport(Darwin)
        if let thread { pthread_join(thread, nil) }
        #else
        pthread_join(thread, nil)
        #endif
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

/// The processors that the machine offers now, at least 1.
func processorCount() -> Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }

/// The results of `body` for 0, 1, ... count - 1, computed on up to `threads` threads, the caller's among them.
func concurrentMap<Element: Sendable>(
    count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Element
) -> [Element] {
    if count <= 1 || threads <= 1 { return (0..<count).map(body) }
    let state = ConcurrentState<Element>(count: count)
    let work: @Sendable () -> Void = {
        while true {
            let index = state.next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return }
            let element = body(index)
            state.results.withLock { $0[index] = element }
        }
    }
    let helpers = (1..<min(threads, count)).compactMap { _ in BackgroundThread(work) }
    work()
    for helper in helpers { helper.join() }
    return state.results.withLock { $0.map { $0! } }
}

private final class ConcurrentState<Element: Sendable>: Sendable {
    let next = Atomic<Int>(0)
    let results: Mutex<[Element?]>
    init(count: Int) { results = Mutex([Element?](repeating: nil, count: count)) }
}
