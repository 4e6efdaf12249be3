import DescentCore
import DescentNN

/// Divides the graph of a run into the calls of layers and what lies between them.
struct ModelUnits {
    private let trace: ModelTrace
    private let places: ModulePlaces
    private(set) var units: [ModelUnit] = []
    private var unitOfNode: [Int: Int] = [:]

    init(_ trace: ModelTrace, _ places: ModulePlaces) {
        (self.trace, self.places) = (trace, places)
        addCalls()
        addReaders()
        addFunctions()
        addSums()
        addRest()
        finish()
    }

    private func isFree(_ node: Node) -> Bool { trace.data.contains(node.id) && unitOfNode[node.id] == nil }

    private mutating func add(_ unit: ModelUnit) {
        for node in unit.nodes { unitOfNode[node] = units.count }
        units.append(unit)
    }

    // MARK: Layers

    /// The calls that layers recorded: members of a `Sequential` first, since they know their places, then modules with parameters.
    private mutating func addCalls() {
        var paths: [Int: String] = [:]
        // A call that holds others comes after them.
        for (number, call) in trace.calls.enumerated().reversed() {
            guard case .member(let sequence, let place, let layer) = call.callee, let sequence = sequence as? Sequential else { continue }
            let outer = trace.calls.indices.dropFirst(number + 1).first { paths[$0] != nil && Self.holds(trace.calls[$0].nodes, call.nodes) }
            guard let path = places.path(of: sequence, within: outer.flatMap { paths[$0] }) else { continue }
            paths[number] = path.isEmpty ? "\(place)" : "\(path).\(place)"
            guard let module = layer as? any Module, !(layer is Sequential), ModulePlaces(module).owners.values.allSatisfy({ $0.path.isEmpty }) else { continue }
            addCall(call, paths[number]!, ModulePlaces.kind(of: layer), layer)
        }
        for call in trace.calls {
            guard case .owner(let variable) = call.callee, let owner = places.owners[ObjectIdentifier(variable)] else { continue }
            addCall(call, owner.path, owner.kind, owner.module)
        }
    }

    private static func holds(_ outer: Range<Int>, _ inner: Range<Int>) -> Bool {
        outer.lowerBound <= inner.lowerBound && outer.upperBound >= inner.upperBound
    }

    private mutating func addCall(_ call: CallRecord.Call, _ path: String, _ kind: String, _ module: Any) {
        let nodes = trace.modelNodes.filter { call.nodes.contains($0.id) && isFree($0) }
        if nodes.isEmpty { return }
        add(ModelUnit(path: path, kind: kind, module: module, nodes: Set(nodes.map(\.id)), result: call.result))
    }

    /// Nodes that take parameters beside the data belong to the module that holds these, together with their neighbours of the same module.
    private mutating func addReaders() {
        var loops: [Int: Int] = [:]
        for node in trace.modelNodes where isFree(node) && !(node.primitive is Checkpoint) {
            if let parameters = trace.direct[node.id], !parameters.isEmpty, let owner = places.owner(of: parameters.map { trace.parameters[$0].variable }) {
                let isCell = owner.module is any RecurrentCell
                let neighbour = node.inputs.compactMap { unitOfNode[$0.node.id] }.first { units[$0].path == owner.path && (isCell || units[$0].result == nil) }
                if let neighbour {
                    units[neighbour].nodes.insert(node.id)
                    units[neighbour].result = nil
                    unitOfNode[node.id] = neighbour
                } else {
                    var nodes: Set = [node.id]
                    if node.primitive is Scan {
                        loops[node.id] = units.count
                        nodes.formUnion(node.inputs.map(\.node).filter { $0.primitive is Permute && isFree($0) }.map(\.id))
                    }
                    add(ModelUnit(path: owner.path, kind: owner.kind, module: owner.module, nodes: nodes))
                }
            } else if node.primitive is Add {
                joinCell(node)
            } else if node.primitive is Permute, let loop = loops[node.input(0).node.id] {
                // Where time comes second, the loop's result is turned.
                units[loop].nodes.insert(node.id)
                unitOfNode[node.id] = loop
            }
        }
    }

