/// What surrounds the input of a convolution.
public enum ConvolutionPadding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// No zeros: the filter stays inside.
    case valid
    /// Zeros so that an output of stride 1 has the input's size; of an odd total the larger part comes after, as in PyTorch and TensorFlow. With a
    /// stride s the output has ⌈size / s⌉ elements.
    case same
    /// This many zeros on both sides of every axis.
    case zeros(Int)
    /// Zeros before and after, for each spatial axis.
    case explicit([(before: Int, after: Int)])

    public init(integerLiteral value: Int) { self = .zeros(value) }

    public static func == (a: Self, b: Self) -> Bool { a.key == b.key }
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
    private var key: [Int] {
        switch self {
        case .valid: [0]
        case .same: [1]
        case .zeros(let count): [2, count]
        case .explicit(let sides): [3] + sides.flatMap { [$0.before, $0.after] }
        }
    }
}

/// One number for each spatial axis, or one for all.
public struct SpatialSizes: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    let values: [Int]

    /// The same for all axes.
    public init(integerLiteral value: Int) { values = [value] }
    /// One for each axis, as depth, height, width.
    public init(arrayLiteral elements: Int...) { values = elements }
    /// One for each axis, or one for all.
    public init(_ values: [Int]) { self.values = values }

    /// The numbers for `rank` axes, each at least `lowest`.
    package func resolved(_ rank: Int, atLeast lowest: Int, _ name: String, _ noun: String) -> [Int] {
        let all = values.count == 1 ? [Int](repeating: values[0], count: rank) : values
        guard all.count == rank, all.allSatisfy({ $0 >= lowest }) else {
            raise("\(name): the \(noun) is \(values.count == 1 ? "\(values[0])" : "\(values)"); it must be one number, or \(rank), at least \(lowest).")
            return [Int](repeating: lowest, count: rank)
        }
        return all
    }
}

extension Tensor {
    /// Convolution as every framework computes it: cross-correlation, the sum of the filter's elements times the input's below them. The filter is not
    /// flipped; `trueConvolved(with:)` flips it.
    ///
    ///     let edges = image.convolved(with: Tensor([[[[1, -1]]]]), padding: .same)
    ///
    /// Shapes: self [batch, channels, spatial...] or [channels, spatial...], with 1 to 3 spatial axes; filters [filters, channels / groups, kernel...], as
    /// in PyTorch; bias [filters]. The output has ⌊(size + padding - dilation (kernel - 1) - 1) / stride⌋ + 1 elements along each axis.
    ///
    /// - Parameters:
    ///   - dilation: The distance between neighbouring filter elements.
    ///   - groups: The channels are divided into this many groups, each with filters of its own; as many groups as channels is depthwise.
    /// - Precondition: the shapes fit, and the filter is not larger than the padded input.
    public func convolved(
        with filters: Tensor, bias: Tensor? = nil, stride: SpatialSizes = 1, padding: ConvolutionPadding = .valid, dilation: SpatialSizes = 1, groups: Int = 1
    ) -> Tensor {
        guard let (x, filters, isSingle) = convolutionOperands(filters, groups) else { return standIn(like: self) }
        let geometry = Self.geometry(x.shape, filters.shape, stride, padding, dilation, groups)
        var y = applySingle(Convolution(.output, geometry), x, filters)
        if let bias { y = y.addingToChannels(bias, "convolution") }
        return isSingle ? y.squeezed(axis: 0) : y
    }

