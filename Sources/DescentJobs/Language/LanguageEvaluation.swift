import DescentCore
import DescentData
import DescentNN
import DescentTrain

/// How well a network tells a text: all of its tokens, read in a few streams.
package final class LanguageEvaluation {
    /// The prediction for one token.
    package struct Reading: Equatable, Sendable {
        /// -log p of the token, in nats.
        package let loss: Float
        /// The token that it held most probable.
        package let expected: Int32
        /// The probability of that one.
        package let expectedProbability: Float
    }

    private let windows: [(inputs: Tensor, targets: Tensor, weights: Tensor)]
    private let network: LanguageNetwork
    private let tokens: Int
    private let measured: CompiledFunction<(Tensor, [Tensor]), Tensor, Tensor, Tensor, [Tensor]>
    private static let window = 128
    private let streams: Int
    /// How many tokens follow each other in a stream; the last one may have fewer.
    package let streamLength: Int

    /// - Parameters:
    ///   - tokens: at least one.
    ///   - shortest: the fewest tokens of a stream, if there are as many: each begins without knowing what came before.
    package init(_ network: LanguageNetwork, tokens: [Int32], shortest: Int = 4096) {
        self.network = network
        self.tokens = tokens.count
        streams = Swift.max(1, Swift.min(32, tokens.count / shortest))
        let length = (tokens.count + streams - 1) / streams
        streamLength = length
        let window = Swift.min(Self.window, length)
        var windows: [(inputs: Tensor, targets: Tensor, weights: Tensor)] = []
        for start in stride(from: 0, to: length, by: window) {
            var inputs = [Int32](repeating: Vocabulary.padding, count: window * streams)
            var targets = inputs
            var weights = [Float](repeating: 0, count: window * streams)
            for time in 0..<window where start + time < length {
                for stream in 0..<streams {
                    let place = stream * length + start + time
                    if place >= tokens.count { continue }
                    targets[time * streams + stream] = tokens[place]
                    inputs[time * streams + stream] = place == 0 ? Vocabulary.beginning : tokens[place - 1]
                    weights[time * streams + stream] = 1
                }
            }
            let shape = [window, streams]
            windows.append((Tensor(int32: inputs, shape: shape), Tensor(int32: targets, shape: shape), Tensor(weights, shape: shape)))
        }
        self.windows = windows
        measured = compile { (inputs: Tensor, targets: Tensor, weights: Tensor, state: [Tensor]) in
            let (logits, next) = network(inputs, from: state)
            return (softmaxCrossEntropy(logits, targets, weights: weights, reduction: .sum), next)
        }
    }

    /// The sum of -log p over all tokens.
    package func loss() -> Double {
        network.infer()
        var state = network.initialState(batch: streams)
        var sum = 0.0
        for window in windows {
            let (loss, next) = measured(window.inputs, window.targets, window.weights, state)
            sum += loss.item()
            state = next
        }
        return sum
    }

    /// The prediction for each token, in the text's order.
    package func readings() -> [Reading] {
        network.infer()
        let network = network
        let detailed = compile { (inputs: Tensor, targets: Tensor, state: [Tensor]) in
            let (logits, next) = network(inputs, from: state)
            let losses = softmaxCrossEntropy(logits, targets, reduction: .none)
            return (losses, logits.argmax(axis: -1), softmax(logits).max(axis: -1), next)
        }
        var state = network.initialState(batch: streams)
        var readings = [Reading](repeating: Reading(loss: 0, expected: 0, expectedProbability: 0), count: tokens)
        for (number, window) in windows.enumerated() {
            let (losses, best, probabilities, next) = detailed(window.inputs, window.targets, state)
            let (loss, expected, probability) = (losses.floats, best.ints, probabilities.floats)
            state = next
            let length = window.inputs.shape[0]
            for time in 0..<length where number * length + time < streamLength {
                for stream in 0..<streams {
                    let place = stream * streamLength + number * length + time
                    if place >= tokens { continue }
                    let at = time * streams + stream
                    readings[place] = Reading(loss: loss[at], expected: Int32(expected[at]), expectedProbability: probability[at])
                }
            }
        }
        return readings
    }
}
