#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The normal distribution with mean 0 and variance 1.
public enum NormalDistribution {
    /// The probability of a number at least as far from 0.
    public static func twoSided(_ z: Double) -> Double { erfc(Swift.abs(z) / 2.0.squareRoot()) }

    /// The number that is exceeded with a probability, from 0 to 0.5.
    public static func upperQuantile(_ probability: Double) -> Double { quantile(probability) { twoSided($0) / 2 } }
}

/// Student's t distribution.
public struct StudentDistribution: Sendable {
    /// Degrees of freedom, above 0.
    public let freedom: Double

    /// With degrees of freedom.
    public init(freedom: Double) { self.freedom = freedom }

    /// The probability of a number at least as far from 0: the p value of a test from two sides.
    public func twoSided(_ t: Double) -> Double {
        if t.isNaN || !(freedom > 0) { return .nan }
        if t.isInfinite { return 0 }
        let square = t * t
        return regularizedBeta(freedom / (freedom + square), complement: square / (freedom + square), freedom / 2, 0.5)
    }

    /// The number that is exceeded with a probability, from 0 to 0.5.
    public func upperQuantile(_ probability: Double) -> Double { quantile(probability) { twoSided($0) / 2 } }
}

/// Fisher's F distribution.
public struct FisherDistribution: Sendable {
    /// Degrees of freedom of the numerator and of the denominator.
    public let numerator, denominator: Double

    /// With degrees of freedom.
    public init(_ numerator: Double, _ denominator: Double) { (self.numerator, self.denominator) = (numerator, denominator) }

    /// The probability of a number at least as large.
    public func upper(_ f: Double) -> Double {
        if f.isNaN || !(numerator > 0 && denominator > 0) { return .nan }
        if f <= 0 { return 1 }
        if f.isInfinite { return 0 }
        let a = numerator * f, whole = denominator + a
        return regularizedBeta(denominator / whole, complement: a / whole, denominator / 2, numerator / 2)
    }
}

/// The chi-squared distribution.
public struct ChiSquaredDistribution: Sendable {
    /// Degrees of freedom.
    public let freedom: Double

    /// With degrees of freedom.
    public init(freedom: Double) { self.freedom = freedom }

    /// The probability of a number at least as large: the regularized upper incomplete gamma function.
    public func upper(_ x: Double) -> Double {
        if x.isNaN || !(freedom > 0) { return .nan }
        if x <= 0 { return 1 }
        if x.isInfinite { return 0 }
        let a = freedom / 2, half = x / 2
        let factor = exp(a * log(half) - half - lgamma(a))
        if half < a + 1 {
            var term = 1 / a, sum = term, n = a
            repeat {
                n += 1
                term *= half / n
                sum += term
            } while term > sum * 1e-17
            return 1 - factor * sum
        }
        // Lentz's continued fraction.
        var b = half + 1 - a, c = 1e300, d = 1 / b, value = d
        for step in 1...10_000 {
            let n = Double(step), numerator = -n * (n - a)
            b += 2
            d = 1 / kept(numerator * d + b)
            c = kept(b + numerator / c)
            let change = d * c
            value *= change
            if Swift.abs(change - 1) < 1e-16 { break }
        }
        return factor * value
    }
}

/// The number at which a falling function is a probability, by halving: the function's values decide every digit.
private func quantile(_ probability: Double, _ upper: (Double) -> Double) -> Double {
    guard probability > 0 else { return .infinity }
    var low = 0.0, high = 1.0
    while upper(high) > probability, high < 1e300 { (low, high) = (high, high * 2) }
    while true {
        let middle = low + (high - low) / 2
        if middle <= low || middle >= high { return middle }
        if upper(middle) > probability { low = middle } else { high = middle }
    }
}

/// A divisor that may be used.
private func kept(_ value: Double) -> Double { Swift.abs(value) < 1e-300 ? 1e-300 : value }

/// The regularized incomplete beta function `I_x(a, b)`, by its continued fraction (Press et al. 2007, 6.4).
///
/// - Parameter complement: `1 - x`, which the caller knows to its last digit.
func regularizedBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    // The fraction converges fast on one side of the mean only.
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(complement, complement: x, b, a) }
    let logX = x > 0.5 ? log1p(-complement) : log(x), logComplement = complement > 0.5 ? log1p(-x) : log(complement)
    let factor = exp(a * logX + b * logComplement - logBeta(a, b)) / a
    var c = 1.0, d = 1 / kept(1 - (a + b) * x / (a + 1)), value = d
    for step in 1...10_000 {
        let m = Double(step)
        let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / kept(1 + even * d)
        c = kept(1 + even / c)
        value *= d * c
        let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / kept(1 + odd * d)
        c = kept(1 + odd / c)
        let change = d * c
        value *= change
        if Swift.abs(change - 1) < 1e-16 { break }
    }
    return factor * value
}

/// `log B(a, b)` without the differences of large logarithms of gamma functions (Fullerton 1977).
private func logBeta(_ first: Double, _ second: Double) -> Double {
    let (small, large) = (Swift.min(first, second), Swift.max(first, second))
    let sum = small + large
    if small >= 10 {
        let correction = stirlingRest(small) + stirlingRest(large) - stirlingRest(sum)
        return -0.5 * log(large) + 0.5 * log(2 * .pi) + correction + (small - 0.5) * log(small / sum) + large * log1p(-small / sum)
    }
    if large >= 10 {
        let correction = stirlingRest(large) - stirlingRest(sum)
        return lgamma(small) + correction + small - small * log(sum) + (large - 0.5) * log1p(-small / sum)
    }
    return lgamma(small) + lgamma(large) - lgamma(sum)
}

/// What Stirling's formula for the logarithm of the gamma function lacks, from 10.
private func stirlingRest(_ x: Double) -> Double {
    let square = 1 / (x * x)
    let coefficients = [1.0 / 156, -691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12]
    return coefficients.reduce(0) { $0 * square + $1 } / x
}
