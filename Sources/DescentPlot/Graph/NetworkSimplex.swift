/// Integers for the vertices of a graph so that every edge's head lies at least the edge's length after its tail and the sum of
/// `weight · (head − tail)` is least.
///
/// The network simplex of Gansner, Koutsofios, North and Vo 1993 ("A technique for drawing directed graphs"): a spanning tree of tight edges;
/// as long as a tree edge has a negative cut value, the total falls when it leaves for the tightest edge across the same cut.
struct NetworkSimplex {
    struct Edge {
        var tail: Int
        var head: Int
        var length: Int
        var weight: Int
    }

    private var edges: [Edge]
    private var value: [Int]
    private let outgoing: [[Int]]
    private let incoming: [[Int]]
    private var isTree: [Bool]
    private var treeEdges: [Int] = []
    private var treeEdgesOf: [[Int]]
    private var cut: [Int]
    /// The tree edge to a vertex's parent; -1 for the root.
    private var parentEdge: [Int]
    /// A vertex's number in postorder, and the least number in its subtree, which is thereby a range.
    private var number: [Int]
    private var lowest: [Int]
    private var vertexAt: [Int]

    /// - Parameter start: Values that satisfy every edge.
    private init(edges: [Edge], start: [Int]) {
        let (edges, value) = NetworkSimplex.connected(edges, start)
        let count = value.count
        var outgoing = [[Int]](repeating: [], count: count), incoming = outgoing
        for (index, edge) in edges.enumerated() { outgoing[edge.tail].append(index); incoming[edge.head].append(index) }
        self.edges = edges
        self.value = value
        self.outgoing = outgoing
        self.incoming = incoming
        isTree = Array(repeating: false, count: edges.count)
        treeEdgesOf = Array(repeating: [], count: count)
        cut = Array(repeating: 0, count: edges.count)
        parentEdge = Array(repeating: -1, count: count)
        number = Array(repeating: 0, count: count)
        lowest = Array(repeating: 0, count: count)
        vertexAt = Array(repeating: 0, count: count)
    }

    /// The best values, or the best reached in a number of exchanges: every state on the way satisfies all edges.
    static func solve(edges: [Edge], start: [Int], exchanges limit: Int = 20_000) -> [Int] {
        guard start.count > 1 else { return start }
        var simplex = NetworkSimplex(edges: edges, start: start)
        simplex.growTree()
        simplex.numberTree(from: 0, parent: -1, first: 0)
        simplex.computeCutValues()
        var scan = 0, exchanges = 0
        while exchanges < limit, let leaving = simplex.leavingEdge(from: &scan), let entering = simplex.enteringEdge(for: leaving) {
            simplex.exchange(leaving, entering)
            exchanges += 1
        }
        let least = simplex.value.min() ?? 0
        return simplex.value.map { $0 - least }
    }

    /// The least values that satisfy the edges, counted from 0; the edges have no cycle.
    static func leastValues(count: Int, edges: [Edge]) -> [Int] {
        var value = [Int](repeating: 0, count: count), waiting = value
        var outgoing = [[Int]](repeating: [], count: count)
        for (index, edge) in edges.enumerated() { outgoing[edge.tail].append(index); waiting[edge.head] += 1 }
        var ready = (0..<count).filter { waiting[$0] == 0 }, head = 0
        while head < ready.count {
            for index in outgoing[ready[head]] {
                let edge = edges[index]
                value[edge.head] = max(value[edge.head], value[edge.tail] + edge.length)
                waiting[edge.head] -= 1
                if waiting[edge.head] == 0 { ready.append(edge.head) }
            }
            head += 1
        }
        return value
    }

    /// Edges of no weight between the parts of a graph that nothing joins, since a spanning tree needs them.
    private static func connected(_ edges: [Edge], _ start: [Int]) -> ([Edge], [Int]) {
        var leader = Array(start.indices)
        func find(_ vertex: Int) -> Int {
            var root = vertex
            while leader[root] != root { leader[root] = leader[leader[root]]; root = leader[root] }
            return root
        }
        for edge in edges { leader[find(edge.tail)] = find(edge.head) }
        var joined = edges
        for vertex in start.indices where find(vertex) != find(0) {
            let (tail, head) = start[0] <= start[vertex] ? (0, vertex) : (vertex, 0)
            joined.append(Edge(tail: tail, head: head, length: start[head] - start[tail], weight: 0))
            leader[find(vertex)] = find(0)
        }
        return (joined, start)
    }

    private func slack(_ index: Int) -> Int { value[edges[index].head] - value[edges[index].tail] - edges[index].length }

    /// Grows the tree along tight edges; where none is left, moves the tree until the closest edge is tight.
    private mutating func growTree() {
        var isIn = [Bool](repeating: false, count: value.count), members = [0], scanned = 0
        isIn[0] = true
        while true {
            while scanned < members.count {
                let vertex = members[scanned]
                scanned += 1
                for index in outgoing[vertex] + incoming[vertex] where slack(index) == 0 {
                    let other = edges[index].tail == vertex ? edges[index].head : edges[index].tail
                    guard !isIn[other] else { continue }
                    isIn[other] = true
                    members.append(other)
                    addToTree(index)
                }
            }
            guard members.count < value.count else { return }
            var closest = -1, least = Int.max
            for index in edges.indices where isIn[edges[index].tail] != isIn[edges[index].head] && slack(index) < least {
                least = slack(index)
                closest = index
            }
            let shift = isIn[edges[closest].tail] ? least : -least
            for vertex in members { value[vertex] += shift }
            let other = isIn[edges[closest].tail] ? edges[closest].head : edges[closest].tail
            isIn[other] = true
            members.append(other)
            addToTree(closest)
        }
    }

