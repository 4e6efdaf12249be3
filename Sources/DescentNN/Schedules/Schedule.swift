#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the learning rate changes over a run, as a factor of its highest value.
public enum Schedule: String, CaseIterable, Hashable, Sendable {
    /// Always 1.
    case constant
    /// From 1 to 0 along half a cosine: `(1 + cos(π t)) / 2`. Loshchilov and Hutter 2017.
    case cosine

    /// The factor of a step (from 0) of a run of `total` steps.
    public func callAsFunction(_ step: Int, of total: Int) -> Double {
        switch self {
        case .constant: 1
        case .cosine: (1 + cos(.pi * Double(step) / Double(Swift.max(total, 1)))) / 2
        }
    }
}
