import DescentCore

/// A formula written as text, such as `x**2*y + sin(y)`: read once, then evaluated over tensors, element by element, so that all
/// transforms (gradients, Jacobians, batches) apply to it.
///
///     let f = try Expression("x**2*y + sin(y)").function(of: ["x", "y"])
///     let slopes = gradient(at: point) { f([$0[0], $0[1]]) }
///
/// What may be written: numbers (`2`, `0.5`, `1e-3`), names, `+ - * /`, powers as `**` or `^` (from the right, before a sign on their left:
/// `-x**2` is `-(x**2)`), parentheses, and calls of the functions in `ExpressionFunction.all`. `pi` and `E` are the numbers, unless the
/// values give those names.
public struct Expression: Sendable, CustomStringConvertible {
    /// The text it was read from.
    public let source: String
    /// The whole formula.
    public let root: Node

    /// A part of a formula, and where it stands.
    public struct Node: Sendable {
        public let form: Form
        /// In characters of the source, from 0.
        public let place: Range<Int>

        public init(form: Form, place: Range<Int>) { (self.form, self.place) = (form, place) }
    }

    /// What a part of a formula is.
    public indirect enum Form: Sendable {
        case number(Double)
        case name(String)
        case negation(Node)
        case operation(Operation, Node, Node)
        case call(ExpressionFunction, [Node])
    }

    /// What stands between two parts.
    public enum Operation: String, Sendable {
        case add = "+", subtract = "-", multiply = "*", divide = "/", power = "**"
    }

    /// Reads a formula.
    ///
    /// - Throws: `ExpressionError`, with the place marked: a part that is missing or too much, a function that is not known, a call with too
    ///   few or too many arguments.
    public init(_ source: String) throws(ExpressionError) {
        self.source = source
        var parser = try ExpressionParser(source)
        root = try parser.formula()
    }

    /// The names in it that need a value, in the order in which they are first read. `pi` and `E` are not among them.
    public var names: [String] {
        var found: [String] = []
        Self.visit(root) { node in
            if case .name(let name) = node.form, !found.contains(name), Self.constants[name] == nil { found.append(name) }
        }
        return found
    }

    private static func visit(_ node: Node, _ body: (Node) -> Void) {
        body(node)
        switch node.form {
        case .number, .name: break
        case .negation(let inner): visit(inner, body)
        case .operation(_, let left, let right):
            visit(left, body)
            visit(right, body)
        case .call(_, let arguments): for argument in arguments { visit(argument, body) }
        }
    }

    static let constants = ["pi": Double.pi, "E": 2.718281828459045]

    public var description: String { source }
}
