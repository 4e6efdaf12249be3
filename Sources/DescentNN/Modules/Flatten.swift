import DescentCore

/// All axes but the first joined: images [batch, ...] to rows [batch, features].
public struct Flatten: Layer, Sendable {
    public init() {}
    public func callAsFunction(_ x: Tensor) -> Tensor { x.flattened(fromAxis: 1) }
}
