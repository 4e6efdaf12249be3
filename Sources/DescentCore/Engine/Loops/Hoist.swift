/// Takes out of each loop what a step computes from its slices and the constants alone, and computes it for all steps at once before
/// the loop: the products x_t · W of all t become one large product. What depends on the constants alone is computed once.
///
/// It looks for costly operations (products, transcendental functions, reductions, gathers) that no carry reaches; they take along what
/// they are made from, and the cheap operations that only they feed, such as the addition of a bias. Cheap arithmetic on the slices
/// themselves stays: inside the loop it is fused with its readers, outside it would be written to memory and read again.
///
/// Safe because the batched form of an operation gives for each step what the operation gives for it alone.
package func hoist(_ program: Program) -> Program {
    program.rewritingLoops { scan, inputs, _ in
        let trace = Trace("hoist")
        defer { trace.isRunning = false }
        let loop = OpenedLoop(scan, inputs, trace)
        let moved = hoistable(loop)
        let invariant = loop.nodes.filter { node in
            !loop.onCarry.contains(node.id) && !loop.onSlice.contains(node.id) && !OpenedLoop.isView(node.primitive) && !(node.primitive is Fill)
        }
        if moved.isEmpty && invariant.isEmpty { return nil }

        let readers = loop.readers, results = Set(loop.results.map(\.key))
        let frontier = loop.nodes.filter { moved.contains($0.id) }.flatMap(\.outputs).filter { output in
            results.contains(output.key) || readers[output.key, default: []].contains { !moved.contains($0.id) }
        }
        var seeds: [TensorKey: Batched] = [:]
        for (slice, stack) in zip(loop.slices, loop.stacks) { seeds[slice.key] = Batched(stack, axis: 0) }
        let stacks = Linearization.vectorize(frontier, seeds, size: scan.length).map { $0.front(scan.length) }

        // A stacked result that was hoisted whole is no longer the loop's.
        var ready: [Int: Tensor] = [:]
        for (offset, result) in loop.stackResults.enumerated() {
            if let place = frontier.firstIndex(where: { $0.key == result.key }) { ready[scan.carryCount + offset] = stacks[place] }
        }
        let kept = loop.results.indices.filter { ready[$0] == nil }
        if kept.isEmpty { return loop.results.indices.map { ready[$0]! } }
        let constants = loop.constants + invariant.flatMap(\.outputs)
        let (body, further) = ScanBody.capture(kept.map { loop.results[$0] }, from: loop.carries + loop.slices + frontier + constants)
        let smaller = Scan(
            body, carries: scan.carryCount, slices: scan.sliceCount + frontier.count, stacks: scan.stackCount - ready.count, length: scan.length,
            isReversed: scan.isReversed)
        for (place, result) in zip(kept, apply(smaller, loop.starts + loop.stacks + stacks + constants + further)) { ready[place] = result }
        return loop.results.indices.map { ready[$0]! }
    }
}

/// The operations of a step that leave the loop.
private func hoistable(_ loop: OpenedLoop) -> Set<Int> {
    func isFree(_ node: Node) -> Bool { loop.onSlice.contains(node.id) && !loop.onCarry.contains(node.id) }
    var moved: Set<Int> = []
    for node in loop.nodes.reversed() where isFree(node) && (moved.contains(node.id) || OpenedLoop.isHeavy(node.primitive)) {
        moved.insert(node.id)
        for input in node.inputs where isFree(input.node) && !input.node.isPlaceholder { moved.insert(input.node.id) }
    }
    // Cheap operations that leave no more to be handed in than before.
    let readers = loop.readers, results = Set(loop.results.map(\.key))
    for node in loop.nodes where isFree(node) && !moved.contains(node.id) {
        let changing = node.inputs.filter { loop.onSlice.contains($0.node.id) }
        let bytes = changing.reduce(0) { $0 + $1.type.byteCount }
        let takesOver = changing.allSatisfy { input in
            moved.contains(input.node.id) && !results.contains(input.key) && readers[input.key]!.allSatisfy { $0.id == node.id }
        }
        if takesOver && node.type.byteCount <= bytes { moved.insert(node.id) }
    }
    return moved
}
