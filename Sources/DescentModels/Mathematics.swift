#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
/// `1 / (1 + exp(-x))`.
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
/// A power.
func power(of base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
/// `sin x`.
func sine(_ x: Double) -> Double { sin(x) }
/// `exp x`.
func exponential(_ x: Double) -> Double { exp(x) }
