import DescentCore

/// Least squares: `y ≈ X w + b`.
///
/// The objective is `‖y - X w - b‖²`, with a penalty:
/// - `.ridge(λ)`: `‖y - X w - b‖² + λ ‖w‖²`
/// - `.lasso(λ)`: `‖y - X w - b‖² / (2 n) + λ ‖w‖₁`
/// - `.elasticNet(λ, share)`: `‖y - X w - b‖² / (2 n) + λ (share ‖w‖₁ + (1 - share) ‖w‖² / 2)`
///
/// which are the objectives of scikit-learn's Ridge, Lasso and ElasticNet.
///
///     var model = LinearRegression()
///     try model.fit(x, y)
///     print(model.summary())
public struct LinearRegression: Model {
    /// How the minimum is found.
    public enum Solver: Hashable, Sendable {
        /// By the normal equation, with Cholesky's factor of the centred and scaled `XᵀX`, where that is well-conditioned; else by the singular
        /// values of X, which give the answer of smallest norm. With a lasso's penalty, coordinate descent.
        case automatic
        /// By the singular values of X in any case (no penalty, or ridge).
        case singularValues
        /// Steps of `rate` against the gradient of the mean squared error, until its largest element is within 1e-10 of the data's scale.
        case gradientDescent(rate: Double, iterations: Int)
        /// Steps against the gradient of a random batch's mean squared error, in another order each epoch: an approximate answer.
        case stochasticGradientDescent(rate: Double, batch: Int = 32, epochs: Int, seed: Int = 0)
    }

    public var penalty: Penalty
    public var hasIntercept: Bool
    public var solver: Solver
    /// Names of the features, for `summary()` and messages; "x0", "x1", ... where there are none.
    public var featureNames: [String]

    private var fitted: Fitted?

    struct Fitted: Sendable {
        var coefficients: [Double]
        var intercept: Double
        var moments: Moments
        var residualSquares: Double
        /// Σ (y - mean)², or Σ y² without an intercept.
        var targetSquares: Double
        var collinear: [Collinearity]
        /// The scaled inverse of `XᵀX` where the normal equation was solved.
        var inverse: Tensor?
    }

    public init(penalty: Penalty = .none, intercept: Bool = true, solver: Solver = .automatic, featureNames: [String] = []) {
        (self.penalty, hasIntercept, self.solver, self.featureNames) = (penalty, intercept, solver, featureNames)
    }

    /// One coefficient a feature: float64 [features].
    public var coefficients: Tensor { Tensor(float64: known.coefficients) }
    /// The prediction where all features are 0; 0 for a model without an intercept.
    public var intercept: Double { known.intercept }
    /// Columns that are constant or combinations of columns before them. The coefficients are then the ones of smallest norm.
    public var collinear: [Collinearity] { known.collinear }

