/// The values of each step that a loop's derivative needs.
///
/// Everything that the linear part of a step reads could be kept; but much of it is cheap arithmetic on a few values (in a gated cell,
/// on the gates). So those few are kept, and the rest is computed again: what is kept has to be written and read, which costs more
/// than a multiplication.
struct ScanResiduals {
    /// Tensors of the body to be kept of each step.
    private(set) var kept: [Tensor] = []

    /// - Parameters:
    ///   - results: what the linear part gives
    ///   - tangents: the stand-ins that it is linear in
    ///   - primal: the inputs of the body
    ///   - values: all values of the body. Only these can be kept: what a derivative rule computed beside them (the cosine for a sine) is
    ///     computed again, so that the loop stays the one that is run anyway.
    init(of results: [Tensor], on tangents: [Tensor], _ scan: Scan, _ primal: [Tensor], values: [Tensor?]) {
        let inBody = Set(values.compactMap { $0?.key })
        let linear = Graph.nodes(from: Set(tangents.map { $0.node.id }), to: results)
        let isLinear = Set(linear.map(\.id)).union(tangents.map { $0.node.id })
        var needed: [Tensor] = [], seen: Set<TensorKey> = []
        for node in linear { for input in node.inputs where !isLinear.contains(input.node.id) && seen.insert(input.key).inserted { needed.append(input) } }
        let carries = Set(primal[..<scan.carryCount].map(\.key))
        let steps = primal[..<(scan.carryCount + scan.sliceCount)]
        let changing = Set(Graph.nodes(from: Set(steps.map { $0.node.id }), to: needed).map(\.id))

        var known: [TensorKey: [Tensor]] = [:]
        /// The costly tensors that a tensor is computed from by cheap operations.
        func sources(_ tensor: Tensor) -> [Tensor] {
            if carries.contains(tensor.key) { return [tensor] }
            guard changing.contains(tensor.node.id) else { return [] }
            if let answer = known[tensor.key] { return answer }
            var answer: [Tensor] = []
            if Self.isCheap(tensor.node.primitive) || !inBody.contains(tensor.key) {
                for input in tensor.node.inputs { for source in sources(input) where !answer.contains(where: { $0.key == source.key }) { answer.append(source) } }
            } else {
                answer = [tensor]
            }
            known[tensor.key] = answer
            return answer
        }
        var keptKeys: Set<TensorKey> = []
        for tensor in needed.sorted(by: { sources($0).count < sources($1).count }) {
            let missing = sources(tensor).filter { !keptKeys.contains($0.key) }
            if missing.isEmpty { continue }
            let isWorth = !inBody.contains(tensor.key) || missing.reduce(0) { $0 + $1.type.byteCount } <= tensor.type.byteCount
            for choice in isWorth ? missing : [tensor] where keptKeys.insert(choice.key).inserted { kept.append(choice) }
        }
    }

    /// A few cycles an element, and no sum over many.
    static func isCheap(_ primitive: any Primitive) -> Bool {
        switch primitive {
        case is Add, is Subtract, is Multiply, is Negate, is Absolute, is Sign, is Maximum, is Minimum, is Relu, is ReluGradient: true
        case is Equal, is NotEqual, is Less, is LessEqual, is Greater, is GreaterEqual: true
        case is LogicalAnd, is LogicalOr, is LogicalXor, is LogicalNot, is Select, is Cast: true
        case is Reshape, is Permute, is Broadcast, is Slice, is Flip, is Identity, is StopGradient: true
        default: false
        }
    }
}
