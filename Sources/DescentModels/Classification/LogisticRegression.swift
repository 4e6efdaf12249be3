import DescentCore

/// Logistic regression of two classes: `P(second class | x) = sigmoid(w·x + b)`, by maximum likelihood.
///
/// The objective is the sum over examples of the cross-entropy, `Σ softplus(zᵢ) - yᵢ zᵢ` with `z = X w + b`, plus a penalty: `.ridge(λ)` adds
/// `λ ‖w‖² / 2`, `.lasso(λ)` adds `λ ‖w‖₁`, `.elasticNet(λ, share)` adds `λ (share ‖w‖₁ + (1 - share) ‖w‖² / 2)`. λ is scikit-learn's 1/C.
///
/// Without a penalty, data that a line separates have no maximum of the likelihood; `fit` then throws `ModelError.separable`.
public struct LogisticRegression: BinaryClassifier, ProbabilisticClassifier {
    /// How the minimum is found. A lasso's penalty is minimised by proximal Newton steps whatever the solver.
    public enum Solver: Hashable, Sendable {
        /// Newton's method with a line search, which is iteratively reweighted least squares: few steps, each with a product `Xᵀ diag(s) X`.
        /// Large data start from the answer for a part of the rows.
        case newton
        /// For many features: gradients only.
        case limitedMemoryBFGS(memory: Int = 10)
        /// Steps of `rate` against the gradient of the mean over examples.
        case gradientDescent(rate: Double)
    }

    public var penalty: Penalty
    public var hasIntercept: Bool
    public var solver: Solver
    /// The search has converged when no element of the mean objective's gradient is larger.
    public var tolerance: Double
    public var iterations: Int
    public var featureNames: [String]

    struct Fitted: Sendable {
        var classes: [Int]
        var coefficients: [Double]
        var intercept: Double
        var search: Minimum.End
        var iterations: Int
        /// Minus the log-likelihood, without the penalty, and that of a model with only an intercept.
        var loss: Double
        var emptyLoss: Double
        var count: Int
        /// The Hessian of the penalised objective at the minimum, intercept last.
        var hessian: Tensor?
    }
    private var fitted: Fitted?

    public init(
        penalty: Penalty = .ridge(1), intercept: Bool = true, solver: Solver = .newton, tolerance: Double = 1e-6, iterations: Int = 1000,
        featureNames: [String] = []
    ) {
        (self.penalty, hasIntercept, self.solver, self.tolerance) = (penalty, intercept, solver, tolerance)
        (self.iterations, self.featureNames) = (iterations, featureNames)
    }

    var known: Fitted {
        guard let fitted else { stop("LogisticRegression: fit comes before predict.") }
        return fitted
    }

    public var classes: [Int] { known.classes }
    /// One coefficient a feature: float64 [features].
    public var coefficients: Tensor { Tensor(float64: known.coefficients) }
    public var intercept: Double { known.intercept }
    /// How the search ended; other than `.converged`, the coefficients are the best it found.
    public var end: Minimum.End { known.search }
    public var iterationCount: Int { known.iterations }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        try penalty.validate()
        let (classes, places) = try Examples.labels(y)
        guard classes.count == 2 else {
            throw .labels("There are \(classes.count) classes; logistic regression tells two apart. Use SoftmaxRegression, or OneVsRest(LogisticRegression()).")
        }
        let problem = LogisticProblem(x, places.cast(to: x.dtype), penalty, intercept: hasIntercept)
        let search = try search(problem)
        guard search.value.isFinite else {
            try Examples.requireFinite(x, y, featureNames)
            throw .notConverged("The objective is not finite. Scale the columns.")
        }
        let w = Array(search.point[..<problem.features]), b = hasIntercept ? search.point[problem.features] : 0
        let positives = places.sum().item() / Double(x.shape[0]), entropy = -(positives * logarithm(positives) + (1 - positives) * logarithm(1 - positives))
        fitted = Fitted(
            classes: classes, coefficients: w, intercept: b, search: search.end, iterations: search.iterations,
            loss: search.value - problem.penaltyValue(search.point),
            emptyLoss: Double(x.shape[0]) * (hasIntercept ? entropy : logarithm(2)), count: x.shape[0], hessian: search.hessian)
    }

    private func search(_ problem: LogisticProblem) throws(ModelError) -> LogisticProblem.Answer {
        let bound = tolerance * Double(problem.count)
        if penalty.sizes > 0 { return try problem.proximalNewton(bound: bound, iterations: iterations) }
        switch solver {
        case .newton: return try problem.newton(bound: bound, iterations: iterations)
        case .limitedMemoryBFGS(let memory):
            var search = problem.search(bound: bound, iterations: iterations)
            search.limitedMemoryBFGS(memory: memory)
            return try problem.answer(search.minimum)
        case .gradientDescent(let rate):
            var search = problem.search(bound: bound, iterations: iterations)
            search.descend(rate: rate / Double(problem.count))
            return try problem.answer(search.minimum)
        }
    }

    /// `X w + b`, the log-odds of the second class: [examples].
    public func decisionFunction(_ inputs: Tensor) -> Tensor {
        let x = inputs.floating
        return x.matmul(coefficients.cast(to: x.dtype)) + known.intercept
    }

    /// The more probable class.
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled((decisionFunction(inputs) .> 0).cast(to: .int64), known.classes) }

    /// [examples, 2], each row sums to 1.
    public func probabilities(_ inputs: Tensor) -> Tensor {
        let z = decisionFunction(inputs)
        return Tensor.stack([sigmoid(-z), sigmoid(z)], axis: 1)
    }
}
