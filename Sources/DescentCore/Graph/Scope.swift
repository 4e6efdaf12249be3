import CKernels
import Synchronization

/// The context of the code that runs now on this thread: a trace that captures state, or a derivative that looks at
/// a variable. Scopes nest; the innermost comes first.
package final class Scope {
    package enum Kind {
        /// `compile` is running the user's closure: variables become inputs and outputs of the program.
        case trace
        /// A derivative with respect to variables: they read as the given tensors.
        case substitution
    }

    package let kind: Kind
    package let parent: Scope?
    /// The value of a variable in this scope.
    package var values: [ObjectIdentifier: Tensor] = [:]
    /// For a trace: the variables met, in order, their placeholders, and which were assigned.
    package var captured: [(variable: Variable, placeholder: Tensor)] = []
    package var assigned: Set<ObjectIdentifier> = []
    /// For a trace: the flags that were looked at, and what they said.
    package var observed: [(flag: ModeFlag, value: Bool)] = []
    /// Where layers note their calls, while someone wants to know.
    package var record: CallRecord?
    /// For a trace: told apart from other traces by the placeholders it made.
    package let trace: Trace?
    /// Where code runs once in place of many times (`vmap`, `scan`): the stand-ins for what differs from time to time.
    private let repeated: (construct: RepeatedCode, standIns: [Tensor])?

    package init(_ kind: Kind, trace: Trace? = nil) {
        self.kind = kind
        self.trace = trace
        repeated = nil
        parent = Scope.current
    }

    /// The scope of code that runs once in place of many times.
    package init(_ construct: RepeatedCode, standIns: [Tensor]) {
        kind = .substitution
        trace = nil
        repeated = (construct, standIns)
        parent = Scope.current
    }

    /// Raises a fault when a variable is given a value that differs from time to time: it holds one.
    package func refuse(_ value: Tensor, for variable: Variable) {
        guard let repeated else { return }
        let sources = Set(repeated.standIns.map { $0.node.id })
        guard sources.contains(value.node.id) || !Graph.nodes(from: sources, to: [value]).isEmpty else { return }
        let name = variable.name.isEmpty ? "a variable" : "variable \"\(variable.name)\""
        raise(repeated.construct.refusal(name))
    }

    package static var current: Scope? {
        guard let raw = dk_thread_local(ThreadLocalSlot.scope) else { return nil }
        return Unmanaged<Scope>.fromOpaque(raw).takeUnretainedValue()
    }

    /// Runs the body inside this scope.
    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        let outer = dk_thread_local(ThreadLocalSlot.scope)
        dk_set_thread_local(ThreadLocalSlot.scope, Unmanaged.passUnretained(self).toOpaque())
        defer { dk_set_thread_local(ThreadLocalSlot.scope, outer) }
        return try withExtendedLifetime(self) { try body() }
    }

    /// Whether a transform or trace is under way on this thread: values computed now keep their place in the graph.
    package static var isActive: Bool { dk_thread_local(ThreadLocalSlot.scope) != nil }

    /// Where in a model the code is, for error sentences: "Classifier.hidden (Linear): its weight takes 512 inputs".
    package static var modulePlace: String? {
        guard let raw = dk_thread_local(ThreadLocalSlot.module) else { return nil }
        let place = Unmanaged<Variable>.fromOpaque(raw).takeUnretainedValue().place
        return place.isEmpty ? nil : place
    }

    /// Runs the body with the module that owns `variable` as the one to name when something in it goes wrong.
    @inline(__always)
    package static func inModule<Result>(of variable: Variable, _ body: () -> Result) -> Result {
        let outer = dk_thread_local(ThreadLocalSlot.module)
        dk_set_thread_local(ThreadLocalSlot.module, Unmanaged.passUnretained(variable).toOpaque())
        defer { dk_set_thread_local(ThreadLocalSlot.module, outer) }
        if let record = CallRecord.current { return record.noting(.owner(of: variable), body) }
        return withExtendedLifetime(variable) { body() }
    }
}

/// Code that is run once in place of many times.
package enum RepeatedCode: Sendable {
    case vmap, scan

    /// What is said when it assigns a variable a value that differs from time to time.
    fileprivate func refusal(_ variable: String) -> String {
        switch self {
        case .vmap:
            "vmap: the function assigns \(variable) a value that differs from example to example, and a variable holds one value. Return the value from the function, and assign what is to be kept of all examples (their mean, say) after vmap."
        case .scan:
            "scan: the body assigns \(variable) a value that differs from step to step, but the body runs once, for all steps. Carry the value: begin with the variable's value, give the new one on at each step, and assign the last carry after scan."
        }
    }
}

/// Runs the body with the values that some variables have at this moment: all of one step, while other threads change them.
package func reading<Result>(_ variables: [Variable], _ body: () throws -> Result) rethrows -> Result {
    // Inside a transform they are what it made of them.
    if Scope.isActive { return try body() }
    let scope = Scope(.substitution)
    for (variable, value) in zip(variables, Variable.snapshot(variables)) { scope.values[ObjectIdentifier(variable)] = value }
    return try scope.run(body)
}

/// One run of a closure by `compile`, `vmap` or another transform, with stand-ins in place of values.
package final class Trace: @unchecked Sendable {
    /// Who traces, for error sentences: "compile".
    package let name: String
    package var isRunning = true
    package init(_ name: String) { self.name = name }
}

/// A yes or no that code branches on, such as a module's training mode. Unlike a plain Swift `Bool`, a compiled function notices
/// when it changes, and is traced again for the other answer.
public final class ModeFlag: @unchecked Sendable {
    private let state: Atomic<Bool>
    public init(_ value: Bool) { state = Atomic(value) }

    public var value: Bool {
        get {
            let value = state.load(ordering: .relaxed)
            var scope = Scope.current
            while let inner = scope {
                if inner.kind == .trace, !inner.observed.contains(where: { $0.flag === self }) { inner.observed.append((self, value)) }
                scope = inner.parent
            }
            return value
        }
        set { state.store(newValue, ordering: .relaxed) }
    }

    /// Its value, without a trace taking notice.
    package var current: Bool { state.load(ordering: .relaxed) }
}
