#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The natural logarithm of a number in (0, 1). For 0: -infinity, so that 0ᵗ is 0.
func logarithm(_ value: Double) -> Double { log(value) }
/// `base ^ exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
