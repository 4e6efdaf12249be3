import CKernels

/// Operations that run as one instruction.
package struct Cluster {
    /// Numbers of lowered operations, in order.
    package var members: [Int]
    /// Elements of the full index space; 0 for an instruction that is not element by element.
    package var count = 0
    /// How the space is cut into rows, once a member says so.
    package var columns: Int?
    /// The product or convolution whose result the rest works on while it is hot.
    package var head: Int?

    package var isGroup: Bool { count > 0 }
    package var rows: Int? { columns.map { count / $0 } }
}

/// Rows longer than this are not held whole: such a group streams, and can't use a row's sum in the same row.
package let longestHeldRow = 16384

/// Puts operations together that can run tile by tile in one pass over memory: element-wise ones with what makes their inputs,
/// reductions of rows with what feeds them and with what uses them in the same row (a softmax becomes one group, and so do its
/// loss and its gradient), groups that read the same data, and a product or a convolution with the group that works on its result.
///
/// Safe because two clusters are joined only if no path leads from one to the other through a third, and only if each value that
/// passes between them is read at the place where it is made.
package func fuse(_ program: LoweredProgram) -> [Cluster] {
    var pass = Fusion(program)
    pass.run()
    return pass.result
}

private struct Fusion {
    let program: LoweredProgram
    var graph: ClusterGraph
    /// The index space of each cluster, and the product that it works on.
    var clusters: [Cluster]
    /// Which operation makes each value; -1 for none.
    var producer: [Int]
    /// Operations that read each value.
    let readers: EdgeList

    /// The most operations of a group.
    private static let longestGroup = 96

    init(_ program: LoweredProgram) {
        self.program = program
        let operations = program.operations
        producer = [Int](repeating: -1, count: program.types.count)
        var reads: [(from: Int, to: Int)] = [], edges: [(maker: Int, reader: Int)] = []
        clusters = []
        clusters.reserveCapacity(operations.count)
        for (number, operation) in operations.enumerated() {
            for value in operation.outputs { producer[value] = number }
            for input in operation.inputs {
                guard let value = input.value else { continue }
                reads.append((value, number))
                if producer[value] >= 0 { edges.append((producer[value], number)) }
            }
            var cluster = Cluster(members: [])
            switch operation.work {
            case .map: cluster.count = operation.count
            case .reduceRows(_, let columns):
                cluster.count = operation.inputs[0].count
                cluster.columns = columns
            case .pick(let columns), .addAt(let columns):
                cluster.count = operation.inputs[0].count
                cluster.columns = columns
            case .product, .kernelWithEpilogue: cluster.head = number
            default: break
            }
            if program.types[operation.outputs[0]].count == 0 { cluster.count = 0 }
            clusters.append(cluster)
        }
        readers = EdgeList(count: program.types.count, reads)
        graph = ClusterGraph(count: operations.count, edges: edges)
    }

    mutating func run() {
        for number in program.operations.indices where clusters[graph.home[number]].isGroup {
            for input in program.operations[number].inputs {
                if let value = input.value, producer[value] >= 0 { joinGroups(graph.home[producer[value]], graph.home[number]) }
            }
        }
        // Groups that read the same data in the same order go over it once.
        for value in program.types.indices where readers[value].count > 1 {
            let groups = readers[value].filter { reader in
                clusters[graph.home[reader]].isGroup && program.operations[reader].inputs.contains { $0.value == value && $0.isDense }
            }
            for (first, second) in zip(groups, groups.dropFirst()) { joinGroups(graph.home[first], graph.home[second]) }
        }
        for number in program.operations.indices {
            if let space = program.operations[number].epilogueSpace { joinEpilogue(number, space.rows, space.columns) }
        }
    }

    var result: [Cluster] {
        program.operations.indices.filter { graph.home[$0] == $0 }.map { withMembers($0) }
    }

    /// A cluster with its operations in order.
    func withMembers(_ number: Int) -> Cluster {
        var cluster = clusters[number]
        cluster.members = graph.members(number).sorted()
        if cluster.isGroup, let head = cluster.head { cluster.members.removeAll { $0 == head } }
        return cluster
    }

    // MARK: Joining

