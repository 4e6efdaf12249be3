import CKernels
import Synchronization

/// A function that is traced once for each form of its inputs and from then on replayed as a plan.
///
/// Variables that the function reads become inputs of the plan, variables that it assigns outputs: there is no list of state to
/// pass, and nothing that changes between steps can be frozen by forgetting it. What is a plain Swift number when the function is
/// traced is a constant of the plan: keep what changes in a `Variable` (as the optimizers do with the learning rate and the step).
public final class CompiledFunction<Output, each Input: TensorGroup>: @unchecked Sendable {
    private let body: (repeat each Input) -> Output
    private let flatten: (Output) -> [Tensor]
    private let rebuild: (Output, TensorReader) -> Output
    private let cache = ReplayCache<Replay>()
    private let tracing = Mutex(())
    /// How often the function was traced: once for each form of its inputs, and again for a form whose plan had to go. More often than
    /// expected means that shapes vary: pad inputs to one size, or to sizes in steps.
    public var traceCount: Int { cache.addedCount }
    /// Plans that are kept now, one for each form of the inputs.
    public var planCount: Int { cache.replays.count }
    /// Bytes that the kept plans may take together, 1 GB unless set. The least recently used ones go when there are more; the newest stays.
    public var planMemoryLimit: Int {
        get { cache.byteLimit }
        set { cache.byteLimit = newValue }
    }
    /// The sentence that was printed when the function had been traced for very many forms.
    package var warning: String? { cache.warning }
    private var replays: [Replay] { cache.replays }

    init(_ body: @escaping (repeat each Input) -> Output, _ flatten: @escaping (Output) -> [Tensor], _ rebuild: @escaping (Output, TensorReader) -> Output) {
        (self.body, self.flatten, self.rebuild) = (body, flatten, rebuild)
    }

    /// Runs the function: by its plan, tracing it first if these shapes are new.
    public func callAsFunction(_ input: repeat each Input) -> Output {
        // Inside another trace the function is just its operations.
        if Scope.isActive { return body(repeat each input) }
        var arguments: [Tensor] = []
        arguments.reserveCapacity(4)
        for group in repeat each input { group.append(to: &arguments) }
        let replay = cache.find(arguments) ?? traced(repeat each input, arguments: arguments)
        if givesTensor { return unsafeBitCast(replay.runForOne(arguments), to: Output.self) }
        let results = replay.runForAll(arguments)
        let template = unsafeDowncast(replay.template, to: Template<Output>.self)
        return rebuild(template.output, TensorReader(results))
    }

    /// Whether the result is just a tensor: then it is handed over without being taken apart and put together.
    private let givesTensor = Output.self == Tensor.self

    /// Traces the function for these arguments. Others that call it for the first time wait: its code is not run twice at once.
    private func traced(_ input: repeat each Input, arguments: [Tensor]) -> Replay {
        // Not by a closure: the compiler (6.3) can't capture a pack in one.
        tracing.take()
        defer { tracing.give() }
        if let replay = cache.find(arguments) { return replay }
        let fresh = trace((repeat each input), arguments)
        // After a fault it does not do what the function says.
        if !FaultScope.hasFault { cache.add(fresh, for: arguments) }
        return fresh
    }

    private func trace(_ input: (repeat each Input), _ arguments: [Tensor]) -> Replay {
        let trace = Trace("compile")
        let placeholders = arguments.map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0.type)) }
        let scope = Scope(.trace, trace: trace)
        let reader = TensorReader(placeholders)
        let standIns = (repeat (each input).rebuilt(from: reader))
        let firstID = Node.nextID
        let output = scope.run { body(repeat each standIns) }
        trace.isRunning = false
        return Replay(template: Template(output), results: flatten(output), arguments: placeholders, scope: scope, firstID: firstID)
    }

    /// The plans made so far: what runs, what was fused, and the memory it takes.
    public var description: String {
        replays.enumerated().map { "form \($0.offset): \($0.element.signature)\n\($0.element.plan.description)" }.joined(separator: "\n")
    }

    /// The captured programs, before any pass.
    public var programs: String { replays.map { $0.program.description }.joined(separator: "\n\n") }

    /// Bytes that the plans keep for intermediate values.
    public var memory: Int { replays.reduce(0) { $0 + $1.plan.arenaByteCount } }

    /// Instructions of the plans made so far.
    public var instructionCount: Int { replays.reduce(0) { $0 + $1.plan.instructionTotal } }
}

