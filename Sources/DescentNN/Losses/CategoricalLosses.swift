import DescentCore

/// `-log softmax(z)[label]` for logits z [..., classes]; labels [...] are class numbers (integers), or [..., classes] probabilities.
///
/// Its gradient is `softmax(z) - t` where the probabilities t add up to 1. A label outside 0 ..< classes stops the program when it runs.
/// The options mean what PyTorch's `cross_entropy` means by them:
///
///     integer labels y    l = -(1 - ε) w[y] log p[y] - ε/K Σ_c w[c] log p[c]       mean: Σ l / Σ w[y]
///     probabilities t     l = -Σ_c w[c] ((1 - ε) t[c] + ε/K) log p[c]              mean: Σ l / number of examples
///
/// - Parameters:
///   - weights: A number or a mask's true or false for each example [...]; multiplies l, and what it counts for in the mean.
///   - classWeights: w [classes]; for classes that are rare or matter more.
///   - smoothing: ε: the share of a label that is spread over all K classes. Szegedy et al. 2016.
///   - ignored: An integer label whose examples don't count, as PyTorch's `ignore_index`: no share of the sum, no gradient, and not counted in
///     the mean, which is over the others. Where all labels are ignored the mean is NaN, as in PyTorch, and the sum 0.
public func softmaxCrossEntropy(
    _ logits: Tensor, _ labels: Tensor, weights: Tensor? = nil, classWeights: Tensor? = nil, smoothing: Double = 0, ignoring ignored: Int? = nil,
    reduction: Reduction = .mean
) -> Tensor {
    let name = "softmaxCrossEntropy"
    if labels.dtype.isFloating { requireEqualShapes(name, logits, labels) }
    guard labels.dtype.isFloating || Array(logits.shape.dropLast()) == labels.shape, logits.rank > 0 else {
        let sentence = "\(name): logits have shape \(logits.shape), labels \(labels.shape); integer labels have the logits' shape without the last axis."
        return standIn(sentence, reduction == .none ? labels.shape : [], logits.dtype)
    }
    if !(0...1).contains(smoothing) { raise("\(name): smoothing is \(smoothing); it must be in 0...1.") }
    if labels.dtype.isFloating, ignored != nil { raise("\(name): ignoring is for integer labels; give probabilities a weight of 0.") }
    let classes = Double(logits.shape.last!)
    let examples = ExampleWeights(name, logits.floating, labels, weights, ignoring: ignored)
    let scores = examples.withoutUnused(logits.floating)
    // Everything is measured from the largest logit, so that large ones cost no digits. Where that is infinite the difference would be NaN.
    let largest = scores.max(axis: -1)
    let origin = stopGradient(Tensor.where(largest.isFinite, largest, Tensor(0, like: largest)))
    let distances = scores - origin.expanded(axis: -1)
    let logSum = log(exp(distances).sum(axis: -1))
    let byClass = classWeights.map { checkedClassWeights(name, $0, classes: logits.shape.last!, scores.dtype) }
    /// `-Σ_c share[c] log p[c]`. A share of 0 costs nothing, be the logit -infinity.
    func cost(of shares: Tensor) -> Tensor {
        let products = Tensor.where(shares .== 0, Tensor(0, like: distances), shares * distances)
        return shares.sum(axis: -1) * logSum - products.sum(axis: -1)
    }
    if labels.dtype.isFloating {
        var shares = examples.withoutUnused(labels.cast(to: scores.dtype))
        if smoothing > 0 { shares = shares * (1 - smoothing) + smoothing / classes }
        return examples.reduce(cost(of: byClass.map { shares * $0 } ?? shares), reduction)
    }
    let places = examples.places(labels)
    let chosen = scores.gatheredAlong(checked: places.expanded(axis: -1), axis: scores.rank - 1).squeezed(axis: -1)
    var values = logSum - (chosen - origin)
    let labelWeights = byClass?.gathered(checked: places)
    if let labelWeights { values = values * labelWeights }
    if smoothing > 0 {
        let shares = (byClass ?? Tensor.ones([logits.shape.last!], dtype: scores.dtype)) * (smoothing / classes)
        values = values * (1 - smoothing) + cost(of: shares.broadcast(to: scores.shape))
    }
    return examples.reduce(values, reduction, labelWeights)
}

