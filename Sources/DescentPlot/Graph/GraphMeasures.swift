/// How much room everything takes: `along` the edges' direction and `across` it.
struct GraphMeasures {
    static let fontSize = 12.0, smallFontSize = 11.0, titleFontSize = 11.5
    /// The greatest width of a line of text in a box; longer ones are cut.
    static let textLimit = 260.0
    static let framePadding = 10.0, titleHeight = 18.0

    /// The size of each node's box.
    let nodeSizes: [(along: Double, across: Double)]
    /// The room of each item across.
    let room: [GraphCoordinates.Room]
    /// The room of each item along.
    let lengths: [Double]
    /// The least length of a group's frame across, for its title.
    let groupLength: [Int: Int]
    private let layers: GraphLayers

    init(picture: GraphPicture, layers: GraphLayers, isDown: Bool) {
        self.layers = layers
        let sizes = picture.nodes.map(GraphMeasures.size)
        // Even sizes, since coordinates are whole and boxes stand around their middle.
        nodeSizes = sizes.map { isDown ? (along: $0.height, across: $0.width) : (along: $0.width, across: $0.height) }
        var room: [GraphCoordinates.Room] = [], lengths: [Double] = []
        for (index, item) in layers.items.enumerated() {
            switch item.content {
            case .node:
                let half = Int(nodeSizes[index].across / 2)
                room.append(.init(before: half, after: half))
                lengths.append(nodeSizes[index].along)
            case .bend(let edge, true):
                let width = GraphMeasures.labelWidth(picture.edges[edge])
                let above = picture.edges[edge].above.isEmpty ? 3 : 16, below = picture.edges[edge].below.isEmpty ? 3 : 16
                room.append(isDown ? .init(before: 4, after: Int(width.rounded(.up)) + 8) : .init(before: above, after: below))
                lengths.append(isDown ? 30 : width + 8)
            case .bend(_, false):
                room.append(.init(before: 1, after: 1))
                lengths.append(0)
            case .groupStart(let group):
                let title = picture.groups[group].title.isEmpty || isDown ? 0 : GraphMeasures.titleHeight
                room.append(.init(before: 0, after: Int(GraphMeasures.framePadding + title) - 4))
                lengths.append(0)
            case .groupEnd:
                room.append(.init(before: Int(GraphMeasures.framePadding) - 4, after: 0))
                lengths.append(0)
            }
        }
        self.room = room
        self.lengths = lengths
        var groupLength: [Int: Int] = [:]
        if isDown { for group in layers.structure.groups { groupLength[group] = Int(GraphMeasures.titleLength(picture.groups[group]).rounded(.up)) } }
        self.groupLength = groupLength
    }

    /// The distance between neighbours in a layer.
    func gap(_ first: Int, _ second: Int) -> Int {
        let a = layers.items[first], b = layers.items[second]
        if a.isBorder || b.isBorder {
            // Frames side by side, and what stands beside a frame, keep more distance than what stands in it.
            let isInside: Bool =
                switch (a.content, b.content) {
                case (.groupEnd, .groupStart): false
                case (.groupEnd, _): b.isBorder
                case (_, .groupStart): a.isBorder
                default: true
                }
            return isInside ? 4 : 14
        }
        return a.isNode && b.isNode ? 18 : 11
    }

    /// The text of a node's line as drawn.
    static func text(_ line: String, at index: Int) -> String {
        TextWidth.fitted(line, width: textLimit, size: index == 0 ? fontSize : smallFontSize)
    }

    private static func size(of node: GraphNode) -> (width: Double, height: Double) {
        let widths = node.lines.enumerated().map { index, line in
            TextWidth.of(text(line, at: index), size: index == 0 ? fontSize : smallFontSize, bold: index == 0)
        }
        // A box with round ends has less room for text.
        let sides = node.kind == .input || node.kind == .constant ? 26.0 : 20.0
        let width = max((widths.max() ?? 0) + sides, 34), height = lineHeight * Double(node.lines.count) + 12
        return ((width / 2).rounded(.up) * 2, (height / 2).rounded(.up) * 2)
    }

    static let lineHeight = 15.0

    static func labelWidth(_ edge: GraphEdge) -> Double {
        max(TextWidth.of(edge.above, size: smallFontSize), TextWidth.of(edge.below, size: smallFontSize))
    }

    /// The room that a group's title needs, with its margins.
    static func titleLength(_ group: GraphGroup) -> Double {
        group.title.isEmpty ? 0 : TextWidth.of(TextWidth.fitted(group.title, width: textLimit, size: titleFontSize), size: titleFontSize, bold: true) + 20
    }
}
