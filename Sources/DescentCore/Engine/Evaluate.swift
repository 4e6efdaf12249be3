import CKernels
import Synchronization

/// Computes tensors now, together, in one plan.
public func evaluate(_ tensors: Tensor...) { Evaluation.evaluate(tensors) }
/// Computes tensors now, together, in one plan.
public func evaluate(_ tensors: [Tensor]) { Evaluation.evaluate(tensors) }

/// Running what is still lazy. A graph of a form seen before finds its plan again, so a loop written step by step costs little more
/// than a compiled one.
package enum Evaluation {
    package static func evaluate(_ tensors: [Tensor]) {
        let pending = PendingVariables.shared.take()
        var roots: [Node] = []
        var seen = Set<Int>()
        for tensor in tensors where tensor.node.storage() == nil && seen.insert(tensor.node.id).inserted { roots.append(tensor.node) }
        for variable in pending {
            let node = variable.stored.node
            if node.storage() == nil, seen.insert(node.id).inserted { roots.append(node) }
        }
        if !roots.isEmpty { run(roots) }
        for variable in pending { variable.wasEvaluated() }
    }

    /// The plans made so far. The lock is also held while a graph is read, and while computed nodes let go of theirs: another thread
    /// may be computing the same tensor.
    private static let plans = Mutex(PlanCache())

    private static func run(_ asked: [Node]) {
        let (roots, graph, known, program) = plans.withLock { plans in
            let roots = asked.filter { !$0.isComputed }
            let graph = FlatGraph(roots)
            let known = plans.find(graph.form)
            return (roots, graph, known, known == nil ? Program.capture(roots.flatMap(\.outputs)).program : Program())
        }
        if roots.isEmpty { return }
        let plan = known ?? Plan(program)
        if known == nil { plans.withLock { $0.add(graph.form, plan) } }
        var results: [[Storage]] = []
        for root in roots { results.append((0..<root.outputCount).map { Storage(byteCount: root.outputType($0).byteCount) }) }
        plan.run(keepsArena: plan.arenaByteCount <= 1 << 16) { inputs, outputs in
            for (index, leaf) in graph.leaves.enumerated() { inputs[index] = leaf.node.storage(leaf.index)!.pointer }
            for (index, storage) in results.joined().enumerated() { outputs[index] = storage.pointer }
        }
        dk_order_reads()
        let detach = !Scope.isActive
        // What the roots were made from is let go only after the lock: that may run a closure of whoever lent the memory.
        let inputs = plans.withLock { _ in
            let inputs = roots.map(\.inputs)
            for (root, storages) in zip(roots, results) { root.fill(storages, detach: detach) }
            return inputs
        }
        withExtendedLifetime(inputs) {}
    }
}

/// The graph behind some nodes as flat lists: its leaves, and its form without them.
private struct FlatGraph {
    var leaves: [Tensor] = []
    var form = GraphForm()
    private var barriers: [Int: Int] = [:]

    init(_ roots: [Node]) {
        let nodes = Graph.nodes(behind: roots.map { Tensor($0) }) { !$0.isComputed }
        var numbers = TensorTable<Int>(from: nodes.first?.id ?? 0, through: nodes.last?.id ?? -1)
        // The same order as Program.capture: leaves are numbered as they are met.
        func leaf(_ tensor: Tensor) -> Int {
            leaves.append(tensor)
            form.leaves.append(tensor.type)
            return -leaves.count
        }
        for (position, node) in nodes.enumerated() {
            if node.isPlaceholder, let placeholder = node.primitive as? Placeholder { Self.refuse(placeholder) }
            form.primitives.append(comparable(node.primitive))
            form.wiring.append(node.inputCount)
            for index in 0..<node.inputCount {
                let input = node.input(index)
                let key = input.key
                let number: Int
                if let known = numbers[key] {
                    number = known
                } else {
                    number = leaf(input)
                    numbers[key] = number
                }
                form.wiring.append(number)
            }
            for output in 0..<node.outputCount { numbers[TensorKey(node: node.id, index: output)] = position << 4 | output }
        }
        for root in roots { form.wiring.append(numbers[TensorKey(node: root.id, index: 0)]!) }
        form.finish()
    }

    /// The primitive as it is compared: what a rule or a template adds to an identity plays no part in running it, and barriers are told
    /// apart by which is met first, so that a loop with checkpoints finds its plan again.
    private mutating func comparable(_ primitive: any Primitive) -> any Primitive {
        let type = Swift.type(of: primitive)
        if type == Checkpoint.self || type == CustomDerivative.self { return Identity() }
        if type == Barrier.self, let barrier = primitive as? Barrier {
            let number = barriers[barrier.number] ?? barriers.count
            barriers[barrier.number] = number
            return Barrier(number: number)
        }
        return primitive
    }

    private static func refuse(_ placeholder: Placeholder) -> Never {
        let trace = placeholder.trace
        if trace.isRunning {
            stop(
                "A value was asked for inside \(trace.name), where there are no values yet, only the operations on them. Return the tensor and look at it outside, or leave this part out of \(trace.name)."
            )
        }
        stop("This tensor was made inside a run of \(trace.name) that has ended, and never had a value. Return it from the function instead of keeping it.")
    }
}

/// The key of a plan: graphs with equal keys share one.
private struct GraphForm: Hashable {
    var primitives: [any Primitive] = []
    /// For each operation the count of its inputs and their numbers (negative: leaves); then the roots.
    var wiring: [Int] = []
    var leaves: [TensorType] = []
    private var hash = 0

    mutating func finish() {
        var hasher = Hasher()
        hasher.combine(wiring)
        for primitive in primitives {
            hasher.combine(ObjectIdentifier(type(of: primitive)))
            primitive.hash(into: &hasher)
        }
        hasher.combine(leaves)
        hash = hasher.finalize()
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    static func == (a: Self, b: Self) -> Bool {
        a.hash == b.hash && a.wiring == b.wiring && a.leaves == b.leaves && a.primitives.count == b.primitives.count
            && zip(a.primitives, b.primitives).allSatisfy { $0.isEqual($1) }
    }
}

/// Plans by the form of their graph; the oldest half is forgotten when there are too many.
private struct PlanCache {
    private var plans: [GraphForm: (plan: Plan, lastUse: Int)] = [:]
    private var clock = 0
    private let limit = 512

    mutating func find(_ form: GraphForm) -> Plan? {
        clock += 1
        guard let index = plans.index(forKey: form) else { return nil }
        plans.values[index].lastUse = clock
        return plans.values[index].plan
    }

    mutating func add(_ form: GraphForm, _ plan: Plan) {
        clock += 1
        plans[form] = (plan, clock)
        if plans.count > limit {
            let middle = plans.values.map(\.lastUse).sorted()[limit / 2]
            plans = plans.filter { $0.value.lastUse > middle }
        }
    }
}