extension CompiledFunction: CustomStringConvertible {}

/// Compiles a function: see `CompiledFunction`. The function may take and give tensors, arrays and dictionaries of tensors, several of each.
///
///     let step = compile { (images: Tensor, labels: Tensor) in
///         let (loss, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(images), labels) }
///         optimizer.update(model, with: gradients)
///         return loss
///     }
public func compile<each Input: TensorGroup, Output: TensorGroup>(
    _ body: @escaping (repeat each Input) -> Output
) -> CompiledFunction<Output, repeat each Input> {
    CompiledFunction(body, { $0.tensors }, { $0.rebuilt(from: $1) })
}

/// Compiles a function with two results.
public func compile<each Input: TensorGroup, First: TensorGroup, Second: TensorGroup>(
    _ body: @escaping (repeat each Input) -> (First, Second)
) -> CompiledFunction<(First, Second), repeat each Input> {
    CompiledFunction(body, { $0.0.tensors + $0.1.tensors }, { ($0.0.rebuilt(from: $1), $0.1.rebuilt(from: $1)) })
}

/// Compiles a function with three results.
public func compile<each Input: TensorGroup, First: TensorGroup, Second: TensorGroup, Third: TensorGroup>(
    _ body: @escaping (repeat each Input) -> (First, Second, Third)
) -> CompiledFunction<(First, Second, Third), repeat each Input> {
    CompiledFunction(body, { $0.0.tensors + $0.1.tensors + $0.2.tensors }, { ($0.0.rebuilt(from: $1), $0.1.rebuilt(from: $1), $0.2.rebuilt(from: $1)) })
}

/// Compiles a function with four results. For more, return an array.
public func compile<each Input: TensorGroup, First: TensorGroup, Second: TensorGroup, Third: TensorGroup, Fourth: TensorGroup>(
    _ body: @escaping (repeat each Input) -> (First, Second, Third, Fourth)
) -> CompiledFunction<(First, Second, Third, Fourth), repeat each Input> {
    CompiledFunction(
        body, { $0.0.tensors + $0.1.tensors + $0.2.tensors + $0.3.tensors },
        { ($0.0.rebuilt(from: $1), $0.1.rebuilt(from: $1), $0.2.rebuilt(from: $1), $0.3.rebuilt(from: $1)) })
}

/// Compiles a function that only changes variables.
public func compile<each Input: TensorGroup>(_ body: @escaping (repeat each Input) -> Void) -> CompiledFunction<Void, repeat each Input> {
    CompiledFunction(body, { _ in [] }, { _, _ in })
}

/// How the result of a compiled function is put together: the one of its trace.
private final class Template<Output>: @unchecked Sendable {
    let output: Output
    init(_ output: Output) { self.output = output }
}

/// Where an input of the plan comes from that is an argument.
private struct ArgumentSlot {
    let input: Int, argument: Int
}

/// A variable that is read or assigned: its places in the plan, -1 for none. The replay keeps it alive.
private struct VariableSlot {
    let variable: Unmanaged<Variable>
    let input: Int, output: Int
    let mayReplace: Bool
}

/// A plan, and where its inputs come from. Not generic: what runs at every step should not look for the metadata of types.
private final class Replay: CachedReplay, @unchecked Sendable {
    let program: Program
    let plan: Plan
    /// The `Template` of the result.
    let template: AnyObject
    private let argumentTypes: [TensorType], resultTypes: [TensorType]
    /// Flags that the function looked at, and what they said then.
    private let observed: [(flag: ModeFlag, value: Bool)]
    /// Values that the function took from outside.
    private let constants: [Storage]
    // Plain memory and not arrays: a run of a small network is a few hundred nanoseconds, and each array costs some of them.
    private let argumentSlots: UnsafeMutableBufferPointer<ArgumentSlot>
    private let variableSlots: UnsafeMutableBufferPointer<VariableSlot>
    private let owned: [Variable]
    /// The tensors that a run must keep alive until it is done, and the new values of variables.
    private var held: [Tensor] = []
    private var replaced: [(variable: Unmanaged<Variable>, value: Tensor)] = []
    /// Variables whose new values need memory of their own in this run.
    private var moved: [VariableSlot] = []
    private let writesVariables: Bool
    private let runLock = Mutex(())

