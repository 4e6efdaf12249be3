extension Tensor {
    /// The largest element of each window. Between equal ones the gradient is shared evenly.
    ///
    /// Shapes: self [batch, channels, spatial...] with 1 to 3 spatial axes; the result has ⌊(size + 2 padding - dilation (window - 1) - 1) / stride⌋ + 1
    /// elements along each.
    ///
    /// - Parameters:
    ///   - stride: The window if not given: windows lie side by side.
    ///   - padding: At most half of the window; what lies outside is never the largest.
    public func maxPooled(_ window: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0, dilation: SpatialSizes = 1) -> Tensor {
        let x = asImages("maxPooled", upTo: 5)
        return applySingle(WindowMax(x.poolingGeometry("maxPooled", window, stride, padding, dilation)), x.floating)
    }

    /// The mean of each window.
    ///
    /// Shapes: as `maxPooled`.
    ///
    /// - Parameter countsPadding: Whether zeros of the padding count (PyTorch's default), or the mean is that of the elements inside.
    public func averagePooled(_ window: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0, countsPadding: Bool = true) -> Tensor {
        let x = asImages("averagePooled", upTo: 5).floating, geometry = x.poolingGeometry("averagePooled", window, stride, padding, 1)
        let sums = applySingle(WindowSum(geometry), x)
        if countsPadding || geometry.padding.allSatisfy({ $0 == [0, 0] }) { return sums * (1 / Double(geometry.window.reduce(1, *))) }
        let counts = applySingle(WindowSum(geometry), Tensor.full([1, 1] + x.shape[2...], 1, dtype: x.dtype))
        return sums / counts
    }

    /// The mean of each channel: [batch, channels, spatial...] to [batch, channels].
    public func globalAveragePooled() -> Tensor {
        let x = asImages("globalAveragePooled")
        return x.mean(axes: Array(2..<x.rank))
    }
    /// The largest element of each channel: [batch, channels, spatial...] to [batch, channels].
    public func globalMaxPooled() -> Tensor {
        let x = asImages("globalMaxPooled")
        return x.max(axes: Array(2..<x.rank))
    }

    /// Means of windows whose number is given, not their size: window i of n covers ⌊i size / n⌋ ..< ⌈(i + 1) size / n⌉ of an axis, as in PyTorch.
    public func adaptiveAveragePooled(to sizes: SpatialSizes) -> Tensor {
        var y = asImages("adaptiveAveragePooled").floating
        let rank = y.rank, shape = y.shape
        for (axis, count) in sizes.resolved(rank - 2, atLeast: 1, "adaptiveAveragePooled", "output size").enumerated() {
            // Means along one axis after another are the mean: a product with a matrix of shares.
            let size = shape[axis + 2]
            var shares = [Double](repeating: 0, count: size * count)
            for i in 0..<count {
                let window = Self.adaptiveWindow(i, count, size)
                for j in window { shares[j * count + i] = 1 / Double(window.count) }
            }
            let moved = y.movingAxis(axis + 2, to: rank - 1).matmul(Tensor(float64: shares, shape: [size, count]).cast(to: y.dtype))
            y = moved.movingAxis(rank - 1, to: axis + 2)
        }
        return y
    }

    /// The largest elements of windows whose number is given, divided as in `adaptiveAveragePooled(to:)`.
    public func adaptiveMaxPooled(to sizes: SpatialSizes) -> Tensor {
        let x = asImages("adaptiveMaxPooled").floating, shape = x.shape, counts = sizes.resolved(x.rank - 2, atLeast: 1, "adaptiveMaxPooled", "output size")
        func windows(_ x: Tensor, _ axis: Int) -> Tensor {
            if axis == counts.count { return x.max(axes: Array(2..<x.rank)) }
            return Tensor.stack(
                (0..<counts[axis]).map { windows(x.slice(axis: axis + 2, Self.adaptiveWindow($0, counts[axis], shape[axis + 2])), axis + 1) }, axis: 2)
        }
        return windows(x, 0)
    }

    private static func adaptiveWindow(_ i: Int, _ count: Int, _ size: Int) -> Range<Int> { i * size / count..<((i + 1) * size + count - 1) / count }

    /// Larger images: each element repeated `factor` times along every spatial axis.
    ///
    /// Shapes: self [batch, channels, spatial...].
    public func upsampled(by factor: SpatialSizes) -> Tensor {
        var y = asImages("upsampled")
        for (axis, count) in factor.resolved(y.rank - 2, atLeast: 1, "upsampled", "factor").enumerated() where count > 1 {
            var shape = y.shape
            shape.insert(count, at: axis + 3)
            y = y.expanded(axis: axis + 3).broadcast(to: shape)
            shape.remove(at: axis + 3)
            shape[axis + 2] *= count
            y = y.reshaped(to: shape)
        }
        return y
    }

    /// Images of other sizes, interpolated linearly along each spatial axis; element centres are aligned, as PyTorch's `align_corners=False`.
    ///
    /// Shapes: self [batch, channels, spatial...].
    public func resized(to sizes: SpatialSizes) -> Tensor {
        var y = asImages("resized").floating
        let rank = y.rank, shape = y.shape
        for (axis, count) in sizes.resolved(rank - 2, atLeast: 1, "resized", "size").enumerated() where count != shape[axis + 2] {
            let size = shape[axis + 2]
            var shares = [Double](repeating: 0, count: size * count)
            for i in 0..<count {
                let place = Swift.max(0, (Double(i) + 0.5) * Double(size) / Double(count) - 0.5), low = Swift.min(Int(place), size - 1), high = Swift.min(low + 1, size - 1)
                shares[low * count + i] += 1 - (place - Double(low))
                shares[high * count + i] += place - Double(low)
            }
            y = y.movingAxis(axis + 2, to: rank - 1).matmul(Tensor(float64: shares, shape: [size, count]).cast(to: y.dtype)).movingAxis(rank - 1, to: axis + 2)
        }
        return y
    }

    /// Itself if it has axes of batch, channels and space; after a fault what stands for such a tensor.
    private func asImages(_ name: String, upTo most: Int? = nil) -> Tensor {
        if rank >= 3, rank <= most ?? rank { return self }
        let axes = most.map { "must have 3 to \($0) axes: batch, channels and 1 to \($0 - 2) spatial ones" } ?? "must be [batch, channels, spatial...]"
        return standIn("\(name): a tensor of shape \(shape); it \(axes).", like: self, rank: 3)
    }

    private func poolingGeometry(_ name: String, _ window: SpatialSizes, _ stride: SpatialSizes?, _ padding: SpatialSizes, _ dilation: SpatialSizes) -> PoolingGeometry {
        let windows = window.resolved(rank - 2, atLeast: 1, name, "window"), sides = padding.resolved(rank - 2, atLeast: 0, name, "padding")
        for (size, side) in zip(windows, sides) where 2 * side > size { raise("\(name): the padding \(sides) is more than half of the window \(windows).") }
        return PoolingGeometry(
            window: windows, stride: (stride ?? window).resolved(rank - 2, atLeast: 1, name, "stride"), padding: sides.map { [$0, $0] },
            dilation: dilation.resolved(rank - 2, atLeast: 1, name, "dilation"))
    }
}
