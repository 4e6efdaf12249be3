/// The place of everything in a graph's picture.
struct GraphLayout {
    /// An edge's way.
    struct Route: Sendable {
        /// Where it passes, from its start in the layout to its end: pairs of (along, across), straight within a layer, curved between layers.
        var points: [(along: Double, across: Double)]
        /// Whether the arrow's head is at the first point.
        var isReturn: Bool
        /// The line's place at the label.
        var label: (x: Double, y: Double)?
    }

    let size: (width: Double, height: Double)
    /// The box of each node.
    let nodes: [Area]
    /// The frame of each group, in the picture's order; nil for a group without nodes.
    let groups: [Area?]
    /// The groups drawn, outer ones first.
    let groupOrder: [Int]
    let routes: [Route]
    let isDown: Bool

    init(picture: GraphPicture) {
        let isDown = picture.direction == .down
        let structure = GraphStructure(nodes: picture.nodes, edges: picture.edges, groups: picture.groups)
        let layers = GraphLayers(structure: structure, hasLabel: picture.edges.map(\.hasLabel))
        let order = GraphOrder.best(for: layers)
        let measures = GraphMeasures(picture: picture, layers: layers, isDown: isDown)
        let ports = GraphPorts(layers: layers, order: order, length: measures.nodeSizes.map(\.across))
        let across = GraphCoordinates.places(
            layers: layers, order: order, room: measures.room, ports: ports.ofSegments, gap: measures.gap, groupLength: measures.groupLength)
        let along = GraphExtents(picture: picture, layers: layers, measures: measures, across: across, ports: ports.ofSegments)

        let margin = 14.0
        let low = zip(across, measures.room).map { Double($0 - $1.before) }.min() ?? 0
        let high = zip(across, measures.room).map { Double($0 + $1.after) }.max() ?? 0
        func area(along: Double, across: Double, length: Double, breadth: Double) -> Area {
            isDown
                ? Area(x: across - low + margin, y: along + margin, width: breadth, height: length)
                : Area(x: along + margin, y: across - low + margin, width: length, height: breadth)
        }
        let extents = along
        nodes =
            structure.nodeCount == 0
            ? []
            : (0..<structure.nodeCount).map { node in
                let size = measures.nodeSizes[node], middle = extents.middle[layers.items[node].layer]
                return area(
                    along: middle - size.along / 2, across: Double(across[node]) - size.across / 2, length: size.along, breadth: size.across)
            }
        var borders: [Int: (start: Double, end: Double)] = [:]
        for (index, item) in layers.items.enumerated() {
            if case .groupStart(let group) = item.content { borders[group] = (Double(across[index]), 0) }
            if case .groupEnd(let group) = item.content { borders[group]!.end = Double(across[index]) }
        }
        groups = picture.groups.indices.map { group in
            guard let border = borders[group], let extent = extents.groups[group] else { return nil }
            return area(along: extent.start, across: border.start, length: extent.end - extent.start, breadth: border.end - border.start)
        }
        groupOrder = structure.groups
        var segmentsOfEdge = [[Int]](repeating: [], count: structure.edges.count)
        for (index, segment) in layers.segments.enumerated() where segment.edge >= 0 { segmentsOfEdge[segment.edge].append(index) }
        routes = structure.edges.indices.map { edge in
            var points: [(along: Double, across: Double)] = [], label: (x: Double, y: Double)?
            func add(_ along: Double, _ place: Int) { points.append((along + margin, Double(place) - low + margin)) }
            for (step, index) in segmentsOfEdge[edge].enumerated() {
                let segment = layers.segments[index], port = ports.ofSegments[index]
                let upper = layers.items[segment.upper], lower = layers.items[segment.lower]
                if step == 0 { add(extents.middle[upper.layer] + measures.nodeSizes[segment.upper].along / 2, across[segment.upper] + port.upper) }
                add(extents.end[upper.layer], across[segment.upper] + port.upper)
                add(extents.start[lower.layer], across[segment.lower] + port.lower)
                if lower.isNode {
                    add(extents.middle[lower.layer] - measures.nodeSizes[segment.lower].along / 2, across[segment.lower] + port.lower)
                } else if case .bend(_, true) = lower.content {
                    let place = area(along: extents.middle[lower.layer], across: Double(across[segment.lower]), length: 0, breadth: 0)
                    label = (place.x, place.y)
                }
            }
            return Route(points: points, isReturn: structure.isReturn[edge], label: label)
        }
        self.isDown = isDown
        let length = extents.length + 2 * margin, breadth = high - low + 2 * margin
        size = isDown ? (breadth, length) : (length, breadth)
    }
}

/// Where edges meet the sides of boxes: one in the middle, several side by side in the order of their other ends.
struct GraphPorts {
    private(set) var ofSegments: [(upper: Int, lower: Int)]

    /// - Parameter length: The length of each node's side.
    init(layers: GraphLayers, order: [[Int]], length: [Double]) {
        ofSegments = Array(repeating: (0, 0), count: layers.segments.count)
        var position = [Int](repeating: 0, count: layers.items.count)
        for row in order { for (place, item) in row.enumerated() { position[item] = place } }
        var leaving = [[Int]](repeating: [], count: length.count), entering = leaving
        for (index, segment) in layers.segments.enumerated() where segment.edge >= 0 {
            if layers.items[segment.upper].isNode { leaving[segment.upper].append(index) }
            if layers.items[segment.lower].isNode { entering[segment.lower].append(index) }
        }
        for node in length.indices {
            func offsets(_ count: Int) -> [Int] {
                let step = count < 2 ? 0 : min(9, (length[node] - 14) / Double(count - 1))
                return (0..<count).map { Int(((Double($0) - Double(count - 1) / 2) * step).rounded()) }
            }
            leaving[node].sort { (position[layers.segments[$0].lower], $0) < (position[layers.segments[$1].lower], $1) }
            entering[node].sort { (position[layers.segments[$0].upper], $0) < (position[layers.segments[$1].upper], $1) }
            for (index, offset) in zip(leaving[node], offsets(leaving[node].count)) { ofSegments[index].upper = offset }
            for (index, offset) in zip(entering[node], offsets(entering[node].count)) { ofSegments[index].lower = offset }
        }
    }
}
