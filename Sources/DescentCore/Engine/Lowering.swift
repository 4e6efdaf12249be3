import CKernels

/// An input of a lowered operation: a window on a value's dense memory, or one number.
package struct Operand: Hashable {
    package enum Source: Hashable { case value(Int), constant(ScalarBits) }
    package var source: Source
    package var view: StridedView

    package var value: Int? {
        if case .value(let value) = source { value } else { nil }
    }
    package var count: Int { view.count }
    /// The whole of a value, in order.
    package var isDense: Bool { value != nil && view.isDense && view.offset == 0 }
}

/// A step that really computes: views, reshapes and repeated numbers have become part of its operands.
package struct LoweredOperation {
    package enum Work {
        /// Element by element; by the tile function and the element type that it works on.
        case map(MapFunction)
        /// Rows of `columns` elements to one each.
        case reduceRows(ReductionKind, columns: Int)
        /// The middle of three axes reduced.
        case reduceAxis(ReductionKind, outer: Int, count: Int, inner: Int)
        /// From each row of the first operand, the element that the second says.
        case pick(columns: Int)
        /// The first operand, with the third added in each row at the place that the second says.
        case addAt(columns: Int)
        case product(batch: Int, m: Int, n: Int, k: Int)
        /// A loop; the last output is its workspace.
        case loop(LoopPlan)
        case kernel(@Sendable (inout InstructionEmitter) -> Void)
        /// A kernel that runs a group on the rows of its result.
        case kernelWithEpilogue(rows: Int, columns: Int, @Sendable (inout InstructionEmitter) -> Void)
    }
    package var work: Work
    package var inputs: [Operand]
    package var inputTypes: [TensorType]
    package var outputs: [Int]
    /// Elements of the (first) result.
    package var count: Int
    package var name: String
    /// The rows and columns of the result on which the instruction runs a group, if it can.
    package var epilogueSpace: (rows: Int, columns: Int)? {
        switch work {
        case .product(let batch, let m, let n, _): (batch * m, n)
        case .kernelWithEpilogue(let rows, let columns, _): (rows, columns)
        default: nil
        }
    }
    /// The axis along which the inputs are put one after another, if that is all it does.
    package var joinedAxis: Int?
}

/// The operation of a map on each element.
package enum MapFunction: Hashable {
    case operation(UInt32)
    case cast(DType)

    package var name: String {
        switch self {
        case .operation(let number): operationNames[Int(number)]
        case .cast(let dtype): "cast to \(dtype)"
        }
    }
}

/// A program whose operations really compute, on values that have memory of their own.
package struct LoweredProgram {
    package var types: [TensorType]
    package var inputs: [Int]
    package var operations: [LoweredOperation]
    /// The value whose memory each output of the program is; the same one may stand twice, or be an input.
    package var outputs: [Int]
}

/// Turns a simplified program into operations on memory. Views and reshapes become strides of operands; where strides can't say
/// it (a reshape of a transpose, a product over axes that don't join), a copy is put in.
package func lower(_ program: Program) -> LoweredProgram {
    var pass = Lowering(program)
    return pass.run()
}

private struct Lowering {
    let program: Program
    var result: LoweredProgram
    /// Each value of the program in terms of values that have memory.
    var operands: [Operand?]
    var copies: [Operand: Int] = [:]
    /// The operations that make values that are zeros but for one number a row.
    var places: [Int: Int] = [:]
    /// Operations that turned out not to be needed.
    var dropped: Set<Int> = []
    var uses: [Int]

    init(_ program: Program) {
        self.program = program
        result = LoweredProgram(types: program.types, inputs: program.inputs, operations: [], outputs: [])
        operands = [Operand?](repeating: nil, count: program.types.count)
        uses = [Int](repeating: 0, count: program.types.count)
        for operation in program.operations { for value in operation.inputs { uses[value] += 1 } }
        for value in program.outputs { uses[value] += 1 }
        for value in program.inputs { operands[value] = whole(value) }
    }

    func whole(_ value: Int) -> Operand { Operand(source: .value(value), view: StridedView(dense: program.types[value].shape)) }

    mutating func run() -> LoweredProgram {
        for operation in program.operations { lower(operation) }
        for value in program.outputs {
            let operand = operands[value]!
            result.outputs.append(operand.isDense && operand.count == result.types[operand.value!].count ? operand.value! : copied(operand, program.types[value]))
        }
        if !dropped.isEmpty { result.operations = result.operations.indices.filter { !dropped.contains($0) }.map { result.operations[$0] } }
        return result
    }

