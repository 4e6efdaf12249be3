/// A number as the unevaluated sum of two doubles: about 32 decimal digits (Dekker 1971; Hida, Li and Bailey 2001).
///
/// Least squares needs it where columns are nearly collinear: in double precision the squares of a table's columns lose twice the digits that
/// the columns themselves would, in this one both are far below the last digit of a double.
public struct DoubleDouble: Equatable, Sendable {
    /// The nearest double.
    public let high: Double
    /// What the nearest double lacks.
    public let low: Double

    /// A double, exactly.
    public init(_ value: Double) { (high, low) = (value, 0) }

    /// The sum of a number and of a much smaller one.
    init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

    static let zero = DoubleDouble(0)

    /// The exact product of two doubles.
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let high = a * b
        return DoubleDouble(high: high, low: (-high).addingProduct(a, b))
    }

    /// The exact sum of two doubles.
    private static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let high = a + b, part = high - a
        return DoubleDouble(high: high, low: (a - (high - part)) + (b - part))
    }

    /// The same number with the parts as they must be: low below half of high's last digit.
    private static func normalized(_ high: Double, _ low: Double) -> DoubleDouble {
        let total = high + low
        return DoubleDouble(high: total, low: low - (total - high))
    }

    /// The sum.
    public static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let highs = sum(a.high, b.high), lows = sum(a.low, b.low)
        let first = normalized(highs.high, highs.low + lows.high)
        return normalized(first.high, first.low + lows.low)
    }

    /// The number with the other sign.
    public static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(high: -a.high, low: -a.low) }

    /// The difference.
    public static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

    /// The product.
    public static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let main = product(a.high, b.high)
        return normalized(main.high, main.low + (a.high * b.low + a.low * b.high))
    }

    /// The quotient.
    public static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        let rest = a - b * DoubleDouble(first)
        let second = rest.high / b.high
        let last = (rest - b * DoubleDouble(second)).high / b.high
        return normalized(first, second) + DoubleDouble(last)
    }

    static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }
    static func -= (a: inout DoubleDouble, b: DoubleDouble) { a = a - b }

    /// The square root of a number that is not negative, by one of Newton's steps.
    func squareRoot() -> DoubleDouble {
        guard high > 0 else { return .zero }
        let root = high.squareRoot()
        let rest = self - DoubleDouble.product(root, root)
        return DoubleDouble.normalized(root, rest.high / (2 * root))
    }

    /// A power with a whole exponent from 0.
    public func power(_ exponent: Int) -> DoubleDouble {
        var result = DoubleDouble(1), base = self, left = exponent
        while left > 0 {
            if left & 1 == 1 { result = result * base }
            base = base * base
            left >>= 1
        }
        return result
    }
}
