import DescentCore

/// Where a search for a function's minimum ended, and how it got there.
public struct Minimum: Sendable {
    /// One point of the way.
    public struct Step: Sendable {
        /// The point; its shape is the start's.
        public let point: Tensor
        /// The function's value there.
        public let value: Double
        /// The gradient's largest element, by size.
        public let slope: Double
    }

    /// Why the search ended.
    public enum End: Equatable, Sendable {
        /// The gradient's largest element is within the tolerance.
        case converged
        /// All iterations were used.
        case iterationLimit
        /// No step along the search direction makes the value smaller: the floating-point numbers end here, or the gradient is wrong.
        case noProgress
        /// The value or the gradient became NaN or infinite.
        case notFinite
    }

    public let point: Tensor
    public let value: Double
    /// The gradient's largest element at the point, by size.
    public let slope: Double
    public let iterations: Int
    /// How often the function and its gradient were computed.
    public let evaluations: Int
    public let end: End
    /// All points, the start first, where the search was asked to keep them.
    public let path: [Step]
    public var isConverged: Bool { end == .converged }
}

/// How to search for a minimum.
public enum Minimizer: Hashable, Sendable {
    /// Steps of `rate` against the gradient.
    case gradientDescent(rate: Double)
    /// Newton's method, `x - H⁻¹ g`. Damped: where the Hessian is not positive definite, a multiple of the identity is added until it is, and
    /// a line search bounds the step, so the value never rises. Not damped: the bare step, which also finds saddles and maxima.
    case newton(damped: Bool = true)
    /// The quasi-Newton method of limited memory (Liu and Nocedal 1989), with the latest `memory` changes of the gradient.
    case limitedMemoryBFGS(memory: Int = 10)
    /// Nonlinear conjugate gradients, Polak and Ribiere's direction, restarted where it would turn back (PR+, Gilbert and Nocedal 1992).
    case conjugateGradient
}

/// The minimum of a scalar function, from a start. The function and its gradient are compiled once.
///
/// - Parameters:
///   - start: the first point, float32 or float64, of any shape.
///   - method: see `Minimizer`.
///   - tolerance: the search has converged when no element of the gradient is larger.
///   - iterations: the most steps.
///   - keepsPath: whether every point is kept in `path`.
///   - function: gives a floating scalar.
public func minimize(
    from start: Tensor, by method: Minimizer = .limitedMemoryBFGS(), tolerance: Double = 1e-8, iterations: Int = 1000, keepsPath: Bool = false,
    _ function: @escaping (Tensor) -> Tensor
) -> Minimum {
    let objective = Objective(like: start, function)
    var search = Search(objective, from: start.doubles, tolerance: tolerance, iterations: iterations, keepsPath: keepsPath)
    switch method {
    case .gradientDescent(let rate): search.descend(rate: rate)
    case .newton(let damped): search.newton(damped: damped, hessian: objective.hessian(of: function))
    case .limitedMemoryBFGS(let memory): search.limitedMemoryBFGS(memory: memory)
    case .conjugateGradient: search.conjugateGradient()
    }
    return search.minimum
}
