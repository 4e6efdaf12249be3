/// The line `bias + w₁ x₁ + w₂ x₂ = 0`, on which a linear classifier of two features changes its mind.
public struct LinearBoundary: Hashable, Sendable {
    /// The weights (w₁, w₂); the line's normal points to where the score is above 0.
    public let weights: (x: Double, y: Double)
    /// The bias.
    public let bias: Double

    /// A line of these weights.
    public init(weights: (x: Double, y: Double), bias: Double) {
        self.weights = weights
        self.bias = bias
    }

    /// The weights' length.
    public var norm: Double { (weights.x * weights.x + weights.y * weights.y).squareRoot() }

    /// The unit normal; `nil` where both weights are 0, and there is no line.
    public var normal: (x: Double, y: Double)? { norm > 0 ? (weights.x / norm, weights.y / norm) : nil }

    /// The distance of a point with its side's sign: (b + w·x) / |w|.
    public func distance(of point: (x: Double, y: Double)) -> Double { (bias + weights.x * point.x + weights.y * point.y) / norm }

    /// The line's distance to the origin, |b| / |w|.
    public var distanceToOrigin: Double { Swift.abs(bias) / norm }

    /// The point of the line that is nearest to the origin, -b w / |w|².
    public var nearestToOrigin: (x: Double, y: Double) { (-bias * weights.x / (norm * norm), -bias * weights.y / (norm * norm)) }

    /// The piece of the line within a box: its two ends, the one of smaller x first, of smaller y where they are the same. `nil` where the line
    /// misses the box, or touches a corner only.
    public func ends(x: ClosedRange<Double>, y: ClosedRange<Double>) -> (first: (x: Double, y: Double), second: (x: Double, y: Double))? {
        guard norm > 0 else { return nil }
        var points: [(x: Double, y: Double)] = []
        if weights.y != 0 {
            for side in [x.lowerBound, x.upperBound] { points.append((side, -(bias + weights.x * side) / weights.y)) }
        }
        if weights.x != 0 {
            for side in [y.lowerBound, y.upperBound] { points.append((-(bias + weights.y * side) / weights.x, side)) }
        }
        // A corner is found from both of its sides, once with a rounding error.
        let slack = 1e-12 * Swift.max(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
        let inside = points.filter {
            $0.x >= x.lowerBound - slack && $0.x <= x.upperBound + slack && $0.y >= y.lowerBound - slack && $0.y <= y.upperBound + slack
        }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard let first = inside.first, let last = inside.last else { return nil }
        let isPoint = Swift.abs(first.x - last.x) <= slack && Swift.abs(first.y - last.y) <= slack
        return isPoint ? nil : (first, last)
    }

    public static func == (a: Self, b: Self) -> Bool { a.weights == b.weights && a.bias == b.bias }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(weights.x)
        hasher.combine(weights.y)
        hasher.combine(bias)
    }
}
