import DescentCore
import DescentData
import DescentPlot
import DescentTrain

/// The distribution that a random search draws its trials from. Bergstra and Bengio 2012.
public struct SearchSpace<Settings: JobSettings>: Sendable {
    /// One setting that is varied.
    public struct Dimension: Sendable {
        /// The option's name.
        public let name: String
        /// The axis of its chart.
        let scale: AxisScale
        /// The value in a trial's settings, as the command line takes it.
        package let text: @Sendable (Settings) -> String
        /// The value as a number; `nil` for what has none.
        let number: @Sendable (Settings) -> Double?
        let draw: @Sendable (inout Settings, inout SearchRandom) -> Void

        /// A setting with the way to draw its value.
        public init(
            _ name: String, scale: AxisScale = .linear, text: @escaping @Sendable (Settings) -> String, number: @escaping @Sendable (Settings) -> Double? = { _ in nil },
            draw: @escaping @Sendable (inout Settings, inout SearchRandom) -> Void
        ) {
            (self.name, self.scale, self.text, self.number, self.draw) = (name, scale, text, number, draw)
        }

        /// Learning rates, each order of magnitude as likely.
        static func learningRate(_ range: ClosedRange<Double>, default usual: Double?) -> Dimension {
            Dimension("learning-rate", scale: .log, text: { ($0.run.learningRate ?? usual).map { "\($0)" } ?? "default" }, number: { $0.run.learningRate ?? usual }) {
                $0.run.learningRate = $1.logarithmic(range)
            }
        }

        /// Weight decays, each order of magnitude as likely.
        static func weightDecay(_ range: ClosedRange<Double>, default usual: Double?) -> Dimension {
            Dimension("weight-decay", scale: .log, text: { ($0.run.weightDecay ?? usual).map { "\($0)" } ?? "default" }, number: { $0.run.weightDecay ?? usual }) {
                $0.run.weightDecay = $1.logarithmic(range)
            }
        }
    }

    /// The settings that are varied, in the order in which they are drawn.
    public let dimensions: [Dimension]

    /// A space of your own.
    public init(dimensions: [Dimension]) { self.dimensions = dimensions }

    /// The settings of a trial: of the seed and the trial's number alone, whatever was drawn before.
    ///
    /// - Parameters:
    ///   - trial: From 1.
    ///   - base: What all trials have in common.
    public func draw(trial: Int, seed: Int, into base: Settings) -> Settings {
        var random = SearchRandom(trial: trial, seed: seed)
        var settings = base
        for dimension in dimensions { dimension.draw(&settings, &random) }
        return settings
    }
}

/// Random numbers of one trial.
public struct SearchRandom: Sendable {
    private var random: SplitMix64

    init(trial: Int, seed: Int) {
        var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        random = SplitMix64(seed: seeds.next() ^ UInt64(trial))
    }

    /// Uniform from 0 to 1, 1 excluded.
    public mutating func share() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    /// Uniform from 0 to below `count`.
    public mutating func index(_ count: Int) -> Int { Int(share() * Double(count)) }

    /// Log-uniform in a range of numbers above 0, to three significant digits, so that it can be written on a command line.
    public mutating func logarithmic(_ range: ClosedRange<Double>) -> Double {
        let (low, high) = (logarithm(range.lowerBound), logarithm(range.upperBound))
        let value = exponential(low + share() * (high - low))
        return Double(scientific(value, 2)) ?? value
    }
}
