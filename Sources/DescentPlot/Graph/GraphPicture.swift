/// A computational graph as a picture: boxes for operations, arrows for values, rounded frames for modules.
///
///     GraphPicture("Loss", nodes: [
///         GraphNode("x", lines: ["x", "0.50"], kind: .input),
///         GraphNode("w", lines: ["w", "1.46"], kind: .parameter),
///         GraphNode("product", lines: ["×"]),
///         GraphNode("loss", lines: ["sigmoid", "0.67"], kind: .output),
///     ], edges: [
///         GraphEdge(from: "x", to: "product"),
///         GraphEdge(from: "w", to: "product"),
///         GraphEdge(from: "product", to: "loss", above: "0.73", below: "0.22"),
///     ]).svg()
///
/// The layout follows Sugiyama, Tagawa and Toyoda 1981 in four steps: nodes go into layers, so that every arrow points forward; long edges get a
/// bend in every layer they pass; each layer is ordered so that few edges cross; coordinates keep edges straight. Layers and coordinates are
/// optimal for the length of the edges (network simplex: Gansner, Koutsofios, North and Vo 1993). A group's nodes stand side by side in every
/// layer, so its frame holds them and nothing else. The same picture is the same text on every machine.
public struct GraphPicture: Picture {
    /// Which way the edges point.
    public enum Direction: Sendable, Hashable {
        case right, down
    }

    /// The title, one line.
    public var title: String
    /// The boxes.
    public let nodes: [GraphNode]
    /// The arrows.
    public let edges: [GraphEdge]
    /// The frames.
    public let groups: [GraphGroup]
    /// Which way the edges point.
    public var direction: Direction

    /// A picture of a graph without cycles.
    ///
    /// Stops with a sentence where the graph is not one: a name given twice, an edge to or a group of a node that is not there, a node in two
    /// groups of which neither holds the other, a cycle.
    public init(_ title: String, nodes: [GraphNode], edges: [GraphEdge], groups: [GraphGroup] = [], direction: Direction = .right) {
        if let mistake = GraphStructure.mistake(nodes: nodes, edges: edges, groups: groups) {
            fatalError("GraphPicture \"\(title)\": \(mistake)")
        }
        self.init(unchecked: title, nodes: nodes, edges: edges, groups: groups, direction: direction)
    }

    /// A picture that may have cycles, as folding a group can make them: an edge out of the group and back.
    init(unchecked title: String, nodes: [GraphNode], edges: [GraphEdge], groups: [GraphGroup], direction: Direction) {
        self.title = title
        self.nodes = nodes
        self.edges = edges
        self.groups = groups
        self.direction = direction
    }

    /// A graph has the size that its boxes need.
    public var hasFixedSize: Bool { true }

    /// The picture as SVG, in the size in which its text is legible.
    ///
    /// - Parameter width: The greatest width in CSS pixels; a wider picture is drawn smaller.
    public func svg(width: Double = .infinity) -> String {
        GraphPainter(picture: self, layout: GraphLayout(picture: self)).document(maximumWidth: width)
    }
}
