import Synchronization

/// Numbers the parameters and random layers made in this process, so that each draws from a stream of its own.
enum ParameterNumbers {
    private static let counter = Atomic<Int>(0)
    static func next() -> Int { counter.wrappingAdd(1, ordering: .relaxed).oldValue }
}
