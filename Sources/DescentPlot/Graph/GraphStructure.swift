/// A graph by numbers: nodes, edges and groups are indices into a picture's lists; groups without nodes are left out.
struct GraphStructure {
    let nodeCount: Int
    /// The ends of each edge, turned round where `isReturn`, so that all of them go forward.
    let edges: [(from: Int, to: Int)]
    /// The edges that close a cycle, which only a folded picture has.
    let isReturn: [Bool]
    /// The innermost group of each node; -1 for none.
    let groupOfNode: [Int]
    /// The group that holds each group; -1 for none.
    let parentOfGroup: [Int]
    /// The groups that have nodes, outer ones first.
    let groups: [Int]

    init(nodes: [GraphNode], edges: [GraphEdge], groups: [GraphGroup]) {
        let indexOfNode = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.id, $0) })
        let indexOfGroup = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1.id, $0) })
        nodeCount = nodes.count
        let given = edges.map { (from: indexOfNode[$0.from]!, to: indexOfNode[$0.to]!) }
        let parents = groups.map { $0.parent.flatMap { indexOfGroup[$0] } ?? -1 }
        let depths = groups.indices.map { GraphStructure.chain(from: $0, parents: parents).count }
        var innermost = [Int](repeating: -1, count: nodes.count)
        for (group, value) in groups.enumerated() {
            for member in value.members {
                let node = indexOfNode[member]!
                if innermost[node] < 0 || depths[group] > depths[innermost[node]] { innermost[node] = group }
            }
        }
        var isUsed = [Bool](repeating: false, count: groups.count)
        for group in innermost { for outer in GraphStructure.chain(from: group, parents: parents) { isUsed[outer] = true } }
        isReturn = GraphStructure.returns(nodeCount: nodes.count, edges: given)
        self.edges = zip(given, isReturn).map { $1 ? (from: $0.to, to: $0.from) : $0 }
        groupOfNode = innermost
        parentOfGroup = parents
        self.groups = groups.indices.filter { isUsed[$0] }.sorted { (depths[$0], $0) < (depths[$1], $1) }
    }

    /// A group and those that hold it, from inside out.
    func chain(from group: Int) -> [Int] { GraphStructure.chain(from: group, parents: parentOfGroup) }

    private static func chain(from group: Int, parents: [Int]) -> [Int] {
        var chain: [Int] = [], next = group
        while next >= 0 {
            chain.append(next)
            next = parents[next]
        }
        return chain
    }

    /// The error in a graph, as a sentence; nil if there is none.
    static func mistake(nodes: [GraphNode], edges: [GraphEdge], groups: [GraphGroup]) -> String? {
        var indexOfNode: [String: Int] = [:]
        for (index, node) in nodes.enumerated() where indexOfNode.updateValue(index, forKey: node.id) != nil {
            return "two nodes are named \"\(node.id)\"; a node's name must be its own."
        }
        for edge in edges {
            for end in [edge.from, edge.to] where indexOfNode[end] == nil {
                return "the edge from \"\(edge.from)\" to \"\(edge.to)\" needs a node \"\(end)\", which is not there."
            }
        }
        if let mistake = mistake(groups: groups, indexOfNode: indexOfNode) { return mistake }
        let given = edges.map { (from: indexOfNode[$0.from]!, to: indexOfNode[$0.to]!) }
        if let cycle = cycle(nodeCount: nodes.count, edges: given) {
            let names = (cycle + [cycle[0]]).map { nodes[$0].id }.joined(separator: " → ")
            return "the edges go in a circle, \(names); a value cannot depend on itself."
        }
        return nil
    }

    private static func mistake(groups: [GraphGroup], indexOfNode: [String: Int]) -> String? {
        var indexOfGroup: [String: Int] = [:]
        for (index, group) in groups.enumerated() where indexOfGroup.updateValue(index, forKey: group.id) != nil {
            return "two groups are named \"\(group.id)\"; a group's name must be its own."
        }
        var parents: [Int] = []
        for group in groups {
            guard let parent = group.parent else { parents.append(-1); continue }
            guard let index = indexOfGroup[parent] else { return "group \"\(group.id)\" stands in group \"\(parent)\", which is not there." }
            parents.append(index)
        }
        for group in groups.indices {
            var outer = parents[group], steps = 0
            while outer >= 0, steps <= groups.count { outer = parents[outer]; steps += 1 }
            if outer >= 0 { return "group \"\(groups[group].id)\" stands in itself." }
        }
        var innermost: [Int: Int] = [:]
        for (index, group) in groups.enumerated() {
            for member in group.members {
                guard let node = indexOfNode[member] else {
                    return "group \"\(group.id)\" lists node \"\(member)\", which is not there."
                }
                guard let other = innermost[node] else { innermost[node] = index; continue }
                if chain(from: index, parents: parents).contains(other) {
                    innermost[node] = index
                } else if !chain(from: other, parents: parents).contains(index) {
                    return "node \"\(member)\" is in groups \"\(groups[other].id)\" and \"\(group.id)\", of which neither holds the other."
                }
            }
        }
        return nil
    }

    /// The nodes of some cycle, in the order of its edges.
    private static func cycle(nodeCount: Int, edges: [(from: Int, to: Int)]) -> [Int]? {
        guard let closing = returns(nodeCount: nodeCount, edges: edges).firstIndex(of: true) else { return nil }
        let (last, first) = edges[closing]
        var next = [[Int]](repeating: [], count: nodeCount)
        for edge in edges { next[edge.from].append(edge.to) }
        // The shortest way from the closing edge's end to its start.
        var before = [Int](repeating: -1, count: nodeCount), queue = [first], head = 0
        before[first] = first
        while head < queue.count, before[last] < 0 {
            for node in next[queue[head]] where before[node] < 0 {
                before[node] = queue[head]
                queue.append(node)
            }
            head += 1
        }
        var cycle = [last]
        while cycle.last! != first { cycle.append(before[cycle.last!]) }
        return cycle.reversed()
    }

    /// The edges that lead back to a node still open in a search in depth; without them there is no cycle.
    private static func returns(nodeCount: Int, edges: [(from: Int, to: Int)]) -> [Bool] {
        var isReturn = [Bool](repeating: false, count: edges.count)
        var outgoing = [[Int]](repeating: [], count: nodeCount), incoming = [Int](repeating: 0, count: nodeCount)
        for (index, edge) in edges.enumerated() { outgoing[edge.from].append(index); incoming[edge.to] += 1 }
        var state = [Int](repeating: 0, count: nodeCount)  // 0 unseen, 1 open, 2 done
        let starts = (0..<nodeCount).filter { incoming[$0] == 0 } + (0..<nodeCount).filter { incoming[$0] != 0 }
        for start in starts where state[start] == 0 {
            var stack = [(node: start, edge: 0)]
            state[start] = 1
            while let top = stack.last {
                guard top.edge < outgoing[top.node].count else {
                    state[top.node] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].edge += 1
                let index = outgoing[top.node][top.edge], node = edges[index].to
                if state[node] == 1 { isReturn[index] = true }
                if state[node] == 0 { state[node] = 1; stack.append((node, 0)) }
            }
        }
        return isReturn
    }
}
