import CKernels
import Synchronization

/// One operation of the graph, with its inputs and, once computed, its value.
///
/// Nodes are numbered in the order of their making, and inputs exist before the node that reads them: sorting by number
/// sorts by dependency. There is no array for the usual one or two inputs, and a chain of any length is released without
/// recursion.
package final class Node: @unchecked Sendable {
    package let id: Int
    package let primitive: any Primitive
    package let type: TensorType
    /// Types of the results after the first.
    package let moreTypes: [TensorType]
    private var first: Tensor?
    private var second: Tensor?
    private var rest: [Tensor]
    private let lock = SpinLock()
    private var value: Storage?
    private var moreValues: [Storage]
    /// Operations without a value on the longest way to this node, itself included; 0 once it has its value. Below 0 if it depends on a stand-in.
    private let length: Atomic<Int>

    private static let counter = Atomic<Int>(1)
    /// The number that the next node gets: nodes made from now on have this number or a higher one.
    package static var nextID: Int { counter.load(ordering: .relaxed) }

    package init(_ primitive: any Primitive, _ inputs: [Tensor], _ types: [TensorType]) {
        id = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
        self.primitive = primitive
        type = types[0]
        moreTypes = types.count > 1 ? Array(types[1...]) : []
        first = inputs.count > 0 ? inputs[0] : nil
        second = inputs.count > 1 ? inputs[1] : nil
        rest = inputs.count > 2 ? Array(inputs[2...]) : []
        value = nil
        moreValues = []
        length = Atomic(Self.length(behind: inputs, of: primitive))
        runIfLong()
    }

    /// A node of up to two inputs and one result: the common case, without arrays.
    package init(_ primitive: any Primitive, _ first: Tensor?, _ second: Tensor?, _ type: TensorType) {
        id = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
        self.primitive = primitive
        self.type = type
        moreTypes = []
        self.first = first
        self.second = second
        rest = []
        value = nil
        moreValues = []
        let lengths = (first?.node.pendingLength ?? 0, second?.node.pendingLength ?? 0)
        let isOpen = lengths.0 < 0 || lengths.1 < 0 || (first == nil && Swift.type(of: primitive) == Placeholder.self)
        length = Atomic(isOpen ? -1 : Swift.max(lengths.0, lengths.1) + 1)
        runIfLong()
    }

    /// A node that has its value from the start.
    package init(_ storage: Storage, _ type: TensorType) {
        id = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
        primitive = Constant()
        self.type = type
        moreTypes = []
        first = nil
        second = nil
        rest = []
        value = storage
        moreValues = []
        length = Atomic(0)
    }

    /// See `length`.
    @inline(__always)
    package var pendingLength: Int { length.load(ordering: .relaxed) }

    private static func length(behind inputs: [Tensor], of primitive: any Primitive) -> Int {
        var longest = Swift.type(of: primitive) == Placeholder.self ? -1 : 0
        for input in inputs {
            let length = input.node.pendingLength
            longest = length < 0 || longest < 0 ? -1 : Swift.max(longest, length)
        }
        return longest < 0 ? -1 : longest + 1
    }

    /// A pending graph as long as this is run when it grows further, so that a loop that only adds up its losses keeps no history. Far longer
    /// than what is worth planning together, and short enough that the plan is found again when the loop goes on.
    package static let longestPending = 512

    @inline(__always)
    private func runIfLong() {
        if pendingLength >= Self.longestPending, !Scope.isActive { Evaluation.run(pending: self) }
    }

    /// Whether it stands for a value that comes later. (A comparison of types: a cast would look for conformances.)
    package var isPlaceholder: Bool { Swift.type(of: primitive) == Placeholder.self }

    package var inputCount: Int { first == nil ? 0 : (second == nil ? 1 : 2 + rest.count) }

    package func input(_ index: Int) -> Tensor {
        switch index {
        case 0: first!
        case 1: second!
        default: rest[index - 2]
        }
    }

    package var inputs: [Tensor] {
        guard let first else { return [] }
        guard let second else { return [first] }
        return rest.isEmpty ? [first, second] : [first, second] + rest
    }

    package var outputCount: Int { 1 + moreTypes.count }
    package func outputType(_ index: Int) -> TensorType { index == 0 ? type : moreTypes[index - 1] }
    package var outputs: [Tensor] { (0..<outputCount).map { Tensor(self, $0) } }

    /// The value of a result, if it has been computed.
    package func storage(_ index: Int = 0) -> Storage? {
        lock.lock()
        defer { lock.unlock() }
        if index == 0 { return value }
        return index <= moreValues.count ? moreValues[index - 1] : nil
    }

    /// Whether its values have been computed.
    package var isComputed: Bool {
        lock.lock()
        defer { lock.unlock() }
        return value != nil
    }

    /// The memory of a result, if it has been computed: the node keeps it.
    @inline(__always)
    package func memory(_ index: Int) -> UnsafeMutableRawPointer? {
        if index != 0 { return storage(index)?.pointer }
        lock.lock()
        defer { lock.unlock() }
        return value?.pointer
    }

    /// Keeps the values of all results. The first to come stays. With `detach`, forgets the inputs, so that the graph behind
    /// a value is freed.
    package func fill(_ storages: [Storage], detach: Bool) {
        lock.lock()
        if value == nil {
            value = storages[0]
            moreValues = Array(storages[1...])
            length.store(0, ordering: .relaxed)
        }
        let dropped = detach ? takeInputs() : Inputs()
        lock.unlock()
        Self.release(consume dropped)
    }

    /// The memory of this node's value, if it has one that nobody else holds. For the only holder of the node.
    @inline(__always)
    package func memoryOfSoleOwner() -> UnsafeMutableRawPointer? {
        guard value != nil, moreValues.isEmpty, isKnownUniquelyReferenced(&value!) else { return nil }
        return value!.pointer
    }

    private struct Inputs {
        var first: Tensor?
        var second: Tensor?
        var rest: [Tensor] = []
    }

    private func takeInputs() -> Inputs {
        defer {
            first = nil
            second = nil
            rest = []
        }
        return Inputs(first: first, second: second, rest: rest)
    }

    deinit {
        if first != nil { Self.release(takeInputs()) }
    }

    // A node's release releases its inputs, and theirs: for a long chain that would be a deep recursion. The outermost
    // release on a thread works a list instead, to which the inner ones add.
    private final class ReleaseList { var pending: [Inputs] = [] }

    /// Consuming, so that the list holds the last reference, and not a caller who lets go only after the list is done with.
    private static func release(_ inputs: consuming Inputs) {
        if let raw = dk_thread_local(ThreadLocalSlot.release) {
            Unmanaged<ReleaseList>.fromOpaque(raw).takeUnretainedValue().pending.append(inputs)
            return
        }
        let list = ReleaseList()
        list.pending.append(inputs)
        dk_set_thread_local(ThreadLocalSlot.release, Unmanaged.passUnretained(list).toOpaque())
        while let last = list.pending.popLast() { withExtendedLifetime(last) {} }
        dk_set_thread_local(ThreadLocalSlot.release, nil)
    }
}