    mutating func lower(_ operation: Program.Operation) {
        let types = operation.inputs.map { program.types[$0] }
        let inputs = operation.inputs.map { operands[$0]! }
        let out = operation.outputs[0]
        let type = program.types[out]
        let name = Swift.type(of: operation.primitive).name
        func emit(_ work: LoweredOperation.Work, _ inputs: [Operand], _ types: [TensorType]) {
            for output in operation.outputs { operands[output] = whole(output) }
            result.operations.append(LoweredOperation(work: work, inputs: inputs, inputTypes: types, outputs: operation.outputs, count: type.count, name: name))
        }
        switch operation.primitive.kernel(types) {
        case .fill(let scalar):
            operands[out] = Operand(source: .constant(scalar), view: StridedView(shape: type.shape, strides: type.shape.map { _ in 0 }))
        case .identity, .none:
            operands[out] = inputs[0]
        case .view(let window):
            operands[out] = Operand(source: inputs[0].source, view: window(inputs[0].view))
        case .reshape:
            if let view = inputs[0].view.reshaped(to: type.shape) {
                operands[out] = Operand(source: inputs[0].source, view: view)
            } else {
                operands[out] = Operand(source: .value(copied(inputs[0], types[0])), view: StridedView(dense: type.shape))
            }
        case .elementwise(.cast):
            emit(.map(.cast(type.dtype)), inputs, types)
        case .elementwise(.operation(let number)):
            if number == DK_add.rawValue, let fused = addedPlace(operation, inputs) {
                emit(fused.work, fused.inputs, fused.types)
            } else {
                emit(.map(.operation(number)), inputs, types)
            }
        case .reduce(let kind, let axes):
            let lowered = reduction(kind, axes, inputs[0], types[0])
            emit(lowered.work, [lowered.input], [lowered.type])
        case .pick where types[0].shape.last! > longestHeldRow:
            emit(.kernel { $0.index(dk_gather_along, outer: $0.inputType(1).count, axis: $0.inputType(0).shape.last!, count: 1, inner: 1) }, dense(inputs, types), types)
        case .place where type.shape.last! > longestHeldRow:
            emit(.kernel { $0.index(dk_scatter_add_along, outer: $0.inputType(1).count, axis: $0.outputType(0).shape.last!, count: 1, inner: 1) }, dense(inputs, types), types)
        case .pick:
            emit(.pick(columns: types[0].shape.last!), inputs, types)
        case .place:
            let zero = Operand(source: .constant(ScalarBits(0, type.dtype)), view: StridedView(shape: type.shape, strides: type.shape.map { _ in 0 }))
            emit(.addAt(columns: type.shape.last!), [zero, inputs[1], inputs[0]], [type, types[1], types[0]])
            places[out] = result.operations.count - 1
        case .product(let dimensions):
            let lowered = product(dimensions, inputs, types)
            emit(lowered.work, lowered.inputs, types)
        case .loop(let scan):
            let plan = LoopPlan(scan)
            emit(.loop(plan), dense(inputs, types), types)
            var outputs = plan.kept.map { operation.outputs[$0] }
            for history in plan.histories {
                let whole = StridedView(dense: plan.type(history).shape), value = result.types.count
                result.types.append(plan.type(history))
                outputs.append(value)
                for (places, start) in [(history.before, history.start.before), (history.after, history.start.after)] {
                    let window = StridedView(offset: start * whole.strides[0], shape: [scan.length] + whole.shape[1...], strides: whole.strides)
                    for place in places { operands[operation.outputs[place]] = Operand(source: .value(value), view: window) }
                }
            }
            outputs.append(result.types.count)
            result.types.append(TensorType([plan.workspaceByteCount], .uint8))
            result.operations[result.operations.count - 1].outputs = outputs
        case .instruction(let body):
            emit(.kernel(body), dense(inputs, types), types)
        case .instructionWithEpilogue(let rows, let columns, let body):
            emit(.kernelWithEpilogue(rows: rows, columns: columns, body), dense(inputs, types), types)
        case .movement(let body):
            let placed = zip(inputs, types).map { $0.value != nil ? $0 : whole(copied($0, $1), $1) }
            emit(.kernel(body), placed, types)
            result.operations[result.operations.count - 1].joinedAxis = (operation.primitive as? Concatenate)?.axis
        }
    }

    /// The inputs of a kernel that takes no strides: copied where they are not in order.
    mutating func dense(_ inputs: [Operand], _ types: [TensorType]) -> [Operand] {
        zip(inputs, types).map { $0.value != nil && $0.view.isDense ? $0 : whole(copied($0, $1), $1) }
    }

    func whole(_ value: Int, _ type: TensorType) -> Operand { Operand(source: .value(value), view: StridedView(dense: type.shape)) }

    /// `x + place(index, number)`: added in place of x's copy, instead of to zeros that are then added everywhere.
    mutating func addedPlace(_ operation: Program.Operation, _ inputs: [Operand]) -> (work: LoweredOperation.Work, inputs: [Operand], types: [TensorType])? {
        for (position, input) in inputs.enumerated() {
            guard let value = input.value, let place = places[value], uses[operation.inputs[position]] == 1, input.isDense else { continue }
            let made = result.operations[place]
            guard case .addAt(let columns) = made.work, case .constant(let bits) = made.inputs[0].source, bits.value == 0 else { continue }
            let other = inputs[1 - position]
            // Its only reader is this addition.
            dropped.insert(place)
            places[value] = nil
            return (.addAt(columns: columns), [other, made.inputs[1], made.inputs[2]], [made.inputTypes[0], made.inputTypes[1], made.inputTypes[2]])
        }
        return nil
    }

