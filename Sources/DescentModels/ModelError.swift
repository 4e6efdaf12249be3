/// Data that a model can't be fitted to, as a sentence that says what is wrong and what would help.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Shapes of inputs and targets that don't go together.
    case shape(String)
    /// An input or target that is NaN or infinite.
    case notFinite(row: Int, column: String)
    /// Targets that are no class labels, or fewer than two classes.
    case labels(String)
    /// The likelihood has no maximum: classes can be told apart without a mistake, so ever larger coefficients are ever better.
    case separable(String)
    /// A search that ended without an answer.
    case notConverged(String)
    /// A setting that makes no sense for this model.
    case setting(String)

    public var description: String {
        switch self {
        case .shape(let sentence), .labels(let sentence), .separable(let sentence), .notConverged(let sentence), .setting(let sentence): sentence
        case .notFinite(let row, let column): "Row \(row) of \(column) is NaN or infinite. Remove the row, or fill in a number."
        }
    }
}
