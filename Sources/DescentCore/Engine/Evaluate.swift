import CKernels
import Synchronization

/// Computes tensors now, together, in one plan.
public func evaluate(_ tensors: Tensor...) { Evaluation.evaluate(tensors) }
/// Computes tensors now, together, in one plan.
public func evaluate(_ tensors: [Tensor]) { Evaluation.evaluate(tensors) }

/// Running what is still lazy. A graph of a form seen before finds its plan again, so a loop written step by step costs little more
/// than a compiled one.
package enum Evaluation {
    package static func evaluate(_ tensors: [Tensor]) { evaluate(tensors, keepsHeld: false) }

    /// Runs a graph that has become long by itself, with this thread's pending variables. What somebody still holds of it keeps its value.
    package static func run(pending node: Node?) { evaluate(node.map { [Tensor($0)] } ?? [], keepsHeld: true) }

    private static func evaluate(_ tensors: [Tensor], keepsHeld: Bool) {
        let pending = PendingVariables.shared.take()
        var roots: [Node] = []
        var seen = Set<Int>()
        for tensor in tensors where tensor.node.storage() == nil && seen.insert(tensor.node.id).inserted { roots.append(tensor.node) }
        for variable in pending {
            let node = variable.stored.node
            if node.storage() == nil, seen.insert(node.id).inserted { roots.append(node) }
        }
        if roots.isEmpty || run(roots, keepsHeld: keepsHeld) {
            for variable in pending { variable.wasEvaluated() }
        } else {
            // After a fault they wait on: their values may have nothing to do with it.
            for variable in pending { PendingVariables.shared.add(variable) }
        }
    }

    /// The plans made so far. The lock is also held while a graph is read, and while computed nodes let go of theirs: another thread
    /// may be computing the same tensor.
    private static let plans = Mutex(PlanCache())

    /// False after a fault inside `catchingFaults`: then they have no values.
    private static func run(_ asked: [Node], keepsHeld: Bool) -> Bool {
        if FaultScope.hasFault { return false }
        let (roots, graph, known) = plans.withLock { plans in
            var roots = asked.filter { !$0.isComputed }
            if keepsHeld { roots += PendingGraph.heldNodes(behind: roots) }
            let graph = FlatGraph(roots)
            return (roots, graph, plans.find(graph))
        }
        if roots.isEmpty { return true }
        let found: FoundPlan
        switch known {
        case .found(let plan): found = plan
        case .missing(let varying):
            found = FoundPlan(plan: Plan(graph.program(varying: varying)), varying: varying)
            plans.withLock { $0.add(graph, found) }
        }
        var results: [[Storage]] = []
        for root in roots { results.append((0..<root.outputCount).map { Storage(byteCount: root.outputType($0).byteCount) }) }
        // Numbers that change from run to run are inputs too, behind the leaves.
        var numbers = found.varying.map { graph.numbers[$0].bits }
        let plan = found.plan
        var isDone = false
        numbers.withUnsafeMutableBufferPointer { numbers in
            let numbers = UnsafeMutableRawPointer(numbers.baseAddress)
            isDone = plan.run(keepsArena: plan.arenaByteCount <= PlanCache.largestArena) { inputs, outputs in
                for (index, leaf) in graph.leaves.enumerated() { inputs[index] = leaf.tensor.node.storage(leaf.tensor.index)!.pointer + leaf.byteOffset }
                for position in found.varying.indices { inputs[graph.leaves.count + position] = numbers! + position * MemoryLayout<UInt64>.stride }
                for (index, storage) in results.joined().enumerated() { outputs[index] = storage.pointer }
            }
        }
        dk_order_reads()
        if !isDone { return false }
        let detach = !Scope.isActive
        // What the roots were made from is let go only after the lock: that may run a closure of whoever lent the memory.
        let inputs = plans.withLock { _ in
            let inputs = roots.map(\.inputs)
            for (root, storages) in zip(roots, results) { root.fill(storages, detach: detach) }
            return inputs
        }
        withExtendedLifetime((inputs, graph)) {}
        return true
    }
}
