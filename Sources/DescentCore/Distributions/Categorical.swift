/// One of some classes, numbered from 0.
public struct Categorical: DivergentDistribution {
    /// The logarithms of the probabilities [batch..., classes].
    public let logProbabilities: Tensor
    public static let isReparameterized = false

    /// From logits [batch..., classes]: probabilities are their softmax.
    public init(logits: Tensor) {
        logProbabilities = logits.rank > 0 ? logSoftmax(logits) : standIn("Categorical: the logits are a scalar; a last axis of classes is needed.", [1], logits.floating.dtype)
    }
    /// From probabilities [batch..., classes], in proportion.
    public init(probabilities: Tensor) { self.init(logits: log(probabilities)) }

    public var batchShape: [Int] { Array(logProbabilities.shape.dropLast()) }
    /// The probabilities of the classes [batch..., classes].
    public var probabilities: Tensor { exp(logProbabilities) }
    private var numbers: Tensor { Tensor.arange(logProbabilities.shape.last!, dtype: logProbabilities.dtype) }
    /// The mean of the class numbers.
    public var mean: Tensor { (probabilities * numbers).sum(axis: -1) }
    /// The variance of the class numbers.
    public var variance: Tensor { (probabilities * (numbers - mean.expanded(axis: -1)).squared).sum(axis: -1) }
    public var entropy: Tensor { -finite(probabilities, logProbabilities).sum(axis: -1) }
    /// Class numbers, int64.
    public func sample(_ shape: [Int], using random: Random) -> Tensor { random.categorical(logits: logProbabilities, shape: shape) }
    /// The logarithm of the probability of class x, an integer. A number that is no class stops the program when it runs.
    public func logProbability(_ x: Tensor) -> Tensor {
        do {
            let shape = try broadcastShape(x.shape, batchShape, for: "Categorical"), classes = logProbabilities.shape.last!
            let all = logProbabilities.broadcast(to: shape + [classes])
            let index = x.broadcast(to: shape).expanded(axis: -1).checked(as: IndexUse("Categorical", "class number", axis: "% classes", countsFromEnd: false), size: classes)
            return all.gatheredAlong(checked: index, axis: shape.count).squeezed(axis: shape.count)
        } catch { return standIn(error, like: logProbabilities) }
    }
    public func divergence(from other: Categorical) -> Tensor { finite(probabilities, logProbabilities - other.logProbabilities).sum(axis: -1) }

    /// The product, 0 where the probability is.
    private func finite(_ share: Tensor, _ logarithm: Tensor) -> Tensor { share * Tensor.where(share .== 0, Tensor(0, like: logarithm), logarithm) }
}
