import CKernels

/// A cluster's element-wise part as the group interpreter runs it, with what people and placement want to know of it.
package struct EmittedGroup {
    package var group: UnsafeMutablePointer<dk_group>
    package var description: String
    /// For each full output, the inputs whose memory it may take over.
    package var mayReplace: [Int: [Int]]
}

/// Writes the steps, registers, inputs and outputs of a group.
package struct GroupEmission {
    let program: LoweredProgram
    let cluster: Cluster
    let memory: ArgumentMemory
    /// Values that others read: kept in memory.
    let escapes: (Int) -> Bool
    let slot: (Int) -> Int32
    /// Values that are written as parts of others.
    let parts: [Int: ConcatenatedPart]

    private let rows: Int, columns: Int, streams: Bool
    private var virtuals: [Virtual] = []
    private var steps: [Step] = []
    private var registerOf: [RegisterKey: Int] = [:]
    private var inputs: [(register: Int, kind: dk_input_kind, dtype: DType, operand: Operand?, view: StridedView?)] = []
    private var outputs: [(register: Int, value: Int)] = []

    /// A register before numbers are given out.
    private struct Virtual {
        var isFull: Bool
        var dtype: DType
        var isInput = false
        var isOutput = false
    }

    private typealias Step = GroupStep

    private enum RegisterKey: Hashable {
        case made(Int)
        case expanded(Int)
        case read(Operand, full: Bool)
    }

    package init(_ program: LoweredProgram, _ cluster: Cluster, _ memory: ArgumentMemory, parts: [Int: ConcatenatedPart], escapes: @escaping (Int) -> Bool, slot: @escaping (Int) -> Int32) {
        (self.program, self.cluster, self.memory, self.escapes, self.slot) = (program, cluster, memory, escapes, slot)
        self.parts = parts
        if let columns = cluster.columns ?? IndexSpace.preferredColumns(program, cluster) {
            self.columns = columns
            rows = cluster.count / columns
            streams = columns > longestHeldRow
        } else {
            (rows, columns, streams) = (1, cluster.count, true)
        }
    }

    package mutating func emit() -> EmittedGroup {
        for member in cluster.members where member != cluster.head { emit(member) }
        steps = InstructionPairFusion(steps: steps, isOutput: virtuals.map(\.isOutput)).fused()
        return assemble()
    }

    // MARK: Steps

    private mutating func emit(_ member: Int) {
        let operation = program.operations[member]
        let isRow = rowMember(operation)
        let out = operation.outputs[0]
        let dtype = program.types[out].dtype
        var register: Int { newRegister(out, full: !isRow, dtype) }
        switch operation.work {
        case .map(let function):
            let operands = operation.inputs.indices.map { read(operation.inputs[$0], operation.inputTypes[$0].dtype, full: !isRow) }
            let tile: dk_tile_function?
            let operandType: DType
            switch function {
            case .operation(let number):
                operandType = number == DK_select.rawValue ? operation.inputTypes[1].dtype : operation.inputTypes[0].dtype
                tile = dk_tile(dk_operation(number), operandType.kernel)
                if tile == nil { stop("\(operation.name): no kernel for \(operandType).") }
            case .cast(let target):
                operandType = operation.inputTypes[0].dtype
                tile = dk_tile_cast(operandType.kernel, target.kernel)
            }
            let target = newRegister(out, full: !isRow, dtype)
            steps.append(
                Step(
                    kind: isRow ? DK_STEP_MAP_ROW : DK_STEP_MAP_FULL, out: target, operands: operands, function: tile, dtype: operandType,
                    text: function.name, cost: isRow ? 0 : Self.cost(function), map: function))
        case .reduceRows(let kind, _):
            let x = read(operation.inputs[0], operation.inputTypes[0].dtype, full: true)
            let target = newRegister(out, full: false, dtype)
            steps.append(Step(kind: DK_STEP_REDUCE, out: target, operands: [x], dtype: dtype, reduction: kind, text: "row \(kind)", cost: 0.1))
        case .pick:
            let x = read(operation.inputs[0], dtype, full: true), index = read(operation.inputs[1], .int64, full: false)
            let target = newRegister(out, full: false, dtype)
            steps.append(Step(kind: DK_STEP_PICK, out: target, operands: [x, index], dtype: dtype, text: "pick", cost: 0))
        case .addAt:
            let x = read(operation.inputs[0], dtype, full: true), index = read(operation.inputs[1], .int64, full: false)
            let number = read(operation.inputs[2], dtype, full: false)
            let target = newRegister(out, full: true, dtype)
            steps.append(Step(kind: DK_STEP_ADD_AT, out: target, operands: [x, index, number], dtype: dtype, text: "add_at", cost: 0.1))
        default:
            stop("\(operation.name) can't be part of a group.")
        }
    }

    private func rowMember(_ operation: LoweredOperation) -> Bool {
        switch operation.work {
        case .reduceRows, .pick: true
        case .addAt: false
        default: cluster.columns != nil && operation.count != cluster.count
        }
    }

    private mutating func newRegister(_ value: Int, full: Bool, _ dtype: DType) -> Int {
        virtuals.append(Virtual(isFull: full, dtype: dtype))
        let register = virtuals.count - 1
        registerOf[.made(value)] = register
        if escapes(value) {
            virtuals[register].isOutput = true
            outputs.append((register, value))
        }
        return register
    }

    /// The register that holds an operand, full or one element a row.
    private mutating func read(_ operand: Operand, _ dtype: DType, full: Bool) -> Int {
        if let value = operand.value, let made = registerOf[.made(value)] {
            return virtuals[made].isFull == full ? made : expand(made)
        }
        let key = RegisterKey.read(Operand(source: operand.source, view: operand.view.collapsed), full: full)
        if let known = registerOf[key] { return known }
        let register: Int
        if case .constant = operand.source {
            register = input(full ? DK_INPUT_CONSTANT_FULL : DK_INPUT_CONSTANT_ROW, dtype, operand, nil, full: full)
        } else if operand.view.isDense {
            register = input(full ? DK_INPUT_FULL : DK_INPUT_ROW, dtype, operand, nil, full: full)
        } else if operand.view.isScalar {
            register = input(full ? DK_INPUT_SCALAR_FULL : DK_INPUT_SCALAR_ROW, dtype, operand, nil, full: full)
        } else if full, let strides = operand.view.matrix(rows: rows, columns: columns), strides == (0, 1) {
            register = input(DK_INPUT_COLUMN, dtype, operand, nil, full: true)
        } else if full, rows > 1, let view = operand.view.rows(of: columns) {
            register = expand(read(Operand(source: operand.source, view: view), dtype, full: false))
        } else {
            register = input(full ? DK_INPUT_STRIDED_FULL : DK_INPUT_STRIDED_ROW, dtype, operand, operand.view.collapsed, full: full)
        }
        registerOf[key] = register
        return register
    }

    private mutating func input(_ kind: dk_input_kind, _ dtype: DType, _ operand: Operand, _ view: StridedView?, full: Bool) -> Int {
        virtuals.append(Virtual(isFull: full, dtype: dtype, isInput: true))
        inputs.append((virtuals.count - 1, kind, dtype, operand, view))
        return virtuals.count - 1
    }

    private mutating func expand(_ row: Int) -> Int {
        if let known = registerOf[.expanded(row)] { return known }
        virtuals.append(Virtual(isFull: true, dtype: virtuals[row].dtype))
        let register = virtuals.count - 1
        steps.append(Step(kind: DK_STEP_EXPAND, out: register, operands: [row], dtype: virtuals[row].dtype, text: "repeat", cost: 0.1))
        registerOf[.expanded(row)] = register
        return register
    }

    // MARK: Registers

    private mutating func assemble() -> EmittedGroup {
        if streams { moveRowStepsLast() }
        var lastRead = [Int](repeating: -1, count: virtuals.count)
        var written = [Int](repeating: -1, count: virtuals.count)
        for (position, step) in steps.enumerated() {
            for operand in step.operands { lastRead[operand] = position }
            written[step.out] = position
        }
        // Numbers: inputs and outputs have their own; the rest share those that are free again.
        var number = [Int](repeating: -1, count: virtuals.count)
        var full: [UInt8] = [], bytes: [UInt8] = []
        func fresh(_ virtual: Virtual) -> Int {
            full.append(virtual.isFull ? 1 : 0)
            bytes.append(UInt8(virtual.dtype.byteCount))
            return full.count - 1
        }
        for (register, virtual) in virtuals.enumerated() where (virtual.isInput && lastRead[register] >= 0) || virtual.isOutput { number[register] = fresh(virtual) }
        var free: [Int] = []
        for (position, step) in steps.enumerated() {
            for operand in Set(step.operands).sorted() where lastRead[operand] == position && !virtuals[operand].isInput && !virtuals[operand].isOutput {
                free.append(number[operand])
            }
            if number[step.out] < 0 {
                let virtual = virtuals[step.out]
                // A step may write over an operand that ends here only element by element.
                let isMap = step.kind == DK_STEP_MAP_FULL || step.kind == DK_STEP_MAP_ROW
                let busy = isMap ? [] : step.operands.map { number[$0] }
                if let index = free.lastIndex(where: { full[$0] == (virtual.isFull ? 1 : 0) && bytes[$0] == UInt8(virtual.dtype.byteCount) && !busy.contains($0) }) {
                    number[step.out] = free.remove(at: index)
                } else {
                    number[step.out] = fresh(virtual)
                }
            }
            if lastRead[step.out] < 0, !virtuals[step.out].isOutput { free.append(number[step.out]) }
        }

        let usedInputs = inputs.filter { lastRead[$0.register] >= 0 }
        let kernelSteps = steps.map { step in
            dk_step(
                kind: UInt8(step.kind.rawValue), dtype: step.dtype.rawValue, reduction: step.reduction.rawValue, unused: 0, out: UInt16(number[step.out]),
                a: UInt16(step.operands.count > 0 ? number[step.operands[0]] : 0), b: UInt16(step.operands.count > 1 ? number[step.operands[1]] : 0),
                c: UInt16(step.operands.count > 2 ? number[step.operands[2]] : 0), function: step.function)
        }
        let kernelInputs = usedInputs.map { kernelInput($0.kind, $0.dtype, number[$0.register], $0.operand!, $0.view) }
        let kernelOutputs = outputs.map { output in
            let part = parts[output.value]
            return dk_output(
                full: virtuals[output.register].isFull ? 1 : 0, dtype: virtuals[output.register].dtype.rawValue, reg: UInt16(number[output.register]),
                buffer: slot(part?.whole ?? output.value), offset: Int64(part?.offset ?? 0), row_stride: Int64(part?.rowStride ?? 0))
        }
        let cost = steps.reduce(0) { $0 + $1.cost }
        var group = dk_group()
        group.rows = Int64(rows)
        group.columns = Int64(columns)
        group.rows_per_tile = streams ? 1 : Int64(Swift.min(Swift.max(1, 1024 / Swift.max(columns, 1)), rows))
        group.tile = Int64(Swift.min(columns, 1024))
        group.stream = streams ? 1 : 0
        group.after = Int32(streams ? (steps.firstIndex { $0.kind == DK_STEP_MAP_ROW } ?? steps.count) : steps.count)
        group.step_count = Int32(kernelSteps.count)
        group.input_count = Int32(kernelInputs.count)
        group.output_count = Int32(kernelOutputs.count)
        group.register_count = Int32(full.count)
        group.steps = UnsafePointer(memory.store(kernelSteps))
        group.inputs = UnsafePointer(memory.store(kernelInputs))
        group.outputs = UnsafePointer(memory.store(kernelOutputs))
        group.register_full = UnsafePointer(memory.store(full))
        group.register_bytes = UnsafePointer(memory.store(bytes))
        group.cost = Int64(cost * 1024)

        let stored = memory.store(group)
        let layoutBytes = Int(dk_group_layout_bytes(stored))
        if layoutBytes > 0 { dk_prepare_group(stored, memory.store([UInt64](repeating: 0, count: (layoutBytes + 7) / 8))) }
        return EmittedGroup(group: stored, description: text(number), mayReplace: replaceable(lastRead, written))
    }

    private mutating func moveRowStepsLast() {
        steps = steps.filter { $0.kind != DK_STEP_MAP_ROW } + steps.filter { $0.kind == DK_STEP_MAP_ROW }
    }

    /// Inputs read in order, and only so, and not after the output is written.
    private func replaceable(_ lastRead: [Int], _ written: [Int]) -> [Int: [Int]] {
        var result: [Int: [Int]] = [:]
        for output in outputs where virtuals[output.register].isFull && parts[output.value] == nil {
            for input in inputs where input.kind == DK_INPUT_FULL && lastRead[input.register] >= 0 && lastRead[input.register] <= written[output.register] {
                let value = input.operand!.value!
                let onlyInOrder = inputs.allSatisfy { $0.operand?.value != value || ($0.register == input.register && $0.operand!.isDense) }
                if onlyInOrder, virtuals[input.register].dtype.byteCount == virtuals[output.register].dtype.byteCount { result[output.value, default: []].append(value) }
            }
        }
        return result
    }

    private func kernelInput(_ kind: dk_input_kind, _ dtype: DType, _ register: Int, _ operand: Operand, _ view: StridedView?) -> dk_input {
        var input = dk_input()
        input.kind = UInt8(kind.rawValue)
        input.dtype = dtype.rawValue
        input.reg = UInt16(register)
        input.buffer = operand.value.map(slot) ?? -1
        input.offset = Int64(operand.view.offset)
        if case .constant(let scalar) = operand.source {
            input.offset = 0
            withUnsafeMutableBytes(of: &input.constant) { $0.storeBytes(of: scalar.bits, as: UInt64.self) }
        }
        if let view {
            guard view.shape.count <= Int(DK_MAX_RANK) else { stop("An operation reads a tensor through \(view.shape.count) strides; at most \(DK_MAX_RANK) axes that don't join are possible.") }
            input.rank = Int32(view.shape.count)
            withUnsafeMutableBytes(of: &input.dims) { $0.storeIntegers(view.shape) }
            withUnsafeMutableBytes(of: &input.strides) { $0.storeIntegers(view.strides) }
        }
        return input
    }

    /// Rough nanoseconds an element, for the decision to use more threads.
    private static func cost(_ function: MapFunction) -> Double {
        guard case .operation(let number) = function else { return 0.15 }
        switch dk_operation(number) {
        case DK_exp, DK_log, DK_tanh, DK_sigmoid, DK_expm1, DK_log1p, DK_softplus, DK_erf: return 0.8
        case DK_sin, DK_cos: return 1
        case DK_power, DK_atan2, DK_tan, DK_asin, DK_acos, DK_atan, DK_sinh, DK_cosh, DK_remainder: return 8
        case DK_asinh, DK_acosh, DK_atanh, DK_log2, DK_log10, DK_erfc, DK_hypot, DK_inverse_erf, DK_inverse_erfc, DK_log_add_exp, DK_log_gamma, DK_digamma: return 15
        case DK_polygamma, DK_gamma_slope, DK_gamma_curvature: return 150
        case DK_divide, DK_sqrt, DK_rsqrt, DK_reciprocal: return 0.3
        default: return 0.12
        }
    }

    private func text(_ number: [Int]) -> String {
        let space = streams ? "\(rows == 1 ? "" : "\(rows) rows of ")\(columns) elements" : "\(rows) rows of \(columns)"
        var names: [Int: String] = [:]
        for input in inputs {
            if case .constant(let scalar)? = input.operand?.source { names[input.register] = "\(scalar.value)" } else { names[input.register] = "%\(input.operand!.value!)" }
        }
        for output in outputs { names[output.register] = parts[output.value].map { "%\($0.whole)[\($0.offset)...]" } ?? "%\(output.value)" }
        func name(_ register: Int) -> String { names[register] ?? "r\(number[register])" }
        let lines = steps.map { "\(name($0.out)) = \($0.text)(\($0.operands.map(name).joined(separator: ", ")))" }
        return "group over \(space)\n" + lines.map { "        " + $0 }.joined(separator: "\n")
    }
}
