/// The graph behind some nodes as flat lists: its form, and what is another from run to run: the leaves and the numbers.
///
/// Where a slice of a leaf starts is not part of the form: the leaf is given to the plan from there on. So `x[i]` in a loop is one form.
package struct FlatGraph {
    /// A computed tensor, or a window on it.
    package struct Leaf {
        package let tensor: Tensor
        package let byteOffset: Int
    }

    package private(set) var leaves: [Leaf] = []
    /// The numbers that fill tensors, in the order of the operations.
    package private(set) var numbers: [ScalarBits] = []
    package private(set) var form = GraphForm()
    private var nodes: [Node] = []
    private let roots: [Node]
    private var barriers: [Int: Int] = [:]

    private struct WindowKey: Hashable {
        let tensor: TensorKey
        let byteOffset: Int
        let type: TensorType
    }

    package init(_ roots: [Node]) {
        self.roots = roots
        let behind = Graph.nodes(behind: roots.map { Tensor($0) }) { !$0.isComputed }
        // The number of each value: counted from 0 for results, below 0 for leaves.
        var values = TensorTable<Int>(from: behind.first?.id ?? 0, through: behind.last?.id ?? -1, count: behind.count)
        var windows: [WindowKey: Int] = [:]
        var count = 0
        nodes.reserveCapacity(behind.count)
        form.primitives.reserveCapacity(behind.count)
        form.wiring.reserveCapacity(3 * behind.count + roots.count)
        func leaf(_ tensor: Tensor, _ byteOffset: Int, _ type: TensorType) -> Int {
            leaves.append(Leaf(tensor: tensor, byteOffset: byteOffset))
            form.leaves.append(type)
            return -leaves.count
        }
        func number(_ tensor: Tensor) -> Int {
            if let known = values[tensor.key] { return known }
            let fresh = leaf(tensor, 0, tensor.type)
            values[tensor.key] = fresh
            return fresh
        }
        func window(_ tensor: Tensor, _ byteOffset: Int, _ type: TensorType) -> Int {
            let key = WindowKey(tensor: tensor.key, byteOffset: byteOffset, type: type)
            if let known = windows[key] { return known }
            let fresh = leaf(tensor, byteOffset, type)
            windows[key] = fresh
            return fresh
        }
        for node in behind {
            if node.isPlaceholder, let placeholder = node.primitive as? Placeholder { Self.refuse(placeholder) }
            let key = TensorKey(node: node.id, index: 0)
            var primitive = node.primitive
            var first: Int?
            let type = Swift.type(of: primitive)
            if type == Slice.self, let slice = primitive as? Slice, !slice.counts.contains(0) {
                // A part of a leaf: the leaf from another place on.
                let input = node.input(0), known = values[input.key]
                let source: Leaf? = known.map { $0 < 0 ? leaves[-$0 - 1] : nil } ?? (input.node.isComputed ? Leaf(tensor: input, byteOffset: 0) : nil)
                if let source {
                    let dense = StridedView(dense: input.shape)
                    let start = zip(slice.starts, dense.strides).reduce(0) { $0 + $1.0 * $1.1 }
                    let part = StridedView(shape: slice.counts, strides: zip(slice.steps, dense.strides).map { $0 * $1 })
                    let offset = source.byteOffset + start * input.dtype.byteCount
                    if part.isDense {
                        values[key] = window(source.tensor, offset, node.type)
                        continue
                    }
                    primitive = Slice(starts: slice.starts.map { _ in 0 }, counts: slice.counts, steps: slice.steps)
                    first = window(source.tensor, offset, input.type)
                }
            } else if type == Reshape.self, let known = values[node.input(0).key], known < 0, leaves[-known - 1].tensor.key != node.input(0).key {
                // A part of a leaf in another shape.
                let source = leaves[-known - 1]
                values[key] = window(source.tensor, source.byteOffset, node.type)
                continue
            } else {
                primitive = comparable(primitive)
            }
            nodes.append(node)
            form.primitives.append(primitive)
            form.wiring.append(node.inputCount)
            for index in 0..<node.inputCount { form.wiring.append(index == 0 && first != nil ? first! : number(node.input(index))) }
            for output in 0..<node.outputCount {
                values[TensorKey(node: node.id, index: output)] = count
                count += 1
            }
        }
        for root in roots { form.wiring.append(values[TensorKey(node: root.id, index: 0)]!) }
        form.finish()
    }

    /// The primitive as it is compared: what a rule or a template adds to an identity plays no part in running it, a number is given to the
    /// plan if it changes, and barriers are told apart by which is met first, so that a loop with checkpoints finds its plan again.
    private mutating func comparable(_ primitive: any Primitive) -> any Primitive {
        let type = Swift.type(of: primitive)
        if type == Fill.self, let fill = primitive as? Fill {
            numbers.append(fill.scalar)
            return Fill(fill.shape, ScalarBits(0, fill.scalar.dtype))
        }
        if type == Checkpoint.self || type == CustomDerivative.self { return Identity() }
        if type == Barrier.self, let barrier = primitive as? Barrier {
            let number = barriers[barrier.number] ?? barriers.count
            barriers[barrier.number] = number
            return Barrier(number: number)
        }
        return primitive
    }

    /// The program of the graph. Its inputs are the leaves, and then the numbers (by their place among all) that vary.
    package func program(varying: [Int]) -> Program {
        var program = Program()
        func newValue(_ type: TensorType) -> Int {
            program.types.append(type)
            return program.types.count - 1
        }
        var leafValues = [Int](repeating: -1, count: leaves.count), results: [Int] = []
        func value(_ number: Int) -> Int {
            if number >= 0 { return results[number] }
            if leafValues[-number - 1] < 0 { leafValues[-number - 1] = newValue(form.leaves[-number - 1]) }
            return leafValues[-number - 1]
        }
        var numberValues: [Int] = []
        var place = 0, filled = 0, nextVarying = varying[...]
        for (node, primitive) in zip(nodes, form.primitives) {
            let inputs = form.wiring[(place + 1)..<(place + 1 + form.wiring[place])].map(value)
            place += 1 + inputs.count
            var operation = Program.Operation(primitive: primitive, inputs: inputs, outputs: [])
            if let fill = primitive as? Fill {
                if nextVarying.first == filled {
                    nextVarying.removeFirst()
                    let number = newValue(TensorType([], fill.scalar.dtype))
                    numberValues.append(number)
                    operation.primitive = Broadcast(fill.shape, axes: [])
                    operation.inputs = [number]
                } else {
                    operation.primitive = Fill(fill.shape, numbers[filled])
                }
                filled += 1
            }
            operation.outputs = (0..<node.outputCount).map { newValue(node.outputType($0)) }
            results += operation.outputs
            program.operations.append(operation)
        }
        for (root, number) in zip(roots, form.wiring[place...]) { for index in 0..<root.outputCount { program.outputs.append(value(number < 0 ? number : number + index)) } }
        // A window that was only a step to a smaller one is read by nobody.
        for index in leafValues.indices where leafValues[index] < 0 { leafValues[index] = newValue(form.leaves[index]) }
        program.inputs = leafValues + numberValues
        return program
    }

    private static func refuse(_ placeholder: Placeholder) -> Never {
        let trace = placeholder.trace
        if trace.isRunning {
            stop(
                "A value was asked for inside \(trace.name), where there are no values yet, only the operations on them. Return the tensor and look at it outside, or leave this part out of \(trace.name)."
            )
        }
        stop("This tensor was made inside a run of \(trace.name) that has ended, and never had a value. Return it from the function instead of keeping it.")
    }
}

/// The key of a plan: graphs with equal keys differ in leaves and numbers at most.
package struct GraphForm: Hashable {
    var primitives: [any Primitive] = []
    /// For each operation the count of its inputs and their numbers (negative: leaves); then the roots.
    var wiring: [Int] = []
    var leaves: [TensorType] = []
    private var hash = 0

    mutating func finish() {
        var hasher = Hasher()
        hasher.combine(wiring)
        for primitive in primitives {
            hasher.combine(ObjectIdentifier(type(of: primitive)))
            primitive.hash(into: &hasher)
        }
        hasher.combine(leaves)
        hash = hasher.finalize()
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    package static func == (a: Self, b: Self) -> Bool {
        a.hash == b.hash && a.wiring == b.wiring && a.leaves == b.leaves && a.primitives.count == b.primitives.count
            && zip(a.primitives, b.primitives).allSatisfy { $0.isEqual($1) }
    }
}
