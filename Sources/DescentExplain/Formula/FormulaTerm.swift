/// A term of a linear model: a product of factors. Without factors it is the intercept.
public struct FormulaTerm: Hashable, Sendable, CustomStringConvertible {
    /// One factor of a term.
    public enum Factor: Hashable, Sendable, CustomStringConvertible {
        /// A column, as numbers or, where it holds none, as categories.
        case column(String)
        /// A column as categories, whatever it holds: `C(year)`.
        case category(String)
        /// A whole power of a column.
        case power(String, Int)
        /// Numbers computed from columns, by a formula of `Expression`.
        case computed(String)

        /// As it is written in a formula.
        public var description: String {
            switch self {
            case .column(let name): FormulaTerm.written(name)
            case .category(let name): "C(\(FormulaTerm.written(name)))"
            case .power(let name, let exponent): "\(FormulaTerm.written(name))^\(exponent)"
            case .computed(let text): FormulaTerm.isCall(text) ? text : "I(\(text))"
            }
        }
    }

    /// The factors, each once.
    public let factors: [Factor]

    /// A product.
    public init(_ factors: [Factor]) { self.factors = factors }

    /// The intercept.
    public static let intercept = FormulaTerm([])

    /// As it is written in a formula: "x1:x3".
    public var description: String { factors.isEmpty ? "1" : factors.map(\.description).joined(separator: ":") }

    /// The product of two terms; a factor of both stands once, as in R.
    func times(_ other: FormulaTerm) -> FormulaTerm { FormulaTerm(factors + other.factors.filter { !factors.contains($0) }) }

    /// The same factors in any order.
    public func isSame(as other: FormulaTerm) -> Bool { Set(factors) == Set(other.factors) }

    /// Whether a formula is one call, which stands among terms as it is.
    private static func isCall(_ text: String) -> Bool {
        guard let root = try? Expression(text).root, case .call(let function, _) = root.form else { return false }
        return function.notation == .call && root.place.count == text.count
    }

    /// A column's name as a formula takes it: in backticks where it is no plain name.
    public static func written(_ name: String) -> String {
        let isPlain = (name.first.map { $0.isLetter || $0 == "_" } ?? false) && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        return isPlain ? name : "`\(name)`"
    }
}
