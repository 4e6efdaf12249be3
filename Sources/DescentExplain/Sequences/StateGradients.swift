import DescentNN
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How a loss's gradient fares on its way back through the steps of a layer: the norm of dL/dh_t by step.
public struct StateGradients: Sendable, Equatable {
    /// The layer's name: "LSTM, layer 1".
    public let name: String
    /// What the norm is of: "dL/dh_t", of an LSTM "dL/d(h_t, c_t)".
    public let quantity: String
    /// By step, in the order of the sequence.
    public let norms: [Double]
    /// Whether the layer reads from the end, so that the gradient goes to the right.
    public let isReversed: Bool

    /// Norms of your own.
    public init(name: String, quantity: String = "dL/dh_t", norms: [Double], isReversed: Bool = false) {
        (self.name, self.quantity, self.norms, self.isReversed) = (name, quantity, norms, isReversed)
    }

    /// From the step that is read first.
    private var read: [Double] { isReversed ? norms.reversed() : norms }

    /// As `GradientFlow` has it: the norm after the step read first, against the largest.
    public var trend: GradientFlow.Trend {
        guard let first = read.first, let last = read.last else { return .healthy }
        guard norms.allSatisfy(\.isFinite) else { return .exploding }
        let largest = norms.max()!
        if first < 1e-3 * largest { return .vanishing }
        return last > 0 && first > 1e3 * last ? .exploding : .healthy
    }

    /// One sentence: whether it vanishes or explodes, by which factor a step.
    public var sentence: String {
        guard let first = read.first, let last = read.last, read.count > 1 else { return "\(name): one step, so the gradient has no way to go." }
        let figures = "‖\(quantity)‖ is \(short(last, digits: 3)) after the last step and \(short(first, digits: 3)) after the first"
        let factor = first > 0 && last > 0 && norms.allSatisfy(\.isFinite) ? ", a factor of \(short(pow(first / last, 1 / Double(read.count - 1)), digits: 3)) a step back" : ""
        switch trend {
        case .vanishing: return "\(name): the gradient vanishes on its way back through \(read.count) steps: \(figures)\(factor). What comes early is hardly learned from."
        case .exploding: return "\(name): the gradient explodes on its way back through \(read.count) steps: \(figures)\(factor). Clip its norm (--clip-norm)."
        case .healthy where first < 0.1 * norms.max()!: return "\(name): the gradient shrinks on its way back, but reaches the first of \(read.count) steps: \(figures)\(factor)."
        case .healthy: return "\(name): the gradient reaches the first of \(read.count) steps: \(figures)\(factor)."
        }
    }
}
