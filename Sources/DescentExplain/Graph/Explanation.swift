import DescentCore

/// A computational graph with its numbers: every value, every local derivative, every gradient that comes in and goes out.
///
///     let explanation = try Explanation("L = (y - s)^2; s = sigmoid(w*x)", at: "x=2, y=1, w=0.3")
///     print(explanation.text())
///
/// Forward, each node computes its value. Backward, each takes the gradient that comes in (the sum of what its users send, where there are
/// several), and sends to each argument that gradient times the local derivative. All derivatives are the library's `gradient`, `jvp` and
/// `jacobian`, in float64.
public struct Explanation: Sendable {
    /// The graph of the formulas.
    public let graph: ExpressionGraph
    /// The inputs' values by name, in float64.
    public let inputs: [String: Tensor]
    /// The inputs that derivatives are wanted by, in the order of the formulas or of the request.
    public let variables: [String]
    /// The name of the value that is explained.
    public let output: String
    /// All nodes, each after those it takes.
    public let nodes: [Node]

    /// A node with its numbers.
    public struct Node: Sendable {
        /// An input's or definition's name; `v1`, `v2`... for what lies between; a constant's number.
        public let name: String
        /// The operation on its arguments' names: "w1 * x"; "input"; "number".
        public let operation: String
        /// Its value.
        public let value: Tensor
        /// Its arguments, with derivatives; constants among them have none.
        public let arguments: [Argument]
        /// The gradient of the output by this node's value: its shape. `nil` for constants, and where the output is not a single number.
        public let gradient: Tensor?
        /// Where the gradient comes from: each use of the node with what it sends. Their sum is `gradient`; the output starts with 1.
        public let summands: [(node: String, gradient: Tensor)]
        /// A note on the derivative at this point: a tie, a kink.
        public let remark: String?
    }

    /// One argument of a node.
    public struct Argument: Sendable {
        /// The node that it is.
        public let name: String
        /// The derivative of the node by this argument; `nil` for constants.
        public let derivative: LocalDerivative?
        /// The gradient that the node sends to the argument: its own times the derivative. The argument's shape.
        public let gradient: Tensor?
    }

    /// The derivative of a node by one argument.
    public enum LocalDerivative: Sendable {
        /// For operations element by element: one number for each element of the node.
        case elementwise(Tensor)
        /// For others: the node's shape followed by the argument's.
        case jacobian(Tensor)

        /// The numbers.
        public var value: Tensor {
            switch self {
            case .elementwise(let value), .jacobian(let value): value
            }
        }
    }

    /// Explains formulas at values given as text. See `ExpressionGraph(definitions:)` and `ArgumentValues`.
    public init(_ definitions: String, at values: String, output: String? = nil, wrt variables: [String] = []) throws {
        let read = try ArgumentValues.read(values)
        try self.init(
            ExpressionGraph(definitions: definitions), at: Dictionary(uniqueKeysWithValues: read.map { ($0.name, $0.value) }), output: output, wrt: variables)
    }

    /// Explains a graph at values.
    ///
    /// - Parameters:
    ///   - values: a tensor for each input; computed with in float64.
    ///   - output: the definition that is explained; by default the first that no other one uses.
    ///   - variables: the inputs that derivatives are wanted by; all by default.
    /// - Throws: `ExpressionError` (shapes that don't fit, a value outside of a function's domain, with the node), `ExplanationError`.
    public init(_ graph: ExpressionGraph, at values: [String: Tensor], output: String? = nil, wrt variables: [String] = []) throws {
        let names = graph.inputs.map(\.name)
        for input in graph.inputs where values[input.name] == nil {
            let given = values.keys.sorted().joined(separator: ", ")
            throw graph.error("\"\(input.name)\" has no value; \(given.isEmpty ? "none are given" : "there are \(given)"). Give it with --at \(input.name)=...", at: input.node)
        }
        for name in values.keys.sorted() where !names.contains(name) {
            if let node = graph.nodes.firstIndex(where: { $0.name == name }) { throw graph.error("\(name) is defined here, and has a value besides", at: node) }
            throw ExplanationError("\(name) has a value but stands in no formula; the inputs are \(names.joined(separator: ", ")).")
        }
        for name in variables where !names.contains(name) {
            throw ExplanationError("no input is called \"\(name)\"; there are \(names.isEmpty ? "none" : names.joined(separator: ", ")).")
        }
        let output = output ?? graph.outputs[0].name
        guard let last = graph.nodes.firstIndex(where: { $0.name == output && !$0.isNumber }) else {
            throw ExplanationError("no value is called \"\(output)\"; there are \(graph.nodes.filter { !$0.isNumber }.map(\.name).joined(separator: ", ")).")
        }
        self.graph = graph
        self.inputs = values.mapValues { $0.cast(to: .float64) }
        self.variables = variables.isEmpty ? names : variables
        self.output = output
        let found = try graph.values(of: inputs)
        evaluate(found)
        try graph.requireDomains(found)
        nodes = Self.explained(graph, found, inputs, output: last)
    }

    private static func explained(_ graph: ExpressionGraph, _ values: [Tensor], _ inputs: [String: Tensor], output: Int) -> [Node] {
        let slopes = values[output].shape.isEmpty ? GraphGradients(graph, values, inputs, output: output) : nil
        return graph.nodes.indices.map { index in
            let node = graph.nodes[index]
            var remark: String?
            var arguments: [Argument] = []
            if case .operation(let function) = node.content {
                let taken = node.arguments.map { values[$0] }
                remark = function.remark(taken)
                arguments = node.arguments.enumerated().map { position, argument in
                    if graph.isConstant(argument) { return Argument(name: graph.nodes[argument].name, derivative: nil, gradient: nil) }
                    let derivative = localDerivative(graph, function, node.arguments, taken, position)
                    return Argument(name: graph.nodes[argument].name, derivative: derivative, gradient: slopes?.edges[GraphGradients.Edge(index, position)])
                }
            }
            let uses = graph.uses(of: index).compactMap { use in
                slopes?.edges[GraphGradients.Edge(use.node, use.argument)].map { (graph.nodes[use.node].name, $0) }
            }
            return Node(
                name: node.name, operation: graph.text(of: index), value: values[index], arguments: arguments,
                gradient: graph.isConstant(index) ? nil : slopes?.nodes[index], summands: uses, remark: remark)
        }
    }

    private static func localDerivative(
        _ graph: ExpressionGraph, _ function: ExpressionFunction, _ nodes: [Int], _ values: [Tensor], _ position: Int
    ) -> LocalDerivative {
        func result(_ argument: Tensor) -> Tensor {
            var taken = values
            taken[position] = argument
            return graph.apply(function, nodes, taken)
        }
        let isReduction = !function.isElementwise || (nodes.count == 1 && result(values[position]).shape != values[position].shape)
        if isReduction { return .jacobian(jacobian(at: values[position], of: result)) }
        return .elementwise(jvp(at: values[position], along: Tensor(1, like: values[position]), of: result).tangent)
    }

    /// The explained value.
    public var value: Tensor { nodes.last { $0.name == output }!.value }

    /// The gradient of the output by an input: the input's shape. `nil` where the output is not a single number.
    public func gradient(by input: String) -> Tensor? { nodes.first { $0.name == input }?.gradient }
}

/// Why something cannot be explained.
public struct ExplanationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error with its sentence.
    public init(_ sentence: String) { description = sentence }
}