    deinit {
        argumentSlots.deallocate()
        variableSlots.deallocate()
    }

    init(template: AnyObject, results: [Tensor], arguments: [Tensor], scope: Scope, firstID: Int) {
        self.template = template
        argumentTypes = arguments.map(\.type)
        resultTypes = results.map(\.type)
        observed = scope.observed
        owned = scope.captured.map(\.variable)
        let variables = owned
        let assigned = variables.indices.filter { scope.assigned.contains(ObjectIdentifier(variables[$0])) }
        let outputs = results + assigned.map { scope.values[ObjectIdentifier(variables[$0])]! }
        // What the function took from outside without a value is computed now, once.
        Self.settle(outputs, before: firstID)
        let (program, leaves) = Program.capture(outputs)
        var argumentNumbers: [TensorKey: Int] = [:], variableNumbers: [TensorKey: Int] = [:]
        for (index, argument) in arguments.enumerated() { argumentNumbers[argument.key] = index }
        for (index, entry) in scope.captured.enumerated() { variableNumbers[entry.placeholder.key] = index }
        var variableInputs = [Int](repeating: -1, count: variables.count)
        var constantInputs: [(input: Int, storage: Storage)] = []
        var argumentInputs: [ArgumentSlot] = []
        for (input, leaf) in leaves.enumerated() {
            if let index = argumentNumbers[leaf.key] {
                argumentInputs.append(ArgumentSlot(input: input, argument: index))
            } else if let index = variableNumbers[leaf.key] {
                variableInputs[index] = input
            } else if let storage = leaf.node.storage(leaf.index) {
                constantInputs.append((input, storage))
            } else {
                stop("compile: the function uses a tensor that belongs to another trace; return it from there, or pass it as an argument.")
            }
        }
        constants = constantInputs.map(\.storage)
        var updates: [(output: Int, input: Int)] = []
        for (position, index) in assigned.enumerated() where variableInputs[index] >= 0 { updates.append((results.count + position, variableInputs[index])) }
        plan = Plan(program, updates: updates)
        self.program = program
        for (input, storage) in constantInputs { plan.inputs[input] = storage.pointer }
        let replaceable = plan.replaceable
        let slots = variables.indices.map { index in
            let output = assigned.firstIndex(of: index).map { results.count + $0 } ?? -1
            return VariableSlot(
                variable: Unmanaged.passUnretained(variables[index]), input: variableInputs[index], output: output, mayReplace: replaceable[output] != nil)
        }
        argumentSlots = .allocate(capacity: argumentInputs.count)
        _ = argumentSlots.initialize(from: argumentInputs)
        writesVariables = !assigned.isEmpty
        variableSlots = .allocate(capacity: slots.count)
        _ = variableSlots.initialize(from: slots)
    }

    private static func settle(_ outputs: [Tensor], before firstID: Int) {
        func isOpen(_ node: Node) -> Bool { node.storage() == nil && !node.isPlaceholder }
        var open: [Tensor] = []
        for node in Graph.nodes(behind: outputs, into: { isOpen($0) && $0.id >= firstID }) {
            for input in node.inputs where input.node.id < firstID && isOpen(input.node) { open.append(input) }
        }
        open += outputs.filter { $0.node.id < firstID && isOpen($0.node) }
        if !open.isEmpty { Evaluation.evaluate(open) }
    }

    func fits(_ arguments: [Tensor]) -> Bool {
        guard arguments.count == argumentTypes.count else { return false }
        for index in arguments.indices where arguments[index].type != argumentTypes[index] { return false }
        for (flag, value) in observed where flag.current != value { return false }
        return true
    }

    /// Bytes that it keeps: the plan, and the program.
    var byteCount: Int { plan.byteCount + program.operations.count * 256 + program.types.count * MemoryLayout<TensorType>.stride }

    var signature: String { argumentTypes.map(\.description).joined(separator: ", ") }

    /// Runs the plan, which has one result.
    func runForOne(_ arguments: [Tensor]) -> Tensor {
        var result: Tensor?
        run(arguments) { result = $0 }
        return result.unsafelyUnwrapped
    }

