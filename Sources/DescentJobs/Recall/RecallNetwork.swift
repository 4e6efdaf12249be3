import DescentCore
import DescentExplain
import DescentNN

/// Says which subject a sequence named: a vector for each token, recurrent layers, and a score for each subject from the last output.
public struct RecallNetwork: Module {
    package let architecture: RecurrentArchitecture
    private let embedding: Embedding
    private let layers: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    /// The size of a token's vector.
    static let embeddingSize = 16

    /// The learned numbers.
    package static func parameterCount(_ sizes: RecurrentArchitecture, subjects: Int) -> Int {
        sizes.parameterCount(directions: 1, outputs: subjects, outputInputs: sizes.hidden)
    }

    package init(_ architecture: RecurrentArchitecture, subjects: Int) {
        self.architecture = architecture
        embedding = Embedding(architecture.tokens, architecture.embedding, initializer: .normal(deviation: 0.5))
        layers = (0..<architecture.layers).map { ChosenRecurrent(architecture.cell, $0 == 0 ? architecture.inputSize : architecture.hidden, architecture.hidden) }
        dropout = Dropout(architecture.dropout)
        output = Linear(architecture.hidden, subjects)
    }

    /// The subjects' scores. Shapes: tokens [time, batch], logits [batch, subjects].
    package func callAsFunction(_ tokens: Tensor) -> Tensor {
        var x = embedding(tokens)
        for layer in layers { x = dropout(layer(x).outputs) }
        return output(x[-1])
    }

    /// What the layers do over one sequence [time, 1].
    func inspected(_ tokens: Tensor) -> [SequenceLayer] { layers.inspected(embedding(tokens), path: "layers").layers }
}
