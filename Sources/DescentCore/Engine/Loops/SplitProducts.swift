/// Takes products apart where one part may leave the loop and another may not: the textbook's `W [h, x]` is `W_h h + W_x x`, and only the
/// first needs the state. So a cell that joins its input and its state costs no more than one that keeps them apart.
///
/// - A product that sums over joined tensors, some of which depend on a carry and some not, becomes a sum of products.
/// - A product that is only read in slices, some of which no later step needs (the gradient's way back through the same), becomes a product
///   for each slice.
///
/// Safe because sums and products of parts are those of the whole, up to rounding.
package func splitProducts(_ program: Program) -> Program {
    program.rewritingBodies { scan in
        var pass = ProductSplitting(scan)
        return pass.run()
    }
}

private struct ProductSplitting {
    private let source: Program
    private var result: Program
    /// The operation that makes a value.
    private let producers: [Int]
    /// Whether a value depends on a carry, and whether a carry depends on it.
    private var onCarry: [Bool], isCarried: [Bool]
    private var isChanged = false

    init(_ scan: Scan) {
        source = scan.body.program
        result = source
        result.operations = []
        producers = source.producers
        onCarry = [Bool](repeating: false, count: source.types.count)
        isCarried = onCarry
        for value in source.inputs[..<scan.carryCount] { onCarry[value] = true }
        for operation in source.operations where operation.inputs.contains(where: { onCarry[$0] }) { for value in operation.outputs { onCarry[value] = true } }
        for value in source.outputs[..<scan.carryCount] { isCarried[value] = true }
        for operation in source.operations.reversed() where operation.outputs.contains(where: { isCarried[$0] }) {
            for value in operation.inputs { isCarried[value] = true }
        }
    }

    /// The body with its products taken apart; nil where there is nothing to take apart.
    mutating func run() -> Program? {
        for operation in source.operations {
            if let product = operation.primitive as? Product, splitSum(product, operation) { continue }
            if let slice = operation.primitive as? Slice, splitSlice(slice, operation) { continue }
            result.operations.append(operation)
        }
        return isChanged ? removeDeadCode(result) : nil
    }

    private mutating func add(_ primitive: any Primitive, _ inputs: [Int], as output: Int? = nil) -> Int {
        guard let type = try? primitive.infer(inputs.map { result.types[$0] })[0] else { preconditionFailure("parts of operations that fit do fit") }
        if output == nil { result.types.append(type) }
        let value = output ?? result.types.count - 1
        result.operations.append(Program.Operation(primitive: primitive, inputs: inputs, outputs: [value]))
        return value
    }

    /// Members `from ..< to` of an axis.
    private mutating func part(_ value: Int, axis: Int, _ from: Int, _ to: Int) -> Int {
        let shape = result.types[value].shape
        return add(slice(shape, axis, from, to), [value])
    }

    private func slice(_ shape: [Int], _ axis: Int, _ from: Int, _ to: Int) -> Slice {
        var starts = shape.map { _ in 0 }, counts = shape
        (starts[axis], counts[axis]) = (from, to - from)
        return Slice(starts: starts, counts: counts, steps: shape.map { _ in 1 })
    }

    private mutating func splitSum(_ product: Product, _ operation: Program.Operation) -> Bool {
        let d = product.dimensions
        for side in 0...1 {
            let value = operation.inputs[side], other = operation.inputs[1 - side]
            guard producers[value] >= 0, let joined = source.operations[producers[value]].primitive as? Concatenate else { continue }
            let own = side == 0 ? d.leftContracted : d.rightContracted, others = side == 0 ? d.rightContracted : d.leftContracted
            let tensors = source.operations[producers[value]].inputs
            guard let place = own.firstIndex(of: joined.axis), Set(tensors.map { onCarry[$0] }).count == 2 else { continue }
            var sum: Int?, start = 0
            for (number, tensor) in tensors.enumerated() {
                let end = start + result.types[tensor].shape[joined.axis]
                let piece = part(other, axis: others[place], start, end)
                let term = add(product, side == 0 ? [tensor, piece] : [piece, tensor])
                sum = sum.map { add(Add(), [$0, term], as: number == tensors.count - 1 ? operation.outputs[0] : nil) } ?? term
                start = end
            }
            isChanged = true
            return true
        }
        return false
    }

    private mutating func splitSlice(_ slice: Slice, _ operation: Program.Operation) -> Bool {
        let value = operation.inputs[0]
        guard producers[value] >= 0, let product = source.operations[producers[value]].primitive as? Product, isWorth(value) else { return false }
        let shape = source.types[value].shape, operands = source.operations[producers[value]].inputs
        let axes = shape.indices.filter { slice.starts[$0] != 0 || slice.counts[$0] != shape[$0] || slice.steps[$0] != 1 }
        guard axes.count == 1, slice.steps[axes[0]] == 1 else { return false }
        let d = product.dimensions, axis = axes[0], batch = d.leftBatch.count
        let left = d.leftFree(source.types[operands[0]].shape.count), right = d.rightFree(source.types[operands[1]].shape.count)
        guard axis >= batch else { return false }
        let isLeft = axis < batch + left.count
        let inner = isLeft ? left[axis - batch] : right[axis - batch - left.count]
        let piece = part(operands[isLeft ? 0 : 1], axis: inner, slice.starts[axis], slice.starts[axis] + slice.counts[axis])
        _ = add(product, isLeft ? [piece, operands[1]] : [operands[0], piece], as: operation.outputs[0])
        isChanged = true
        return true
    }

    /// Whether a product's result is only read in slices that together are no more than it, and the next step needs some but not all.
    private func isWorth(_ value: Int) -> Bool {
        if source.outputs.contains(value) { return false }
        let readers = source.operations.filter { $0.inputs.contains(value) }
        guard readers.allSatisfy({ $0.primitive is Slice }), Set(readers.map { isCarried[$0.outputs[0]] }).count == 2 else { return false }
        return readers.reduce(0) { $0 + source.types[$1.outputs[0]].shape.elementCount } <= source.types[value].shape.elementCount
    }
}
