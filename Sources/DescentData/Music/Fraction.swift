/// An exact rational number in lowest terms: a duration in whole notes, or a position in a tune.
public struct Fraction: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The numerator, with the sign.
    public let numerator: Int
    /// The denominator, at least 1.
    public let denominator: Int

    /// 0.
    public static let zero = Fraction(0)

    /// `numerator / denominator` in lowest terms.
    ///
    /// - Parameter denominator: Not 0.
    public init(_ numerator: Int, _ denominator: Int = 1) {
        let divisor = Self.divisor(numerator, denominator) * (denominator < 0 ? -1 : 1)
        (self.numerator, self.denominator) = (numerator / divisor, denominator / divisor)
    }

    /// The nearest number with the denominator 40,320, which halves, thirds, fifths and sevenths divide.
    private init(near value: Double) { self.init(Int((min(max(value, -1e12), 1e12) * 40_320).rounded()), 40_320) }

    /// As a floating-point number.
    public var value: Double { Double(numerator) / Double(denominator) }

    /// `3/8`, or `2` for a whole number.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// Whether a note of this many whole notes is written with one head: a power of two, with at most three dots.
    public var isNoteValue: Bool {
        guard numerator > 0, denominator & (denominator - 1) == 0 else { return false }
        let odd = numerator >> numerator.trailingZeroBitCount
        return odd == 1 || odd == 3 || odd == 7 || odd == 15
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (abs(a), abs(b))
        while b != 0 { (a, b) = (b, a % b) }
        return max(a, 1)
    }

    // Durations of one tune have small denominators, and everything is exact. Where a file's numbers are made to overflow, the result is rounded
    // and the program goes on.
    public static func + (a: Fraction, b: Fraction) -> Fraction {
        let divisor = divisor(a.denominator, b.denominator), (left, right) = (b.denominator / divisor, a.denominator / divisor)
        let (x, overflowX) = a.numerator.multipliedReportingOverflow(by: left), (y, overflowY) = b.numerator.multipliedReportingOverflow(by: right)
        let (sum, overflowSum) = x.addingReportingOverflow(y), (bottom, overflowBottom) = a.denominator.multipliedReportingOverflow(by: left)
        return overflowX || overflowY || overflowSum || overflowBottom ? Fraction(near: a.value + b.value) : Fraction(sum, bottom)
    }

    public static prefix func - (a: Fraction) -> Fraction { Fraction(-a.numerator, a.denominator) }
    public static func - (a: Fraction, b: Fraction) -> Fraction { a + -b }
    public static func += (a: inout Fraction, b: Fraction) { a = a + b }
    public static func -= (a: inout Fraction, b: Fraction) { a = a - b }

    public static func * (a: Fraction, b: Fraction) -> Fraction {
        let (top, overflowTop) = a.numerator.multipliedReportingOverflow(by: b.numerator)
        let (bottom, overflowBottom) = a.denominator.multipliedReportingOverflow(by: b.denominator)
        return overflowTop || overflowBottom ? Fraction(near: a.value * b.value) : Fraction(top, bottom)
    }

    /// - Parameter b: Not 0.
    public static func / (a: Fraction, b: Fraction) -> Fraction { a * (b.numerator < 0 ? Fraction(-b.denominator, -b.numerator) : Fraction(b.denominator, b.numerator)) }

    public static func < (a: Fraction, b: Fraction) -> Bool { (a - b).numerator < 0 }

    /// The largest whole number not above this one.
    public var floor: Int { numerator >= 0 ? numerator / denominator : -((-numerator + denominator - 1) / denominator) }
}
