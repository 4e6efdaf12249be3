/// Where layers and frames begin and end along the edges' direction.
struct GraphExtents {
    /// The start, the middle and the end of each layer's items.
    private(set) var start: [Double] = []
    private(set) var middle: [Double] = []
    private(set) var end: [Double] = []
    private(set) var groups: [Int: (start: Double, end: Double)] = [:]
    private(set) var length = 0.0

    init(picture: GraphPicture, layers: GraphLayers, measures: GraphMeasures, across: [Int], ports: [(upper: Int, lower: Int)]) {
        let isDown = picture.direction == .down
        var thickness = [Double](repeating: 0, count: layers.layerCount), reach = thickness
        for (item, length) in zip(layers.items, measures.lengths) { thickness[item.layer] = max(thickness[item.layer], length) }
        for (segment, port) in zip(layers.segments, ports) where segment.edge >= 0 {
            let way = Double(abs(across[segment.upper] + port.upper - across[segment.lower] - port.lower)), layer = layers.items[segment.upper].layer
            reach[layer] = max(reach[layer], way)
        }
        let structure = layers.structure
        var previousEnd = 0.0
        for layer in 0..<layers.layerCount {
            // Steep curves get more room, so that they can be told apart.
            let gap = layer == 0 ? 0 : min(max(isDown ? 26 : 22, reach[layer - 1] * 0.2), 90)
            let starting = structure.groups.filter { layers.span[$0]!.lowerBound == layer }
            func padding(_ group: Int) -> Double {
                GraphMeasures.framePadding + (isDown && !picture.groups[group].title.isEmpty ? GraphMeasures.titleHeight : 0)
            }
            // The deepest nest of frames that begin here decides; those of less depth begin later.
            var inset: [Int: Double] = [:]
            for group in starting.reversed() {
                let inner = starting.filter { structure.parentOfGroup[$0] == group }.map { inset[$0]! }.max() ?? 0
                inset[group] = inner + padding(group)
            }
            let deepest = inset.values.max() ?? 0
            let lead = deepest == 0 || layer == 0 ? 0 : 12.0
            let place = previousEnd + max(gap, deepest + lead + (layer == 0 ? 0 : gap / 2))
            let first = layer == 0 ? deepest : place
            start.append(first)
            middle.append(first + thickness[layer] / 2)
            end.append(first + thickness[layer])
            for group in starting { groups[group] = (first - inset[group]!, 0) }
            previousEnd = end[layer]
            var last = end[layer]
            for group in structure.groups.reversed() where layers.span[group]!.upperBound == layer {
                let inner = structure.groups.filter { structure.parentOfGroup[$0] == group && layers.span[$0]!.upperBound == layer }
                let content = inner.map { groups[$0]!.end }.max() ?? end[layer]
                let titleLength = isDown ? 0 : GraphMeasures.titleLength(picture.groups[group])
                groups[group]!.end = max(content + GraphMeasures.framePadding, groups[group]!.start + titleLength)
                last = max(last, groups[group]!.end)
            }
            previousEnd = last
        }
        length = previousEnd
    }
}
