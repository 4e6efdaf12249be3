import DescentCore

/// Recurrent layers one upon another: each reads the outputs of the one below.
///
///     let reader = StackedRecurrent(count: 3, dropout: 0.2, residual: true) { layer in
///         Recurrent(LSTMCell(layer == 0 ? 64 : 256, 256))
///     }
///
/// Shapes: x [batch, time, inputs of the lowest], outputs [batch, time, outputSize of the highest]. The state is the list of the layers'
/// states, the lowest first.
public struct StackedRecurrent<Member: RecurrentLayer>: RecurrentLayer {
    public let layers: [Member]
    /// Acts on the outputs of all layers but the highest; nil for none.
    public let dropout: Dropout?
    /// Whether a layer's input is added to its outputs, where both are equally wide. He et al. 2016; for recurrent layers Wu et al. 2016.
    public let isResidual: Bool
    /// Whether dropout between layers has one mask for all steps of a sequence (Gal and Ghahramani 2016), or one for each step.
    public let sharesMasks: Bool

    /// - Parameter dropout: the probability that an element of the outputs between two layers is set to 0 in training.
    public init(_ layers: [Member], dropout: Double = 0, sharesMasks: Bool = false, residual: Bool = false) {
        guard let first = layers.first else { stop("StackedRecurrent: there are no layers; give at least one.") }
        if layers.contains(where: { $0.timeFirst != first.timeFirst }) {
            stop("StackedRecurrent: some layers have time first and some the batch; all must agree.")
        }
        self.layers = layers
        self.dropout = dropout == 0 ? nil : Dropout(dropout)
        (isResidual, self.sharesMasks) = (residual, sharesMasks)
    }

    /// - Parameter make: gives each layer, by its number from 0, the lowest.
    public init(count: Int, dropout: Double = 0, sharesMasks: Bool = false, residual: Bool = false, _ make: (Int) -> Member) {
        if count < 1 { stop("StackedRecurrent(count: \(count)): there must be at least 1 layer.") }
        self.init((0..<count).map(make), dropout: dropout, sharesMasks: sharesMasks, residual: residual)
    }

    /// The layers by number: "0.inputWeight".
    public var children: [(name: String, value: Any)] { layers.enumerated().map { ("\($0.offset)", $0.element) } + [("dropout", dropout as Any)] }
    public var outputSize: Int { layers.last!.outputSize }
    public var timeFirst: Bool { layers[0].timeFirst }
    public func initialState(batch: Int, dtype: DType = .float32) -> [Member.State] { layers.map { $0.initialState(batch: batch, dtype: dtype) } }

    public func callAsFunction(_ x: Tensor, from state: [Member.State]?, lengths: Tensor? = nil) -> (outputs: Tensor, state: [Member.State]) {
        through(x, state, stepAxis: sharesMasks ? (timeFirst ? 0 : 1) : nil) { layer, x, state in layer(x, from: state, lengths: lengths) }
    }

    /// One step of all layers, for use as the inputs come. Shapes: x [batch, inputs], output [batch, outputSize].
    public func step<Cell: RecurrentCell>(_ x: Tensor, _ state: [Cell.State]) -> (output: Tensor, state: [Cell.State]) where Member == Recurrent<Cell> {
        let (output, state) = through(x, state, stepAxis: nil) { layer, x, state in
            let next = layer.step(x, state ?? layer.initialState(batch: x.shape[0], dtype: x.dtype))
            return (next.output, next.state)
        }
        return (output, state)
    }

    private func through(
        _ x: Tensor, _ states: [Member.State]?, stepAxis: Int?, _ apply: (Member, Tensor, Member.State?) -> (outputs: Tensor, state: Member.State)
    ) -> (outputs: Tensor, state: [Member.State]) {
        if let states, states.count != layers.count {
            raise("StackedRecurrent: the state is that of \(states.count) layers; there are \(layers.count).")
            return through(x, nil, stepAxis: stepAxis, apply)
        }
        var value = x
        var last: [Member.State] = []
        for (number, layer) in layers.enumerated() {
            let (outputs, state) = apply(layer, value, states?[number])
            value = isResidual && outputs.shape == value.shape ? outputs + value : outputs
            if number < layers.count - 1, let dropout { value = dropout(value, sharedAlong: stepAxis) }
            last.append(state)
        }
        return (value, last)
    }
}

extension StackedRecurrent: Sendable where Member: Sendable {}
