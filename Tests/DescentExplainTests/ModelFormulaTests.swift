import DescentExplain
import Testing

/// Formulas of models.
struct ModelFormulaTests {
    private let columns = ["y", "x1", "x2", "x3", "x4", "city", "Fuel use"]

    private func terms(_ source: String) throws -> [String] {
        guard case .linear(let terms) = try ModelFormula(source, columns: columns).content else {
            Issue.record("\(source) is not linear")
            return []
        }
        return terms.map(\.description)
    }

    @Test(
        "terms, as R's terms.formula has them, with powers as powers",
        arguments: [
            ("y ~ x1 + log(x2) + x1:x3 + C(city) + x2^2 - 1", ["x1", "log(x2)", "x1:x3", "C(city)", "x2^2"]),
            ("y ~ x1*x2", ["1", "x1", "x2", "x1:x2"]), ("y ~ (x1 + x2 + x3)^2", ["1", "x1", "x2", "x3", "x1:x2", "x1:x3", "x2:x3"]),
            ("y ~ . - x4", ["1", "x1", "x2", "x3", "city", "`Fuel use`"]), ("y ~ 0 + x1", ["x1"]), ("y ~ x1 + 0", ["x1"]), ("y ~ 1", ["1"]),
            ("y ~ x1*x2*x3 - x1:x2:x3", ["1", "x1", "x2", "x1:x2", "x3", "x1:x3", "x2:x3"]), ("log(y) ~ I(x1/x2) + x1 + x1", ["1", "I(x1/x2)", "x1"]),
            ("y ~ x1 + ... + x4", ["1", "x1", "x2", "x3", "x4"]), ("y ~ x1 + x1^2 + ... + x1^5", ["1", "x1", "x1^2", "x1^3", "x1^4", "x1^5"]),
            ("y ~ x2 + ... + x2^3", ["1", "x2", "x2^2", "x2^3"]), ("y ~ `Fuel use` + sqrt(`Fuel use`)", ["1", "`Fuel use`", "sqrt(`Fuel use`)"]),
        ])
    func linear(source: String, expected: [String]) throws { #expect(try terms(source) == expected) }

    @Test("names that are no columns are parameters, and those in which the formula is linear are found")
    func nonlinear() throws {
        let formula = try ModelFormula("log(y) ~ b1 - b2*x1*exp(-b3*x2)/pi", columns: columns)
        guard case .nonlinear(let expression, let parameters) = formula.content else {
            Issue.record("not nonlinear")
            return
        }
        #expect(parameters == ["b1", "b2", "b3"] && expression.linearNames(among: parameters) == ["b1", "b2"])
        #expect(formula.response.source == "log(y)" && formula.target == nil)
        #expect(try Expression("b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)").linearNames(among: ["b1", "b2", "b3", "b4"]) == ["b1"])
        #expect(try Expression("(b1 + b2*x)^2 + b3^1").linearNames(among: ["b1", "b2", "b3"]) == ["b3"])
    }

    @Test(
        "mistakes: what is wrong, and what would be right",
        arguments: [
            ("y ~ x1 + agee", "agee is no column. There are y, x1"), ("y ~ X1*b", "X1 is no column. Did you mean x1?"), ("y ~ x1 + C(town)", "town is no column"),
            ("y ~ 2*x1", "a number stands only in I(...)"), ("y ~ x1/x2", "a quotient of columns stands in I(...): I(a/b)"), ("y ~ x1 + y", "y is predicted"),
            ("y ~ b*y", "y is predicted"), ("x1 + x2", "the formula does not say what is predicted"), ("", "the formula is empty"), ("z ~ x1", "z is no column"),
            ("y ~ x1 + ... + x2^3", "don't say how ... goes on"), ("y ~ x1^0.5", "0.5 is not a whole number"), ("y ~ x1 +", "the formula ends where a column should be"),
            ("y ~ x1 - x2", "x2 is not among the terms before"), ("y ~ (x1 + x2", "the ) of this ( is missing"), ("y ~ `x1", "a name in ` ` has no end"),
            ("y ~ x1 ~ x2", "a ~ stands only"), ("y ~ x3 + ... + x6", "x6 is no column"),
        ])
    func mistakes(source: String, part: String) {
        #expect {
            try ModelFormula(source, columns: columns)
        } throws: {
            if !"\($0)".contains(part) { Issue.record("\(source): \($0)") }
            return $0 is ExpressionError
        }
    }
}
