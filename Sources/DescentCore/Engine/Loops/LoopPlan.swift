import CKernels

/// How a loop runs: the plan of its body, and where each of the body's buffers lies at each step.
package final class LoopPlan: Sendable {
    private let scan: Scan
    private let plan: Plan
    /// For each result of the body, the plan's output that is its value.
    private let outputs: [Int]
    /// For each carry, the stacked result that is the same value, so that it is written there and not to memory of its own.
    private let stackOfCarry: [Int?]
    /// Bytes that a run needs besides the loop's results: intermediate values of a step, and two rooms for each carry.
    package let workspaceByteCount: Int

    package init(_ scan: Scan) {
        precondition(scan.sumCount == 0, "sums are carried before a loop is planned")
        self.scan = scan
        var program = scan.body.program
        let values = program.outputs
        var chosen: [Int] = []
        var stackOfCarry = [Int?](repeating: nil, count: scan.carryCount)
        var outputs = Array(values.indices)
        for (place, value) in values.enumerated() {
            let isStack = place >= scan.carryCount
            if isStack, let carry = (0..<scan.carryCount).first(where: { values[$0] == value && stackOfCarry[$0] == nil }) {
                stackOfCarry[carry] = place
                outputs[place] = outputs[carry]
            } else {
                outputs[place] = chosen.count
                chosen.append(value)
            }
        }
        program.outputs = chosen
        plan = Plan(program, constants: (scan.carryCount + scan.sliceCount)..<program.inputs.count)
        self.outputs = outputs
        self.stackOfCarry = stackOfCarry
        let rooms = scan.body.inputTypes[..<scan.carryCount].reduce(0) { $0 + 2 * Self.rounded($1.byteCount) }
        workspaceByteCount = Self.rounded(plan.arenaByteCount) + rooms
    }

    private static func rounded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

    /// Writes the loop's instruction.
    package func emit(_ emitter: inout InstructionEmitter) {
        let body = plan.body, types = scan.body.inputTypes, results = scan.body.outputTypes
        let inputCount = types.count
        var views: [dk_scan_view] = [], carries: [dk_scan_carry] = []
        for place in scan.carryCount..<inputCount {
            let from = emitter.input(place), bytes = types[place].dtype.byteCount
            let isSlice = place < scan.carryCount + scan.sliceCount
            views.append(dk_scan_view(
                body: Int32(place), outer: from.buffer, offset: from.offset * Int64(bytes), step: isSlice ? Int64(types[place].byteCount) : 0))
        }
        for place in scan.carryCount..<results.count {
            views.append(dk_scan_view(
                body: Int32(inputCount + outputs[place]), outer: emitter.output(place), offset: 0, step: Int64(results[place].byteCount)))
        }
        var room = Self.rounded(plan.arenaByteCount)
        for carry in 0..<scan.carryCount {
            let first = emitter.input(carry), bytes = types[carry].byteCount
            carries.append(dk_scan_carry(
                in: Int32(carry), out: Int32(inputCount + outputs[carry]), first: first.buffer, last: emitter.output(carry),
                first_offset: first.offset * Int64(types[carry].dtype.byteCount), bytes: Int64(bytes),
                rooms: (Int64(room), Int64(room + Self.rounded(bytes))), stacked: stackOfCarry[carry] == nil ? 0 : 1))
            room += 2 * Self.rounded(bytes)
        }
        let inside = body.inside.map { dk_scan_inside(buffer: Int32($0.buffer), offset: Int64($0.offset)) }
        emitter.emit(dk_scan, dk_scan_arguments(
            once: body.once, instructions: body.instructions, once_count: Int64(body.onceCount), instruction_count: Int64(body.count), length: Int64(scan.length),
            reversed: scan.isReversed ? 1 : 0, workspace: emitter.output(results.count), table: body.table, view_count: Int32(views.count),
            carry_count: Int32(carries.count), inside_count: Int32(inside.count), views: emitter.store(views), carries: emitter.store(carries),
            inside: emitter.store(inside)))
    }

    package var description: String {
        let lines = plan.description.split(separator: "\n").map { "\n        " + $0 }.joined()
        return "  \(scan.detail)\(lines)"
    }
}
