/// Where a tangent or cotangent can differ from zero. Elsewhere a `where`, a maximum or a relu did not take it.
package final class Mask {
    private enum Source {
        /// Where a condition is true, or where it is false.
        case condition(Tensor, is: Bool)
        /// Where a relu's result is positive.
        case positive(Tensor)
    }
    private let source: Source

    private init(_ source: Source) { self.source = source }
    convenience init(_ condition: Tensor, is value: Bool = true) { self.init(.condition(condition, is: value)) }
    convenience init(positive y: Tensor) { self.init(.positive(y)) }

    /// Whether a relu made it.
    var isFromRelu: Bool { if case .positive = source { true } else { false } }

    /// True where the tangent can differ from zero.
    var taken: Tensor {
        switch source {
        case .condition(let condition, let value): value ? condition : !condition
        case .positive(let y): y .> 0
        }
    }

    /// `x` inside the mask, zero outside.
    func zeroing(_ x: Tensor) -> Tensor {
        if case .positive(let y) = source { return applySingle(ReluGradient(), y, x) }
        return choosing(x, Tensor(0, like: x))
    }

    /// `x` inside the mask, `y` outside.
    func choosing(_ x: Tensor, _ y: Tensor) -> Tensor {
        if case .condition(let condition, false) = source { return applySingle(Select(), condition, y, x) }
        return applySingle(Select(), taken, x, y)
    }

    /// The mask of elements that were moved, repeated or dropped.
    func moved(_ view: (Tensor) -> Tensor) -> Mask {
        switch source {
        case .condition(let condition, let value): Mask(view(condition), is: value)
        case .positive(let y): Mask(positive: view(y))
        }
    }

    /// Where both can differ from zero.
    func and(_ other: Mask?) -> Mask {
        guard let other, !isSame(other) else { return self }
        return Mask(taken.and(other.taken))
    }

    /// Where either can differ from zero; nil: everywhere.
    func or(_ other: Mask?) -> Mask? {
        guard let other, !isComplement(other) else { return nil }
        return isSame(other) ? self : Mask(taken.or(other.taken))
    }

    /// Where any of the elements along some axes can differ from zero.
    func any(over axes: [Int]) -> Mask {
        if axes.isEmpty { return self }
        // What was only repeated along an axis need not be looked at along it.
        if case .condition(let condition, let value) = source, condition.node.storage() == nil, let repeated = condition.node.primitive as? Broadcast {
            let source = condition.node.input(0), shape = condition.shape
            let kept = repeated.axes.indices.filter { !axes.contains(repeated.axes[$0]) || source.shape[$0] != 1 }
            let inner = Mask(source.reshaped(to: kept.map { source.shape[$0] }), is: value)
            let some = inner.anyElement(over: kept.indices.filter { axes.contains(repeated.axes[kept[$0]]) })
            let remaining = shape.indices.filter { !axes.contains($0) }
            let places = kept.map { repeated.axes[$0] }.filter { !axes.contains($0) }.map { remaining.firstIndex(of: $0)! }
            return some.moved { applySingle(Broadcast(remaining.map { shape[$0] }, axes: places), $0) }
        }
        if case .condition(let condition, let value) = source {
            let constant = condition.constantAxes().intersection(axes).filter { condition.shape[$0] > 0 }
            if !constant.isEmpty {
                let first = condition.shape.indices.map { constant.contains($0) ? 1 : condition.shape[$0] }
                let slice = Slice(starts: condition.shape.map { _ in 0 }, counts: first, steps: condition.shape.map { _ in 1 })
                let kept = condition.shape.indices.filter { !constant.contains($0) }
                let inner = Mask(applySingle(slice, condition).reshaped(to: kept.map { condition.shape[$0] }), is: value)
                return inner.anyElement(over: kept.indices.filter { axes.contains(kept[$0]) })
            }
        }
        return anyElement(over: axes)
    }

    private func anyElement(over axes: [Int]) -> Mask { axes.isEmpty ? self : Mask(taken.any(axes: axes)) }

    /// `any`, on the way back. A relu's mask ends there: it is in every inner loop, and to reduce it would cost a pass over memory.
    func anyBackward(over axes: [Int]) -> Mask? { isFromRelu ? nil : any(over: axes) }

    /// Whether the mask is the same all along some axes, as can be told without looking at its elements.
    func isRepeated(along axes: [Int]) -> Bool {
        guard case .condition(let condition, _) = source else { return axes.isEmpty }
        let axes = axes.filter { condition.shape[$0] > 1 }
        return axes.isEmpty || condition.constantAxes().isSuperset(of: axes)
    }

    /// Where any element of the whole member can differ from zero, for each element of a tensor that has the same members: the leading axes of
    /// this one's `rank` axes but for the last `inner`.
    func ofMembers(_ rank: Int, inner: Int, into shape: [Int]) -> Mask {
        any(over: Array((rank - inner)..<rank)).moved { applySingle(Broadcast(shape, axes: Array(0..<(rank - inner))), $0) }
    }

    func isSame(_ other: Mask) -> Bool {
        if self === other { return true }
        switch (source, other.source) {
        case (.condition(let a, let first), .condition(let b, let second)): return first == second && a.isSameExpression(as: b)
        case (.positive(let a), .positive(let b)): return a.isSameExpression(as: b)
        default: return false
        }
    }

    func isComplement(_ other: Mask) -> Bool {
        guard case .condition(let a, let first) = source, case .condition(let b, let second) = other.source else { return false }
        return first != second && a.isSameExpression(as: b)
    }
}