    /// A dense copy of a window.
    mutating func copied(_ operand: Operand, _ type: TensorType) -> Int {
        if let known = copies[operand] { return known }
        let value = result.types.count
        result.types.append(type)
        result.operations.append(
            LoweredOperation(
                work: .map(.operation(DK_copy.rawValue)), inputs: [operand], inputTypes: [type], outputs: [value], count: type.count, name: "copy"))
        copies[operand] = value
        return value
    }

    mutating func reduction(
        _ kind: ReductionKind, _ axes: [Int], _ input: Operand, _ type: TensorType
    ) -> (work: LoweredOperation.Work, input: Operand, type: TensorType) {
        let shape = type.shape
        let kept = shape.indices.filter { !axes.contains($0) }
        let columns = axes.map { shape[$0] }.elementCount
        let isArgument = kind == .argmax || kind == .argmin
        // The last axes, or all: a row each. Others: as one middle axis if they are neighbours, else moved last by a copy.
        if !isArgument, axes == Array((shape.count - axes.count)..<shape.count), columns > 0 {
            return (.reduceRows(kind, columns: columns), input, type)
        }
        let neighbours = zip(axes, axes.dropFirst()).allSatisfy { $1 == $0 + 1 }
        if neighbours, let first = axes.first {
            let outer = Array(shape[..<first]).elementCount, inner = Array(shape[(first + axes.count)...]).elementCount
            let dense = input.value != nil && input.view.isDense ? input : whole(copied(input, type), type)
            return (.reduceAxis(kind, outer: outer, count: columns, inner: inner), dense, type)
        }
        let order = kept + axes
        let moved = Operand(
            source: input.source,
            view: StridedView(
                offset: input.view.offset, shape: order.map { input.view.shape[$0] }, strides: order.map { input.view.strides[$0] }))
        let movedType = TensorType(order.map { shape[$0] }, type.dtype)
        if columns > 0 { return (.reduceRows(kind, columns: columns), moved, movedType) }
        let outer = kept.map { shape[$0] }.elementCount
        return (.reduceAxis(kind, outer: outer, count: columns, inner: 1), whole(copied(moved, movedType), movedType), movedType)
    }

    mutating func product(_ d: ProductDimensions, _ inputs: [Operand], _ types: [TensorType]) -> (work: LoweredOperation.Work, inputs: [Operand]) {
        var leftGroups = [d.leftBatch, d.leftFree(types[0].shape.count), d.leftContracted]
        let rightGroups = [d.rightBatch, d.rightContracted, d.rightFree(types[1].shape.count)]
        var rightBatch: Int?
        if d.leftBatch.isEmpty, leftGroups[1].count > 1, inputs[0].joined(leftGroups) == nil {
            // Free axes that don't join: the first as a batch, through which the right operand stays the same.
            let split = [[leftGroups[1][0]], Array(leftGroups[1].dropFirst()), leftGroups[2]]
            if inputs[0].joined(split) != nil {
                leftGroups = split
                rightBatch = types[0].shape[split[0][0]]
            }
        }
        let left = matrix(inputs[0], types[0], leftGroups)
        var right = matrix(inputs[1], types[1], rightGroups)
        if let rightBatch { right.view = StridedView(offset: right.view.offset, shape: [rightBatch] + right.view.shape[1...], strides: [0] + right.view.strides[1...]) }
        return (.product(batch: left.view.shape[0], m: left.view.shape[1], n: right.view.shape[2], k: left.view.shape[2]), [left, right])
    }

    /// An operand of a product with each group of axes as one; copied when its axes don't join.
    mutating func matrix(_ operand: Operand, _ type: TensorType, _ groups: [[Int]]) -> Operand {
        if let view = operand.joined(groups) { return view }
        let order = groups.flatMap { $0 }
        let moved = Operand(
            source: operand.source,
            view: StridedView(
                offset: operand.view.offset, shape: order.map { operand.view.shape[$0] }, strides: order.map { operand.view.strides[$0] }))
        let shape = groups.map { $0.map { type.shape[$0] }.elementCount }
        let value = copied(moved, TensorType(order.map { type.shape[$0] }, type.dtype))
        return Operand(source: .value(value), view: StridedView(dense: shape))
    }
}

extension Operand {
    /// The same elements with each group of axes as one; nil where one stride can't say it.
    fileprivate func joined(_ groups: [[Int]]) -> Operand? {
        guard value != nil else { return nil }
        var joined = StridedView(offset: view.offset, shape: [], strides: [])
        for axes in groups {
            guard let part = view.joined(axes) else { return nil }
            joined.shape.append(part.size)
            joined.strides.append(part.stride)
        }
        return Operand(source: source, view: joined)
    }
}

/// Names of the kernels' element-wise operations, by number.
private let operationNames: [String] = {
    var names = [String](repeating: "", count: Int(DK_OPERATION_COUNT.rawValue))
    for number in names.indices { names[number] = String(cString: dk_operation_name(dk_operation(UInt32(number)))) }
    return names
}()
