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
    // What follows is guarded by the state lock, which all variables share: see `VariableState`.
    private var node: Node
    private var index = 0
    /// Lazy assignments since the last evaluation.
    private var pendingAssignments = 0
    /// What a running step does with it.
    private var writing = Writing.none
    /// For how many further steps its value is not written over, because a reader had to wait for one that was.
    private var sharedSteps: UInt8 = 0

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
                raise("Variable \(name.isEmpty ? "" : "\"\(name)\" ")holds \(type); it was given \(newValue.type). A variable keeps its shape and element type.")
                return
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
        dk_take_state()
        defer { dk_give_state() }
        while mustWait(toWrite: false) { dk_await_state() }
        return Tensor(node, index)
    }

    /// After this many unevaluated assignments the graph behind a variable is computed, so that it can't grow forever in a
    /// loop that never asks for a value.
    private static let pendingLimit = 16
    /// So is a graph of this many operations. Shorter than what is run wherever the program happens to be: an assignment is the same place of
    /// every step, so that a loop has one plan and not one for each place at which it was cut.
    private static let longestPending = Node.longestPending / 2

    /// Whether its new value is to be computed at once.
    private func isLong(_ value: Tensor) -> Bool { pendingAssignments >= Self.pendingLimit || value.node.pendingLength >= Self.longestPending }

    private func store(_ tensor: Tensor) {
        let isLazy = !tensor.node.isComputed
        dk_take_state()
        while mustWait(toWrite: true) { dk_await_state() }
        let old = exchange(tensor)
        FaultScope.current?.noteAssignment(of: self, before: old, after: tensor)
        if isLazy { pendingAssignments += 1 }
        let flush = isLazy && isLong(tensor)
        dk_give_state()
        withExtendedLifetime(old) {}
        PendingVariables.shared.add(self)
        // Inside a derivative a value keeps what it was made from: computing it there would free nothing.
        if flush, !Scope.isActive { Evaluation.run(pending: nil) }
    }

    /// Gives several variables new values at one moment: another thread sees all of the old ones or all of the new ones. Inside a compiled
    /// function or another transform each is assigned as by its `value`.
    public static func assign(_ values: [(variable: Variable, value: Tensor)]) {
        if Scope.isActive || values.contains(where: { $0.value.type != $0.variable.type }) {
            for (variable, value) in values { variable.value = value }
            return
        }
        let isLazy = values.map { !$0.value.node.isComputed }
        dk_take_state()
        while values.contains(where: { $0.variable.mustWait(toWrite: true) }) { dk_await_state() }
        var old: [Tensor] = []
        var flush = false
        for (position, (variable, value)) in values.enumerated() {
            old.append(variable.exchange(value))
            FaultScope.current?.noteAssignment(of: variable, before: old[position], after: value)
            if isLazy[position] { variable.pendingAssignments += 1 }
            flush = flush || (isLazy[position] && variable.isLong(value))
        }
        dk_give_state()
        withExtendedLifetime(old) {}
        for (variable, _) in values { PendingVariables.shared.add(variable) }
        if flush { Evaluation.run(pending: nil) }
    }

    /// The values of several variables at one moment: those of one step, while another thread trains them.
    package static func snapshot(_ variables: [Variable]) -> [Tensor] {
        dk_take_state()
        defer { dk_give_state() }
        while variables.contains(where: { $0.mustWait(toWrite: false) }) { dk_await_state() }
        return variables.map { Tensor($0.node, $0.index) }
    }

    package func wasEvaluated() {
        dk_take_state()
        pendingAssignments = 0
        dk_give_state()
    }

    /// Gives each variable that still has a value another in its place, all at one moment.
    package static func exchange(_ values: [(variable: Variable, value: Tensor, replacement: Tensor)]) {
        dk_take_state()
        while values.contains(where: { $0.variable.mustWait(toWrite: true) }) { dk_await_state() }
        var old: [Tensor] = []
        for (variable, value, replacement) in values where variable.node === value.node && variable.index == value.index {
            old.append(variable.exchange(replacement))
        }
        dk_give_state()
        withExtendedLifetime(old) {}
    }

    /// The old value, in place of which it now has another.
    private func exchange(_ tensor: Tensor) -> Tensor {
        let old = Tensor(node, index)
        (node, index) = (tensor.node, tensor.index)
        return old
    }
}

/// What a step that runs has to do with the variables. Each of these is called by a thread that has taken the state (`dk_take_state`).
///
/// All variables are guarded by one lock, held for moments: when a step begins it takes the values that it reads and claims the variables that it
/// will write; when it ends it gives those their new values. So whoever reads several variables at one moment sees the values of one step. A
/// claimed variable is closed to other writers, which wait. Readers get its old value, but where the step writes over that they wait, too; then the
/// next steps leave the old value alone and write to new memory, so that readers who come often don't wait.
extension Variable {
    fileprivate enum Writing: UInt8 { case none, elsewhere, inPlace }

    /// How many steps write to new memory after a reader had to wait.
    private static let stepsAfterWaiting: UInt8 = 64

    /// Whether a running step keeps it from being read or written. If so, `dk_await_state` waits for the step's end.
    @inline(__always)
    package func mustWait(toWrite: Bool) -> Bool {
        if writing == .none { return false }
        if writing == .inPlace { sharedSteps = Self.stepsAfterWaiting }
        return toWrite || writing == .inPlace
    }

    /// Claims it for a step that writes it. The memory of its value, if the step may write over it since nobody else holds it.
    @inline(__always)
    package func claim(mayReplace: Bool) -> UnsafeMutableRawPointer? {
        writing = .elsewhere
        guard mayReplace, index == 0, isKnownUniquelyReferenced(&node) else { return nil }
        if sharedSteps > 0 {
            sharedSteps -= 1
            return nil
        }
        guard let memory = node.memoryOfSoleOwner() else { return nil }
        writing = .inPlace
        return memory
    }

    /// Its value, for a reader that was not told to wait.
    @inline(__always)
    package var current: Tensor { Tensor(node, index) }

    /// Ends a step's claim.
    @inline(__always)
    package func release() { writing = .none }

    /// Ends a step's claim with a new value. The old one is for the caller to let go once the state is given back: that may run anything.
    package func release(_ value: Tensor) -> Tensor {
        writing = .none
        pendingAssignments = 0
        return exchange(value)
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

    /// Empties this thread's list. In the order in which the variables were made, so that the same loop makes the same graph; without those that
    /// nobody else holds any more.
    package func take() -> [Variable] {
        var variables = takeAll()
        return variables.indices.filter { !isKnownUniquelyReferenced(&variables[$0]) }.map { variables[$0] }
    }

    private func takeAll() -> [Variable] {
        let thread = Int(dk_thread_token())
        let taken = entries.withLock { $0.isEmpty ? nil : $0.removeValue(forKey: thread) }
        return taken.map { $0.sorted { $0.key < $1.key }.map(\.value) } ?? []
    }
}
