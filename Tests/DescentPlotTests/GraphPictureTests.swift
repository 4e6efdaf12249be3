import DescentPlot
import Testing

/// Pictures of graphs: what holds for any graph.
@Suite struct GraphPictureTests {
    /// A graph without cycles: each node is fed by some of the ones before it, the same at every run.
    private func random(_ count: Int, seed: Int) -> GraphPicture {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        let nodes = (0..<count).map { GraphNode("n\($0)", lines: ["node \($0)", "\(next(1000))"]) }
        let edges = (1..<count).flatMap { node in
            (0...next(2)).map { _ in GraphEdge(from: "n\(max(0, node - 1 - next(min(node, 8))))", to: "n\(node)", above: "\(next(100))", below: "-\(next(100))") }
        }
        return GraphPicture("graph \(seed)", nodes: nodes, edges: edges, groups: [GraphGroup("g", title: "Linear", members: ["n0", "n1"])])
    }

    @Test("the text is well-formed XML, holds every label, and is the same each time", arguments: [2, 12, 50, 500], [GraphPicture.Direction.right, .down])
    func wellFormed(count: Int, direction: GraphPicture.Direction) throws {
        var picture = random(count, seed: count)
        picture.direction = direction
        let svg = picture.svg()
        let checker = try XMLChecker(svg)
        for node in picture.nodes { #expect(checker.text.contains(node.lines[0])) }
        #expect(svg == picture.svg())
    }

    @Test func labelsAreEscaped() throws {
        let picture = GraphPicture("a < b & c", nodes: [GraphNode("x", lines: ["<x>", "\"1\" & 2"]), GraphNode("y")], edges: [GraphEdge(from: "x", to: "y", above: "a<b")])
        #expect(try XMLChecker(picture.svg()).elements["x"] == nil)
    }

    @Test func dotNamesEveryNodeAndEdge() {
        let picture = random(12, seed: 4), dot = picture.dot()
        #expect(dot.hasPrefix("digraph"))
        for node in picture.nodes { #expect(dot.contains("\"\(node.id)\"")) }
        #expect(dot.components("->") - 1 == picture.edges.count)
    }

    @Test func aFoldedGroupIsOneNodeWithTheEdgesThatCrossIt() throws {
        let picture = GraphPicture(
            "net", nodes: ["x", "a", "b", "y"].map { GraphNode($0) },
            edges: [
                GraphEdge(from: "x", to: "a"), GraphEdge(from: "a", to: "b"), GraphEdge(from: "b", to: "y"),
            ], groups: [GraphGroup("layer", title: "Linear", members: ["a", "b"])])
        let folded = picture.folding(["layer"])
        #expect(folded.nodes.count == 3 && folded.edges.count == 2)
        #expect(folded.nodes.contains { $0.kind == .module })
        _ = try XMLChecker(folded.svg())
    }
}

extension String {
    /// In how many parts a text is divided by another.
    fileprivate func components(_ separator: String) -> Int {
        var count = 1, rest = self[...]
        while let range = rest.firstRange(of: separator) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
