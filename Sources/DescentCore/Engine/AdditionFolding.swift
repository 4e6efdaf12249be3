import CKernels

/// Lets a product add what only its result is added to: a bias, or a matrix, such as what a recurrent cell's step gets of its input. The sums
/// are in registers then, and a pass over the result is saved.
package func foldAdditions(_ program: LoweredProgram) -> LoweredProgram {
    var result = program
    var reads = [Int](repeating: 0, count: program.types.count)
    for number in program.operations.indices { for input in program.operations[number].inputs { if let value = input.value { reads[value] += 1 } } }
    for value in program.outputs { reads[value] += 1 }
    var products: [Int: Int] = [:]
    var removed: Set<Int> = []
    for number in program.operations.indices {
        if case .product = program.operations[number].work { products[program.operations[number].outputs[0]] = number }
        guard !products.isEmpty, case .map(.operation(DK_add.rawValue)) = program.operations[number].work else { continue }
        let operation = program.operations[number]
        guard operation.inputTypes[0].dtype.isFloating else { continue }
        // Of two products the later one adds the other.
        let candidates = (0...1).compactMap { side -> (side: Int, product: Int)? in
            let operand = operation.inputs[side]
            guard operand.isDense, let value = operand.value, reads[value] == 1, let product = products[value] else { return nil }
            return (side, product)
        }.sorted { $0.product > $1.product }
        for (side, product) in candidates {
            guard case .product(let batch, let m, let n, _) = program.operations[product].work, let addend = operation.inputs[1 - side].rows(batch * m, n) else { continue }
            var sum = result.operations[product]
            guard sum.inputs.count == 2 else { continue }
            sum.inputs.append(addend)
            sum.inputTypes.append(operation.inputTypes[1 - side])
            sum.outputs = operation.outputs
            // In the place of the addition: by then the addend is there.
            result.operations[number] = sum
            products[operation.outputs[0]] = nil
            removed.insert(product)
            break
        }
    }
    if !removed.isEmpty { result.operations = result.operations.indices.filter { !removed.contains($0) }.map { result.operations[$0] } }
    return result
}

extension Operand {
    /// The operand as rows of neighbouring elements; nil if it is not that regular.
    fileprivate func rows(_ rows: Int, _ columns: Int) -> Operand? {
        guard value != nil, let strides = view.matrix(rows: rows, columns: columns), strides.columnStride == 1 else { return nil }
        return Operand(source: source, view: StridedView(offset: view.offset, shape: [rows, columns], strides: [strides.rowStride, 1]))
    }
}
