/// A value that is written where it lies in another: as columns of its rows.
package struct ConcatenatedPart {
    /// The value that it is a part of.
    package let whole: Int
    /// Elements before its first, and from one of its rows to the next.
    package let offset: Int, rowStride: Int
}

/// Finds values that groups make only to have them put one after another (the gradients of an LSTM's gates): the groups write them where
/// they belong, and the putting together is not done.
///
/// Cuts the groups' index spaces into the rows that this needs. Safe because nobody else reads the parts.
package func findConcatenatedParts(_ program: LoweredProgram, _ clusters: inout [Cluster]) -> (parts: [Int: ConcatenatedPart], joined: Set<Int>) {
    var home = [Int](repeating: -1, count: program.operations.count)
    var maker = [Int](repeating: -1, count: program.types.count), reads = [Int](repeating: 0, count: program.types.count)
    for (number, cluster) in clusters.enumerated() { for member in cluster.allMembers { home[member] = number } }
    for (number, operation) in program.operations.enumerated() {
        for value in operation.outputs { maker[value] = number }
        for value in operation.inputs.compactMap(\.value) { reads[value] += 1 }
    }
    for value in program.outputs { reads[value] += 1 }

    var parts: [Int: ConcatenatedPart] = [:], joined = Set<Int>()
    for (number, operation) in program.operations.enumerated() {
        guard let axis = operation.joinedAxis, home[number] >= 0 else { continue }
        let whole = program.types[operation.outputs[0]].shape
        let rows = whole[..<axis].reduce(1, *), rowStride = whole[axis...].reduce(1, *)
        var found: [(value: Int, cluster: Int, columns: Int, part: ConcatenatedPart)] = []
        var offset = 0
        for input in operation.inputs {
            let columns = input.count / Swift.max(rows, 1)
            defer { offset += columns }
            guard let value = input.value, input.isDense, input.count == program.types[value].count, maker[value] >= 0, rows > 1, columns > 0 else { break }
            let cluster = clusters[home[maker[value]]]
            // Its only reader outside of its group is this operation; inside it may have others.
            let inside = cluster.allMembers.reduce(0) { total, member in total + program.operations[member].inputs.filter { $0.value == value }.count }
            guard cluster.isGroup, cluster.head == nil, cluster.count == input.count, program.operations[maker[value]].count == cluster.count,
                reads[value] == inside + 1, columns <= longestHeldRow, fits(program, cluster, columns),
                found.allSatisfy({ $0.cluster != home[maker[value]] || $0.columns == columns })
            else { break }
            found.append((value, home[maker[value]], columns, ConcatenatedPart(whole: operation.outputs[0], offset: offset, rowStride: rowStride)))
        }
        guard found.count == operation.inputs.count, Set(found.map(\.value)).count == found.count else { continue }
        joined.insert(number)
        for entry in found {
            clusters[entry.cluster].columns = entry.columns
            parts[entry.value] = entry.part
        }
    }
    return (parts, joined)
}

/// Whether a group may be cut into rows of this many columns without reading its inputs more slowly.
private func fits(_ program: LoweredProgram, _ cluster: Cluster, _ columns: Int) -> Bool {
    if let known = cluster.columns { return known == columns }
    let preferred = IndexSpace.preferredColumns(program, cluster) ?? columns
    return IndexSpace.collectedInputs(program, cluster, columns: columns) <= IndexSpace.collectedInputs(program, cluster, columns: preferred)
}
