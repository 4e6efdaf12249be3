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
    private let lock = Mutex(())
    /// The forms seen so far, the newest first, each leading to the next.
    private var newest: CompiledReplay<Output>?
    /// How often the function was traced: once for each form of its inputs. More often than expected means that shapes vary.
    public var traceCount: Int { replays.count }
    private var replays: [CompiledReplay<Output>] {
        lock.withLock { _ in Array(sequence(first: newest) { $0?.older }.prefix { $0 != nil }.map { $0! }).reversed() }
    }

    init(_ body: @escaping (repeat each Input) -> Output, _ flatten: @escaping (Output) -> [Tensor], _ rebuild: @escaping (Output, TensorReader) -> Output) {
        (self.body, self.flatten, self.rebuild) = (body, flatten, rebuild)
    }

    /// Runs the function: by its plan, tracing it first if these shapes are new.
    public func callAsFunction(_ input: repeat each Input) -> Output {
        // Inside another trace the function is just its operations.
        if Scope.isActive { return body(repeat each input) }
        var arguments: [Tensor] = []
        for group in repeat each input { group.append(to: &arguments) }
        let replay = known(arguments) ?? traced(repeat each input, arguments: arguments)
        return rebuild(replay.template, TensorReader(replay.run(arguments)))
    }

    private func known(_ arguments: [Tensor]) -> CompiledReplay<Output>? {
        lock.withLock { _ in
            var form = newest
            while let replay = form, !replay.fits(arguments) { form = replay.older }
            return form
        }
    }

    private func traced(_ input: repeat each Input, arguments: [Tensor]) -> CompiledReplay<Output> {
        let fresh = trace((repeat each input), arguments)
        lock.withLock { _ in
            fresh.older = newest
            newest = fresh
        }
        return fresh
    }

    private func trace(_ input: (repeat each Input), _ arguments: [Tensor]) -> CompiledReplay<Output> {
        let trace = Trace("compile")
        let placeholders = arguments.map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0.type)) }
        let scope = Scope(.trace, trace: trace)
        let reader = TensorReader(placeholders)
        let standIns = (repeat (each input).rebuilt(from: reader))
        let firstID = Node.nextID
        let output = scope.run { body(repeat each standIns) }
        trace.isRunning = false
        return CompiledReplay(template: output, results: flatten(output), arguments: placeholders, scope: scope, firstID: firstID)
    }

    /// The plans made so far: what runs, what was fused, and the memory it takes.
    public var description: String {
        replays.enumerated().map { "form \($0.offset): \($0.element.signature)\n\($0.element.plan.description)" }.joined(separator: "\n")
    }

    /// The captured programs, before any pass.
    public var programs: String { replays.map(\.program.description).joined(separator: "\n\n") }

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

/// Compiles a function that only changes variables.
public func compile<each Input: TensorGroup>(_ body: @escaping (repeat each Input) -> Void) -> CompiledFunction<Void, repeat each Input> {
    CompiledFunction(body, { _ in [] }, { _, _ in })
}

/// One form of a compiled function: its plan, and where its inputs come from.
private final class CompiledReplay<Output>: @unchecked Sendable {
    let template: Output
    let program: Program
    let plan: Plan
    var older: CompiledReplay?
    private let argumentTypes: [TensorType], resultTypes: [TensorType]
    /// Flags that the function looked at, and what they said then.
    private let observed: [(flag: Flag, value: Bool)]
    /// Values that the function took from outside.
    private let constants: [Storage]
    /// Inputs of the plan that are arguments.
    private var argumentInputs: [(input: Int, argument: Int)] = []
    /// Variables that are read, and those that are assigned: their places in the plan, -1 for none. The list `owned` keeps them alive.
    private var variables: [(variable: Unmanaged<Variable>, input: Int, output: Int, mayReplace: Bool)] = []
    private let owned: [Variable]
    /// What a run must keep alive until it is done, and the new values of variables.
    private var held: [Tensor] = []
    private var replaced: [(variable: Unmanaged<Variable>, storage: Storage)] = []
    private let runLock = Mutex(())

    init(template: Output, results: [Tensor], arguments: [Tensor], scope: Scope, firstID: Int) {
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
        for (input, leaf) in leaves.enumerated() {
            if let index = argumentNumbers[leaf.key] {
                argumentInputs.append((input, index))
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
        for index in variables.indices {
            let output = assigned.firstIndex(of: index).map { results.count + $0 } ?? -1
            self.variables.append((Unmanaged.passUnretained(variables[index]), variableInputs[index], output, plan.replaceable[output] != nil))
        }
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

    var signature: String { argumentTypes.map(\.description).joined(separator: ", ") }

    func run(_ arguments: [Tensor]) -> [Tensor] {
        runLock.withLock { _ in
            let inputs = plan.inputs, outputs = plan.outputs
            for (input, argument) in argumentInputs {
                inputs[input] = arguments[argument].memory
            }
            for (variable, input, output, mayReplace) in variables {
                // A variable whose value nobody else can see is written over; another gets new memory.
                if mayReplace, let memory = variable._withUnsafeGuaranteedRef({ $0.memoryForUpdate() }) {
                    inputs[input] = memory
                    outputs[output] = memory
                    continue
                }
                if input >= 0 {
                    let tensor = variable._withUnsafeGuaranteedRef { $0.stored }
                    inputs[input] = tensor.memory
                    held.append(tensor)
                }
                if output >= 0 {
                    let storage = Storage(byteCount: variable._withUnsafeGuaranteedRef { $0.type.byteCount })
                    outputs[output] = storage.pointer
                    replaced.append((variable, storage))
                }
            }
            var results: [Tensor] = []
            results.reserveCapacity(resultTypes.count)
            for (index, type) in resultTypes.enumerated() {
                let storage = Storage(byteCount: type.byteCount)
                outputs[index] = storage.pointer
                results.append(Tensor(Node(storage, type)))
            }
            plan.runAlone()
            if !replaced.isEmpty {
                for (variable, storage) in replaced { variable._withUnsafeGuaranteedRef { $0.replace(with: storage) } }
                replaced.removeAll(keepingCapacity: true)
            }
            while held.popLast() != nil {}
            return results
        }
    }
}
