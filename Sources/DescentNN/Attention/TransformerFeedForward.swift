import DescentCore

/// The settings that all layers of a transformer share.
public struct TransformerSettings: Sendable {
    /// The size of a place's vector.
    public var size: Int
    public var heads: Int
    /// The size of the feed-forward layer between its two products.
    public var hidden: Int
    public var activation: Activation
    /// Whether each sublayer's input is normalised (Xiong et al. 2020), or the sum of its input and output (Vaswani et al. 2017).
    public var normFirst: Bool
    /// The rate of dropout of weights of attention, of the hidden layer, and of each sublayer's output.
    public var dropout: Double
    public var bias: Bool
    public var epsilon: Double
    /// Turns queries and keys of self-attention by their positions; nil for none.
    public var rotary: RotaryPosition?

    /// - Parameter hidden: nil for 4 times the size.
    public init(
        size: Int, heads: Int, hidden: Int? = nil, activation: Activation = .relu, normFirst: Bool = false, dropout: Double = 0.1, bias: Bool = true,
        epsilon: Double = 1e-5, rotary: RotaryPosition? = nil
    ) {
        (self.size, self.heads, self.hidden, self.activation, self.normFirst) = (size, heads, hidden ?? 4 * size, activation, normFirst)
        (self.dropout, self.bias, self.epsilon, self.rotary) = (dropout, bias, epsilon, rotary)
    }

    func norm() -> LayerNorm { LayerNorm(size, epsilon: epsilon, bias: bias) }
    func attention() -> MultiHeadAttention { MultiHeadAttention(size, heads: heads, bias: bias, dropout: dropout) }
    func sublayer() -> ResidualSublayer { ResidualSublayer(norm: norm(), dropout: dropout == 0 ? nil : Dropout(dropout), normFirst: normFirst) }
}

/// Two products with an activation between them, at each place by itself.
struct FeedForward {
    let first: Linear, second: Linear
    let activation: Activation
    let dropout: Dropout?

    init(_ settings: TransformerSettings) {
        first = Linear(settings.size, settings.hidden, bias: settings.bias)
        second = Linear(settings.hidden, settings.size, bias: settings.bias)
        activation = settings.activation
        dropout = settings.dropout == 0 ? nil : Dropout(settings.dropout)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let hidden = activation(first(x))
        return second(dropout.map { $0(hidden) } ?? hidden)
    }
}

/// A sublayer's norm, dropout and residual connection.
struct ResidualSublayer {
    let norm: LayerNorm
    let dropout: Dropout?
    let normFirst: Bool

    func callAsFunction(_ x: Tensor, _ sublayer: (Tensor) -> Tensor) -> Tensor {
        func added(_ y: Tensor) -> Tensor { x + (dropout.map { $0(y) } ?? y) }
        return normFirst ? added(sublayer(norm(x))) : norm(added(sublayer(x)))
    }
}
