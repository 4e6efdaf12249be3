import DescentCore

/// A function that a formula can call.
public struct ExpressionFunction: Sendable {
    /// "sin"
    public let name: String
    /// How many arguments it takes.
    public let arguments: ClosedRange<Int>
    /// Its value, element by element.
    public let apply: @Sendable ([Tensor]) -> Tensor

    private init(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) {
        (self.name, arguments, self.apply) = (name, 1...1, { apply($0[0]) })
    }

    private init(_ name: String, _ arguments: ClosedRange<Int>, _ apply: @escaping @Sendable ([Tensor]) -> Tensor) {
        (self.name, self.arguments, self.apply) = (name, arguments, apply)
    }

    /// "1 argument", "2 arguments", "1 or more arguments"
    var argumentsInWords: String {
        let (low, high) = (arguments.lowerBound, arguments.upperBound)
        let count = low == high ? "\(low)" : high == .max ? "\(low) or more" : "\(low) to \(high)"
        return count == "1" ? "1 argument" : "\(count) arguments"
    }

    /// All by name; some have two (`log` and `ln`, `Abs` and `abs`), so that formulas of SymPy and of textbooks read alike.
    public static let all: [String: ExpressionFunction] = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })

    private static let list: [ExpressionFunction] = [
        .init("sin") { sin($0) }, .init("cos") { cos($0) }, .init("tan") { tan($0) },
        .init("sec") { 1 / cos($0) }, .init("csc") { 1 / sin($0) }, .init("cot") { 1 / tan($0) },
        .init("asin") { asin($0) }, .init("acos") { acos($0) }, .init("atan") { atan($0) }, .init("atan2", 2...2) { atan2($0[0], $0[1]) },
        .init("sinh") { sinh($0) }, .init("cosh") { cosh($0) }, .init("tanh") { tanh($0) },
        .init("asinh") { log($0 + sqrt($0.squared + 1)) },
        .init("acosh") { log($0 + sqrt($0.squared - 1)) },
        .init("atanh") { 0.5 * (log1p($0) - log1p(-$0)) },
        .init("exp") { exp($0) }, .init("expm1") { expm1($0) }, .init("log1p") { log1p($0) },
        .init("log", 1...2) { $0.count == 1 ? log($0[0]) : log($0[0]) / log($0[1]) }, .init("ln") { log($0) },
        .init("sqrt") { sqrt($0) }, .init("cbrt") { $0.pow(1 / 3.0) }, .init("Pow", 2...2) { $0[0].pow($0[1]) },
        .init("abs") { abs($0) }, .init("Abs") { abs($0) }, .init("sign") { sign($0) },
        .init("floor") { floor($0) }, .init("ceil") { ceil($0) }, .init("ceiling") { ceil($0) },
        .init("max", 1...Int.max) { $0.dropFirst().reduce($0[0]) { maximum($0, $1) } },
        .init("Max", 1...Int.max) { $0.dropFirst().reduce($0[0]) { maximum($0, $1) } },
        .init("min", 1...Int.max) { $0.dropFirst().reduce($0[0]) { minimum($0, $1) } },
        .init("Min", 1...Int.max) { $0.dropFirst().reduce($0[0]) { minimum($0, $1) } },
        .init("sigmoid") { sigmoid($0) }, .init("softplus") { softplus($0) }, .init("relu") { relu($0) },
        .init("erf") { erf($0) }, .init("erfc") { 1 - erf($0) },
    ]
}
