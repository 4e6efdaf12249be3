import DescentCore

/// Nonlinear least squares: parameters `b` such that `Σ (yᵢ - f(xᵢ, b))²` is smallest, with what is inferred from them, as R's `nls`.
///
///     let model = NonlinearLeastSquares(["b1", "b2"], target: y, linear: [0]) { b in b[0] * (1 - exp(-b[1] * x)) }
///     let fit = try model.fit(from: [500, 1e-4])
///
/// The Jacobian is exact: `f` is an ordinary function of tensors. Each search is made twice from a start, once in all parameters and once with those in which the model
/// is linear solved for at each step, which reaches the minimum from far away; the better result counts. Where neither finds a minimum at
/// which all parameters are determined, or without a start, searches from many starts follow.
public struct NonlinearLeastSquares {
    /// The parameters' names.
    public let parameters: [String]
    private let problem: NonlinearProblem
    /// The sizes of the data, from which starts are drawn.
    private let scales: [ClosedRange<Double>]
    /// The starts tried where none is given, how many of them a few steps are made from, and how many are searched from.
    private static let draws = 300, glimpses = 40, searches = 6

    /// A model and its data.
    ///
    /// - Parameters:
    ///   - parameters: Names.
    ///   - target: What the model is fitted to; finite, at least one number.
    ///   - linear: Parameters, by number, in which the model is linear while the others stay; an empty list is never wrong.
    ///   - bounds: The values that each parameter may have; nil for all.
    ///   - scales: The ranges of the data that the model reads, from which starts are drawn where none is given.
    ///   - model: The model's values for parameters, a float64 vector: as many as targets.
    public init(
        _ parameters: [String], target: [Double], linear: [Int] = [], bounds: [ClosedRange<Double>?]? = nil, scales: [ClosedRange<Double>] = [],
        model: @escaping (Tensor) -> Tensor
    ) {
        let bounds = bounds ?? Array(repeating: nil, count: parameters.count)
        if bounds.count != parameters.count { stop("NonlinearLeastSquares: \(bounds.count) bounds for \(parameters.count) parameters.") }
        (self.parameters, self.scales) = (parameters, scales)
        problem = NonlinearProblem(target: target, linear: linear, bounds: bounds, model)
    }

    /// Finds the parameters.
    ///
    /// - Parameters:
    ///   - start: The first parameters; nil to try many.
    ///   - seed: What tried starts are drawn from.
    ///   - confidence: The probability that an interval covers its parameter.
    /// - Throws: `ModelError` where no start has a finite value, or there are fewer rows than parameters.
    public func fit(from start: [Double]? = nil, seed: Int = 1, confidence: Double = 0.95) throws(ModelError) -> NonlinearFit {
        if problem.target.count < parameters.count {
            throw .shape("\(problem.target.count) rows do not determine \(parameters.count) parameters.")
        }
        var found: [NonlinearProblem.End] = []
        func search(_ start: [Double]) {
            if !problem.linear.isEmpty, let end = problem.search(from: start, projects: true) { found.append(end) }
            if let end = problem.search(from: start, projects: false) { found.append(end) }
        }
        if let start {
            if start.count != parameters.count { stop("NonlinearLeastSquares: \(start.count) numbers to start from for \(parameters.count) parameters.") }
            search(start)
        }
        var tried = 0
        if !found.contains(where: \.isGood) {
            var random = Random(seed: seed, scales: scales)
            tried = Self.draws
            let draws = (0..<Self.draws).map { _ in zip(parameters.indices, problem.bounds).map { random.value(near: start?[$0], within: $1) } }
            func best(_ starts: [[Double]], iterations: Int, count: Int) -> [[Double]] {
                let points = starts.compactMap { problem.glimpse(from: $0, iterations: iterations) }.sorted { $0.squares < $1.squares }
                return points.prefix(count).map(\.parameters)
            }
            for start in best(best(draws, iterations: 0, count: Self.glimpses), iterations: 4, count: Self.searches) { search(start) }
        }
        // A minimum at which all is determined, else the smallest sum there is.
        guard let best = found.filter(\.isGood).min(by: { $0.point.squares < $1.point.squares }) ?? found.min(by: { $0.point.squares < $1.point.squares }) else {
            throw .notConverged(
                start == nil
                    ? "None of \(tried) random starts gives the model finite values. Say where to start."
                    : "The model has no finite value at the start, nor at \(tried) random starts. Start where it has one.")
        }
        let ordered = start.map { problem.ordered(best, like: $0) } ?? best
        return NonlinearFit(parameters, problem, ordered, startsTried: tried, confidence: confidence)
    }

    /// Draws starts.
    private struct Random {
        private var state: UInt64
        private let scales: [ClosedRange<Double>]

        init(seed: Int, scales: [ClosedRange<Double>]) {
            state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15
            self.scales = scales.filter { $0.lowerBound.isFinite && $0.upperBound.isFinite }
        }

        /// SplitMix64 (Steele, Lea and Flood 2014), from 0 to below 1.
        private mutating func share() -> Double {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return Double((mixed ^ mixed >> 31) >> 11) * 0x1p-53
        }

        /// A number of any size, or a place in the data, or its inverse; half of the time around a start that is known.
        mutating func value(near start: Double?, within bound: ClosedRange<Double>?) -> Double {
            if let bound, bound.lowerBound.isFinite, bound.upperBound.isFinite { return bound.lowerBound + share() * (bound.upperBound - bound.lowerBound) }
            var value: Double
            if let start, start != 0, share() < 0.5 {
                value = start * power(of: 10, 3 * share() - 1.5) * (share() < 0.1 ? -1 : 1)
            } else {
                let scale = scales.isEmpty ? 0...1 : scales[Int(share() * Double(scales.count))]
                let size = Swift.max(Swift.abs(scale.lowerBound), Swift.abs(scale.upperBound), 1e-300)
                switch share() {
                case ..<0.4: value = power(of: 10, 7 * share() - 4)
                case ..<0.65: value = scale.lowerBound + share() * (scale.upperBound - scale.lowerBound)
                default: value = power(of: 10, 2.5 * share() - 1) / size
                }
                if share() < 0.25 { value = -value }
            }
            if let bound { value = Swift.min(Swift.max(value, bound.lowerBound), bound.upperBound) }
            return value
        }
    }
}
