import CKernels

/// An instruction of a plan before its memory is known: a kernel and its arguments.
package struct PlannedInstruction {
    package var kernel: dk_kernel
    package var arguments: UnsafeMutableRawPointer
}

/// Memory that lives as long as a plan: the arguments of its instructions.
package final class ArgumentMemory: @unchecked Sendable {
    private var blocks: [UnsafeMutableRawPointer] = []
    private var kept: [AnyObject] = []
    /// Bytes of the arguments.
    package private(set) var byteCount = 0

    /// Keeps an object as long as the plan.
    package func keep(_ object: AnyObject) { kept.append(object) }

    package func store<Value>(_ value: Value) -> UnsafeMutablePointer<Value> { store([value]) }

    package func store<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let bytes = Swift.max(MemoryLayout<Value>.stride * values.count, 1)
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        blocks.append(block)
        byteCount += bytes
        let typed = block.bindMemory(to: Value.self, capacity: values.count)
        typed.initialize(from: values, count: values.count)
        return typed
    }

    deinit { for block in blocks { block.deallocate() } }
}

/// Writes the instructions of a primitive that has its own kernel.
package struct InstructionEmitter {
    /// Where an input's elements are: the number of a buffer, and the offset in elements.
    package struct Place {
        package var buffer: Int32
        package var offset: Int64
    }

    let memory: ArgumentMemory
    let inputs: [Operand]
    let inputTypes: [TensorType]
    let outputs: [Int]
    let outputTypes: [TensorType]
    let slot: (Int) -> Int32
    /// The group to run on the rows of the result; nil for none.
    package let epilogue: UnsafePointer<dk_group>?
    package private(set) var instructions: [PlannedInstruction] = []

    init(_ operation: LoweredOperation, _ types: [TensorType], _ memory: ArgumentMemory, epilogue: UnsafePointer<dk_group>? = nil, slot: @escaping (Int) -> Int32) {
        (self.memory, self.epilogue) = (memory, epilogue)
        inputs = operation.inputs
        inputTypes = operation.inputTypes
        outputs = operation.outputs
        outputTypes = operation.outputs.map { types[$0] }
        self.slot = slot
    }

    package var inputCount: Int { inputs.count }
    package func inputType(_ position: Int) -> TensorType { inputTypes[position] }
    package func outputType(_ position: Int) -> TensorType { outputTypes[position] }
    package func output(_ position: Int) -> Int32 { slot(outputs[position]) }
    /// A dense input.
    package func input(_ position: Int) -> Place { Place(buffer: slot(inputs[position].value!), offset: Int64(inputs[position].view.offset)) }
    /// An input with any strides.
    package func view(_ position: Int) -> (buffer: Int32, view: StridedView, bytes: Int) {
        (slot(inputs[position].value!), inputs[position].view, inputTypes[position].dtype.byteCount)
    }

    /// Memory for what arguments point to.
    package func store<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> { memory.store(values) }

    package mutating func emit<Arguments>(_ kernel: @escaping dk_kernel, _ arguments: Arguments) {
        instructions.append(PlannedInstruction(kernel: kernel, arguments: UnsafeMutableRawPointer(memory.store(arguments))))
    }

    package mutating func fill(_ buffer: Int32, offset: Int, count: Int, _ scalar: ScalarBits) {
        emit(dk_fill, dk_fill_arguments(out: buffer, bytes: Int32(scalar.dtype.byteCount), offset: Int64(offset), count: Int64(count), bits: scalar.bits))
    }

    package mutating func copy(_ from: (buffer: Int32, view: StridedView, bytes: Int), to buffer: Int32, _ target: StridedView) {
        var arguments = dk_copy_arguments()
        arguments.in = from.buffer
        arguments.out = buffer
        arguments.bytes = Int32(from.bytes)
        arguments.in_offset = Int64(from.view.offset)
        arguments.out_offset = Int64(target.offset)
        let axes = target.shape.indices.filter { target.shape[$0] != 1 }
        guard axes.count <= Int(DK_MAX_RANK) else { stop("A copy over \(axes.count) axes; at most \(DK_MAX_RANK) axes longer than 1 can be copied with strides.") }
        arguments.rank = Int32(axes.count)
        withUnsafeMutableBytes(of: &arguments.dims) { $0.storeIntegers(axes.map { target.shape[$0] }) }
        withUnsafeMutableBytes(of: &arguments.in_strides) { $0.storeIntegers(axes.map { from.view.strides[$0] }) }
        withUnsafeMutableBytes(of: &arguments.out_strides) { $0.storeIntegers(axes.map { target.strides[$0] }) }
        emit(dk_copy_strided, arguments)
    }

    /// The four kernels that take an index: input 0 by input 1 into the output.
    package mutating func index(_ kernel: @escaping dk_kernel, outer: Int, axis: Int, count: Int, inner: Int) {
        let x = input(0), index = input(1)
        emit(
            kernel,
            dk_index_arguments(
                in: x.buffer, index: index.buffer, out: output(0), base: -1, in_offset: x.offset, index_offset: index.offset, out_offset: 0, base_offset: 0,
                outer: Int64(outer), axis: Int64(axis), count: Int64(count), inner: Int64(inner), dtype: inputTypes[0].dtype.rawValue))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes integers as int64, one after another.
    package func storeIntegers(_ values: [Int]) {
        for (index, value) in values.enumerated() { storeBytes(of: Int64(value), toByteOffset: index * 8, as: Int64.self) }
    }
}
