/// Where Descent differs from PyTorch at awkward numbers on purpose, and why. docs/CONVENTIONS.md says more about the first of them.
struct CornerDifferences: Sendable {
    let functions: [String]
    /// "value", "gradient", "second"; the beginning of what is compared.
    let what: [String]
    /// The points, as the test names them; empty: all.
    let points: [String]
    /// What PyTorch gives there; nil: various numbers.
    let theirs: Double?
    /// The numbers that Descent gives there; empty: any.
    let ours: [Double]
    let reason: String

    private init(_ functions: String..., of what: [String], at points: [String] = [], theirs: Double?, ours: [Double], _ reason: String) {
        (self.functions, self.what, self.points, self.theirs, self.ours, self.reason) = (functions, what, points, theirs, ours, reason)
    }

    func applies(_ function: String, _ what: String, _ point: String, _ number: Double) -> Bool {
        functions.contains(function) && self.what.contains { what.hasPrefix($0) } && (points.isEmpty || points.contains(point))
            && (theirs.map { $0 == number || ($0.isNaN && number.isNaN) } ?? true)
    }
    func allows(_ number: Double) -> Bool { ours.isEmpty || ours.contains { $0 == number || ($0.isNaN && number.isNaN) } }

    private static let masked = ["[-inf, -inf, -inf]", "[-inf]"], equal = ["[0.0, 0.0, 0.0]", "[0.0]"], one = ["[7.0]", "[0.0]", "[nan]", "[-inf]"]
    private static let large = ["[1e+200, -1e+200, 1.0]", "[1.7976931348623157e+308, 1.0, -1.7976931348623157e+308]"]
    private static let same = "[1.7976931348623157e+308, 1.7976931348623157e+308, 1.7976931348623157e+308]"
    private static let huge = Double.greatestFiniteMagnitude
    private static let small = "[1e-310, 1e-310, 5e-324]"