    var known: Fitted {
        guard let fitted else { stop("LinearRegression: fit comes before predict.") }
        return fitted
    }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        try penalty.validate()
        let moments = Moments(x, y, centred: hasIntercept)
        guard moments.isFinite else {
            try Examples.requireFinite(x, y, featureNames)
            throw .notConverged("The squares of the numbers overflow \(x.dtype). Scale the columns.")
        }
        let names = featureNames
        let collinear = Collinearity.find(moments.correlations, { Examples.name($0, names) }, noise: moments.noise)
        let (w, inverse) = try solution(x, y, moments, isDependent: !collinear.isEmpty)
        let b = hasIntercept ? moments.targetMean - dot(w, moments.means) : 0
        // The intercept as a tensor: a number would be part of the plan's form.
        let rest = y.cast(to: x.dtype) - (x.matmul(Tensor(float64: w).cast(to: x.dtype)) + Tensor(float64: [b], shape: []).cast(to: x.dtype))
        let residuals = rest.dot(rest).item()
        fitted = Fitted(
            coefficients: w, intercept: b, moments: moments, residualSquares: residuals, targetSquares: moments.targetSquares,
            collinear: collinear, inverse: inverse)
    }

    private func solution(_ x: Tensor, _ y: Tensor, _ moments: Moments, isDependent: Bool) throws(ModelError) -> ([Double], Tensor?) {
        switch solver {
        case .automatic where penalty.sizes > 0: return (try lasso(moments), nil)
        case .automatic:
            if let (w, inverse) = normalEquation(moments, isDependent: isDependent) { return (w, inverse) }
            return (singularValues(x, y, moments), nil)
        case .singularValues:
            if penalty.sizes > 0 { throw .setting("Singular values don't solve a lasso. Use solver .automatic, or a ridge penalty.") }
            return (singularValues(x, y, moments), nil)
        case .gradientDescent(let rate, let iterations): return (try gradientDescent(moments, rate: rate, iterations: iterations), nil)
        case .stochasticGradientDescent(let rate, let batch, let epochs, let seed):
            return (try stochastic(x, y, moments, rate: rate, batch: batch, epochs: epochs, seed: seed), nil)
        }
    }

    /// The factor of `‖w‖²` in an objective whose first term is `‖y - X w‖²`.
    private func ridgeStrength(_ count: Int) -> Double {
        switch penalty {
        case .none, .lasso: 0
        case .ridge(let strength): strength
        case .elasticNet(let strength, let share): strength * (1 - share) * Double(count)
        }
    }

    /// Nil where the scaled matrix is too close to singular for the type's digits.
    private func normalEquation(_ moments: Moments, isDependent: Bool) -> ([Double], Tensor)? {
        let scale = Tensor(float64: moments.lengths.map { 1 / $0 }), strength = ridgeStrength(moments.count)
        if isDependent, strength == 0 { return nil }
        let eye = Tensor.eye(moments.features, dtype: .float64), matrix = moments.correlations + eye * (scale * scale) * strength
        guard let factor = try? matrix.checkedCholesky() else { return nil }
        let inverse = factor.solveCholesky(eye)
        // The condition number in the 1-norm; beyond it the normal equation has lost half of the digits or more.
        let condition = (matrix.matrixNorm(.one) * inverse.matrixNorm(.one)).item()
        guard condition * moments.noise < 1e-3 * (moments.noise < 1e-10 ? 1e-4 : 1) else { return nil }
        return ((factor.solveCholesky(moments.products * scale) * scale).doubles, inverse * scale * scale.expanded(axis: 1))
    }

    private func singularValues(_ x: Tensor, _ y: Tensor, _ moments: Moments) -> [Double] {
        let centred = x.cast(to: .float64) - Tensor(float64: moments.means), targets = y.cast(to: .float64) - moments.targetMean
        let strength = ridgeStrength(moments.count), tall = centred.shape[0] >= centred.shape[1]
        let (u, s, v) = centred.svd()
        let bound = s.max().item() * 2.3e-16 * Double(Swift.max(centred.shape[0], centred.shape[1])) * (tall ? 1 : 4)
        let isKept = s .> bound, safe = Tensor.where(isKept, s, Tensor(1, like: s))
        let weights = Tensor.where(isKept, safe / (safe * safe + strength), Tensor(0, like: s))
        return v.matmul(targets.matmul(u) * weights).doubles
    }

    private func lasso(_ moments: Moments) throws(ModelError) -> [Double] {
        // In columns of length 1: the objective's matrix, and each column's own strength.
        let count = Double(moments.count), lengths = moments.lengths
        let extra = ridgeStrength(moments.count)
        var matrix = moments.correlations.doubles
        for j in lengths.indices { matrix[j * lengths.count + j] += extra / (lengths[j] * lengths[j]) }
        let linear = zip(moments.products.doubles, lengths).map { $0 / $1 }
        let found = coordinateDescent(
            matrix, linear, sizes: lengths.map { count * penalty.sizes / $0 }, from: [Double](repeating: 0, count: lengths.count),
            tolerance: Swift.max(1e-12, moments.noise), sweeps: 100_000)
        guard let found else {
            throw .notConverged("Coordinate descent did not settle in 100000 sweeps: the columns are all but collinear. Add a ridge share (elasticNet).")
        }
        return zip(found.solution, lengths).map { $0 / $1 }
    }

    private func gradientDescent(_ moments: Moments, rate: Double, iterations: Int) throws(ModelError) -> [Double] {
        if penalty.sizes > 0 { throw .setting("Gradient descent needs a slope everywhere; a lasso has none at 0. Use solver .automatic.") }
        let count = Double(moments.count), strength = ridgeStrength(moments.count)
        let matrix = moments.gram.doubles, linear = moments.products.doubles, size = linear.count
        let bound = 1e-10 * Swift.max(largest(linear) * 2 / count, 1e-300)
        var w = [Double](repeating: 0, count: size)
        for _ in 0..<iterations {
            var slope = linear.map { -$0 }
            for i in 0..<size { slope[i] += dot(Array(matrix[(i * size)..<((i + 1) * size)]), w) + strength * w[i] }
            slope = slope.map { 2 * $0 / count }
            w = moved(w, -rate, slope)
            let size = largest(slope)
            if !size.isFinite { throw .notConverged("Gradient descent diverged with rate \(rate). Use a smaller rate, or scale the columns.") }
            if size <= bound { break }
        }
        return w
    }

    private func stochastic(_ x: Tensor, _ y: Tensor, _ moments: Moments, rate: Double, batch: Int, epochs: Int, seed: Int) throws(ModelError) -> [Double] {
        guard batch > 0 else { throw .setting("A batch has at least one example; \(batch) was given.") }
        if penalty.sizes > 0 { throw .setting("Stochastic gradient descent needs a slope everywhere; a lasso has none at 0. Use solver .automatic.") }
        let data = x.doubles, targets = y.doubles, p = moments.features, count = moments.count
        let strength = ridgeStrength(count) / Double(count), random = Random(seed: seed)
        var w = [Double](repeating: 0, count: p)
        for _ in 0..<epochs {
            let order = random.permutation(count).ints
            for first in stride(from: 0, to: count, by: batch) {
                let members = order[first..<Swift.min(first + batch, count)]
                var slope = w.map { strength * $0 }
                for i in members {
                    var error = moments.targetMean - targets[i]
                    for j in 0..<p { error += (data[i * p + j] - moments.means[j]) * w[j] }
                    error /= Double(members.count)
                    for j in 0..<p { slope[j] += error * (data[i * p + j] - moments.means[j]) }
                }
                w = moved(w, -2 * rate, slope)
            }
            if !largest(w).isFinite { throw .notConverged("Stochastic gradient descent diverged with rate \(rate). Use a smaller rate, or scale the columns.") }
        }
        return w
    }

    /// `X w + b`: [examples], of the inputs' floating type.
    public func predict(_ inputs: Tensor) -> Tensor {
        let x = inputs.floating
        return x.matmul(coefficients.cast(to: x.dtype)) + known.intercept
    }

    /// R²: the share of the targets' variance that the predictions explain; 1 is perfect, below 0 is worse than their mean.
    public func score(_ inputs: Tensor, _ targets: Tensor) -> Double {
        let y = targets.flattened().cast(to: .float64), rest = y - predict(inputs).cast(to: .float64), spread = y - y.mean()
        return 1 - (rest.dot(rest) / spread.dot(spread)).item()
    }
}
