import DescentCore

/// How a decoder looks back at what the encoder read, at each step: every source step gets a score, a softmax over the real ones makes weights
/// of the scores, and the weighted sum of the encoder's outputs is the step's context.
///
///     additive          score = v · tanh(W h + K_j),  K_j = U e_j      Bahdanau, Cho and Bengio 2015
///     multiplicative    score = h · K_j,              K_j = U e_j      Luong, Pham and Manning 2015 ("general")
///
/// Shapes: queries h [batch, queries, hidden], the encoder's outputs e [batch, time, width], context [batch, queries, width], weights
/// [batch, queries, time].
public struct SourceAttention: Module, Sendable {
    /// The score.
    public enum Score: String, CaseIterable, Sendable { case additive, multiplicative }

    public let score: Score
    /// W [hidden, hidden], of the additive score; `nil` for the other.
    public let query: Linear?
    /// U [hidden, width].
    public let key: Linear
    /// v [hidden], of the additive score; `nil` for the other.
    public let direction: Variable?

    /// - Parameters:
    ///   - hidden: The size of the decoder's state.
    ///   - width: The size of the encoder's outputs.
    public init(_ score: Score, hidden: Int, width: Int) {
        if hidden < 1 || width < 1 { stop("SourceAttention(hidden: \(hidden), width: \(width)): both sizes must be at least 1.") }
        self.score = score
        query = score == .additive ? Linear(hidden, hidden, bias: false) : nil
        key = Linear(width, hidden, bias: false)
        direction = score == .additive ? .recurrent([hidden], hidden: hidden, of: "SourceAttention: its state has \(hidden) numbers") : nil
    }

    /// What the scores need of the source, computed once: the keys [batch, time, hidden].
    public func keys(_ outputs: Tensor) -> Tensor { key(outputs) }

    /// The contexts of some queries.
    ///
    /// - Parameter source: What was read.
    public func callAsFunction(_ queries: Tensor, _ source: AttendedSource) -> (context: Tensor, weights: Tensor) {
        let scores: Tensor
        if let query, let direction {
            // [batch, queries, 1, hidden] + [batch, 1, time, hidden].
            scores = tanh(query(queries).expanded(axis: 2) + source.keys.expanded(axis: 1)).matmul(direction.value)
        } else {
            scores = queries.matmul(source.keys.swappingAxes(1, 2))
        }
        let weights = softmax(scores + source.bias.expanded(axis: 1))
        return (weights.matmul(source.outputs), weights)
    }
}

/// A source that a decoder looks back at.
public struct AttendedSource: TensorGroup {
    /// The encoder's outputs [batch, time, width].
    public var outputs: Tensor
    /// What scores are made with [batch, time, hidden].
    public var keys: Tensor
    /// Added to the scores [batch, time]: 0 for real steps, so low for padding that its weight is exactly 0.
    public var bias: Tensor

    public init(outputs: Tensor, keys: Tensor, bias: Tensor) { (self.outputs, self.keys, self.bias) = (outputs, keys, bias) }
    public var tensors: [Tensor] { [outputs, keys, bias] }
    public func rebuilt(from reader: TensorReader) -> AttendedSource { AttendedSource(outputs: reader.next(), keys: reader.next(), bias: reader.next()) }

    /// The bias of sequences of these lengths, padded to `time` steps. Shapes: lengths [batch], result [batch, time].
    public static func bias(lengths: Tensor, time: Int, dtype: DType = .float32) -> Tensor {
        let isReal = Tensor.arange(time).reshaped(1, time) .< lengths.cast(to: .int64).reshaped(-1, 1)
        return (isReal.cast(to: dtype) - 1) * 1e9
    }
}
