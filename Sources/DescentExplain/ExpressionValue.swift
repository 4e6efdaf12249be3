import DescentCore

extension Expression {
    /// The formula's value for values of its names, element by element; shapes broadcast.
    ///
    /// - Parameters:
    ///   - values: a tensor for each name. Names that the formula lacks may be among them.
    ///   - dtype: the element type of the result where no tensor takes part in it, as in `1 + 2`.
    /// - Throws: `ExpressionError` for a name without a value, or for shapes that don't broadcast, with the place marked.
    public func callAsFunction(_ values: [String: Tensor], dtype: DType = .float64) throws(ExpressionError) -> Tensor {
        switch try value(of: root, values) {
        case .number(let number): Tensor.full([], number, dtype: dtype)
        case .tensor(let tensor): tensor
        }
    }

    /// The formula as a function of tensors in the order of `names`, for transforms.
    ///
    /// Shapes that don't broadcast stop the program, as they do in an operation on tensors.
    ///
    /// - Throws: `ExpressionError` for a name in the formula that is not among `names`, with the place marked.
    public func function(of names: [String], dtype: DType = .float64) throws(ExpressionError) -> @Sendable ([Tensor]) -> Tensor {
        _ = try self(Dictionary(names.map { ($0, Tensor.zeros([], dtype: dtype)) }) { first, _ in first }, dtype: dtype)
        return { inputs in
            if inputs.count != names.count { stop("Expression: \(inputs.count) values for the names \(names.joined(separator: ", ")).") }
            do throws(ExpressionError) {
                return try self(Dictionary(zip(names, inputs)) { first, _ in first }, dtype: dtype)
            } catch { stop("\(error)") }
        }
    }

    /// Numbers stay numbers until they meet a tensor, whose element type they then take.
    private enum Value {
        case number(Double)
        case tensor(Tensor)

        var asTensor: Tensor {
            switch self {
            case .number(let number): Tensor(float64: [number], shape: [])
            case .tensor(let tensor): tensor
            }
        }
    }

    private func value(of node: Node, _ values: [String: Tensor]) throws(ExpressionError) -> Value {
        switch node.form {
        case .number(let number): return .number(number)
        case .name(let name):
            if let tensor = values[name] { return .tensor(tensor) }
            if let constant = Self.constants[name] { return .number(constant) }
            let known = values.keys.sorted().joined(separator: ", ")
            throw ExpressionError(source: source, place: node.place, reason: "\"\(name)\" has no value; there are \(known.isEmpty ? "none" : known)")
        case .negation(let inner):
            switch try value(of: inner, values) {
            case .number(let number): return .number(-number)
            case .tensor(let tensor): return .tensor(-tensor)
            }
        case .operation(let operation, let left, let right):
            return try combined(operation, try value(of: left, values), try value(of: right, values), node)
        case .call(let function, let arguments):
            var found: [Value] = []
            for argument in arguments { found.append(try value(of: argument, values)) }
            let tensors = found.compactMap { if case .tensor(let tensor) = $0 { tensor } else { nil } }
            guard let first = tensors.first else { return .number(function.apply(found.map(\.asTensor)).item()) }
            for tensor in tensors.dropFirst() { try requireBroadcast(first.shape, tensor.shape, node) }
            return .tensor(function.apply(found.map { if case .number(let number) = $0 { Tensor(number, like: first) } else { $0.asTensor } }))
        }
    }

    private func combined(_ operation: Operation, _ left: Value, _ right: Value, _ node: Node) throws(ExpressionError) -> Value {
        switch (left, right) {
        case (.number(let a), .number(let b)):
            switch operation {
            case .add: return .number(a + b)
            case .subtract: return .number(a - b)
            case .multiply: return .number(a * b)
            case .divide: return .number(a / b)
            case .power: return .number(left.asTensor.pow(b).item())
            }
        case (.tensor(let a), .number(let b)):
            switch operation {
            case .add: return .tensor(a + b)
            case .subtract: return .tensor(a - b)
            case .multiply: return .tensor(a * b)
            case .divide: return .tensor(a / b)
            case .power: return .tensor(a.pow(b))
            }
        case (.number(let a), .tensor(let b)):
            switch operation {
            case .add: return .tensor(a + b)
            case .subtract: return .tensor(a - b)
            case .multiply: return .tensor(a * b)
            case .divide: return .tensor(a / b)
            case .power: return .tensor(Tensor(a, like: b).pow(b))
            }
        case (.tensor(let a), .tensor(let b)):
            try requireBroadcast(a.shape, b.shape, node)
            switch operation {
            case .add: return .tensor(a + b)
            case .subtract: return .tensor(a - b)
            case .multiply: return .tensor(a * b)
            case .divide: return .tensor(a / b)
            case .power: return .tensor(a.pow(b))
            }
        }
    }

    private func requireBroadcast(_ a: [Int], _ b: [Int], _ node: Node) throws(ExpressionError) {
        for (x, y) in zip(a.reversed(), b.reversed()) where x != y && x != 1 && y != 1 {
            throw ExpressionError(source: source, place: node.place, reason: "the shapes \(a) and \(b) don't fit together here")
        }
    }
}