    /// The sum of a recurrent cell's products of input and state is one unit.
    private mutating func joinCell(_ node: Node) {
        let parts = node.inputs.compactMap { unitOfNode[$0.node.id] }
        guard parts.count == 2, parts[0] != parts[1], units[parts[0]].path == units[parts[1]].path, units[parts[0]].module is any RecurrentCell else { return }
        units[parts[0]].nodes.formUnion(units[parts[1]].nodes.union([node.id]))
        units[parts[0]].result = nil
        for node in units[parts[0]].nodes { unitOfNode[node] = parts[0] }
        (units[parts[1]].nodes, units[parts[1]].result) = ([], nil)
    }

    // MARK: Between layers

    private mutating func addFunctions() {
        var patterns: [TensorType: [FunctionPattern]] = [:]
        for node in trace.modelNodes.reversed() where isFree(node) && node.type.dtype.isFloating && node.outputCount == 1 {
            if node.primitive is Select, trace.noise.contains(node.input(0).node.id) {
                let scaled = node.input(1).node
                add(ModelUnit(kind: "dropout", nodes: scaled.primitive is Multiply && isFree(scaled) ? [node.id, scaled.id] : [node.id], result: Tensor(node)))
                continue
            }
            let known = patterns[node.type] ?? FunctionPattern.all(node.type)
            patterns[node.type] = known
            for pattern in known {
                let found = pattern.match(Tensor(node)) { $0.id >= trace.start && unitOfNode[$0.id] == nil }
                guard let found, trace.isData(found.argument) else { continue }
                add(ModelUnit(kind: pattern.name, nodes: Set(found.nodes), result: Tensor(node)))
                break
            }
        }
    }

    /// `x + f(x)`, where f has a layer in it.
    private mutating func addSums() {
        for node in trace.modelNodes where isFree(node) && node.primitive is Add && trace.isData(node.input(0)) && trace.isData(node.input(1)) {
            if passes(from: node.input(0), to: node.input(1)) || passes(from: node.input(1), to: node.input(0)) {
                add(ModelUnit(kind: "residual sum", nodes: [node.id], result: Tensor(node)))
            }
        }
    }

    /// Whether a tensor comes from another by way of a layer.
    private func passes(from first: Tensor, to last: Tensor) -> Bool {
        var open = [(last.node, false)], seen: Set<Int> = []
        while let (node, isThrough) = open.popLast() {
            let isThrough = isThrough || unitOfNode[node.id].map { units[$0].path != nil } ?? false
            for tensor in node.inputs {
                if tensor.key == first.key, isThrough { return true }
                if tensor.node.id >= max(first.node.id, trace.start), trace.data.contains(tensor.node.id), seen.insert(isThrough ? -tensor.node.id : tensor.node.id).inserted {
                    open.append((tensor.node, isThrough))
                }
            }
        }
        return false
    }

    /// Neighbours without a name of their own, as long as no layer lies between them.
    private mutating func addRest() {
        var depth: [Int: Int] = [:]
        for node in trace.modelNodes where trace.data.contains(node.id) {
            let unit = unitOfNode[node.id]
            depth[node.id] = node.inputs.reduce(0) { deepest, tensor in
                let other = unitOfNode[tensor.node.id]
                return max(deepest, (depth[tensor.node.id] ?? 0) + (other != nil && other != unit ? 1 : 0))
            }
        }
        var group: [Int: Int] = [:], groups: [[Node]] = []
        for node in trace.modelNodes where isFree(node) && node.type.dtype.isFloating {
            let near = Set(node.inputs.compactMap { tensor in depth[tensor.node.id] == depth[node.id] ? group[tensor.node.id] : nil }).sorted()
            let own = near.first ?? groups.count
            if near.isEmpty { groups.append([]) }
            groups[own].append(node)
            for other in near.dropFirst() {
                groups[own] += groups[other]
                groups[other] = []
            }
            for member in groups[own] { group[member.id] = own }
        }
        for nodes in groups {
            let names = nodes.sorted { $0.id < $1.id }.filter { !Self.isMovement($0) }.map { Swift.type(of: $0.primitive).name }
            let distinct = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            if distinct.isEmpty { continue }
            let kind = distinct.prefix(3).joined(separator: ", ") + (distinct.count > 3 ? " and \(distinct.count - 3) more" : "")
            var unit = ModelUnit(kind: kind, nodes: Set(nodes.map(\.id)))
            unit.isNamed = false
            add(unit)
        }
    }

