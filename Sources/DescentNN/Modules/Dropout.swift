import DescentCore

/// In training, sets each element to 0 with the given probability and scales the others so that the mean stays (inverted dropout,
/// Srivastava et al. 2014). In use, passes everything. The mask differs at every call, and is the same for the same seed.
public struct Dropout: Layer, Sendable {
    public let probability: Double
    /// Whether it drops: see `Module.train()` and `Module.infer()`.
    public let isTraining = ModeFlag(true)
    private let random: Random

    /// - Parameter seed: what the masks are drawn from. If not given, each layer has a stream of its own, numbered in the order of making;
    ///   `Module.initialize(seed:)` draws it again.
    public init(_ probability: Double, seed: Int? = nil) {
        if !(0..<1).contains(probability) { stop("Dropout(\(probability)): the probability must be at least 0 and below 1.") }
        self.probability = probability
        random = seed.map { Random(seed: $0) } ?? Random(seed: 0).stream("dropout \(ParameterNumbers.next())")
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, sharedAlong: nil) }

    /// The same with one mask for all places along an axis: for the steps of a sequence. Gal and Ghahramani 2016.
    public func callAsFunction(_ x: Tensor, sharedAlong axis: Int?) -> Tensor {
        guard let axis else { return dropped(x, maskShape: x.shape) }
        if !(-x.rank..<x.rank).contains(axis) { return standIn("Dropout: axis \(axis) is outside a tensor of shape \(x.shape).", like: x) }
        var shape = x.shape
        shape[axis < 0 ? axis + x.rank : axis] = 1
        return dropped(x, maskShape: shape)
    }

    /// The same with one mask for all places of the axes from `axis` on.
    func callAsFunction(_ x: Tensor, sharedAlongAxesFrom axis: Int) -> Tensor {
        dropped(x, maskShape: Array(x.shape[..<axis]) + [Int](repeating: 1, count: x.rank - axis))
    }

    private func dropped(_ x: Tensor, maskShape: [Int]) -> Tensor {
        guard isTraining.value, probability > 0 else { return x }
        return dropout(x, keeping: random.uniform(maskShape) .>= probability, probability: probability)
    }
}

/// Inverted dropout with a mask of your own: `x / (1 - probability)` where `mask` is true (or not 0), 0 elsewhere. For masks that are shared
/// by the steps of a sequence (Gal and Ghahramani 2016), or known beforehand.
///
/// Shapes: the mask is as x, or broadcasts to it.
public func dropout(_ x: Tensor, keeping mask: Tensor, probability: Double) -> Tensor {
    if !(0..<1).contains(probability) { raise("dropout: the probability is \(probability); it must be at least 0 and below 1.") }
    return Tensor.where(mask.cast(to: .bool), x * (1 / (1 - probability)), Tensor(0, like: x))
}
