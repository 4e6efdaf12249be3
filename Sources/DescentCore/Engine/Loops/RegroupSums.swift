/// Adds first what changes least: `(x + b) + (h + c)`, with x from a slice, h from the state, and constants b and c, becomes `((b + c) + x) + h`.
/// Then all but the last sum may leave the loop, and a cell with two biases costs no more than one with one.
///
/// Safe because a sum is the same in any order, up to rounding.
package func regroupSums(_ program: Program) -> Program {
    program.rewritingBodies { scan in
        var pass = SumRegrouping(scan)
        return pass.run()
    }
}

private struct SumRegrouping {
    private let source: Program
    private var result: Program
    /// How often a value changes: 0 for what depends on the constants alone, 1 on slices too, 2 on a carry.
    private var level: [Int]
    private var reads: [Int]
    private var terms: [Int: [Int]] = [:]
    private var isChanged = false

    init(_ scan: Scan) {
        source = scan.body.program
        result = source
        result.operations = []
        level = [Int](repeating: 0, count: source.types.count)
        reads = level
        for value in source.inputs[scan.carryCount..<(scan.carryCount + scan.sliceCount)] { level[value] = 1 }
        for value in source.inputs[..<scan.carryCount] { level[value] = 2 }
        for operation in source.operations { for value in operation.inputs { reads[value] += 1 } }
        for value in source.outputs { reads[value] += 1 }
    }

    /// The body with its sums regrouped; nil where there is nothing to do.
    mutating func run() -> Program? {
        for operation in source.operations {
            let highest = operation.inputs.map { level[$0] }.max() ?? 0
            for value in operation.outputs { level[value] = highest }
            if operation.primitive is Add, source.types[operation.outputs[0]].dtype.isFloating {
                add(operation.inputs[0], operation.inputs[1], as: operation.outputs[0])
            } else {
                result.operations.append(operation)
            }
        }
        return isChanged ? removeDeadCode(result) : nil
    }

    /// A sum whose term that changes most often comes last.
    private mutating func add(_ a: Int, _ b: Int, as value: Int) {
        for (other, sum) in [(a, b), (b, a)] {
            guard reads[sum] == 1, let inner = terms[sum], level[inner[0]] != level[inner[1]] else { continue }
            let last = level[inner[0]] > level[inner[1]] ? inner[0] : inner[1], first = last == inner[0] ? inner[1] : inner[0]
            guard level[other] < level[last] else { continue }
            result.types.append(result.types[value])
            level.append(Swift.max(level[other], level[first]))
            reads.append(1)
            let together = result.types.count - 1
            add(other, first, as: together)
            add(together, last, as: value)
            isChanged = true
            return
        }
        terms[value] = [a, b]
        result.operations.append(Program.Operation(primitive: Add(), inputs: [a, b], outputs: [value]))
    }
}
