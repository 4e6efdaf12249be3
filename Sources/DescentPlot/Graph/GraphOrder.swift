/// The order of the items within each layer, with few crossings.
///
/// Sweeps down and up place each item at the mean of its neighbours in the layer before; a group moves as one item, and groups keep one order in
/// all layers, so that their frames stay apart. Between sweeps, neighbours swap where that removes crossings. The best order met is kept.
struct GraphOrder {
    private let layers: GraphLayers
    private var order: [[Int]]
    private var position: [Int]
    private let above: [[Int]]
    private let below: [[Int]]
    private let segmentsBelow: [[GraphLayers.Segment]]
    /// Groups of the same parent stand in the order of these numbers.
    private var groupKey: [Int: Double] = [:]

    /// The weight of a border in counting crossings: an edge through a frame that it has nothing to do with is worse than one over another edge.
    private static let borderWeight = 5

    /// The items of each layer, in order.
    static func best(for layers: GraphLayers) -> [[Int]] {
        var order = GraphOrder(layers)
        var best = order.order, fewest = order.crossings(), idle = 0, sweep = 0
        let patience = layers.items.count > 4000 ? 3 : 8
        while fewest > 0, idle < patience, sweep < 40 {
            order.sweep(down: sweep % 2 == 0, turnsTies: sweep % 4 >= 2)
            order.swapNeighbours()
            let crossings = order.crossings()
            idle = crossings < fewest ? 0 : idle + 1
            if crossings < fewest { best = order.order; fewest = crossings }
            sweep += 1
        }
        return best
    }

    private init(_ layers: GraphLayers) {
        self.layers = layers
        var above = [[Int]](repeating: [], count: layers.items.count), below = above
        var segmentsBelow = [[GraphLayers.Segment]](repeating: [], count: max(layers.layerCount, 1))
        for segment in layers.segments {
            below[segment.upper].append(segment.lower)
            above[segment.lower].append(segment.upper)
            segmentsBelow[layers.items[segment.upper].layer].append(segment)
        }
        self.above = above
        self.below = below
        self.segmentsBelow = segmentsBelow
        position = Array(repeating: 0, count: layers.items.count)
        order = []
        let visit = visits()
        order = initialOrder(visit: visit)
        for layer in order.indices { number(layer) }
    }

    /// When each item is met in a walk along the edges, so that what belongs together starts close together.
    private func visits() -> [Double] {
        var visit = [Double](repeating: -1, count: layers.items.count), next = 0.0
        for start in layers.items.indices where visit[start] < 0 && above[start].isEmpty && !layers.items[start].isBorder {
            var stack = [start]
            while let item = stack.popLast() {
                guard visit[item] < 0 else { continue }
                visit[item] = next
                next += 1
                stack += below[item].reversed() + above[item].reversed()
            }
        }
        return visit
    }

    private mutating func initialOrder(visit: [Double]) -> [[Int]] {
        var sum: [Int: (total: Double, count: Double)] = [:]
        for (index, item) in layers.items.enumerated() where !item.isBorder {
            for group in layers.structure.chain(from: item.group) {
                let old = sum[group] ?? (0, 0)
                sum[group] = (old.total + visit[index], old.count + 1)
            }
        }
        for (group, value) in sum { groupKey[group] = value.total / value.count }
        var children: [Int: [Int]] = [:]
        for group in layers.structure.groups { children[layers.structure.parentOfGroup[group], default: []].append(group) }
        var loose = [[Int: [Int]]](repeating: [:], count: layers.layerCount)
        var borders = [[Int: (start: Int, end: Int)]](repeating: [:], count: layers.layerCount)
        for (index, item) in layers.items.enumerated() {
            switch item.content {
            case .groupStart(let group): borders[item.layer][group] = (index, index)
            case .groupEnd(let group): borders[item.layer][group]!.end = index
            default: loose[item.layer][item.group, default: []].append(index)
            }
        }
        func list(_ group: Int, in layer: Int) -> [Int] {
            var parts = (loose[layer][group] ?? []).map { (key: visit[$0], items: [$0]) }
            for child in children[group] ?? [] {
                guard let (start, end) = borders[layer][child] else { continue }
                parts.append((groupKey[child] ?? 0, [start] + list(child, in: layer) + [end]))
            }
            return parts.sorted { $0.key < $1.key }.flatMap(\.items)
        }
        return (0..<layers.layerCount).map { list(-1, in: $0) }
    }

    private mutating func number(_ layer: Int) {
        for (place, item) in order[layer].enumerated() { position[item] = place }
    }

    // MARK: Sweeps

    private struct Part {
        var items: [Int]
        var key: Double?
        /// -1 for a single item.
        var group: Int
    }

    private mutating func sweep(down: Bool, turnsTies: Bool) {
        var sums: [Int: (total: Double, count: Double)] = [:]
        let sequence = down ? Array(order.indices.dropFirst()) : order.indices.dropLast().reversed()
        for layer in sequence {
            let scale = 1 / Double(max(order[down ? layer - 1 : layer + 1].count, 1))
            var place = 0
            order[layer] = sorted(layer, &place, inside: -1, neighbours: down ? above : below, turnsTies) { group, key in
                let old = sums[group] ?? (0, 0)
                sums[group] = (old.total + key * scale, old.count + 1)
            }.flatMap(\.items)
            number(layer)
        }
        for (group, sum) in sums { groupKey[group] = sum.total / sum.count }
        for layer in order.indices { arrangeGroups(in: layer) }
    }

