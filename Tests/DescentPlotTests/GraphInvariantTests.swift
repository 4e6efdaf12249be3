import DescentPlot
import Testing

/// What holds for the layout of every graph, read from the picture itself.
@Suite struct GraphInvariantTests {
    /// A graph without cycles, the same at every run; blocks of ten nodes are frames, which feed one another.
    private func graph(_ count: Int, seed: Int, hasGroups: Bool = false) -> GraphPicture {
        var random = FixedRandom(seed: seed)
        let nodes = (0..<count).map { node in
            GraphNode("n\(node)", lines: ["node \(node)", "\(Int(random.next() * 1000))", "−1"].dropLast(Int(random.next() * 3)).map { $0 }, kind: GraphNode.Kind.allCases[Int(random.next() * 5)])
        }
        let edges = (1..<count).flatMap { node in
            (0...Int(random.next() * 2)).map { _ in
                GraphEdge(
                    from: "n\(max(0, node - 1 - Int(random.next() * 8)))", to: "n\(node)", above: random.next() < 0.5 ? "\(Int(random.next() * 100))" : "",
                    below: random.next() < 0.5 ? "−\(random.next())" : "")
            }
        }
        let groups =
            hasGroups
            ? stride(from: 0, to: count - 9, by: 10).map { start in
                GraphGroup("block \(start / 10)", title: "Block", members: (start..<(start + 10)).map { "n\($0)" })
            } : []
        return GraphPicture("graph \(seed)", nodes: nodes, edges: edges, groups: groups)
    }

    private func boxes(_ picture: SVGReader) -> [String: SVGReader.Box] {
        var boxes: [String: SVGReader.Box] = [:]
        for element in picture.elements where element.name == "rect" { if let node = element.groups.last?["data-node"] { boxes[node] = element.box } }
        return boxes
    }

