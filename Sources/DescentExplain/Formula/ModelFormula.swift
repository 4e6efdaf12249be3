/// A model as a statistician writes it: `y ~ x1 + log(x2) + x1:x3 + C(city) + x^2 - 1`, or, with names that are no columns, a model that is not linear
/// in these parameters: `y ~ b1*(1 - exp(-b2*x))`.
///
/// A linear formula is a list of terms, as in R: `a:b` is a product, `a*b` is `a + b + a:b`, `(a + b + c)^2` all products of two, `.` every other column,
/// `- a` takes a term out, `- 1` or `+ 0` the intercept. Unlike in R a power of a column is that power. Calls and `I(...)` are computed from
/// columns by the language of `Expression`. `x1 + ... + x6` and `x + x^2 + ... + x^10` go on as they began. A name in backticks may
/// hold any characters.
public struct ModelFormula: Sendable, CustomStringConvertible {
    /// What stands to the right of `~`.
    public enum Content: Sendable {
        /// A sum of terms, each with a coefficient; the intercept is among them if there is one.
        case linear([FormulaTerm])
        /// Any formula of columns and parameters, which are named in the order first read.
        case nonlinear(Expression, parameters: [String])
    }

    /// The text it was read from.
    public let source: String
    /// What is predicted, as a formula of columns.
    public let response: Expression
    /// What it is predicted from.
    public let content: Content

    /// Reads a formula.
    ///
    /// - Parameters:
    ///   - columns: The names that are columns.
    ///   - target: The column that is predicted, where the formula has no `~`.
    /// - Throws: `ExpressionError` with the place marked.
    public init(_ source: String, columns: [String], target: String? = nil) throws(ExpressionError) {
        self.source = source
        var parser = try FormulaParser(source, columns: columns)
        (response, content) = try parser.formula(target: target)
    }

    /// A linear model of terms that are known.
    public init(response: Expression, terms: [FormulaTerm]) {
        (self.response, content) = (response, .linear(terms))
        let intercept = terms.contains(.intercept)
        let others = terms.filter { $0 != .intercept }.map(\.description)
        source = "\(response.source) ~ " + (others.isEmpty ? intercept ? "1" : "0" : others.joined(separator: " + ") + (intercept ? "" : " - 1"))
    }

    /// The formula as text.
    public var description: String { source }

    /// The column that is predicted; nil where it is computed from columns.
    public var target: String? {
        if case .name(let name) = response.root.form { name } else { nil }
    }
}