    /// The parts of a layer, or of a group in it, sorted by the mean place of their neighbours; those without neighbours keep their places.
    private func sorted(
        _ layer: Int, _ place: inout Int, inside group: Int, neighbours: [[Int]], _ turnsTies: Bool, note: (Int, Double) -> Void
    ) -> [Part] {
        var parts: [Part] = []
        while place < order[layer].count {
            let item = order[layer][place]
            if case .groupEnd = layers.items[item].content { break }
            place += 1
            let near = neighbours[item]
            let key = near.isEmpty ? nil : near.reduce(0.0) { $0 + Double(position[$1]) } / Double(near.count)
            guard case .groupStart(let inner) = layers.items[item].content else {
                parts.append(Part(items: [item], key: key, group: -1))
                continue
            }
            let content = sorted(layer, &place, inside: inner, neighbours: neighbours, turnsTies, note: note)
            let end = order[layer][place]
            place += 1
            var keys = content.compactMap(\.key)
            if let key, let last = neighbours[end].first { keys.append((key + Double(position[last])) / 2) }
            let mean = keys.isEmpty ? nil : keys.reduce(0, +) / Double(keys.count)
            if let mean { note(inner, mean) }
            parts.append(Part(items: [item] + content.flatMap(\.items) + [end], key: mean, group: inner))
        }
        var moving = parts.indices.filter { parts[$0].key != nil }
        let places = moving
        moving.sort { first, second in
            let a = parts[first].key!, b = parts[second].key!
            return a != b ? a < b : (turnsTies ? first > second : first < second)
        }
        var result = parts
        for (place, source) in zip(places, moving) { result[place] = parts[source] }
        return ordered(result)
    }

    /// The parts with the groups among them in the groups' common order.
    private func ordered(_ parts: [Part]) -> [Part] {
        let places = parts.indices.filter { parts[$0].group >= 0 }
        guard places.count > 1 else { return parts }
        let groups = places.sorted { first, second in
            let a = parts[first].group, b = parts[second].group
            return (groupKey[a] ?? 0, a) < (groupKey[b] ?? 0, b)
        }
        var result = parts
        for (place, source) in zip(places, groups) { result[place] = parts[source] }
        return result
    }

    /// Puts a layer's groups into the groups' common order and leaves everything else in its place.
    private mutating func arrangeGroups(in layer: Int) {
        func parts(_ place: inout Int) -> [Part] {
            var parts: [Part] = []
            while place < order[layer].count {
                let item = order[layer][place]
                if case .groupEnd = layers.items[item].content { break }
                place += 1
                guard case .groupStart(let group) = layers.items[item].content else {
                    parts.append(Part(items: [item], key: nil, group: -1))
                    continue
                }
                let content = parts_(&place)
                parts.append(Part(items: [item] + content + [order[layer][place]], key: nil, group: group))
                place += 1
            }
            return ordered(parts)
        }
        func parts_(_ place: inout Int) -> [Int] { parts(&place).flatMap(\.items) }
        var place = 0
        order[layer] = parts_(&place)
        number(layer)
    }

    // MARK: Crossings

    private func weight(_ segment: GraphLayers.Segment) -> Int { segment.edge < 0 ? GraphOrder.borderWeight : 1 }

    /// The weighted number of crossings, counted with a tree of sums (Barth, Mutzel and Jünger 2004).
    private func crossings() -> Int {
        var total = 0
        for layer in order.indices.dropLast() {
            let segments = segmentsBelow[layer].sorted {
                (position[$0.upper], position[$0.lower]) < (position[$1.upper], position[$1.lower])
            }
            var sums = [Int](repeating: 0, count: order[layer + 1].count + 1), seen = 0
            for segment in segments {
                let weight = weight(segment), place = position[segment.lower] + 1
                var upTo = 0, index = place
                while index > 0 { upTo += sums[index]; index -= index & -index }
                total += weight * (seen - upTo)
                index = place
                while index < sums.count { sums[index] += weight; index += index & -index }
                seen += weight
            }
        }
        return total
    }

    /// Swaps neighbours of the same group as long as that removes crossings.
    private mutating func swapNeighbours() {
        for _ in 0..<6 {
            var improved = false
            for layer in order.indices where order[layer].count > 1 {
                for place in 0..<order[layer].count - 1 {
                    let first = order[layer][place], second = order[layer][place + 1]
                    let a = layers.items[first], b = layers.items[second]
                    guard !a.isBorder, !b.isBorder, a.group == b.group else { continue }
                    let now = crossings(above[first], above[second]) + crossings(below[first], below[second])
                    guard now > 0 else { continue }
                    let then = crossings(above[second], above[first]) + crossings(below[second], below[first])
                    guard then < now else { continue }
                    order[layer].swapAt(place, place + 1)
                    position[first] = place + 1
                    position[second] = place
                    improved = true
                }
            }
            if !improved { return }
        }
    }

    /// The crossings of the edges of two items, the first standing before the second.
    private func crossings(_ first: [Int], _ second: [Int]) -> Int {
        var count = 0
        for a in first { for b in second where position[a] > position[b] { count += 1 } }
        return count
    }
}
