/// A graph cut into layers: what stands in them, and the pieces of edges from each layer to the next.
///
/// Every edge that passes a layer has an item in it, every edge with a label has one for the label, and every group has two borders in each layer
/// from its first to its last. What an item is matters only for its size, so ordering and coordinates need one rule for all.
struct GraphLayers {
    enum Content: Sendable, Equatable {
        case node(Int)
        /// A place where an edge passes, or where its label stands.
        case bend(edge: Int, isLabel: Bool)
        case groupStart(Int)
        case groupEnd(Int)
    }

    struct Item {
        var content: Content
        var layer: Int
        /// The innermost group around it; -1 for none. A border's is the group that it belongs to.
        var group: Int

        var isNode: Bool { if case .node = content { true } else { false } }
        var isBorder: Bool {
            switch content {
            case .groupStart, .groupEnd: true
            default: false
            }
        }
    }

    /// A piece of an edge or of a group's border, from an item to one in the next layer.
    struct Segment {
        var upper: Int
        var lower: Int
        /// The edge it is a piece of; -1 for a border.
        var edge: Int
    }

    let structure: GraphStructure
    private(set) var items: [Item] = []
    private(set) var segments: [Segment] = []
    /// The items of each edge, from its start to its end.
    private(set) var itemsOfEdge: [[Int]] = []
    /// The first and the last layer of each group that is drawn.
    private(set) var span: [Int: ClosedRange<Int>] = [:]
    let layerCount: Int

    /// - Parameter hasLabel: Which edges need a layer between their ends for a label.
    init(structure: GraphStructure, hasLabel: [Bool]) {
        self.structure = structure
        let layerOfNode = GraphLayers.layers(of: structure, hasLabel: hasLabel)
        layerCount = (layerOfNode.max() ?? -1) + 1
        for node in 0..<structure.nodeCount {
            items.append(Item(content: .node(node), layer: layerOfNode[node], group: structure.groupOfNode[node]))
            for group in structure.chain(from: structure.groupOfNode[node]) {
                let old = span[group] ?? layerOfNode[node]...layerOfNode[node]
                span[group] = min(old.lowerBound, layerOfNode[node])...max(old.upperBound, layerOfNode[node])
            }
        }
        for edge in structure.edges.indices { addEdge(edge, hasLabel: hasLabel[edge]) }
        for group in structure.groups { addBorders(of: group) }
    }

    private static func layers(of structure: GraphStructure, hasLabel: [Bool]) -> [Int] {
        let edges = zip(structure.edges, hasLabel).map { edge, hasLabel in
            // Modules keep together.
            let isInside = structure.groupOfNode[edge.from] >= 0 && structure.groupOfNode[edge.from] == structure.groupOfNode[edge.to]
            return NetworkSimplex.Edge(tail: edge.from, head: edge.to, length: hasLabel ? 2 : 1, weight: isInside ? 3 : 1)
        }
        let start = NetworkSimplex.leastValues(count: structure.nodeCount, edges: edges)
        let layers = NetworkSimplex.solve(edges: edges, start: start)
        // Layers that only labels would have used are left out.
        let used = Set(layers)
        let crossed = Set(
            zip(structure.edges, hasLabel).flatMap { edge, hasLabel -> [Int] in
                hasLabel ? [labelLayer(from: layers[edge.from], to: layers[edge.to])] : []
            })
        let kept = used.union(crossed).sorted()
        let place = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        return layers.map { place[$0]! }
    }

    private static func labelLayer(from: Int, to: Int) -> Int { (from + to) / 2 }

    private mutating func addEdge(_ edge: Int, hasLabel: Bool) {
        let (from, to) = structure.edges[edge], first = items[from].layer, last = items[to].layer
        let label = hasLabel ? GraphLayers.labelLayer(from: first, to: last) : -1
        var chain = [from]
        for layer in first + 1..<max(last, first + 1) {
            items.append(Item(content: .bend(edge: edge, isLabel: layer == label), layer: layer, group: group(from, to, at: layer)))
            chain.append(items.count - 1)
        }
        chain.append(to)
        for (upper, lower) in zip(chain, chain.dropFirst()) { segments.append(Segment(upper: upper, lower: lower, edge: edge)) }
        itemsOfEdge.append(chain)
    }

    /// The group around an edge in a layer: it leaves its start's groups where they end and enters its end's where they begin, not sideways.
    private func group(_ from: Int, _ to: Int, at layer: Int) -> Int {
        let leaving = structure.chain(from: structure.groupOfNode[from]), entering = structure.chain(from: structure.groupOfNode[to])
        let common = Set(entering).intersection(leaving)
        for group in leaving where common.contains(group) || span[group]!.upperBound >= layer {
            if !common.contains(group) { return group }
            break
        }
        for group in entering where common.contains(group) || span[group]!.lowerBound <= layer {
            if !common.contains(group) { return group }
            break
        }
        return leaving.first { common.contains($0) } ?? -1
    }

    private mutating func addBorders(of group: Int) {
        for content in [Content.groupStart(group), .groupEnd(group)] {
            for layer in span[group]! {
                items.append(Item(content: content, layer: layer, group: group))
                if layer > span[group]!.lowerBound { segments.append(Segment(upper: items.count - 2, lower: items.count - 1, edge: -1)) }
            }
        }
    }
}