    func runForAll(_ arguments: [Tensor]) -> [Tensor] {
        var results: [Tensor] = []
        run(arguments) { results.append($0) }
        return results
    }

    @inline(__always)
    private func run(_ arguments: [Tensor], _ take: (Tensor) -> Void) {
        runLock.withLock { _ in
            let inputs = plan.inputs, outputs = plan.outputs
            for slot in argumentSlots { inputs[slot.input] = arguments[slot.argument].memory }
            let faults = FaultScope.current
            let mayRun = faults?.fault == nil && (variableSlots.isEmpty || claimVariables(inPlace: faults == nil))
            for index in resultTypes.indices {
                let storage = Storage(byteCount: resultTypes[index].byteCount)
                outputs[index] = storage.pointer
                take(Tensor(Node(storage, resultTypes[index])))
            }
            let isDone = mayRun && plan.runAlone()
            if !isDone { for (index, type) in resultTypes.enumerated() { type.fillAsStandIn(outputs[index]!) } }
            if mayRun, writesVariables { releaseVariables(isDone, faults) }
            dk_order_reads()
            while held.popLast() != nil {}
        }
    }

    private enum Obstacle {
        /// A running step, whose end is waited for.
        case step
        /// A value not computed yet.
        case lazy(Tensor)
    }

    /// Takes the variables' values of one moment, and claims those that the plan writes: see `Variable`. Not `inPlace`, they keep their old values. False if
    /// one has no value after a fault; then none is claimed.
    private func claimVariables(inPlace: Bool) -> Bool {
        dk_take_state()
        while let obstacle = tryToClaim(inPlace) {
            switch obstacle {
            case .step: dk_await_state()
            case .lazy(let tensor):
                dk_give_state()
                Evaluation.evaluate([tensor])
                if tensor.node.memory(tensor.index) == nil {
                    while held.popLast() != nil {}
                    return false
                }
                dk_take_state()
            }
        }
        dk_give_state()
        // Whoever read what this step will write over has let go of it.
        dk_order_reads()
        for slot in moved {
            let type = slot.variable._withUnsafeGuaranteedRef { $0.type }
            let storage = Storage(byteCount: type.byteCount)
            plan.outputs[slot.output] = storage.pointer
            replaced.append((slot.variable, Tensor(Node(storage, type))))
        }
        moved.removeAll(keepingCapacity: true)
        return true
    }

    private func tryToClaim(_ inPlace: Bool) -> Obstacle? {
        for slot in variableSlots where slot.variable._withUnsafeGuaranteedRef({ $0.mustWait(toWrite: slot.output >= 0) }) { return .step }
        let inputs = plan.inputs, outputs = plan.outputs
        for (position, slot) in variableSlots.enumerated() {
            // A variable whose value nobody else can see is written over; another gets new memory.
            if slot.output >= 0 {
                if let memory = slot.variable._withUnsafeGuaranteedRef({ $0.claim(mayReplace: inPlace && slot.mayReplace) }) {
                    inputs[slot.input] = memory
                    outputs[slot.output] = memory
                    continue
                }
                moved.append(slot)
            }
            if slot.input < 0 { continue }
            let tensor = slot.variable._withUnsafeGuaranteedRef { $0.current }
            guard let memory = tensor.node.memory(tensor.index) else {
                for claimed in variableSlots[...position] where claimed.output >= 0 { claimed.variable._withUnsafeGuaranteedRef { $0.release() } }
                moved.removeAll(keepingCapacity: true)
                return .lazy(tensor)
            }
            inputs[slot.input] = memory
            held.append(tensor)
        }
        return nil
    }

    /// Gives the variables that the plan wrote their new values, all at one moment; after a fault they keep those they have.
    private func releaseVariables(_ isDone: Bool, _ faults: FaultScope?) {
        if !isDone { replaced.removeAll(keepingCapacity: true) }
        dk_take_state()
        for slot in variableSlots where slot.output >= 0 { slot.variable._withUnsafeGuaranteedRef { $0.release() } }
        for (variable, value) in replaced {
            let old = variable._withUnsafeGuaranteedRef { $0.release(value) }
            held.append(old)
            faults?.noteAssignment(of: variable.takeUnretainedValue(), before: old, after: value)
        }
        dk_give_changed_state()
        replaced.removeAll(keepingCapacity: true)
    }
}
