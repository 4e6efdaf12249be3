import DescentCore

/// Rosenblatt's perceptron (1958): `step(w·x + b)`, taught by its mistakes: for each wrong example `w += rate (y - ŷ) x`.
///
/// Where a line separates the classes it finds one, after at most `(R / margin)²` mistakes (Novikoff 1962). Where none does it never rests:
/// `fit` stops after `epochs` and says so in `outcome`, with the best coefficients met.
///
/// It does not follow a gradient. Its loss, the number of mistakes, is a step function of the coefficients: flat wherever it has a slope, so its
/// gradient is 0 almost everywhere and says nothing of where to go (see `zeroOneLoss`).
public struct Perceptron: BinaryClassifier {
    /// How the teaching ended.
    public enum Outcome: Hashable, Sendable, CustomStringConvertible {
        /// An epoch without a mistake, the data are linearly separable.
        case converged(epochs: Int, mistakes: Int)
        /// The bound was reached; `fewest` examples of the data are wrong by the best coefficients met.
        case notSeparated(epochs: Int, fewest: Int)

        public var description: String {
            switch self {
            case .converged(let epochs, let mistakes): "Converged in epoch \(epochs) after \(mistakes) mistakes: the data are linearly separable."
            case .notSeparated(let epochs, let fewest):
                "Still mistakes after \(epochs) epochs (\(fewest) at the best): the data seem not to be linearly separable."
                    + " Features such as products (PolynomialFeatures) may help, or LogisticRegression."
            }
        }
    }

    public var rate: Double
    public var epochs: Int
    private var fitted: (classes: [Int], weights: [Double], intercept: Double, outcome: Outcome)?

    public init(rate: Double = 1, epochs: Int = 1000) { (self.rate, self.epochs) = (rate, epochs) }

    private var known: (classes: [Int], weights: [Double], intercept: Double, outcome: Outcome) {
        guard let fitted else { stop("Perceptron: fit comes before predict.") }
        return fitted
    }
    public var classes: [Int] { known.classes }
    /// float64 [features].
    public var coefficients: Tensor { Tensor(float64: known.weights) }
    public var intercept: Double { known.intercept }
    public var outcome: Outcome { known.outcome }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        guard rate > 0, epochs > 0 else { throw .setting("A perceptron's rate and epochs are above 0; \(rate) and \(epochs) were given.") }
        let (classes, places) = try Examples.labels(y)
        guard classes.count == 2 else { throw .labels("There are \(classes.count) classes; a perceptron tells two apart. Use OneVsRest(Perceptron()).") }
        try Examples.requireFinite(x, y, [])
        let data = x.doubles, wanted = places.doubles, p = x.shape[1]
        var w = [Double](repeating: 0, count: p), b = 0.0, mistakes = 0
        func score(_ row: Int) -> Double {
            var sum = b
            for j in 0..<p { sum += w[j] * data[row * p + j] }
            return sum
        }
        var best = (w: w, b: b, wrong: Int.max)
        for epoch in 1...epochs {
            var wrongNow = 0
            for row in wanted.indices {
                let error = wanted[row] - (score(row) > 0 ? 1 : 0)
                guard error != 0 else { continue }
                wrongNow += 1
                for j in 0..<p { w[j] += rate * error * data[row * p + j] }
                b += rate * error
            }
            mistakes += wrongNow
            if wrongNow == 0 {
                fitted = (classes, w, b, .converged(epochs: epoch, mistakes: mistakes))
                return
            }
            let wrong = wanted.indices.count { (score($0) > 0 ? 1 : 0) != wanted[$0] }
            if wrong < best.wrong { best = (w, b, wrong) }
        }
        fitted = (classes, best.w, best.b, .notSeparated(epochs: epochs, fewest: best.wrong))
    }

    public func decisionFunction(_ inputs: Tensor) -> Tensor {
        let x = inputs.floating
        return x.matmul(coefficients.cast(to: x.dtype)) + known.intercept
    }
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled((decisionFunction(inputs) .> 0).cast(to: .int64), known.classes) }
}

/// The number of wrong decisions: scores [n] above 0 are for class 1, others for class 0; targets 0 or 1 [n].
///
/// Its derivative is 0 at every score but 0, where it has none: it can be counted, and not be descended. Perceptrons learn from each mistake
/// instead; logistic regression replaces the step by a slope.
public func zeroOneLoss(scores: Tensor, _ targets: Tensor) -> Tensor {
    ((scores .> 0).cast(to: .int64) .!= targets.cast(to: .int64)).cast(to: scores.floating.dtype).sum()
}
