/// Makes a program smaller without changing what it computes: aliases removed, equal operations merged, operations on known
/// numbers done now, transposes and reshapes of each other joined, a product's transposed result turned into the product of the
/// exchanged operands, and what nobody reads dropped.
///
/// One walk is enough: an operation is looked at when its inputs have already been simplified. Rules keep NaN and infinities:
/// nothing like `x * 0 -> 0`.
package func simplify(_ program: Program) -> Program {
    var pass = Simplification(program)
    pass.run()
    return removeDeadCode(pass.result)
}

/// Drops operations whose results nobody reads.
package func removeDeadCode(_ program: Program) -> Program {
    var isNeeded = [Bool](repeating: false, count: program.types.count)
    for value in program.outputs { isNeeded[value] = true }
    var kept: [Int] = []
    for number in program.operations.indices.reversed() where program.operations[number].outputs.contains(where: { isNeeded[$0] }) {
        kept.append(number)
        for value in program.operations[number].inputs { isNeeded[value] = true }
    }
    if kept.count == program.operations.count { return program }
    var result = program
    result.operations = kept.reversed().map { program.operations[$0] }
    return result
}

private struct OperationKey: Hashable {
    let primitive: any Primitive
    let inputs: [Int]
    /// Worked out once: a dictionary that grows asks for it again.
    private let hash: Int

    init(primitive: any Primitive, inputs: [Int]) {
        (self.primitive, self.inputs) = (primitive, inputs)
        var hasher = Hasher()
        for input in inputs { hasher.combine(input) }
        hasher.combine(ObjectIdentifier(type(of: primitive)))
        primitive.hash(into: &hasher)
        hash = hasher.finalize()
    }

    static func == (a: Self, b: Self) -> Bool { a.hash == b.hash && a.inputs == b.inputs && a.primitive.isEqual(b.primitive) }
    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

struct Simplification {
    private let source: Program
    var result: Program
    /// The value in the result for each value of the source.
    private var renamed: [Int]
    /// Which operation of the result makes a value.
    private var producer: [Int: Int] = [:]
    private var known: [OperationKey: [Int]] = [:]

    fileprivate init(_ program: Program) {
        source = program
        result = program
        result.operations = []
        renamed = Array(program.types.indices)
        known.reserveCapacity(program.operations.count)
        producer.reserveCapacity(program.types.count)
    }

    fileprivate mutating func run() {
        for operation in source.operations {
            let inputs = operation.inputs.map { renamed[$0] }
            let values = add(operation.primitive, inputs, reusing: operation.outputs)
            for (old, new) in zip(operation.outputs, values) { renamed[old] = new }
        }
        result.outputs = source.outputs.map { renamed[$0] }
    }

    /// The values of an operation: those of an equal one, of a simpler one, or of itself.
    mutating func add(_ primitive: any Primitive, _ inputs: [Int], reusing outputs: [Int]? = nil) -> [Int] {
        if let simpler = simplified(primitive, inputs) { return [simpler] }
        let key = OperationKey(primitive: primitive, inputs: inputs)
        if let values = known[key] { return values }
        let values: [Int]
        if let outputs {
            values = outputs
        } else {
            let types = (try? primitive.infer(inputs.map { result.types[$0] })) ?? []
            values = types.indices.map { result.types.count + $0 }
            result.types += types
        }
        for value in values { producer[value] = result.operations.count }
        result.operations.append(Program.Operation(primitive: primitive, inputs: inputs, outputs: values))
        known[key] = values
        return values
    }

    func operation(_ value: Int) -> Program.Operation? { producer[value].map { result.operations[$0] } }
    private func fill(_ value: Int) -> ScalarBits? { (operation(value)?.primitive as? Fill)?.scalar }

    /// A value that is the same as the operation's result, when there is a simpler way to it.
    private mutating func simplified(_ primitive: any Primitive, _ inputs: [Int]) -> Int? {
        let types = inputs.map { result.types[$0] }
        if case .identity = primitive.kernel(types) { return inputs[0] }
        if let folded = folded(primitive, inputs, types) { return folded }
        switch primitive {
        case let reshape as Reshape:
            if types[0].shape == reshape.shape { return inputs[0] }
            if let inner = operation(inputs[0]), inner.primitive is Reshape { return add(reshape, inner.inputs)[0] }
        case let permute as Permute:
            if permute.order == Array(permute.order.indices) { return inputs[0] }
            guard let inner = operation(inputs[0]) else { return nil }
            if let first = inner.primitive as? Permute { return add(Permute(permute.order.map { first.order[$0] }), inner.inputs)[0] }
            if let product = inner.primitive as? Product { return exchanged(product, inner.inputs, permute.order) }
        case let broadcast as Broadcast:
            if types[0].shape == broadcast.shape { return inputs[0] }
            if let inner = operation(inputs[0]), let first = inner.primitive as? Broadcast {
                return add(Broadcast(broadcast.shape, axes: first.axes.map { broadcast.axes[$0] }), inner.inputs)[0]
            }
        case is Negate:
            if let inner = operation(inputs[0]), inner.primitive is Negate { return inner.inputs[0] }
        case let sum as Sum:
            let shape = types[0].shape
            if sum.axes.allSatisfy({ shape[$0] == 1 }) {
                return add(Reshape(shape.indices.filter { !sum.axes.contains($0) }.map { shape[$0] }), inputs)[0]
            }
        case is Add:
            if fill(inputs[0])?.value == 0 { return inputs[1] }
            if fill(inputs[1])?.value == 0 { return inputs[0] }
            return joinedParts(inputs[0], inputs[1]) ?? joinedParts(inputs[1], inputs[0]) ?? addedToTaken(inputs[0], inputs[1])
                ?? addedToTaken(inputs[1], inputs[0]) ?? addedBeforeRepetition(inputs[0], inputs[1])
        case is Subtract:
            if fill(inputs[1])?.value == 0 { return inputs[0] }
        case is Multiply:
            if fill(inputs[0])?.value == 1 { return inputs[1] }
            if fill(inputs[1])?.value == 1 { return inputs[0] }
        case is Divide:
            if fill(inputs[1])?.value == 1 { return inputs[0] }
        case let gather as Gather: return takenAgain(gather, inputs)
        case let slice as Slice: return partTaken(slice, inputs[0])
        case let product as Product: return productOfGathered(product, inputs)
        case let scatter as ScatterAdd: return summedByNumber(scatter, inputs)
        case is Cast:
            if let cast = primitive as? Cast, cast.dtype == types[0].dtype { return inputs[0] }
        default: break
        }
        return nil
    }

