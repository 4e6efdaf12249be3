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
    private var replays: [CompiledReplay<Output>] = []
    /// How often the function was traced: once for each form of its inputs. More often than expected means that shapes vary.
    public var traceCount: Int { lock.withLock { _ in replays.count } }

    init(_ body: @escaping (repeat each Input) -> Output, _ flatten: @escaping (Output) -> [Tensor], _ rebuild: @escaping (Output, TensorReader) -> Output) {
        (self.body, self.flatten, self.rebuild) = (body, flatten, rebuild)
    }

    /// Runs the function: by its plan, tracing it first if these shapes are new.
    public func callAsFunction(_ input: repeat each Input) -> Output {
        var arguments: [Tensor] = []
        for group in repeat each input { arguments += group.tensors }
        // Inside another trace the function is just its operations.
        if Scope.isActive { return body(repeat each input) }
        let replay = lock.withLock { _ in
            if let known = replays.first(where: { $0.fits(arguments) }) { return known }
            let fresh = trace((repeat each input), arguments)
            replays.append(fresh)
            return fresh
        }
        return rebuild(replay.template, TensorReader(replay.run(arguments)))
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
        lock.withLock { _ in
            replays.enumerated().map { "form \($0.offset): \($0.element.signature)\n\($0.element.plan.description)" }.joined(separator: "\n")
        }
    }

    /// The captured programs, before any pass.
    public var programs: String { lock.withLock { _ in replays.map(\.program.description).joined(separator: "\n\n") } }

    /// Bytes that the plans keep for intermediate values.
    public var memory: Int { lock.withLock { _ in replays.reduce(0) { $0 + $1.plan.arenaByteCount } } }

    /// Instructions of the plans made so far.
    public var instructionCount: Int { lock.withLock { _ in replays.reduce(0) { $0 + $1.plan.instructionTotal } } }
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
    private let argumentTypes: [TensorType]
    /// For each input of the plan, where it comes from.
    private enum Source {
        case argument(Int)
        case variable(Int)
        case constant(Storage)
    }
    private let sources: [Source]
    private let variables: [Variable]
    /// Variables assigned, as outputs of the plan after the results.
    private let assigned: [Int]
    /// For an assigned variable, whether its old memory may take the new value.
    private let mayReplace: [Bool]
    private let resultTypes: [TensorType]
    /// Flags that the function looked at, and what they said then.
    private let observed: [(flag: Flag, value: Bool)]
    private let runLock = Mutex(())

    init(template: Output, results: [Tensor], arguments: [Tensor], scope: Scope, firstID: Int) {
        self.template = template
        argumentTypes = arguments.map(\.type)
        resultTypes = results.map(\.type)
        observed = scope.observed
        let captured = scope.captured.map(\.variable)
        variables = captured
        var outputs = results
        var assigned: [Int] = []
        for (index, variable) in captured.enumerated() where scope.assigned.contains(ObjectIdentifier(variable)) {
            assigned.append(index)
            outputs.append(scope.values[ObjectIdentifier(variable)]!)
        }
        self.assigned = assigned
        // What the function took from outside without a value is computed now, once.
        Self.settle(outputs, before: firstID)
        let (program, leaves) = Program.capture(outputs)
        var argumentNumbers: [TensorKey: Int] = [:], variableNumbers: [TensorKey: Int] = [:]
        for (index, argument) in arguments.enumerated() { argumentNumbers[argument.key] = index }
        for (index, entry) in scope.captured.enumerated() { variableNumbers[entry.placeholder.key] = index }
        sources = leaves.map { leaf in
            if let index = argumentNumbers[leaf.key] { return .argument(index) }
            if let index = variableNumbers[leaf.key] { return .variable(index) }
            guard let storage = leaf.node.storage(leaf.index) else {
                stop("compile: the function uses a tensor that belongs to another trace; return it from there, or pass it as an argument.")
            }
            return .constant(storage)
        }
        var updates: [(output: Int, input: Int)] = []
        for (position, index) in assigned.enumerated() {
            if let input = sources.firstIndex(where: { if case .variable(index) = $0 { true } else { false } }) {
                updates.append((results.count + position, input))
            }
        }
        plan = Plan(program, updates: updates)
        self.program = program
        let replaceable = plan.replaceable
        mayReplace = assigned.indices.map { replaceable[results.count + $0] != nil }
    }

    private static func settle(_ outputs: [Tensor], before firstID: Int) {
        var open: [Tensor] = []
        for node in Graph.nodes(behind: outputs, into: { $0.storage() == nil && !($0.primitive is Placeholder) && $0.id >= firstID }) {
            for input in node.inputs where input.node.id < firstID && input.node.storage() == nil && !(input.node.primitive is Placeholder) { open.append(input) }
        }
        open += outputs.filter { $0.node.id < firstID && $0.node.storage() == nil && !($0.node.primitive is Placeholder) }
        if !open.isEmpty { Evaluation.evaluate(open) }
    }

    func fits(_ arguments: [Tensor]) -> Bool {
        guard arguments.count == argumentTypes.count else { return false }
        for (argument, type) in zip(arguments, argumentTypes) where argument.type != type { return false }
        for (flag, value) in observed where flag.current != value { return false }
        return true
    }

    var signature: String { argumentTypes.map(\.description).joined(separator: ", ") }

    func run(_ arguments: [Tensor]) -> [Tensor] {
        runLock.withLock { _ in
            var held: [Storage] = []
            held.reserveCapacity(sources.count)
            for source in sources {
                switch source {
                case .argument(let index): held.append(arguments[index].storage)
                case .variable(let index): held.append(variables[index].stored.storage)
                case .constant(let storage): held.append(storage)
                }
            }
            // A variable whose value nobody else can see is written over; another gets new memory.
            var fresh: [Storage?] = []
            fresh.reserveCapacity(assigned.count)
            let results = resultTypes.map { Storage(byteCount: $0.byteCount) }
            plan.run { inputs, outputs in
                for index in held.indices { inputs[index] = held[index].pointer }
                held.removeAll(keepingCapacity: true)
                for index in results.indices { outputs[index] = results[index].pointer }
                for position in assigned.indices {
                    let variable = variables[assigned[position]]
                    if mayReplace[position], variable.isSoleOwner() {
                        outputs[results.count + position] = variable.stored.storage.pointer
                        fresh.append(nil)
                    } else {
                        let storage = Storage(byteCount: variable.type.byteCount)
                        outputs[results.count + position] = storage.pointer
                        fresh.append(storage)
                    }
                }
            }
            for position in assigned.indices {
                if let storage = fresh[position] { variables[assigned[position]].replace(with: storage) }
            }
            return zip(results, resultTypes).map { Tensor(Node($0, $1)) }
        }
    }
}
