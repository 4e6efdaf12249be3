import DescentCore

/// Formulas as a computational graph: inputs, constants, and operations on nodes before them.
public struct ExpressionGraph: Sendable {
    /// The text it was read from.
    public let source: String
    /// All nodes, each after those it takes.
    public private(set) var nodes: [Node] = []
    /// The results of the formulas: the definitions that no other one uses, in the order written.
    public private(set) var outputs: [(name: String, node: Int)] = []
    /// The names that need values, in the order first read, with their nodes.
    public private(set) var inputs: [(name: String, node: Int)] = []

    /// The names that the text itself gives to values.
    public private(set) var definedNames: Set<String> = []

    /// One value of the graph.
    public struct Node: Sendable {
        /// An input's or definition's own name; `v1`, `v2`... for what lies between.
        public internal(set) var name: String
        /// Its kind.
        public let content: Content
        /// The nodes that it takes.
        public let arguments: [Int]
        /// Where it stands, in characters of the source from 0.
        public let place: Range<Int>
    }

    /// The kind of a node.
    public enum Content: Sendable {
        case input
        case constant(Double)
        case operation(ExpressionFunction)
    }

    /// One formula's graph, in which `pi` and `E` are inputs like others.
    init(_ expression: Expression) throws(ExpressionError) {
        source = expression.source
        let output = try add(expression.root, .init(definitions: [:], constants: [:]))
        outputs = [("result", output)]
        nameRest()
    }

    /// Definitions separated by `;`, in any order: `L = (y - s)^2; s = sigmoid(w*x)`. A formula without a name is called `f`.
    ///
    /// - Throws: `ExpressionError`, with the place marked: what `Expression` throws, a name that is defined twice or by itself.
    public init(definitions source: String) throws(ExpressionError) {
        self.source = source
        var parser = try ExpressionParser(source)
        let read = try parser.definitions()
        var definitions: [String: (place: Range<Int>, value: Expression.Node)] = [:], order: [String] = []
        for definition in read {
            var name = definition.name ?? "f"
            if definition.name == nil {
                var number = 1
                while read.contains(where: { $0.name == name }) || definitions[name] != nil || read.contains(where: { $0.value.names.contains(name) }) {
                    number += 1
                    name = "f\(number)"
                }
            }
            if definitions[name] != nil { throw ExpressionError(source: source, place: definition.place, reason: "\(name) is defined twice") }
            definitions[name] = (definition.place, definition.value)
            order.append(name)
        }
        definedNames = Set(read.compactMap(\.name))
        let builder = Builder(definitions: definitions, constants: Expression.constants)
        for name in order { _ = try define(name, builder) }
        let used = Set(order.flatMap { definitions[$0]!.value.names })
        outputs = order.filter { !used.contains($0) }.map { ($0, made[$0]!) }
        nameRest()
    }

    /// The elements of formulas.
    private struct Builder {
        let definitions: [String: (place: Range<Int>, value: Expression.Node)]
        let constants: [String: Double]
        /// The definitions that are being built, outermost first.
        var open: [String] = []
    }

    /// The nodes of inputs and definitions.
    private var made: [String: Int] = [:]

    private mutating func define(_ name: String, _ builder: Builder) throws(ExpressionError) -> Int {
        if let node = made[name] { return node }
        let definition = builder.definitions[name]!
        var inner = builder
        inner.open.append(name)
        var node = try add(definition.value, inner)
        // A second name of a value that has one (`a = b`) is a node of its own only where it is an input's.
        if nodes[node].name.isEmpty { nodes[node].name = name } else { node = append(Node(name: name, content: .operation(.copy), arguments: [node], place: definition.place)) }
        made[name] = node
        return node
    }

    private mutating func append(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func add(_ part: Expression.Node, _ builder: Builder) throws(ExpressionError) -> Int {
        switch part.form {
        case .number(let value): return append(Node(name: "", content: .constant(value), arguments: [], place: part.place))
        case .name(let name):
            if builder.definitions[name] != nil {
                if let start = builder.open.firstIndex(of: name) {
                    let circle = (builder.open[start...] + [name]).joined(separator: ", which uses ")
                    throw ExpressionError(source: source, place: part.place, reason: "\(name) is defined by itself: \(circle)")
                }
                return try define(name, builder)
            }
            if let node = made[name] { return node }
            if let value = builder.constants[name] { return append(Node(name: "", content: .constant(value), arguments: [], place: part.place)) }
            let node = append(Node(name: name, content: .input, arguments: [], place: part.place))
            made[name] = node
            inputs.append((name, node))
            return node
        case .call(let function, let members):
            var arguments: [Int] = []
            for member in members { arguments.append(try add(member, builder)) }
            if let folded = folded(function, arguments, part.place) { return folded }
            var operation = function
            // In a picture, too, a part is that of something.
            if function.notation == .suffix, case .name(let whole) = members[0].form { operation.name = function.text([whole]) }
            return append(Node(name: "", content: .operation(operation), arguments: arguments, place: part.place))
        }
    }

    /// One number in place of an operation on numbers (`-1`, `1/2`), which are the last nodes then.
    private mutating func folded(_ function: ExpressionFunction, _ arguments: [Int], _ place: Range<Int>) -> Int? {
        guard function.isElementwise else { return nil }
        var numbers: [Tensor] = []
        for argument in arguments {
            guard case .constant(let value) = nodes[argument].content, nodes[argument].name.isEmpty else { return nil }
            numbers.append(Tensor(float64: [value], shape: []))
        }
        guard function.gap(numbers) == nil else { return nil }
        let value = function.apply(numbers).item()
        guard value.isFinite else { return nil }
        nodes.removeLast(arguments.count)
        return append(Node(name: "", content: .constant(value), arguments: [], place: place))
    }

    private mutating func nameRest() {
        let taken = Set(nodes.map(\.name))
        var number = 0
        for index in nodes.indices where nodes[index].name.isEmpty {
            if case .constant(let value) = nodes[index].content {
                nodes[index].name = short(value)
                continue
            }
            repeat { number += 1 } while taken.contains("v\(number)")
            nodes[index].name = "v\(number)"
        }
    }
}

extension ExpressionFunction {
    /// A second name for a value.
    static let copy = ExpressionFunction("copy") { $0[0].reshaped(to: $0[0].shape) }
}
