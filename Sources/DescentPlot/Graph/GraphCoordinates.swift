/// Where the items stand across the layers: in their order, far enough apart, edges as straight as that allows.
///
/// The bends of a long edge are one line, and so are the pieces of a group's border, wherever the lines don't cross (the inner segments of Brandes
/// and Köpf 2002). What remains, the least total of the edges' sideways ways under distances between neighbours, is a network simplex.
struct GraphCoordinates {
    /// Room that an item takes before and after its line, in whole units.
    struct Room {
        var before: Int
        var after: Int
    }

    private let layers: GraphLayers
    private let order: [[Int]]
    /// The line of each item; the items of a line stand one below the other.
    private var line: [Int]
    private var lineCount = 0

    /// The place of each item.
    ///
    /// - Parameters:
    ///   - ports: For each segment, where it starts and ends relative to its items.
    ///   - gap: The least distance between two neighbours.
    ///   - groupLength: The least distance between the borders of a group.
    static func places(
        layers: GraphLayers, order: [[Int]], room: [Room], ports: [(upper: Int, lower: Int)], gap: (Int, Int) -> Int, groupLength: [Int: Int]
    ) -> [Int] {
        let lines = GraphCoordinates(layers, order)
        var longest: [Pair: Int] = [:]
        for row in order {
            for (first, second) in zip(row, row.dropFirst()) {
                let length = room[first].after + gap(first, second) + room[second].before
                longest[Pair(lines.line[first], lines.line[second]), default: length].raise(to: length)
            }
        }
        for group in layers.structure.groups {
            let pair = lines.borders(of: group)
            longest[pair, default: 0].raise(to: groupLength[group] ?? 0)
        }
        let distances = longest.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.map {
            NetworkSimplex.Edge(tail: $0.key.first, head: $0.key.second, length: $0.value, weight: 0)
        }
        var start = NetworkSimplex.leastValues(count: lines.lineCount, edges: distances)
        var edges = distances
        // A vertex left of both ends of a segment: the sum of its distances to them is least when it is at the left one, and is then the segment's
        // sideways way.
        for (segment, port) in zip(layers.segments, ports) where segment.edge >= 0 && lines.line[segment.upper] != lines.line[segment.lower] {
            let upper = lines.line[segment.upper], lower = lines.line[segment.lower], weight = lines.weight(segment)
            let vertex = start.count
            start.append(min(start[upper] + port.upper, start[lower] + port.lower))
            edges.append(.init(tail: vertex, head: upper, length: -port.upper, weight: weight))
            edges.append(.init(tail: vertex, head: lower, length: -port.lower, weight: weight))
        }
        for group in layers.structure.groups {
            let pair = lines.borders(of: group)
            edges.append(.init(tail: pair.first, head: pair.second, length: 0, weight: 1))
        }
        let solved = NetworkSimplex.solve(edges: edges, start: start)
        let least = solved[..<lines.lineCount].min() ?? 0
        return lines.line.map { solved[$0] - least }
    }

    private struct Pair: Hashable {
        var first: Int
        var second: Int
        init(_ first: Int, _ second: Int) { self.first = first; self.second = second }
    }

    private func borders(of group: Int) -> Pair {
        var start = -1, end = -1
        for (index, item) in layers.items.enumerated() {
            if item.content == .groupStart(group) { start = line[index] }
            if item.content == .groupEnd(group) { end = line[index] }
        }
        return Pair(start, end)
    }

    /// A bend is ugly in the middle of an edge, less so at its end.
    private func weight(_ segment: GraphLayers.Segment) -> Int {
        switch (layers.items[segment.upper].isNode, layers.items[segment.lower].isNode) {
        case (true, true): 2
        case (false, false): 12
        default: 4
        }
    }

    private init(_ layers: GraphLayers, _ order: [[Int]]) {
        self.layers = layers
        self.order = order
        var position = [Int](repeating: 0, count: layers.items.count)
        for row in order { for (place, item) in row.enumerated() { position[item] = place } }
        var leader = Array(layers.items.indices)
        func find(_ item: Int) -> Int {
            var root = item
            while leader[root] != root { root = leader[root] }
            return root
        }
        var bySegmentLayer = [[GraphLayers.Segment]](repeating: [], count: max(layers.layerCount, 1))
        for segment in layers.segments where !layers.items[segment.upper].isNode && !layers.items[segment.lower].isNode {
            bySegmentLayer[layers.items[segment.upper].layer].append(segment)
        }
        func rank(_ segment: GraphLayers.Segment) -> Int { segment.edge < 0 ? Int.max : layers.itemsOfEdge[segment.edge].count }
        for segments in bySegmentLayer {
            var accepted: [GraphLayers.Segment] = []
            for segment in segments.sorted(by: { (rank($0), -$0.upper) > (rank($1), -$1.upper) }) {
                let crosses = accepted.contains {
                    (position[$0.upper] < position[segment.upper]) != (position[$0.lower] < position[segment.lower])
                }
                guard !crosses else { continue }
                accepted.append(segment)
                leader[find(segment.lower)] = find(segment.upper)
            }
        }
        line = Array(repeating: -1, count: layers.items.count)
        var number: [Int: Int] = [:]
        for item in layers.items.indices {
            let root = find(item)
            if let known = number[root] { line[item] = known } else { line[item] = lineCount; number[root] = lineCount; lineCount += 1 }
        }
    }
}

extension Int {
    fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}
