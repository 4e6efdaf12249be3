/// Loops over the same things with the same steps become one that gives the results of all.
///
/// A derivative runs the loop again to keep more of each step; this is where the two runs become one. Safe because their inputs and
/// operations are equal, so that all values of their steps are.
package func mergeLoops(_ program: Program) -> Program {
    var result = program
    result.operations = []
    var renamed = Array(program.types.indices)
    for var operation in program.operations {
        operation.inputs = operation.inputs.map { renamed[$0] }
        if let scan = operation.primitive as? Scan,
            let place = result.operations.firstIndex(where: { isMergeable($0, scan, operation.inputs) }),
            let first = result.operations[place].primitive as? Scan
        {
            let merged = merge(first, result.operations[place].outputs, scan, operation.outputs, &renamed)
            result.operations[place].primitive = merged.scan
            result.operations[place].outputs = merged.outputs
        } else {
            result.operations.append(operation)
        }
    }
    result.outputs = program.outputs.map { renamed[$0] }
    return result
}

private func isMergeable(_ other: Program.Operation, _ scan: Scan, _ inputs: [Int]) -> Bool {
    guard other.inputs == inputs, let first = other.primitive as? Scan else { return false }
    let carries = scan.carryCount
    return first.carryCount == carries && first.sliceCount == scan.sliceCount && first.length == scan.length
        && first.isReversed == scan.isReversed && first.body.hasSameOperations(as: scan.body)
        && first.body.program.outputs[..<carries] == scan.body.program.outputs[..<carries]
        && first.body.program.outputs[(carries + first.stackCount)...] == scan.body.program.outputs[(carries + scan.stackCount)...]
}

private func merge(_ first: Scan, _ firstOutputs: [Int], _ second: Scan, _ secondOutputs: [Int], _ renamed: inout [Int]) -> (scan: Scan, outputs: [Int]) {
    let carries = first.carryCount
    var stacks = Array(first.body.program.outputs[carries..<(carries + first.stackCount)])
    var places = Array(firstOutputs[carries..<(carries + first.stackCount)])
    for (number, output) in zip(second.body.program.outputs[carries..<(carries + second.stackCount)], secondOutputs[carries...]) {
        if let known = stacks.firstIndex(of: number) {
            renamed[output] = places[known]
        } else {
            stacks.append(number)
            places.append(output)
        }
    }
    for (mine, theirs) in zip(firstOutputs[..<carries], secondOutputs[..<carries]) { renamed[theirs] = mine }
    for (mine, theirs) in zip(firstOutputs[(carries + first.stackCount)...], secondOutputs[(carries + second.stackCount)...]) { renamed[theirs] = mine }
    var body = first.body.program
    body.outputs.replaceSubrange(carries..<(carries + first.stackCount), with: stacks)
    let scan = Scan(
        ScanBody(body), carries: carries, slices: first.sliceCount, stacks: stacks.count, length: first.length, isReversed: first.isReversed)
    return (scan, firstOutputs[..<carries] + places + firstOutputs[(carries + first.stackCount)...])
}
