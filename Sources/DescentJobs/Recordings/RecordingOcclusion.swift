import DescentData
import DescentTrain

/// What a model's answers hang on: how far they change where measurements are blanked, that is, replaced by the channel's mean. Zeiler and Fergus 2014.
///
/// For a class it is how far the probability of the model's own answer falls; for a number, how far the answer moves, in standard deviations of the training
/// numbers.
struct RecordingOcclusion {
    let model: RecordingModel

    /// The most parts that a recording's time is divided into.
    static let parts = 20
    /// The most channels that are looked at part by part.
    private static let channelLimit = 24
    /// About as many recordings are computed for a whole set.
    private static let budget = 4000

    /// The effects of blanking parts of one recording.
    struct Map {
        /// The parts of the time.
        let parts: [Range<Int>]
        /// Of each channel over the whole time.
        let channels: [Double]
        /// Of all channels in each part.
        let times: [Double]
        /// The channels that matter most over the whole time, those first.
        let shown: [Int]
        /// Of each of these, in each part.
        let effects: [[Double]]
    }

    /// What one recording's answer hangs on.
    func map(_ recording: Recording) -> Map {
        let whole = model.scale.inputs(recording), parts = Self.divided(recording.steps, into: Self.parts), channels = Array(model.channels.indices), all = 0..<recording.steps
        let answers = model.predict(inputs: [whole] + channels.map { blanked(whole, [$0], all) } + parts.map { blanked(whole, channels, $0) })
        let effects = answers.dropFirst().map { effect($0, instead: answers[0]) }, ofChannels = Array(effects.prefix(channels.count))
        let shown = Array(channels.sorted { (ofChannels[$1], $0) < (ofChannels[$0], $1) }.prefix(Self.channelLimit))
        let within = model.predict(inputs: shown.flatMap { channel in parts.map { blanked(whole, [channel], $0) } }).map { effect($0, instead: answers[0]) }
        return Map(
            parts: parts, channels: ofChannels, times: Array(effects[channels.count...]), shown: shown,
            effects: shown.indices.map { Array(within[$0 * parts.count..<($0 + 1) * parts.count]) })
    }

    /// The mean effects of blanking each channel, and each tenth of the time, over some recordings.
    func means(_ recordings: [Recording]) -> (channels: [Double], tenths: [Double], count: Int) {
        let channels = Array(model.channels.indices), tenths = 10
        let count = Swift.max(1, Swift.min(recordings.count, Self.budget / (channels.count + tenths + 1)))
        // Spread over the whole set, which may be sorted by class.
        let chosen = (0..<count).map { recordings[$0 * recordings.count / count] }
        var sums = [Double](repeating: 0, count: channels.count), ofTimes = [Double](repeating: 0, count: tenths)
        let variants = chosen.map { recording -> [[Float]] in
            let whole = model.scale.inputs(recording)
            let times = (0..<tenths).map { recording.steps * $0 / tenths..<recording.steps * ($0 + 1) / tenths }
            return [whole] + channels.map { blanked(whole, [$0], 0..<recording.steps) } + times.map { blanked(whole, channels, $0) }
        }
        let answers = model.predict(inputs: Array(variants.joined())), each = channels.count + tenths + 1
        for number in 0..<count {
            let whole = answers[number * each]
            for channel in channels { sums[channel] += effect(answers[number * each + 1 + channel], instead: whole) }
            for tenth in 0..<tenths { ofTimes[tenth] += effect(answers[number * each + 1 + channels.count + tenth], instead: whole) }
        }
        return (sums.map { $0 / Double(count) }, ofTimes.map { $0 / Double(count) }, count)
    }

    /// What an effect is, in words.
    var quantity: String { model.answer.isNumber ? "change of the answer, in standard deviations" : "fall of the answer's probability" }

    /// Nearly equal parts of some steps.
    private static func divided(_ steps: Int, into most: Int) -> [Range<Int>] {
        let count = Swift.min(steps, most)
        return (0..<count).map { steps * $0 / count..<steps * ($0 + 1) / count }
    }

    /// Inputs with channels at their mean, which is 0, in some steps.
    private func blanked(_ inputs: [Float], _ channels: [Int], _ steps: Range<Int>) -> [Float] {
        var inputs = inputs
        let width = model.scale.inputCount
        for step in steps { for channel in channels { inputs[step * width + channel] = 0 } }
        return inputs
    }

    private func effect(_ changed: [Prediction], instead whole: [Prediction]) -> Double {
        if case .number(_, let deviation) = model.answer { return Swift.abs(changed[0].number - whole[0].number) / deviation }
        return zip(whole, changed).reduce(0) { $0 + Double($1.0.probabilities[$1.0.label] - $1.1.probabilities[$1.0.label]) } / Double(whole.count)
    }
}
