import DescentCore

/// Layers one after another. Their parameters are named by place: "0.weight", "2.bias".
public struct Sequential: Layer {
    public let layers: [any Layer]

    public init(_ layers: any Layer...) { self.layers = layers }
    public init(_ layers: [any Layer]) { self.layers = layers }

    public var children: [(name: String, value: Any)] { layers.enumerated().map { ("\($0.offset)", $0.element) } }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        var value = x
        for layer in layers { value = layer(value) }
        return value
    }
}

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

    public static let relu = Activation("relu") { DescentCore.relu($0) }
    public static let leakyRelu = Activation("leaky_relu") { DescentCore.leakyRelu($0) }
    public static let elu = Activation("elu") { DescentCore.elu($0) }
    public static let gelu = Activation("gelu") { DescentCore.gelu($0) }
    public static let silu = Activation("silu") { DescentCore.silu($0) }
    public static let tanh = Activation("tanh") { DescentCore.tanh($0) }
    public static let sigmoid = Activation("sigmoid") { DescentCore.sigmoid($0) }
    public static let softplus = Activation("softplus") { DescentCore.softplus($0) }
    public static let identity = Activation("identity") { $0 }

    /// All by name.
    public static let all: [Activation] = [.relu, .leakyRelu, .elu, .gelu, .silu, .tanh, .sigmoid, .softplus, .identity]
    /// The activation of that name, if there is one.
    public static func named(_ name: String) -> Activation? { all.first { $0.name == name } }
}

/// All axes but the first joined: images [batch, ...] to rows [batch, features].
public struct Flatten: Layer {
    public init() {}
    public func callAsFunction(_ x: Tensor) -> Tensor { x.flattened(fromAxis: 1) }
}

/// In training, sets each element to 0 with the given probability and scales the others so that the mean stays (inverted dropout,
/// Srivastava et al. 2014). In use, passes everything. The mask differs at every call, and is the same for the same seed.
public struct Dropout: Layer {
    public let probability: Double
    /// Whether it drops: see `Module.train()` and `Module.infer()`.
    public let isTraining = ModeFlag(true)
    private let random: Random

    /// - Parameter seed: what the masks are drawn from. If not given, each layer has a stream of its own, numbered in the order of making;
    ///   `Module.initialize(seed:)` draws it anew.
    public init(_ probability: Double, seed: Int? = nil) {
        if !(0..<1).contains(probability) { stop("Dropout(\(probability)): the probability must be at least 0 and below 1.") }
        self.probability = probability
        random = seed.map { Random(seed: $0) } ?? Random(seed: 0).stream("dropout \(ParameterNumbers.next())")
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        guard isTraining.value, probability > 0 else { return x }
        let kept = random.uniform(x.shape) .>= probability
        return Tensor.where(kept, x * (1 / (1 - probability)), Tensor(0, like: x))
    }
}
