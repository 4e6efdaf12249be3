import DescentCore

/// The largest element of each window, channel by channel, over 1 to 3 spatial axes. Between equal ones the gradient is shared evenly.
///
/// Shapes: x [batch, channels, spatial...], y the same with ⌊(size + 2 padding - window) / stride⌋ + 1 along each spatial axis.
public struct MaxPool: Layer, Sendable {
    public let window: SpatialSizes, stride: SpatialSizes?, padding: SpatialSizes

    /// - Parameter stride: The window if not given.
    public init(_ window: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0) { (self.window, self.stride, self.padding) = (window, stride, padding) }
    public func callAsFunction(_ x: Tensor) -> Tensor { x.maxPooled(window, stride: stride, padding: padding) }
}

/// The mean of each window, channel by channel. Shapes: as `MaxPool`.
public struct AveragePool: Layer, Sendable {
    public let window: SpatialSizes, stride: SpatialSizes?, padding: SpatialSizes, countsPadding: Bool

    /// - Parameters:
    ///   - stride: The window if not given.
    ///   - countsPadding: Whether zeros of the padding count in the mean, as PyTorch's default.
    public init(_ window: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0, countsPadding: Bool = true) {
        (self.window, self.stride, self.padding, self.countsPadding) = (window, stride, padding, countsPadding)
    }
    public func callAsFunction(_ x: Tensor) -> Tensor { x.averagePooled(window, stride: stride, padding: padding, countsPadding: countsPadding) }
}

/// The mean, or the largest element, of each channel: [batch, channels, spatial...] to [batch, channels].
public struct GlobalPool: Layer, Sendable {
    /// The pooled quantity.
    public enum Kind: Sendable { case average, max }
    public let kind: Kind

    public init(_ kind: Kind = .average) { self.kind = kind }
    public func callAsFunction(_ x: Tensor) -> Tensor { kind == .average ? x.globalAveragePooled() : x.globalMaxPooled() }
}

/// Pools images of any size to a given one: [batch, channels, spatial...] to [batch, channels, sizes...].
public struct AdaptivePool: Layer, Sendable {
    public let sizes: SpatialSizes, kind: GlobalPool.Kind

    public init(_ sizes: SpatialSizes, _ kind: GlobalPool.Kind = .average) { (self.sizes, self.kind) = (sizes, kind) }
    public func callAsFunction(_ x: Tensor) -> Tensor { kind == .average ? x.adaptiveAveragePooled(to: sizes) : x.adaptiveMaxPooled(to: sizes) }
}

/// Repeats each element along every spatial axis: images `factor` times as large.
public struct Upsample: Layer, Sendable {
    public let factor: SpatialSizes

    public init(_ factor: SpatialSizes) { self.factor = factor }
    public func callAsFunction(_ x: Tensor) -> Tensor { x.upsampled(by: factor) }
}
