import DescentCore
import DescentNN

/// One run of a model: its loss, the graph behind it, and who is known to have made which part.
///
/// Nothing is computed; the parameters are read as fresh nodes, so that their gradients can be taken and their readers found.
struct ModelTrace {
    /// The model's output; nil where only the loss is known.
    let result: Tensor?
    let loss: Tensor
    /// The parameters as the run read them.
    let parameters: [Parameter]
    let calls: [CallRecord.Call]
    /// The nodes behind the loss and the result that the run made, in order; among them the parameters' own.
    let nodes: [Node]
    /// The nodes of the model: those behind its result, where that is known.
    let modelNodes: [Node]
    /// The nodes that depend on data, and not on parameters and numbers alone.
    private(set) var data: Set<Int> = []
    /// The nodes that depend on random numbers alone.
    private(set) var noise: Set<Int> = []
    /// For each node on the data's way, the parameters that come in beside the data, by number.
    private(set) var direct: [Int: Set<Int>] = [:]
    /// The first node of the run.
    let start: Int
    private let input: TensorKey?

    struct Parameter {
        let path: String
        let variable: Variable
        let value: Tensor
    }

    /// - Parameter input: what the model is given, if that is known.
    init(_ model: any Module, input: Tensor?, run: () -> (result: Tensor?, loss: Tensor)) {
        let scope = Scope(.substitution), record = CallRecord()
        scope.record = record
        start = Node.nextID
        self.input = input?.key
        parameters = model.parameters.map { entry in
            let value = entry.variable.value
            let name = Tensor(Node(Identity(), value, nil, value.type))
            scope.values[ObjectIdentifier(entry.variable)] = name
            return Parameter(path: entry.path, variable: entry.variable, value: name)
        }
        let first = start, names = Set(parameters.map(\.value.node.id))
        let made = scope.run(run)
        (result, loss) = (made.result, requireScalar(made.loss, "explain"))
        calls = record.calls
        nodes = Graph.nodes(behind: [loss] + (result.map { [$0] } ?? [])) { $0.id >= first }
        let within = result.map { result in Set(Graph.nodes(behind: [result]) { $0.id >= first }.map(\.id)) }
        modelNodes = nodes.filter { node in !names.contains(node.id) && within.map { $0.contains(node.id) } ?? true }
        follow(names)
    }

    /// Tells the data's way from what is made of parameters.
    private mutating func follow(_ names: Set<Int>) {
        var behind: [Int: Set<Int>] = [:]
        for (number, parameter) in parameters.enumerated() { behind[parameter.value.node.id] = [number] }
        for node in nodes where !names.contains(node.id) {
            if node.primitive is RandomNumbers {
                noise.insert(node.id)
                continue
            }
            var found: Set<Int> = []
            for tensor in node.inputs {
                if isData(tensor) {
                    data.insert(node.id)
                } else if let known = behind[tensor.node.id] {
                    found.formUnion(known)
                }
            }
            if node.inputCount == 0, isLeafData(node) { data.insert(node.id) }
            if data.contains(node.id) { direct[node.id] = found } else { behind[node.id] = found }
            if !data.contains(node.id), node.inputs.contains(where: { noise.contains($0.node.id) }) { noise.insert(node.id) }
        }
    }

    /// Whether a tensor depends on data.
    func isData(_ tensor: Tensor) -> Bool {
        if tensor.key == input || data.contains(tensor.node.id) { return true }
        return tensor.node.id < start && isLeafData(tensor.node)
    }

    private func isLeafData(_ node: Node) -> Bool {
        !(node.primitive is Fill || node.primitive is Iota || node.primitive is RandomNumbers) && !node.type.shape.isEmpty
    }
}
