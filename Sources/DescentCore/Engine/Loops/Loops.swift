/// Makes loops cheap: equal ones become one, what a step need not compute leaves them.
///
/// The order matters: loops are merged while they still look alike; bodies are simplified before they are looked at; what is sunk adds
/// results to a loop, what is hoisted adds slices.
package func optimizeLoops(_ program: Program) -> Program {
    guard program.operations.contains(where: { type(of: $0.primitive) == Scan.self }) else { return program }
    let passes: [(name: String, run: (Program) -> Program)] = [
        ("loops merged", mergeLoops), ("loop bodies simplified", simplifyLoopBodies), ("products split", splitProducts), ("sums regrouped", regroupSums),
        ("hoisted", hoist), ("sunk", sink), ("loop bodies pruned", simplifyLoopBodies), ("sums carried", carrySums), ("simplified again", simplify),
    ]
    var result = program
    for pass in passes {
        result = pass.run(result)
        if Dump.showsPasses { Dump.write(pass.name, result.description) }
    }
    return result
}

extension Program {
    /// The program with the bodies of some of its loops computed in another way: `rewrite` gives a body with the same inputs and outputs, or nil.
    package func rewritingBodies(_ rewrite: (Scan) -> Program?) -> Program {
        rewritingLoops { scan, inputs, _ in
            guard let body = rewrite(scan) else { return nil }
            let loop = Scan(
                ScanBody(body), carries: scan.carryCount, slices: scan.sliceCount, stacks: scan.stackCount, length: scan.length,
                isReversed: scan.isReversed)
            return apply(loop, inputs)
        }
    }

    /// The program with some of its loops computed in another way: `rewrite` gets a loop and its inputs, and gives its results.
    ///
    /// It goes through the graph: the operations are made again on stand-ins, and captured again.
    package func rewritingLoops(_ rewrite: (Scan, [Tensor], _ isUsed: [Bool]) -> [Tensor]?) -> Program {
        let trace = Trace("a pass")
        defer { trace.isRunning = false }
        var isRead = [Bool](repeating: false, count: types.count)
        for operation in operations { for value in operation.inputs { isRead[value] = true } }
        for value in outputs { isRead[value] = true }
        let standIns = inputs.map { Tensor(Node(Placeholder(trace: trace), nil, nil, types[$0])) }
        var values = [Tensor?](repeating: nil, count: types.count)
        for (number, standIn) in zip(inputs, standIns) { values[number] = standIn }
        for operation in operations {
            let arguments = operation.inputs.map { values[$0]! }
            var results: [Tensor]?
            if let scan = operation.primitive as? Scan { results = rewrite(scan, arguments, operation.outputs.map { isRead[$0] }) }
            for (number, result) in zip(operation.outputs, results ?? apply(operation.primitive, arguments)) { values[number] = result }
        }
        var (program, leaves) = Program.capture(outputs.map { values[$0]! })
        var places: [TensorKey: Int] = [:]
        for (leaf, number) in zip(leaves, program.inputs) { places[leaf.key] = number }
        program.inputs = standIns.map { standIn in
            if let known = places[standIn.key] { return known }
            program.types.append(standIn.type)
            return program.types.count - 1
        }
        return program
    }
}

/// A loop's body run once on stand-ins, with the loop's own constants in place: what depends on neither carry nor slice is then simply
/// part of the graph around the loop.
struct OpenedLoop {
    let scan: Scan
    /// Stand-ins for the carries and slices of a step.
    let carries: [Tensor], slices: [Tensor]
    let constants: [Tensor]
    let results: [Tensor]
    /// The operations of a step, in order.
    let nodes: [Node]
    /// For each of them: whether it depends on a carry, on a slice.
    let onCarry: Set<Int>, onSlice: Set<Int>
    /// The stacked slices themselves, and the first carries.
    let starts: [Tensor], stacks: [Tensor]

    init(_ scan: Scan, _ inputs: [Tensor], _ trace: Trace) {
        self.scan = scan
        let standIns = scan.body.standIns(trace)
        carries = Array(standIns[..<scan.carryCount])
        slices = Array(standIns[scan.carryCount..<(scan.carryCount + scan.sliceCount)])
        starts = Array(inputs[..<scan.carryCount])
        stacks = Array(inputs[scan.carryCount..<(scan.carryCount + scan.sliceCount)])
        constants = Array(inputs[(scan.carryCount + scan.sliceCount)...])
        let first = Node.nextID
        results = scan.body(carries + slices + constants)
        nodes = Graph.nodes(behind: results) { $0.id >= first }
        onCarry = Set(Graph.nodes(from: Set(carries.map { $0.node.id }), to: results).map(\.id)).union(carries.map { $0.node.id })
        onSlice = Set(Graph.nodes(from: Set(slices.map { $0.node.id }), to: results).map(\.id)).union(slices.map { $0.node.id })
    }

    var carryResults: ArraySlice<Tensor> { results[..<scan.carryCount] }
    var stackResults: ArraySlice<Tensor> { results[scan.carryCount..<(scan.carryCount + scan.stackCount)] }
    var sumResults: ArraySlice<Tensor> { results[(scan.carryCount + scan.stackCount)...] }

    /// Who reads each tensor of a step; the results are read by nobody.
    var readers: [TensorKey: [Node]] {
        var found: [TensorKey: [Node]] = [:]
        for node in nodes { for input in node.inputs { found[input.key, default: []].append(node) } }
        return found
    }

    /// Costly enough to be worth a place outside the loop: not a few cycles an element, and not just another view.
    static func isHeavy(_ primitive: any Primitive) -> Bool { !ScanResiduals.isCheap(primitive) && !(primitive is Fill) && !(primitive is Iota) && !(primitive is Pad) && !(primitive is Concatenate) }
    static func isView(_ primitive: any Primitive) -> Bool { primitive is Permute || primitive is Reshape || primitive is Broadcast }
}
