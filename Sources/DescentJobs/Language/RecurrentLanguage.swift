import DescentCore
import DescentNN

/// Predicts the next token from those so far: a vector for each token, recurrent layers, and a score for each token that may follow.
///
/// With an embedding a token's vector is learned, so that tokens used alike come to lie near each other, and its size does not grow with the
/// vocabulary; one-hot vectors (embedding 0) say only which token it is, and the first layer's weights grow with the vocabulary.
package struct RecurrentLanguage: Module {
    package let architecture: RecurrentArchitecture
    private let embedding: Embedding?
    let layers: [ChosenRecurrent]
    private let dropout: Dropout
    let output: Linear

    package init(_ architecture: RecurrentArchitecture) {
        self.architecture = architecture
        embedding = architecture.embedding == 0 ? nil : Embedding(architecture.tokens, architecture.embedding, initializer: .normal(deviation: 0.5))
        layers = (0..<architecture.layers).map { ChosenRecurrent(architecture.cell, $0 == 0 ? architecture.inputSize : architecture.hidden, architecture.hidden) }
        dropout = Dropout(architecture.dropout)
        output = Linear(architecture.hidden, architecture.tokens)
    }

    /// Zeros: the tensors of all layers, one after another, each [batch, hidden].
    package func initialState(batch: Int) -> [Tensor] {
        (0..<architecture.layers * architecture.cell.stateCount).map { _ in .zeros([batch, architecture.hidden]) }
    }

    func vectors(_ tokens: Tensor) -> Tensor { embedding.map { $0(tokens) } ?? tokens.oneHot(architecture.tokens) }

    /// The scores of all steps, and the state after the last. Shapes: tokens [time, batch], logits [time, batch, tokens].
    package func callAsFunction(_ tokens: Tensor, from state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        var x = vectors(tokens)
        var last: [Tensor] = []
        for (index, layer) in layers.enumerated() {
            let (outputs, carried) = layer(x, from: slice(state, index))
            x = dropout(outputs)
            last += carried
        }
        return (output(x), last)
    }

    /// One step. Shapes: tokens [batch], logits [batch, tokens].
    package func step(_ tokens: Tensor, _ state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        var x = vectors(tokens)
        var next: [Tensor] = []
        for (index, layer) in layers.enumerated() {
            let (output, carried) = layer.step(x, slice(state, index))
            x = output
            next += carried
        }
        return (output(x), next)
    }

    private func slice(_ state: [Tensor], _ layer: Int) -> [Tensor] {
        let count = architecture.cell.stateCount
        return Array(state[layer * count..<(layer + 1) * count])
    }
}
