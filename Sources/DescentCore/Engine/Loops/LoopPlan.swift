import CKernels

/// How a loop runs: the plan of its body, and where each of the body's buffers lies at each step.
package final class LoopPlan: Sendable {
    /// A carry of which the loop also stacks what each step got: kept with its first value in front (behind, where the loop runs the other
    /// way), so that what steps got and what they left are two windows on one memory, and nothing is copied.
    package struct History: Sendable {
        let carry: Int
        /// Results that stack what each step got, and what it left.
        let before: [Int], after: [Int]
        /// Where in the history the windows start.
        package let start: (before: Int, after: Int)
    }

    private let scan: Scan
    private let plan: Plan
    package let histories: [History]
    /// The loop's results that have memory of their own, in order. The histories follow them, and then the workspace.
    package let kept: [Int]
    /// For each result of the body, the plan's output that is its value; nil where a history has it.
    private let outputs: [Int?]
    /// Carries whose memory is a stack or a history.
    private let isStacked: [Bool]
    /// Bytes that a run needs besides the loop's results: intermediate values of a step, and two rooms for each carry.
    package let workspaceByteCount: Int

    package init(_ scan: Scan) {
        precondition(scan.sumCount == 0, "sums are carried before a loop is planned")
        self.scan = scan
        var program = scan.body.program
        let values = program.outputs, stacks = scan.carryCount..<values.count
        var windows: Set<Int> = []
        histories = (0..<scan.carryCount).compactMap { carry in
            // What two carries share, one's past and the other's present, is the first's.
            let before = stacks.filter { values[$0] == program.inputs[carry] && !windows.contains($0) }
            if before.isEmpty { return nil }
            windows.formUnion(before)
            let after = stacks.filter { values[$0] == values[carry] && windows.insert($0).inserted }
            return History(carry: carry, before: before, after: after, start: scan.isReversed ? (1, 0) : (0, 1))
        }
        kept = values.indices.filter { !windows.contains($0) }
        var chosen: [Int] = []
        var isStacked = (0..<scan.carryCount).map(Set(histories.map(\.carry)).contains)
        var outputs = [Int?](repeating: nil, count: values.count)
        for place in kept {
            let value = values[place]
            if stacks.contains(place), let carry = (0..<scan.carryCount).first(where: { values[$0] == value && !isStacked[$0] }) {
                isStacked[carry] = true
                outputs[place] = outputs[carry]
            } else {
                outputs[place] = chosen.count
                chosen.append(value)
            }
        }
        program.outputs = chosen
        plan = Plan(program, constants: (scan.carryCount + scan.sliceCount)..<program.inputs.count)
        self.outputs = outputs
        self.isStacked = isStacked
        let rooms = scan.body.inputTypes[..<scan.carryCount].reduce(0) { $0 + 2 * Self.rounded($1.byteCount) }
        workspaceByteCount = Self.rounded(plan.arenaByteCount) + rooms
    }

    private static func rounded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

    /// The type of a history: one more than the steps.
    package func type(_ history: History) -> TensorType {
        let carry = scan.body.inputTypes[history.carry]
        return TensorType([scan.length + 1] + carry.shape, carry.dtype)
    }

    /// Writes the loop's instruction.
    package func emit(_ emitter: inout InstructionEmitter) {
        let body = plan.body, types = scan.body.inputTypes, results = scan.body.outputTypes
        let inputCount = types.count
        var views: [dk_scan_view] = [], carries: [dk_scan_carry] = []
        for place in scan.carryCount..<inputCount {
            let from = emitter.input(place), bytes = types[place].dtype.byteCount
            let isSlice = place < scan.carryCount + scan.sliceCount
            views.append(
                dk_scan_view(
                    body: Int32(place), outer: from.buffer, offset: from.offset * Int64(bytes), step: isSlice ? Int64(types[place].byteCount) : 0))
        }
        for (position, place) in kept.enumerated() where place >= scan.carryCount {
            views.append(
                dk_scan_view(
                    body: Int32(inputCount + outputs[place]!), outer: emitter.output(position), offset: 0, step: Int64(results[place].byteCount)))
        }
        for (position, history) in histories.enumerated() {
            let bytes = results[history.carry].byteCount
            views.append(
                dk_scan_view(
                    body: Int32(inputCount + outputs[history.carry]!), outer: emitter.output(kept.count + position),
                    offset: Int64(history.start.after * bytes), step: Int64(bytes)))
        }
        var room = Self.rounded(plan.arenaByteCount)
        for carry in 0..<scan.carryCount {
            let first = emitter.input(carry), bytes = types[carry].byteCount
            let history = histories.firstIndex { $0.carry == carry }
            carries.append(
                dk_scan_carry(
                    in: Int32(carry), out: Int32(inputCount + outputs[carry]!), first: first.buffer, last: emitter.output(carry),
                    first_offset: first.offset * Int64(types[carry].dtype.byteCount), bytes: Int64(bytes),
                    rooms: (Int64(room), Int64(room + Self.rounded(bytes))), history: history.map { emitter.output(kept.count + $0) } ?? -1,
                    stacked: isStacked[carry] ? 1 : 0, history_offset: scan.isReversed ? Int64(scan.length * bytes) : 0))
            room += 2 * Self.rounded(bytes)
        }
        let inside = body.inside.map { dk_scan_inside(buffer: Int32($0.buffer), offset: Int64($0.offset)) }
        emitter.emit(
            dk_scan,
            dk_scan_arguments(
                once: body.once, instructions: body.instructions, once_count: Int64(body.onceCount), instruction_count: Int64(body.count), length: Int64(scan.length),
                reversed: scan.isReversed ? 1 : 0, workspace: emitter.output(kept.count + histories.count), table: body.table, view_count: Int32(views.count),
                carry_count: Int32(carries.count), inside_count: Int32(inside.count), views: emitter.store(views), carries: emitter.store(carries),
                inside: emitter.store(inside)))
    }

    package var description: String {
        let lines = plan.description.split(separator: "\n").map { "\n        " + $0 }.joined()
        return "  \(scan.detail)\(lines)"
    }
}