extension Tensor {
    /// Whether both are made by the same few operations from the same tensors.
    fileprivate func isSameExpression(as other: Tensor, depth: Int = 6) -> Bool {
        if key == other.key { return true }
        guard depth > 0, index == other.index, type == other.type, node.inputCount == other.node.inputCount, node.storage() == nil,
            node.inputCount > 0 || node.primitive is Fill, node.primitive.isEqual(other.node.primitive)
        else { return false }
        return (0..<node.inputCount).allSatisfy { node.input($0).isSameExpression(as: other.node.input($0), depth: depth - 1) }
    }

    /// Axes along which all elements are alike, as the operations that made the tensor tell; those of size 1 among them.
    fileprivate func constantAxes(depth: Int = 24) -> Set<Int> {
        let all = Set(shape.indices), single = all.filter { shape[$0] == 1 }
        guard depth > 0, index == 0, node.storage() == nil else { return single }
        func ofInput(_ position: Int) -> Set<Int> { node.input(position).constantAxes(depth: depth - 1) }
        switch node.primitive {
        case is Fill: return all
        case let broadcast as Broadcast:
            let inner = ofInput(0)
            return single.union(all.filter { axis in broadcast.axes.firstIndex(of: axis).map { inner.contains($0) } ?? true })
        case let permute as Permute:
            let inner = ofInput(0)
            return all.filter { inner.contains(permute.order[$0]) }
        case is Reshape:
            let inner = ofInput(0), before = node.input(0).shape
            var found = single, (from, to) = (0, 0)
            // Runs of axes of both shapes with equally many elements: what is constant along all axes of one is so along those of the other.
            while from < before.count && to < shape.count {
                var (left, right) = (before[from], shape[to]), (fromEnd, toEnd) = (from + 1, to + 1)
                while left != right, left < right ? fromEnd < before.count : toEnd < shape.count {
                    if left < right { (left, fromEnd) = (left * before[fromEnd], fromEnd + 1) } else { (right, toEnd) = (right * shape[toEnd], toEnd + 1) }
                }
                if left != right { break }
                if (from..<fromEnd).allSatisfy({ inner.contains($0) }) { found.formUnion(to..<toEnd) }
                (from, to) = (fromEnd, toEnd)
            }
            return found
        case is Slice: return single.union(ofInput(0))
        case is LogicalNot: return ofInput(0)
        case is LogicalAnd, is LogicalOr: return ofInput(0).intersection(ofInput(1))
        default: return single
        }
    }

    /// Whether this is one finite number everywhere, known now.
    package var isFiniteNumber: Bool { (node.primitive as? Fill)?.scalar.value.isFinite == true }
}

/// A tangent or cotangent on its way through the graph, with the mask that travels along with it.
///
/// Where a `where` did not take a branch, the tangent of that branch is zero, whatever the branch's own derivative is: infinite, or NaN. So a
/// mask is not applied where it arises, but kept beside the tangent through all that is linear in it, element by element, and applied at the
/// end: to the product of the two and not to one factor. (0 times infinity is NaN; the product selected away is 0.) Then it costs nothing: it is
/// the same selection, made later. It ends where the tangent meets another path, whose elements need not be zero.
package struct Masked {
    /// Outside the mask, its elements mean nothing unless `isExact`.
    package let tensor: Tensor
    /// Nil: no element is known to be zero.
    package let mask: Mask?
    /// Whether the elements outside the mask are zeros.
    let isExact: Bool

    package init(_ tensor: Tensor) { self.init(tensor, nil, isExact: true) }

    init(_ tensor: Tensor, _ mask: Mask?, isExact: Bool) {
        self.tensor = tensor
        self.mask = mask
        self.isExact = isExact || mask == nil
    }

    /// The tensor with zeros outside the mask.
    package var resolved: Tensor {
        guard let mask, !isExact else { return tensor }
        return mask.zeroing(tensor)
    }

    /// The same, and zero outside another mask too.
    func limited(to other: Mask) -> Masked { Masked(tensor, other.and(mask), isExact: mask.map { isExact && $0.isSame(other) } ?? false) }

    /// Zero where a relu's result is not positive. Of two masks the other one stays: it may hide what is infinite.
    func whereRelu(_ y: Tensor) -> Masked {
        let passed = applySingle(ReluGradient(), y, tensor)
        return mask.map { Masked(passed, $0, isExact: isExact) } ?? Masked(passed, Mask(positive: y), isExact: true)
    }

    /// Times finite factors, element by element.
    func scaled(by factors: Tensor) -> Masked { Masked(tensor * factors, mask, isExact: isExact) }

    /// Two paths meet.
    package static func + (a: Masked, b: Masked) -> Masked {
        guard let first = a.mask, let second = b.mask else { return Masked(a.resolved + b.resolved) }
        if first.isSame(second) { return Masked(a.tensor + b.tensor, first, isExact: a.isExact && b.isExact) }
        if first.isComplement(second) { return Masked(first.choosing(a.tensor, b.tensor)) }
        return Masked(a.resolved + b.resolved, first.or(second), isExact: true)
    }
}

