import DescentCore
import DescentNN

/// What tells the class of a sequence of tokens: a vector for each token, recurrent layers that read it from both ends, and a summary of what
/// they gave: the last states, and the mean and the greatest of each output over the real steps.
public struct ClassifierNetwork: Module {
    /// Its sizes.
    package struct Architecture: Equatable, Sendable {
        package var cell: CellKind
        package var tokens: Int
        /// The size of a token's vector; 0 for one-hot.
        package var embedding: Int
        package var hidden: Int
        package var layers: Int
        package var dropout: Double
        package var classes: Int

        package init(cell: CellKind, tokens: Int, embedding: Int, hidden: Int, layers: Int, dropout: Double, classes: Int) {
            (self.cell, self.tokens, self.embedding, self.hidden) = (cell, tokens, embedding, hidden)
            (self.layers, self.dropout, self.classes) = (layers, dropout, classes)
        }

        /// The learned numbers.
        package var parameterCount: Int {
            let first = embedding == 0 ? tokens : embedding
            let cells = (0..<layers).reduce(0) { $0 + 2 * cell.gates * hidden * (($1 == 0 ? first : 2 * hidden) + hidden + 2) }
            return tokens * embedding + cells + classes * (6 * hidden + 1)
        }

        /// In words.
        package var summary: String {
            let vectors = embedding == 0 ? "one-hot vectors" : "embedding \(embedding)"
            let layers = "\(self.layers) \(cell.rawValue.uppercased()) layer\(self.layers == 1 ? "" : "s") of \(hidden) in both directions"
            return "\(vectors), \(layers)" + (dropout > 0 ? ", dropout \(dropout)" : "")
        }
    }

    package let architecture: Architecture
    private let embedding: Embedding?
    private let forward: [ChosenRecurrent]
    private let backward: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    package init(_ architecture: Architecture) {
        self.architecture = architecture
        let (hidden, cell) = (architecture.hidden, architecture.cell)
        let first = architecture.embedding == 0 ? architecture.tokens : architecture.embedding
        embedding = architecture.embedding == 0 ? nil : Embedding(architecture.tokens, architecture.embedding, padding: 0, initializer: .normal(deviation: 0.3))
        forward = (0..<architecture.layers).map { ChosenRecurrent(cell, $0 == 0 ? first : 2 * hidden, hidden) }
        backward = (0..<architecture.layers).map { ChosenRecurrent(cell, $0 == 0 ? first : 2 * hidden, hidden, reversed: true) }
        dropout = Dropout(architecture.dropout)
        output = Linear(6 * hidden, architecture.classes)
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
