/// Takes out of each loop what no later step needs, and computes it for all steps at once after the loop: an output layer on the
/// stacked states becomes one large product, and so does a weight's gradient, which is a sum of products over the steps.
///
/// It looks for costly operations that only feed stacked or summed results, or a carry to which each step only adds something. What they
/// read of a step is stacked instead of what they gave; where that is summed, the steps become one more axis of the sum, so that the
/// products of single steps are never made.
///
/// Safe because nothing that is moved is read by a later step.
package func sink(_ program: Program) -> Program {
    program.rewritingLoops { scan, inputs, _ in
        let trace = Trace("sink")
        defer { trace.isRunning = false }
        return SunkLoop(OpenedLoop(scan, inputs, trace)).results
    }
}

private struct SunkLoop {
    let loop: OpenedLoop
    private let length: Int
    /// Carries to which each step only adds something, and what.
    private var added: [Int: Tensor] = [:]
    /// The operations that leave the loop.
    private var moved: Set<Int> = []
    private var seeds: [TensorKey: Batched] = [:]

    init(_ loop: OpenedLoop) {
        self.loop = loop
        length = loop.scan.length
        findAccumulators()
        findMoved()
    }

    private mutating func findAccumulators() {
        let readers = loop.readers
        for (carry, result) in zip(loop.carries.indices, loop.carryResults) {
            let own = loop.carries[carry].key
            guard result.node.primitive is Add, result.node.inputs.contains(where: { $0.key == own }), readers[own]?.count == 1,
                readers[result.key] == nil, loop.results.filter({ $0.key == result.key || $0.key == own }).count == 1,
                let other = result.node.inputs.first(where: { $0.key != own })
            else { continue }
            added[carry] = other
        }
    }

    private mutating func findMoved() {
        let carried = zip(loop.carries.indices, loop.carryResults).filter { added[$0.0] == nil }.map(\.1)
        let inside = Set(loop.nodes.map(\.id))
        let needed = Set(Graph.nodes(behind: carried) { inside.contains($0.id) }.map(\.id))
        let additions = Set(added.keys.map { loop.results[$0].node.id })
        for node in loop.nodes where !needed.contains(node.id) && !additions.contains(node.id) {
            guard loop.onCarry.contains(node.id) || loop.onSlice.contains(node.id) else { continue }
            if OpenedLoop.isHeavy(node.primitive) || node.inputs.contains(where: { moved.contains($0.node.id) }) { moved.insert(node.id) }
        }
    }

    /// The loop's results; nil where there is nothing to sink.
    var results: [Tensor]? {
        var copy = self
        return copy.sunk()
    }

    private mutating func sunk() -> [Tensor]? {
        let scan = loop.scan
        let accumulators = added.keys.sorted().filter { moved.contains(added[$0]!.node.id) }
        let stackPlaces = scan.carryCount..<(scan.carryCount + scan.stackCount)
        let leaving = (scan.carryCount..<loop.results.count).filter { moved.contains(loop.results[$0].node.id) }
        if accumulators.isEmpty && leaving.isEmpty { return nil }

        var wanted: [Tensor] = []
        for target in accumulators.map({ added[$0]! }) + leaving.map({ loop.results[$0] }) { collect(target, &wanted) }
        // What stays: the other carries, stacks with what is wanted of each step, and the other sums.
        let carries = (0..<scan.carryCount).filter { !accumulators.contains($0) }
        let stacks = stackPlaces.filter { !leaving.contains($0) }, sums = (stackPlaces.upperBound..<loop.results.count).filter { !leaving.contains($0) }
        let fresh = wanted.filter { tensor in !stacks.contains { loop.results[$0].key == tensor.key } }
        let results = carries.map { loop.results[$0] } + stacks.map { loop.results[$0] } + fresh + sums.map { loop.results[$0] }
        var answer = [Tensor?](repeating: nil, count: loop.results.count)
        if !results.isEmpty {
            let (body, further) = ScanBody.capture(results, from: carries.map { loop.carries[$0] } + loop.slices + loop.constants)
            let smaller = Scan(
                body, carries: carries.count, slices: scan.sliceCount, stacks: stacks.count + fresh.count, length: length, isReversed: scan.isReversed)
            let outputs = apply(smaller, carries.map { loop.starts[$0] } + loop.stacks + loop.constants + further)
            for (place, output) in zip(carries + stacks, outputs) { answer[place] = output }
            for (tensor, output) in zip(fresh, outputs[(carries.count + stacks.count)...]) { seeds[tensor.key] = Batched(output, axis: 0) }
            for (place, output) in zip(sums, outputs[(carries.count + stacks.count + fresh.count)...]) { answer[place] = output }
        }
        for tensor in wanted where seeds[tensor.key] == nil {
            seeds[tensor.key] = Batched(answer[stacks.first { loop.results[$0].key == tensor.key }!]!, axis: 0)
        }
        for (slice, stack) in zip(loop.slices, loop.stacks) { seeds[slice.key] = Batched(stack, axis: 0) }
        for carry in accumulators { answer[carry] = loop.starts[carry] + summed(added[carry]!) }
        for place in leaving { answer[place] = stackPlaces.contains(place) ? batched(loop.results[place]).front(length) : summed(loop.results[place]) }
        return answer.map { $0! }
    }

