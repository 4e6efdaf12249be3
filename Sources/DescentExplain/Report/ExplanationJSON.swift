import DescentCore
import DescentFormats

extension Explanation {
    /// The graph with all its numbers: nodes in order, each with its arguments; the output; the gradients by the variables.
    public func json() -> JSON.Object {
        var object = JSON.Object()
        object["output"] = .string(output)
        object["value"] = Self.json(value)
        object["nodes"] = .array(
            nodes.map { node in
                var entry = JSON.Object()
                entry["name"] = .string(node.name)
                entry["operation"] = .string(node.operation)
                entry["value"] = Self.json(node.value)
                entry["gradient"] = node.gradient.map(Self.json) ?? .null
                entry["summands"] = .array(node.summands.map { ["from": .string($0.node), "gradient": Self.json($0.gradient)] })
                entry["arguments"] = .array(
                    node.arguments.map { argument in
                        [
                            "name": .string(argument.name), "derivative": argument.derivative.map { Self.json($0.value) } ?? .null,
                            "gradient": argument.gradient.map(Self.json) ?? .null,
                        ]
                    })
                if let remark = node.remark { entry["remark"] = .string(remark) }
                return .object(entry)
            })
        var gradients = JSON.Object()
        for name in variables { gradients[name] = gradient(by: name).map(Self.json) ?? .null }
        object["gradients"] = .object(gradients)
        return object
    }

    /// Nested arrays of numbers; what is not finite is null.
    static func json(_ tensor: Tensor) -> JSON {
        func nested(_ numbers: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSON {
            guard let count = shape.first else { return numbers.first.map { $0.isFinite ? .number($0) : .null } ?? .null }
            let size = numbers.count / max(count, 1)
            return .array((0..<count).map { nested(numbers[(numbers.startIndex + $0 * size)..<(numbers.startIndex + ($0 + 1) * size)], shape.dropFirst()) })
        }
        return nested(tensor.doubles[...], tensor.shape[...])
    }
}

extension ExplainedJacobian {
    /// The names, the shapes, how it is indexed, and the numbers.
    public func json() -> JSON {
        [
            "output": .string(output), "input": .string(input), "indexing": .string(indexing), "shape": .array(value.shape.map { .integer(Int64($0)) }),
            "value": Explanation.json(value),
        ]
    }
}

extension ExplainedHessian {
    /// The labels, the matrix, its eigenvalues and what they say.
    public func json() -> JSON {
        [
            "labels": JSON(labels), "value": Explanation.json(value), "eigenvalues": Explanation.json(eigenvalues), "curvature": .string(curvature.rawValue),
            "conditionNumber": conditionNumber.isFinite ? .number(conditionNumber) : .null, "newtonPoint": newtonPoint.map(Explanation.json) ?? .null,
            "words": JSON(words),
        ]
    }
}

extension GradientCheck {
    /// Each element's derivative, its finite difference, and whether all agree.
    public func json() -> JSON {
        [
            "agrees": .bool(agrees),
            "entries": .array(
                entries.map {
                    [
                        "name": .string($0.name), "gradient": $0.gradient.isFinite ? .number($0.gradient) : .null,
                        "difference": $0.difference.isFinite ? .number($0.difference) : .null,
                    ]
                }),
        ]
    }
}

extension DescentStep {
    /// The rate, the output before and after, and the variables' new values.
    public func json() -> JSON {
        var values = JSON.Object()
        for change in changes { values[change.name] = Explanation.json(change.to) }
        return [
            "rate": .number(rate), "before": .number(before), "after": after.isFinite ? .number(after) : .null, "variables": .object(values),
        ]
    }
}