    private mutating func addToTree(_ index: Int) {
        isTree[index] = true
        treeEdges.append(index)
        treeEdgesOf[edges[index].tail].append(index)
        treeEdgesOf[edges[index].head].append(index)
    }

    /// Numbers the subtree of a vertex in postorder.
    private mutating func numberTree(from root: Int, parent: Int, first: Int) {
        var next = first
        var stack = [(vertex: root, child: 0)]
        parentEdge[root] = parent
        lowest[root] = next
        while let top = stack.last {
            let vertex = top.vertex
            guard top.child < treeEdgesOf[vertex].count else {
                number[vertex] = next
                vertexAt[next] = vertex
                next += 1
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].child += 1
            let index = treeEdgesOf[vertex][top.child]
            guard index != parentEdge[vertex] else { continue }
            let other = edges[index].tail == vertex ? edges[index].head : edges[index].tail
            parentEdge[other] = index
            lowest[other] = next
            stack.append((other, 0))
        }
    }

    private func isBelow(_ vertex: Int, _ top: Int) -> Bool { lowest[top] <= number[vertex] && number[vertex] <= number[top] }

    /// The cut value of each tree edge: the weight that crosses its cut forward less the weight that crosses back. From the leaves up, each
    /// follows from those below it.
    private mutating func computeCutValues() {
        for vertex in vertexAt where parentEdge[vertex] >= 0 {
            let own = parentEdge[vertex], pointsUp = edges[own].tail == vertex
            var sum = 0
            for index in outgoing[vertex] { sum += contribution(of: index, at: vertex, leaves: true) }
            for index in incoming[vertex] { sum += contribution(of: index, at: vertex, leaves: false) }
            cut[own] = pointsUp ? sum : -sum
        }
    }

    /// The contribution of an edge at a vertex to the weight that leaves the vertex's subtree.
    private func contribution(of index: Int, at vertex: Int, leaves: Bool) -> Int {
        let edge = edges[index], other = leaves ? edge.head : edge.tail
        if !isBelow(other, vertex) { return leaves ? edge.weight : -edge.weight }
        // An edge inside the subtree cancels what the cut below it counted.
        let inside = (isTree[index] ? cut[index] : 0) - edge.weight
        return leaves ? -inside : inside
    }

    /// A tree edge of negative cut value: the most negative of the next few, going round.
    private func leavingEdge(from scan: inout Int) -> Int? {
        var best: Int?, found = 0
        for step in treeEdges.indices {
            let place = (scan + step) % treeEdges.count, index = treeEdges[place]
            guard cut[index] < 0 else { continue }
            if best.map({ cut[index] < cut[$0] }) ?? true { best = index }
            found += 1
            if found == 30 { scan = place; return best }
        }
        return best
    }

    /// The edge of least slack that crosses a tree edge's cut the other way.
    private func enteringEdge(for leaving: Int) -> Int? {
        let edge = edges[leaving], tailIsBelow = number[edge.tail] < number[edge.head]
        let top = tailIsBelow ? edge.tail : edge.head
        var best: Int?, least = Int.max
        for place in lowest[top]...number[top] {
            let vertex = vertexAt[place]
            for index in tailIsBelow ? incoming[vertex] : outgoing[vertex] {
                let other = tailIsBelow ? edges[index].tail : edges[index].head
                guard !isBelow(other, top) else { continue }
                let slack = slack(index)
                if slack < least { least = slack; best = index }
            }
        }
        return best
    }

    private mutating func exchange(_ leaving: Int, _ entering: Int) {
        let gap = slack(entering), edge = edges[leaving]
        if gap > 0 {
            let tailIsBelow = number[edge.tail] < number[edge.head], top = tailIsBelow ? edge.tail : edge.head
            for place in lowest[top]...number[top] { value[vertexAt[place]] += tailIsBelow ? -gap : gap }
        }
        let amount = cut[leaving]
        let top = raise(from: edges[entering].tail, to: edges[entering].head, by: amount, forward: true)
        _ = raise(from: edges[entering].head, to: edges[entering].tail, by: amount, forward: false)
        cut[entering] = -amount
        cut[leaving] = 0
        isTree[leaving] = false
        isTree[entering] = true
        treeEdges[treeEdges.firstIndex(of: leaving)!] = entering
        for end in [edge.tail, edge.head] { treeEdgesOf[end].removeAll { $0 == leaving } }
        for end in [edges[entering].tail, edges[entering].head] { treeEdgesOf[end].append(entering) }
        numberTree(from: top, parent: parentEdge[top], first: lowest[top])
    }

    /// Adjusts the cut values on the way up from a vertex to the first that has another below it, and returns that one.
    private mutating func raise(from start: Int, to end: Int, by amount: Int, forward: Bool) -> Int {
        var vertex = start
        while !isBelow(end, vertex) {
            let index = parentEdge[vertex], leaves = edges[index].tail == vertex
            cut[index] += leaves == forward ? amount : -amount
            vertex = leaves ? edges[index].head : edges[index].tail
        }
        return vertex
    }
}
