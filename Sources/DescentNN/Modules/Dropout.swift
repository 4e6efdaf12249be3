import DescentCore

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