/// What becomes of a mask in an operation that is linear in the masked tangent or cotangent.
package enum MaskFlow {
    /// The mask ends: zeros are filled in before the operation. The default.
    case ends
    /// Element by element: the same mask afterwards. `keepsZeros`: zeros stay zeros, since nothing is multiplied with them that could be infinite.
    case stays(keepsZeros: Bool)
    /// Elements are moved, repeated or dropped, and the mask with them.
    case moves(Mask)
    /// Elements are added up: zeros are filled in before the operation, and the mask, if it is worth having, says which sums consist of zeros.
    case sums(Mask?)
    /// Each member of a batch by itself, with factors that need not be finite: zeros are filled in before, and again outside the mask afterwards.
    case members(Mask)
}

// Functions of a node, and not of its primitive: the compiler would make a copy for each of a hundred types.
extension Linearization {
    /// The tangents of a node's results, given those of its inputs with their masks.
    static func tangents(of node: Node, _ call: Call, _ tangents: [Masked?]) -> [Masked?] {
        let primitive = node.primitive
        if let own = primitive.maskedJVP(call, tangents) { return own }
        if tangents.allSatisfy({ $0?.mask == nil }) { return primitive.jvp(call, tangents.map { $0?.tensor }).map { $0.map { Masked($0) } } }
        // A jvp is linear: tangents with different masks go through it one by one.
        var plain = [Tensor?](repeating: nil, count: tangents.count)
        var groups: [(flow: MaskFlow, mask: Mask, tangents: [Tensor?], isExact: Bool)] = []
        for (position, tangent) in tangents.enumerated() {
            guard let tangent else { continue }
            let flow = tangent.mask.map { primitive.forwardFlow($0, from: position, call) } ?? .ends
            switch flow {
            case .ends: plain[position] = tangent.resolved
            case .stays:
                if let group = groups.firstIndex(where: { $0.mask.isSame(tangent.mask!) }) {
                    groups[group].tangents[position] = tangent.tensor
                    groups[group].isExact = groups[group].isExact && tangent.isExact
                    continue
                }
                fallthrough
            case .moves, .sums, .members:
                var single = [Tensor?](repeating: nil, count: tangents.count)
                switch flow {
                case .sums, .members: single[position] = tangent.resolved
                case .ends, .stays, .moves: single[position] = tangent.tensor
                }
                groups.append((flow, tangent.mask!, single, tangent.isExact))
            }
        }
        var results = [Masked?](repeating: nil, count: call.outputs.count)
        func add(_ found: [Masked?]) {
            for (position, result) in found.enumerated() { if let result { results[position] = results[position].map { $0 + result } ?? result } }
        }
        if plain.contains(where: { $0 != nil }) { add(primitive.jvp(call, plain).map { $0.map { Masked($0) } }) }
        for group in groups { add(primitive.jvp(call, group.tangents).map { $0.map { group.flow.marked($0, group.mask, isExact: group.isExact) } }) }
        return results
    }

    /// Cotangents of the linear inputs, given those of the results with their masks.
    static func cotangents(of node: Node, _ cotangents: [Masked?], _ call: LinearCall) -> [Masked?] {
        let primitive = node.primitive
        if let own = primitive.maskedTranspose(cotangents, call) { return own }
        func plain() -> [Masked?] { primitive.transpose(cotangents.map { $0?.resolved }, call).map { $0.map { Masked($0) } } }
        guard cotangents.count == 1, let cotangent = cotangents[0], let mask = cotangent.mask else { return plain() }
        let flows = call.inputs.indices.map { call.isLinear[$0] ? primitive.backwardFlow(mask, to: $0, call) : .ends }
        var needsZeros = false
        for (position, flow) in flows.enumerated() where call.isLinear[position] {
            switch flow {
            case .ends, .sums, .members: needsZeros = true
            case .stays, .moves: break
            }
        }
        let outgoing = primitive.transpose([needsZeros ? cotangent.resolved : cotangent.tensor], call)
        return zip(outgoing, flows).map { result, flow in result.map { flow.marked($0, mask, isExact: needsZeros || cotangent.isExact) } }
    }
}

extension MaskFlow {
    /// The result of an operation, with what has become of the mask.
    fileprivate func marked(_ result: Tensor, _ mask: Mask, isExact: Bool) -> Masked {
        switch self {
        case .ends: Masked(result)
        case .stays(let keepsZeros): Masked(result, mask, isExact: isExact && keepsZeros)
        case .moves(let moved): Masked(result, moved, isExact: isExact)
        case .sums(let some): Masked(result, some, isExact: true)
        case .members(let taken): Masked(result, taken, isExact: false)
        }
    }
}
