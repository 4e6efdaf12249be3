/// The order in which the clusters run: each output in turn, with what it still needs, as late as possible.
///
/// Late means that a value recomputed for a checkpoint, or a parameter's gradient, is made just before it is used, so that little is
/// alive at a time; and that what reads a parameter runs before the update that writes over it, as far as the graph allows.
package func schedule(_ program: LoweredProgram, _ clusters: [Cluster]) -> [Cluster] {
    var maker = [Int](repeating: -1, count: program.types.count)
    var inputs: [[Int]] = []
    for (number, cluster) in clusters.enumerated() {
        var read: [Int] = []
        for member in cluster.allMembers {
            for value in program.operations[member].outputs { maker[value] = number }
            read += program.operations[member].inputs.compactMap(\.value)
        }
        inputs.append(read)
    }
    var state = [UInt8](repeating: 0, count: clusters.count)  // 0 new, 1 waiting for its inputs, 2 placed
    var order: [Cluster] = []
    for output in program.outputs where maker[output] >= 0 {
        var open = [maker[output]]
        while let next = open.last {
            if state[next] == 2 {
                open.removeLast()
                continue
            }
            let missing = state[next] == 1 ? [] : inputs[next].filter { maker[$0] >= 0 && state[maker[$0]] == 0 && maker[$0] != next }
            state[next] = 1
            if missing.isEmpty {
                state[next] = 2
                order.append(clusters[next])
                open.removeLast()
            } else {
                // What was written last in the program is made first (pushed last): a cotangent before what is recomputed to go with it.
                open += missing.map { maker[$0] }.sorted { clusters[$0].members.last! < clusters[$1].members.last! }
            }
        }
    }
    return order
}

extension Cluster {
    /// The members, with the product or convolution that feeds them, in order.
    package var allMembers: [Int] {
        guard let head, !members.contains(head) else { return members }
        return [head] + members
    }
}
