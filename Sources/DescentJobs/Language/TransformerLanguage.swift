import DescentCore
import DescentNN

/// Predicts the next token by attention to itself and the tokens before it: a transformer whose state is the keys and values of the last tokens, so that a text
/// of any length is read, in windows or token by token, with the same result. Dai et al. 2019; rotary positions (Su et al. 2021), the norm first.
package struct TransformerLanguage: Module {
    package let architecture: TransformerArchitecture
    private let model: TransformerLanguageModel

    package init(_ architecture: TransformerArchitecture) {
        self.architecture = architecture
        let settings = TransformerSettings(
            size: architecture.size, heads: architecture.heads, activation: .gelu, normFirst: true, dropout: architecture.dropout)
        model = TransformerLanguageModel(vocabulary: architecture.tokens, layers: architecture.layers, settings)
    }

    package var children: [(name: String, value: Any)] { model.children }

    package func initialState(batch: Int) -> [Tensor] { model.memories(batch: batch, length: architecture.memory).flatMap(\.tensors) }

    /// Shapes: tokens [time, batch], logits [time, batch, tokens].
    package func callAsFunction(_ tokens: Tensor, from state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        let reader = TensorReader(state)
        let memories = model.memories(batch: tokens.shape[1], length: architecture.memory).map { $0.rebuilt(from: reader) }
        let (logits, next) = model.continued(tokens.transposed(), memories)
        return (logits.transposed(1, 0, 2), next.flatMap(\.tensors))
    }

    /// One step. Shapes: tokens [batch], logits [batch, tokens].
    package func step(_ tokens: Tensor, _ state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        let (logits, next) = self(tokens.expanded(axis: 0), from: state)
        return (logits[0], next)
    }

    /// Where each token of a text looked, by layer: [heads, time, time].
    package func attention(_ tokens: [Int32]) -> [Tensor] {
        model.attention(Tensor(int32: tokens, shape: [1, tokens.count]), reach: architecture.memory).map { $0[0] }
    }
}