    /// The values to stack so that a tensor can be computed outside the loop.
    private func collect(_ tensor: Tensor, _ wanted: inout [Tensor]) {
        let node = tensor.node
        let isSlice = loop.slices.contains { $0.key == tensor.key }
        guard loop.onCarry.contains(node.id) || loop.onSlice.contains(node.id), !isSlice else { return }
        if !node.isPlaceholder, moved.contains(node.id) || OpenedLoop.isView(node.primitive) {
            for input in node.inputs { collect(input, &wanted) }
        } else if !wanted.contains(where: { $0.key == tensor.key }) {
            wanted.append(tensor)
        }
    }

    // MARK: After the loop

    private func batched(_ tensor: Tensor) -> Batched { Linearization.vectorize([tensor], seeds, size: length)[0] }
    private func isChanging(_ tensor: Tensor) -> Bool { loop.onCarry.contains(tensor.node.id) || loop.onSlice.contains(tensor.node.id) }

    /// The sum of a tensor over all steps. Sums and linear operations change places, down to a product, whose sum takes the steps in.
    private func summed(_ tensor: Tensor) -> Tensor {
        if !isChanging(tensor) { return tensor * Double(length) }
        let node = tensor.node, inputs = node.inputs
        if seeds[tensor.key] != nil { return batched(tensor).front(length).sum(axes: [0]) }
        switch node.primitive {
        case is Add: return summed(inputs[0]) + summed(inputs[1])
        case is Negate, is Permute, is Reshape, is Broadcast: return Tensor(apply(node.primitive, [summed(inputs[0])])[0].node)
        case let sum as Sum:
            return batched(inputs[0]).front(length).sum(axes: [0] + sum.axes.map { $0 + 1 })
        case let product as Product:
            if !isChanging(inputs[0]) { return applySingle(product, inputs[0], summed(inputs[1])) }
            if !isChanging(inputs[1]) { return applySingle(product, summed(inputs[0]), inputs[1]) }
            let d = product.dimensions
            let overSteps = ProductDimensions(
                leftBatch: d.leftBatch.map { $0 + 1 }, rightBatch: d.rightBatch.map { $0 + 1 },
                leftContracted: [0] + d.leftContracted.map { $0 + 1 }, rightContracted: [0] + d.rightContracted.map { $0 + 1 })
            return applySingle(Product(overSteps), batched(inputs[0]).front(length), batched(inputs[1]).front(length))
        default: return batched(tensor).front(length).sum(axes: [0])
        }
    }
}

/// Turns what is still summed over the steps of a loop into a carry to which each step adds.
package func carrySums(_ program: Program) -> Program {
    program.rewritingLoops { scan, inputs, _ in
        guard scan.sumCount > 0 else { return nil }
        let trace = Trace("a sum")
        defer { trace.isRunning = false }
        let loop = OpenedLoop(scan, inputs, trace)
        let totals = loop.sumResults.map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0.type)) }
        let carries = loop.carries + totals
        let results = Array(loop.carryResults) + zip(totals, loop.sumResults).map { $0 + $1 } + loop.stackResults
        let (body, further) = ScanBody.capture(results, from: carries + loop.slices + loop.constants)
        let carried = Scan(
            body, carries: carries.count, slices: scan.sliceCount, stacks: scan.stackCount, length: scan.length, isReversed: scan.isReversed)
        let outputs = apply(carried, loop.starts + totals.map { Tensor(0, like: $0) } + loop.stacks + loop.constants + further)
        return Array(outputs[..<scan.carryCount]) + outputs[carries.count...] + outputs[scan.carryCount..<carries.count]
    }
}
