import DescentCore
import Testing

@Suite struct ClusterGraphTests {
    /// A small deterministic source of numbers: splitmix64.
    private struct Source: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    @Test func orderedListAgreesWithAnArray() {
        var source = Source(state: 1)
        for count in [1, 2, 3, 10, 300] {
            var list = OrderedList(count: count), truth = Array(0..<count)
            for step in 0..<2000 where count > 1 {
                // Many moves to one place use up the labels there.
                let other = step % 3 == 0 ? truth.randomElement(using: &source)! : truth[count / 2]
                guard let member = truth.filter({ $0 != other }).randomElement(using: &source) else { continue }
                truth.removeAll { $0 == member }
                let place = truth.firstIndex(of: other)!
                if step % 2 == 0 {
                    list.move(member, behind: other)
                    truth.insert(member, at: place + 1)
                } else {
                    list.move(member, ahead: other)
                    truth.insert(member, at: place)
                }
                if step % 50 == 0 { #expect(zip(truth, truth.dropFirst()).allSatisfy { list.precedes($0, $1) && !list.precedes($1, $0) }) }
            }
            #expect(zip(truth, truth.dropFirst()).allSatisfy { list.precedes($0, $1) })
        }
    }

    @Test func replacedMembersKeepTheirPlace() {
        var list = OrderedList(count: 4)
        list.remove(3)
        list.replace(1, by: 3)
        #expect(list.precedes(0, 3) && list.precedes(3, 2))
    }

    /// Merges in random order, against a search through all paths.
    @Test("clusters are merged just where no path goes through a third", arguments: 0..<60)
    func mergesAgainstAllPaths(_ seed: Int) {
        var source = Source(state: UInt64(seed))
        let count = 4 + seed
        var edges: [(maker: Int, reader: Int)] = []
        for reader in 1..<count {
            // Near ones mostly, as in a program.
            for _ in 0..<Int.random(in: 0...3, using: &source) { edges.append((Swift.max(0, reader - Int.random(in: 1...6, using: &source)), reader)) }
        }
        var graph = ClusterGraph(count: count, edges: edges)
        var home = Array(0..<count)
        func readers(of cluster: Int) -> Set<Int> { Set(edges.filter { home[$0.maker] == cluster }.map { home[$0.reader] }).subtracting([cluster]) }
        func leads(_ a: Int, to b: Int) -> Bool {
            var open = Array(readers(of: a).subtracting([b])), seen = Set(open)
            while let next = open.popLast() {
                for reader in readers(of: next) {
                    if reader == b { return true }
                    if seen.insert(reader).inserted { open.append(reader) }
                }
            }
            return false
        }
        for _ in 0..<(4 * count) {
            let a = home.randomElement(using: &source)!, b = home.randomElement(using: &source)!
            if a == b { continue }
            let isFree = !leads(a, to: b) && !leads(b, to: a)
            #expect(graph.merge(a, b) == isFree)
            if isFree { for number in home.indices where home[number] == b { home[number] = a } }
            #expect(graph.home == home)
            for edge in edges where home[edge.maker] != home[edge.reader] { #expect(graph.precedes(home[edge.maker], home[edge.reader])) }
        }
        for cluster in Set(home) {
            #expect(graph.members(cluster).sorted() == home.indices.filter { home[$0] == cluster })
            #expect(graph.sizes[cluster] == home.filter { $0 == cluster }.count)
        }
    }

    @Test func edgesAreListedByTheirStart() {
        let list = EdgeList(count: 4, [(from: 2, to: 7), (from: 0, to: 1), (from: 2, to: 3)])
        #expect((0..<4).map { Array(list[$0]) } == [[1], [], [7, 3], []])
    }
}
