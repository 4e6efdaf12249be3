import CKernels
import Synchronization

/// A place that holds a tensor and can be given another: a parameter, an optimizer's moment, a running mean, a counter.
///
/// Everything else is a pure value; this is where state lives. Inside `compile` a variable that is read becomes an input
/// of the program, one that is assigned an output: nothing needs to be listed.
public final class Variable: @unchecked Sendable {
    private static let counter = Atomic<Int>(0)
    /// Variables are numbered in the order of their making.
    package let serial: Int
    private let lock = SpinLock()
    private var node: Node
    private var index = 0
    /// Lazy assignments since the last evaluation.
    private var pendingAssignments = 0
    /// Its name in errors and tables: "hidden.weight", once its model has been traversed.
    public var name: String {
        get { texts.withLock { $0.name } }
        set { texts.withLock { $0.name = newValue } }
    }
    /// The module it belongs to, for errors: "Classifier.hidden (Linear): its weight takes 512 inputs".
    package var place: String {
        get { texts.withLock { $0.place } }
        set { texts.withLock { $0.place = newValue } }
    }
    /// Whether a model has said where it is.
    package var isPlaced: Bool {
        get { texts.withLock { $0.isPlaced } }
        set { texts.withLock { $0.isPlaced = newValue } }
    }
    private let texts: Mutex<(name: String, place: String, isPlaced: Bool)>
    /// Whether it is learned, by optimizers; other variables are state, such as running means and counters.
    public let isTrainable: Bool
    /// How it gets its first value: from its shape and a random source. Nil: as it was made.
    package let initializer: (@Sendable ([Int], Random) -> Tensor)?
    /// Whether optimizers skip it. A compiled step that read this is traced again when it changes.
    public var isFrozen: Bool {
        get { frozen.value }
        set { frozen.value = newValue }
    }
    private let frozen = ModeFlag(false)
    package let type: TensorType

    public convenience init(_ value: Tensor, name: String = "", isTrainable: Bool = false) {
        self.init(value, name: name, isTrainable: isTrainable, initializer: nil)
    }

    /// - Parameter initializer: gives the value again when its model is initialised with another seed.
    package init(_ value: Tensor, name: String, isTrainable: Bool, initializer: (@Sendable ([Int], Random) -> Tensor)?) {
        self.isTrainable = isTrainable
        self.initializer = initializer
        serial = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
        node = value.node
        index = value.index
        type = value.type
        texts = Mutex((name, "", false))
        if node.storage(index) == nil { PendingVariables.shared.add(self) }
    }

    public var shape: [Int] { type.shape }
    public var dtype: DType { type.dtype }

    /// The tensor it holds. A new one must have the shape and element type of the old.
    public var value: Tensor {
        get {
            var scope = Scope.current
            while let inner = scope {
                if let known = inner.values[ObjectIdentifier(self)] { return known }
                if inner.kind == .trace, let trace = inner.trace {
                    let placeholder = Tensor(Node(Placeholder(trace: trace), nil, nil, type))
                    inner.values[ObjectIdentifier(self)] = placeholder
                    inner.captured.append((self, placeholder))
                    return placeholder
                }
                scope = inner.parent
            }
            return stored
        }
        set {
            guard newValue.type == type else {
                stop("Variable \(name.isEmpty ? "" : "\"\(name)\" ")holds \(type); it was given \(newValue.type). A variable keeps its shape and element type.")
            }
            var scope = Scope.current
            while let inner = scope {
                inner.refuse(newValue, for: self)
                if inner.kind == .trace {
                    _ = value  // so that it is among the captured
                    inner.values[ObjectIdentifier(self)] = newValue
                    inner.assigned.insert(ObjectIdentifier(self))
                    return
                }
                scope = inner.parent
            }
            store(newValue)
        }
    }

    /// The value outside any trace.
    package var stored: Tensor {
        lock.lock()
        defer { lock.unlock() }
        return Tensor(node, index)
    }

    /// After this many unevaluated assignments the graph behind a variable is computed, so that it can't grow forever in a
    /// loop that never asks for a value.
    private static let pendingLimit = 16

    private func store(_ tensor: Tensor) {
        lock.lock()
        let old = node
        node = tensor.node
        index = tensor.index
        var flush = false
        if tensor.node.storage(tensor.index) == nil {
            pendingAssignments += 1
            flush = pendingAssignments >= Self.pendingLimit
        }
        lock.unlock()
        withExtendedLifetime(old) {}
        PendingVariables.shared.add(self)
        if flush { evaluate() }
    }

    package func wasEvaluated() {
        lock.lock()
        pendingAssignments = 0
        lock.unlock()
    }

    /// For a compiled step that may write over its value: the memory, if nobody else can see it; nil otherwise.
    @inline(__always)
    package func memoryForUpdate() -> UnsafeMutableRawPointer? {
        lock.lock()
        defer { lock.unlock() }
        guard index == 0, isKnownUniquelyReferenced(&node) else { return nil }
        return node.memoryOfSoleOwner()
    }

    package func replace(with storage: Storage) {
        let fresh = Node(storage, type)
        lock.lock()
        let old = node
        node = fresh
        index = 0
        pendingAssignments = 0
        lock.unlock()
        withExtendedLifetime(old) {}
    }
}

/// The variables that were given a value not yet computed. They are computed together with the next value that the same thread asks
/// for: a training loop that only looks at its loss does not leave its parameters as ever longer expressions.
///
/// Each thread has its own, so that what is computed together, and with it the last bit of a result, does not depend on what other
/// threads do.
package final class PendingVariables: Sendable {
    package static let shared = PendingVariables()
    // Held strongly, until the next evaluation: a weak reference would make every later use of the variable slower.
    private let entries = Mutex<[Int: [Int: Variable]]>([:])

    package func add(_ variable: Variable) {
        let thread = Int(dk_thread_token())
        entries.withLock { $0[thread, default: [:]][variable.serial] = variable }
    }

    /// Empties this thread's list. In the order in which the variables were made, so that the same loop makes the same graph.
    package func take() -> [Variable] {
        let thread = Int(dk_thread_token())
        let taken = entries.withLock { $0.isEmpty ? nil : $0.removeValue(forKey: thread) }
        return taken.map { $0.sorted { $0.key < $1.key }.map(\.value) } ?? []
    }
}
