import DescentCore
import DescentData
import DescentTrain

/// Tunes that a model writes without a prompt, to see whether its bars add up.
struct TuneSamples {
    /// The tunes.
    let tunes: [GeneratedTune]

    /// How many are written, at which temperature, and of how many tokens at most.
    static let count = 8, temperature = 0.8
    private static let length = 400

    /// How many bars of all add up to their metre.
    var bars: BarCount { tunes.reduce(BarCount()) { $0 + $1.bars } }

    /// Writes the samples, the same for the same model.
    init(_ model: LanguageModel) throws {
        let sampling = try Sampling(temperature: Self.temperature)
        tunes = try (0..<Self.count).map { number in
            var text = ""
            try model.generate(heading: TuneHeading(metre: nil, key: nil), length: Self.length, sampling: sampling, seed: model.record.settings.seed &+ number) {
                text += $0
                return true
            }
            // A tune that was cut off ends within a bar, which says nothing of the model.
            let end = text.hasSuffix("\n") ? nil : text.lastIndex(of: "|")
            return GeneratedTune(end.map { String(text[...$0]) } ?? text, title: "Tune \(number + 1)")
        }
    }

    /// The share of bars that add up, beside that of the tunes learned from.
    ///
    /// - Parameter training: The bars of the tunes learned from.
    func metric(beside training: BarCount?) -> Metric? {
        guard let share = bars.share else { return nil }
        let learned = training?.share.map { "; training tunes: \(fixed($0 * 100, 1)) %" } ?? ""
        return Metric(
            "wholeBars", share, words: "generated tunes: \(fixed(share * 100, 1)) % of \(grouped(bars.total)) bars add up (\(Self.count) tunes, temperature \(shortNumber(Self.temperature))\(learned))"
        )
    }
}
