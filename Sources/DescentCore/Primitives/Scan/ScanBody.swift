/// One step of a scan: a captured program from carries, slices and constants, in this order, to new carries, stacked
/// results and summed results.
package final class ScanBody: Hashable, Sendable {
    package let program: Program
    private let hash: Int

    package init(_ program: Program) {
        self.program = program
        var hasher = Hasher()
        hasher.combine(program.types)
        hasher.combine(program.outputs)
        for operation in program.operations {
            hasher.combine(ObjectIdentifier(type(of: operation.primitive)))
            operation.primitive.hash(into: &hasher)
            hasher.combine(operation.inputs)
        }
        hash = hasher.finalize()
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    package static func == (a: ScanBody, b: ScanBody) -> Bool {
        if a === b { return true }
        return a.hash == b.hash && a.program.outputs == b.program.outputs && a.hasSameOperations(as: b)
    }

    /// Whether the two differ at most in which of their values are results.
    package func hasSameOperations(as other: ScanBody) -> Bool {
        let a = program, b = other.program
        return a.types == b.types && a.inputs == b.inputs && a.operations.count == b.operations.count
            && zip(a.operations, b.operations).allSatisfy { $0.inputs == $1.inputs && $0.outputs == $1.outputs && $0.primitive.isEqual($1.primitive) }
    }

    package var inputTypes: [TensorType] { program.inputs.map { program.types[$0] } }
    package var outputTypes: [TensorType] { program.outputs.map { program.types[$0] } }

    /// Stand-ins for the inputs of a step.
    package func standIns(_ trace: Trace) -> [Tensor] {
        inputTypes.map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0)) }
    }

    /// A step as part of the graph.
    package func callAsFunction(_ inputs: [Tensor]) -> [Tensor] { program.applied(to: inputs).outputs }

    /// The operations between `inputs` and `outputs`, as a body. What the outputs need beside the inputs comes back as further ones,
    /// but for repeated numbers and other views, which are made again inside: a bias comes in as it is, and not repeated for each row.
    package static func capture(_ outputs: [Tensor], from inputs: [Tensor]) -> (body: ScanBody, further: [Tensor]) {
        var program = Program()
        var values: [TensorKey: Int] = [:]
        var further: [Tensor] = []
        func newValue(_ type: TensorType) -> Int {
            program.types.append(type)
            return program.types.count - 1
        }
        for input in inputs {
            let value = newValue(input.type)
            program.inputs.append(value)
            values[input.key] = value
        }
        let given = Set(inputs.map(\.key))
        let between = nodesBetween(given, outputs)
        let inside = Set(between.map(\.id))
        func add(_ node: Node) {
            let read = node.inputs.map(value)
            let results = (0..<node.outputCount).map { newValue(node.outputType($0)) }
            // A result that is itself given keeps the number of what was given.
            for (index, result) in results.enumerated() where values[TensorKey(node: node.id, index: index)] == nil {
                values[TensorKey(node: node.id, index: index)] = result
            }
            program.operations.append(Program.Operation(primitive: node.primitive, inputs: read, outputs: results))
        }
        func value(_ tensor: Tensor) -> Int {
            if let known = values[tensor.key] { return known }
            if !inside.contains(tensor.node.id), isView(tensor.node) || isRepeatedNumber(tensor.node) {
                add(tensor.node)
                return values[tensor.key]!
            }
            let fresh = newValue(tensor.type)
            values[tensor.key] = fresh
            further.append(tensor)
            return fresh
        }
        for node in between { add(node) }
        program.outputs = outputs.map(value)
        program.inputs += further.map { values[$0.key]! }
        return (ScanBody(program), further)
    }

    /// The nodes that depend on the given tensors, and that the outputs need; the walk does not go behind a given tensor.
    private static func nodesBetween(_ given: Set<TensorKey>, _ outputs: [Tensor]) -> [Node] {
        let earliest = given.reduce(Int.max) { Swift.min($0, $1.node) }
        var depends: [Int: Bool] = [:]
        // With a list of its own: a body may be a long chain.
        var open: [(node: Node, isReady: Bool)] = outputs.reversed().filter { !given.contains($0.key) }.map { ($0.node, false) }
        var found: [Node] = []
        while let (node, isReady) = open.popLast() {
            if depends[node.id] != nil { continue }
            if node.id < earliest || node.inputCount == 0 {
                depends[node.id] = false
            } else if isReady {
                let result = node.inputs.contains { given.contains($0.key) || depends[$0.node.id] == true }
                depends[node.id] = result
                if result { found.append(node) }
            } else {
                open.append((node, true))
                for input in node.inputs where !given.contains(input.key) && depends[input.node.id] == nil { open.append((input.node, false)) }
            }
        }
        return found.sorted { $0.id < $1.id }
    }

    /// The elements of another tensor in another order, or repeated.
    private static func isView(_ node: Node) -> Bool {
        node.storage() == nil && (node.primitive is Broadcast || node.primitive is Permute || node.primitive is Reshape)
    }

    /// One number everywhere, seen in any shape: cheaper made again than handed in.
    private static func isRepeatedNumber(_ node: Node) -> Bool {
        if node.storage() != nil { return false }
        switch node.primitive {
        case is Fill: return true
        case is Cast: return isRepeatedNumber(node.input(0).node)
        default: return false
        }
    }
}

extension Program {
    /// The program's operations as part of the graph: its outputs, and every value.
    package func applied(to inputs: [Tensor]) -> (outputs: [Tensor], values: [Tensor?]) {
        var values = [Tensor?](repeating: nil, count: types.count)
        for (number, input) in zip(self.inputs, inputs) { values[number] = input }
        for operation in operations {
            let results = apply(operation.primitive, operation.inputs.map { values[$0]! })
            for (number, result) in zip(operation.outputs, results) where values[number] == nil { values[number] = result }
        }
        return (outputs.map { values[$0]! }, values)
    }
}
