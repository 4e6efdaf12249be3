import Synchronization

/// What a compiled function keeps for one form of its inputs.
protocol CachedReplay: AnyObject, Sendable {
    /// Whether it was made for inputs like these, and for what flags say now.
    func fits(_ arguments: [Tensor]) -> Bool
    /// Bytes that it keeps.
    var byteCount: Int { get }
    /// The types of the inputs, for people.
    var signature: String { get }
}

/// The plans of a compiled function, found by the types of its inputs. Together they take no more than a number of bytes: the least recently
/// used ones go.
final class ReplayCache<Replay: CachedReplay>: Sendable {
    private struct Entry {
        let replay: Replay
        let number: Int
        let byteCount: Int
        var lastUse: Int
    }

    private struct State {
        /// The one used last: a loop asks for it again and again.
        var recent: Replay?
        /// The entries by the hash of their inputs' types; those of one hash differ in what flags said, as a rule.
        var entries: [Int: [Entry]] = [:]
        var clock = 0
        var byteCount = 0
        var byteLimit = 1 << 30
        var addedCount = 0
        var warning: String?
    }

    private let lock = SpinLock()
    // Guarded by `lock`, which costs less than a mutex around a few instructions.
    nonisolated(unsafe) private var state = State()

    /// Forms after which people are told that shapes vary.
    static var manyForms: Int { 512 }

    private func locked<Result>(_ body: (inout State) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&state)
    }

    /// Replays that are kept, oldest first.
    var replays: [Replay] { locked { $0.entries.values.joined().sorted { $0.number < $1.number }.map(\.replay) } }
    var addedCount: Int { locked { $0.addedCount } }
    var warning: String? { locked { $0.warning } }
    var byteLimit: Int {
        get { locked { $0.byteLimit } }
        set {
            let dropped = locked { state in
                state.byteLimit = newValue
                return Self.shrink(&state)
            }
            withExtendedLifetime(dropped) {}
        }
    }

    private static func hash(_ arguments: [Tensor]) -> Int {
        var hasher = Hasher()
        for argument in arguments { hasher.combine(argument.type) }
        return hasher.finalize()
    }

    func find(_ arguments: [Tensor]) -> Replay? {
        lock.lock()
        let recent = state.recent
        lock.unlock()
        if let recent, recent.fits(arguments) { return recent }
        let hash = Self.hash(arguments)
        return locked { state in
            guard let place = state.entries[hash]?.lastIndex(where: { $0.replay.fits(arguments) }) else { return nil }
            state.clock += 1
            state.entries[hash]![place].lastUse = state.clock
            state.recent = state.entries[hash]![place].replay
            return state.recent
        }
    }

    func add(_ replay: Replay, for arguments: [Tensor]) {
        let hash = Self.hash(arguments), bytes = replay.byteCount
        // What goes is let go after the lock: that frees memory, and may end with values of others.
        let (dropped, warning) = locked { state in
            state.clock += 1
            state.entries[hash, default: []].append(Entry(replay: replay, number: state.addedCount, byteCount: bytes, lastUse: state.clock))
            state.addedCount += 1
            state.byteCount += bytes
            state.recent = replay
            var warning: String?
            if state.addedCount == Self.manyForms {
                warning =
                    "compile: a function was traced for \(Self.manyForms) different forms of its inputs, the last of them (\(replay.signature)). Each form costs a trace and a plan. Pad the inputs to one size, or to sizes in steps (multiples of 64, say)."
                state.warning = warning
            }
            return (Self.shrink(&state), warning)
        }
        withExtendedLifetime(dropped) {}
        if let warning { Dump.write("warning", warning) }
    }

    /// Takes out the least recently used until the rest keeps to the limit; the newest stays.
    private static func shrink(_ state: inout State) -> [Replay] {
        guard state.byteCount > state.byteLimit else { return [] }
        var dropped: [Replay] = []
        let all = state.entries.flatMap { hash, entries in entries.map { (hash: hash, entry: $0) } }.sorted { $0.entry.lastUse < $1.entry.lastUse }
        for (hash, entry) in all where state.byteCount > state.byteLimit && entry.replay !== state.recent {
            state.entries[hash]!.removeAll { $0.number == entry.number }
            if state.entries[hash]!.isEmpty { state.entries[hash] = nil }
            state.byteCount -= entry.byteCount
            dropped.append(entry.replay)
        }
        return dropped
    }
}
