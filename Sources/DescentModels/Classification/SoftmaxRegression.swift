import DescentCore

/// Multinomial logistic regression: `P(class k | x) = softmax(W x + b)ₖ`, by maximum likelihood.
///
/// The objective is the sum over examples of the cross-entropy, plus `λ ‖W‖² / 2` for `.ridge(λ)`; λ is scikit-learn's 1/C. Each class has
/// its own coefficients, so without a penalty only their differences are determined.
public struct SoftmaxRegression: ProbabilisticClassifier {
    public enum Solver: Hashable, Sendable {
        case limitedMemoryBFGS(memory: Int = 10)
        /// Newton's method with the exact Hessian, of all coefficients together: for few features and classes.
        case newton
        /// Steps of `rate` against the gradient of the mean over examples.
        case gradientDescent(rate: Double)
    }

    /// `.none` or `.ridge`.
    public var penalty: Penalty
    public var hasIntercept: Bool
    public var solver: Solver
    /// The search has converged when no element of the mean objective's gradient is larger.
    public var tolerance: Double
    public var iterations: Int

    struct Fitted: Sendable {
        var classes: [Int]
        /// [classes, features + 1], the intercept last.
        var weights: Tensor
        var search: Minimum.End
        var iterations: Int
        var objective: Double
    }
    private var fitted: Fitted?

    public init(penalty: Penalty = .ridge(1), intercept: Bool = true, solver: Solver = .limitedMemoryBFGS(), tolerance: Double = 1e-4, iterations: Int = 1000) {
        (self.penalty, hasIntercept, self.solver, self.tolerance, self.iterations) = (penalty, intercept, solver, tolerance, iterations)
    }

    private var known: Fitted {
        guard let fitted else { stop("SoftmaxRegression: fit comes before predict.") }
        return fitted
    }

    public var classes: [Int] { known.classes }
    /// float64 [classes, features].
    public var coefficients: Tensor { known.weights[.all, 0..<(known.weights.shape[1] - 1)] }
    /// float64 [classes].
    public var intercepts: Tensor { known.weights[.all, -1] }
    /// How the search ended; other than `.converged`, the coefficients are the best it found.
    public var end: Minimum.End { known.search }
    public var iterationCount: Int { known.iterations }
    /// The objective's value at the coefficients.
    public var objective: Double { known.objective }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        try penalty.validate()
        let strength: Double
        switch penalty {
        case .none: strength = 0
        case .ridge(let given): strength = given
        case .lasso, .elasticNet: throw .setting("Softmax regression takes no penalty, or a ridge; a lasso is had by OneVsRest(LogisticRegression(penalty: .lasso(λ))).")
        }
        let (classes, places) = try Examples.labels(y)
        let count = x.shape[0], features = x.shape[1], hasIntercept = hasIntercept
        // The penalty spares the last column; without an intercept that column is masked out.
        let kept = Tensor([Double](repeating: 1, count: features) + [hasIntercept ? 1 : 0], like: x)
        let penalised = Tensor([Double](repeating: strength / Double(count), count: features) + [0], like: x)
        func mean(_ weights: Tensor) -> Tensor {
            let masked = weights * kept, z = x.matmul(masked[.all, 0..<features].transposed()) + masked[.all, features]
            let largest = stopGradient(z.max(axis: 1, keepingAxis: true)), shifted = z - largest
            let own = shifted.gatheredAlong(places.expanded(axis: 1), axis: 1).squeezed(axis: 1)
            return (log(exp(shifted).sum(axis: 1)) - own).mean() + (masked * masked * penalised).sum() * 0.5
        }
        let objective = Objective(like: Tensor.zeros([classes.count, features + 1], dtype: x.dtype), mean)
        var search = Search(objective, from: [Double](repeating: 0, count: classes.count * (features + 1)), tolerance: tolerance, iterations: iterations)
        switch solver {
        case .limitedMemoryBFGS(let memory): search.limitedMemoryBFGS(memory: memory)
        case .newton: search.newton(damped: true, hessian: objective.hessian(of: mean))
        case .gradientDescent(let rate): search.descend(rate: rate)
        }
        let minimum = search.minimum
        if minimum.end == .notFinite {
            try Examples.requireFinite(x, y, [])
            throw .notConverged("The objective is not finite. Scale the columns, or use a smaller rate.")
        }
        let weights = (minimum.point * kept).cast(to: .float64)
        evaluate(weights)
        fitted = Fitted(classes: classes, weights: weights, search: minimum.end, iterations: minimum.iterations, objective: minimum.value * Double(count))
        if strength == 0, (predict(x) .== y.cast(to: .int64)).all().bools[0] {
            fitted = nil
            throw LogisticProblem.separable
        }
    }

    /// Logits `X Wᵀ + b`: [examples, classes].
    public func decisionFunction(_ inputs: Tensor) -> Tensor {
        let x = inputs.floating
        return x.matmul(coefficients.cast(to: x.dtype).transposed()) + intercepts.cast(to: x.dtype)
    }
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled(decisionFunction(inputs).argmax(axis: 1), known.classes) }
    public func probabilities(_ inputs: Tensor) -> Tensor { softmax(decisionFunction(inputs), axis: 1) }
}

extension Tensor {
    /// A vector of numbers of the same type as another tensor's.
    init(_ values: [Double], like other: Tensor) {
        self = other.dtype == .float64 ? Tensor(float64: values) : Tensor(values.map(Float.init))
    }
}
