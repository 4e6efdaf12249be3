import DescentCore
import DescentData
import DescentTrain

/// Batches for a language model: many streams of one long text side by side, each cut into windows that follow each other, so that a state can
/// be carried from batch to batch.
///
/// A batch's tensors: inputs [time, batch], targets [time, batch] (the inputs one step on), and a number that the carried state is multiplied by:
/// 0 in the first batch of an epoch, else 1. A stream begins at a place where a text may begin, with `<bos>` as its first input, so that a model
/// knows how to begin. Each epoch begins its streams at other places: so windows are cut otherwise, and the text is seen from all sides.
package struct TokenWindows: BatchSource {
    private let tokens: [Int32]
    /// The streams side by side: fewer than asked for where the text is short.
    package let streams: Int
    /// The steps of a window.
    package let window: Int
    private let seed: Int?
    private let windows: Int
    /// The places where a text may begin, ascending; 0 among them.
    private let starts: [Int]

    /// - Parameters:
    ///   - tokens: the text.
    ///   - streams: the most streams side by side.
    ///   - window: the steps of a window.
    ///   - seed: what the places are drawn from where an epoch's streams begin; nil for the same in each, beginning with the text's first token.
    ///   - startsAfter: whether a text may begin after this token: a line's end.
    ///   - file: for the error.
    /// - Throws: `DataError` for a text with no more tokens than a window has steps.
    package init(
        _ tokens: [Int32], streams: Int, window: Int, seed: Int?, file: String, unit: TokenUnit = .characters, startsAfter: (Int32) -> Bool = { _ in false }
    ) throws(DataError) {
        guard tokens.count > window else {
            throw DataError(
                file: file,
                "the text has \(tokens.count) \(unit.plural) to train on, and a window takes \(window + 1); use a longer text, or a shorter window (--window)")
        }
        self.tokens = tokens
        self.window = window
        self.seed = seed
        self.streams = Swift.max(1, Swift.min(streams, tokens.count / window))
        windows = tokens.count / self.streams / window
        starts = [0] + tokens.indices.dropFirst().filter { startsAfter(tokens[$0 - 1]) }
    }

    package var examplesPerEpoch: Int { windows * window * streams }
    package func steps(inEpoch epoch: Int) -> Int { windows }
    package var isPreparedAhead: Bool { false }

    /// Where the streams of an epoch begin.
    package func beginnings(ofEpoch epoch: Int) -> [Int] {
        let length = tokens.count / streams
        var offset = 0
        if let seed {
            var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9 ^ UInt64(bitPattern: Int64(epoch)))
            offset = Int(random.next() % UInt64(tokens.count))
        }
        return (0..<streams).map { stream in
            let place = (offset + stream * length) % tokens.count
            if seed == nil { return place }
            // The next place where a text may begin, if it is not too far away.
            var (low, high) = (0, starts.count)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] < place { low = middle + 1 } else { high = middle }
            }
            return low < starts.count && starts[low] - place < window ? starts[low] : place
        }
    }

    package func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let beginnings = beginnings(ofEpoch: epoch)
        var inputs = [Int32](repeating: 0, count: window * streams)
        var targets = inputs
        for time in 0..<window {
            let since = step * window + time
            for (stream, beginning) in beginnings.enumerated() {
                // The text's end is followed by its beginning.
                let place = (beginning + since) % tokens.count
                targets[time * streams + stream] = tokens[place]
                inputs[time * streams + stream] = since == 0 ? Vocabulary.beginning : tokens[place == 0 ? tokens.count - 1 : place - 1]
            }
        }
        let shape = [window, streams]
        let keeps = Tensor([step == 0 ? 0 : 1] as [Float], shape: [])
        return Batch([Tensor(int32: inputs, shape: shape), Tensor(int32: targets, shape: shape), keeps], count: window * streams)
    }
}

extension TokenUnit {
    /// The plural noun.
    package var plural: String {
        switch self {
        case .characters: "characters"
        case .words: "words and marks"
        case .bytePairs: "pieces"
        }
    }
}
