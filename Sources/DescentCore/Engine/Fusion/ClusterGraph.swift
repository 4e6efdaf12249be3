/// Which clusters of operations need which, while clusters are merged: keeps the graph free of cycles.
///
/// Clusters are kept in an order in which each comes after those that it needs. So only what lies between two clusters in that order can
/// be on a path between them, and a search for one goes from both at once: it ends when the smaller side has been seen. A merge moves
/// just what was seen there. (Dynamic topological order: Pearce and Kelly 2006; search from both sides: Alpern et al. 1990.)
package struct ClusterGraph {
    /// Which cluster an operation is in. At first each operation is a cluster of the same number.
    package private(set) var home: [Int]
    /// Operations of a cluster.
    package private(set) var sizes: [Int]
    private var nextMember: [Int], lastMember: [Int]
    private let makers: EdgeList, readers: EdgeList
    /// Edges into a cluster and out of it; those inside count as both.
    private var entering: [Int], leaving: [Int]
    private var order: OrderedList
    /// When a cluster was last seen by a search: an even number for each search, and one more for its backward side.
    private var seen: [Int]
    private var searches = 0
    /// Edges that searches may still look at in all before each of them has to be short.
    private var allowance: Int
    /// Edges that a search may look at after that.
    private static let shortSearch = 128

    /// - Parameter edges: pairs of an operation and one that reads what it makes. Operations are numbered in an order in which they can run.
    package init(count: Int, edges: [(maker: Int, reader: Int)]) {
        home = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
        nextMember = [Int](repeating: -1, count: count)
        lastMember = home
        let makers = EdgeList(count: count, edges.lazy.map { (from: $0.reader, to: $0.maker) })
        let readers = EdgeList(count: count, edges.lazy.map { (from: $0.maker, to: $0.reader) })
        (self.makers, self.readers) = (makers, readers)
        entering = (0..<count).map { makers[$0].count }
        leaving = (0..<count).map { readers[$0].count }
        order = OrderedList(count: count)
        seen = [Int](repeating: 0, count: count)
        allowance = 32 * edges.count + 1 << 20
    }

    /// The operations of a cluster, in no particular order.
    package func members(_ cluster: Int) -> Members { Members(member: cluster, following: nextMember) }

    package struct Members: Sequence, IteratorProtocol {
        fileprivate var member: Int
        fileprivate let following: [Int]
        package mutating func next() -> Int? {
            guard member >= 0 else { return nil }
            defer { member = following[member] }
            return member
        }
    }

    /// Whether `a` comes before `b` in the order.
    package func precedes(_ a: Int, _ b: Int) -> Bool { order.precedes(a, b) }

    /// Makes the second cluster part of the first, unless a path leads from one to the other through a third: then they would need each
    /// other. In a large program a search that takes too long counts as a path. Returns whether they are one now.
    package mutating func merge(_ kept: Int, _ gone: Int) -> Bool {
        let (first, last) = order.precedes(kept, gone) ? (kept, gone) : (gone, kept)
        let outcome = search(from: first, to: last)
        if outcome == .path { return false }
        // Both in one place, and what was between them and is tied to the other on its right side.
        if kept == (outcome == .allReached ? last : first) {
            order.remove(gone)
        } else {
            order.remove(kept)
            order.replace(gone, by: kept)
        }
        let moved = (outcome == .allReached ? reached : needed).dropFirst().sorted { order.precedes($0, $1) }
        if outcome == .allReached {
            for cluster in moved.reversed() { order.move(cluster, behind: kept) }
        } else {
            for cluster in moved { order.move(cluster, ahead: kept) }
        }
        var member = gone
        while member >= 0 {
            home[member] = kept
            member = nextMember[member]
        }
        nextMember[lastMember[kept]] = gone
        lastMember[kept] = lastMember[gone]
        sizes[kept] += sizes[gone]
        entering[kept] += entering[gone]
        leaving[kept] += leaving[gone]
        return true
    }

    // MARK: Paths

    private enum Outcome {
        /// A path through a third cluster, or none found in time.
        case path
        /// No such path. `reached` holds the first cluster and all that need it, as far as they come before the last.
        case allReached
        /// No such path. `needed` holds the last cluster and all that it needs, as far as they come after the first.
        case allNeeded
    }
    private var reached: [Int] = [], needed: [Int] = []

    private mutating func search(from first: Int, to last: Int) -> Outcome {
        searches += 2
        reached.removeAll(keepingCapacity: true)
        needed.removeAll(keepingCapacity: true)
        reached.append(first)
        needed.append(last)
        var forward = 0, backward = 0, forwardCost = 0, backwardCost = 0
        let limit = Swift.max(allowance, Self.shortSearch)
        defer { allowance -= forwardCost + backwardCost }
        while true {
            guard forward < reached.count else { return .allReached }
            guard backward < needed.count else { return .allNeeded }
            let next = reached[forward], before = needed[backward]
            if forwardCost + leaving[next] <= backwardCost + entering[before] {
                forward += 1
                forwardCost += leaving[next] + 1
                if forwardCost + backwardCost > limit || meets(last, beyond: next, isFirst: next == first) { return .path }
            } else {
                backward += 1
                backwardCost += entering[before] + 1
                if forwardCost + backwardCost > limit || meets(first, ahead: before, isLast: before == last) { return .path }
            }
        }
    }

    /// Notes the clusters that read from one. Whether a path to the last cluster is found.
    private mutating func meets(_ last: Int, beyond cluster: Int, isFirst: Bool) -> Bool {
        var member = cluster
        while member >= 0 {
            for reader in readers[member] {
                let other = home[reader]
                if other == last {
                    if isFirst { continue }
                    return true
                }
                if other == cluster || seen[other] == searches || !order.precedes(other, last) { continue }
                if seen[other] == searches + 1 { return true }
                seen[other] = searches
                reached.append(other)
            }
            member = nextMember[member]
        }
        return false
    }

    /// Notes the clusters that one reads from. Whether a path from the first cluster is found.
    private mutating func meets(_ first: Int, ahead cluster: Int, isLast: Bool) -> Bool {
        var member = cluster
        while member >= 0 {
            for maker in makers[member] {
                let other = home[maker]
                if other == first {
                    if isLast { continue }
                    return true
                }
                if other == cluster || seen[other] == searches + 1 || !order.precedes(first, other) { continue }
                if seen[other] == searches { return true }
                seen[other] = searches + 1
                needed.append(other)
            }
            member = nextMember[member]
        }
        return false
    }
}

/// For each of some numbers a list of others, all in one array.
package struct EdgeList {
    private var starts: [Int], targets: [Int]

    /// - Parameter count: pairs start at numbers below it.
    package init(count: Int, _ pairs: some Collection<(from: Int, to: Int)>) {
        starts = [Int](repeating: 0, count: count + 1)
        for pair in pairs { starts[pair.from + 1] += 1 }
        for number in 0..<count { starts[number + 1] += starts[number] }
        var places = starts
        targets = [Int](repeating: 0, count: pairs.count)
        for pair in pairs {
            targets[places[pair.from]] = pair.to
            places[pair.from] += 1
        }
    }

    /// The numbers that `number` leads to, in the order of the pairs.
    @inline(__always)
    package subscript(_ number: Int) -> ArraySlice<Int> { targets[starts[number]..<starts[number + 1]] }
}
