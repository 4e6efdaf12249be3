import DescentCore
import DescentExplain
import DescentNN

// What `descent explain` reads of the networks of jobs: gates and states of a layer.

extension ChosenRecurrent {
    /// Runs the layer over one sequence, and notes its gates and states.
    ///
    /// - Parameters:
    ///   - x: [time, 1, inputs].
    ///   - state: Where it starts; `nil` for zeros.
    ///   - path: Where the layer is in the model, as its parameters' names begin: "layers.0".
    package func inspected(_ x: Tensor, from state: [Tensor]? = nil, path: String) -> (layer: SequenceLayer, outputs: Tensor, state: [Tensor]) {
        func run<Cell: InspectableCell>(_ layer: Recurrent<Cell>) -> (layer: SequenceLayer, outputs: Tensor, state: [Tensor]) {
            let start = layer.cell.initialState(batch: 1, dtype: x.dtype)
            let result = SequenceLayer.reading(
                x, cell: layer.cell, from: state.map { start.rebuilt(from: TensorReader($0)) } ?? start, isReversed: layer.isReversed, path: path)
            return (result.layer, result.outputs, result.state.tensors)
        }
        return switch self {
        case .rnn(let layer): run(layer)
        case .lstm(let layer): run(layer)
        case .gru(let layer): run(layer)
        }
    }
}

extension Array where Element == ChosenRecurrent {
    /// Runs layers one on the other's outputs over one sequence [time, 1, inputs], and notes what each does.
    ///
    /// - Parameter path: The property that holds them: "layers".
    package func inspected(_ x: Tensor, path: String) -> (layers: [SequenceLayer], outputs: Tensor) {
        var x = x, layers: [SequenceLayer] = []
        for (number, layer) in enumerated() {
            let (found, outputs, _) = layer.inspected(x, path: "\(path).\(number)")
            layers.append(found)
            x = outputs
        }
        return (layers, x)
    }
}