/// `-w[y] log p[y]` for logarithms of probabilities [..., classes], as `logSoftmax` gives them, and class numbers y [...].
///
/// The mean divides by the sum of the labels' weights. A label outside 0 ..< classes stops the program when it runs.
///
/// - Parameters:
///   - weights: A number or a mask's true or false for each example [...]; see `Reduction`.
///   - classWeights: w [classes].
///   - ignored: A label whose examples don't count, as PyTorch's `ignore_index`; see `softmaxCrossEntropy`.
public func negativeLogLikelihood(
    _ logProbabilities: Tensor, _ labels: Tensor, weights: Tensor? = nil, classWeights: Tensor? = nil, ignoring ignored: Int? = nil,
    reduction: Reduction = .mean
) -> Tensor {
    let name = "negativeLogLikelihood"
    guard logProbabilities.rank > 0, labels.dtype.isInteger, Array(logProbabilities.shape.dropLast()) == labels.shape else {
        let types = "log-probabilities have shape \(logProbabilities.shape), labels are \(labels.dtype) of shape \(labels.shape)"
        return standIn("\(name): \(types); labels are integers in the same shape without the last axis.", reduction == .none ? labels.shape : [], logProbabilities.dtype)
    }
    let examples = ExampleWeights(name, logProbabilities.floating, labels, weights, ignoring: ignored)
    let scores = examples.withoutUnused(logProbabilities.floating)
    let places = examples.places(labels)
    let values = -scores.gatheredAlong(checked: places.expanded(axis: -1), axis: scores.rank - 1).squeezed(axis: -1)
    guard let classWeights else { return examples.reduce(values, reduction) }
    let labelWeights = checkedClassWeights(name, classWeights, classes: scores.shape.last!, scores.dtype).gathered(checked: places)
    return examples.reduce(values * labelWeights, reduction, labelWeights)
}

/// The Kullback-Leibler divergence `Σ_c t[c] (log t[c] - log p[c])` of distributions p [..., classes], given by their logarithms, from
/// targets t: one value for each distribution. A target of 0 costs nothing. Kullback and Leibler 1951.
///
/// `.mean` divides by the number of distributions, which is PyTorch's "batchmean" (its "mean" divides by the number of elements too).
///
/// - Parameters:
///   - isLogTarget: The targets are logarithms as well.
///   - weights: A number or a mask's true or false for each distribution [...]; see `Reduction`.
public func klDivergence(
    _ logProbabilities: Tensor, _ target: Tensor, isLogTarget: Bool = false, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    requireEqualShapes("klDivergence", logProbabilities, target)
    if logProbabilities.rank == 0 { return standIn("klDivergence: distributions need an axis of classes; these are scalars.", like: logProbabilities) }
    let examples = ExampleWeights("klDivergence", logProbabilities.floating, target, weights, ignoring: nil, takesIgnored: false)
    let p = examples.withoutUnused(logProbabilities.floating), t = examples.withoutUnused(target.cast(to: p.dtype))
    let share = isLogTarget ? exp(t) : t
    let isZero = share .== 0
    let logShare = isLogTarget ? t : log(Tensor.where(isZero, Tensor(1, like: t), t))
    return examples.reduce(Tensor.where(isZero, Tensor(0, like: p), share * (logShare - p)).sum(axis: -1), reduction)
}

private func checkedClassWeights(_ name: String, _ weights: Tensor, classes: Int, _ dtype: DType) -> Tensor {
    if weights.shape != [classes] {
        return standIn("\(name): class weights have shape \(weights.shape); there are \(classes) classes, so it must be [\(classes)].", [classes], dtype)
    }
    return weights.cast(to: dtype)
}

/// How much each example counts: all axes but the last.
struct ExampleWeights {
    /// nil: 1 each.
    private let weights: Tensor?
    private let isUsed: Tensor?
    private let ignored: Int?
    private let classes: Int
    /// The loss, for error sentences, and whether it has an argument `ignoring`.
    private let name: String, takesIgnored: Bool

    init(_ name: String, _ scores: Tensor, _ labels: Tensor, _ given: Tensor?, ignoring ignored: Int?, takesIgnored: Bool = true) {
        (self.name, self.ignored, self.takesIgnored) = (name, ignored, takesIgnored)
        classes = scores.shape.last!
        let shape = Array(scores.shape.dropLast())
        var weights = given.map { lossWeights(name, $0, for: shape, scores.dtype) }
        if let ignored {
            let kept = (labels.cast(to: .int64) .!= Double(ignored)).cast(to: scores.dtype)
            weights = weights.map { $0 * kept } ?? kept
        }
        self.weights = weights
        isUsed = weights.map { $0 .!= 0 }
    }

    /// Zeros where an example doesn't count: what it holds there, NaN even, must not get into the gradient.
    func withoutUnused(_ x: Tensor) -> Tensor {
        isUsed.map { Tensor.where($0.expanded(axis: -1).broadcast(to: x.shape), x, Tensor(0, like: x)) } ?? x
    }

    /// Labels as places on the axis of classes. One that is ignored may be any number: its place is 0.
    func places(_ labels: Tensor) -> Tensor {
        let numbers = ignored == nil ? labels : labels.cast(to: .int64)
        let places = ignored.map { Tensor.where(numbers .== Double($0), Tensor(0, like: numbers), numbers) } ?? numbers
        let advice = takesIgnored ? "To leave out the examples of one label, name it: ignoring: -1." : ""
        return places.checked(as: IndexUse(name, "label", axis: "% classes", countsFromEnd: false, advice: advice), size: classes)
    }

    func reduce(_ values: Tensor, _ reduction: Reduction, _ labelWeights: Tensor? = nil) -> Tensor {
        guard let weights else { return reduction(values, weights: labelWeights) }
        return reduction(values * weights, weights: labelWeights.map { $0 * weights } ?? weights)
    }
}
