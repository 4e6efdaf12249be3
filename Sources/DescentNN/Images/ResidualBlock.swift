import DescentCore

/// Two convolutions whose result is added to what came in: `relu(F(x) + shortcut(x))`. He et al. 2016.
///
/// F is convolution, batch norm, relu, convolution, batch norm. Where the stride or the number of channels changes the shape, the shortcut is a
/// 1 x 1 convolution and a batch norm.
///
/// Shapes: x [batch, inputs, height, width], y [batch, outputs, ⌈height / stride⌉, ⌈width / stride⌉].
public struct ResidualBlock: Layer, Sendable {
    private let conv1: Conv2d, bn1: BatchNorm, conv2: Conv2d, bn2: BatchNorm
    private let downsample: Sequential?
    /// The stride of the first convolution.
    public let stride: Int

    public init(_ inputs: Int, _ outputs: Int, stride: Int = 1) {
        self.stride = stride
        conv1 = Conv2d(inputs, outputs, kernel: 3, stride: .init([stride]), padding: 1, bias: false, initializer: .heNormal)
        bn1 = BatchNorm(outputs)
        conv2 = Conv2d(outputs, outputs, kernel: 3, padding: 1, bias: false, initializer: .heNormal)
        bn2 = BatchNorm(outputs)
        let keepsShape = stride == 1 && inputs == outputs
        downsample = keepsShape ? nil : Sequential(Conv2d(inputs, outputs, kernel: 1, stride: .init([stride]), bias: false, initializer: .heNormal), BatchNorm(outputs))
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let y = bn2(conv2(relu(bn1(conv1(x)))))
        return relu(y + (downsample.map { $0(x) } ?? x))
    }
}
