import DescentCore

/// Numbers and, beside them, which pieces of their range they have passed: so that a layer's sums can bend at each edge, as a tree splits there.
/// Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning".
///
/// A feature with the edges e₀ < e₁ < ... becomes itself and, for each piece from eₜ to eₜ₊₁,
///
///     min(max((x - eₜ) / (eₜ₊₁ - eₜ), 0), 1)
///
/// 0 before the piece, 1 after it, the share of it in between. Beyond the outer edges only the number itself goes on.
///
/// Shapes: x [batch, features], result [batch, features + pieces]: the features, then the pieces of the first feature that has some, and so on. Nothing is learned.
public struct PiecewiseLinearEncoding: Layer, Sendable {
    /// The edges of each feature, ascending; none, or at least two.
    public let edges: [[Float]]
    private let features: [Int32]
    private let starts: [Float]
    private let slopes: [Float]

    /// - Precondition: each feature has no edges, or at least two that are finite and ascend.
    public init(edges: [[Float]]) {
        for (feature, own) in edges.enumerated() where !Self.areEdges(own) {
            stop("PiecewiseLinearEncoding: the edges of feature \(feature) are \(own); there must be none, or at least two finite ones that ascend.")
        }
        self.edges = edges
        let pieces = edges.enumerated().flatMap { feature, own in zip(own, own.dropFirst()).map { (feature: Int32(feature), start: $0, end: $1) } }
        features = pieces.map(\.feature)
        starts = pieces.map(\.start)
        slopes = pieces.map { 1 / ($0.end - $0.start) }
    }

    /// The number of results of each row.
    public var outputs: Int { edges.count + features.count }

    /// Whether numbers can be the edges of a feature: none, or at least two that are finite, ascend, and lie so far apart that a slope is finite.
    public static func areEdges(_ edges: [Float]) -> Bool {
        edges.isEmpty || (edges.count > 1 && edges.allSatisfy(\.isFinite) && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 && (1 / ($1 - $0)).isFinite && ($1 - $0).isFinite })
    }

    /// It has no parts.
    public var children: [(name: String, value: Any)] { [] }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        if x.rank != 2 || x.shape[1] != edges.count {
            return standIn("PiecewiseLinearEncoding: x is \(x.shape), and there are edges for \(edges.count) features: [batch, \(edges.count)].", [x.shape.first ?? 1, outputs], x.dtype)
        }
        if features.isEmpty { return x }
        let own = x.gathered(Tensor(int32: features), axis: 1)
        return Tensor.concatenate([x, ((own - Tensor(starts)) * Tensor(slopes)).clipped(to: 0...1)], axis: 1)
    }
}
