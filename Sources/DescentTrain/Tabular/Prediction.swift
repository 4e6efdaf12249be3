/// A model's answer for one row.
public enum Prediction: Equatable, Sendable {
    /// The most probable class (its number among the target's classes), and the probability of each.
    case label(Int, probabilities: [Float])
    /// A number, in the target's own unit.
    case value(Double)
}
