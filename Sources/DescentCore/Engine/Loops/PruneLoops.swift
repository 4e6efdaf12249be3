/// Simplifies the body of each loop, and takes out of it what nobody asks for: results that are not read, carries that only keep
/// themselves going, inputs without a reader.
package func simplifyLoopBodies(_ program: Program) -> Program {
    program.rewritingLoops { scan, inputs, isUsed in
        var body = optimizeLoops(simplify(scan.body.program))
        let carries = liveCarries(scan, body, isUsed)
        let stacks = (scan.carryCount..<(scan.carryCount + scan.stackCount)).filter { isUsed[$0] }
        let sums = ((scan.carryCount + scan.stackCount)..<isUsed.count).filter { isUsed[$0] }
        let kept = carries + stacks + sums
        body.outputs = kept.map { body.outputs[$0] }
        body = simplify(body)
        let read = Set(body.operations.flatMap(\.inputs) + body.outputs)
        let slices = (scan.carryCount..<(scan.carryCount + scan.sliceCount)).filter { read.contains(body.inputs[$0]) }
        let constants = ((scan.carryCount + scan.sliceCount)..<body.inputs.count).filter { read.contains(body.inputs[$0]) }
        let chosen = carries + slices + constants
        body.inputs = chosen.map { body.inputs[$0] }
        let smaller = Scan(
            ScanBody(body), carries: carries.count, slices: slices.count, stacks: stacks.count, length: scan.length, isReversed: scan.isReversed)
        let results = kept.isEmpty ? [] : apply(smaller, chosen.map { inputs[$0] })
        // What is not read may stand for anything of its type: a loop's results are either there or not looked at.
        var places: [Int: Tensor] = [:]
        for (place, result) in zip(kept, results) { places[place] = result }
        return zip(isUsed.indices, scan.resultTypes).map { places[$0] ?? Tensor.full($1.shape, 0, dtype: $1.dtype) }
    }
}

/// The carries that are asked for, or that what is asked for depends on.
private func liveCarries(_ scan: Scan, _ body: Program, _ isUsed: [Bool]) -> [Int] {
    let producers = body.producers
    var live = Set<Int>()
    var open = body.outputs.indices.filter { isUsed[$0] }.map { body.outputs[$0] }
    var carries = Set((0..<scan.carryCount).filter { isUsed[$0] })
    let places = Dictionary(uniqueKeysWithValues: (0..<scan.carryCount).map { (body.inputs[$0], $0) })
    while let value = open.popLast() {
        guard live.insert(value).inserted else { continue }
        if let carry = places[value], carries.insert(carry).inserted || !live.contains(body.outputs[carry]) { open.append(body.outputs[carry]) }
        if producers[value] >= 0 { open += body.operations[producers[value]].inputs }
    }
    return carries.sorted()
}