/// Slots of the thread-local storage that the C side keeps for us.
package enum ThreadLocalSlot {
    package static let release: Int32 = 0
    package static let scope: Int32 = 1
    package static let module: Int32 = 2
    package static let faults: Int32 = 3
}

/// A lock for a few instructions at a time.
package struct SpinLock: ~Copyable, Sendable {
    private let taken = Atomic<Bool>(false)
    package init() {}
    @inline(__always) package func lock() {
        while taken.exchange(true, ordering: .acquiring) { dk_yield() }
    }
    @inline(__always) package func unlock() { taken.store(false, ordering: .releasing) }
}

/// Makes the node of a primitive: shapes and types are checked here, on the line that asks for the operation.
package func apply<P: Primitive>(_ primitive: P, _ inputs: [Tensor]) -> [Tensor] {
    do {
        let inputTypes = inputs.map(\.type)
        try StorageTypes.check(primitive, inputTypes)
        let types = try primitive.infer(inputTypes)
        let node = Node(primitive, inputs, types)
        return types.count == 1 ? [Tensor(node)] : node.outputs
    } catch {
        // As many as any primitive gives.
        return [Tensor](repeating: inputs.first.map { standIn(error, like: $0) } ?? standIn("\(error)", []), count: 4)
    }
}

/// The same for a primitive with one result.
package func applySingle<P: Primitive>(_ primitive: P, _ inputs: Tensor...) -> Tensor {
    apply(primitive, inputs)[0]
}
