/// A box of a graph's picture.
public struct GraphNode: Sendable, Hashable {
    /// The role of a node in the computation, which decides the box's shape and colour.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// A value computed from others.
        case operation
        /// Data that comes from outside.
        case input
        /// A value that training changes.
        case parameter
        /// A result.
        case output
        /// A value that never changes.
        case constant
        /// A group drawn as one box.
        case module
    }

    /// The name by which edges and groups refer to it.
    public var id: String
    /// The text: the operation (bold), the forward value, the gradient (in the colour of gradients); further lines are small.
    public var lines: [String]
    /// The role in the computation.
    public var kind: Kind
    /// Whether it stands out.
    public var emphasis: Bool

    /// A box. Without lines it shows its name.
    public init(_ id: String, lines: [String] = [], kind: Kind = .operation, emphasis: Bool = false) {
        self.id = id
        self.lines = lines.isEmpty ? [id] : lines
        self.kind = kind
        self.emphasis = emphasis
    }
}

/// An arrow from a value to the operation that uses it. Several may join the same two nodes: `x * x` uses `x` twice.
public struct GraphEdge: Sendable, Hashable {
    /// The node whose value it carries.
    public var from: String
    /// The node that uses the value.
    public var to: String
    /// The forward value: above an arrow to the right, beside an arrow downwards.
    public var above: String
    /// The gradient: below the arrow, or under the forward value, in the colour of gradients.
    public var below: String

    /// An arrow.
    public init(from: String, to: String, above: String = "", below: String = "") {
        self.from = from
        self.to = to
        self.above = above
        self.below = below
    }

    var hasLabel: Bool { !above.isEmpty || !below.isEmpty }
}

/// A frame around nodes: a module, a gate, a time step.
public struct GraphGroup: Sendable, Hashable {
    /// The name by which other groups and folding refer to it.
    public var id: String
    /// The text at the frame.
    public var title: String
    /// The nodes in it. A node may be listed in a group and in those that hold the group; it stands in the innermost.
    public var members: [String]
    /// The group that holds this one.
    public var parent: String?

    /// A frame. Without nodes, its own or those of groups in it, it is not drawn.
    public init(_ id: String, title: String? = nil, members: [String], parent: String? = nil) {
        self.id = id
        self.title = title ?? id
        self.members = members
        self.parent = parent
    }
}
