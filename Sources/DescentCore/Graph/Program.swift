/// A captured computation: operations in order on numbered values. This is where engines plug in: nothing above it knows of
/// kernels, and nothing in it of Swift objects that hold values.
package struct Program: Sendable, CustomStringConvertible {
    package struct Operation: Sendable {
        package var primitive: any Primitive
        package var inputs: [Int]
        package var outputs: [Int]
    }

    /// The type of each value.
    package var types: [TensorType] = []
    /// Values given from outside.
    package var inputs: [Int] = []
    package var operations: [Operation] = []
    package var outputs: [Int] = []

    package init() {}

    /// The program that computes tensors from the leaves of the graph behind them, and those leaves: placeholders and computed values.
    package static func capture(_ outputs: [Tensor]) -> (program: Program, leaves: [Tensor]) {
        var program = Program()
        var leaves: [Tensor] = []
        func isLeaf(_ node: Node) -> Bool { node.storage() != nil || node.isPlaceholder }
        let nodes = Graph.nodes(behind: outputs) { !isLeaf($0) }
        var values = TensorTable<Int>(from: nodes.first?.id ?? 0, through: nodes.last?.id ?? -1, count: nodes.count)
        func newValue(_ type: TensorType) -> Int {
            program.types.append(type)
            return program.types.count - 1
        }
        func value(_ tensor: Tensor) -> Int {
            if let known = values[tensor.key] { return known }
            let fresh = newValue(tensor.type)
            values[tensor.key] = fresh
            program.inputs.append(fresh)
            leaves.append(tensor)
            return fresh
        }
        for node in nodes {
            let inputs = node.inputs.map(value)
            let results = (0..<node.outputCount).map { index -> Int in
                let fresh = newValue(node.outputType(index))
                values[TensorKey(node: node.id, index: index)] = fresh
                return fresh
            }
            program.operations.append(Operation(primitive: node.primitive, inputs: inputs, outputs: results))
        }
        program.outputs = outputs.map(value)
        return (program, leaves)
    }

    /// Which operation makes each value; -1 for inputs.
    package var producers: [Int] {
        var result = [Int](repeating: -1, count: types.count)
        for (position, operation) in operations.enumerated() { for value in operation.outputs { result[value] = position } }
        return result
    }

    /// A sentence that says what is wrong with the program, if anything: values used before they are made, made twice, or of a type
    /// that the primitive does not give. Run after each pass in tests.
    package func verify() -> String? {
        var made = Set(inputs)
        for (position, operation) in operations.enumerated() {
            let name = type(of: operation.primitive).name
            for value in operation.inputs where !made.contains(value) { return "operation \(position) (\(name)) reads value \(value) before it is made" }
            for value in operation.outputs where !made.insert(value).inserted { return "operation \(position) (\(name)) makes value \(value) again" }
            do {
                let types = try operation.primitive.infer(operation.inputs.map { self.types[$0] })
                if types != operation.outputs.map({ self.types[$0] }) { return "operation \(position) (\(name)) gives \(types), the program says \(operation.outputs.map { self.types[$0] })" }
            } catch { return "operation \(position): \(error)" }
        }
        for value in outputs where !made.contains(value) { return "output \(value) is never made" }
        return nil
    }

    package var description: String {
        var lines = ["inputs: " + inputs.map { "%\($0) \(types[$0])" }.joined(separator: ", ")]
        for operation in operations {
            let detail = operation.primitive.detail
            let results = operation.outputs.map { "%\($0) \(types[$0])" }.joined(separator: ", ")
            lines.append("  \(results) = \(type(of: operation.primitive).name)\(detail.isEmpty ? "" : "{\(detail)}")(\(operation.inputs.map { "%\($0)" }.joined(separator: ", ")))")
        }
        lines.append("outputs: " + outputs.map { "%\($0)" }.joined(separator: ", "))
        return lines.joined(separator: "\n")
    }
}
