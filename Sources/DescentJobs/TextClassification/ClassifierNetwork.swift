import DescentCore
import DescentNN

/// What tells the class of a sequence of tokens: a vector for each token, recurrent layers that read it from both ends, and a summary of what
/// they gave: the last states, and the mean and the greatest of each output over the real steps.
public struct ClassifierNetwork: Module {
    package let architecture: RecurrentArchitecture
    let embedding: Embedding?
    let forward: [ChosenRecurrent]
    let backward: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    /// The learned numbers of a network of these sizes.
    package static func parameterCount(_ sizes: RecurrentArchitecture, classes: Int) -> Int {
        sizes.parameterCount(directions: 2, outputs: classes, outputInputs: 6 * sizes.hidden)
    }

    package init(_ architecture: RecurrentArchitecture, classes: Int) {
        self.architecture = architecture
        let (hidden, cell) = (architecture.hidden, architecture.cell)
        embedding = architecture.embedding == 0 ? nil : Embedding(architecture.tokens, architecture.embedding, padding: 0, initializer: .normal(deviation: 0.3))
        forward = (0..<architecture.layers).map { ChosenRecurrent(cell, $0 == 0 ? architecture.inputSize : 2 * hidden, hidden) }
        backward = (0..<architecture.layers).map { ChosenRecurrent(cell, $0 == 0 ? architecture.inputSize : 2 * hidden, hidden, reversed: true) }
        dropout = Dropout(architecture.dropout)
        output = Linear(6 * hidden, classes)
    }

    /// The classes' scores. Shapes: tokens [time, batch], lengths [batch], logits [batch, classes].
    package func callAsFunction(_ tokens: Tensor, lengths: Tensor) -> Tensor {
        var x = dropout(embedding.map { $0(tokens) } ?? tokens.oneHot(architecture.tokens))
        var last: [Tensor] = []
        for (there, back) in zip(forward, backward) {
            let (ahead, end) = there(x, lengths: lengths)
            let (behind, beginning) = back(x, lengths: lengths)
            x = dropout(.concatenate([ahead, behind], axis: -1))
            last = [end[0], beginning[0]]
        }
        let time = tokens.shape[0]
        let steps = lengths.cast(to: .float32).expanded(axis: -1)
        // Outputs beyond a sequence's end are zero; for the greatest they are put below all that a cell can give.
        let isReal = (Tensor.arange(time).reshaped(-1, 1) .< lengths.cast(to: .int64).reshaped(1, -1)).expanded(axis: -1).broadcast(to: x.shape)
        let greatest = Tensor.where(isReal, x, Tensor.full(x.shape, -1e4)).max(axis: 0)
        let mean = x.sum(axis: 0) / steps
        return output(dropout(.concatenate(last + [mean, greatest], axis: -1)))
    }
}
