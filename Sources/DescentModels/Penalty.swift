/// A term added to a linear model's objective to keep its coefficients small. The intercept is never penalised.
///
/// Each model's documentation says what the strength is measured against.
public enum Penalty: Hashable, Sendable {
    /// Nothing.
    case none
    /// Squares: `strength ‖w‖²` (halved in classifiers). Hoerl and Kennard 1970.
    case ridge(Double)
    /// Sizes: `strength ‖w‖₁`, which makes some coefficients exactly 0. Tibshirani 1996.
    case lasso(Double)
    /// Both: `strength (share ‖w‖₁ + (1 - share) ‖w‖² / 2)`. Zou and Hastie 2005.
    case elasticNet(Double, lassoShare: Double)

    func validate() throws(ModelError) {
        let (strength, share): (Double, Double) =
            switch self {
            case .none: (0, 0)
            case .ridge(let strength), .lasso(let strength): (strength, 0)
            case .elasticNet(let strength, let share): (strength, share)
            }
        guard strength >= 0, strength.isFinite else { throw .setting("A penalty's strength is a number from 0 on; \(strength) was given.") }
        guard (0...1).contains(share) else { throw .setting("An elastic net's lassoShare is between 0 and 1; \(share) was given.") }
    }

    /// The factor of `‖w‖₁`.
    var sizes: Double {
        switch self {
        case .none, .ridge: 0
        case .lasso(let strength): strength
        case .elasticNet(let strength, let share): strength * share
        }
    }
}
