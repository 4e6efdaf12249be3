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
    var clusters: [Cluster]
    /// Which cluster an operation is in.
    var home: [Int]
    /// For each cluster, all clusters that it needs, directly or not.
    var needs: [BitSet]
    var producer: [Int]
    /// Operations that read each value.
    var readers: [[Int]]

    init(_ program: LoweredProgram) {
        self.program = program
        let operations = program.operations
        producer = [Int](repeating: -1, count: program.types.count)
        readers = [[Int]](repeating: [], count: program.types.count)
        clusters = []
        home = Array(operations.indices)
        needs = []
        for (number, operation) in operations.enumerated() {
            for value in operation.outputs { producer[value] = number }
            var needed = BitSet(operations.count)
            for input in operation.inputs {
                guard let value = input.value else { continue }
                readers[value].append(number)
                let maker = producer[value]
                if maker >= 0 {
                    needed.formUnion(needs[maker])
                    needed.insert(maker)
                }
            }
            needs.append(needed)
            var cluster = Cluster(members: [number])
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
    }

    mutating func run() {
        for number in program.operations.indices where clusters[home[number]].isGroup {
            for input in program.operations[number].inputs {
                if let value = input.value, producer[value] >= 0 { joinGroups(home[producer[value]], home[number]) }
            }
        }
        // Groups that read the same data in the same order go over it once.
        for value in readers.indices {
            let groups = readers[value].filter { reader in
                clusters[home[reader]].isGroup && program.operations[reader].inputs.contains { $0.value == value && $0.isDense }
            }
            for (first, second) in zip(groups, groups.dropFirst()) { joinGroups(home[first], home[second]) }
        }
        for number in program.operations.indices {
            if let space = program.operations[number].epilogueSpace { joinEpilogue(number, space.rows, space.columns) }
        }
    }

    var result: [Cluster] {
        Set(home).sorted().map { clusters[$0] }
    }

    // MARK: Joining

    mutating func joinGroups(_ a: Int, _ b: Int) {
        guard a != b, clusters[a].isGroup, clusters[b].isGroup, clusters[a].head == nil, clusters[b].head == nil else { return }
        guard let joined = union(clusters[a], clusters[b]), fits(joined), isAcyclic(a, b) else { return }
        merge(a, b, joined)
    }

    mutating func joinEpilogue(_ head: Int, _ rows: Int, _ columns: Int) {
        let out = program.operations[head].outputs[0]
        guard rows > 0, columns > 0 else { return }
        for reader in readers[out] {
            let group = home[reader]
            guard clusters[group].isGroup, clusters[group].head == nil, clusters[group].count == rows * columns,
                clusters[group].columns == nil || clusters[group].columns == columns, columns <= longestHeldRow,
                program.operations[reader].inputs.contains(where: { $0.value == out && $0.isDense }), isAcyclic(home[head], group)
            else { continue }
            // The other readers in the group must read in order too.
            let inOrder = clusters[group].members.allSatisfy { member in program.operations[member].inputs.allSatisfy { $0.value != out || $0.isDense } }
            guard inOrder else { continue }
            // Better two passes over memory than inputs collected through strides.
            if clusters[group].columns == nil, let preferred = IndexSpace.preferredColumns(program, clusters[group]),
                IndexSpace.collectedInputs(program, clusters[group], columns: preferred) < IndexSpace.collectedInputs(program, clusters[group], columns: columns)
            {
                continue
            }
            var joined = clusters[group]
            joined.head = head
            joined.columns = columns
            guard fits(joined) else { continue }
            merge(home[head], group, joined)
            return
        }
    }

    /// The cluster of both, if their index spaces agree: the same elements, or the one the rows of the other.
    func union(_ a: Cluster, _ b: Cluster) -> Cluster? {
        var joined = a.count >= b.count ? a : b
        let other = a.count >= b.count ? b : a
        if joined.count == other.count {
            if let first = joined.columns, let second = other.columns, first != second { return nil }
            joined.columns = joined.columns ?? other.columns
        } else {
            guard let rows = joined.rows, rows == other.count, other.columns == nil else { return nil }
        }
        joined.members = (a.members + b.members).sorted()
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

    /// Whether every value that passes inside the cluster is read where it is made, and the limits of a group are kept.
    func fits(_ cluster: Cluster) -> Bool {
        let streams = (cluster.columns ?? 0) > longestHeldRow
        let inside = Set(cluster.members)
        if cluster.members.count > 96 { return false }
        for member in cluster.members {
            let operation = program.operations[member]
            if streams {
                switch operation.work {
                case .pick, .addAt: return false
                default: break
                }
            }
            for (position, input) in operation.inputs.enumerated() {
                guard let value = input.value, producer[value] >= 0, inside.contains(producer[value]) else { continue }
                let madeAsRow = isRow(cluster, producer[value])
                // An index or a number to add is read a row at a time.
                let readAsRow: Bool =
                    switch operation.work {
                    case .pick: position == 1
                    case .addAt: position > 0
                    case .reduceRows: false
                    default: isRow(cluster, member)
                    }
                switch (madeAsRow, readAsRow) {
                case (false, false), (true, true):
                    guard input.isDense else { return false }
                case (true, false):
                    guard !streams, let rows = cluster.rows, let strides = input.view.matrix(rows: rows, columns: cluster.columns!),
                        input.view.offset == 0, strides.columnStride == 0, strides.rowStride == 1 || rows == 1
                    else { return false }
                case (false, true): return false
                }
            }
        }
        return true
    }

    /// No path from one to the other through a third cluster.
    func isAcyclic(_ a: Int, _ b: Int) -> Bool {
        for (from, to) in [(a, b), (b, a)] where needs[to].contains(from) {
            for between in needs[to].members where between != from && needs[between].contains(from) { return false }
        }
        return true
    }

    mutating func merge(_ a: Int, _ b: Int, _ joined: Cluster) {
        for member in clusters[b].members { home[member] = a }
        if let head = clusters[b].head { home[head] = a }
        clusters[a] = joined
        for member in joined.members { home[member] = a }
        if let head = joined.head { home[head] = a }
        needs[a].formUnion(needs[b])
        needs[a].remove(a)
        needs[a].remove(b)
        let all = needs[a]
        for cluster in Set(home) where cluster != a && (needs[cluster].contains(a) || needs[cluster].contains(b)) {
            needs[cluster].remove(b)
            needs[cluster].insert(a)
            needs[cluster].formUnion(all)
        }
    }
}

/// A set of small numbers.
package struct BitSet {
    private var words: [UInt64]
    package init(_ capacity: Int) { words = [UInt64](repeating: 0, count: (capacity + 63) / 64) }
    package mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }
    package mutating func remove(_ number: Int) { words[number >> 6] &= ~(1 << UInt64(number & 63)) }
    package func contains(_ number: Int) -> Bool { words[number >> 6] & (1 << UInt64(number & 63)) != 0 }
    package mutating func formUnion(_ other: BitSet) { for index in words.indices { words[index] |= other.words[index] } }
    package var members: [Int] {
        var result: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return result
    }
}
