import DescentCore
import DescentNN

/// A network in training on streams of text: the state after one window is where the next begins, and no gradient goes from window to window
/// (truncated back-propagation through time, Williams and Peng 1990).
public struct StreamedLanguage: Module {
    package let network: LanguageNetwork
    /// The state after the last window: saved with the run, and no parameter.
    private let carried: [Variable]

    package init(_ network: LanguageNetwork, streams: Int) {
        self.network = network
        carried = network.initialState(batch: streams).map { Variable($0) }
    }

    /// The mean loss in nats of a batch of `TokenWindows`.
    package func loss(_ batch: [Tensor]) -> Tensor {
        let (inputs, targets, keeps) = (batch[0], batch[1], batch[2])
        let (logits, state) = network(inputs, from: carried.map { $0.value * keeps })
        for (variable, value) in zip(carried, state) { variable.value = stopGradient(value) }
        return softmaxCrossEntropy(logits, targets)
    }
}