    mutating func joinGroups(_ a: Int, _ b: Int) {
        guard a != b, clusters[a].isGroup, clusters[b].isGroup, clusters[a].head == nil, clusters[b].head == nil,
            graph.sizes[a] + graph.sizes[b] <= Self.longestGroup
        else { return }
        guard let joined = union(clusters[a], clusters[b]), fits(a, b, joined), graph.merge(a, b) else { return }
        clusters[a] = joined
    }

    mutating func joinEpilogue(_ head: Int, _ rows: Int, _ columns: Int) {
        let out = program.operations[head].outputs[0]
        guard rows > 0, columns > 0 else { return }
        for reader in readers[out] {
            let number = graph.home[reader]
            guard clusters[number].isGroup, clusters[number].head == nil, clusters[number].count == rows * columns,
                clusters[number].columns == nil || clusters[number].columns == columns, columns <= longestHeldRow,
                program.operations[reader].inputs.contains(where: { $0.value == out && $0.isDense })
            else { continue }
            // The other readers in the group must read in order too.
            let group = withMembers(number)
            let inOrder = group.members.allSatisfy { member in program.operations[member].inputs.allSatisfy { $0.value != out || $0.isDense } }
            guard inOrder else { continue }
            // Better two passes over memory than inputs collected through strides.
            if group.columns == nil, let preferred = IndexSpace.preferredColumns(program, group),
                IndexSpace.collectedInputs(program, group, columns: preferred) < IndexSpace.collectedInputs(program, group, columns: columns)
            {
                continue
            }
            let kept = graph.home[head]
            guard graph.merge(kept, number) else { continue }
            clusters[kept] = clusters[number]
            clusters[kept].head = head
            clusters[kept].columns = columns
            return
        }
    }

    /// The index space of both, if theirs agree: the same elements, or the one the rows of the other.
    func union(_ a: Cluster, _ b: Cluster) -> Cluster? {
        var joined = a.count >= b.count ? a : b
        let other = a.count >= b.count ? b : a
        if joined.count == other.count {
            if let first = joined.columns, let second = other.columns, first != second { return nil }
            joined.columns = joined.columns ?? other.columns
        } else {
            guard let rows = joined.rows, rows == other.count, other.columns == nil else { return nil }
        }
        return joined
    }

    /// Whether a member's result has one element a row.
    func isRow(_ cluster: Cluster, _ member: Int) -> Bool {
        switch program.operations[member].work {
        case .reduceRows, .pick: true
        case .addAt: false
        default: cluster.columns != nil && program.operations[member].count != cluster.count
        }
    }

    /// Whether every value that passes from one cluster to the other is read where it is made when both are one. What passes inside of each
    /// was looked at when it was put together, and a larger index space changes nothing for it: what was read in order still is.
    func fits(_ a: Int, _ b: Int, _ joined: Cluster) -> Bool {
        // Values pass one way only: from the one that comes first.
        let (first, last) = graph.precedes(a, b) ? (a, b) : (b, a)
        for member in graph.members(last) {
            for (position, input) in program.operations[member].inputs.enumerated() {
                guard let value = input.value, producer[value] >= 0, graph.home[producer[value]] == first else { continue }
                if !passes(from: producer[value], to: member, position, input, joined) { return false }
            }
        }
        return true
    }

    /// Whether an operand that one member makes for another is read a full row where it is made so, or an element a row.
    func passes(from maker: Int, to member: Int, _ position: Int, _ input: Operand, _ joined: Cluster) -> Bool {
        let madeAsRow = isRow(joined, maker)
        // An index or a number to add is read a row at a time.
        let readAsRow: Bool =
            switch program.operations[member].work {
            case .pick: position == 1
            case .addAt: position > 0
            case .reduceRows: false
            default: isRow(joined, member)
            }
        switch (madeAsRow, readAsRow) {
        case (false, false), (true, true): return input.isDense
        case (true, false):
            guard joined.columns! <= longestHeldRow, let rows = joined.rows, let strides = input.view.matrix(rows: rows, columns: joined.columns!) else { return false }
            return input.view.offset == 0 && strides.columnStride == 0 && (strides.rowStride == 1 || rows == 1)
        case (false, true): return false
        }
    }
}