    @Test("no two boxes overlap", arguments: [2, 10, 50, 200], [GraphPicture.Direction.right, .down])
    func boxesAreApart(count: Int, direction: GraphPicture.Direction) throws {
        for hasGroups in [false, true] {
            var graph = graph(count, seed: count, hasGroups: hasGroups)
            graph.direction = direction
            let boxes = Array(self.boxes(try SVGReader(graph.svg())).sorted { $0.key < $1.key })
            #expect(boxes.count == count)
            for (index, box) in boxes.enumerated() { for other in boxes[(index + 1)...] { #expect(!box.value.overlaps(other.value), "\(box.key) and \(other.key)") } }
        }
    }

    @Test("each edge starts at its first box, ends at its second, and goes forward all the way", arguments: [2, 10, 50, 200], [GraphPicture.Direction.right, .down])
    func edgesGoForward(count: Int, direction: GraphPicture.Direction) throws {
        var graph = graph(count, seed: count + 1)
        graph.direction = direction
        let picture = try SVGReader(graph.svg()), boxes = boxes(picture), isDown = direction == .down
        var seen = 0
        let paths = picture.elements.filter { $0.name == "path" && $0.groups.last?["data-from"] != nil }
        for (line, head) in zip(stride(from: 0, to: paths.count, by: 2).map { paths[$0] }, stride(from: 1, to: paths.count, by: 2).map { paths[$0] }) {
            let from = boxes[line.groups.last!["data-from"]!]!, to = boxes[line.groups.last!["data-to"]!]!
            let numbers = line.numbers, points = stride(from: 0, to: numbers.count, by: 2).map { (x: line.x + numbers[$0], y: line.y + numbers[$0 + 1]) }
            let tip = (x: head.x + head.numbers[0], y: head.y + head.numbers[1])
            func along(_ point: (x: Double, y: Double)) -> Double { isDown ? point.y : point.x }
            func across(_ point: (x: Double, y: Double)) -> Double { isDown ? point.x : point.y }
            func side(_ box: SVGReader.Box) -> ClosedRange<Double> { isDown ? box.x...box.right : box.y...box.bottom }
            #expect(abs(along(points[0]) - (isDown ? from.bottom : from.right)) < 0.02 && side(from).contains(across(points[0])))
            #expect(abs(along(tip) - (isDown ? to.y : to.x)) < 0.02 && side(to).contains(across(tip)))
            #expect(zip(points, points.dropFirst()).allSatisfy { along($0) <= along($1) + 0.02 })
            #expect(along(points[0]) < along(tip))
            seen += 1
        }
        #expect(seen == graph.edges.count)
    }

    @Test("texts stay in their boxes, labels off them, and all in the picture", arguments: [10, 50, 200], [GraphPicture.Direction.right, .down])
    func texts(count: Int, direction: GraphPicture.Direction) throws {
        var graph = graph(count, seed: count + 2, hasGroups: true)
        graph.direction = direction
        let picture = try SVGReader(graph.svg()), boxes = boxes(picture)
        for text in picture.texts {
            #expect(picture.size.contains(text.textBox), "\(text.text)")
            if let node = text.groups.last?["data-node"] { #expect(boxes[node]!.contains(text.textBox), "\(text.text) in \(node)") }
        }
        for label in picture.texts where label.groups.last?["class"] == "label" {
            #expect(!boxes.values.contains { $0.overlaps(label.textBox) }, "\(label.text)")
        }
    }

    @Test("frames hold their nodes and nothing else", arguments: [20, 50, 120], [GraphPicture.Direction.right, .down])
    func frames(count: Int, direction: GraphPicture.Direction) throws {
        var graph = graph(count, seed: count + 3, hasGroups: true)
        graph.direction = direction
        let picture = try SVGReader(graph.svg()), boxes = boxes(picture)
        let frames = picture.elements.filter { $0.name == "rect" && $0.groups.last?["data-group"] != nil }
        #expect(frames.count == 2 * graph.groups.count)
        for frame in frames {
            let members = Set(graph.groups.first { $0.id == frame.groups.last!["data-group"] }!.members)
            for (node, box) in boxes { #expect(members.contains(node) ? frame.box.contains(box) : !frame.box.overlaps(box), "\(node)") }
        }
    }

    @Test func theSameGraphIsTheSameBytes() {
        for direction in [GraphPicture.Direction.right, .down] {
            var one = graph(80, seed: 9, hasGroups: true), two = graph(80, seed: 9, hasGroups: true)
            (one.direction, two.direction) = (direction, direction)
            #expect(one.svg() == two.svg() && one.foldingRepeated().svg() == two.foldingRepeated().svg())
        }
    }

    @Test("fifty equal blocks of ten fold to a picture that fits a screen")
    func folding() throws {
        // A stack: in each block a chain with a bypass, the blocks one after the other.
        let nodes = (0..<500).map { GraphNode("n\($0)", lines: [["matmul", "add", "relu", "matmul", "add", "relu", "mul", "add", "norm", "out"][$0 % 10]]) }
        let edges = (1..<500).flatMap { node -> [GraphEdge] in
            let chain = GraphEdge(from: "n\(node - 1)", to: "n\(node)")
            return node % 10 == 7 ? [chain, GraphEdge(from: "n\(node - 7)", to: "n\(node)")] : [chain]
        }
        let groups = (0..<50).map { block in GraphGroup("b\(block)", title: "Block", members: (0..<10).map { "n\(block * 10 + $0)" }) }
        let whole = GraphPicture("stack", nodes: nodes, edges: edges, groups: groups), folded = whole.foldingRepeated()
        #expect(folded.nodes.count <= 12)
        let (one, all) = (try SVGReader(folded.svg()).size, try SVGReader(whole.svg()).size)
        #expect(one.width < 1200 && one.width < all.width / 20)
        #expect(folded.nodes.contains { $0.lines.joined(separator: " ").contains("50") })
    }
}
