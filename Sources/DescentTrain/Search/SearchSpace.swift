import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// The settings that a search varies: one trial's.
public struct SearchSetting: Equatable, Sendable {
    /// The sizes of the hidden layers.
    public var hidden: [Int]
    /// The activation's name.
    public var activation: String
    /// The share of hidden values dropped in training.
    public var dropout: Double
    /// The highest learning rate.
    public var learningRate: Double
    /// The decoupled weight decay.
    public var weightDecay: Double

    /// Settings of your own.
    public init(hidden: [Int], activation: String, dropout: Double, learningRate: Double, weightDecay: Double) {
        (self.hidden, self.activation, self.dropout) = (hidden, activation, dropout)
        (self.learningRate, self.weightDecay) = (learningRate, weightDecay)
    }

    /// What such settings have of all that a training takes.
    public init(_ settings: TabularSettings) {
        self.init(
            hidden: settings.hidden, activation: settings.activation, dropout: settings.dropout, learningRate: settings.learningRate,
            weightDecay: settings.weightDecay)
    }

    /// A training's settings with these in place of its own.
    public func applied(to settings: TabularSettings) -> TabularSettings {
        var settings = settings
        (settings.hidden, settings.activation, settings.dropout) = (hidden, activation, dropout)
        (settings.learningRate, settings.weightDecay) = (learningRate, weightDecay)
        return settings
    }

    /// The hidden sizes as the command line takes them: "128,128", or "none".
    public var hiddenText: String { hidden.isEmpty ? "none" : hidden.map { "\($0)" }.joined(separator: ",") }
}

/// What a random search draws its trials from. Bergstra and Bengio 2012.
public struct SearchSpace: Equatable, Sendable {
    /// How many hidden layers, all of one size.
    public var layers = 1...3
    /// The sizes of the hidden layers.
    public var widths = [16, 32, 64, 128, 256]
    /// The activations.
    public var activations = ["gelu", "relu", "silu", "tanh"]
    /// The share of hidden values dropped, each as likely.
    public var dropout = 0.0...0.5
    /// Learning rates, each order of magnitude as likely.
    public var learningRate = 3e-4...3e-2
    /// Weight decays, each order of magnitude as likely.
    public var weightDecay = 1e-3...1.0

    /// The ranges that suit small and middling tables.
    public init() {}

    /// Checks that something can be drawn.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    public func validate() throws(SettingsError) {
        if layers.lowerBound < 1 || widths.isEmpty || activations.isEmpty {
            throw SettingsError("a search needs at least one hidden layer, one size and one activation to choose from")
        }
        if learningRate.lowerBound <= 0 || weightDecay.lowerBound <= 0 {
            throw SettingsError("learning rates and weight decays are drawn by their order of magnitude, so the lowest must be above 0")
        }
    }

    /// The setting of a trial: of the seed and the trial's number alone, whatever was drawn before. Numbers have three digits, so that they
    /// can be written on a command line.
    ///
    /// - Parameter trial: From 1.
    public func draw(trial: Int, seed: Int) -> SearchSetting {
        var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        var random = SplitMix64(seed: seeds.next() ^ UInt64(trial))
        /// Evenly from 0 to 1, 1 excluded.
        func share() -> Double { Double(random.next() >> 11) * 0x1p-53 }
        func index(_ count: Int) -> Int { Int(share() * Double(count)) }
        let depth = layers.lowerBound + index(layers.count)
        let width = widths[index(widths.count)]
        let activation = activations[index(activations.count)]
        let dropout = dropout.lowerBound + share() * (dropout.upperBound - dropout.lowerBound)
        let learningRate = Self.logarithmic(learningRate, share())
        let weightDecay = Self.logarithmic(weightDecay, share())
        return SearchSetting(
            hidden: [Int](repeating: width, count: depth), activation: activation, dropout: (dropout * 100).rounded() / 100,
            learningRate: Self.short(learningRate), weightDecay: Self.short(weightDecay))
    }

    private static func logarithmic(_ range: ClosedRange<Double>, _ share: Double) -> Double {
        let (low, high) = (logarithm(range.lowerBound), logarithm(range.upperBound))
        return exponential(low + share * (high - low))
    }

    /// The nearest number of three significant digits.
    private static func short(_ value: Double) -> Double { Double(scientific(value, 2)) ?? value }
}