    /// Whether an operation only hands on numbers, in another order, shape or type.
    private static func isMovement(_ node: Node) -> Bool {
        switch node.primitive {
        case is Reshape, is Permute, is Broadcast, is Slice, is Flip, is Pad, is Cast, is Identity, is StopGradient, is Barrier, is Checkpoint: true
        default: false
        }
    }

    // MARK: How they hang together

    private mutating func finish() {
        let end = trace.result ?? trace.loss
        var readers: [Int: [(tensor: Tensor, reader: Node)]] = [:]
        for node in trace.nodes { for tensor in node.inputs { readers[tensor.node.id, default: []].append((tensor, node)) } }
        let byNumber = Dictionary(uniqueKeysWithValues: trace.nodes.map { ($0.id, $0) })
        for index in units.indices where !units[index].nodes.isEmpty {
            let unit = units[index], own = unit.nodes.sorted().map { byNumber[$0]! }
            // What others read of it, the latest.
            let leaving =
                own.flatMap { node in (readers[node.id] ?? []).filter { !unit.nodes.contains($0.reader.id) }.map(\.tensor) }
                + (unit.nodes.contains(end.node.id) ? [end] : [])
            if unit.result == nil || !unit.nodes.contains(unit.result!.node.id) { units[index].result = leaving.last { $0.dtype.isFloating } }
            var seen: Set<TensorKey> = []
            units[index].arguments = own.flatMap(\.inputs).filter { !unit.nodes.contains($0.node.id) && trace.isData($0) && seen.insert($0.key).inserted }
            units[index].parameters = own.reduce(into: Set<Int>()) { $0.formUnion(trace.direct[$1.id] ?? []) }.sorted()
            let scan = own.lazy.compactMap { $0.primitive as? Scan }.first
            units[index].isReversed = scan?.isReversed ?? false
            units[index].function = function(of: units[index], scan)
        }
        let kept = units.filter { $0.result != nil && $0.result!.dtype.isFloating && (trace.result != nil || $0.isNamed || leadsToLayer($0, readers)) }
        units = kept.sorted { $0.result!.node.id < $1.result!.node.id }
        unitOfNode = [:]
        for (index, unit) in units.enumerated() { for node in unit.nodes { unitOfNode[node] = index } }
        for index in units.indices { units[index].sources = sources(of: units[index].arguments).filter { $0 != index } }
    }

    /// Without a known result, everything after the last layer counts as the loss.
    private func leadsToLayer(_ unit: ModelUnit, _ readers: [Int: [(tensor: Tensor, reader: Node)]]) -> Bool {
        var open = Array(unit.nodes), seen = unit.nodes
        while let node = open.popLast() {
            for (_, reader) in readers[node] ?? [] where seen.insert(reader.id).inserted {
                if let other = unitOfNode[reader.id], units[other].path != nil { return true }
                open.append(reader.id)
            }
        }
        return false
    }

    /// The units that tensors come from, past what belongs to none.
    private func sources(of tensors: [Tensor]) -> [Int] {
        var open = tensors.map(\.node), seen: Set<Int> = [], found: Set<Int> = []
        while let node = open.popLast() {
            if node.id < trace.start { continue }
            if let unit = unitOfNode[node.id] {
                found.insert(unit)
            } else {
                // What a checkpoint takes beside its value is for computing that again.
                let inputs = node.primitive is Checkpoint ? [node.input(0)] : node.inputs
                open += inputs.map(\.node).filter { $0.id >= trace.start && seen.insert($0.id).inserted }
            }
        }
        return found.sorted()
    }

    private func function(of unit: ModelUnit, _ scan: Scan?) -> String? {
        if unit.path == nil { return unit.isNamed ? unit.kind : nil }
        if let activation = unit.module as? Activation { return activation.name }
        var primitive = unit.result.map(\.node.primitive)
        if let program = scan?.body.program { primitive = program.operations.first { $0.outputs.contains(program.outputs[0]) }?.primitive }
        switch primitive {
        case is HyperbolicTangent: return "tanh"
        case is Sigmoid: return "sigmoid"
        case is Relu: return "relu"
        default: return nil
        }
    }
}
