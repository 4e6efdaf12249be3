import DescentCore

/// A function of one tensor, as a layer without parameters.
public struct Activation: Layer, Sendable {
    /// "relu"
    public let name: String
    private let function: @Sendable (Tensor) -> Tensor

    public init(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
        self.name = name
        self.function = function
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

    public static let identity = Activation("identity") { $0 }
    public static let step = Activation("step") { DescentNN.step($0) }
    public static let sigmoid = Activation("sigmoid") { DescentCore.sigmoid($0) }
    public static let hardSigmoid = Activation("hard_sigmoid") { DescentNN.hardSigmoid($0) }
    public static let tanh = Activation("tanh") { DescentCore.tanh($0) }
    public static let relu = Activation("relu") { DescentCore.relu($0) }
    public static let leakyRelu = Activation("leaky_relu") { DescentCore.leakyRelu($0) }
    public static let elu = Activation("elu") { DescentCore.elu($0) }
    public static let selu = Activation("selu") { DescentNN.selu($0) }
    public static let gelu = Activation("gelu") { DescentCore.gelu($0) }
    public static let geluTanh = Activation("gelu_tanh") { DescentNN.geluTanh($0) }
    public static let silu = Activation("silu") { DescentCore.silu($0) }
    /// `silu` by its other name.
    public static let swish = Activation("swish") { DescentCore.silu($0) }
    public static let mish = Activation("mish") { DescentNN.mish($0) }
    public static let softplus = Activation("softplus") { DescentCore.softplus($0) }
    /// Along the last axis.
    public static let softmax = Activation("softmax") { DescentCore.softmax($0) }
    /// Along the last axis.
    public static let logSoftmax = Activation("log_softmax") { DescentCore.logSoftmax($0) }

    /// All by name.
    public static let all: [Activation] = [
        .relu, .leakyRelu, .elu, .selu, .gelu, .geluTanh, .silu, .swish, .mish, .tanh, .sigmoid, .hardSigmoid, .softplus, .softmax, .logSoftmax,
        .step, .identity,
    ]
    /// The activation of that name, if there is one.
    public static func named(_ name: String) -> Activation? { all.first { $0.name == name } }

    /// A new layer of that name, if there is one: an activation, or "prelu", which has a slope of its own to learn.
    public static func layer(named name: String) -> (any Layer)? { name == "prelu" ? PReLU() : named(name) }
}
