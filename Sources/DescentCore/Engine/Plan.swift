import CKernels
import Synchronization

/// A program ready to run again and again: a flat list of kernels and arguments over a table of buffers. Running it allocates
/// nothing and touches no object.
package final class Plan: @unchecked Sendable {
    private let memory: ArgumentMemory
    private let instructions: UnsafeMutablePointer<dk_instruction>
    private let instructionCount: Int
    private let buffers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let bufferCount: Int
    private let inputCount: Int, outputCount: Int
    /// Buffers inside the arena: number and offset in bytes.
    private let inside: [(buffer: Int, offset: Int)]
    private var arena: UnsafeMutableRawPointer?
    private let lock = Mutex(())
    private let names: [String]

    /// Bytes of the arena, in which all intermediate values live.
    package let arenaByteCount: Int
    package let inputTypes: [TensorType], outputTypes: [TensorType]
    /// For each output, the input whose memory it may take over when nobody else can see that: everything that reads the input runs before
    /// the output is written, or reads it element by element in the same step.
    package let replaceable: [Int: Int]
    /// The instructions in readable form.
    package let description: String
    /// For a loop that runs the plan as its body: the instructions, the table of buffers, and what of it lies in the arena.
    package struct Body {
        /// The instructions that run once, before the first step.
        package let once: UnsafePointer<dk_instruction>, onceCount: Int
        package let instructions: UnsafePointer<dk_instruction>, count: Int
        package let table: UnsafeMutablePointer<UnsafeMutableRawPointer?>
        package let inside: [(buffer: Int, offset: Int)]
    }
    package let body: Body
    /// Bytes that the plan keeps: its instructions with their arguments, its description, and its arena.
    package var byteCount: Int {
        memory.byteCount + arenaByteCount + description.utf8.count
            + instructionCount * (MemoryLayout<dk_instruction>.stride + MemoryLayout<String>.stride) + bufferCount * MemoryLayout<UnsafeMutableRawPointer>.stride
    }
    /// Groups, products and others that a run executes.
    package var instructionTotal: Int { instructionCount }

    /// - Parameter updates: pairs (output, input) that are the new and the old value of a variable.
    ///   - constants: of a loop's body, the inputs that are the same at every step.
    package init(_ program: Program, updates: [(output: Int, input: Int)] = [], constants: Range<Int> = 0..<0) {
        var builder = PlanBuilder(program, updates: updates, constants: constants)
        builder.build()
        memory = builder.memory
        instructionCount = builder.planned.count
        instructions = .allocate(capacity: Swift.max(instructionCount, 1))
        for (index, instruction) in builder.planned.enumerated() {
            instructions[index] = dk_instruction(run: instruction.kernel, arguments: UnsafeRawPointer(instruction.arguments))
        }
        bufferCount = builder.bufferCount
        buffers = .allocate(capacity: Swift.max(bufferCount, 1))
        buffers.initialize(repeating: nil, count: Swift.max(bufferCount, 1))
        inputCount = program.inputs.count
        outputCount = program.outputs.count
        inside = builder.inside
        arenaByteCount = builder.placement.byteCount
        let once = builder.once.map { dk_instruction(run: $0.kernel, arguments: UnsafeRawPointer($0.arguments)) }
        body = Body(
            once: UnsafePointer(memory.store(once)), onceCount: once.count, instructions: UnsafePointer(instructions), count: instructionCount,
            table: buffers, inside: inside)
        inputTypes = program.inputs.map { program.types[$0] }
        outputTypes = program.outputs.map { program.types[$0] }
        replaceable = builder.replaceable
        names = builder.names
        description = builder.text
    }

    deinit {
        instructions.deallocate()
        buffers.deallocate()
        releaseArena()
    }

    /// Runs the plan: one pointer for each input and output. Others who want to run it wait. With `keepsArena` false, the memory of the
    /// intermediate values is given back afterwards. The result is that of `runAlone`.
    package func run(keepsArena: Bool = true, _ body: (_ inputs: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ outputs: UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Void) -> Bool {
        lock.withLock { _ in
            body(inputs, outputs)
            let isDone = runAlone()
            if !keepsArena { releaseArena() }
            return isDone
        }
    }

    /// Where the pointers of the inputs and outputs go, for one who holds a lock of his own around `runAlone`.
    package var inputs: UnsafeMutablePointer<UnsafeMutableRawPointer?> { buffers }
    package var outputs: UnsafeMutablePointer<UnsafeMutableRawPointer?> { buffers + inputCount }

    /// Runs the plan on the pointers that are set. An index outside its axis stops the program with a sentence; inside `catchingFaults` the result is
    /// then false, and the outputs hold nothing of use.
    package func runAlone() -> Bool {
        if arena == nil, arenaByteCount > 0 { takeArena() }
        var fault = dk_fault()
        dk_run(instructions, Int64(instructionCount), buffers, &fault)
        if fault.raised != 0 {
            let use = fault.use > 0 ? IndexUse.numbered(Int(fault.use)) : IndexUse(Self.called(names[Int(fault.instruction)]), place: nil)
            raise(use.sentence(Int(fault.value), size: Int(fault.limit)))
            return false
        }
        return true
    }

    /// What the user called: the transpose of `gather_along` comes of a derivative alone, and may be all that is left of both.
    private static func called(_ name: String) -> String { name == ScatterAddAlong.name ? GatherAlong.name : name }

    private func takeArena() {
        arena = MemoryPool.shared.allocate(arenaByteCount)
        for place in inside { buffers[place.buffer] = arena! + place.offset }
    }

    private func releaseArena() {
        if let arena { MemoryPool.shared.deallocate(arena, arenaByteCount) }
        arena = nil
    }
}

/// Puts the passes together: simplify, lower, fuse, schedule, emit, place.
private struct PlanBuilder {
    let memory = ArgumentMemory()
    let program: Program
    let updates: [(output: Int, input: Int)]
    var lowered: LoweredProgram
    var planned: [PlannedInstruction] = []
    var uses: [MemoryUse] = []
    var names: [String] = []
    var texts: [String] = []
    var placement = Placement()
    var inside: [(buffer: Int, offset: Int)] = []
    var replaceable: [Int: Int] = [:]
    var slots: [Int: Int32] = [:]
    var bufferCount = 0
    var text = ""
    /// Inputs that stay the same from run to run, and what is done with them once, ahead of the first.
    private var constants: Set<Int> = []
    var once: [PlannedInstruction] = []
    /// Constant matrices, packed: the buffer by what was packed.
    private var packed: [PackedOperand: Int32] = [:]
    private var packedSizes: [(buffer: Int32, bytes: Int)] = []

    private struct PackedOperand: Hashable { let operand: Operand, k: Int, n: Int }

    init(_ source: Program, updates: [(output: Int, input: Int)], constants: Range<Int>) {
        program = optimizeLoops(simplify(source))
        lowered = foldAdditions(lower(program))
        self.updates = updates
        self.constants = Set(lowered.inputs[constants])
        if Dump.showsPasses {
            Dump.write("program", source.description)
            Dump.write("simplified", program.description)
        }
    }

    mutating func build() {
        var order = schedule(lowered, fuse(lowered))
        (parts, joined) = findConcatenatedParts(lowered, &order)
        assignSlots(order)
        for cluster in order { emit(cluster, order) }
        copyOutputs()
        placement = place(uses, placeable: { slots[$0].map { Int($0) >= program.inputs.count + program.outputs.count } ?? false }) { lowered.types[$0].byteCount }
        for (value, offset) in placement.offsets { inside.append((Int(slots[value]!), offset)) }
        // What is packed once stays: it shares no memory with anything.
        for (buffer, bytes) in packedSizes {
            inside.append((Int(buffer), placement.byteCount))
            placement.byteCount += (bytes + 63) & ~63
        }
        findReplaceable()
        describe()
    }

    /// Values read outside the cluster that makes them, or given as outputs.
    private var escaping: Set<Int> = []
    /// Values written as parts of others, and the operations that this leaves nothing to do.
    private var parts: [Int: ConcatenatedPart] = [:]
    private var joined: Set<Int> = []

    private mutating func assignSlots(_ order: [Cluster]) {
        for (index, value) in lowered.inputs.enumerated() { slots[value] = Int32(index) }
        bufferCount = program.inputs.count + program.outputs.count
        for (index, value) in lowered.outputs.enumerated() where slots[value] == nil { slots[value] = Int32(program.inputs.count + index) }
        var home: [Int: Int] = [:]
        for (number, cluster) in order.enumerated() {
            for member in cluster.allMembers { for value in lowered.operations[member].outputs { home[value] = number } }
        }
        escaping = Set(lowered.outputs)
        for (number, cluster) in order.enumerated() {
            for member in cluster.allMembers {
                for value in lowered.operations[member].inputs.compactMap(\.value) where home[value] != number || member == cluster.head { escaping.insert(value) }
            }
            if let head = cluster.head { escaping.insert(lowered.operations[head].outputs[0]) }
        }
        for cluster in order {
            for member in cluster.allMembers {
                let operation = lowered.operations[member]
                var isKernel = false
                if case .kernel = operation.work { isKernel = true }
                if case .kernelWithEpilogue = operation.work { isKernel = true }
                if case .reduceAxis = operation.work { isKernel = true }
                if case .loop = operation.work { isKernel = true }
                for value in operation.outputs where slots[value] == nil && parts[value] == nil && (isKernel || escaping.contains(value)) {
                    slots[value] = Int32(bufferCount)
                    bufferCount += 1
                }
            }
        }
    }

    private func slot(_ value: Int) -> Int32 { slots[value]! }

    private mutating func append(_ instruction: PlannedInstruction, _ use: MemoryUse, name: String, _ text: String) {
        planned.append(instruction)
        uses.append(use)
        names.append(name)
        texts.append(text)
    }

    private mutating func emit(_ cluster: Cluster, _ order: [Cluster]) {
        let members = cluster.allMembers
        let operation = lowered.operations[members[0]]
        if lowered.types[operation.outputs[0]].count == 0, operation.outputs.count == 1 { return }
        if joined.contains(members[0]) { return }
        var use = MemoryUse(reads: [], writes: [])
        let made = Set(members.flatMap { lowered.operations[$0].outputs })
        for member in members {
            use.reads.formUnion(lowered.operations[member].inputs.compactMap(\.value).filter { !made.contains($0) || member == cluster.head })
            use.writes += lowered.operations[member].outputs.compactMap { parts[$0]?.whole ?? (slots[$0] != nil ? $0 : nil) }
        }
        var group: EmittedGroup?
        if cluster.isGroup {
            let slots = self.slots, escaping = self.escaping
            var emission = GroupEmission(lowered, cluster, memory, parts: parts, escapes: { escaping.contains($0) }, slot: { slots[$0]! })
            group = emission.emit()
        }
        if let head = cluster.head {
            let operation = lowered.operations[head], operands = Set(operation.inputs.compactMap(\.value))
            use.mayReplace = group?.mayReplace.mapValues { $0.filter { !operands.contains($0) } } ?? [:]
            if case .product = operation.work {
                append(productInstruction(operation, group), use, name: "matmul", productText(operation, group))
            } else {
                emitKernel(operation, use, group)
            }
        } else if let group {
            use.mayReplace = group.mayReplace
            append(PlannedInstruction(kernel: dk_run_group, arguments: UnsafeMutableRawPointer(group.group)), use, name: nameOfFaults(members), group.description)
        } else {
            emitKernel(operation, use)
        }
    }

    /// Who is named when a group finds an index outside its axis: the one among its operations that takes indices.
    private func nameOfFaults(_ members: [Int]) -> String {
        let operations = members.map { lowered.operations[$0] }
        let found = operations.first {
            switch $0.work {
            case .pick, .addAt: true
            default: false
            }
        }
        return (found ?? operations[0]).name
    }

    private mutating func emitKernel(_ operation: LoweredOperation, _ use: MemoryUse, _ group: EmittedGroup? = nil) {
        let slots = self.slots
        var emitter = InstructionEmitter(operation, lowered.types, memory, epilogue: group.map { UnsafePointer($0.group) }) { slots[$0]! }
        switch operation.work {
        case .kernel(let body), .kernelWithEpilogue(_, _, let body): body(&emitter)
        case .loop(let plan):
            memory.keep(plan)
            plan.emit(&emitter)
        case .reduceAxis(let kind, let outer, let count, let inner):
            let x = emitter.input(0)
            emitter.emit(
                dk_reduce,
                dk_reduce_arguments(
                    in: x.buffer, out: emitter.output(0), in_offset: x.offset, out_offset: 0, outer: Int64(outer), count: Int64(count), inner: Int64(inner),
                    reduction: kind.rawValue, dtype: operation.inputTypes[0].dtype.rawValue))
        default: stop("\(operation.name) has no instruction of its own.")
        }
        let inputs = operation.inputs.map { "%\($0.value!)" }.joined(separator: ", ")
        for instruction in emitter.instructions {
            var text = "\(operation.outputs.map { "%\($0) \(lowered.types[$0])" }.joined(separator: ", ")) = \(operation.name)(\(inputs))"
            if case .loop(let plan) = operation.work { text += plan.description }
            if let group { text += "\n      then " + group.description }
            append(instruction, use, name: operation.name, text)
        }
    }

    private mutating func productInstruction(_ operation: LoweredOperation, _ group: EmittedGroup?) -> PlannedInstruction {
        guard case .product(let batch, let m, let n, let k) = operation.work else { stop("not a product") }
        var arguments = dk_product_arguments()
        let a = operation.inputs[0].view, b = operation.inputs[1].view
        arguments.a = slot(operation.inputs[0].value!)
        arguments.b = slot(operation.inputs[1].value!)
        arguments.c = slot(operation.outputs[0])
        arguments.addend = -1
        if operation.inputs.count > 2 {
            let addend = operation.inputs[2]
            arguments.addend = slot(addend.value!)
            (arguments.addend_offset, arguments.addend_row) = (Int64(addend.view.offset), Int64(addend.view.strides[0]))
        }
        (arguments.a_offset, arguments.b_offset) = (Int64(a.offset), Int64(b.offset))
        (arguments.batch, arguments.m, arguments.n, arguments.k) = (Int64(batch), Int64(m), Int64(n), Int64(k))
        (arguments.a_batch, arguments.a_row, arguments.a_column) = (Int64(a.strides[0]), Int64(a.strides[1]), Int64(a.strides[2]))
        (arguments.b_batch, arguments.b_row, arguments.b_column) = (Int64(b.strides[0]), Int64(b.strides[1]), Int64(b.strides[2]))
        arguments.epilogue = group.map { UnsafePointer($0.group) }
        arguments.dtype = operation.inputTypes[0].dtype.rawValue
        arguments.packed = -1
        if batch == 1, m > 2, constants.contains(operation.inputs[1].value!) { arguments.packed = packedOnce(operation.inputs[1], arguments) }
        return PlannedInstruction(kernel: dk_product, arguments: UnsafeMutableRawPointer(memory.store(arguments)))
    }

    /// The buffer with a constant right operand as the kernel wants it; -1 where it can't be had.
    private mutating func packedOnce(_ operand: Operand, _ product: dk_product_arguments) -> Int32 {
        let key = PackedOperand(operand: operand, k: Int(product.k), n: Int(product.n))
        if let known = packed[key] { return known }
        let bytes = dk_packed_bytes(product.k, product.n, operandType(product))
        if bytes == 0 { return -1 }
        let buffer = Int32(bufferCount)
        bufferCount += 1
        packed[key] = buffer
        packedSizes.append((buffer, Int(bytes)))
        var arguments = product
        arguments.packed = buffer
        arguments.epilogue = nil
        once.append(PlannedInstruction(kernel: dk_pack, arguments: UnsafeMutableRawPointer(memory.store(arguments))))
        return buffer
    }

    private func operandType(_ product: dk_product_arguments) -> dk_dtype { dk_dtype(UInt32(product.dtype)) }

    private func productText(_ operation: LoweredOperation, _ group: EmittedGroup?) -> String {
        guard case .product(let batch, let m, let n, let k) = operation.work else { return "" }
        let size = (batch == 1 ? "" : "\(batch) x ") + "[\(m), \(k)] · [\(k), \(n)]"
        let addend = operation.inputs.count > 2 ? " + %\(operation.inputs[2].value!)" : ""
        let head = "%\(operation.outputs[0]) = matmul(%\(operation.inputs[0].value!), %\(operation.inputs[1].value!))\(addend)  \(size)"
        return head + (group.map { "\n      then " + $0.description } ?? "")
    }

    /// Outputs that are inputs, or the same value as another output, are copied to their own memory.
    private mutating func copyOutputs() {
        for (index, value) in lowered.outputs.enumerated() where slots[value] != Int32(program.inputs.count + index) {
            let type = lowered.types[value]
            if type.count == 0 { continue }
            var arguments = dk_copy_arguments()
            arguments.in = slots[value]!
            arguments.out = Int32(program.inputs.count + index)
            arguments.bytes = Int32(type.dtype.byteCount)
            arguments.rank = 1
            withUnsafeMutableBytes(of: &arguments.dims) { $0.storeIntegers([type.count]) }
            withUnsafeMutableBytes(of: &arguments.in_strides) { $0.storeIntegers([1]) }
            withUnsafeMutableBytes(of: &arguments.out_strides) { $0.storeIntegers([1]) }
            append(
                PlannedInstruction(kernel: dk_copy_strided, arguments: UnsafeMutableRawPointer(memory.store(arguments))),
                MemoryUse(reads: [value], writes: []), name: "copy", "output \(index) = copy(%\(value))")
        }
    }

    private mutating func findReplaceable() {
        if updates.isEmpty { return }
        var firstWrite: [Int: Int] = [:], lastReads: [Int: Int] = [:]
        for (step, use) in uses.enumerated() {
            for value in use.writes where firstWrite[value] == nil { firstWrite[value] = step }
            for value in use.reads { lastReads[value] = step }
        }
        for (output, input) in updates {
            let new = lowered.outputs[output], old = lowered.inputs[input]
            guard slots[new] == Int32(program.inputs.count + output), lowered.types[new].byteCount == lowered.types[old].byteCount, let written = firstWrite[new]
            else { continue }
            let lastRead = lastReads[old] ?? -1
            if lastRead < written || (lastRead == written && uses[written].mayReplace[new]?.contains(old) == true) { replaceable[output] = input }
        }
    }

    private mutating func describe() {
        let kilobytes = (placement.byteCount + 1023) / 1024
        text =
            "\(planned.count) instructions, \(kilobytes) KB for intermediate values\n"
            + texts.enumerated().map { "  \($0.offset): \($0.element)" }.joined(separator: "\n")
        if Dump.showsPlans { Dump.write("plan", text) }
    }
}
