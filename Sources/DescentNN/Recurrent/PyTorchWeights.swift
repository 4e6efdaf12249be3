import DescentCore

/// Why weights could not be taken over: what is wrong, where, and what would be right.
public struct PyTorchWeightError: Error, Equatable, CustomStringConvertible {
    public let description: String
}

/// A recurrent layer whose weights have a place among those of PyTorch's `nn.RNN`, `nn.LSTM` and `nn.GRU`.
public protocol PyTorchCompatible: RecurrentLayer {
    /// Its parameters by PyTorch's names, "weight_ih_l0_reverse".
    ///
    /// - Parameters:
    ///   - layer: its number in a stack.
    ///   - suffix: "" or "_reverse".
    func pyTorchParameters(layer: Int, suffix: String) throws(PyTorchWeightError) -> [PyTorchParameter]
}

/// One parameter, what PyTorch calls it, and how values change on the way.
public struct PyTorchParameter {
    public let name: String
    public let variable: Variable
    /// The same in both directions: it is its own inverse.
    let convert: (Tensor) -> Tensor
}

/// A cell with the formulas of PyTorch's of the same name.
public protocol PyTorchCell: RecurrentCell {
    var inputWeight: Variable { get }
    var hiddenWeight: Variable { get }
    var inputBias: Variable { get }
    var hiddenBias: Variable { get }
    /// A feature of this cell that PyTorch's lacks, as the end of a sentence; nil if there is none.
    var pyTorchObstacle: String? { get }
    /// From PyTorch's order and signs to ours, and back.
    func convertedForPyTorch(_ value: Tensor) -> Tensor
}

extension PyTorchCell {
    public var pyTorchObstacle: String? { nil }
    public func convertedForPyTorch(_ value: Tensor) -> Tensor { value }
}

extension RNNCell: PyTorchCell {
    public var pyTorchObstacle: String? { function == .identity ? "the function .identity, which nn.RNN lacks" : nil }
}

extension LSTMCell: PyTorchCell {
    public var pyTorchObstacle: String? { peepholes == nil ? nil : "peepholes, which nn.LSTM lacks" }
}

extension GRUCell: PyTorchCell {
    public var pyTorchObstacle: String? {
        reset == .afterProduct ? nil : "the reset gate before the product; nn.GRU has it after. Make the cell with reset: .afterProduct"
    }
    /// The other blend turns the update gate's signs.
    public func convertedForPyTorch(_ value: Tensor) -> Tensor {
        if blend == .updateKeeps { return value }
        let parts = value.split(into: 3)
        return Tensor.concatenate([parts[0], -parts[1], parts[2]])
    }
}

extension Recurrent: PyTorchCompatible where Cell: PyTorchCell {
    public func pyTorchParameters(layer: Int, suffix: String) throws(PyTorchWeightError) -> [PyTorchParameter] {
        if let obstacle = cell.pyTorchObstacle { throw PyTorchWeightError(description: "This \(Cell.self) has \(obstacle).") }
        let places = [("weight_ih", cell.inputWeight), ("weight_hh", cell.hiddenWeight), ("bias_ih", cell.inputBias), ("bias_hh", cell.hiddenBias)]
        return places.map { PyTorchParameter(name: "\($0.0)_l\(layer)\(suffix)", variable: $0.1, convert: cell.convertedForPyTorch) }
    }
}

extension Bidirectional: PyTorchCompatible where Forward: PyTorchCell, Backward: PyTorchCell {
    public func pyTorchParameters(layer: Int, suffix: String) throws(PyTorchWeightError) -> [PyTorchParameter] {
        try forward.pyTorchParameters(layer: layer, suffix: "") + backward.pyTorchParameters(layer: layer, suffix: "_reverse")
    }
}

extension StackedRecurrent: PyTorchCompatible where Member: PyTorchCompatible {
    public func pyTorchParameters(layer: Int, suffix: String) throws(PyTorchWeightError) -> [PyTorchParameter] {
        var found: [PyTorchParameter] = []
        for (number, member) in layers.enumerated() { found += try member.pyTorchParameters(layer: layer + number, suffix: suffix) }
        return found
    }
}

extension PyTorchCompatible {
    /// Takes the weights of PyTorch's layer of the same kind and size, by its names: `weight_ih_l0`, `weight_hh_l0_reverse`, `bias_ih_l1`. A
    /// layer that was made there with `bias=False` has no biases; here they become zero. Nothing is changed if something does not fit.
    ///
    /// - Parameter prefix: what stands before the names, "encoder.lstm.".
    public func load(pyTorch tensors: [String: Tensor], prefix: String = "") throws(PyTorchWeightError) {
        let parameters = try pyTorchParameters(layer: 0, suffix: "")
        let isBiased = tensors.keys.contains { $0.hasPrefix(prefix + "bias_") }
        var values: [Tensor] = []
        for parameter in parameters {
            let name = prefix + parameter.name
            guard let value = tensors[name] else {
                if !isBiased && parameter.name.hasPrefix("bias_") {
                    values.append(.zeros(parameter.variable.shape, dtype: parameter.variable.dtype))
                    continue
                }
                throw PyTorchWeightError(description: "There is no \"\(name)\" among the tensors: \(Self.listed(tensors.keys.sorted())).")
            }
            if value.shape != parameter.variable.shape {
                throw PyTorchWeightError(description: "\"\(name)\" has shape \(value.shape); this layer's is \(parameter.variable.shape).")
            }
            values.append(parameter.convert(value.cast(to: parameter.variable.dtype)))
        }
        let wanted = Set(parameters.map { prefix + $0.name })
        let others = tensors.keys.filter { name in
            ["weight_ih_l", "weight_hh_l", "weight_hr_l", "bias_ih_l", "bias_hh_l"].contains { name.hasPrefix(prefix + $0) } && !wanted.contains(name)
        }
        if !others.isEmpty {
            throw PyTorchWeightError(description: "\(Self.listed(others.sorted())) would be left over: that layer has more layers, directions or projections than this one.")
        }
        for (parameter, value) in zip(parameters, values) { parameter.variable.value = value }
    }

    /// The weights under PyTorch's names, for its layer of the same kind and size.
    public func pyTorchWeights(prefix: String = "") throws(PyTorchWeightError) -> [String: Tensor] {
        var found: [String: Tensor] = [:]
        for parameter in try pyTorchParameters(layer: 0, suffix: "") { found[prefix + parameter.name] = parameter.convert(parameter.variable.value) }
        return found
    }

    private static func listed(_ names: [String]) -> String {
        names.isEmpty ? "there are none" : names.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > 12 ? ", and \(names.count - 12) more" : "")
    }
}
