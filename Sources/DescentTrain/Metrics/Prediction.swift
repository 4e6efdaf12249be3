/// A model's answer for one row.
public enum Prediction: Equatable, Sendable {
    /// The most probable class (its number among the target's classes), and the probability of each.
    case label(Int, probabilities: [Float])
    /// A number, in the target's own unit.
    case value(Double)
}

extension Prediction {
    /// The most probable class; -1 for a number.
    package var label: Int { if case .label(let label, _) = self { label } else { -1 } }
    /// The number; NaN for a class.
    package var number: Double { if case .value(let value) = self { value } else { .nan } }
    /// The probability of each class; none for a number.
    package var probabilities: [Float] { if case .label(_, let all) = self { all } else { [] } }
    /// Whether all its numbers are finite.
    package var isFinite: Bool {
        switch self {
        case .label(_, let probabilities): probabilities.allSatisfy(\.isFinite)
        case .value(let value): value.isFinite
        }
    }
}