    /// Two neighbours in zeros of one size, added: the same as one after another in zeros. (The gradient of a tensor that was cut into parts
    /// is such a sum.)
    private mutating func joinedParts(_ first: Int, _ second: Int) -> Int? {
        guard let a = operation(first), let b = operation(second), let front = a.primitive as? Pad, let back = b.primitive as? Pad,
            front.value == 0, back.value == 0, (front.interior + back.interior).allSatisfy({ $0 == 0 }),
            let axis = front.low.indices.first(where: { front.low[$0] != back.low[$0] || front.high[$0] != back.high[$0] }),
            front.low.indices.allSatisfy({ $0 == axis || (front.low[$0] == back.low[$0] && front.high[$0] == back.high[$0]) }),
            front.low[axis] + result.types[a.inputs[0]].shape[axis] == back.low[axis]
        else { return nil }
        // Parts joined before stay one list.
        func parts(_ value: Int) -> [Int] {
            if let inner = operation(value), let joined = inner.primitive as? Concatenate, joined.axis == axis { return inner.inputs }
            return [value]
        }
        let joined = add(Concatenate(axis: axis), parts(a.inputs[0]) + parts(b.inputs[0]))[0]
        var high = front.high
        high[axis] = back.high[axis]
        if front.low.allSatisfy({ $0 == 0 }), high.allSatisfy({ $0 == 0 }) { return joined }
        return add(Pad(low: front.low, high: high, interior: front.interior, value: 0), [joined])[0]
    }

    /// Two tensors repeated alike and added: added first.
    private mutating func addedBeforeRepetition(_ first: Int, _ second: Int) -> Int? {
        guard let a = operation(first), let b = operation(second), let repetition = a.primitive as? Broadcast, repetition.isEqual(b.primitive),
            result.types[a.inputs[0]] == result.types[b.inputs[0]], result.types[a.inputs[0]].count < result.types[first].count
        else { return nil }
        return add(repetition, add(Add(), [a.inputs[0], b.inputs[0]]))[0]
    }

    /// The transposed result of a product, as the product of the operands in the other order: no transposition is left to do.
    private mutating func exchanged(_ product: Product, _ operands: [Int], _ order: [Int]) -> Int? {
        let d = product.dimensions
        let batch = d.leftBatch.count
        let left = d.leftFree(result.types[operands[0]].shape.count).count, right = d.rightFree(result.types[operands[1]].shape.count).count
        let wanted = Array(0..<batch) + (0..<right).map { batch + left + $0 } + (0..<left).map { batch + $0 }
        guard order == wanted else { return nil }
        let swapped = ProductDimensions(leftBatch: d.rightBatch, rightBatch: d.leftBatch, leftContracted: d.rightContracted, rightContracted: d.leftContracted)
        return add(Product(swapped), [operands[1], operands[0]])[0]
    }

    /// The result of an operation on numbers known now.
    private mutating func folded(_ primitive: any Primitive, _ inputs: [Int], _ types: [TensorType]) -> Int? {
        guard !inputs.isEmpty else { return nil }
        let numbers = inputs.map { fill($0) }
        guard let first = numbers[0], numbers.allSatisfy({ $0 != nil }) else { return nil }
        func filled(_ shape: [Int], _ bits: ScalarBits) -> Int { add(Fill(shape, bits), [])[0] }
        switch primitive {
        case let cast as Cast:
            return filled(types[0].shape, first.cast(to: cast.dtype))
        case is Reshape, is Permute, is Broadcast, is Slice, is Flip:
            guard let type = try? primitive.infer(types)[0] else { return nil }
            return filled(type.shape, first)
        case is Negate where first.dtype.isFloating:
            return filled(types[0].shape, ScalarBits(-first.value, first.dtype))
        case is Add, is Subtract, is Multiply, is Divide:
            guard first.dtype.isFloating else { return nil }
            let a = first.value, b = numbers[1]!.value
            // One rounding to the element type, as the operation itself would make: exact in double for float32 operands.
            let value: Double =
                switch primitive {
                case is Add: a + b
                case is Subtract: a - b
                case is Multiply: a * b
                default: a / b
                }
            return filled(types[0].shape, ScalarBits(value, first.dtype))
        case let sum as Sum where first.dtype.isFloating:
            let shape = types[0].shape
            let members = sum.axes.map { shape[$0] }.elementCount
            return filled(shape.indices.filter { !sum.axes.contains($0) }.map { shape[$0] }, ScalarBits(first.value * Double(members), first.dtype))
        default: return nil
        }
    }
}
