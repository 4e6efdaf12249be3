#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Logarithms and powers of ten, for scales and for digits.
enum Powers {
    static func log10(_ value: Double) -> Double {
        #if canImport(Darwin)
        Darwin.log10(value)
        #elseif canImport(Glibc)
        Glibc.log10(value)
        #else
        Musl.log10(value)
        #endif
    }

    /// How many powers of ten lie between two numbers above 0, the quotient of which may be out of range.
    static func decades(from low: Double, to high: Double) -> Double { log10(high) - log10(low) }

    /// 10 to a real power.
    static func ten(_ exponent: Double) -> Double {
        if exponent == exponent.rounded(), abs(exponent) < 300 { return ten(Int(exponent)) }
        #if canImport(Darwin)
        return Darwin.pow(10, exponent)
        #elseif canImport(Glibc)
        return Glibc.pow(10, exponent)
        #else
        return Musl.pow(10, exponent)
        #endif
    }

    /// 10 to a whole power, correctly rounded: the reader of decimal text is exact where repeated products are not.
    static func ten(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? (exponent < 0 ? 0 : .infinity) }

    /// The decimal exponent of the first digit: 0 for 1...9.99, -1 for 0.1.
    static func exponent(of value: Double) -> Int {
        var exponent = Int(log10(abs(value)).rounded(.down))
        if abs(value) >= ten(exponent + 1) { exponent += 1 }
        if abs(value) < ten(exponent) { exponent -= 1 }
        return exponent
    }
}
