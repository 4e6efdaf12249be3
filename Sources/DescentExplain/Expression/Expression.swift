import DescentCore

/// A formula written as text, such as `x**2*y + sin(y)` or `sum(softmax(W @ x) * y)`: read once, then evaluated over tensors, so that all
/// transforms (gradients, Jacobians, batches) apply to it.
///
///     let f = try Expression("x**2*y + sin(y)").function(of: ["x", "y"])
///     let slopes = gradient(at: point) { f([$0[0], $0[1]]) }
///
/// The syntax: numbers (`2`, `0.5`, `1e-3`), names, `+ - * /` element by element, powers as `**` or `^` (from the right, before a
/// sign on their left: `-x**2` is `-(x**2)`), `@` for the matrix product, vectors and matrices as lists (`[x, y]`, `[[1, 2], [3, 4]]`),
/// parentheses, and calls of the functions in `ExpressionFunction.all`. `pi` and `E` are the numbers, unless the values give those names.
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

    /// A part of a formula. Operators are calls too, of `ExpressionFunction.add` and its like.
    public indirect enum Form: Sendable {
        case number(Double)
        case name(String)
        case call(ExpressionFunction, [Node])
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
    public var names: [String] { root.names.filter { Self.constants[$0] == nil } }

    /// The formula's value for values of its names; shapes broadcast.
    ///
    /// - Parameters:
    ///   - values: a tensor for each name. Names that the formula lacks may be among them.
    ///   - dtype: the element type of the result where no tensor takes part in it, as in `1 + 2`.
    /// - Throws: `ExpressionError` for a name without a value, or for shapes that don't fit, with the place marked.
    public func callAsFunction(_ values: [String: Tensor], dtype: DType = .float64) throws(ExpressionError) -> Tensor {
        var known = values
        for (name, value) in Self.constants where values[name] == nil { known[name] = Tensor.full([], value, dtype: Self.common(values, dtype)) }
        for name in names where values[name] == nil { throw missing(name, among: values.keys.sorted()) }
        let graph = try ExpressionGraph(self)
        return try graph.values(of: known, dtype: Self.common(values, dtype))[graph.outputs[0].node]
    }

    /// The formula as a function of tensors in the order of `names`, for transforms.
    ///
    /// Shapes that don't fit stop the program, as they do in an operation on tensors.
    ///
    /// - Throws: `ExpressionError` for a name in the formula that is not among `names`, with the place marked.
    public func function(of names: [String], dtype: DType = .float64) throws(ExpressionError) -> @Sendable ([Tensor]) -> Tensor {
        for name in self.names where !names.contains(name) { throw missing(name, among: names.sorted()) }
        return { inputs in
            if inputs.count != names.count { stop("Expression: \(inputs.count) values for the names \(names.joined(separator: ", ")).") }
            do throws(ExpressionError) {
                return try self(Dictionary(zip(names, inputs)) { first, _ in first }, dtype: dtype)
            } catch { stop("\(error)") }
        }
    }

    private func missing(_ name: String, among known: [String]) -> ExpressionError {
        let list = known.isEmpty ? "none" : known.joined(separator: ", ")
        return ExpressionError(source: source, place: root.place(of: name) ?? root.place, reason: "\"\(name)\" has no value; there are \(list)")
    }

    /// The element type that plain numbers take beside these values.
    private static func common(_ values: [String: Tensor], _ dtype: DType) -> DType {
        let types = values.values.map(\.dtype).filter(\.isFloating)
        return types.isEmpty ? dtype : types.contains(.float64) ? .float64 : .float32
    }

    static let constants = ["pi": Double.pi, "E": 2.718281828459045]

    public var description: String { source }
}

extension Expression.Node {
    /// The names in it, in the order in which they are first read.
    var names: [String] {
        switch form {
        case .number: []
        case .name(let name): [name]
        case .call(_, let members): members.flatMap(\.names).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    /// Where a name first stands.
    func place(of name: String) -> Range<Int>? {
        switch form {
        case .number: nil
        case .name(let own): own == name ? place : nil
        case .call(_, let members): members.lazy.compactMap { $0.place(of: name) }.first
        }
    }
}
