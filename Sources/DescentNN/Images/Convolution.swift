import DescentCore

/// The common part of convolution layers over 1, 2 and 3 spatial axes.
public protocol ConvolutionLayer: Layer {
    /// [filters, channels / groups, kernel...].
    var weight: Variable { get }
    /// [filters].
    var bias: Variable? { get }
    var stride: SpatialSizes { get }
    var padding: ConvolutionPadding { get }
    var dilation: SpatialSizes { get }
    var groups: Int { get }
}

extension ConvolutionLayer {
    public func callAsFunction(_ x: Tensor) -> Tensor {
        Scope.inModule(of: weight) {
            let filters = weight.value, channels = filters.shape[1] * groups, axis = x.rank - filters.rank + 1
            guard x.rank == filters.rank || x.rank == filters.rank - 1, x.shape[axis] == channels else {
                let layer = "\(Self.self)(\(channels), \(filters.shape[0]), kernel: \(Array(filters.shape[2...])))"
                let axes = "[batch, \(channels), \(Self.axes(filters.rank - 2))], or that without the batch"
                return standIn("\(layer): x has shape \(x.shape); it must be \(axes).", like: x, rank: filters.rank)
            }
            return x.convolved(with: filters, bias: bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
        }
    }

    static func axes(_ rank: Int) -> String { ["length", "height, width", "depth, height, width"][rank - 1] }
}

/// The weight and bias of a convolution, checked.
private func convolutionParameters(
    _ name: String, _ inputs: Int, _ outputs: Int, _ kernel: [Int], groups: Int, isTransposed: Bool = false, bias: Bool, _ initializer: Initializer
) -> (weight: Variable, bias: Variable?) {
    if inputs < 1 || outputs < 1 { stop("\(name)(\(inputs), \(outputs)): there must be at least one channel and one filter.") }
    if groups < 1 || inputs % groups != 0 || outputs % groups != 0 {
        stop("\(name)(\(inputs), \(outputs), groups: \(groups)): the groups must divide the channels, \(inputs), and the filters, \(outputs).")
    }
    let shape = (isTransposed ? [inputs, outputs / groups] : [outputs, inputs / groups]) + kernel
    // PyTorch's fan of a transposed convolution is that of the weight's second axis too.
    let fan = shape[1] * kernel.reduce(1, *), bound = 1 / Double(fan).squareRoot()
    let weight = Variable.parameter(shape, initializer, of: "\(name): its weight")
    let initial: Initializer = initializer == .uniformByInputs ? .uniform(-bound..<bound) : .zeros
    return (weight, bias ? .parameter([outputs], initial, of: "\(name): it gives \(outputs) channels") : nil)
}

/// Convolution over one spatial axis, as of sequences: see `Conv2d`. Shapes: x [batch, inputs, length].
public struct Conv1d: ConvolutionLayer, Sendable {
    public let weight: Variable
    public let bias: Variable?
    public let stride: SpatialSizes, padding: ConvolutionPadding, dilation: SpatialSizes, groups: Int

    /// See `Conv2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: ConvolutionPadding = .valid, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
        initializer: Initializer = .uniformByInputs
    ) {
        (self.stride, self.padding, self.dilation, self.groups) = (.init([stride]), padding, .init([dilation]), groups)
        let sizes = SpatialSizes([kernel]).resolved(1, atLeast: 1, "Conv1d", "kernel")
        (weight, self.bias) = convolutionParameters("Conv1d", inputs, outputs, sizes, groups: groups, bias: bias, initializer)
    }
}

/// Convolution of images: every output channel is a filter that looks at a window of all input channels (of its group), the same filter at each
/// place. It is cross-correlation, as in every framework: `Tensor.convolved(with:)`. LeCun et al. 1989.
///
/// Shapes: x [batch, inputs, height, width] or without the batch, y [batch, outputs, height', width']; weight [outputs, inputs / groups, kernel...] and bias
/// [outputs], as in PyTorch, whose weights load by name. Both are uniform within ±1/√fan at first, fan = inputs / groups * kernel elements.
public struct Conv2d: ConvolutionLayer, Sendable {
    public let weight: Variable
    public let bias: Variable?
    public let stride: SpatialSizes, padding: ConvolutionPadding, dilation: SpatialSizes, groups: Int

    /// - Parameters:
    ///   - inputs: Input channels: 1 for gray images, 3 for colour.
    ///   - outputs: Output channels: the number of filters.
    ///   - kernel: The filter's size: 3, or [height, width].
    ///   - groups: Channels are divided into groups, each with its own filters; `groups: inputs` is depthwise.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: SpatialSizes, stride: SpatialSizes = 1, padding: ConvolutionPadding = .valid, dilation: SpatialSizes = 1, groups: Int = 1,
        bias: Bool = true, initializer: Initializer = .uniformByInputs
    ) {
        (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
        let sizes = kernel.resolved(2, atLeast: 1, "Conv2d", "kernel")
        (weight, self.bias) = convolutionParameters("Conv2d", inputs, outputs, sizes, groups: groups, bias: bias, initializer)
    }
}

/// Convolution over three spatial axes, as of volumes and videos: see `Conv2d`. Shapes: x [batch, inputs, depth, height, width].
public struct Conv3d: ConvolutionLayer, Sendable {
    public let weight: Variable
    public let bias: Variable?
    public let stride: SpatialSizes, padding: ConvolutionPadding, dilation: SpatialSizes, groups: Int

    /// See `Conv2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: SpatialSizes, stride: SpatialSizes = 1, padding: ConvolutionPadding = .valid, dilation: SpatialSizes = 1, groups: Int = 1,
        bias: Bool = true, initializer: Initializer = .uniformByInputs
    ) {
        (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
        let sizes = kernel.resolved(3, atLeast: 1, "Conv3d", "kernel")
        (weight, self.bias) = convolutionParameters("Conv3d", inputs, outputs, sizes, groups: groups, bias: bias, initializer)
    }
}

/// Transposed convolution over 1 to 3 spatial axes: makes images larger with learned filters. See `Tensor.transposedConvolved(with:)`.
///
/// Shapes: x [batch, inputs, spatial...], y [batch, outputs, (size - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1 ...]; weight
/// [inputs, outputs / groups, kernel...] and bias [outputs], as in PyTorch.
public struct ConvTranspose: Layer, Sendable {
    public let weight: Variable
    public let bias: Variable?
    public let stride: SpatialSizes, padding: SpatialSizes, outputPadding: SpatialSizes, dilation: SpatialSizes, groups: Int

    /// - Parameter kernel: The filter's size, a number for each spatial axis: [2, 2] for images.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: [Int], stride: SpatialSizes = 1, padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, dilation: SpatialSizes = 1,
        groups: Int = 1, bias: Bool = true, initializer: Initializer = .uniformByInputs
    ) {
        guard (1...3).contains(kernel.count), kernel.allSatisfy({ $0 >= 1 }) else { stop("ConvTranspose: the kernel is \(kernel); it must be 1 to 3 numbers, each at least 1.") }
        (self.stride, self.padding, self.outputPadding, self.dilation, self.groups) = (stride, padding, outputPadding, dilation, groups)
        (weight, self.bias) = convolutionParameters("ConvTranspose", inputs, outputs, kernel, groups: groups, isTransposed: true, bias: bias, initializer)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        Scope.inModule(of: weight) {
            x.transposedConvolved(
                with: weight.value, bias: bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation, groups: groups)
        }
    }
}
