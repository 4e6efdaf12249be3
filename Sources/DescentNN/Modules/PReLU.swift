import DescentCore

/// `x` where positive, else `w x` with a learned w: a leaky relu that finds its own slope. He et al. 2015.
///
/// Shapes: x any, y as x; weight [1], or [channels] for one slope for each member of axis 1. The slope starts at 1/4.
public struct PReLU: Layer, Sendable {
    public let weight: Variable

    public init(channels: Int = 1, slope: Double = 0.25) {
        if channels < 1 { stop("PReLU(channels: \(channels)): there must be at least 1.") }
        weight = .parameter([channels], .constant(slope), of: "PReLU: it has \(channels) slope\(channels == 1 ? "" : "s")")
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { Scope.inModule(of: weight) { prelu(x, slope: weight.value) } }
}