    static let all: [CornerDifferences] = [
        // Conventions.
        .init("softmax", of: ["value", "gradient", "second"], at: masked, theirs: .nan, ours: [0], "a row that is masked throughout has nothing to choose"),
        .init("logSoftmax", of: ["value"], at: masked, theirs: .nan, ours: [-.infinity], "the logarithm of 0"),
        .init("logSoftmax", of: ["gradient"], at: masked, theirs: .nan, ours: [1, 2, 3], "its own number passes, the softmax is 0"),
        .init("logSoftmax", of: ["second"], at: masked, theirs: .nan, ours: [0], "the softmax is 0"),
        .init("logSumExp", of: ["gradient", "second"], at: masked, theirs: .nan, ours: [0], "the softmax is 0"),
        .init("norm2", of: ["second"], at: equal, theirs: .nan, ours: [0], "derivatives of any order at the kink count as 0"),
        .init("atan2", of: ["second"], theirs: .nan, ours: [0, .infinity, -.infinity, .nan], "derivatives at the origin count as 0; squares do not vanish beside it"),
        .init(
            "atan2", of: ["gradient"], theirs: 0, ours: [.infinity, -.infinity, 1 / huge, -1 / huge, 0.5 / huge, -0.5 / huge],
            "scaled by the larger: squares neither overflow nor vanish"),
        .init("atan2", of: ["gradient"], at: ["1e-310,1e-310"], theirs: nil, ours: [.infinity, -.infinity], "1 / 2e-310 overflows"),
        .init("xlogx", "xlogy", of: ["gradient", "second"], theirs: .nan, ours: [0], "0 log 0 is 0 with derivatives 0"),
        .init("clipped", of: ["gradient"], at: ["-1.0", "1.0"], theirs: 0, ours: [0.5], "at a tie with a bound half of the gradient passes, as in maximum and minimum"),
        .init("clipped", of: ["gradient"], at: ["nan"], theirs: 0, ours: [1], "NaN is not limited"),
        .init("elu", of: ["second"], at: ["0.0", "-0.0"], theirs: 0, ours: [1], "0 belongs to the exponential's side"),
        .init("relu", of: ["gradient"], at: ["nan"], theirs: 1, ours: [0], "NaN is not above 0"),
        .init("abs", of: ["gradient"], at: ["nan"], theirs: 0, ours: [.nan], "the sign of NaN is NaN"),
        .init("sign", of: ["value"], at: ["nan"], theirs: 0, ours: [.nan], "the sign of NaN is NaN"),
        .init("norm1", of: ["gradient"], theirs: 0, ours: [.nan], "the sign of NaN is NaN"),
        .init("normInfinity", of: ["gradient"], at: ["[nan, 1.0, 2.0]", "[nan]"], theirs: 0, ours: [.nan, 1 / 3.0], "the largest of numbers with NaN is NaN, and all share"),
        .init("max", "min", of: ["gradient"], theirs: .nan, ours: [1 / 3.0, 1], "the largest of numbers with NaN is NaN, and all share"),
        .init("pow", of: ["second"], theirs: .nan, ours: [0], "x^0 is 1 for all x, 0^b has derivative 0 in b"),
        .init("pow", of: ["gradient1"], at: ["0.0,nan", "-0.0,nan"], theirs: .nan, ours: [0], "0^b has derivative 0 in b"),
        // PyTorch's range is smaller.
        .init("norm2", "norm3", of: ["value", "gradient", "second"], at: large + [same, small], theirs: nil, ours: [], "scaled by the largest: squares and cubes neither overflow nor vanish"),
        .init(
            "logSumExp", of: ["gradient", "second"], at: [same], theirs: nil, ours: [1 / 3.0, -1 / 3.0, 0, 0.33333333333333337],
            "a logarithm beside 1e308 is lost in PyTorch's value, from which its gradient comes"),
        .init("product", "cumulativeProduct", of: ["gradient", "second"], theirs: .nan, ours: [], "products without the element, where PyTorch divides by it"),
        .init("cumulativeProduct", of: ["gradient"], at: [small], theirs: 0, ours: [], "products without the element, where PyTorch divides by it"),
        .init("erf", "gelu", of: ["second"], theirs: .nan, ours: [0], "exp(-x²) is 0, whatever x²"),
        .init("log1p", of: ["value"], at: ["5e-324"], theirs: 0, ours: [.leastNonzeroMagnitude], "log(1 + x) is x"),
        .init("softplus", of: ["second"], at: ["30.0"], theirs: 0, ours: [9.348077867342945e-14], "PyTorch goes over to x at 20"),
        // The remainder by the C library's fmod is exact; PyTorch's quotient overflows.
        .init("remainder", of: ["value"], theirs: .nan, ours: [], "exact for any quotient"),
        .init("remainder", of: ["gradient1"], theirs: .nan, ours: [.infinity, -.infinity], "minus the quotient, which is infinite"),
        .init("remainder", of: ["gradient1"], theirs: 1, ours: [0], "minus the quotient rounded down; a quotient by infinity is 0 and not just below it"),
        // Where there is no number either way.
        .init("pow0.5", of: ["second"], at: ["-inf"], theirs: 0, ours: [.nan], "the square root of a negative number"),
        .init("pow1.5", of: ["gradient"], at: ["-inf"], theirs: .nan, ours: [.infinity], "pow(-infinity, 0.5) is infinity in C"),
        .init("pow1.5", of: ["second"], at: ["-inf"], theirs: .nan, ours: [0], "pow(-infinity, -0.5) is 0 in C"),
        .init("variance", "variance1", of: ["gradient"], theirs: .infinity, ours: [.nan], "of infinite numbers: NaN for all"),
        .init("variance", "variance1", of: ["gradient"], theirs: -.infinity, ours: [.nan], "of infinite numbers: NaN for all"),
        .init("variance", "variance1", of: ["gradient"], at: large, theirs: nil, ours: [0.29629629629629634, 0.44444444444444453], "a rounding error of numbers of 1e200"),
        .init("variance1", of: ["second"], at: one, theirs: 0, ours: [.nan], "of one number: NaN, as the value"),
    ]
}
