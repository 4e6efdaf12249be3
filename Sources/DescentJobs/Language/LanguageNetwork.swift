import DescentCore
import DescentNN

/// What says how a text goes on: recurrent layers or a transformer.
package enum LanguageNetwork: Module {
    case recurrent(RecurrentLanguage)
    case transformer(TransformerLanguage)

    package init(_ architecture: LanguageArchitecture) {
        self =
            switch architecture {
            case .recurrent(let sizes): .recurrent(RecurrentLanguage(sizes))
            case .transformer(let sizes): .transformer(TransformerLanguage(sizes))
            }
    }

    package var architecture: LanguageArchitecture {
        switch self {
        case .recurrent(let network): .recurrent(network.architecture)
        case .transformer(let network): .transformer(network.architecture)
        }
    }

    package var children: [(name: String, value: Any)] {
        switch self {
        case .recurrent(let network): network.children
        case .transformer(let network): network.children
        }
    }

    /// What is known before a text begins: tensors that are all zeros, the batch their first axis where they have axes.
    package func initialState(batch: Int) -> [Tensor] {
        switch self {
        case .recurrent(let network): network.initialState(batch: batch)
        case .transformer(let network): network.initialState(batch: batch)
        }
    }

    /// The scores of all steps, and the state after the last. Shapes: tokens [time, batch], logits [time, batch, tokens].
    package func callAsFunction(_ tokens: Tensor, from state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        switch self {
        case .recurrent(let network): network(tokens, from: state)
        case .transformer(let network): network(tokens, from: state)
        }
    }

    /// One step. Shapes: tokens [batch], logits [batch, tokens].
    package func step(_ tokens: Tensor, _ state: [Tensor]) -> (logits: Tensor, state: [Tensor]) {
        switch self {
        case .recurrent(let network): network.step(tokens, state)
        case .transformer(let network): network.step(tokens, state)
        }
    }
}