    /// Convolution as in signal processing: the filter is flipped along each spatial axis. Otherwise as `convolved(with:)`.
    public func trueConvolved(
        with filters: Tensor, bias: Tensor? = nil, stride: SpatialSizes = 1, padding: ConvolutionPadding = .valid, dilation: SpatialSizes = 1, groups: Int = 1
    ) -> Tensor {
        let flipped = filters.rank > 2 ? applySingle(Flip(axes: Array(2..<filters.rank)), filters) : filters
        return convolved(with: flipped, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    /// Transposed convolution: the gradient of a convolution by its input, used forward. It makes images larger, (size - 1) stride - 2 padding +
    /// dilation (kernel - 1) + outputPadding + 1 along each axis.
    ///
    /// Shapes: self [batch, channels, spatial...] or [channels, spatial...], filters [channels, filters / groups, kernel...], as in PyTorch; bias [filters].
    ///
    /// - Parameters:
    ///   - padding: The zeros of the convolution that this one is the transpose of: they are cut off.
    ///   - outputPadding: Elements added at the end, below the stride: a strided convolution gives the same size for several.
    public func transposedConvolved(
        with filters: Tensor, bias: Tensor? = nil, stride: SpatialSizes = 1, padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, dilation: SpatialSizes = 1,
        groups: Int = 1
    ) -> Tensor {
        guard let (x, filters, isSingle) = convolutionOperands(filters, groups) else { return standIn(like: self) }
        let rank = filters.rank - 2, name = "transposed convolution"
        let strides = stride.resolved(rank, atLeast: 1, name, "stride"), dilations = dilation.resolved(rank, atLeast: 1, name, "dilation")
        let paddings = padding.resolved(rank, atLeast: 0, name, "padding"), extra = outputPadding.resolved(rank, atLeast: 0, name, "output padding")
        for axis in 0..<rank where extra[axis] >= strides[axis] {
            raise("\(name): the output padding \(extra) must be below the stride \(strides).")
        }
        let sizes = (0..<rank).map { axis -> Int in
            let reach = dilations[axis] * (filters.shape[axis + 2] - 1) + 1
            return (x.shape[axis + 2] - 1) * strides[axis] - 2 * paddings[axis] + reach + extra[axis]
        }
        if sizes.contains(where: { $0 < 1 }) {
            return standIn("\(name): \(x.shape) with a filter \(filters.shape) and padding \(paddings) would have the sizes \(sizes).", like: self)
        }
        let geometry = ConvolutionGeometry(stride: strides, padding: paddings.map { [$0, $0] }, dilation: dilations, groups: groups)
        var y = applySingle(Convolution(.input(sizes), geometry), x, filters)
        if let bias { y = y.addingToChannels(bias, name) }
        return isSingle ? y.squeezed(axis: 0) : y
    }

    /// With a batch axis and one floating element type; nil after a fault.
    private func convolutionOperands(_ filters: Tensor, _ groups: Int) -> (x: Tensor, filters: Tensor, isSingle: Bool)? {
        guard (3...5).contains(filters.rank) else {
            raise("convolution: filters of shape \(filters.shape); they must have 3 to 5 axes: filters, channels and 1 to 3 spatial ones.")
            return nil
        }
        guard rank == filters.rank || rank == filters.rank - 1 else {
            raise("convolution: an input of shape \(shape) with filters \(filters.shape); it must have \(filters.rank) axes (batch, channels, spatial), or \(filters.rank - 1) without the batch.")
            return nil
        }
        if groups < 1 {
            raise("convolution: \(groups) groups; there must be at least one.")
            return nil
        }
        let promoted = DType.promoted(dtype, filters.dtype), type = promoted.isFloating ? promoted : .float32
        let isSingle = rank < filters.rank
        return ((isSingle ? expanded(axis: 0) : self).cast(to: type), filters.cast(to: type), isSingle)
    }

    private static func geometry(
        _ x: [Int], _ filters: [Int], _ stride: SpatialSizes, _ padding: ConvolutionPadding, _ dilation: SpatialSizes, _ groups: Int
    ) -> ConvolutionGeometry {
        let rank = filters.count - 2, name = "convolution"
        let strides = stride.resolved(rank, atLeast: 1, name, "stride"), dilations = dilation.resolved(rank, atLeast: 1, name, "dilation")
        let sides: [[Int]]
        switch padding {
        case .valid: sides = [[Int]](repeating: [0, 0], count: rank)
        case .zeros(let count):
            if count < 0 { raise("\(name): the padding is \(count); it must be at least 0.") }
            sides = [[Int]](repeating: [Swift.max(0, count), Swift.max(0, count)], count: rank)
        case .explicit(let given):
            guard given.count == rank, given.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
                raise("\(name): padding for \(given.count) axes, \(given); it must be given for \(rank), each at least 0.")
                sides = [[Int]](repeating: [0, 0], count: rank)
                break
            }
            sides = given.map { [$0.before, $0.after] }
        case .same:
            sides = (0..<rank).map { axis in
                let outputs = (x[axis + 2] + strides[axis] - 1) / strides[axis]
                let total = Swift.max(0, (outputs - 1) * strides[axis] + dilations[axis] * (filters[axis + 2] - 1) + 1 - x[axis + 2])
                return [total / 2, total - total / 2]
            }
        }
        return ConvolutionGeometry(stride: strides, padding: sides, dilation: dilations, groups: groups)
    }

    /// One number for each channel, added everywhere: self [batch, channels, ...].
    package func addingToChannels(_ bias: Tensor, _ name: String) -> Tensor {
        guard rank > 1, bias.shape == [shape[1]] else {
            let channels = rank > 1 ? shape[1] : 0
            return standIn("\(name): a bias of shape \(bias.shape) for \(channels) channels; it must be [\(channels)].", like: self)
        }
        return self + bias.alongChannels(rank)
    }

    /// [channels] as [channels, 1, ...], to broadcast over tensors [batch, channels, ...] of the given rank.
    package func alongChannels(_ rank: Int) -> Tensor { reshaped(to: [count] + [Int](repeating: 1, count: rank - 2)) }
}
