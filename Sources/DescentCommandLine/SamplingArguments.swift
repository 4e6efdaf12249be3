import ArgumentParser
import Descent

/// What tokens are drawn from, beside the temperature: shared by the commands that draw at random.
struct SamplingArguments: ParsableArguments {
    @Option(name: .customLong("top-k"), help: ArgumentHelp("Sample from the k most probable tokens (top-k).", valueName: "k"))
    var topK: Int?
    @Option(name: .customLong("top-p"), help: ArgumentHelp("Sample from the most probable tokens that have this probability together (top-p, nucleus sampling).", valueName: "probability"))
    var topP: Double?
    @Option(help: "Random seed.")
    var seed = 1

    /// The first of the options that cut the distribution, as it was given; `nil` for neither.
    var cut: String? { topK != nil ? "--top-k" : topP != nil ? "--top-p" : nil }

    /// - Throws: `SettingsError` for numbers that cannot be.
    func sampling(temperature: Double) throws -> Sampling { try Sampling(temperature: temperature, topK: topK, topP: topP) }
}
